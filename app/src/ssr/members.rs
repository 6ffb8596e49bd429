//! Members and invitations, as pages see them.

use domain::{
    Error, Services,
    clock::Timestamp,
    crypto::BearerSecret,
    ids::UserId,
    invitations::{Invitation, InvitationState, NewInvitation},
    members::{Access, Admin, Member, Role, Viewer},
};

use super::{
    lists,
    when::{deadline, when},
};
use crate::{
    api::{
        UiError,
        lists::ListQuery,
        members::{Ends, InvitationRow, MemberList, MemberRow, NewLink},
    },
    counted::counted,
};

pub(crate) async fn list(
    services: &Services,
    access: &Access<Viewer>,
    query: &ListQuery,
    about: Option<&UserId>,
) -> Result<MemberList, UiError> {
    let now = services.core.now();
    let mine = access.role();
    let words = lists::words(query)?;
    let found = services.members.found(access, &words, query.page).await?;
    let shown = |member| row(member, access.user_id(), mine, now);
    let (members, place) = lists::shown(found, shown);
    let about = match about {
        None => None,
        Some(user) => match services.members.get(access, user).await {
            Ok(member) => Some(shown(member)),
            // They went meanwhile.
            Err(Error::NotFound(_)) => None,
            Err(other) => return Err(other.into()),
        },
    };
    let as_admin = services
        .members
        .access::<Admin>(access.actor(), access.project_id());
    let invitations = match as_admin.await {
        Ok(admin) => Some(services.invitations.list(&admin).await?),
        Err(Error::Forbidden(_)) => None,
        Err(other) => return Err(other.into()),
    };
    let roles = Role::ALL
        .iter()
        .filter(|role| mine >= Role::Admin && **role <= mine)
        .map(ToString::to_string)
        .collect();
    Ok(MemberList {
        members,
        place,
        about,
        invitations: invitations
            .map(|all| all.into_iter().map(|one| invitation(one, now)).collect()),
        roles,
        my_role: mine.to_string(),
        requires_second_factor: services.members.requires_second_factor(access).await?,
        sends_mail: services.core.mailer.is_configured(),
    })
}

fn row(member: Member, me: &UserId, mine: Role, now: Timestamp) -> MemberRow {
    let is_me = member.user_id == *me;
    MemberRow {
        is_manageable: !is_me && mine >= Role::Admin && member.role <= mine,
        is_me,
        user_id: member.user_id.to_string(),
        email: member.email,
        role: member.role.to_string(),
        joined: when(member.joined_at, now),
        is_enabled: member.is_enabled,
        has_second_factor: member.has_second_factor,
        last_used: member.last_used_at.map(|at| when(at, now)),
    }
}

pub(crate) fn invitation(invitation: Invitation, now: Timestamp) -> InvitationRow {
    InvitationRow {
        id: invitation.id.to_string(),
        role: invitation.role.map(|role| role.to_string()),
        email: invitation.email,
        state: match invitation.state {
            InvitationState::Open => "open",
            InvitationState::UsedUp => "used up",
            InvitationState::Expired => "expired",
            InvitationState::Revoked => "revoked",
        }
        .to_owned(),
        is_open: invitation.state == InvitationState::Open,
        uses: invitation.uses,
        most_uses: invitation.most_uses,
        created_by: invitation.created_by_email,
        created: when(invitation.created_at, now),
        expires: when(invitation.expires_at, now),
    }
}

/// What a form's fields wish for.
pub(crate) fn wish(
    email: &str,
    by_mail: bool,
    most_uses: Option<i64>,
    valid_days: i64,
) -> NewInvitation {
    let email = email.trim();
    NewInvitation {
        most_uses,
        valid_seconds: Some(valid_days.saturating_mul(86_400)),
        email: (!email.is_empty()).then(|| email.to_owned()),
        is_mailed: by_mail,
    }
}

pub(crate) fn role(text: &str) -> Result<Role, UiError> {
    text.parse()
        .map_err(|why: String| Error::invalid("role", why).into())
}

/// The link of an invitation, which is shown or sent here once.
pub(crate) fn new_link(
    services: &Services,
    (invitation, token): (Invitation, BearerSecret),
    project: Option<&str>,
) -> NewLink {
    let invitations = &services.invitations;
    let url = invitations.hand_over(&invitation, &token, project);
    NewLink {
        sent_to: invitation.email.filter(|_| url.is_none()),
        url,
        expires: deadline(invitation.expires_at, services.core.now()),
    }
}

pub(crate) async fn ends(
    services: &Services,
    access: &Access<Viewer>,
    user: &UserId,
) -> Result<Ends, UiError> {
    let ends = services.members.what_removal_ends(access, user).await?;
    let member = services.members.get(access, user).await?;
    let is_me = user == access.user_id();
    let (invitation, invitations) = match is_me {
        true => (
            "open invitation that you made",
            "open invitations that you made",
        ),
        false => (
            "open invitation that they made",
            "open invitations that they made",
        ),
    };
    let kinds = [
        (
            ends.connections,
            "connection of Claude or another client",
            "connections of Claude and other clients",
        ),
        (
            ends.accounts,
            "connected account at another server",
            "connected accounts at other servers",
        ),
        (ends.api_keys, "API key", "API keys"),
        (ends.invitations, invitation, invitations),
        (
            ends.open_links,
            "open link to the project that is for no one address: they may know it",
            "open links to the project that are for no one address: they may know them",
        ),
    ];
    Ok(Ends {
        email: member.email,
        is_me,
        what: kinds
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| {
                counted(usize::try_from(count).unwrap_or(usize::MAX), one, many)
            })
            .collect(),
    })
}
