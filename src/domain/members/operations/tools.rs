//! What a project is made of.

use super::{ADMIN, DEVELOPER, OWNER, Operation, VIEWER};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "projects.read",
        "Projects",
        VIEWER,
        "See the project and what is left to set up.",
    )
    .pages(&["load_project", "load_checklist", "load_project_end"])
    .routes(&["GET /api/v1/projects/{project_id}"]),
    Operation::new("projects.rename", "Projects", OWNER, "Rename the project.")
        .pages(&["rename_project"])
        .routes(&["PATCH /api/v1/projects/{project_id}"]),
    Operation::new(
        "projects.delete",
        "Projects",
        OWNER,
        "Delete the project with all that is in it.",
    )
    .with_proof()
    .pages(&["delete_project"])
    .routes(&["DELETE /api/v1/projects/{project_id}"]),
    Operation::new(
        "tools.read",
        "Tools",
        VIEWER,
        "See the tools and what a model would make of them.",
    )
    .pages(&[
        "list_tools",
        "load_tool",
        "load_playground",
        "lint_tool",
        "lint_project",
    ])
    .routes(&[
        "GET /api/v1/projects/{project_id}/tools",
        "GET /api/v1/projects/{project_id}/tools/{tool_id}",
        "GET /api/v1/projects/{project_id}/lint",
    ])
    .commands(&["tools lint"]),
    Operation::new(
        "tools.write",
        "Tools",
        DEVELOPER,
        "Register, change, enable, disable and delete tools.",
    )
    .pages(&[
        "save_tool",
        "set_tool_enabled",
        "set_tools_enabled",
        "set_found_tools_enabled",
        "delete_tool",
        "add_sample_tools",
    ])
    .routes(&[
        "POST /api/v1/projects/{project_id}/tools",
        "PATCH /api/v1/projects/{project_id}/tools/{tool_id}",
        "DELETE /api/v1/projects/{project_id}/tools/{tool_id}",
    ])
    .commands(&["tools apply", "tools diff", "tools export"]),
    Operation::new(
        "tools.call",
        "Tools",
        DEVELOPER,
        "Try a tool: see the request and send it.",
    )
    .pages(&["try_tool", "preview_tool"])
    .routes(&["POST /api/v1/projects/{project_id}/tools/{tool_id}/call"]),
    Operation::new(
        "tools.history",
        "Tools",
        VIEWER,
        "See the versions of a tool and what changed between them.",
    )
    .pages(&["load_history", "load_changes"])
    .routes(&[
        "GET /api/v1/projects/{project_id}/tools/{tool_id}/versions",
        "GET /api/v1/projects/{project_id}/tools/{tool_id}/versions/{number}",
        "GET /api/v1/projects/{project_id}/tools/{tool_id}/versions/{number}/changes-since/{other}",
    ]),
    Operation::new(
        "tools.restore",
        "Tools",
        DEVELOPER,
        "Make a tool what it was in an older version.",
    )
    .pages(&["restore_version"])
    .routes(&["POST /api/v1/projects/{project_id}/tools/{tool_id}/versions/{number}/restore"]),
    Operation::new(
        "tools.import",
        "Tools",
        DEVELOPER,
        "Make tools of an OpenAPI document or of a curl command.",
    )
    .pages(&["plan_import", "import_tools", "tool_from_curl"])
    .routes(&[
        "POST /api/v1/projects/{project_id}/tools/import",
        "POST /api/v1/projects/{project_id}/tools/from-curl",
    ])
    .commands(&["tools import"]),
    Operation::new(
        "catalog.read",
        "Tools",
        VIEWER,
        "See the catalog of tools over public APIs.",
    )
    .pages(&["load_catalog"])
    .routes(&["GET /api/v1/projects/{project_id}/catalog"]),
    Operation::new(
        "catalog.add",
        "Tools",
        DEVELOPER,
        "Add tools from the catalog.",
    )
    .pages(&["add_from_catalog"])
    .routes(&["POST /api/v1/projects/{project_id}/catalog"]),
    Operation::new(
        "calls.read",
        "Calls",
        VIEWER,
        "See the calls that were made, what was asked and answered, and what of it is kept.",
    )
    .pages(&[
        "recent_calls",
        "list_calls",
        "load_call",
        "count_calls",
        "load_kept_details",
    ])
    .routes(&[
        "GET /api/v1/projects/{project_id}/calls",
        "GET /api/v1/projects/{project_id}/calls/{call_id}",
        "GET /api/v1/projects/{project_id}/call-details",
    ]),
    Operation::new(
        "calls.keep",
        "Calls",
        ADMIN,
        "Choose what is kept of calls: all, failures or nothing.",
    )
    .pages(&["keep_details"])
    .routes(&["PATCH /api/v1/projects/{project_id}/call-details"]),
    Operation::new(
        "vault.read",
        "Vault",
        VIEWER,
        "See the names of the secrets and where each may be sent, never a value.",
    )
    .pages(&["list_vault", "load_vault_secret", "vault_names"])
    .routes(&[
        "GET /api/v1/projects/{project_id}/vault",
        "GET /api/v1/projects/{project_id}/vault/{secret_id}",
    ])
    .commands(&["vault list"]),
    Operation::new(
        "vault.write",
        "Vault",
        ADMIN,
        "Keep secrets, and replace and delete them, which takes a proof.",
    )
    .with_proof()
    .pages(&["save_vault_secret", "delete_vault_secret"])
    .routes(&[
        "POST /api/v1/projects/{project_id}/vault",
        "PATCH /api/v1/projects/{project_id}/vault/{secret_id}",
        "DELETE /api/v1/projects/{project_id}/vault/{secret_id}",
    ])
    .commands(&["vault set", "vault delete"]),
    Operation::new(
        "integrations.read",
        "Integrations",
        VIEWER,
        "See the integrations, their connections and what happened on the way to them.",
    )
    .pages(&[
        "list_integrations",
        "load_integration",
        "list_offered_tools",
    ])
    .routes(&[
        "GET /api/v1/projects/{project_id}/integrations",
        "GET /api/v1/projects/{project_id}/integrations/{integration_id}",
        "GET /api/v1/projects/{project_id}/integrations/{integration_id}/secrets",
        "GET /api/v1/projects/{project_id}/integrations/{integration_id}/connections",
        "GET /api/v1/projects/{project_id}/integrations/{integration_id}/events",
    ]),
    Operation::new(
        "integrations.write",
        "Integrations",
        ADMIN,
        "Make, change and delete integrations; to delete one, or to let a secret alone be enough, \
            takes a proof.",
    )
    .with_proof()
    .pages(&[
        "create_integration",
        "set_integration_active",
        "set_redirect_uris",
        "add_redirect_uri",
        "set_offered_tools",
        "set_approval",
        "set_client_credentials",
        "set_self_registered",
        "dismiss_refusal",
        "delete_integration",
    ])
    .routes(&[
        "POST /api/v1/projects/{project_id}/integrations",
        "PATCH /api/v1/projects/{project_id}/integrations/{integration_id}",
        "DELETE /api/v1/projects/{project_id}/integrations/{integration_id}",
    ]),
    Operation::new(
        "integrations.secrets",
        "Integrations",
        ADMIN,
        "Replace the secret of an integration, which takes a proof, and end one.",
    )
    .with_proof()
    .pages(&["rotate_secret", "end_secret"])
    .routes(&[
        "POST /api/v1/projects/{project_id}/integrations/{integration_id}/rotate-secret",
        "DELETE /api/v1/projects/{project_id}/integrations/{integration_id}/secrets/{secret_id}",
    ]),
    Operation::new(
        "connections.end",
        "Integrations",
        ADMIN,
        "End the connections of an integration, one or all.",
    )
    .pages(&["end_connection", "disconnect_everything"])
    .routes(&[
        "DELETE /api/v1/projects/{project_id}/integrations/{integration_id}/connections/{connection_id}",
        "DELETE /api/v1/projects/{project_id}/integrations/{integration_id}/connections",
    ]),
    Operation::new(
        "upstream.connect",
        "Vault",
        VIEWER,
        "Connect one's own account at another server, for tools that act on one's behalf, and \
            disconnect it.",
    )
    .forms(&["POST /connect/{id}", "POST /connect/{id}/disconnect"]),
    Operation::new(
        "api_keys.read",
        "API keys",
        ADMIN,
        "See the project's API keys, without their secrets.",
    )
    .pages(&["list_api_keys"])
    .routes(&["GET /api/v1/projects/{project_id}/api-keys"]),
    Operation::new(
        "api_keys.write",
        "API keys",
        ADMIN,
        "Make API keys up to one's own role, with a proof, and end them. A key that one made oneself \
            one ends with any role.",
    )
    .with_proof()
    .pages(&["create_api_key", "revoke_api_key"])
    .routes(&[
        "POST /api/v1/projects/{project_id}/api-keys",
        "DELETE /api/v1/projects/{project_id}/api-keys/{key_id}",
    ]),
];
