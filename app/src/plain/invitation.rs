//! What a link of an invitation leads to.

use leptos::prelude::*;

use super::{Hidden, Problem, document, with_next};
use crate::components::button::{Button, ButtonKind, LinkButton};

/// What the page shows.
pub struct Invitation {
    pub csrf: String,
    /// The link's own path, where its form goes.
    pub path: String,
    /// The project's name and the role there; `None`: an account on the instance.
    pub project: Option<(String, String)>,
    pub invited_by: Option<String>,
    /// Whether it was sent to one address and is for nobody else.
    pub is_personal: bool,
    /// The email of who is signed in.
    pub signed_in_as: Option<String>,
    pub error: Option<String>,
}

/// The whole document.
#[must_use]
pub fn invitation(page: Invitation) -> String {
    document("You are invited", false, move || {
        let heading = match &page.project {
            Some((name, _)) => format!("Join {name}"),
            None => "You are invited".to_owned(),
        };
        let what = match &page.project {
            Some((_, role)) => format!("as {role}"),
            None => "to make an account here".to_owned(),
        };
        let by = page
            .invited_by
            .map_or_else(String::new, |email| format!("{email} invites you "));
        let sentence = match by.is_empty() {
            true => format!("You are invited {what}."),
            false => format!("{by}{what}."),
        };
        let personal = page.is_personal.then(|| {
            view! {
                <p class="hint">"It is for one address only."</p>
            }
        });
        let actions = match (page.signed_in_as, page.project.is_some()) {
            (Some(email), true) => view! {
                <form method="post" action=page.path class="stack">
                    <Hidden csrf=page.csrf next=None />
                    <Button kind=ButtonKind::Primary is_wide=true>
                        {format!("Join as {email}")}
                    </Button>
                </form>
            }
            .into_any(),
            (Some(email), false) => view! {
                <p>{format!("You are signed in as {email}, and need no other account.")}</p>
                <p class="below">
                    <a href="/projects">"Go to your projects"</a>
                </p>
            }
            .into_any(),
            (None, _) => view! {
                <LinkButton
                    href=with_next("/sign-up", Some(&page.path))
                    kind=ButtonKind::Primary
                    is_wide=true
                >
                    "Create an account"
                </LinkButton>
                <LinkButton href=with_next("/sign-in", Some(&page.path)) is_wide=true>
                    "I have an account: sign in"
                </LinkButton>
            }
            .into_any(),
        };
        view! {
            <h1>{heading}</h1>
            <p>{sentence}</p>
            {personal}
            <Problem text=page.error />
            {actions}
        }
    })
}
