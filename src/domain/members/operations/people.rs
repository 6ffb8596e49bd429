//! People: the members of a project, and invitations to it.

use super::{ADMIN, OWNER, Operation, VIEWER, Who};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "members.read",
        "Members",
        VIEWER,
        "See who the members are, what their roles are, and whether a second factor is asked of them.",
    )
    .pages(&["list_members"])
    .routes(&[
        "GET /api/v1/projects/{project_id}/members",
        "GET /api/v1/projects/{project_id}/security",
    ]),
    Operation::new(
        "members.preview",
        "Members",
        VIEWER,
        "See what would end with one's own membership, and as an admin with anybody's.",
    )
    .pages(&["what_removal_ends"])
    .routes(&["GET /api/v1/projects/{project_id}/members/{user_id}/removal"]),
    Operation::new("members.leave", "Members", VIEWER, "Leave the project.")
        .pages(&["leave_project"]),
    Operation::new(
        "members.set_role",
        "Members",
        ADMIN,
        "Change a member's role; only owners manage owners, and to make an admin or an \
            owner takes a proof.",
    )
    .with_proof()
    .pages(&["set_member_role"])
    .routes(&["PATCH /api/v1/projects/{project_id}/members/{user_id}"]),
    Operation::new(
        "members.remove",
        "Members",
        ADMIN,
        "Remove a member with their connections, accounts, keys and invitations, and with the \
            links that are open to anybody; only owners remove owners, with a proof.",
    )
    .with_proof()
    .pages(&["remove_member"])
    .routes(&["DELETE /api/v1/projects/{project_id}/members/{user_id}"]),
    Operation::new(
        "members.transfer",
        "Members",
        OWNER,
        "Make another member the owner in one's own place.",
    )
    .with_proof()
    .pages(&["transfer_project"])
    .routes(&["POST /api/v1/projects/{project_id}/transfer"]),
    Operation::new(
        "members.second_factor",
        "Members",
        OWNER,
        "Open the project only to accounts with a second factor.",
    )
    .with_proof()
    .pages(&["require_second_factor"])
    .routes(&["PATCH /api/v1/projects/{project_id}/security"]),
    Operation::new(
        "audit.read",
        "Members",
        ADMIN,
        "See what was done to the project's people, keys and secrets.",
    )
    .pages(&["project_audit"])
    .routes(&["GET /api/v1/projects/{project_id}/audit"]),
    Operation::new(
        "invitations.read",
        "Invitations",
        ADMIN,
        "See the invitations to the project, without their links.",
    )
    .routes(&["GET /api/v1/projects/{project_id}/invitations"]),
    Operation::new(
        "invitations.write",
        "Invitations",
        ADMIN,
        "Invite people with a role up to one's own, and take invitations back; to invite \
            an admin, an owner or several people takes a proof.",
    )
    .with_proof()
    .pages(&["invite_member", "revoke_invitation"])
    .routes(&[
        "POST /api/v1/projects/{project_id}/invitations",
        "DELETE /api/v1/projects/{project_id}/invitations/{invitation_id}",
    ]),
    Operation::new(
        "invitations.accept",
        "Invitations",
        Who::SignedIn,
        "Accept an invitation, with its link. Whoever has the link sees what it is for.",
    )
    .forms(&["POST /invite/{token}"]),
];
