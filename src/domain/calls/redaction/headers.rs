//! Headers whose values are never shown.

use super::names::{Says, plain, says};

/// By its name, in small letters: what proves who somebody is, and who a person is.
pub(crate) fn is_secret(name: &str) -> bool {
    // Longer ones hide something.
    const LONGEST: usize = super::names::LONGEST;
    let is_proof = matches!(
        name,
        "authentication-info" | "proxy-authentication-info" | "x-forwarded-client-cert"
    );
    is_proof || name.len() > LONGEST || says(&plain(name)) != Says::Nothing
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn proofs_and_people_are_secret() {
        for name in [
            "authorization",
            "proxy-authorization",
            "cookie",
            "set-cookie",
            "x-api-key",
            "x-auth-token",
            "x-tengine-signature",
            "webhook-signature",
            "x-tengine-member-id",
            "x-tengine-member-email",
            "x-tengine-member-roles",
            "dpop",
            "x-goog-api-key",
            "ocp-apim-subscription-secret",
            "x-amz-security-token",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "content-type",
            "accept",
            "x-tengine-request-id",
            "x-tengine-project-id",
            "traceparent",
            "etag",
            "location",
            "www-authenticate",
            "webhook-id",
            "x-ratelimit-remaining",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
