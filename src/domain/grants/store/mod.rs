//! The SQL of codes, grants, consents, refresh tokens and signing keys.

mod codes;
mod consents;
mod expire;
mod grants;
mod membership;
mod refresh_tokens;
mod signing_keys;

pub(super) use codes::{code_by_hash, code_in, insert_code, spend_code};
pub(super) use consents::{
    forget_consent, is_remembered, last_approval, remember_consent, remembered_consent,
};
pub(super) use expire::{Expired, expire, forget_sealed};
pub(crate) use grants::end_approved_by;
pub(super) use grants::{
    FoundConnection, connections_of_integration, connections_of_user, end_all, end_grant,
    extend_grant, extend_live_grant, grant_by_id, insert_grant, live_grant_without_tools,
    mark_grant_used, mark_list_fetched, newest_live_grant, standing_grant_in,
};
pub(crate) use membership::{count_of_member, end_of_member};
pub(super) use refresh_tokens::{
    NewRefreshToken, RefreshToken, insert_refresh_token, refresh_token_by_hash, refresh_token_in,
    successors_in, use_live_refresh_token,
};
pub(super) use signing_keys::{
    NewSigningKey, insert_signing_key, keep_signing_key_longer, retire_signing_keys, signing_keys,
};

use crate::{Error, Result};

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(corrupt)
}

fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("ids and words are JSON")
}

fn corrupt(why: impl std::fmt::Display) -> Error {
    Error::corrupt("grant", why)
}
