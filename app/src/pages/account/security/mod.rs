//! Ways into the account: passkeys, the authenticator app, recovery codes, accounts elsewhere.

mod authenticator;
mod identities;
mod passkeys;
mod way_in;

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::{
        audit::account_audit,
        profile::{Security, load_security},
    },
    components::{audit::AuditRows, badge::Tone, loaded::Loaded, notice::Notice},
    pages::in_query,
};
use authenticator::Authenticator;
use identities::Identities;
use passkeys::Passkeys;

#[component]
pub fn SecurityPage() -> impl IntoView {
    view! {
        <Title text="Security" />
        <div class="page-head">
            <div>
                <h1>"Security"</h1>
                <p>"How you sign in, and what was done to your account."</p>
            </div>
        </div>
        <div class="stack">
            <Loaded from=load_security() show=|security| view! { <Ways security /> } />
            <section class="stack-tight" aria-labelledby="what-happened">
                <h2 id="what-happened">"Recent activity"</h2>
                <p class="quiet">"What you did, and what was done to your account. Was something not you? Remove the ways to sign in that you do not know, change your password, and sign out everywhere else."</p>
                <Loaded
                    from=account_audit(in_query("before"))
                    show=|page| view! { <AuditRows path="/account/security" page /> }
                />
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn Ways(security: Security) -> impl IntoView {
    let has_elsewhere = !security.identities.is_empty() || !security.providers.is_empty();
    view! {
        {security
            .asked_by
            .clone()
            .map(|who| {
                view! {
                    <Notice tone=Tone::Warning>
                        {format!(
                            "{who} asks for a second factor. Add a passkey or an authenticator app, and your projects open.",
                        )}
                    </Notice>
                }
            })}
        {(!security.is_fresh)
            .then(|| {
                view! {
                    <Notice>
                        "To change something here, "
                        <a href="/confirm?next=/account/security">
                            "confirm that it is you"
                        </a> " first."
                    </Notice>
                }
            })}
        <Passkeys security=security.clone() />
        <Authenticator security=security.clone() />
        {has_elsewhere.then(|| view! { <Identities security /> })}
    }
    .into_any()
}
