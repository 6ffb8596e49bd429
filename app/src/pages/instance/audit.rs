//! What was done on the whole instance.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::audit::instance_audit,
    components::{audit::AuditRows, loaded::Loaded},
    pages::in_query,
};

#[component]
pub fn InstanceAuditPage() -> impl IntoView {
    let page = instance_audit(in_query("before"));
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
