//! The command line, as the real program.

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};

fn tengine(data: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tengine"))
        .args(arguments)
        .env_clear()
        .env("TENGINE_DATA_DIR", data)
        .envs(variables.iter().copied())
        .current_dir(data)
        .output()
        .unwrap()
}

fn tools_file(data: &Path, tools: &Value) -> String {
    let path = data.join("tools.json");
    std::fs::write(&path, tools.to_string()).unwrap();
    path.display().to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn tool(name: &str) -> Value {
    json!({
        "name": name, "description": "Finds a contact.",
        "base_url": "https://crm.example.com", "endpoint_path": "/contacts",
    })
}

fn bootstrap(data: &Path, tools: &str) -> Output {
    let arguments = [
        "bootstrap",
        "--email",
        "ada@example.com",
        "--password",
        "correct horse battery",
        "--project",
        "CRM",
        "--tools",
        tools,
        "--integration",
        "Claude",
        "--redirect-uri",
        "http://localhost/callback",
        "--approval",
        "automatic",
        "--json",
    ];
    tengine(
        data,
        &arguments,
        &[("TENGINE_PUBLIC_URL", "https://tools.example.com")],
    )
}

#[test]
fn bootstrap_prints_what_to_connect_with_and_apply_changes_the_tools() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let file = tools_file(data, &json!([tool("crm-contacts-list")]));
    let output = bootstrap(data, &file);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    let keys: Vec<&String> = made.as_object().unwrap().keys().collect();
    for key in [
        "user_id",
        "project_id",
        "integration_id",
        "client_id",
        "client_secret",
        "server_url",
        "integration_url",
        "api_key",
    ] {
        assert!(
            made[key].as_str().is_some_and(|value| !value.is_empty()),
            "{key} in {keys:?}"
        );
    }
    assert_eq!(made["server_url"], "https://tools.example.com/mcp/");
    let url = made["integration_url"].as_str().unwrap();
    assert!(url.starts_with("https://tools.example.com/mcp/claude-") && url.ends_with('/'));

    let again = bootstrap(data, &file);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        text(&again.stderr).contains("email"),
        "{}",
        text(&again.stderr)
    );

    let file = tools_file(
        data,
        &json!([tool("crm-contacts-list"), tool("crm-contacts-get")]),
    );
    let project = made["project_id"].as_str().unwrap();
    let apply = ["tools", "apply", &file, "--project", project, "--json"];
    let output = tengine(data, &apply, &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let applied: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(applied["created"], json!(["crm-contacts-get"]));
    assert_eq!(applied["unchanged"], json!(["crm-contacts-list"]));
    // The only project need not be named.
    let output = tengine(data, &["tools", "apply", &file], &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let other = tengine(data, &["tools", "apply", &file, "--project", "prj_x"], &[]);
    assert_eq!(other.status.code(), Some(2));
}

#[test]
fn a_public_client_is_bootstrapped_without_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec!["bootstrap", "--json", "--client-kind", "public"];
    for (name, value) in [
        ("--email", "ada@example.com"),
        ("--password", "correct horse battery"),
        ("--project", "CRM"),
        ("--integration", "Claude"),
    ] {
        arguments.extend([name, value]);
    }
    let output = tengine(folder.path(), &arguments, &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(made["client_secret"], Value::Null);
    assert!(made["client_id"].is_string() && made["api_key"].is_string());
    // It cannot approve by itself: nothing of it could prove who it is.
    arguments.extend(["--approval", "automatic"]);
    let other = tempfile::tempdir().unwrap();
    let refused = tengine(other.path(), &arguments, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        text(&refused.stderr).contains("approval"),
        "{}",
        text(&refused.stderr)
    );
}

#[test]
fn a_wrong_tools_file_names_the_tool_and_the_field_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    for (tools, words) in [
        (json!({}), "not a list of tools"),
        (
            json!([{ "name": "a" }]),
            "tools[0].base_url: missing field `base_url`",
        ),
        (json!([tool("a"), tool("b c")]), "tools[1].name"),
        (
            json!([{ "nonsense": 1 }]),
            "tools[0].nonsense: unknown field `nonsense`",
        ),
    ] {
        let output = bootstrap(data, &tools_file(data, &tools));
        assert_eq!(output.status.code(), Some(2), "{tools}");
        assert!(
            text(&output.stderr).contains(words),
            "{}",
            text(&output.stderr)
        );
    }
    let output = bootstrap(data, &tools_file(data, &json!([tool("a")])));
    assert!(
        output.status.success(),
        "nothing of the failures stayed: {}",
        text(&output.stderr)
    );
}

