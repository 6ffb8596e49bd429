//! What is one's own: projects to make, the account, ways to sign in, sessions.

use super::{Operation, Role, Who};

/// What a key of the account must not be enough for that was made for some small thing.
const ITS_OWN: Who = Who::Account(Role::Admin);

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "projects.list",
        "One's own",
        Who::SignedIn,
        "See the projects that one is a member of.",
    )
    .pages(&["list_projects"])
    .routes(&["GET /api/v1/projects"]),
    Operation::new(
        "projects.create",
        "One's own",
        Who::Account(Role::Owner),
        "Make a project, which one owns then.",
    )
    .pages(&["create_project"])
    .routes(&["POST /api/v1/projects"]),
    Operation::new(
        "connections.list_own",
        "One's own",
        ITS_OWN,
        "See one's own connections in every project.",
    )
    .pages(&["list_connected_apps"])
    .routes(&["GET /api/v1/account/connections"]),
    Operation::new(
        "connections.end_own",
        "One's own",
        ITS_OWN,
        "End one's own connections.",
    )
    .pages(&["end_own_connection"])
    .routes(&["DELETE /api/v1/account/connections/{connection_id}"]),
    Operation::new(
        "account.who",
        "One's own",
        Who::SignedIn,
        "See who a key speaks for.",
    )
    .routes(&["GET /api/v1/account"]),
    Operation::new(
        "account.read",
        "One's own",
        ITS_OWN,
        "See one's account: its address, its ways to sign in, what was done to it.",
    )
    .pages(&["load_profile", "load_security", "account_audit"])
    .routes(&[
        "GET /api/v1/account/identities",
        "GET /api/v1/account/passkeys",
        "GET /api/v1/account/second-factors",
        "GET /api/v1/account/audit",
    ]),
    Operation::new(
        "account.write",
        "One's own",
        Who::SignedIn,
        "Change one's address and password, with a proof, and show that the address is one's own.",
    )
    .with_proof()
    .pages(&["change_password", "change_email", "verify_email"])
    .forms(&["POST /confirm-email"]),
    Operation::new(
        "account.ways_in",
        "One's own",
        Who::SignedIn,
        "Add, name and remove passkeys, an authenticator app, recovery codes and accounts at \
            providers; with a proof for all but a name.",
    )
    .with_proof()
    .pages(&[
        "rename_passkey",
        "remove_passkey",
        "remove_totp",
        "unlink_identity",
    ])
    .forms(&[
        "POST /account/passkeys",
        "POST /account/passkeys/challenge",
        "POST /account/authenticator",
        "POST /account/recovery-codes",
    ]),
    Operation::new(
        "account.keys",
        "One's own",
        ITS_OWN,
        "Make keys of one's account, with a proof, see them and end them.",
    )
    .with_proof()
    .pages(&[
        "list_own_api_keys",
        "create_own_api_key",
        "revoke_own_api_key",
    ])
    .routes(&[
        "GET /api/v1/account/api-keys",
        "POST /api/v1/account/api-keys",
        "DELETE /api/v1/account/api-keys/{key_id}",
    ]),
    Operation::new(
        "sessions.list",
        "One's own",
        ITS_OWN,
        "See where one is signed in.",
    )
    .pages(&["list_sessions"])
    .routes(&["GET /api/v1/account/sessions"]),
    Operation::new(
        "sessions.end",
        "One's own",
        ITS_OWN,
        "Sign one's browsers out, one or all.",
    )
    .pages(&["end_session", "end_other_sessions"])
    .forms(&["POST /sign-out"])
    .routes(&[
        "DELETE /api/v1/account/sessions",
        "DELETE /api/v1/account/sessions/{session_id}",
    ]),
    Operation::new(
        "account.export",
        "One's own",
        Who::Account(Role::Owner),
        "Download all that is stored about oneself, with a proof.",
    )
    .with_proof()
    .forms(&["POST /account/export"])
    .routes(&["GET /api/v1/account/export"]),
    Operation::new(
        "account.delete",
        "One's own",
        Who::SignedIn,
        "Delete one's account, with a proof.",
    )
    .with_proof()
    .pages(&["delete_account"]),
];
