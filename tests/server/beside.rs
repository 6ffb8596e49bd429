//! The command line beside a server that runs, on one SQLite database: what the one changes, the
//! other's next requests know.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::Stdio,
};

use domain::crypto::pkce_s256;
use serde_json::{Value, json};

use crate::{
    app::{CALLBACK, VERIFIER, encoded},
    keys::{Server, soon, tengine},
};

/// An answer to one request on a connection of its own.
pub struct Heard {
    pub status: u16,
    head: String,
    pub body: String,
}

pub fn ask(address: SocketAddr, head: &str, body: &str) -> Option<Heard> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request = format!(
        "{head}\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some(Heard {
        status: head.split(' ').nth(1)?.parse().ok()?,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

/// The whole way of an integration that approves by itself, to an access token.
fn token(address: SocketAddr, made: &Value) -> String {
    let text = |name: &str| made[name].as_str().unwrap();
    let challenge = pkce_s256(VERIFIER);
    let query = encoded(&[
        ("response_type", "code"),
        ("client_id", text("client_id")),
        ("redirect_uri", CALLBACK),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    let head = format!("GET /api/v1/mcp-oauth/authorize?{query} HTTP/1.1");
    let back = ask(address, &head, "").unwrap();
    let location = back
        .head
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    let location = url::Url::parse(location.unwrap_or_else(|| panic!("{}", back.head))).unwrap();
    let code = location
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap()
        .1;
    let form = encoded(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", text("client_id")),
        ("client_secret", text("client_secret")),
    ]);
    let head = "POST /api/v1/mcp-oauth/token HTTP/1.1\r\n\
         Content-Type: application/x-www-form-urlencoded";
    let answer = ask(address, head, &form).unwrap();
    let tokens: Value = serde_json::from_str(&answer.body).unwrap();
    tokens["access_token"]
        .as_str()
        .unwrap_or_else(|| panic!("{tokens}"))
        .to_owned()
}

fn list(address: SocketAddr, token: &str) -> Option<Heard> {
    let head = format!(
        "POST /mcp/ HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}"
    );
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    ask(address, &head, &body.to_string())
}

fn listed(address: SocketAddr, token: &str) -> Option<Vec<String>> {
    let list: Value = serde_json::from_str(&list(address, token)?.body).ok()?;
    let tools = list["result"]["tools"].as_array()?;
    let names = tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned());
    Some(names.collect())
}

#[test]
fn a_running_server_hears_of_what_the_command_line_changes() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let run = |arguments: &[&str]| {
        let output = tengine(data, address, arguments).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{error}");
        output.stdout
    };
    let file = data.join("tools.json");
    let write = |is_enabled: bool| {
        let tool = json!([{
            "name": "one", "description": "A tool.", "base_url": "https://crm.example.com",
            "endpoint_path": "/", "is_enabled": is_enabled,
        }]);
        std::fs::write(&file, tool.to_string()).unwrap();
    };
    write(true);
    let tools = file.to_str().unwrap();
    let made = run(&[
        "bootstrap",
        "--json",
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
        "--approval",
        "automatic",
    ]);
    let made: Value = serde_json::from_slice(&made).unwrap();
    let mut command = tengine(data, address, &["serve"]);
    let silent = command.stdout(Stdio::null()).stderr(Stdio::null());
    let _server = Server(silent.spawn().unwrap());
    soon("the server", || ask(address, "GET /readyz HTTP/1.1", ""));
    let token = token(address, &made);
    assert_eq!(listed(address, &token).unwrap(), ["one"]);

    write(false);
    run(&["tools", "apply", tools]);
    soon("the end of the tool", || {
        listed(address, &token).filter(Vec::is_empty)
    });
    write(true);
    run(&["tools", "apply", tools]);
    soon("the tool", || {
        listed(address, &token).filter(|names| names == &["one"])
    });

    run(&["keys", "rotate", "--at-once"]);
    soon("the end of the token", || {
        list(address, &token).filter(|heard| heard.status == 401)
    });
}
