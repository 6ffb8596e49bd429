//! /api/v1/projects/{project_id}/invitations

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
};
use domain::{
    crypto::BearerSecret,
    ids::InvitationId,
    invitations::{Invitation, InvitationState, NewInvitation},
    members::{Admin, Role},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller, List, Page,
    auth::{access, proof},
    error::ErrorBody,
    words::RoleName,
};
use crate::state::AppState;

/// An invitation, without its link.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitationView {
    id: String,
    /// Null: it is for an account on the instance and no project.
    project_id: Option<String>,
    #[schema(value_type = Option<RoleName>)]
    role: Option<Role>,
    /// The one whose account may use it; null: whoever has the link.
    email: Option<String>,
    /// Whether its link went to that address and to nobody else.
    is_mailed: bool,
    most_uses: i64,
    uses: i64,
    /// `open`, `used_up`, `expired` or `revoked`.
    #[schema(value_type = String)]
    state: InvitationState,
    /// The email of who made it.
    created_by: String,
    /// Milliseconds since the Unix epoch, as the other times.
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id.to_string(),
            project_id: invitation.project_id.map(|id| id.to_string()),
            role: invitation.role,
            email: invitation.email,
            is_mailed: invitation.is_mailed,
            most_uses: invitation.most_uses,
            uses: invitation.uses,
            state: invitation.state,
            created_by: invitation.created_by_email,
            created_at: invitation.created_at.0,
            expires_at: invitation.expires_at.0,
            last_used_at: invitation.last_used_at.map(|at| at.0),
        }
    }
}

/// An invitation with its link, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitationWithLink {
    #[serde(flatten)]
    invitation: InvitationView,
    /// Whoever opens it may join; null: it went out by mail and is shown to nobody.
    url: Option<String>,
}

/// What may be wished of any invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InvitationInput {
    /// 1 to 1,000 people; left out: one.
    #[schema(minimum = 1, maximum = 1000)]
    most_uses: Option<i64>,
    /// An hour to 30 days, in seconds; left out: 7 days. It ends with the key that makes it in any case.
    #[schema(minimum = 3600, maximum = 2_592_000)]
    valid_seconds: Option<i64>,
    /// The one whose account may use it, once; left out: whoever has the link.
    email: Option<String>,
    /// Sends the link to `email` and shows it to nobody, where the instance sends mail.
    #[serde(default)]
    is_mailed: bool,
}

impl From<InvitationInput> for NewInvitation {
    fn from(input: InvitationInput) -> Self {
        Self {
            most_uses: input.most_uses,
            valid_seconds: input.valid_seconds,
            email: input.email,
            is_mailed: input.is_mailed,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectInvitationInput {
    /// What they are in the project: `viewer`, `developer`, `admin` or `owner`, and no more than the key.
    #[schema(value_type = RoleName)]
    role: Role,
    /// 1 to 1,000 people, one for an owner; left out: one.
    #[schema(minimum = 1, maximum = 1000)]
    most_uses: Option<i64>,
    /// An hour to 30 days, in seconds; left out: 7 days. It ends with the key that makes it in any case.
    #[schema(minimum = 3600, maximum = 2_592_000)]
    valid_seconds: Option<i64>,
    /// The one whose account may use it, once; left out: whoever has the link.
    email: Option<String>,
    /// Sends the link to `email` and shows it to nobody, where the instance sends mail.
    #[serde(default)]
    is_mailed: bool,
}

pub(super) type MadeInvitation = (
    StatusCode,
    [(HeaderName, &'static str); 1],
    Json<InvitationWithLink>,
);

/// An invitation that was just made, with its link shown or sent.
pub(super) fn made(
    state: &AppState,
    (invitation, token): (Invitation, BearerSecret),
    project: Option<&str>,
) -> MadeInvitation {
    let invitations = &state.services.invitations;
    let body = InvitationWithLink {
        url: invitations.hand_over(&invitation, &token, project),
        invitation: invitation.into(),
    };
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (StatusCode::CREATED, no_store, Json(body))
}

/// Lists the invitations to the project, newest first, without their links; those that have ended for 30
/// days.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/invitations", tag = "invitations",
    params(("project_id" = String, Path), ("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<InvitationView>), (status = 403, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    page: Page,
) -> Result<Json<List<InvitationView>>, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let all = state.services.invitations.list(&access).await?;
    Ok(Json(page.of(all, |one| one.id.to_string())))
}

/// Invites people to the project: the link is in this answer and nowhere else, or goes out by mail.
#[utoipa::path(post, path = "/api/v1/projects/{project_id}/invitations", tag = "invitations",
    params(("project_id" = String, Path)), request_body = ProjectInvitationInput,
    responses((status = 201, body = InvitationWithLink), (status = 403, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody),
        (status = 429, body = ErrorBody, description = "Very many invitations were mailed in a short time.")))]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<ProjectInvitationInput>,
) -> Result<MadeInvitation, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let new = NewInvitation {
        most_uses: input.most_uses,
        valid_seconds: input.valid_seconds,
        email: input.email,
        is_mailed: input.is_mailed,
    };
    let services = &state.services;
    services.invitations.can_hand_over(&new)?;
    let project = services.projects.get(&access.as_viewer()).await?;
    let proof = proof(&actor)?;
    let invitation = services
        .invitations
        .create(&access, input.role, &new, Some(&proof))
        .await?;
    Ok(made(&state, invitation, Some(&project.name)))
}

/// Takes an invitation back: its link works no more. Who has joined by it stays.
#[utoipa::path(delete, path = "/api/v1/projects/{project_id}/invitations/{invitation_id}",
    tag = "invitations",
    params(("project_id" = String, Path), ("invitation_id" = String, Path)),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, invitation_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let id = InvitationId::from(invitation_id);
    state.services.invitations.revoke(&access, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
