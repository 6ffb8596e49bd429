//! What reads like a credential, by its name or by itself.

/// Whether something of this name is a credential: `X-API-Key`, `access_token`, `clientSecret`.
pub(super) fn is_secret_name(name: &str) -> bool {
    const ENDS: [&str; 19] = [
        "apikey",
        "token",
        "secret",
        "password",
        "passwd",
        "passphrase",
        "accesskey",
        "privatekey",
        "secretkey",
        "authkey",
        "subscriptionkey",
        "appkey",
        "applicationkey",
        "adminkey",
        "masterkey",
        "functionskey",
        "licensekey",
        "credential",
        "credentials",
    ];
    /// Which place in a list, or which attempt, and not who asks.
    const OTHERS: [&str; 6] = [
        "page",
        "next",
        "continuation",
        "cursor",
        "sync",
        "idempotency",
    ];
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    matches!(
        plain.as_str(),
        "auth" | "xauth" | "authorization" | "pwd" | "xkey" | "xapikey"
    ) || (ENDS.iter().any(|end| plain.ends_with(end))
        && !OTHERS.iter().any(|other| plain.contains(other)))
}

/// Whether a text begins as keys of well-known services do, or as a signed token.
pub(super) fn looks_like_secret(text: &str) -> bool {
    const BEGINNINGS: [&str; 32] = [
        "sk-",
        "sk_",
        "pk_",
        "rk_",
        "ghp_",
        "gho_",
        "ghs_",
        "ghu_",
        "github_pat_",
        "glpat-",
        "xoxa-",
        "xoxb-",
        "xoxp-",
        "xoxe",
        "xapp-",
        "AKIA",
        "ASIA",
        "AIza",
        "ya29.",
        "SG.",
        "shpat_",
        "whsec_",
        "hf_",
        "dop_v1_",
        "npm_",
        "pypi-",
        "lin_api_",
        "eyJ",
        "Bearer ",
        "Basic ",
        "secret_",
        "ntn_",
    ];
    text.len() >= 16
        && BEGINNINGS
            .iter()
            .any(|beginning| text.starts_with(beginning))
        && text.bytes().any(|byte| byte.is_ascii_digit())
}
