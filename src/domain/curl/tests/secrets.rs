//! A credential is in the tool's secret, and nowhere else.

use super::*;

const SECRET: &str = "zq7Kd93hPwX1mVt5Ls2B";

/// Where a command may show its credential, and how a tool sends it.
#[test]
fn a_credential_goes_into_the_secret_only() {
    for (command, strategy, secret) in [
        (
            "curl a.example -H 'Authorization: Bearer SECRET'",
            AuthStrategy::StaticBearer,
            "SECRET",
        ),
        (
            "curl a.example -H 'authorization:bearer   SECRET '",
            AuthStrategy::StaticBearer,
            "SECRET",
        ),
        (
            "curl a.example --oauth2-bearer SECRET",
            AuthStrategy::StaticBearer,
            "SECRET",
        ),
        (
            "curl a.example -u ada:SECRET",
            AuthStrategy::Basic,
            "SECRET",
        ),
        (
            "curl https://ada:SECRET@a.example",
            AuthStrategy::Basic,
            "SECRET",
        ),
        (
            "curl a.example -H 'Authorization: SECRET'",
            AuthStrategy::ApiKeyHeader,
            "SECRET",
        ),
        (
            "curl a.example -H 'Authorization: Bot SECRET'",
            AuthStrategy::ApiKeyHeader,
            "Bot SECRET",
        ),
        (
            "curl a.example -H 'X-API-Key: SECRET'",
            AuthStrategy::ApiKeyHeader,
            "SECRET",
        ),
        (
            "curl a.example -H 'apikey: SECRET'",
            AuthStrategy::ApiKeyHeader,
            "SECRET",
        ),
        (
            "curl a.example -H 'X-Auth-Token: SECRET'",
            AuthStrategy::ApiKeyHeader,
            "SECRET",
        ),
        (
            "curl a.example -H 'Ocp-Apim-Subscription-Key: SECRET'",
            AuthStrategy::ApiKeyHeader,
            "SECRET",
        ),
        (
            "curl a.example -H 'X-Odd: sk-SECRET'",
            AuthStrategy::ApiKeyHeader,
            "sk-SECRET",
        ),
        (
            "curl 'a.example?api_key=SECRET'",
            AuthStrategy::ApiKeyQuery,
            "SECRET",
        ),
        (
            "curl 'a.example?key=SECRET&x=1'",
            AuthStrategy::ApiKeyQuery,
            "SECRET",
        ),
        (
            "curl -G a.example -d access_token=SECRET",
            AuthStrategy::ApiKeyQuery,
            "SECRET",
        ),
        (
            "curl 'a.example?X-Amz-Signature=1&token=SECRET'",
            AuthStrategy::ApiKeyQuery,
            "SECRET",
        ),
        // Once more in other places.
        (
            "curl 'a.example/x/SECRET?q=SECRET' -u 'ada:SECRET' -H 'X-Again: a SECRET'",
            AuthStrategy::Basic,
            "SECRET",
        ),
        (
            "curl 'a.example?a=SECRET&a=b&SECRET=1' -u 'ada:SECRET' --json '{\"a\":\"x SECRET\",\"b\":{\"c\":[\"SECRET\"]}}'",
            AuthStrategy::Basic,
            "SECRET",
        ),
        (
            "curl 'a.example' -u 'ada:SECRET' -u 'SECRET' -X PUT -b s=SECRET -e SECRET -A SECRET -x u:SECRET@p -U u:SECRET -o SECRET",
            AuthStrategy::None,
            "",
        ),
    ] {
        let command = command.replace("SECRET", SECRET);
        let FromCurl { tool, notes } = made(&command);
        if strategy != AuthStrategy::None {
            assert_eq!(tool.auth_strategy, strategy, "{command}");
            assert_eq!(
                tool.auth_secret,
                Some(secret.replace("SECRET", SECRET)),
                "{command}"
            );
        }
        let debug = format!("{:?}", FromCurl { tool, notes });
        let made = made_again(&command);
        // The name before the colon of -u is the one thing of it that settings show.
        if !command.contains("-u 'zq7") {
            assert!(!made.contains(SECRET), "{command}\n{made}");
        }
        assert!(!debug.contains(SECRET), "{command}\n{debug}");
    }
}

fn made_again(command: &str) -> String {
    let FromCurl { tool, notes } = made(command);
    format!("{} {}", shown(&tool), notes.join(" "))
}

#[test]
fn a_key_that_is_a_user_name_is_sealed_too() {
    for command in [
        "curl a.example -u SECRET:",
        "curl a.example -u SECRET:x",
        "curl a.example -u SECRET:api_token",
        "curl https://SECRET@a.example",
    ] {
        let command = command.replace("SECRET", SECRET);
        let tool = made(&command).tool;
        assert!(tool.auth_secret.unwrap().starts_with("Basic "), "{command}");
        assert!(!made_again(&command).contains(SECRET), "{command}");
    }
}

