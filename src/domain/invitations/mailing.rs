//! How many invitations go out by mail. Their words come from people who may be anybody's enemy: whoever
//! stole a key or a session, or has a project of their own, floods no mailbox and no mail server.

use crate::{
    Error, Result,
    clock::Timestamp,
    ids::{ProjectId, UserId},
    limits::{Limiter, Quota},
};

/// By one person, by whatever keys: then one every 2 minutes.
const OF_MAKER: Quota = Quota::new(30, 120_000);
/// To one project, or to the instance.
const OF_PROJECT: Quota = Quota::new(60, 60_000);
/// To one address, whoever makes them: three an hour, as of every mail that its owner did not ask for.
const TO_ADDRESS: Quota = Quota::new(3, 20 * 60_000);

pub(super) struct Mailing {
    makers: Limiter<UserId>,
    /// `None`: the instance.
    projects: Limiter<Option<ProjectId>>,
    addresses: Limiter<String>,
}

impl Default for Mailing {
    fn default() -> Self {
        Self {
            makers: Limiter::new(OF_MAKER),
            projects: Limiter::new(OF_PROJECT),
            addresses: Limiter::new(TO_ADDRESS),
        }
    }
}

impl Mailing {
    /// Counts one to a checked address.
    ///
    /// # Errors
    /// [`Error::LimitReached`]; then nothing was counted.
    pub(super) fn take(
        &self,
        maker: &UserId,
        project: Option<&ProjectId>,
        email: &str,
        now: Timestamp,
    ) -> Result<()> {
        let (project, email) = (project.cloned(), email.to_owned());
        let of_maker = "You have mailed many invitations in a short time.";
        let of_project = match &project {
            Some(_) => "Many invitations to this project were mailed in a short time.",
            None => "Many invitations to this instance were mailed in a short time.",
        };
        let to_address = "This address was mailed several invitations in a short time.";
        limited(self.makers.take(maker, now), of_maker)?;
        if let Err(error) = limited(self.projects.take(&project, now), of_project) {
            self.makers.give_back(maker);
            return Err(error);
        }
        if let Err(error) = limited(self.addresses.take(&email, now), to_address) {
            self.makers.give_back(maker);
            self.projects.give_back(&project);
            return Err(error);
        }
        Ok(())
    }
}

fn limited(taken: Result<()>, what: &'static str) -> Result<()> {
    taken.map_err(|error| match error {
        Error::Throttled {
            retry_after_seconds,
        } => Error::LimitReached {
            what,
            retry_after_seconds,
        },
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn refusal(taken: Result<()>) -> String {
        match taken {
            Err(error @ Error::LimitReached { .. }) => error.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_mailbox_is_not_filled_by_many_makers_either() {
        let mailing = Mailing::default();
        let take = |maker: &str, project: &str, now| {
            let project = ProjectId::from(project);
            mailing.take(&maker.into(), Some(&project), "bob@example.com", now)
        };
        for maker in ["usr_1", "usr_2", "usr_3"] {
            take(maker, maker, NOW).unwrap();
        }
        let said = refusal(take("usr_4", "prj_4", NOW));
        assert!(
            said.contains("This address") && said.contains("20 minutes"),
            "{said}"
        );
        take("usr_4", "prj_4", NOW.plus_seconds(1_200)).unwrap();
    }

    #[test]
    fn one_maker_floods_nobody_and_what_is_refused_is_not_counted() {
        let mailing = Mailing::default();
        let project = |n: u32| ProjectId::from(format!("prj_{n}").as_str());
        let take = |maker: &str, n: u32| {
            let email = format!("u{n}@example.com");
            mailing.take(&maker.into(), Some(&project(n % 5)), &email, NOW)
        };
        for n in 0..30 {
            take("usr_1", n).unwrap();
        }
        for n in 30..90 {
            assert!(refusal(take("usr_1", n)).contains("You have"));
        }
        // Others may, and the addresses that were meant are as they were.
        for n in 30..60 {
            take("usr_2", n).unwrap();
        }
    }

    #[test]
    fn a_project_is_bounded_over_all_of_its_admins() {
        let mailing = Mailing::default();
        let project = ProjectId::from("prj_1");
        let mut sent = 0;
        let said = loop {
            let maker = UserId::from(format!("usr_{}", sent / 20).as_str());
            let email = format!("u{sent}@example.com");
            match mailing.take(&maker, Some(&project), &email, NOW) {
                Ok(()) => sent += 1,
                refused => break refusal(refused),
            }
        };
        assert_eq!(sent, 60);
        assert!(said.contains("this project"), "{said}");
        let instance = mailing.take(&"usr_9".into(), None, "x@example.com", NOW);
        instance.unwrap();
    }
}
