//! Pages outside the dashboard: whole documents of plain HTML that work without JavaScript and load
//! no wasm. The server hands them their content and sends them as they are.

mod authenticator;
mod choose;
mod confirm;
mod confirm_email;
mod connect_account;
mod consent;
mod invitation;
mod message;
mod passkey;
mod recover;
mod second_factor;
mod sign_in;
mod sign_up;

pub use authenticator::{Authenticator, authenticator, recovery_codes};
pub use choose::{Choose, ChooseIntegration, choose};
pub use confirm::{Confirm, confirm};
pub use confirm_email::{ConfirmEmail, confirm_email};
pub use connect_account::{ConnectAccount, ConnectState, connect_account};
pub use consent::{Consent, ConsentTool, consent};
pub use invitation::{Invitation, invitation};
pub use message::{Message, message};
pub use recover::{Recover, Reset, recover, reset};
pub use second_factor::{SecondStep, second_step};
pub use sign_in::{SignIn, sign_in};
pub use sign_up::{SignUp, sign_up};

use leptos::{prelude::*, reactive::owner::Owner};

use crate::{
    components::{badge::Tone, logo::Brand, notice::Notice},
    theme::{Theme, schemes},
};

/// The document around a page's card.
fn document<V: IntoView + 'static>(title: &str, is_wide: bool, card: impl FnOnce() -> V) -> String {
    let title = format!("{title} · TengineAI");
    let class = if is_wide {
        "card plain-card plain-card-wide"
    } else {
        "card plain-card"
    };
    let theme = Theme::of_page();
    let owner = Owner::new();
    let html = owner.with(|| {
        view! {
            <html lang="en" data-theme=theme.map(Theme::name)>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content=schemes(theme) />
                    <meta name="robots" content="noindex" />
                    <title>{title}</title>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                    <link rel="stylesheet" href=crate::site::files().style.as_str() />
                </head>
                <body>
                    <main class="plain">
                        <a href="/" class="brand">
                            <Brand />
                        </a>
                        <div class=class>{card()}</div>
                    </main>
                </body>
            </html>
        }
        .to_html()
    });
    format!("<!DOCTYPE html>{html}")
}

/// A sentence about what went wrong, above the form that it is about.
#[component]
fn Problem(text: Option<String>) -> impl IntoView {
    text.map(|text| {
        view! {
            <Notice tone=Tone::Bad is_alert=true>
                {text}
            </Notice>
        }
    })
}

/// The token against forged forms, and where to go afterwards.
#[component]
fn Hidden(csrf: String, next: Option<String>) -> impl IntoView {
    view! {
        <input type="hidden" name="csrf" value=csrf />
        {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
    }
}

/// An address of a page of ours that keeps `next`.
fn with_next(path: &str, next: Option<&str>) -> String {
    match next {
        Some(next) => format!("{path}?next={}", leptos_router::location::Url::escape(next)),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_chose_cannot_become_markup() {
        let html = message(Message {
            title: "<script>alert(1)</script>".to_owned(),
            text: "a & b".to_owned(),
            mend: None,
            details: vec![("id".to_owned(), "\"><img src=x>".to_owned())],
            link: None,
        });
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">"));
        assert!(!html.contains("<script>"), "{html}");
        assert!(!html.contains("<img"), "{html}");
        assert!(html.contains("a &amp; b"));
    }

    #[test]
    fn a_sign_in_keeps_where_it_leads() {
        let html = sign_in(SignIn {
            csrf: "token".to_owned(),
            next: Some("/projects?a=\"b".to_owned()),
            email: String::new(),
            error: None,
            notice: None,
            purpose: None,
            can_sign_up: true,
            has_passkeys: true,
            providers: Vec::new(),
        });
        assert!(
            html.contains(r#"name="next" value="/projects?a=&quot;b""#),
            "{html}"
        );
        assert!(html.contains(r#"name="csrf" value="token""#));
        assert!(html.contains(r#"action="/sign-in""#));
    }
}
