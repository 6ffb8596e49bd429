//! The instance and the server that it runs on.

use super::{Operation, Who};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "instance.look",
        "Instance",
        Who::Anyone,
        "See what the instance is called and who is signed in.",
    )
    .pages(&["load_instance", "load_me"])
    .routes(&["GET /api/v1/openapi.json"]),
    Operation::new(
        "accounts.read",
        "Instance",
        Who::InstanceOwner,
        "See the accounts of the instance.",
    )
    .pages(&["list_accounts"])
    .routes(&["GET /api/v1/instance/accounts"]),
    Operation::new(
        "accounts.write",
        "Instance",
        Who::InstanceOwner,
        "Disable and enable accounts, and sign them out.",
    )
    .pages(&["set_account_enabled", "sign_account_out"])
    .routes(&[
        "PATCH /api/v1/instance/accounts/{user_id}",
        "DELETE /api/v1/instance/accounts/{user_id}/sessions",
    ]),
    Operation::new(
        "instance.owners",
        "Instance",
        Who::InstanceOwner,
        "Make accounts owners of the instance, or make them none.",
    )
    .with_proof()
    .pages(&["set_instance_owner"])
    .routes(&[
        "POST /api/v1/instance/owners",
        "DELETE /api/v1/instance/owners/{user_id}",
    ]),
    Operation::new(
        "instance.invitations",
        "Instance",
        Who::InstanceOwner,
        "Invite people to an account on the instance, and take invitations back.",
    )
    .pages(&[
        "list_instance_invitations",
        "invite_to_instance",
        "revoke_instance_invitation",
    ])
    .routes(&[
        "GET /api/v1/instance/invitations",
        "POST /api/v1/instance/invitations",
        "DELETE /api/v1/instance/invitations/{invitation_id}",
    ]),
    Operation::new(
        "server.run",
        "Server",
        Who::Operator,
        "Run the server and bring its database up to date.",
    )
    .commands(&["serve", "migrate"]),
    Operation::new(
        "server.bootstrap",
        "Server",
        Who::Operator,
        "Make an account, a project, its tools and an integration in one go.",
    )
    .commands(&["bootstrap"]),
    Operation::new(
        "server.keys",
        "Server",
        Who::Operator,
        "Replace the keys that tokens are signed with, and the master key.",
    )
    .commands(&["keys rotate", "keys rotate-master"]),
    Operation::new(
        "server.users",
        "Server",
        Who::Operator,
        "List, disable and enable accounts, and make one an owner of the instance.",
    )
    .commands(&[
        "user list",
        "user disable",
        "user enable",
        "user make-owner",
    ]),
];
