//! /api/v1/instance/invitations

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::{ids::InvitationId, invitations::NewInvitation};

use crate::{
    api::{
        ApiError, ApiJson, Caller, List, Page,
        auth::{instance_owner, proof},
        error::ErrorBody,
        invitations::{InvitationInput, InvitationView, InvitationWithLink, MadeInvitation, made},
    },
    state::AppState,
};

/// Lists the invitations to the instance, newest first, without their links; those that have ended for
/// 30 days.
#[utoipa::path(get, path = "/api/v1/instance/invitations", tag = "instance",
    params(("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<InvitationView>), (status = 403, body = ErrorBody)))]
pub(in crate::api) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    page: Page,
) -> Result<Json<List<InvitationView>>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let all = state.services.invitations.list_of_instance(&owner).await?;
    Ok(Json(page.of(all, |one| one.id.to_string())))
}

/// Invites people to have an account, in no project: the link is in this answer and nowhere else, or
/// goes out by mail.
#[utoipa::path(post, path = "/api/v1/instance/invitations", tag = "instance",
    request_body = InvitationInput,
    responses((status = 201, body = InvitationWithLink), (status = 403, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody),
        (status = 429, body = ErrorBody, description = "Very many invitations were mailed in a short time.")))]
pub(in crate::api) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    ApiJson(input): ApiJson<InvitationInput>,
) -> Result<MadeInvitation, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let new = NewInvitation::from(input);
    let invitations = &state.services.invitations;
    invitations.can_hand_over(&new)?;
    let proof = proof(&actor)?;
    let made_now = invitations.create_for_instance(&owner, &new, Some(&proof));
    let invitation = made_now.await?;
    Ok(made(&state, invitation, None))
}

/// Takes an invitation to the instance back: its link works no more.
#[utoipa::path(delete, path = "/api/v1/instance/invitations/{invitation_id}", tag = "instance",
    params(("invitation_id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(in crate::api) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(invitation_id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let id = InvitationId::from(invitation_id);
    let invitations = &state.services.invitations;
    invitations.revoke_of_instance(&owner, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
