//! Mail over SMTP, for instances that have a server for it. It is sent beside the request that
//! causes it and never in it, so that no page waits for a mail server and no answer's time tells
//! whether one was sent.

mod config;
mod failure;
mod kinds;
mod message;
mod post;
#[cfg(any(test, feature = "test-support"))]
pub mod testing;
#[cfg(test)]
mod tests;

use std::{net::IpAddr, sync::Arc, time::Duration};

use crate::{
    Core, Error, Result, accounts,
    clock::{Clock, Random, Timestamp},
    ids::UserId,
    instance::InstanceOwner,
};
pub use config::MailConfig;
pub use kinds::{
    Invitation, Notice, confirm_email, invitation, notice, reset_password, sign_up,
    somebody_signed_up, somebody_tried,
};
pub use message::Mail;
use post::{Post, Queue};

/// Mails that wait or are under way; one more is given up.
const MOST_WAITING: usize = 1_000;
/// Of those, mails that nobody is locked out without: invitations, notices, sign-ups. The rest is kept
/// for links by which people come back into their account or confirm their address.
const MOST_SHARED: usize = 700;
/// Conversations with the mail server at once.
const AT_ONCE: usize = 4;
/// Waits between three tries.
const PAUSES: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];
/// How long somebody waits for a test mail.
const CHECK_TIMEOUT: Duration = Duration::from_secs(20);

/// Sends mail, or says that the instance has no server for it. Cheap to clone.
#[derive(Clone, Default)]
pub struct Mailer(Option<Arc<Post>>);

/// What the page about the instance's health shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailStatus {
    /// Host and port; `None`: the instance sends no mail.
    pub server: Option<String>,
    pub last_success_at: Option<Timestamp>,
    pub last_failure: Option<MailFailure>,
    /// Mails that wait or are under way.
    pub waiting: usize,
}

/// A mail that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFailure {
    pub at: Timestamp,
    /// Without the address that it was for.
    pub reason: String,
}

impl Mailer {
    /// For an instance without a mail server.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Connects to nobody before there is a mail.
    ///
    /// # Errors
    /// A sentence, where TLS cannot be set up.
    pub fn new(
        config: &MailConfig,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, String> {
        let post = Post::new(config, clock, random, PAUSES)?;
        Ok(Self(Some(Arc::new(post))))
    }

    #[must_use]
    pub const fn is_configured(&self) -> bool {
        self.0.is_some()
    }

    /// Sends a mail beside the caller: up to three tries, then it is given up and logged. Without a
    /// mail server nothing happens. Such mails never fill the whole queue.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn send(&self, mail: Mail) {
        self.later_shared(async move { Some(mail) });
    }

    /// Sends a link by which somebody comes back into their account, or confirms their address: the
    /// queue has places that are kept for it. What `mail` comes to is found out beside the caller too:
    /// a caller that is to take as long for a known address as for an unknown one leaves the difference
    /// in there.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub(crate) fn later(&self, mail: impl Future<Output = Option<Mail>> + Send + 'static) {
        if let Some(post) = &self.0 {
            post.later(Queue::Kept, mail);
        }
    }

    /// The same for any other mail.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub(crate) fn later_shared(&self, mail: impl Future<Output = Option<Mail>> + Send + 'static) {
        if let Some(post) = &self.0 {
            post.later(Queue::Shared, mail);
        }
    }

    /// Whether one more mail would be given up for those that wait, unless it is a link that somebody
    /// is locked out without.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.0.as_ref().is_some_and(|post| post.is_crowded())
    }

    /// Returns when no mail waits: before the program stops.
    pub async fn idle(&self) {
        if let Some(post) = &self.0 {
            post.idle().await;
        }
    }

    #[must_use]
    pub fn status(&self) -> MailStatus {
        match &self.0 {
            Some(post) => post.status(),
            None => MailStatus {
                server: None,
                last_success_at: None,
                last_failure: None,
                waiting: 0,
            },
        }
    }

    /// Sends a test mail at once, for an owner who waits for it.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `mail`, with what the server said, or that it did not answer within
    /// 20 s.
    pub async fn check(&self, _owner: &InstanceOwner, to: &str) -> Result<()> {
        let Some(post) = &self.0 else {
            return Err(Error::invalid(
                "mail",
                "This instance has no mail server. Set one where the server is started.",
            ));
        };
        let mail = kinds::test(to);
        let sent = tokio::time::timeout(CHECK_TIMEOUT, post.send_now(&mail));
        let reason = match sent.await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(failure)) => failure.reason,
            Err(_) => {
                let reason = format!("no answer within {} s", CHECK_TIMEOUT.as_secs());
                post.note_failure(&reason);
                reason
            }
        };
        Err(Error::invalid(
            "mail",
            format!("The test mail was not sent: {reason}"),
        ))
    }
}

/// Tells a person what was done to their account, once it is committed.
pub(crate) fn tell(core: &Core, to: &str, from: IpAddr, what: &Notice<'_>) {
    core.mailer.send(notice(to, &core.public_url, from, what));
}

/// The same, at the address that their account has now. It is done by then: where the address cannot be
/// read, that is logged.
pub(crate) async fn tell_person(core: &Core, user: &UserId, from: IpAddr, what: &Notice<'_>) {
    if !core.mailer.is_configured() {
        return;
    }
    match accounts::by_id(&core.db, user).await {
        Ok(Some(account)) => tell(core, &account.email, from, what),
        // Deleted meanwhile.
        Ok(None) => {}
        Err(error) => {
            tracing::error!(%error, "somebody was not told what was done to their account")
        }
    }
}
