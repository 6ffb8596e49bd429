//! The vault between its form, where everything is text, and the domain's input.

use domain::{
    Error,
    clock::Timestamp,
    error::Rules,
    tools::{AuthConfig, AuthStrategy},
    upstream::{Connection, ConnectionState},
    vault::{ClientAuth, OAuthClient, VaultSecret, VaultSecretInput, VaultSummary},
};

use super::when::when;
use crate::api::vault::{Account, VaultForm, VaultRow};

pub(crate) fn row(entry: VaultSummary, connections: &[Connection], now: Timestamp) -> VaultRow {
    let mine = connections
        .iter()
        .find(|one| one.secret.id == entry.secret.id);
    let sent_as = sent_as(&entry.secret);
    VaultRow {
        id: entry.secret.id.to_string(),
        name: entry.secret.name,
        sent_as,
        origins: entry.secret.origins,
        is_client: entry.secret.oauth2.is_some(),
        account: mine.map(|one| match one.state {
            ConnectionState::NotConnected => Account::NotConnected,
            ConnectionState::Connected { .. } => Account::Connected,
            ConnectionState::Ended { .. } => Account::Ended,
        }),
        tools: usize::try_from(entry.tools).unwrap_or_default(),
        updated: when(entry.secret.updated_at, now),
        updated_by: entry.updated_by,
    }
}

/// How tools send it, after "sent".
fn sent_as(secret: &VaultSecret) -> String {
    let AuthConfig {
        header,
        parameter,
        username,
    } = &secret.auth_config;
    let named = |before: &str, name: &Option<String>| {
        format!("{before} {}", name.as_deref().unwrap_or_default())
    };
    match secret.auth_strategy {
        AuthStrategy::StaticBearer => "sent as a bearer token".to_owned(),
        AuthStrategy::Basic => named("sent as the password of", username),
        AuthStrategy::ApiKeyHeader => named("sent in the header", header),
        AuthStrategy::ApiKeyQuery => named("sent in the query as", parameter),
        AuthStrategy::HmacSignature => "signs requests (HMAC)".to_owned(),
        AuthStrategy::StandardWebhooks => "signs requests (Standard Webhooks)".to_owned(),
        other => other.to_string(),
    }
}

pub(crate) fn empty() -> VaultForm {
    VaultForm {
        kind: "static_bearer".to_owned(),
        client_auth: "basic".to_owned(),
        ..VaultForm::default()
    }
}

/// The form of a secret that exists, without its value.
pub(crate) fn shown(secret: &VaultSecret) -> VaultForm {
    let form = VaultForm {
        name: secret.name.clone(),
        origins: secret.origins.join("\n"),
        kind: secret.auth_strategy.to_string(),
        auth_header: secret.auth_config.header.clone().unwrap_or_default(),
        auth_parameter: secret.auth_config.parameter.clone().unwrap_or_default(),
        auth_username: secret.auth_config.username.clone().unwrap_or_default(),
        ..empty()
    };
    let Some(client) = &secret.oauth2 else {
        return form;
    };
    VaultForm {
        kind: "oauth2_client".to_owned(),
        client_id: client.client_id.clone(),
        token_url: client.token_url.clone(),
        authorization_url: client.authorization_url.clone().unwrap_or_default(),
        scopes: client.scopes.join(" "),
        audience: client.audience.clone().unwrap_or_default(),
        client_auth: client.client_auth.to_string(),
        ..form
    }
}

/// What a filled-in form says. The rules of a secret are the domain's.
pub(crate) fn read(form: VaultForm) -> Result<VaultSecretInput, Error> {
    let mut broken = Rules::default();
    let client_auth = form.client_auth.parse::<ClientAuth>();
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let is_client = form.kind == "oauth2_client";
    broken.check(
        !is_client || client_auth.is_ok(),
        "oauth2.client_auth",
        "Choose one from the list.",
    );
    let strategy = if is_client {
        Ok(AuthStrategy::None)
    } else {
        form.kind.parse::<AuthStrategy>()
    };
    broken.check(
        strategy.is_ok(),
        "auth_strategy",
        "Choose one from the list.",
    );
    broken.finish()?;
    let of = |owner, text: String| (strategy == Ok(owner)).then(|| text.trim().to_owned());
    Ok(VaultSecretInput {
        name: form.name.trim().to_owned(),
        origins: form
            .origins
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect(),
        value: Some(form.value).filter(|value| !value.is_empty()),
        auth_config: AuthConfig {
            header: of(AuthStrategy::ApiKeyHeader, form.auth_header),
            parameter: of(AuthStrategy::ApiKeyQuery, form.auth_parameter),
            username: of(AuthStrategy::Basic, form.auth_username),
        },
        auth_strategy: strategy.unwrap_or_default(),
        oauth2: is_client.then(|| OAuthClient {
            client_id: form.client_id.trim().to_owned(),
            token_url: form.token_url.trim().to_owned(),
            authorization_url: given(form.authorization_url),
            scopes: form
                .scopes
                .split_whitespace()
                .map(ToOwned::to_owned)
                .collect(),
            audience: given(form.audience),
            client_auth: client_auth.unwrap_or_default(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_what_it_was_made_of() {
        let form = VaultForm {
            name: "acme".to_owned(),
            origins: " https://a.example \n\nhttps://b.example".to_owned(),
            kind: "oauth2_client".to_owned(),
            client_id: "id".to_owned(),
            token_url: "https://a.example/token".to_owned(),
            scopes: "read  write".to_owned(),
            client_auth: "post".to_owned(),
            ..empty()
        };
        let input = read(form.clone()).expect("the form is right");
        assert_eq!(input.origins, ["https://a.example", "https://b.example"]);
        assert!(input.value.is_none(), "an empty one is none");
        let client = input.oauth2.expect("it is one of a client");
        assert_eq!(client.scopes, ["read", "write"]);
        assert_eq!(
            (client.client_auth, client.audience),
            (ClientAuth::Post, None)
        );
        let plain = VaultForm {
            kind: "static_bearer".to_owned(),
            ..form
        };
        assert!(read(plain).expect("the form is right").oauth2.is_none());
    }
}
