//! Getting back into an account: asking for a link, or setting a new password with one or with a
//! recovery code.

use leptos::prelude::*;

use super::{Hidden, Problem, document};
use crate::components::{
    button::{Button, ButtonKind},
    field::{NEW_PASSWORD, beside_problem},
    notice::Notice,
};

/// How a person who cannot sign in may go on.
pub struct Recover {
    pub csrf: String,
    pub email: String,
    /// What is wrong, by field.
    pub errors: Vec<(String, String)>,
    pub error: Option<String>,
    /// Whether this instance sends mail.
    pub has_mail: bool,
    /// Whether the person is about to use a recovery code.
    pub is_by_code: bool,
}

/// The whole document.
#[must_use]
pub fn recover(page: Recover) -> String {
    document("Recover your account", false, move || {
        let by_mail = page.has_mail.then(|| {
            view! {
                <p class="quiet">
                    "We send a link to the address of your account. It sets a new password."
                </p>
                <form method="post" action="/recover" class="stack">
                    <Hidden csrf=page.csrf.clone() next=None />
                    <div class="field">
                        <label for="mail-email">"Email"</label>
                        <input
                            id="mail-email"
                            class="input"
                            type="email"
                            name="email"
                            value=page.email.clone()
                            autocomplete="username"
                            required
                            autofocus
                        />
                    </div>
                    <Button kind=ButtonKind::Primary is_wide=true>
                        "Send me a link"
                    </Button>
                </form>
            }
        });
        let without_mail = (!page.has_mail).then(|| {
            view! {
                <Notice>
                    "This server sends no mail. Whoever runs it can make a link for you: "
                    <code>"tengine user reset-link"</code> ", or on the page of the instance's accounts."
                </Notice>
            }
        });
        // What went wrong stands at the form that it is about.
        let (of_link, of_code) = match page.is_by_code {
            true => (None, page.error),
            false => (page.error, None),
        };
        view! {
            <h1>"Recover your account"</h1>
            <Problem text=of_link />
            {by_mail}
            {without_mail}
            <details class="fold" open=page.is_by_code>
                <summary>"I have a recovery code"</summary>
                <div class="fold-body">
                    <p class="quiet">
                        "A code stands in for your password, once. If your account has a second factor, you are asked for it when you sign in afterwards."
                    </p>
                    <Problem text=of_code />
                    <form method="post" action="/recover/code" class="stack">
                        <Hidden csrf=page.csrf.clone() next=None />
                        <Line
                            id="code-email"
                            name="email"
                            label="Email"
                            kind="email"
                            autocomplete="username"
                            value=page.email.clone()
                            errors=page.errors.clone()
                        />
                        <Line
                            id="code"
                            name="code"
                            label="Recovery code"
                            kind="text"
                            autocomplete="off"
                            value=String::new()
                            errors=page.errors.clone()
                        />
                        <Line
                            id="code-password"
                            name="password"
                            label="New password"
                            kind="password"
                            autocomplete="new-password"
                            value=String::new()
                            hint=NEW_PASSWORD
                            errors=page.errors.clone()
                        />
                        <Button is_wide=true>
                            "Set the new password"
                        </Button>
                    </form>
                </div>
            </details>
            <p class="below">
                <a href="/sign-in">"Back to signing in"</a>
            </p>
        }
    })
}

/// The page that a link leads to.
pub struct Reset {
    pub csrf: String,
    /// The link's own address, where its form goes.
    pub action: String,
    /// `a…@example.com`
    pub whose: String,
    /// Whether the second factor goes too.
    pub removes_second_factor: bool,
    pub errors: Vec<(String, String)>,
    pub error: Option<String>,
}

/// The whole document.
#[must_use]
pub fn reset(page: Reset) -> String {
    document("Set a new password", false, move || {
        let removes = page.removes_second_factor.then(|| {
            view! {
                <p>"The authenticator app and the recovery codes of the account go with it, and its passkeys: add new ones afterwards."</p>
            }
        });
        view! {
            <h1>"Set a new password"</h1>
            <p class="quiet">
                "For the account " <strong>{page.whose}</strong>
                ". Every browser that is signed in is signed out."
            </p>
            {removes}
            <Problem text=page.error />
            <form method="post" action=page.action class="stack">
                <Hidden csrf=page.csrf next=None />
                <Line
                    id="password"
                    name="password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    value=String::new()
                    hint=NEW_PASSWORD
                    errors=page.errors
                />
                <Button kind=ButtonKind::Primary is_wide=true>
                    "Set it"
                </Button>
            </form>
        }
    })
}

/// A field with what is wrong with it.
#[component]
pub(super) fn Line(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    value: String,
    #[prop(optional)] hint: &'static str,
    errors: Vec<(String, String)>,
) -> impl IntoView {
    let problem = errors
        .into_iter()
        .find(|(field, _)| field == name)
        .map(|(_, message)| message);
    let hint = beside_problem(hint, problem.as_ref());
    let problem_id = format!("{id}-problem");
    let hint_id = format!("{id}-hint");
    let described_by = match (problem.is_some(), hint.is_empty()) {
        (true, _) => Some(problem_id.clone()),
        (false, false) => Some(hint_id.clone()),
        (false, true) => None,
    };
    let is_invalid = problem.is_some().to_string();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                class="input"
                type=kind
                name=name
                value=value
                autocomplete=autocomplete
                required
                aria-invalid=is_invalid
                aria-describedby=described_by
            />
            {(!hint.is_empty())
                .then(|| {
                    view! {
                        <span class="hint" id=hint_id>
                            {hint}
                        </span>
                    }
                })}
            {problem
                .map(|message| {
                    view! {
                        <span class="problem" id=problem_id>
                            {message}
                        </span>
                    }
                })}
        </div>
    }
}
