//! Clients without a Client ID: the integration must let them in, and they need its URL only.

use leptos::prelude::*;

use super::super::ids::Ids;
use crate::{
    api::integrations::{IntegrationDetails, approval::SetSelfRegistered},
    components::{
        button::Button,
        copy::CopyField,
        failure::FormFailure,
        form::{Form, sent_of},
    },
};

#[component]
pub fn SelfRegistered(
    details: IntegrationDetails,
    /// Tells its form from others on the page.
    key: &'static str,
) -> impl IntoView {
    view! {
        {if details.self_registered {
            view! { <p class="hint">"This integration lets such clients in."</p> }.into_any()
        } else if details.may_manage {
            view! { <LetIn key /> }.into_any()
        } else {
            view! {
                <p>
                    "An admin of the project has to switch on “Clients that register themselves” first."
                </p>
            }
                .into_any()
        }}
        <CopyField label="Server URL, the only thing to paste" value=details.own_server_url />
        <p class="hint">
            "This URL leads to this integration. With the common one whoever connects chooses among the integrations of their projects that let such clients in."
        </p>
    }
    .into_any()
}

#[component]
fn LetIn(key: &'static str) -> impl IntoView {
    let let_in = sent_of::<SetSelfRegistered>(format!("guide-{key}"));
    view! {
        <Form of=&let_in class="cluster">
            <FormFailure />
            <Ids />
            <input type="hidden" name="is_on" value="true" />
            <Button>"Let such clients in"</Button>
            <span class="hint">"A member still approves each connection."</span>
        </Form>
    }
    .into_any()
}
