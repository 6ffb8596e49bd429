//! The HTML document around every page of the dashboard.

use leptos::{hydration::AutoReload, nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{
    App,
    components::toast::Toasts,
    site,
    theme::{Theme, schemes},
};

/// The document that the server renders; scripts carry the response's nonce.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    // What a page was made of stays out of it: in the browser nothing takes it over.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let theme = Theme::of_page();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.map(Theme::name)>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=schemes(theme) />
                <meta
                    name="description"
                    content="Turn your HTTP APIs into tools that Claude can call."
                />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" id="leptos" href=site::files().style.as_str() />
                <script src="/passkeys.js" defer></script>
                <AutoReload options />
                <Behaviours />
                <MetaTags />
            </head>
            <body>
                <App />
                <div id="away" class="away" role="status" hidden>
                    "The server does not answer. What you see may be old; it is asked again and again."
                </div>
                <Toasts />
            </body>
        </html>
    }
}

/// Loads what the browser does besides (`frontend`), once the page is there.
#[component]
fn Behaviours() -> impl IntoView {
    let site::SiteFiles { script, wasm, .. } = site::files();
    let begin = format!("import begin from {script:?}; begin({{ module_or_path: {wasm:?} }});");
    view! {
        <link rel="modulepreload" href=script.as_str() />
        <link rel="preload" href=wasm.as_str() r#as="fetch" r#type="application/wasm" crossorigin="" />
        <script type="module" nonce=use_nonce()>
            {begin}
        </script>
    }
}
