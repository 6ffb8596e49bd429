//! The instance: who has an account on it, and how people sign in.

use super::{Operation, Who};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "instance.look",
        "Instance",
        Who::Anyone,
        "See what the instance is called, who is signed in, and the docs.",
    )
    .pages(&["load_instance", "load_me", "load_roles", "load_reference"])
    .routes(&["GET /api/v1/openapi.json"]),
    Operation::new(
        "instance.sign_in",
        "Instance",
        Who::Anyone,
        "Sign in, sign up where that is open, and get back into an account.",
    )
    .forms(&[
        "POST /sign-in",
        "POST /sign-in/passkey",
        "POST /sign-in/passkey/challenge",
        "POST /sign-in/second-step",
        "POST /sign-in/second-step/challenge",
        "POST /sign-in/second-step/passkey",
        "POST /sign-in/with/{provider}",
        "POST /sign-up",
        "POST /recover",
        "POST /recover/code",
        "POST /recover/reset",
    ]),
    Operation::new(
        "instance.prove",
        "Instance",
        Who::SignedIn,
        "Show once more who one is.",
    )
    .forms(&[
        "POST /confirm",
        "POST /confirm/challenge",
        "POST /confirm/passkey",
    ]),
    Operation::new(
        "instance.health",
        "Instance",
        Who::InstanceOwner,
        "See how the instance is, and have it send a mail.",
    )
    .pages(&["load_health", "send_test_mail"])
    .routes(&["GET /api/v1/instance", "POST /api/v1/instance/test-mail"]),
    Operation::new(
        "accounts.read",
        "Instance",
        Who::InstanceOwner,
        "See the accounts of the instance and the invitations to it.",
    )
    .pages(&["list_accounts"])
    .routes(&[
        "GET /api/v1/instance/accounts",
        "GET /api/v1/instance/accounts/{user_id}",
    ]),
    Operation::new(
        "accounts.write",
        "Instance",
        Who::InstanceOwner,
        "Disable and enable accounts, sign them out, and make them owners of the instance or none; to \
            enable one or to change who is an owner takes a proof.",
    )
    .with_proof()
    .pages(&[
        "disable_account",
        "enable_account",
        "sign_out_account",
        "set_instance_owner",
    ])
    .routes(&[
        "PATCH /api/v1/instance/accounts/{user_id}",
        "POST /api/v1/instance/accounts/{user_id}/sign-out",
    ]),
    Operation::new(
        "accounts.reset",
        "Instance",
        Who::InstanceOwner,
        "Make a link that resets the password of an account, with a proof.",
    )
    .with_proof()
    .pages(&["make_reset_link"])
    .routes(&["POST /api/v1/instance/accounts/{user_id}/reset-link"]),
    Operation::new(
        "instance.invitations",
        "Instance",
        Who::InstanceOwner,
        "Invite people to an account on the instance, with a proof, and take invitations back.",
    )
    .with_proof()
    .pages(&["invite_to_instance", "revoke_instance_invitation"])
    .routes(&[
        "GET /api/v1/instance/invitations",
        "POST /api/v1/instance/invitations",
        "DELETE /api/v1/instance/invitations/{invitation_id}",
    ]),
    Operation::new(
        "instance.settings",
        "Instance",
        Who::InstanceOwner,
        "See who may sign up, whether a second factor is asked of everybody and whether clients may \
            introduce themselves, and change it with a proof.",
    )
    .with_proof()
    .pages(&["load_settings", "set_sign_up", "set_switch"])
    .routes(&[
        "GET /api/v1/instance/settings",
        "PATCH /api/v1/instance/settings",
    ]),
    Operation::new(
        "providers.read",
        "Instance",
        Who::InstanceOwner,
        "See the providers that people sign in with, without their secrets.",
    )
    .pages(&["list_providers", "load_provider"])
    .routes(&[
        "GET /api/v1/instance/providers",
        "GET /api/v1/instance/providers/{provider_id}",
    ]),
    Operation::new(
        "providers.write",
        "Instance",
        Who::InstanceOwner,
        "Set up, change and delete providers that people sign in with; with a proof.",
    )
    .with_proof()
    .pages(&["save_provider", "delete_provider"])
    .routes(&[
        "POST /api/v1/instance/providers",
        "PATCH /api/v1/instance/providers/{provider_id}",
        "DELETE /api/v1/instance/providers/{provider_id}",
    ]),
    Operation::new(
        "instance.audit",
        "Instance",
        Who::InstanceOwner,
        "See what was done on the whole instance.",
    )
    .pages(&["instance_audit"])
    .routes(&["GET /api/v1/instance/audit"]),
];
