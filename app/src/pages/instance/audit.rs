//! What was done on the whole instance.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::audit::instance_audit,
    components::{audit::AuditRows, loaded::Loaded},
    pages::query_param,
};

#[component]
pub fn InstanceAuditPage() -> impl IntoView {
    let before = query_param("before");
    let page = Resource::new(move || before.get(), instance_audit);
    view! {
        <Title text="Audit log" />
        <div class="page-head">
            <div>
                <h1>"Audit log"</h1>
                <p>"What was done to people and to what they may do, in all projects. Rows are kept for 400 days."</p>
            </div>
        </div>
        <Loaded from=page show=|page| view! { <AuditRows path="/instance/audit" page /> } />
    }
    .into_any()
}
