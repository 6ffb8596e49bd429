//! Why a step of a connection was refused: one word for the record, one sentence for the person who
//! has to mend it. What RFC 6749 calls it is the edge's to say.

use crate::text_enum;

text_enum! {
    /// Why something was refused.
    pub enum Cause {
        // The client
        UnknownClient = "unknown_client",
        WrongSecret = "wrong_secret",
        RotatedSecret = "rotated_secret",
        SecretMissing = "secret_missing",
        PublicClient = "public_client",
        NotYours = "not_yours",
        ClientDocument = "client_document",
        RegistrationInvalid = "registration_invalid",
        SwitchedOff = "switched_off",
        // The request
        Malformed = "malformed",
        UnknownRedirectUri = "unknown_redirect_uri",
        UnsupportedResponseType = "unsupported_response_type",
        UnsupportedGrantType = "unsupported_grant_type",
        PkceMissing = "pkce_missing",
        WrongResource = "wrong_resource",
        WrongScope = "wrong_scope",
        Throttled = "throttled",
        // The integration and the person
        Inactive = "inactive",
        NotSelfRegistered = "not_self_registered",
        NotMember = "not_member",
        SecondFactorNeeded = "second_factor_needed",
        NotAllowed = "not_allowed",
        WrongCredentials = "wrong_credentials",
        LoginRequired = "login_required",
        ConsentRequired = "consent_required",
        Denied = "denied",
        // The code
        CodeUnknown = "code_unknown",
        CodeExpired = "code_expired",
        CodeReplayed = "code_replayed",
        WrongRedirectUri = "wrong_redirect_uri",
        WrongVerifier = "wrong_verifier",
        // The refresh token
        RefreshUnknown = "refresh_unknown",
        RefreshExpired = "refresh_expired",
        RefreshReplayedLate = "refresh_replayed_late",
        RefreshSuperseded = "refresh_superseded",
        RefreshReplayed = "refresh_replayed",
        GrantEnded = "grant_ended",
        // Us
        Broken = "broken",
    }
}

impl Cause {
    /// A sentence that says what to do, without quotes (RFC 6749 §5.2) and without a secret.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::UnknownClient => {
                "The client id is not known here. Copy it again from the integration's page; a \
                 client that registers itself registers again."
            }
            Self::WrongSecret => {
                "The client secret is wrong. Copy id and secret again from the integration's page."
            }
            Self::RotatedSecret => {
                "This secret was rotated. Paste the integration's new secret into the connector."
            }
            Self::SecretMissing => "This client must send its secret.",
            Self::PublicClient => "This client has no secret: send its client_id alone.",
            Self::NotYours => "The token was issued to another client.",
            Self::ClientDocument => "The client's metadata document cannot be used.",
            Self::RegistrationInvalid => "The client's registration cannot be used.",
            Self::SwitchedOff => "This instance has it switched off.",
            Self::Malformed => "The request is malformed.",
            Self::UnknownRedirectUri => {
                "The redirect URI is not registered for this client. Add it on the integration's \
                 page if you know whose it is."
            }
            Self::UnsupportedResponseType => "response_type must be code.",
            Self::UnsupportedGrantType => {
                "grant_type must be authorization_code, refresh_token or client_credentials."
            }
            Self::PkceMissing => {
                "PKCE is required: code_challenge, the base64url of a SHA-256, with \
                 code_challenge_method S256."
            }
            Self::WrongResource => {
                "resource is not the Server URL that was authorized. Use the one on the \
                 integration's page."
            }
            Self::WrongScope => "scope may not hold more than was granted.",
            Self::Throttled => "Too many tries. Wait a little, then try again.",
            Self::Inactive => {
                "This integration is inactive. Activate it on its page; connections then work \
                 again."
            }
            Self::NotSelfRegistered => {
                "This integration takes no clients that register themselves. A project admin can \
                 switch that on, on its page."
            }
            Self::SecondFactorNeeded => {
                "The project is open only to accounts with a second factor. Add a passkey or an \
                 authenticator app to the account, then connect again."
            }
            Self::NotMember => {
                "The person who connected is no longer a member of the project; a member has to \
                 connect again."
            }
            Self::NotAllowed => {
                "This client may not use this grant type. A project admin can allow it on the \
                 integration's page."
            }
            Self::WrongCredentials => "Email and password did not match.",
            Self::LoginRequired => "Nobody is signed in.",
            Self::ConsentRequired => "Nobody has approved this client yet.",
            Self::Denied => "The person denied it.",
            Self::CodeUnknown => "The code is not known here; connect again.",
            Self::CodeExpired => "The code expired before it was used; connect again.",
            Self::CodeReplayed => {
                "The code was used twice, so the connection it made has ended; connect again."
            }
            Self::WrongRedirectUri => "redirect_uri is not the one of the authorization request.",
            Self::WrongVerifier => "code_verifier does not match the challenge.",
            Self::RefreshUnknown => "The refresh token is not known here; connect again.",
            Self::RefreshExpired => {
                "The connection was not used for too long and has expired; connect again."
            }
            Self::RefreshReplayedLate => {
                "The refresh token was used before, longer ago than is tolerated; connect again."
            }
            Self::RefreshSuperseded => {
                "A newer refresh token of this connection is in use; use that one."
            }
            Self::RefreshReplayed => {
                "An old refresh token was used although a newer one is in use, so the connection \
                 has ended; connect again."
            }
            Self::GrantEnded => "The connection was ended; connect again.",
            Self::Broken => "Something broke on our side; try again.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_can_stand_in_an_error_description() {
        for cause in Cause::ALL {
            let text = cause.sentence();
            // RFC 6749 §5.2: printable ASCII without quotes and backslashes.
            assert!(
                text.bytes()
                    .all(|b| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\'),
                "{text}"
            );
        }
    }
}
