//! How the link of an invitation comes to whom it is for: it is shown once to who made it, or mailed
//! and shown to nobody.

use super::{Invitation, Invitations, NewInvitation};
use crate::{Error, Result, crypto::BearerSecret, mail};

impl Invitations {
    /// Whether an invitation can go the way that is wished for; asked before it is made.
    ///
    /// # Errors
    /// [`Error::Invalid`] under `is_mailed` where the instance sends no mail; [`Error::LimitReached`]
    /// where very many mails wait.
    pub fn can_hand_over(&self, new: &NewInvitation) -> Result<()> {
        if new.is_mailed && !self.core.mailer.is_configured() {
            return Err(Error::invalid(
                "is_mailed",
                "This instance sends no mail: leave it out, and hand the link over yourself.",
            ));
        }
        if new.is_mailed && self.core.mailer.is_crowded() {
            return Err(Error::LimitReached {
                what: "Very many mails wait for this instance's mail server.",
                retry_after_seconds: 300,
            });
        }
        Ok(())
    }

    /// The link of an invitation that was just made, to be shown this once; `None`: it is on its way by
    /// mail. `project` is the name of the one that it lets into.
    #[must_use]
    pub fn hand_over(
        &self,
        made: &Invitation,
        token: &BearerSecret,
        project: Option<&str>,
    ) -> Option<String> {
        let core = &self.core;
        let url = format!("{}/invite/{}", core.public_url.origin(), token.reveal());
        let Some(email) = made.email.as_ref().filter(|_| made.is_mailed) else {
            return Some(url);
        };
        let mail = mail::Invitation {
            project: project.zip(made.role),
            invited_by: &made.created_by_email,
            url: &url,
            hours: (made.expires_at.seconds() - core.now().seconds() + 1_800) / 3_600,
        };
        let mail = mail::invitation(email, &core.public_url, &mail);
        core.mailer.send(mail);
        None
    }
}
