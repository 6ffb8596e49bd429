//! Signing up; the first account owns the instance.

use domain::accounts::SignUpState;
use leptos::prelude::*;

use super::{Hidden, Problem, document, with_next};
use crate::components::{
    button::{Button, ButtonKind, LinkButton},
    field::NEW_PASSWORD,
};

/// What the sign-up page shows.
pub struct SignUp {
    pub csrf: String,
    pub next: Option<String>,
    pub email: String,
    /// Field and sentence.
    pub errors: Vec<(String, String)>,
    pub error: Option<String>,
    pub state: SignUpState,
    /// The token of a link that a mail brought, and the address that it went to.
    pub link: Option<(String, String)>,
}

/// The whole document.
#[must_use]
pub fn sign_up(page: SignUp) -> String {
    let sign_in = with_next("/sign-in", page.next.as_deref());
    match page.state {
        SignUpState::Closed => document("Sign-up is closed", false, move || {
            view! {
                <h1>"Sign-up is closed"</h1>
                <p class="quiet">
                    "Nobody makes an account here by themselves. Ask an owner of the instance for an invitation. If that is you: sign in, and decide under Instance → Settings who may make an account."
                </p>
                <LinkButton href=sign_in kind=ButtonKind::Primary>
                    "Sign in"
                </LinkButton>
            }
        }),
        SignUpState::Unclaimed { setup_code } => form(page, sign_in, true, setup_code),
        SignUpState::ByMail if page.link.is_none() => by_mail(page, sign_in),
        SignUpState::Open | SignUpState::ByMail => form(page, sign_in, false, false),
    }
}

/// Only an address: the rest follows by the link that goes there.
fn by_mail(page: SignUp, sign_in: String) -> String {
    let problem = page.errors.iter().find(|(name, _)| name == "email");
    let problem = problem.map(|(_, message)| message.clone());
    document("Create an account", false, move || {
        view! {
            <h1>"Create an account"</h1>
            <p class="quiet">"We send a link to your address; there you choose a password."</p>
            <Problem text=page.error />
            <form method="post" action="/sign-up" class="stack">
                <Hidden csrf=page.csrf next=page.next />
                <Input
                    name="email"
                    label="Email"
                    kind="email"
                    complete="username"
                    value=page.email
                    problem
                />
                <Button kind=ButtonKind::Primary is_wide=true>
                    "Send me the link"
                </Button>
            </form>
            <p class="below">"Have an account? " <a href=sign_in>"Sign in"</a></p>
        }
    })
}

fn form(page: SignUp, sign_in: String, is_first: bool, asks_code: bool) -> String {
    let (title, lead) = if is_first {
        (
            "Make this instance yours",
            "Nobody owns this instance yet: the first account does.",
        )
    } else {
        (
            "Create an account",
            "With it you make projects, register tools and connect Claude.",
        )
    };
    let problem = |field: &str| -> Option<String> {
        let about: Vec<_> = page
            .errors
            .iter()
            .filter(|(name, _)| name == field)
            .map(|(_, message)| message.as_str())
            .collect();
        (!about.is_empty()).then(|| about.join(" "))
    };
    let (email, password, code) = (problem("email"), problem("password"), problem("setup_code"));
    // What is about no field of this form is said above it.
    let general = page.error.clone().or_else(|| {
        let shown = ["email", "password", "setup_code"];
        let other = page
            .errors
            .iter()
            .find(|(field, _)| !shown.contains(&field.as_str()));
        other.map(|(_, message)| message.clone())
    });
    document(title, false, move || {
        // Whose address it is was shown: it is not to be typed again.
        let by_hand = page.link.is_none().then(|| {
            view! {
                <Input
                    name="email"
                    label="Email"
                    kind="email"
                    complete="username"
                    value=page.email
                    problem=email
                />
            }
        });
        let by_link = page.link.map(|(token, address)| {
            view! {
                <input type="hidden" name="token" value=token />
                <p>"Your account is " <strong>{address.clone()}</strong> "."</p>
                // Tells a password manager whose password it is.
                <input type="hidden" name="email" autocomplete="username" value=address />
            }
        });
        view! {
            <h1>{title}</h1>
            <p class="quiet">{lead}</p>
            <Problem text=general />
            <form method="post" action="/sign-up" class="stack">
                <Hidden csrf=page.csrf next=page.next />
                {by_link}
                {by_hand}
                <Input
                    name="password"
                    label="Password"
                    kind="password"
                    complete="new-password"
                    problem=password
                    hint=NEW_PASSWORD
                />
                {asks_code
                    .then(|| {
                        view! {
                            <Input
                                name="setup_code"
                                label="Set-up code"
                                kind="text"
                                complete="one-time-code"
                                problem=code
                                hint="The server printed it when it started."
                            />
                        }
                    })}
                <Button kind=ButtonKind::Primary is_wide=true>
                    "Create account"
                </Button>
            </form>
            <p class="below">"Have an account? " <a href=sign_in>"Sign in"</a></p>
        }
    })
}

#[component]
fn Input(
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    complete: &'static str,
    #[prop(optional)] value: String,
    problem: Option<String>,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let is_invalid = problem.is_some();
    let described = match (is_invalid, hint.is_empty()) {
        (true, _) => Some(format!("{name}-problem")),
        (false, false) => Some(format!("{name}-hint")),
        (false, true) => None,
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                class="input"
                type=kind
                name=name
                value=value
                autocomplete=complete
                required
                aria-invalid=is_invalid.to_string()
                aria-describedby=described
            />
            {(!hint.is_empty())
                .then(|| view! { <span class="hint" id=format!("{name}-hint")>{hint}</span> })}
            {problem
                .map(|problem| {
                    view! { <span class="problem" id=format!("{name}-problem")>{problem}</span> }
                })}
        </div>
    }
}
