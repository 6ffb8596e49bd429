//! /api/v1/projects/{project_id}/members

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    Error,
    ids::UserId,
    members::{Admin, Ends, Member, Role, Viewer},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller, List, Page,
    auth::{access, proof},
    error::ErrorBody,
    words::RoleName,
};
use crate::{middleware::Visitor, state::AppState};

/// A person in a project.
#[derive(Serialize, ToSchema)]
pub(super) struct MemberView {
    user_id: String,
    email: String,
    /// `viewer`, `developer`, `admin` or `owner`.
    #[schema(value_type = RoleName)]
    role: Role,
    /// Milliseconds since the Unix epoch, as the other times.
    joined_at: i64,
    /// Whether their account is: one that is disabled may do nothing.
    is_enabled: bool,
    /// Told to admins; null for a key below.
    has_second_factor: Option<bool>,
    /// When a connection of theirs to the project was last used, to the minute; told to admins.
    last_used_at: Option<i64>,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user_id.to_string(),
            email: member.email,
            role: member.role,
            joined_at: member.joined_at.0,
            is_enabled: member.is_enabled,
            has_second_factor: member.has_second_factor,
            last_used_at: member.last_used_at.map(|at| at.0),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberRoleInput {
    /// `viewer`, `developer`, `admin` or `owner`, and no more than the key's own.
    #[schema(value_type = RoleName)]
    role: Role,
}

/// What ends with a membership, counted as far as it still works.
#[derive(Serialize, ToSchema)]
pub(super) struct EndsView {
    /// Of Claude and other clients, to the project's integrations.
    connections: u64,
    /// At other servers, which they connected for the project's tools.
    connected_accounts: u64,
    /// Keys of this project that they made.
    api_keys: u64,
    /// Invitations to this project that they made.
    invitations: u64,
    /// Where somebody else removes them: the open links to this project that are for nobody in
    /// particular, whoever made them.
    open_links: u64,
}

impl From<Ends> for EndsView {
    fn from(ends: Ends) -> Self {
        Self {
            connections: ends.connections,
            connected_accounts: ends.accounts,
            api_keys: ends.api_keys,
            invitations: ends.invitations,
            open_links: ends.open_links,
        }
    }
}

/// Lists the members of the project, who came first first.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/members", tag = "members",
    params(("project_id" = String, Path), ("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<MemberView>), (status = 404, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    page: Page,
) -> Result<Json<List<MemberView>>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let members = state.services.members.list(&access).await?;
    // As wide as any moment is, so that the order of the texts is theirs.
    let key = |member: &Member| format!("{:020} {}", member.joined_at.0, member.user_id);
    Ok(Json(page.of(members, key)))
}

/// Gives a member another role, from the next request on. Only an owner's key manages owners; the last
/// owner stays one.
#[utoipa::path(patch, path = "/api/v1/projects/{project_id}/members/{user_id}", tag = "members",
    params(("project_id" = String, Path), ("user_id" = String, Path)), request_body = MemberRoleInput,
    responses((status = 200, body = MemberView), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "This is the project's last owner."),
        (status = 422, body = ErrorBody)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, user_id)): Path<(String, String)>,
    ApiJson(input): ApiJson<MemberRoleInput>,
) -> Result<Json<MemberView>, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let members = &state.services.members;
    let (user, proof) = (UserId::from(user_id), proof(&actor)?);
    let member = members
        .set_role(&access, &user, input.role, Some(&proof))
        .await?;
    Ok(Json(member.into()))
}

/// Removes a member with all that rests on the membership, from the next request on, and tells what
/// that was. Open links to the project that are for nobody in particular end too: they may know them. Only an owner's key removes owners; the last owner stays. A key of the member's own ends
/// with it.
#[utoipa::path(delete, path = "/api/v1/projects/{project_id}/members/{user_id}", tag = "members",
    params(("project_id" = String, Path), ("user_id" = String, Path)),
    responses((status = 200, body = EndsView), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody, description = "This is the project's last owner.")))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    visitor: Visitor,
    Path((project_id, user_id)): Path<(String, String)>,
) -> Result<Json<EndsView>, ApiError> {
    let access = access::<Admin>(&state, &actor, project_id).await?;
    let members = &state.services.members;
    let (user, proof) = (UserId::from(user_id), proof(&actor)?);
    let ended = members
        .remove(&access, &user, Some(&proof), &visitor.visit)
        .await?;
    Ok(Json(ended.into()))
}

/// Tells what would end with a membership; anybody's for an admin's key, else that of whoever made the
/// key.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/members/{user_id}/removal", tag = "members",
    params(("project_id" = String, Path), ("user_id" = String, Path)),
    responses((status = 200, body = EndsView), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody)))]
pub(super) async fn removal(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, user_id)): Path<(String, String)>,
) -> Result<Json<EndsView>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let members = &state.services.members;
    let user = UserId::from(user_id);
    let ends = members.what_removal_ends(&access, &user).await?;
    let all = members.list(&access).await?;
    if !all.iter().any(|member| member.user_id == user) {
        return Err(Error::NotFound("member").into());
    }
    Ok(Json(ends.into()))
}
