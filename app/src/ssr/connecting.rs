//! How far a client has come and what keeps clients out, as the integration's page shows it.

use domain::{
    Services,
    clock::Timestamp,
    grants::{Progress, Step},
    integrations::{Approval, Integration, RefusalCause, redirect_uri},
    members::{Access, Viewer},
};

use super::when::when;
use crate::{
    api::{
        UiError,
        integrations::connecting::{ConnectStep, Refused, WhyRefused},
    },
    counted::counted,
};

/// Whether a client may be sent back to this address.
pub(crate) fn is_registered(registered: &[String], uri: &str) -> bool {
    registered
        .iter()
        .any(|known| redirect_uri::matches(known, uri))
}

pub(crate) async fn refusals(
    services: &Services,
    access: &Access<Viewer>,
    integration: &Integration,
) -> Result<Vec<Refused>, UiError> {
    let now = services.core.now();
    let refusals = services.integrations.refusals(access, integration).await?;
    let told = refusals.into_iter().map(|refusal| Refused {
        kind: refusal.kind().to_string(),
        at: when(refusal.at, now),
        at_ms: refusal.at.0,
        why: told(refusal.why, now),
    });
    Ok(told.collect())
}

/// Letters of a redirect URI that are kept of one that was refused: of a longer one nobody knows the end.
const KEPT_OF_URI: usize = 500;

fn told(why: RefusalCause, now: Timestamp) -> WhyRefused {
    match why {
        RefusalCause::RotatedSecret { prefix, rotated } => WhyRefused::RotatedSecret {
            prefix,
            rotated: rotated.as_ref().map(|rotated| when(rotated.at, now)),
            by: rotated.and_then(|rotated| rotated.by),
        },
        RefusalCause::WrongSecret { is_anothers } => WhyRefused::WrongSecret { is_anothers },
        RefusalCause::Inactive => WhyRefused::Inactive,
        RefusalCause::UnknownRedirectUri {
            redirect_uri: uri,
            is_of_known_client,
        } => WhyRefused::UnknownRedirectUri {
            host: redirect_uri::shown_host(&uri),
            can_be_added: uri.len() < KEPT_OF_URI && redirect_uri::check(&uri).is_ok(),
            is_of_known_client,
            uri,
        },
        RefusalCause::NoToolEnabled => WhyRefused::NoToolEnabled,
        RefusalCause::GrantExcludesAll { client_name } => WhyRefused::GrantExcludesAll {
            client: client_name,
        },
        RefusalCause::Other(cause) => WhyRefused::Other(cause.sentence().to_owned()),
    }
}

/// The steps in the order in which they are taken.
pub(crate) async fn steps(
    services: &Services,
    access: &Access<Viewer>,
    integration: &Integration,
) -> Result<Vec<ConnectStep>, UiError> {
    let now = services.core.now();
    let progress = services.grants.progress(access, integration).await?;
    let approves_itself = integration.approval == Approval::Automatic;
    Ok(told_steps(&progress, approves_itself, now))
}

fn told_steps(progress: &Progress, approves_itself: bool, now: Timestamp) -> Vec<ConnectStep> {
    let step = |word: &str, title: &str, step: Step, unseen: &str| {
        let (is_passed, at) = match step {
            Step::Waiting => (false, None),
            Step::Passed(at) => (true, at),
        };
        let is_unseen = is_passed && at.is_none() && !unseen.is_empty();
        ConnectStep {
            word: word.to_owned(),
            title: title.to_owned(),
            note: is_unseen.then(|| unseen.to_owned()),
            is_passed,
            at: at.map(|at| when(at, now)),
        }
    };
    let (signed_in, consented) = match approves_itself {
        true => ("not asked for", "this integration approves by itself"),
        false => ("was signed in before", "as approved before"),
    };
    let mut list = step("list", "It fetched its list of tools", progress.list, "");
    list.note = progress.tools.map(|tools| {
        let tools = usize::try_from(tools).unwrap_or_default();
        counted(tools, "tool", "tools")
    });
    vec![
        step(
            "discovery",
            "The client found this server",
            progress.discovery,
            "remembered from before",
        ),
        step("sign-in", "Somebody signed in", progress.sign_in, signed_in),
        step(
            "consent",
            "The connection was approved",
            progress.consent,
            consented,
        ),
        step("token", "The client got its token", progress.token, ""),
        list,
        step("call", "A first tool was called", progress.call, ""),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_says_when_or_why_nobody_saw_it() {
        let now = Timestamp(1_790_000_000_000);
        let progress = Progress {
            discovery: Step::Passed(None),
            sign_in: Step::Passed(None),
            consent: Step::Passed(Some(now)),
            token: Step::Passed(Some(now)),
            list: Step::Passed(Some(now)),
            tools: Some(1),
            call: Step::Waiting,
        };
        let steps = told_steps(&progress, false, now);
        let notes: Vec<Option<&str>> = steps.iter().map(|step| step.note.as_deref()).collect();
        assert_eq!(
            notes,
            [
                Some("remembered from before"),
                Some("was signed in before"),
                None,
                None,
                Some("1 tool"),
                None
            ]
        );
        assert_eq!(steps.iter().filter(|step| step.is_passed).count(), 5);
        assert_eq!(steps[3].at.as_ref().unwrap().relative, "just now");
        assert_eq!(
            told_steps(&progress, true, now)[1].note.as_deref(),
            Some("not asked for")
        );
    }
}
