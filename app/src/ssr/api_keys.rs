//! API keys, as pages see them.

use domain::{
    Error, Services,
    api_keys::{self, ApiKey, ListedKey},
    clock::Timestamp,
    crypto::BearerSecret,
    listing::Listed,
    members::Role,
};

use super::{lists, when::when};
use crate::api::{
    UiError,
    api_keys::{ApiKeyList, ApiKeyRow, NewApiKey},
};

pub(crate) fn list(services: &Services, keys: Listed<ListedKey>, mine: Role) -> ApiKeyList {
    let now = services.core.now();
    let (keys, place) = lists::shown(keys, |one| row(one, now));
    ApiKeyList {
        keys,
        place,
        roles: Role::ALL
            .iter()
            .filter(|role| **role <= mine)
            .map(ToString::to_string)
            .collect(),
        origin: services.core.public_url.origin().to_owned(),
    }
}

fn row(listed: ListedKey, now: Timestamp) -> ApiKeyRow {
    let key = listed.key;
    ApiKeyRow {
        has_expired: key.has_expired(now),
        id: key.id.to_string(),
        name: key.name,
        prefix: key.prefix,
        role: key.role.to_string(),
        made_by: listed.made_by,
        by_key: key.made_by_key.is_some(),
        created: when(key.created_at, now),
        last_used: key.last_used_at.map(|at| when(at, now)),
        expires: key.expires_at.map(|at| when(at, now)),
    }
}

/// What a form's fields wish for.
pub(crate) fn wish(
    name: String,
    role: &str,
    expires_in_days: i64,
) -> Result<api_keys::NewApiKey, UiError> {
    let role = role
        .parse()
        .map_err(|why: String| Error::invalid("role", why))?;
    Ok(api_keys::NewApiKey {
        name,
        role,
        expires_in_days: (expires_in_days != 0).then_some(expires_in_days),
    })
}

pub(crate) fn shown((key, secret): (ApiKey, BearerSecret)) -> NewApiKey {
    NewApiKey {
        name: key.name,
        key: secret.reveal().to_owned(),
    }
}
