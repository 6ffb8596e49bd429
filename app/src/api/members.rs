//! Who is in a project, with which role, and inviting others.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    UiError, When,
    lists::{ListQuery, Place},
};

/// A person in the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub user_id: String,
    pub email: String,
    pub role: String,
    pub joined: When,
    pub is_enabled: bool,
    /// Told to admins.
    pub has_second_factor: Option<bool>,
    pub last_used: Option<When>,
    pub is_me: bool,
    /// Whether the reader may change their role and remove them.
    pub is_manageable: bool,
}

/// An invitation, without its link, which was shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    pub id: String,
    /// `None`: an account on the instance and nothing else.
    pub role: Option<String>,
    pub email: Option<String>,
    /// `open`, `used up`, `expired`, `revoked`
    pub state: String,
    pub is_open: bool,
    pub uses: i64,
    pub most_uses: i64,
    pub created_by: String,
    pub created: When,
    pub expires: When,
}

/// All that the page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberList {
    /// Those of the page.
    pub members: Vec<MemberRow>,
    pub place: Place,
    /// The one that was asked about by id, on whatever page they are.
    pub about: Option<MemberRow>,
    /// What admins see besides.
    pub invitations: Option<Vec<InvitationRow>>,
    /// The roles that the reader may give, from the lowest; empty for who gives none.
    pub roles: Vec<String>,
    pub my_role: String,
    pub requires_second_factor: bool,
    pub sends_mail: bool,
}

/// A link that is shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    /// `None`: it was sent and is shown to nobody.
    pub url: Option<String>,
    pub sent_to: Option<String>,
    pub expires: When,
}

impl std::fmt::Debug for NewLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewLink")
            .field("url", &"redacted")
            .field("sent_to", &self.sent_to)
            .finish_non_exhaustive()
    }
}

/// What a person's leaving ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    pub email: String,
    pub is_me: bool,
    /// `2 connections of Claude and other clients`; one for each kind that there is.
    pub what: Vec<String>,
}

/// Members whose email or role holds every word.
#[server(endpoint = "list_members")]
pub async fn list_members(
    project_id: String,
    #[server(default)] query: ListQuery,
    #[server(default)] about: Option<String>,
) -> Result<MemberList, UiError> {
    use crate::ssr::{access, members};
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    let about = about.map(Into::into);
    members::list(&services, &access, &query, about.as_ref()).await
}

/// Invites somebody: by a link that is shown once, or by mail where an address is given and the
/// instance sends mail.
#[server(endpoint = "invite_member")]
pub async fn invite_member(
    project_id: String,
    role: String,
    email: String,
    /// Whether the link goes there and is shown to nobody.
    #[server(default)]
    by_mail: bool,
    /// One, where it is not said.
    #[server(default)]
    most_uses: Option<i64>,
    valid_days: i64,
) -> Result<NewLink, UiError> {
    use crate::ssr::{access, members, proof};
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    let new = members::wish(&email, by_mail, most_uses, valid_days);
    let role = members::role(&role)?;
    let invitations = &services.invitations;
    invitations.can_hand_over(&new)?;
    let made = invitations
        .create(&access, role, &new, proof().await?.as_ref())
        .await?;
    let project = services.projects.get(&access.as_viewer()).await?;
    Ok(members::new_link(&services, made, Some(&project.name)))
}

#[server(endpoint = "revoke_invitation")]
pub async fn revoke_invitation(project_id: String, invitation_id: String) -> Result<(), UiError> {
    use crate::ssr::access;
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    let invitations = &services.invitations;
    invitations.revoke(&access, &invitation_id.into()).await?;
    Ok(())
}

#[server(endpoint = "set_member_role")]
pub async fn set_member_role(
    project_id: String,
    user_id: String,
    role: String,
) -> Result<(), UiError> {
    use crate::ssr::{access, members, proof};
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    let role = members::role(&role)?;
    services
        .members
        .set_role(&access, &user_id.into(), role, proof().await?.as_ref())
        .await?;
    Ok(())
}

/// What ends when a person goes, for who asks before it is done.
#[server(endpoint = "what_removal_ends")]
pub async fn what_removal_ends(project_id: String, user_id: String) -> Result<Ends, UiError> {
    use crate::ssr::{access, members};
    use domain::members::Viewer;
    let (services, access) = access::<Viewer>(project_id).await?;
    members::ends(&services, &access, &user_id.into()).await
}

#[server(endpoint = "remove_member")]
pub async fn remove_member(project_id: String, user_id: String) -> Result<(), UiError> {
    use crate::ssr::{access, proof, visit};
    use domain::members::Admin;
    let (services, access) = access::<Admin>(project_id).await?;
    let proof = proof().await?;
    let members = &services.members;
    members
        .remove(&access, &user_id.into(), proof.as_ref(), &visit())
        .await?;
    leptos_axum::redirect(&format!("/projects/{}/members", access.project_id()));
    Ok(())
}

/// Ends the reader's own membership.
#[server(endpoint = "leave_project")]
pub async fn leave_project(project_id: String) -> Result<(), UiError> {
    use crate::ssr::{actor, services, visit};
    let actor = actor().await?;
    let members = &services().members;
    members.leave(&actor, &project_id.into(), &visit()).await?;
    leptos_axum::redirect("/projects");
    Ok(())
}

/// Makes another member the owner; the reader stays as an admin.
#[server(endpoint = "transfer_project")]
pub async fn transfer_project(project_id: String, user_id: String) -> Result<(), UiError> {
    use crate::ssr::fresh_access;
    use domain::members::Owner;
    let (services, access, fresh) = fresh_access::<Owner>(project_id).await?;
    let members = &services.members;
    members
        .transfer(&access, &user_id.into(), Some(&fresh))
        .await?;
    leptos_axum::redirect(&format!("/projects/{}/members", access.project_id()));
    Ok(())
}

/// Opens the project to accounts with a second factor only, or to all of its members.
#[server(endpoint = "require_second_factor")]
pub async fn require_second_factor(
    project_id: String,
    #[server(default)] is_on: bool,
) -> Result<(), UiError> {
    use crate::ssr::fresh_access;
    use domain::members::Owner;
    let (services, access, fresh) = fresh_access::<Owner>(project_id).await?;
    let members = &services.members;
    members
        .require_second_factor(&access, is_on, Some(&fresh))
        .await?;
    Ok(())
}
