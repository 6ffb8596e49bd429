//! An invitation, and what one may be.

use crate::{
    Result,
    accounts::checked_email,
    clock::Timestamp,
    error::{FieldError, Rules},
    ids::{InvitationId, ProjectId, UserId},
    members::Role,
    text_enum,
};

const MOST_USES: i64 = 1_000;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const LONGEST: i64 = 30 * DAY;
const USUAL: i64 = 7 * DAY;

text_enum! {
    /// Whether an invitation lets somebody in.
    pub enum InvitationState {
        Open = "open",
        UsedUp = "used_up",
        Expired = "expired",
        /// Somebody took it back, or whoever made it may not make it any more.
        Revoked = "revoked",
    }
}

/// An invitation, as far as it can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    /// `None`: an account on the instance, and nothing else.
    pub project_id: Option<ProjectId>,
    pub role: Option<Role>,
    /// The one whose account may use it; `None`: whoever has the link.
    pub email: Option<String>,
    /// Its link went to that address and to nobody else.
    pub is_mailed: bool,
    pub most_uses: i64,
    pub uses: i64,
    pub created_by: UserId,
    pub created_by_email: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub state: InvitationState,
}

/// What an invitation is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewInvitation {
    /// 1 to 1,000 people; `None`: one.
    pub most_uses: Option<i64>,
    /// An hour to 30 days, in seconds; `None`: 7 days.
    pub valid_seconds: Option<i64>,
    /// The one whose account may use it, once; `None`: whoever has the link.
    pub email: Option<String>,
    /// The caller sends the link to `email` by mail and shows it to nobody: then who uses it has shown
    /// that the address is theirs.
    pub is_mailed: bool,
}

/// One that breaks no rule.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) most_uses: i64,
    pub(super) valid_seconds: i64,
    pub(super) email: Option<String>,
    pub(super) is_mailed: bool,
}

impl NewInvitation {
    pub(super) fn checked(&self, role: Option<Role>) -> Result<Checked> {
        let mut rules = Rules::default();
        let most_uses = self.most_uses.unwrap_or(1);
        let valid_seconds = self.valid_seconds.unwrap_or(USUAL);
        rules.check(
            (1..=MOST_USES).contains(&most_uses),
            "most_uses",
            format!("Use 1 to {MOST_USES}."),
        );
        rules.check(
            (HOUR..=LONGEST).contains(&valid_seconds),
            "valid_seconds",
            format!("Use {HOUR} (an hour) to {LONGEST} (30 days)."),
        );
        rules.check(
            most_uses <= 1 || self.email.is_none(),
            "most_uses",
            "An invitation of one address is used once: leave it at 1.",
        );
        rules.check(
            most_uses <= 1 || role != Some(Role::Owner),
            "most_uses",
            "An invitation that makes an owner is used once: leave it at 1.",
        );
        rules.check(
            !self.is_mailed || self.email.is_some(),
            "email",
            "Enter the address that the invitation is mailed to.",
        );
        let email = self.email.as_deref().map(|email| {
            rules.take(checked_email(email).map_err(|_| FieldError {
                field: "email".to_owned(),
                message: "Enter an email address, like ada@example.com.".to_owned(),
            }))
        });
        rules.finish()?;
        Ok(Checked {
            most_uses,
            valid_seconds,
            email,
            is_mailed: self.is_mailed,
        })
    }
}

impl Checked {
    /// For the audit log, which names nobody.
    pub(super) fn detail(&self, id: &InvitationId, role: Option<Role>) -> String {
        let role = role.map_or("an account", Role::as_str);
        let whom = match (&self.email, self.most_uses, self.is_mailed) {
            (None, 1, _) => "for 1 person".to_owned(),
            (None, uses, _) => format!("for {uses} people"),
            (Some(_), _, false) => "for one address".to_owned(),
            (Some(_), _, true) => "for one address, by mail".to_owned(),
        };
        let (count, unit) = match self.valid_seconds {
            seconds if seconds % DAY == 0 => (seconds / DAY, "day"),
            seconds => (seconds / HOUR, "hour"),
        };
        let many = if count == 1 { "" } else { "s" };
        format!("{id}: {role}, {whom}, {count} {unit}{many}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn fields(new: NewInvitation, role: Role) -> Vec<String> {
        match new.checked(Some(role)) {
            Err(Error::Invalid(fields)) => fields.into_iter().map(|one| one.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_broken_rule_names_its_field() {
        let base = NewInvitation::default;
        for (uses, seconds, wrong) in [
            (0, HOUR, vec!["most_uses"]),
            (MOST_USES + 1, HOUR, vec!["most_uses"]),
            (i64::MIN, HOUR, vec!["most_uses"]),
            (1, HOUR - 1, vec!["valid_seconds"]),
            (1, LONGEST + 1, vec!["valid_seconds"]),
            (-1, i64::MAX, vec!["most_uses", "valid_seconds"]),
        ] {
            let new = NewInvitation {
                most_uses: Some(uses),
                valid_seconds: Some(seconds),
                ..base()
            };
            assert_eq!(fields(new, Role::Viewer), wrong);
        }
        let of_address = |email: &str| NewInvitation {
            email: Some(email.to_owned()),
            ..base()
        };
        assert_eq!(fields(of_address("ada"), Role::Viewer), ["email"]);
        let many = |email: Option<&str>| NewInvitation {
            most_uses: Some(2),
            email: email.map(ToOwned::to_owned),
            ..base()
        };
        assert_eq!(fields(many(Some("a@b.c")), Role::Viewer), ["most_uses"]);
        assert_eq!(fields(many(None), Role::Owner), ["most_uses"]);
        let to_nobody = NewInvitation {
            is_mailed: true,
            ..base()
        };
        assert_eq!(fields(to_nobody, Role::Viewer), ["email"]);
    }

    #[test]
    fn the_audit_log_says_for_whom_and_how_long_and_names_nobody() {
        let id: InvitationId = "inv_a".into();
        let detail = |new: NewInvitation| new.checked(None).unwrap().detail(&id, None);
        let new = NewInvitation::default;
        assert_eq!(detail(new()), "inv_a: an account, for 1 person, 7 days");
        let many = NewInvitation {
            most_uses: Some(5),
            valid_seconds: Some(DAY),
            ..new()
        };
        assert_eq!(detail(many), "inv_a: an account, for 5 people, 1 day");
        let mailed = NewInvitation {
            email: Some("bob@example.com".to_owned()),
            valid_seconds: Some(HOUR),
            is_mailed: true,
            ..new()
        };
        let said = "inv_a: an account, for one address, by mail, 1 hour";
        assert_eq!(detail(mailed), said);
    }

    #[test]
    fn by_default_it_is_for_one_person_and_a_week() {
        let checked = NewInvitation::default().checked(Some(Role::Owner)).unwrap();
        assert_eq!((checked.most_uses, checked.valid_seconds), (1, 7 * 86_400));
    }
}
