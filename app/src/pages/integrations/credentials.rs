//! Client ID and Server URLs of an integration, and under them its secrets.

use leptos::prelude::*;

use super::secrets::Secrets;
use crate::{api::integrations::IntegrationDetails, components::copy::CopyField};

#[component]
pub fn Credentials(details: IntegrationDetails) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="credentials">
            <h2 id="credentials">"Credentials"</h2>
            <CopyField label="Client ID" value=details.client_id.clone() testid="client-id" />
            <div class="two">
                <div class="stack-tight">
                    <CopyField
                        label="Server URL"
                        value=details.server_url.clone()
                        testid="server-url"
                    />
                    <p class="hint">"The one to use: the Client ID says which integration it is."</p>
                </div>
                <div class="stack-tight">
                    <CopyField
                        label="URL for a second connector"
                        value=details.own_server_url.clone()
                        testid="own-server-url"
                    />
                    <p class="hint">
                        "Claude takes each URL only once: for another connector in the same Claude."
                    </p>
                </div>
            </div>
            {if details.is_public {
                view! {
                    <p class="quiet">"A public client: it has no secret, and approving is always asked for."</p>
                }
                    .into_any()
            } else {
                view! { <Secrets details /> }.into_any()
            }}
        </section>
    }
    .into_any()
}
