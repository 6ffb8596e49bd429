//! Why a sign-in with a provider came to nothing: a word for the log and a sentence for the person.

use crate::{Error, db::DbError, text_enum};

text_enum! {
    /// What a provider did wrong, or what reached us in its name.
    pub enum Cause {
        Unreachable = "unreachable",
        Discovery = "discovery",
        /// Its key set (RFC 7517).
        Keys = "keys",
        /// The answer names another issuer, or none where one was promised (RFC 9207).
        OtherIssuer = "other_issuer",
        /// It sent the person back with an error.
        SentError = "sent_error",
        CodeRefused = "code_refused",
        ClientRefused = "client_refused",
        TokenAnswer = "token_answer",
        NoIdToken = "no_id_token",
        IdToken = "id_token",
        IdTokenSignature = "id_token_signature",
        IdTokenIssuer = "id_token_issuer",
        IdTokenAudience = "id_token_audience",
        IdTokenTime = "id_token_time",
        IdTokenNonce = "id_token_nonce",
        /// `at_hash` is not that of the access token.
        IdTokenAccessToken = "id_token_access_token",
        UserInfo = "user_info",
        /// UserInfo speaks of somebody else (OpenID Connect Core §5.3.2).
        UserInfoSubject = "user_info_subject",
    }
}

impl Cause {
    /// For the person, who can do little about it.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Unreachable | Self::Discovery | Self::Keys => {
                "The sign-in provider cannot be reached now. Try again in a moment, or sign in \
                 another way."
            }
            Self::SentError => {
                "The sign-in provider sent you back with an error. Try again, or sign in another way."
            }
            Self::CodeRefused => {
                "The sign-in provider does not take its own code any more. Begin again."
            }
            Self::ClientRefused => {
                "The sign-in provider does not know this instance. Its owner has to look at the \
                 provider's client ID and secret."
            }
            Self::OtherIssuer
            | Self::TokenAnswer
            | Self::NoIdToken
            | Self::IdToken
            | Self::IdTokenSignature
            | Self::IdTokenIssuer
            | Self::IdTokenAudience
            | Self::IdTokenTime
            | Self::IdTokenNonce
            | Self::IdTokenAccessToken
            | Self::UserInfo
            | Self::UserInfoSubject => {
                "The sign-in provider's answer does not prove who you are, so you were not signed \
                 in. Begin again; if it stays so, tell the owner of this instance."
            }
        }
    }
}

text_enum! {
    /// Why somebody whom the provider knows does not come in all the same.
    pub enum Refusal {
        /// Nobody has this identity and none is made, or whoever has it is disabled.
        NoAccount = "no_account",
        NoVerifiedEmail = "no_verified_email",
        DomainNotAllowed = "domain_not_allowed",
        /// The identity belongs to another account.
        LinkedElsewhere = "linked_elsewhere",
        /// It was to prove who is signed in, and is not theirs.
        NotLinked = "not_linked",
        /// The person did not sign in there anew.
        NotFresh = "not_fresh",
        /// Providers of this kind cannot say when somebody signed in.
        CannotProve = "cannot_prove",
    }
}

impl Refusal {
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoAccount => {
                "There is no account here that this sign-in opens. Ask the owner of this instance \
                 for one."
            }
            Self::NoVerifiedEmail => {
                "The sign-in provider did not confirm an email address of yours. Confirm it there \
                 and sign in again."
            }
            Self::DomainNotAllowed => {
                "Your email address at the sign-in provider is not of a domain that may come in \
                 this way. Use your work account, or ask the owner of this instance."
            }
            Self::LinkedElsewhere => {
                "That account at the sign-in provider is linked to another account here."
            }
            Self::NotLinked => {
                "That account at the sign-in provider is not linked to your account here."
            }
            Self::NotFresh => {
                "The sign-in provider did not ask you to sign in again, so it proves nothing. \
                 Confirm with your password or a passkey."
            }
            Self::CannotProve => {
                "This sign-in provider cannot show that you signed in just now. Confirm with your \
                 password or a passkey."
            }
        }
    }
}

/// Why nobody is signed in, linked or proved.
#[derive(Debug, thiserror::Error)]
pub enum NotSignedIn {
    /// Nothing was begun in this browser, or something else, or too long ago.
    #[error(
        "This does not belong to a sign-in that you began here in the last 10 minutes. Begin again."
    )]
    NotBegun,
    #[error("You did not sign in there, and nothing was changed.")]
    Denied,
    #[error("{}", .0.sentence())]
    Refused(Refusal),
    #[error("{}", .0.sentence())]
    Provider(Cause),
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<DbError> for NotSignedIn {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Refusal> for NotSignedIn {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What a provider did wrong, with half a sentence for the log and for whoever sets it up. Never a
/// secret.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) cause: Cause,
    pub(super) detail: String,
}

impl Fault {
    /// What others wrote in `detail` is cut short.
    pub(super) fn new(cause: Cause, detail: impl AsRef<str>) -> Self {
        let detail = detail.as_ref().chars().filter(|c| !c.is_control());
        Self {
            cause,
            detail: detail.take(300).collect(),
        }
    }
}
