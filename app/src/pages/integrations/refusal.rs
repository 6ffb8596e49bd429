//! What keeps clients out, each with the one thing to do about it. It goes when it is mended, or dismissed.

use leptos::prelude::*;

use super::{
    guides::{AddRedirect, in_query},
    ids::Ids,
};
use crate::{
    api::{
        When,
        integrations::{
            connecting::{DismissRefusal, Refused, WhyRefused},
            settings::SetIntegrationActive,
        },
    },
    components::{
        badge::Tone,
        button::{Button, ButtonKind, LinkButton},
        failure::FormFailure,
        form::{Form, sent_of},
        notice::Notice,
        time_ago::TimeAgo,
    },
    counted::counted,
    pages::in_path,
};

/// The weightiest in full, and the others folded: what a stranger can bring about does not hide what only
/// who knows a secret can, and the other way round.
#[component]
pub fn Refusals(refusals: Vec<Refused>, may_manage: bool) -> impl IntoView {
    let mut refusals = refusals.into_iter();
    let first = refusals.next();
    let others: Vec<Refused> = refusals.collect();
    let others = (!others.is_empty()).then(|| {
        let title = format!(
            "Clients were turned away for {}",
            counted(others.len(), "other reason", "other reasons")
        );
        let others = others
            .into_iter()
            .map(|refused| view! { <One refused may_manage /> })
            .collect_view();
        view! {
            <details class="fold" data-testid="other-refusals">
                <summary>{title}</summary>
                <div class="fold-body">{others}</div>
            </details>
        }
    });
    view! {
        {first
            .map(|refused| {
                view! {
                    <div data-testid="last-refusal">
                        <One refused may_manage />
                    </div>
                }
            })}
        {others}
    }
    .into_any()
}

#[component]
fn One(refused: Refused, may_manage: bool) -> impl IntoView {
    let Refused {
        kind,
        at,
        at_ms,
        why,
    } = refused;
    view! {
        <Notice tone=Tone::Warning>
            <div class="stack-tight">
                <p>
                    <strong>"A client was turned away " <TimeAgo when=at /> ". "</strong>
                    {sentence(&why)}
                </p>
                <div class="cluster">
                    {mend(why, may_manage)}
                    {may_manage.then(|| view! { <Dismiss kind seen_ms=at_ms /> })}
                </div>
            </div>
        </Notice>
    }
    .into_any()
}

/// Out of the way, until it happens again.
#[component]
fn Dismiss(kind: String, seen_ms: i64) -> impl IntoView {
    let dismiss = sent_of::<DismissRefusal>(kind.clone());
    view! {
        <Form of=&dismiss>
            <FormFailure />
            <Ids />
            <input type="hidden" name="kind" value=kind />
            <input type="hidden" name="seen_ms" value=seen_ms.to_string() />
            <Button kind=ButtonKind::Quiet is_small=true>
                "Dismiss"
            </Button>
        </Form>
    }
    .into_any()
}

fn sentence(why: &WhyRefused) -> String {
    match why {
        WhyRefused::RotatedSecret { prefix, rotated, by } => rotated_secret(
            prefix.as_deref(),
            rotated.as_ref(),
            by.as_deref(),
        ),
        WhyRefused::WrongSecret { is_anothers: false } => {
            "Its Client Secret is not one of this integration's: paste Client ID and secret again. If the secret is lost, rotate it.".to_owned()
        }
        WhyRefused::WrongSecret { is_anothers: true } => {
            "It showed the Client Secret of another integration: Client ID and secret must be of the same one.".to_owned()
        }
        WhyRefused::Inactive => "The integration was switched off, and still is.".to_owned(),
        WhyRefused::UnknownRedirectUri { uri, is_of_known_client: true, .. } => {
            format!("It wants people to be sent back to {uri}, which is a common client's and not registered here.")
        }
        WhyRefused::UnknownRedirectUri { uri, host, can_be_added: true, .. } => format!(
            "It wants people to be sent back to {uri}, which is not registered here. It leads to {host}, and anybody can ask for an address of their own: add it only if you know whose it is."
        ),
        WhyRefused::UnknownRedirectUri { uri, .. } => format!(
            "It wants people to be sent back to {uri}, which cannot be registered: use a client that is sent back by https or to its own machine."
        ),
        WhyRefused::NoToolEnabled => {
            "It asked for its tools and got none: no tool that this integration offers is enabled.".to_owned()
        }
        WhyRefused::GrantExcludesAll { client } => format!(
            "{client} asked for its tools and got none: what was approved for it covers no enabled tool. Connect it again and choose more, or enable a tool that it may use."
        ),
        WhyRefused::Other(sentence) => sentence.clone(),
    }
}

