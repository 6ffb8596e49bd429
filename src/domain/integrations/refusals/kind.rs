//! The kinds of refusals that somebody of the project can mend, each with a word by which it is dismissed.

use super::{Refusal, RefusalCause, shown_secret};
use crate::{
    events::{Cause, Event},
    text_enum,
};

text_enum! {
    /// What a refusal is of: of each kind one is shown, and dismissed.
    pub enum RefusalKind {
        RotatedSecret = "rotated_secret",
        /// The secret of another integration.
        AnothersSecret = "anothers_secret",
        WrongSecret = "wrong_secret",
        SecretMissing = "secret_missing",
        PublicClient = "public_client",
        RefreshReplayed = "refresh_replayed",
        RefreshReplayedLate = "refresh_replayed_late",
        UnknownRedirectUri = "unknown_redirect_uri",
        Inactive = "inactive",
        NotSelfRegistered = "not_self_registered",
        NotAllowed = "not_allowed",
        WrongResource = "wrong_resource",
        PkceMissing = "pkce_missing",
        NotMember = "not_member",
        SecondFactorNeeded = "second_factor_needed",
        NoToolEnabled = "no_tool_enabled",
        GrantExcludesAll = "grant_excludes_all",
    }
}

impl RefusalKind {
    /// The causes of events that are of some kind. All others are what people decided, what passes by
    /// itself, and what only the client can mend.
    pub(super) const CAUSES: &[Cause] = &[
        Cause::RotatedSecret,
        Cause::WrongSecret,
        Cause::SecretMissing,
        Cause::PublicClient,
        Cause::RefreshReplayed,
        Cause::RefreshReplayedLate,
        Cause::UnknownRedirectUri,
        Cause::Inactive,
        Cause::NotSelfRegistered,
        Cause::NotAllowed,
        Cause::WrongResource,
        Cause::PkceMissing,
        Cause::NotMember,
        Cause::SecondFactorNeeded,
    ];

    pub(super) fn of(event: &Event) -> Option<Self> {
        Self::of_cause(event.cause?, shown_secret(event).is_some())
    }

    const fn of_cause(cause: Cause, is_known_secret: bool) -> Option<Self> {
        Some(match cause {
            Cause::RotatedSecret => Self::RotatedSecret,
            Cause::WrongSecret if is_known_secret => Self::AnothersSecret,
            Cause::WrongSecret => Self::WrongSecret,
            Cause::SecretMissing => Self::SecretMissing,
            Cause::PublicClient => Self::PublicClient,
            Cause::RefreshReplayed => Self::RefreshReplayed,
            Cause::RefreshReplayedLate => Self::RefreshReplayedLate,
            Cause::UnknownRedirectUri => Self::UnknownRedirectUri,
            Cause::Inactive => Self::Inactive,
            Cause::NotSelfRegistered => Self::NotSelfRegistered,
            Cause::NotAllowed => Self::NotAllowed,
            Cause::WrongResource => Self::WrongResource,
            Cause::PkceMissing => Self::PkceMissing,
            Cause::NotMember => Self::NotMember,
            Cause::SecondFactorNeeded => Self::SecondFactorNeeded,
            _ => return None,
        })
    }

    /// Whether anybody who knows a Client ID, which is no secret, can bring it about. All others take a
    /// secret, a token, or a person who is signed in.
    #[must_use]
    pub const fn is_by_anyone(self) -> bool {
        match self {
            Self::WrongSecret
            | Self::SecretMissing
            | Self::PublicClient
            | Self::UnknownRedirectUri
            | Self::Inactive
            | Self::NotSelfRegistered
            | Self::WrongResource
            | Self::PkceMissing => true,
            Self::RotatedSecret
            | Self::AnothersSecret
            | Self::RefreshReplayed
            | Self::RefreshReplayedLate
            | Self::NotAllowed
            | Self::NotMember
            | Self::SecondFactorNeeded
            | Self::NoToolEnabled
            | Self::GrantExcludesAll => false,
        }
    }
}

impl Refusal {
    /// Its kind: what it is dismissed by.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        match &self.why {
            RefusalCause::RotatedSecret { .. } => RefusalKind::RotatedSecret,
            RefusalCause::WrongSecret { is_anothers: true } => RefusalKind::AnothersSecret,
            RefusalCause::WrongSecret { is_anothers: false } => RefusalKind::WrongSecret,
            RefusalCause::Inactive => RefusalKind::Inactive,
            RefusalCause::UnknownRedirectUri { .. } => RefusalKind::UnknownRedirectUri,
            RefusalCause::NoToolEnabled => RefusalKind::NoToolEnabled,
            RefusalCause::GrantExcludesAll { .. } => RefusalKind::GrantExcludesAll,
            RefusalCause::Other(cause) => RefusalKind::of_cause(*cause, false)
                .expect("a refusal is of an event that is of a kind"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_that_is_asked_for_is_of_a_kind_and_no_other() {
        for cause in Cause::ALL {
            let is_asked_for = RefusalKind::CAUSES.contains(cause);
            assert_eq!(RefusalKind::of_cause(*cause, false).is_some(), is_asked_for);
        }
    }
}