#[test]
fn a_second_credential_is_left_out() {
    let command = format!(
        "curl 'a.example?token={SECRET}' -H 'X-App-Secret: other{SECRET}' -H 'Authorization: Bearer first'"
    );
    let FromCurl { tool, notes } = made(&command);
    assert_eq!(tool.auth_secret.as_deref(), Some("first"));
    assert!(tool.headers_template.is_empty() && tool.query_template.is_empty());
    let left_out = notes
        .iter()
        .filter(|note| note.contains("one more credential"));
    assert_eq!(left_out.count(), 2, "{notes:?}");
    assert!(!made_again(&command).contains(SECRET));
}

#[test]
fn what_only_stands_in_for_a_secret_is_asked_for() {
    for command in [
        "curl a.example -H 'Authorization: Bearer <token>'",
        "curl a.example -H \"Authorization: Bearer ${API_TOKEN}\"",
        "curl a.example -H \"Authorization: Bearer pre-$t\"",
        "curl a.example -H 'X-API-Key: YOUR_API_KEY'",
        "curl a.example -H 'X-API-Key: xxxxxxxxxxxx'",
        "curl a.example -H \"Authorization: Basic $(echo -n 'a:b' | base64)\"",
        "curl a.example -u ada",
        "curl a.example -u \"$KEY:\"",
        "curl a.example?api_key={api_key}",
        "curl a.example?api_key=",
    ] {
        let FromCurl { tool, notes } = made(command);
        assert_ne!(tool.auth_strategy, AuthStrategy::None, "{command}");
        assert_eq!(tool.auth_secret, None, "{command}");
        assert!(
            notes.iter().any(|note| note.contains("give the secret")),
            "{command}\n{notes:?}"
        );
    }
}

#[test]
fn a_body_s_credentials_are_no_examples() {
    let command = format!(
        "curl a.example --json '{{\"user\":\"ada\",\"password\":\"{SECRET}\",\"deep\":{{\"client_secret\":\"{SECRET}\"}},\"note\":\"sk-{SECRET}\"}}'"
    );
    let FromCurl { tool, notes } = made(&command);
    assert_eq!(properties(&tool)["user"]["examples"], json!(["ada"]));
    for name in ["password", "deep", "note"] {
        assert!(properties(&tool)[name].get("examples").is_none(), "{name}");
    }
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("password, deep, note: read like credentials")),
        "{notes:?}"
    );
    assert!(!made_again(&command).contains(SECRET));
}

/// The URL of a webhook is its credential: a tool can send it, and says that it is no secret there.
#[test]
fn a_path_that_lets_in_is_not_told_to_a_model() {
    for url in [
        "https://hooks.slack.com/services/T00000001/B00000001/zq7Kd93hPwX1mVt5Ls2B",
        "https://discord.com/api/webhooks/123456789/zq7Kd93hPwX1mVt5Ls2B",
        "https://api.telegram.org/bot123456:zq7Kd93hPwX1mVt5Ls2B/sendMessage",
    ] {
        let FromCurl { tool, notes } = made(&format!("curl {url} --json '{{\"text\":\"hi\"}}'"));
        assert!(url.ends_with(&tool.endpoint_path), "{url}");
        let told = format!(
            "{} {} {} {}",
            tool.name, tool.title, tool.description, tool.input_schema
        );
        assert!(!told.contains("zq7Kd93"), "{told}");
        assert!(
            notes.iter().any(|note| note.contains("lets a caller in")),
            "{notes:?}"
        );
        assert_eq!(properties(&tool).len(), 1, "{url}");
    }
    let managed = made(
        "curl https://api.example.com/webhooks/507f1f77bcf86cd799439011 -H 'Authorization: Bearer x1'",
    );
    assert_eq!(managed.tool.endpoint_path, "/webhooks/{webhook_id}");
}

#[test]
fn a_refusal_repeats_no_secret() {
    for command in [
        "curl -H 'Authorization: Bearer SECRET' ftp://SECRET.example/SECRET",
        "curl -u ada:SECRET a.example -d '{\"a\": SECRET'",
        "curl -u ada:SECRET a.example -X SECRET",
        "curl https://a.example -H 'X-API-Key: SECRET' -d SECRET",
        "curl -H 'X-API-Key: SECRET' https://{SECRET}/",
        "curl -H 'X-API-Key: SECRET' https://SECRET.a.example/",
        "curl 'SECRET",
    ] {
        let why = refusal(&command.replace("SECRET", SECRET));
        assert!(!why.contains(SECRET), "{why}");
    }
    let lost = made(&format!(
        "curl -H Authorization: Bearer {SECRET} https://a.example/x"
    ));
    assert!(!format!("{} {:?}", shown(&lost.tool), lost.notes).contains(SECRET));
}
