//! From a request to its end: its turn, its server's circuit, and each attempt.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep_until, timeout_at},
};

use super::{
    answer,
    capture::Capture,
    circuit::{Circuits, Fault, Verdict},
    client::{Answer, HttpClient, Limits, Watch},
    failure::Failure,
    prepare::Sendable,
    progress::ProgressSender,
    redirect,
    result::Ended,
    retry, token,
};
use crate::{
    Core,
    calls::{Outcome, Phases},
    upstream::{Token, Upstream},
};

/// What is left of a tool's limit at the least for another attempt to begin: one that could only run
/// out of time would take the place of the answer that there is.
const LEAST: Duration = Duration::from_millis(100);

/// What a request is sent with.
pub(super) struct Means {
    pub(super) core: Core,
    pub(super) client: HttpClient,
    pub(super) upstream: Arc<Upstream>,
    pub(super) circuits: Arc<Circuits>,
    /// For a tool with a limit of calls at once.
    pub(super) turns: Option<Arc<Semaphore>>,
}

/// What came of sending a request once, redirects included.
struct Attempt {
    outcome: Result<Answer, Failure>,
    /// Whether the endpoint may have acted.
    was_sent: bool,
}

impl Attempt {
    fn is(&self, status: StatusCode) -> bool {
        self.outcome
            .as_ref()
            .is_ok_and(|answer| answer.status == status)
    }
}

impl Sendable {
    /// Sends it when its turn comes, if its server is not known to fail; `sending` is told when that
    /// is.
    pub(super) async fn run(
        mut self,
        means: &Means,
        progress: Option<&ProgressSender>,
        phases: &mut Phases,
        mut capture: Option<&mut Capture>,
        sending: impl FnOnce() + Send,
    ) -> Ended {
        // One for the turn and each attempt: who called waits for no longer than the tool's limit.
        let deadline = Instant::now() + self.limits.timeout;
        let _turn = match &means.turns {
            None => None,
            Some(turns) => match timeout_at(deadline, turns.acquire()).await {
                Ok(Ok(turn)) => Some(turn),
                _ => return busy(turns),
            },
        };
        let (circuits, now) = (&means.circuits, means.core.now());
        let (project_id, plan) = (self.project_id.clone(), self.plan.clone());
        let admitted = circuits.admit(&project_id, &plan.base_url, &plan.tool_id, now);
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(rejected) => return rejected.ended(),
        };
        let mut token = match self.with_token(&means.upstream, deadline).await {
            Ok(token) => token,
            Err(ended) => return without_token(ended, "Nothing was sent to the endpoint."),
        };
        self.tell(&mut capture);
        sending();
        let mut retries = 0;
        let mut was_sent = false;
        let (outcome, had) = loop {
            let had = deadline.saturating_duration_since(Instant::now());
            let attempt = self.attempt(means, deadline, progress, phases).await;
            // RFC 6750 §3.1: the endpoint did not take the token, and so did nothing.
            if attempt.is(StatusCode::UNAUTHORIZED)
                && let (Some(refused), Some(of)) = (token.take(), &self.token)
                && means.upstream.refused(of, &refused).await.unwrap_or(false)
            {
                match self.with_token(&means.upstream, deadline).await {
                    Ok(_) if Instant::now() + LEAST <= deadline => {
                        self.tell(&mut capture);
                        was_sent |= attempt.was_sent;
                        continue;
                    }
                    Ok(_) => {}
                    Err(mut ended) => {
                        admitted.ended(Verdict::Works, means.core.now());
                        ended.was_sent |= was_sent;
                        let what = "The endpoint did not take the one before it.";
                        return without_token(ended, what).after(retries + 1);
                    }
                }
            }
            was_sent |= attempt.was_sent;
            let pause = (retries < self.retries)
                .then(|| retry::pause(&attempt.outcome, retries, &*means.core.random))
                .flatten();
            match pause.map(|pause| Instant::now() + pause) {
                Some(again) if again + LEAST <= deadline => {
                    sleep_until(again).await;
                    retries += 1;
                }
                _ => break (attempt.outcome, had),
            }
        };
        admitted.ended(verdict(&outcome, had, self.limits), means.core.now());
        let mut ended = self.ended(outcome, capture);
        ended.was_sent |= was_sent;
        ended.after(retries + 1)
    }

    /// Sends it once, and follows where the answer points to.
    async fn attempt(
        &self,
        means: &Means,
        deadline: Instant,
        progress: Option<&ProgressSender>,
        phases: &mut Phases,
    ) -> Attempt {
        let watch = Watch {
            mask: &self.mask,
            progress,
        };
        let mut next = None;
        let mut followed = 0;
        let outcome = loop {
            let request = next.as_ref().unwrap_or(&self.request);
            let exchange =
                means
                    .client
                    .exchange(request.clone(), deadline, self.limits, Some(watch), phases);
            let mut answer = match exchange.await {
                Ok(answer) if redirect::is_redirect(&answer) => answer,
                ended => break ended,
            };
            match redirect::next(request, &answer, followed, self.has_secret) {
                Ok(request) => next = Some(request),
                Err(why) => {
                    answer.not_followed = Some(why);
                    break Ok(answer);
                }
            }
            followed += 1;
        };
        let was_sent = followed > 0 || outcome.as_ref().err().is_none_or(Failure::was_sent);
        Attempt { outcome, was_sent }
    }

    /// Puts the token on that the request needs, if it needs one.
    async fn with_token(
        &mut self,
        upstream: &Upstream,
        deadline: Instant,
    ) -> Result<Option<Token>, Ended> {
        let Some(of) = &self.token else {
            return Ok(None);
        };
        let token = token::put_on(upstream, of, &mut self.request, &mut self.mask);
        match timeout_at(deadline, token).await {
            Ok(token) => token.map(Some),
            Err(_) => Err(Ended::failed(
                Outcome::NoToken,
                "The authorization server gave no token within the tool's time limit.",
            )),
        }
    }

    /// Tells who keeps something of the call which request it is now. What has no token was told before.
    fn tell(&self, capture: &mut Option<&mut Capture>) {
        if let (Some(_), Some(capture)) = (&self.token, capture) {
            capture.asks(self);
        }
    }

    fn ended(&self, outcome: Result<Answer, Failure>, capture: Option<&mut Capture>) -> Ended {
        match outcome {
            Ok(answer) => {
                let output = self.plan.output.as_ref();
                let ended = answer::shape(&answer, self.limits, &self.mask, output);
                if let Some(capture) = capture {
                    capture.hears(answer);
                }
                ended
            }
            Err(failure) => failure.ended(self.limits),
        }
    }
}

