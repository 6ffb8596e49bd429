//! The way of a mail to the server.

use std::{
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        AsyncSmtpTransportBuilder,
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    AT_ONCE, MOST_SHARED, MOST_WAITING, Mail, MailConfig, MailFailure, MailStatus, config::Privacy,
    failure::Failure, message::Letter,
};
use crate::clock::{Clock, Random, Timestamp};

/// For one step of the conversation with a server.
const STEP_TIMEOUT: Duration = Duration::from_secs(20);
/// For one try.
const TRY_TIMEOUT: Duration = Duration::from_secs(60);

/// Which places of the queue a mail may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Queue {
    Shared,
    /// Those too that are kept for it.
    Kept,
}

pub(super) struct Post {
    server: String,
    from: Mailbox,
    builder: AsyncSmtpTransportBuilder,
    /// Of the first mail: its connections need a runtime, and only then there is one for sure.
    transport: OnceLock<AsyncSmtpTransport<Tokio1Executor>>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    queue: Arc<Semaphore>,
    /// Places in the queue that any mail may have; who has one has one in the queue too.
    shared: Arc<Semaphore>,
    lanes: Semaphore,
    pauses: [Duration; 2],
    health: Mutex<Health>,
}

/// A place in the queue, and the one among the shared.
type Place = (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>);

#[derive(Default)]
struct Health {
    last_success_at: Option<Timestamp>,
    last_failure: Option<MailFailure>,
}

impl Post {
    pub(super) fn new(
        config: &MailConfig,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        pauses: [Duration; 2],
    ) -> Result<Self, String> {
        let tls = || {
            TlsParameters::new(config.host.clone())
                .map_err(|why| format!("TLS to the mail server cannot be set up: {why}"))
        };
        let tls = match config.privacy {
            Privacy::Tls => Tls::Wrapper(tls()?),
            Privacy::StartTls => Tls::Required(tls()?),
            Privacy::Plain => Tls::None,
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(config.host.as_str())
            .port(config.port)
            .tls(tls)
            .timeout(Some(STEP_TIMEOUT));
        let builder = match &config.credentials {
            Some((user, password)) => {
                builder.credentials(Credentials::new(user.clone(), password.clone()))
            }
            None => builder,
        };
        Ok(Self {
            server: config.server(),
            from: config.from.clone(),
            builder,
            transport: OnceLock::new(),
            clock,
            random,
            queue: Arc::new(Semaphore::new(MOST_WAITING)),
            shared: Arc::new(Semaphore::new(MOST_SHARED)),
            lanes: Semaphore::new(AT_ONCE),
            pauses,
            health: Mutex::default(),
        })
    }

    pub(super) fn later(
        self: &Arc<Self>,
        queue: Queue,
        mail: impl Future<Output = Option<Mail>> + Send + 'static,
    ) {
        let Some(place) = self.place(queue) else {
            let waiting = self.status().waiting;
            let reason = format!("{waiting} mails wait already");
            tracing::warn!(reason, "a mail was given up");
            return self.note_failure(&reason);
        };
        let post = self.clone();
        tokio::spawn(async move {
            // Held until it is sent or given up.
            let _place = place;
            if let Some(mail) = mail.await {
                post.deliver(&mail).await;
            }
        });
    }

    fn place(&self, queue: Queue) -> Option<Place> {
        let shared = match queue {
            Queue::Shared => Some(self.shared.clone().try_acquire_owned().ok()?),
            Queue::Kept => None,
        };
        let place = self.queue.clone().try_acquire_owned().ok()?;
        Some((place, shared))
    }

    pub(super) fn is_crowded(&self) -> bool {
        self.shared.available_permits() == 0 || self.queue.available_permits() == 0
    }

    async fn deliver(&self, mail: &Mail) {
        let letter = match self.letter(mail) {
            Ok(letter) => letter,
            Err(failure) => return self.give_up(mail, &failure),
        };
        let pauses = self.pauses.into_iter().map(Some).chain([None]);
        for pause in pauses {
            match (self.try_once(&letter).await, pause) {
                (Ok(()), _) => return,
                (Err(failure), Some(pause)) if !failure.is_final => {
                    tracing::debug!(reason = failure.reason, "a mail is tried again");
                    tokio::time::sleep(pause).await;
                }
                (Err(failure), _) => return self.give_up(mail, &failure),
            }
        }
    }

    /// One try, and its outcome in the status.
    pub(super) async fn send_now(&self, mail: &Mail) -> Result<(), Failure> {
        let letter = self.letter(mail);
        let sent = match &letter {
            Ok(letter) => self.try_once(letter).await,
            Err(_) => letter.map(|_| ()),
        };
        if let Err(failure) = &sent {
            self.note_failure(&failure.reason);
        }
        sent
    }

    fn letter(&self, mail: &Mail) -> Result<Letter, Failure> {
        mail.letter(&self.from, self.clock.now(), &*self.random)
    }

    async fn try_once(&self, letter: &Letter) -> Result<(), Failure> {
        // Not held between tries, so that one mail that waits does not hold up others.
        let _lane = self.lanes.acquire().await;
        let transport = self.transport.get_or_init(|| self.builder.clone().build());
        let sending = transport.send_raw(&letter.envelope, &letter.bytes);
        match tokio::time::timeout(TRY_TIMEOUT, sending).await {
            Ok(Ok(_)) => {
                self.health().last_success_at = Some(self.clock.now());
                Ok(())
            }
            Ok(Err(error)) => Err(Failure::of(&error, &letter.to)),
            Err(_) => Err(Failure {
                reason: format!("no answer within {} s", TRY_TIMEOUT.as_secs()),
                is_final: false,
            }),
        }
    }

    fn give_up(&self, mail: &Mail, failure: &Failure) {
        let domain = mail.domain();
        tracing::warn!(domain, reason = failure.reason, "a mail was given up");
        self.note_failure(&failure.reason);
    }

    pub(super) fn note_failure(&self, reason: &str) {
        self.health().last_failure = Some(MailFailure {
            at: self.clock.now(),
            reason: reason.to_owned(),
        });
    }

    pub(super) async fn idle(&self) {
        let all = u32::try_from(MOST_WAITING).unwrap_or(u32::MAX);
        // Never closed, so that this is only waiting.
        let _ = self.queue.acquire_many(all).await;
    }

    pub(super) fn status(&self) -> MailStatus {
        let health = self.health();
        MailStatus {
            server: Some(self.server.clone()),
            last_success_at: health.last_success_at,
            last_failure: health.last_failure.clone(),
            waiting: MOST_WAITING - self.queue.available_permits(),
        }
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        // Whole after every step.
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
