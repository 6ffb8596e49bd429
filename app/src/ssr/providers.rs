//! Identity providers, as owners of the instance see them.

use domain::{
    Error,
    providers::{ProviderEntry, ProviderInput, ProviderKind},
};

use crate::api::{
    UiError,
    instance::providers::{ProviderForm, ProviderPage, ProviderRow},
};

pub(crate) fn row(entry: ProviderEntry) -> ProviderRow {
    let provider = entry.provider;
    ProviderRow {
        id: provider.id.to_string(),
        kind: match provider.kind {
            ProviderKind::Oidc => "OpenID Connect",
            ProviderKind::Google => "Google",
            ProviderKind::GitHub => "GitHub",
        }
        .to_owned(),
        name: provider.name,
        issuer: provider.issuer,
        is_enabled: provider.is_enabled,
        may_sign_up: provider.may_sign_up,
        allowed_domains: provider.allowed_domains,
        accounts: entry.accounts,
        only_way_in: entry.only_way_in,
    }
}

pub(crate) fn page(entry: ProviderEntry) -> ProviderPage {
    let provider = entry.provider;
    ProviderPage {
        has_secret: provider.has_secret(),
        redirect_uri: Some(entry.redirect_uri),
        accounts: entry.accounts,
        only_way_in: entry.only_way_in,
        sessions: entry.sessions,
        form: ProviderForm {
            kind: provider.kind.to_string(),
            name: provider.name,
            issuer: provider.issuer,
            client_id: provider.client_id,
            client_secret: String::new(),
            allowed_domains: provider.allowed_domains.join("\n"),
            may_sign_up: provider.may_sign_up,
            is_enabled: provider.is_enabled,
        },
    }
}

pub(crate) fn empty() -> ProviderPage {
    ProviderPage {
        form: ProviderForm {
            kind: ProviderKind::Oidc.to_string(),
            // It works once its redirect URI is registered, which is known once it is saved.
            is_enabled: false,
            ..ProviderForm::default()
        },
        redirect_uri: None,
        has_secret: false,
        accounts: 0,
        only_way_in: 0,
        sessions: 0,
    }
}

pub(crate) fn read(form: ProviderForm) -> Result<ProviderInput, UiError> {
    let some = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let kind = form
        .kind
        .parse()
        .map_err(|why| Error::invalid("kind", why))?;
    Ok(ProviderInput {
        kind,
        name: form.name,
        issuer: some(form.issuer).filter(|_| kind != ProviderKind::Google),
        client_id: form.client_id,
        client_secret: some(form.client_secret),
        allowed_domains: form
            .allowed_domains
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|word| !word.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        may_sign_up: form.may_sign_up,
        is_enabled: form.is_enabled,
    })
}