/// What it says of the server. An answer that only the tool cannot use is none of its faults; nor is
/// one that did not come where most of the time was over before the attempt: `had` is what it had.
fn verdict(outcome: &Result<Answer, Failure>, had: Duration, limits: Limits) -> Verdict {
    match outcome {
        Ok(answer) if answer.status.is_server_error() => {
            Verdict::Fails(Fault::Status(answer.status.as_u16()))
        }
        Ok(_) => Verdict::Works,
        Err(failure) if failure.is_out_of_time() && had < limits.timeout / 2 => Verdict::Unknown,
        Err(failure) => failure.fault().map_or(Verdict::Unknown, Verdict::Fails),
    }
}

/// A call's end with what became of its request. Where a person has to connect their account, that
/// is all there is to say.
fn without_token(ended: Ended, what: &str) -> Ended {
    if ended.outcome == Outcome::NoToken {
        ended.adding(what)
    } else {
        ended
    }
}

fn busy(turns: &Semaphore) -> Ended {
    debug_assert!(!turns.is_closed(), "nobody closes it");
    Ended::failed(
        Outcome::Busy,
        "The tool is busy: as many calls as it allows at once are running. Try again in a while.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_had_little_time_says_nothing_of_the_server() {
        let limits = Limits {
            timeout: Duration::from_secs(30),
            max_bytes: 0,
        };
        let of = |failure, seconds| verdict(&Err(failure), Duration::from_secs(seconds), limits);
        let partly = || Failure::NotFinishedInTime {
            status: StatusCode::OK,
            bytes: 1,
        };
        for (had, is_known) in [(30, true), (15, true), (14, false), (0, false)] {
            for (failure, fault) in [
                (Failure::NoAnswerInTime, Fault::NotInTime),
                (partly(), Fault::NotInTime),
                (Failure::NoTimeToConnect, Fault::NoTimeToConnect),
            ] {
                let expected = if is_known {
                    Verdict::Fails(fault)
                } else {
                    Verdict::Unknown
                };
                assert_eq!(of(failure, had), expected, "{fault:?} {had}");
            }
            // What is not a matter of the tool's limit counts however little there was of it.
            for (failure, fault) in [
                (
                    Failure::NotConnectedInTime(Duration::from_secs(10)),
                    Fault::NotConnected,
                ),
                (Failure::NotConnected(""), Fault::NotConnected),
                (Failure::Unreachable(""), Fault::HungUp),
            ] {
                assert_eq!(of(failure, had), Verdict::Fails(fault));
            }
        }
    }
}