#[test]
fn a_wrong_setting_is_one_line_and_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [
        ("TENGINE_LISTEN", "nowhere"),
        ("TENGINE_PUBLIC_URL", "not a url"),
        ("TENGINE_DATABASE_URL", "redis://x"),
        ("TENGINE_MASTER_KEY", "short"),
        ("TENGINE_TOOLS_ALLOW", "10.0.0.0/99"),
        ("TENGINE_SIGNUP", "everyone"),
        ("TENGINE_CODE_TTL", "forever"),
        ("TENGINE_REFRESH_GRACE", "-1"),
        ("TENGINE_CLIENT_METADATA_DOCUMENTS", "maybe"),
        ("TENGINE_LOG", "xml"),
        ("RUST_LOG", "[[["),
        (
            "TENGINE_DATABASE_URL",
            "sqlite:/nonexistent/folder/tengine.db",
        ),
        ("TENGINE_DATABASE_URL", "postgres://127.0.0.1:1/nothing"),
    ] {
        let output = tengine(folder.path(), &["serve"], &[(name, value)]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        let error = text(&output.stderr);
        assert!(
            error.contains(name) && error.trim().lines().count() == 1,
            "{error}"
        );
    }
    std::fs::write(
        folder.path().join("tengine.toml"),
        "lissten = \"127.0.0.1:1\"\n",
    )
    .unwrap();
    let output = tengine(folder.path(), &["migrate"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("lissten"));
}

#[test]
fn migrate_can_be_run_again() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let output = tengine(folder.path(), &["migrate"], &[]);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    assert!(folder.path().join("tengine.db").exists());
}

