//! How the instance is, for its owners.

use super::{Instance, InstanceOwner, store};
use crate::{Result, clock::Timestamp, mail::MailStatus};

/// Seconds that the clocks of server and database may be apart.
const MOST_SECONDS: i64 = 5;

/// A thing that can be well or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub name: &'static str,
    pub is_well: bool,
    /// A sentence; where it is not well, with the mend.
    pub says: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    pub checks: Vec<Check>,
    /// How much there is of what, by the names that people have for it.
    pub counts: Vec<(&'static str, i64)>,
    pub mail: MailStatus,
}

impl Instance {
    /// How the instance is now. What does not answer is a check that is not well, and no error.
    ///
    /// # Errors
    /// Where what there is cannot be counted.
    pub async fn health(&self, _owner: &InstanceOwner) -> Result<Health> {
        let mut checks = vec![self.database().await, self.address()];
        checks.extend(self.clocks().await);
        let mail = self.core.mailer.status();
        if let Some(failure) = &mail.last_failure
            && mail.last_success_at.is_none_or(|at| at < failure.at)
        {
            checks.push(Check {
                name: "Mail",
                is_well: false,
                says: format!("The last mail was given up: {}.", failure.reason),
            });
        }
        Ok(Health {
            checks,
            counts: store::counts(&self.core.db).await?,
            mail,
        })
    }

    async fn database(&self) -> Check {
        let kind = self.core.db.product();
        let (is_well, says) = match self.core.db.ping().await {
            Ok(()) => (true, format!("{kind} answers.")),
            Err(error) => (false, format!("{kind} does not answer: {error}.")),
        };
        Check {
            name: "Database",
            is_well,
            says,
        }
    }

    fn address(&self) -> Check {
        let public = &self.core.public_url;
        let (is_well, says) = if public.is_loopback() {
            (
                false,
                format!(
                    "{public} is this machine only: Claude's cloud cannot reach it. Set \
                     TENGINE_PUBLIC_URL to the address that others open."
                ),
            )
        } else if public.is_https() {
            (true, format!("{public}, over https."))
        } else {
            (
                false,
                format!("{public} is not https: passkeys and most clients want it."),
            )
        };
        Check {
            name: "Public address",
            is_well,
            says,
        }
    }

    /// Tokens and approvals rest on the clocks of server and database agreeing.
    async fn clocks(&self) -> Option<Check> {
        let here = self.core.now();
        let (is_well, says) = match self.core.db.clock().await {
            Ok(None) => return None,
            Ok(Some(Timestamp(there))) => {
                let apart = (there - here.0).abs() / 1_000;
                match apart <= MOST_SECONDS {
                    true => (true, "Server and database agree on the time.".to_owned()),
                    false => (
                        false,
                        format!(
                            "Server and database are {apart} s apart. Set both by NTP, or tokens \
                             end early or late."
                        ),
                    ),
                }
            }
            Err(error) => (
                false,
                format!("The database does not tell the time: {error}."),
            ),
        };
        Some(Check {
            name: "Clock",
            is_well,
            says,
        })
    }
}
