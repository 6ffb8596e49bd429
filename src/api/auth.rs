//! Who calls the API: a key, or it does not get in.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use domain::{
    Error,
    accounts::{Actor, FreshIdentity},
    ids::ProjectId,
    instance::InstanceOwner,
    members::{Access, Level},
};

use super::ApiError;
use crate::state::AppState;

/// The actor that the request's key speaks for.
pub struct Caller(pub Actor);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let key = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, key)| key.trim());
        let Some(key) = key else {
            return Err(ApiError::unauthorized());
        };
        match state.services.api_keys.authenticate(key).await {
            Ok(actor) => Ok(Self(actor)),
            Err(Error::WrongCredentials) => Err(ApiError::unauthorized()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The proof that a caller's key is: it is shown with each request.
pub fn proof(actor: &Actor) -> Result<FreshIdentity, ApiError> {
    FreshIdentity::of_key(actor).ok_or_else(|| Error::ProofNeeded.into())
}

/// The proof that the caller owns the instance: by an owner's key of their account.
pub async fn instance_owner(state: &AppState, actor: &Actor) -> Result<InstanceOwner, ApiError> {
    Ok(state.services.instance.owner(actor).await?)
}

/// What the caller may do in the project of a path, if it is at least `L`.
pub async fn access<L: Level>(
    state: &AppState,
    actor: &Actor,
    project_id: String,
) -> Result<Access<L>, ApiError> {
    let project_id = ProjectId::from(project_id);
    Ok(state.services.members.access(actor, &project_id).await?)
}