#[test]
fn import_makes_tools_of_an_openapi_document() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let file = tools_file(data, &json!([]));
    let made: Value = serde_json::from_slice(&bootstrap(data, &file).stdout).unwrap();
    let project = made["project_id"].as_str().unwrap();
    std::fs::write(
        data.join("crm.yaml"),
        "
openapi: 3.0.3
servers: [{ url: https://crm.example.com/v1 }]
security: [{ key: [] }]
components: { securitySchemes: { key: { type: apiKey, in: header, name: X-Key } } }
paths:
  /contacts/{id}:
    get: { operationId: contacts/get, summary: Gets a contact }
    put: { operationId: contacts/put, requestBody: { content: { text/csv: {} } } }
  /health:
    get: { operationId: health, security: [] }
",
    )
    .unwrap();
    let import = |more: &[&str], variables: &[(&str, &str)]| {
        let start = [
            "tools",
            "import",
            "crm.yaml",
            "--project",
            project,
            "--json",
        ];
        let output = tengine(data, &[&start, more].concat(), variables);
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let names = |report: &Value| {
        let tools = report["tools"].as_array().unwrap().iter();
        tools
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let looked = import(&["--dry-run"], &[]);
    assert_eq!(
        (&looked["operations"], &looked["importable"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(names(&looked), ["contacts-get", "health"]);
    assert_eq!(
        looked["tools"][0]["auth_config"],
        json!({ "header": "X-Key" })
    );
    assert_eq!(
        looked["refused"][0]["operation"],
        "PUT /contacts/{id} (contacts/put)"
    );
    assert!(
        looked["refused"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("text/csv")
    );
    assert_eq!(looked["created"], Value::Null, "nothing was changed");

    // Without the key what needs one is refused, and the rest comes.
    let some = import(&[], &[]);
    assert_eq!(some["created"], json!(["health"]));
    let reason = some["refused"][1]["reason"].as_str().unwrap();
    assert!(reason.contains("Give it to the import"), "{reason}");
    let key = [("CRM_KEY", "s3cr3t-key")];
    let all = import(&["--secret-env", "CRM_KEY"], &key);
    assert_eq!(
        (&all["created"], &all["unchanged"]),
        (&json!(["contacts-get"]), &json!(["health"]))
    );
    assert!(!all.to_string().contains("s3cr3t"));
    // Again and without the key nothing changes; what people settled stays.
    let again = import(&[], &[]);
    assert_eq!(again["unchanged"], json!(["contacts-get", "health"]));
    std::fs::write(
        data.join("off.yaml"),
        "- { name: health, description: Whether it lives., base_url: https://crm.example.com,
    endpoint_path: /v1/health, is_enabled: false, require_member: true }",
    )
    .unwrap();
    assert!(
        tengine(data, &["tools", "apply", "off.yaml"], &[])
            .status
            .success()
    );
    let kept = import(&["--select", "health"], &[]);
    assert_eq!(kept["tools"][0]["is_enabled"], false);
    assert_eq!(kept["tools"][0]["require_member"], true);
    // A name that is taken by something else is not taken over.
    let elsewhere = [
        "--select",
        "health",
        "--server",
        "https://other.example.com",
    ];
    let start = ["tools", "import", "crm.yaml", "--json"];
    let output = tengine(data, &[&start[..], &elsewhere].concat(), &[]);
    assert_eq!(output.status.code(), Some(1), "nothing could be imported");
    assert!(text(&output.stdout).contains("overwrite it"));
    let one = import(&["--select", "health"], &[]);
    assert_eq!(
        (&one["operations"], &one["unchanged"]),
        (&json!(1), &json!(["health"]))
    );

    // A secret goes to one place, wherever the document says that its operations are.
    std::fs::write(
        data.join("two.yaml"),
        "
openapi: 3.1.0
security: [{ key: [] }]
components: { securitySchemes: { key: { type: http, scheme: bearer } } }
paths:
  /a: { get: { operationId: two-a, servers: [{ url: https://one.example.com }] } }
  /b: { get: { operationId: two-b, servers: [{ url: https://evil.example.com }] } }
",
    )
    .unwrap();
    let arguments = [
        "tools",
        "import",
        "two.yaml",
        "--json",
        "--secret-env",
        "CRM_KEY",
    ];
    let two: Value = serde_json::from_slice(&tengine(data, &arguments, &key).stdout).unwrap();
    assert_eq!(two["created"], json!(["two-a"]));
    let reason = two["refused"][0]["reason"].as_str().unwrap();
    assert!(
        reason.contains("the secret is for https://one.example.com"),
        "{reason}"
    );

    for (arguments, said) in [
        (&["crm.yaml", "--select", "nothing*"][..], "--select"),
        (&["crm.yaml", "--secret-env", "NO_SUCH"], "NO_SUCH"),
        (&["missing.yaml"], "missing.yaml"),
        (&["http://169.254.169.254/openapi.json"], "may connect to"),
    ] {
        let output = tengine(data, &[&["tools", "import"], arguments].concat(), &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&output.stderr).contains(said),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn tools_live_in_a_file_that_is_exported_compared_and_applied() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut with_key = tool("crm-contacts-get");
    with_key["auth_strategy"] = json!("api_key_header");
    with_key["auth_config"] = json!({ "header": "X-Key" });
    with_key["auth_secret"] = json!("s3cr3t-key");
    let file = tools_file(data, &json!([tool("crm-contacts-list"), with_key]));
    assert!(bootstrap(data, &file).status.success());
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        tengine(data, &[&["tools"], arguments].concat(), variables)
    };
    let export = |format: &str| {
        let output = run(&["export", "--format", format], &[]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let yaml = export("yaml");
    assert!(!yaml.contains("s3cr3t") && yaml.contains("X-Key"), "{yaml}");
    assert!(
        !yaml.contains("timeout_ms"),
        "what goes without saying: {yaml}"
    );
    for (name, exported) in [("tools.yaml", &yaml), ("again.json", &export("json"))] {
        std::fs::write(data.join(name), exported).unwrap();
        let output = run(&["diff", name, "--json"], &[]);
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        let same: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            same["unchanged"],
            json!(["crm-contacts-get", "crm-contacts-list"])
        );
    }

    let changed = "
- { name: crm-contacts-get, description: Finds one., base_url: https://crm.example.com,
    endpoint_path: /contacts, auth_strategy: api_key_header, auth_config: { header: X-Key } }
- name: crm-new
  description: Makes one.
  base_url: https://crm.example.com
  http_method: POST
  endpoint_path: /contacts
  auth_strategy: static_bearer
  auth_secret_env: TOOL_SECRET_CRM
";
    std::fs::write(data.join("changed.yaml"), changed).unwrap();
    let output = run(&["diff", "changed.yaml"], &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("tools[1].auth_secret_env") && said.contains("TOOL_SECRET_CRM"),
        "{said}"
    );
    let token = [("TOOL_SECRET_CRM", "another-s3cret")];
    let output = run(&["diff", "changed.yaml", "--json"], &token);
    assert_eq!(output.status.code(), Some(1), "as diff does");
    let difference: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        difference,
        json!({
            "created": ["crm-new"],
            "changed": [{ "name": "crm-contacts-get", "fields": ["description"] }],
            "unchanged": [],
            "not_in_file": ["crm-contacts-list"],
        })
    );
    for expected in ["created", "unchanged"] {
        let output = run(&["apply", "changed.yaml", "--json"], &token);
        let applied: Value = serde_json::from_slice(&output.stdout).unwrap();
        let names = applied[expected].to_string();
        assert!(names.contains("crm-new"), "{applied}");
    }
    assert!(run(&["diff", "changed.yaml"], &token).status.success());
    let rotated = [("TOOL_SECRET_CRM", "a-third-s3cret")];
    let output = run(&["diff", "changed.yaml"], &rotated);
    assert!(text(&output.stdout).contains("~ crm-new: auth_secret"));

    // Whoever may change the file cannot have it send what else the environment holds.
    for variable in ["TENGINE_MASTER_KEY", "sk-live-1234"] {
        let file = changed.replace("TOOL_SECRET_CRM", variable);
        std::fs::write(data.join("leak.yaml"), file).unwrap();
        let output = run(&["apply", "leak.yaml"], &[]);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr.contains("begins with TOOL_SECRET_"), "{stderr}");
        assert!(!stderr.contains("sk-live"), "{stderr}");
    }
}
