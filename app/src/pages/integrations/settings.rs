//! Switching an integration on and off, its redirect URIs, and ending it.

use leptos::prelude::*;

use domain::integrations::redirect_uri;

use super::ids::Ids;
use crate::{
    api::integrations::{
        DeleteIntegration, IntegrationDetails,
        settings::{AddRedirectUri, SetIntegrationActive, SetRedirectUris},
    },
    components::{
        badge::Tone,
        button::{Button, ButtonKind},
        dialog::{CancelButton, ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        field::{AreaField, TextField},
        form::{Form, sent, sent_of},
        notice::Notice,
    },
    pages::in_query,
    ssr::connecting::is_registered,
};

const DEACTIVATE: &str = "deactivate-integration";

#[component]
pub fn Activity(
    /// The integration's.
    name: String,
    is_active: bool,
    /// How many are live, or wait.
    connections: usize,
) -> impl IntoView {
    let wish = (!is_active).to_string();
    // Of its wish: once somebody else has deactivated it, a press on "Deactivate" is none on "Activate".
    let set = sent_of::<SetIntegrationActive>(wish.clone());
    let wish = view! {
        <Ids />
        <input type="hidden" name="is_active" value=wish />
    };
    if !is_active {
        return view! {
            <Form of=&set>
                <FormFailure />
                {wish}
                <Button>"Activate"</Button>
            </Form>
        }
        .into_any();
    }
    view! {
        <OpenButton dialog=DEACTIVATE>"Deactivate"</OpenButton>
        <Dialog id=DEACTIVATE title=format!("Deactivate {name}?") of=&set>
            <p>{stops(connections)}</p>
            <Form of=&set class="stack">
                <FormFailure />
                {wish}
                <ConfirmActions dialog=DEACTIVATE confirm="Deactivate it" />
            </Form>
        </Dialog>
    }
    .into_any()
}

/// What deactivating does, and to how many.
fn stops(connections: usize) -> String {
    let whom = match connections {
        0 => "Nobody is connected now. Nobody can connect".to_owned(),
        1 => "1 connection stops working: calls and refreshes are refused".to_owned(),
        many => format!("{many} connections stop working: calls and refreshes are refused"),
    };
    let kept = match connections {
        0 => "",
        _ => " Tokens are kept, so that it then goes on without connecting again.",
    };
    format!("{whom} until the integration is activated again.{kept}")
}

#[component]
pub fn RedirectUris(uris: Vec<String>) -> impl IntoView {
    let save = sent::<SetRedirectUris>();
    let asked = in_query("redirect").filter(|uri| !is_registered(&uris, uri));
    view! {
        <section class="card stack" aria-labelledby="redirect-uris">
            <h2 id="redirect-uris">"Redirect URIs"</h2>
            <p class="quiet">
                "Where a client may be sent back to after sign-in, exactly as listed; of localhost any port. The common clients are there from the start."
            </p>
            {asked.map(|uri| view! { <Asked uri /> })}
            <Form of=&save class="stack" done="Saved.">
                <FormFailure fields=&["redirect_uris"] />
                <Ids />
                <AreaField
                    label="One URI a line"
                    field="redirect_uris"
                    value=uris.join("\n")
                    rows=12
                    is_code=true
                />
                <div class="cluster">
                    <Button>"Save redirect URIs"</Button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

/// One that the address asks for (`?redirect=URI`), as a client did that was refused. Anybody can write such
/// an address: nothing is added but by who reads where it leads.
#[component]
fn Asked(uri: String) -> impl IntoView {
    let add = sent_of::<AddRedirectUri>("asked");
    let host = redirect_uri::shown_host(&uri);
    view! {
        <Form of=&add class="stack" done="Added.">
            <Notice tone=Tone::Warning>
                "A client asked for people to be sent back to "
                <strong class="mono">{host}</strong>
                ". Whoever is there can connect as this client then, and anybody can ask for an address of their own: save it only if you know whose it is."
            </Notice>
            <FormFailure fields=&["redirect_uri"] />
            <Ids />
            <TextField
                label="Redirect URI to add"
                field="redirect_uri"
                id="asked-redirect-uri"
                value=uri
                is_code=true
            />
            <div class="cluster">
                <Button>"Save this redirect URI"</Button>
            </div>
        </Form>
    }
    .into_any()
}

const DELETE: &str = "delete-integration";

#[component]
pub fn Deletion(details: IntegrationDetails) -> impl IntoView {
    let name = details.name;
    let ends = match details.connections.len() {
        0 => "This cannot be undone. Nobody is connected now.".to_owned(),
        1 => "This cannot be undone. 1 connection stops working.".to_owned(),
        many => format!("This cannot be undone. {many} connections stop working."),
    };
    let delete = sent::<DeleteIntegration>();
    view! {
        <section class="card stack">
            <h2>"Delete this integration"</h2>
            <p class="quiet">
                "Its secrets and all its connections end at once, and its URL is never used again. To pause it, deactivate it instead."
            </p>
            <div>
                <OpenButton dialog=DELETE kind=ButtonKind::Danger>
                    "Delete integration"
                </OpenButton>
            </div>
        </section>
        <Dialog id=DELETE title=format!("Delete {name}?") of=&delete>
            <p>{ends}</p>
            <Form of=&delete class="stack">
                <Ids />
                <FormFailure fields=&["confirm_name"] />
                <p class="quiet">
                    "Its name: " <strong>{name.clone()}</strong>
                </p>
                <TextField
                    label="Type the name to confirm"
                    field="confirm_name"
                />
                <div class="dialog-actions">
                    <CancelButton dialog=DELETE />
                    <Button kind=ButtonKind::Danger>"Delete it for good"</Button>
                </div>
            </Form>
        </Dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deactivating_says_how_many_stop_and_until_when() {
        assert_eq!(
            stops(3),
            "3 connections stop working: calls and refreshes are refused until the integration is activated again. Tokens are kept, so that it then goes on without connecting again."
        );
        assert!(stops(1).starts_with("1 connection stops working:"));
        assert_eq!(
            stops(0),
            "Nobody is connected now. Nobody can connect until the integration is activated again."
        );
    }
}
