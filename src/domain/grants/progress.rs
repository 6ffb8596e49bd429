//! How far a client has come with an integration: the steps from finding the server to the first call.

use super::{Grant, Grants, store};
use crate::{
    Result, calls,
    clock::Timestamp,
    events::{self, Event, EventKind},
    ids::IntegrationId,
    integrations::Integration,
    members::{Access, Viewer},
};

/// A step on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Waiting,
    /// Taken; or it was not needed, or is no longer known when.
    Passed(Option<Timestamp>),
}

/// The steps of the newest connection, or of the attempt at one that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Probably by this client: nothing says who reads a public document. Clients keep it, so that it
    /// may not be seen.
    pub discovery: Step,
    pub sign_in: Step,
    pub consent: Step,
    pub token: Step,
    /// When it last fetched its list of tools.
    pub list: Step,
    /// How many tools that list had.
    pub tools: Option<i64>,
    pub call: Step,
}

/// Seconds between a document and the request to authorize that followed from it.
const DISCOVERY_SECONDS: i64 = 300;
/// Seconds after which somebody who is still signing in has given up.
const ATTEMPT_SECONDS: i64 = 900;
/// Steps of one attempt that are looked at.
const MOST_STEPS: i64 = 50;

impl Grants {
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) for an integration of another project.
    pub async fn progress(
        &self,
        access: &Access<Viewer>,
        integration: &Integration,
    ) -> Result<Progress> {
        integration.check_project(access)?;
        let now = self.core.now();
        let id = &integration.id;
        let grant = store::newest_live_grant(&self.core.db, id, now).await?;
        let begun = self.begun(id, grant.as_ref(), now).await?;
        let grant = grant.filter(|_| begun.is_none());
        let attempt = match &grant {
            Some(grant) => grant.attempt.as_ref(),
            None => begun
                .as_ref()
                .and_then(|begun| begun.trail.attempt.as_ref()),
        };
        let steps = match attempt {
            Some(attempt) => events::of_attempt(&self.core, id, attempt, MOST_STEPS).await?,
            None => Vec::new(),
        };
        let steps: Vec<&Event> = steps.iter().filter(|event| event.cause.is_none()).collect();
        self.of_steps(access, integration, &steps, grant.as_ref(), now)
            .await
    }

    /// A step of the attempt that is under way, and is nearer to a connection than `grant`. Anybody can send a
    /// browser to authorize: whoever has a connection is shown another attempt only once a member of the project
    /// saw what is asked for; and of others those come first at which somebody signed in.
    async fn begun(
        &self,
        integration: &IntegrationId,
        grant: Option<&Grant>,
        now: Timestamp,
    ) -> Result<Option<Event>> {
        use EventKind::{Authorize, Consent, ConsentRemembered, ConsentShown, SignIn};
        const OF_MEMBERS: [EventKind; 3] = [Consent, ConsentRemembered, ConsentShown];
        let kinds = [Consent, ConsentRemembered, ConsentShown, SignIn, Authorize];
        let steps = events::newest_passed(&self.core, integration, &kinds, 1).await?;
        let steps = || steps.iter().filter(|step| step.trail.attempt.is_some());
        let is_under_way = |step: &&Event| step.at.plus_seconds(ATTEMPT_SECONDS) > now;
        let of_member = steps()
            .filter(is_under_way)
            .find(|step| OF_MEMBERS.contains(&step.kind));
        if let Some(grant) = grant {
            return Ok(of_member.filter(|step| step.at > grant.created_at).cloned());
        }
        let signed_in = || {
            steps()
                .filter(is_under_way)
                .find(|step| step.kind == SignIn)
        };
        let authorized = || steps().find(|step| step.kind == Authorize);
        Ok(of_member.or_else(signed_in).or_else(authorized).cloned())
    }

    /// `steps`: those of one attempt, newest first.
    async fn of_steps(
        &self,
        access: &Access<Viewer>,
        integration: &Integration,
        steps: &[&Event],
        grant: Option<&Grant>,
        now: Timestamp,
    ) -> Result<Progress> {
        use EventKind::{
            Authorize, CodeIssued, Consent, ConsentRemembered, ConsentShown, SignIn, Token,
        };
        let at = |kinds: &[EventKind]| {
            let taken = steps.iter().rev().find(|event| kinds.contains(&event.kind));
            taken.map(|event| event.at)
        };
        // What came after a step says that it was taken.
        let step = |at: Option<Timestamp>, is_passed: bool| match (at, is_passed) {
            (Some(at), _) => Step::Passed(Some(at)),
            (None, true) => Step::Passed(None),
            (None, false) => Step::Waiting,
        };
        let authorized = at(&[Authorize]);
        let discovered = match (authorized, grant) {
            (Some(at), _) => {
                let since = at.plus_seconds(-DISCOVERY_SECONDS);
                events::last_discovery(&self.core, since, at).await?
            }
            (None, Some(_)) => None,
            (None, None) => {
                let since = now.plus_seconds(-DISCOVERY_SECONDS);
                events::last_discovery(&self.core, since, now).await?
            }
        };
        let issued = grant.map(|grant| grant.created_at).or(at(&[Token]));
        let coded = issued.or(at(&[CodeIssued]));
        let asked = coded.or(at(&[Consent, ConsentRemembered, ConsentShown]));
        let list = grant.and_then(|grant| grant.last_list.as_ref());
        let called = match grant.filter(|grant| grant.last_used_at.is_some()) {
            Some(grant) => {
                let project = access.project_id();
                calls::first_of_grant(&self.core, project, &integration.id, grant).await?
            }
            None => None,
        };
        Ok(Progress {
            discovery: step(discovered, authorized.is_some() || grant.is_some()),
            sign_in: step(at(&[SignIn]), asked.is_some()),
            consent: step(at(&[Consent, ConsentRemembered]), coded.is_some()),
            token: step(issued, false),
            // A client may call a tool that it knows from before.
            list: step(list.map(|list| list.at), called.is_some()),
            tools: list.map(|list| list.tools),
            call: step(called, false),
        })
    }
}
