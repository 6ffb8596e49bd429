//! Rotating the secret: how long the old one still works, and what that does to the connections that
//! are live now.

use leptos::prelude::*;

use super::ids::Ids;
use crate::{
    api::integrations::{IntegrationDetails, secrets::RotateSecret},
    components::{
        badge::Tone,
        button::{Button, ButtonKind},
        choice::Choice,
        dialog::{CancelButton, Dialog, OpenButton},
        failure::FormFailure,
        form::{Form, sent},
        notice::Notice,
        one_time_secret::OneTimeSecret,
    },
    counted::counted,
    pages::in_path,
};

const DIALOG: &str = "rotate-secret";

/// The button and the dialog that it opens.
#[component]
pub fn Rotation(details: IntegrationDetails) -> impl IntoView {
    let rotate = sent::<RotateSecret>();
    let effect = Effects::of(&details);
    view! {
        <div>
            <OpenButton dialog=DIALOG>"Rotate secret"</OpenButton>
        </div>
        <Dialog id=DIALOG title="Rotate the Client Secret?" of=&rotate>
            <Form of=&rotate class="stack" shows=true>
                <FormFailure />
                <Ids />
                <fieldset class="choices">
                    <legend class="legend mb-2">"How long does the old secret still work?"</legend>
                    <Choice
                        name="overlap_seconds"
                        value="0"
                        title="Not at all"
                        text=effect.without_overlap
                        is_checked=true
                    />
                    <Choice name="overlap_seconds" value="3600" title="1 hour" />
                    <Choice name="overlap_seconds" value="86400" title="24 hours" />
                    <Choice name="overlap_seconds" value="604800" title="7 days" />
                </fieldset>
                <p class="quiet">{effect.with_overlap}</p>
                {effect.older.map(|text| view! { <Notice tone=Tone::Warning>{text}</Notice> })}
                {effect.others.map(|text| view! { <p class="quiet">{text}</p> })}
                <div class="dialog-actions">
                    <CancelButton dialog=DIALOG />
                    <Button kind=ButtonKind::Danger>"Rotate it now"</Button>
                </div>
            </Form>
        </Dialog>
    }
    .into_any()
}

/// The dialog that shows the new secret, on the page that answers the form.
#[component]
pub fn NewSecret() -> impl IntoView {
    let made = sent::<RotateSecret>().value();
    let next = format!(
        "/projects/{}/integrations/{}#setup",
        in_path("project_id"),
        in_path("integration_id")
    );
    made.map(
        |credentials| view! { <OneTimeSecret credentials title="Your new Client Secret" next /> },
    )
}

/// What a rotation does, in sentences.
#[derive(Debug, PartialEq, Eq)]
struct Effects {
    without_overlap: String,
    with_overlap: String,
    /// Where two secrets work already.
    older: Option<String>,
    /// The connections that no secret has to do with.
    others: Option<String>,
}

impl Effects {
    fn of(details: &IntegrationDetails) -> Self {
        let using = details.connections.iter().filter(|one| one.uses_secret);
        let using = using.count();
        let others = details.connections.len() - using;
        let count = counted(using, "connection", "connections");
        let lifetime = &details.token_lifetime;
        let older = details.secrets.get(1);
        let kept = match older {
            None => "the old secret",
            Some(_) => "the newer of the two secrets",
        };
        Self {
            without_overlap: match using {
                0 => "The right choice if it may have leaked. No connection depends on it now.".to_owned(),
                1 => format!("1 connection works until its access token expires, {lifetime} at most, and then stops refreshing until the new secret is pasted into the client."),
                _ => format!("{count} work until their access token expires, {lifetime} at most, and then stop refreshing until the new secret is pasted into the client."),
            },
            with_overlap: match using {
                0 => format!("With an overlap {kept} works beside the new one until it ends."),
                _ => format!("With an overlap {count} can be refreshed with {kept} until it ends: paste the new one into the client before."),
            },
            older: older.map(|older| {
                format!(
                    "Two secrets work now. Rotating ends the older one, {}…, at once, whatever you choose: a client that still sends it stops refreshing.",
                    older.prefix
                )
            }),
            others: (others > 0).then(|| {
                format!(
                    "{} of clients that registered themselves: they use no secret and go on.",
                    counted(others, "connection is", "connections are")
                )
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::integrations::sample;

    #[test]
    fn without_an_overlap_it_says_how_many_stop() {
        let mut details = sample::details();
        let effect = Effects::of(&details);
        assert!(
            effect
                .without_overlap
                .contains("No connection depends on it now")
        );
        assert_eq!(effect.others, None);

        details.connections = vec![sample::connection("1", true)];
        assert_eq!(
            Effects::of(&details).without_overlap,
            "1 connection works until its access token expires, an hour at most, and then stops refreshing until the new secret is pasted into the client."
        );
        details.connections.push(sample::connection("2", true));
        details.connections.push(sample::connection("3", false));
        let effect = Effects::of(&details);
        assert!(
            effect
                .without_overlap
                .starts_with("2 connections work until")
        );
        assert!(
            effect
                .with_overlap
                .contains("2 connections can be refreshed")
        );
        assert!(
            effect
                .others
                .unwrap()
                .starts_with("1 connection is of clients")
        );
    }

    #[test]
    fn of_two_secrets_the_older_one_ends() {
        let mut details = sample::details();
        assert_eq!(Effects::of(&details).older, None);
        details.secrets.push(sample::secret("tng_cs_old"));
        let effect = Effects::of(&details);
        assert!(effect.older.unwrap().contains("tng_cs_old…"));
        assert!(effect.with_overlap.contains("the newer of the two"));
    }
}
