//! What each server function takes.

/// What a function takes, right enough to get past the question who may: `$name` is an id of the world.
type Form = &'static [(&'static str, &'static str)];

const PROJECT: Form = &[("project_id", "$project")];
const TOOL: Form = &[("project_id", "$project"), ("tool_id", "$tool")];
const INTEGRATION: Form = &[
    ("project_id", "$project"),
    ("integration_id", "$integration"),
];
const NOTHING: Form = &[];

pub fn input(function: &str) -> Form {
    match function {
        // What a project is made of.
        "load_project"
        | "load_checklist"
        | "load_project_end"
        | "list_tools"
        | "lint_project"
        | "add_sample_tools"
        | "load_catalog"
        | "recent_calls"
        | "list_calls"
        | "load_kept_details"
        | "list_vault"
        | "vault_names"
        | "list_integrations"
        | "list_members"
        | "list_api_keys"
        | "project_audit"
        | "leave_project"
        | "require_second_factor" => PROJECT,
        "count_calls" => &[("project_id", "$project"), ("by_day", "false")],
        "load_call" => &[("project_id", "$project"), ("call_id", "$call")],
        "keep_details" => &[("project_id", "$project"), ("keep", "none")],
        "load_tool" | "load_playground" | "lint_tool" | "load_history" => TOOL,
        "load_integration" | "list_offered_tools" | "set_approval" | "disconnect_everything" => {
            INTEGRATION
        }
        "rename_project" => &[("project_id", "$project"), ("name", "$name")],
        "delete_project" => &[("project_id", "$project"), ("confirm_name", "CRM")],
        "save_tool" => &[
            ("project_id", "$project"),
            ("tool_id", "new"),
            ("form[name]", "$name"),
            ("form[description]", "Finds a contact."),
            ("form[base_url]", "https://crm.example.com"),
            ("form[endpoint_path]", "/contacts"),
            ("form[http_method]", "GET"),
            ("form[auth_strategy]", "none"),
            ("form[timeout_ms]", "1000"),
            ("form[max_response_bytes]", "4096"),
            ("form[max_retries]", "0"),
            ("form[is_enabled]", "true"),
        ],
        "set_tool_enabled" => &[
            ("project_id", "$project"),
            ("tool_id", "$tool"),
            ("is_enabled", "true"),
        ],
        "set_tools_enabled" => &[
            ("project_id", "$project"),
            ("tool_ids[]", "$tool"),
            ("is_enabled", "true"),
        ],
        "set_found_tools_enabled" => &[
            ("project_id", "$project"),
            ("text", "no tool is called so"),
            ("found", "0"),
            ("is_enabled", "true"),
        ],
        "delete_tool" => &[("project_id", "$project"), ("tool_id", "$spare_tool")],
        "try_tool" => &[
            ("project_id", "$project"),
            ("tool_id", "$tool"),
            ("send", "true"),
        ],
        "preview_tool" => &[
            ("project_id", "$project"),
            ("tool_id", "new"),
            ("form[name]", "$name"),
            ("form[is_enabled]", "true"),
        ],
        "load_changes" => &[
            ("project_id", "$project"),
            ("tool_id", "$tool"),
            ("from", "1"),
            ("to", "1"),
        ],
        "restore_version" => &[
            ("project_id", "$project"),
            ("tool_id", "$tool"),
            ("number", "1"),
        ],
        "plan_import" | "import_tools" => &[
            ("project_id", "$project"),
            ("form[document]", super::super::routes::DOCUMENT),
            ("form[digest]", "$digest"),
            ("operations[0]", "GET /contacts (list)"),
        ],
        "tool_from_curl" => &[
            ("project_id", "$project"),
            ("command", "curl https://crm.example.com/contacts"),
        ],
        "add_from_catalog" => &[("project_id", "$project"), ("entry_id", "$entry")],
        "load_vault_secret" | "delete_vault_secret" => {
            &[("project_id", "$project"), ("secret_id", "$spare_secret")]
        }
        "save_vault_secret" => &[
            ("project_id", "$project"),
            ("secret_id", "new"),
            ("form[name]", "$name"),
            ("form[origins]", "https://crm.example.com"),
            ("form[value]", "s"),
            ("form[kind]", "static_bearer"),
        ],
        // Integrations.
        "create_integration" => &[
            ("project_id", "$project"),
            ("name", "$name"),
            ("is_public", "false"),
            ("is_automatic", "true"),
        ],
        "set_integration_active" => &[
            ("project_id", "$project"),
            ("integration_id", "$integration"),
            ("is_active", "true"),
        ],
        "set_redirect_uris" => &[
            ("project_id", "$project"),
            ("integration_id", "$integration"),
            ("redirect_uris", crate::app::CALLBACK),
        ],
        "add_redirect_uri" => &[
            ("project_id", "$project"),
            ("integration_id", "$integration"),
            ("redirect_uri", crate::app::CALLBACK),
        ],
        "set_offered_tools" => &[
            ("project_id", "$project"),
            ("integration_id", "$integration"),
            ("offer", "all"),
        ],
        "dismiss_refusal" => &[
            ("project_id", "$project"),
            ("integration_id", "$integration"),
            ("kind", "inactive"),
            ("seen_ms", "1"),
        ],
        "set_client_credentials" | "set_self_registered" => &[
            ("project_id", "$project"),
            ("integration_id", "$integration"),
            ("is_on", "true"),
        ],
        "delete_integration" => &[
            ("project_id", "$project"),
            ("integration_id", "$spare_integration"),
            ("confirm_name", "$last_name"),
        ],
        "rotate_secret" => &[
            ("project_id", "$project"),
            ("integration_id", "$spare_integration"),
            ("overlap_seconds", "0"),
        ],
        "end_secret" => &[
            ("project_id", "$project"),
            ("integration_id", "$rotated_integration"),
            ("secret_id", "$rotated_secret"),
        ],
        "end_connection" => &[
            ("project_id", "$project"),
            ("integration_id", "$integration"),
            ("grant_id", "$connection"),
        ],
        // People of a project.
        "what_removal_ends" => &[("project_id", "$project"), ("user_id", "$me")],
        "set_member_role" => &[
            ("project_id", "$project"),
            ("user_id", "$member"),
            ("role", "admin"),
        ],
        "remove_member" => &[("project_id", "$project"), ("user_id", "$spare_member")],
        "transfer_project" => &[("project_id", "$project"), ("user_id", "$member")],
        "invite_member" => &[
            ("project_id", "$project"),
            ("role", "admin"),
            ("email", ""),
            ("by_mail", "false"),
            ("most_uses", "1"),
            ("valid_days", "1"),
        ],
        "revoke_invitation" => &[
            ("project_id", "$project"),
            ("invitation_id", "$spare_invitation"),
        ],
        "create_api_key" => &[
            ("project_id", "$project"),
            ("name", "$name"),
            ("role", "admin"),
            ("expires_in_days", "1"),
        ],
        "revoke_api_key" => &[("project_id", "$project"), ("key_id", "$spare_key")],
        // One's own.
        "create_project" => &[("name", "$name")],
        "list_projects"
        | "list_connected_apps"
        | "load_profile"
        | "load_security"
        | "account_audit"
        | "list_own_api_keys"
        | "list_sessions"
        | "end_other_sessions"
        | "verify_email"
        | "remove_totp" => NOTHING,
        "end_own_connection" => &[("grant_id", "grt_none")],
        "change_password" => &[("password", "another battery entirely")],
        "change_email" => &[("email", "$email")],
        "rename_passkey" => &[("passkey_id", "pk_none"), ("name", "Phone")],
        "remove_passkey" => &[("passkey_id", "pk_none")],
        "unlink_identity" => &[("provider_id", "idp_none"), ("subject", "a")],
        "create_own_api_key" => &[
            ("name", "$name"),
            ("role", "owner"),
            ("expires_in_days", "1"),
        ],
        "revoke_own_api_key" => &[("key_id", "$spare_own_key")],
        "end_session" => &[("session_id", "$spare_session")],
        "delete_account" => &[("confirm_email", "$my_email")],
        // The instance.
        "load_instance" | "load_me" | "load_roles" | "load_reference" | "load_health"
        | "send_test_mail" | "list_accounts" | "load_settings" | "set_sign_up"
        | "list_providers" | "instance_audit" => NOTHING,
        "disable_account" | "enable_account" | "sign_out_account" => &[("user_id", "$bystander")],
        "set_instance_owner" => &[("user_id", "$bystander"), ("is_owner", "true")],
        "make_reset_link" => &[("user_id", "$bystander")],
        "invite_to_instance" => &[
            ("email", ""),
            ("by_mail", "false"),
            ("most_uses", "1"),
            ("valid_days", "1"),
        ],
        "revoke_instance_invitation" => &[("invitation_id", "$spare_instance_invitation")],
        "set_switch" => &[("name", "require_second_factor")],
        "load_provider" | "delete_provider" => &[("provider_id", "$spare_provider")],
        "save_provider" => &[
            ("provider_id", "new"),
            ("form[kind]", "github"),
            ("form[name]", "$name"),
            ("form[client_id]", "a"),
            ("form[client_secret]", "b"),
            ("form[may_sign_up]", "false"),
            ("form[is_enabled]", "true"),
        ],
        other => panic!("{other} has no fixture: say here what it takes"),
    }
}
