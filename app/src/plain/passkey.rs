//! A form that the browser's passkeys fill in, by `/passkeys.js`.

use leptos::prelude::*;

use crate::components::{
    badge::Tone,
    button::{Button, ButtonKind},
    notice::Notice,
};

/// The script, for pages with such a form.
#[component]
pub(super) fn PasskeyScript() -> impl IntoView {
    view! { <script src="/passkeys.js" defer></script> }
}

/// Hidden where the browser knows no passkeys.
#[component]
pub(super) fn PasskeyForm(
    /// `get` or `create`
    kind: &'static str,
    /// Where the challenge comes from.
    begin: String,
    /// Where the answer goes.
    action: String,
    csrf: String,
    next: Option<String>,
    button: &'static str,
    #[prop(optional)] kind_of_button: ButtonKind,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <form
            method="post"
            action=action
            class="stack-tight"
            data-passkey=kind
            data-begin=begin
            hidden
        >
            <super::Hidden csrf next />
            <input type="hidden" name="credential" />
            {children.map(|children| children())}
            <Notice tone=Tone::Bad is_alert=true is_of_script=true />
            <Button kind=kind_of_button is_wide=true>
                {button}
            </Button>
        </form>
    }
}