fn rotated_secret(prefix: Option<&str>, rotated: Option<&When>, by: Option<&str>) -> String {
    let prefix = prefix.map(|prefix| format!(" ({prefix}…)"));
    let rotated = rotated.map(|rotated| format!(" {}", rotated.relative));
    let by = by.map(|by| format!(" by {by}"));
    format!(
        "It still uses a secret{} that was rotated{}{}. Paste the new one into it; if that is lost, rotate again.",
        prefix.unwrap_or_default(),
        rotated.unwrap_or_default(),
        by.unwrap_or_default()
    )
}

/// The one thing to do.
fn mend(why: WhyRefused, may_manage: bool) -> AnyView {
    let link = |to: String, text: &'static str| view! { <p><a href=to>{text}</a></p> }.into_any();
    let page = format!(
        "/projects/{}/integrations/{}",
        in_path("project_id"),
        in_path("integration_id")
    );
    match why {
        WhyRefused::RotatedSecret { .. } | WhyRefused::WrongSecret { .. } => link(
            format!("{page}#credentials"),
            "See the Client ID and the secrets",
        ),
        WhyRefused::NoToolEnabled => link(
            format!("/projects/{}/tools", in_path("project_id")),
            "Enable a tool",
        ),
        WhyRefused::GrantExcludesAll { .. } => {
            link(format!("{page}#connections"), "See the connection")
        }
        WhyRefused::Inactive if may_manage => view! { <SwitchOn /> }.into_any(),
        WhyRefused::UnknownRedirectUri {
            uri,
            can_be_added: true,
            is_of_known_client,
            ..
        } if may_manage => {
            if !is_of_known_client {
                // Anybody can be refused with an address of their own: it is read before it is added.
                let asked = format!("{page}?redirect={}#redirect-uris", in_query(&uri));
                return view! {
                    <LinkButton href=asked is_small=true>
                        "Look at it, and add it"
                    </LinkButton>
                }
                .into_any();
            }
            // Another one is another button: a press on this one never adds what came in its place.
            let key = format!("refusal-{uri}");
            view! { <AddRedirect uri label="Add it" key /> }.into_any()
        }
        WhyRefused::Inactive
        | WhyRefused::UnknownRedirectUri {
            can_be_added: true, ..
        } => view! { <p>"An admin of the project can mend it."</p> }.into_any(),
        WhyRefused::UnknownRedirectUri { .. } | WhyRefused::Other(_) => ().into_any(),
    }
}

#[component]
fn SwitchOn() -> impl IntoView {
    let set = sent_of::<SetIntegrationActive>("refusal");
    view! {
        <Form of=&set>
            <FormFailure />
            <Ids />
            <input type="hidden" name="is_active" value="true" />
            <Button is_small=true>"Switch it on"</Button>
        </Form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_is_told_as_far_as_it_is_known() {
        let yesterday = When {
            iso: String::new(),
            relative: "yesterday".to_owned(),
        };
        let told = rotated_secret(Some("tng_cs_ab"), Some(&yesterday), Some("ada@example.com"));
        assert!(told.starts_with(
            "It still uses a secret (tng_cs_ab…) that was rotated yesterday by ada@example.com. Paste"
        ));
        assert!(
            rotated_secret(None, None, None)
                .starts_with("It still uses a secret that was rotated. ")
        );
    }

    #[test]
    fn only_a_stranger_s_address_is_warned_of() {
        let unknown = |is_of_known_client| {
            sentence(&WhyRefused::UnknownRedirectUri {
                uri: "https://a.example/cb".to_owned(),
                host: "a.example".to_owned(),
                is_of_known_client,
                can_be_added: true,
            })
        };
        assert!(unknown(false).contains("leads to a.example, and anybody"));
        assert!(!unknown(true).contains("anybody"));
    }
}
