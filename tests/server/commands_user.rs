//! `tengine user …`, beside a server that runs.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Output, Stdio},
};

use serde_json::{Value, json};

use crate::{
    beside::ask,
    keys::{Server, soon, tengine},
};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

fn free() -> SocketAddr {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap()
}

fn run(data: &Path, address: SocketAddr, arguments: &[&str]) -> Output {
    tengine(data, address, arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(text).unwrap()
}

/// An account with a project and a key.
fn bootstrap(data: &Path, address: SocketAddr, email: &str) -> Value {
    let mut arguments = vec!["bootstrap", "--json", "--project", "CRM"];
    arguments.extend(["--integration", "Claude", "--email", email]);
    arguments.extend(["--password", "correct horse battery"]);
    let output = run(data, address, &arguments);
    assert!(output.status.success(), "{}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn accounts_are_listed_disabled_enabled_and_made_owners() {
    let folder = tempfile::tempdir().unwrap();
    let (data, address) = (folder.path(), free());
    bootstrap(data, address, ADA);
    bootstrap(data, address, BOB);
    let user = |arguments: &[&str]| run(data, address, &[&["user"], arguments].concat());
    let done = |arguments: &[&str]| {
        let output = user(arguments);
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let listed = || serde_json::from_str::<Value>(&done(&["list", "--json"])).unwrap();
    let accounts = listed();
    assert_eq!(
        (&accounts[0]["email"], &accounts[1]["email"]),
        (&json!(BOB), &json!(ADA))
    );
    assert_eq!(accounts[0]["is_instance_owner"], false);
    assert_eq!(accounts[1]["is_instance_owner"], true);
    assert_eq!(accounts[1]["projects"], 1);
    assert!(!accounts.to_string().contains("argon2"));
    let table = done(&["list"]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines[0],
        "EMAIL            STATE    SECOND FACTOR  LAST SEEN"
    );
    assert_eq!(lines[1], "bob@example.com  enabled  no             -");
    assert_eq!(lines[2], "ada@example.com  owner    no             -");

    let refused = |arguments: &[&str], why: &str| {
        let output = user(arguments);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(why), "{}", said(&output));
        assert_eq!(said(&output).lines().count(), 1, "{}", said(&output));
    };
    refused(&["disable", ADA], "last owner of the instance");
    let disabled = done(&["disable", BOB]);
    assert!(
        disabled.contains("bob@example.com is disabled; 0 sessions ended"),
        "{disabled}"
    );
    assert!(
        disabled.contains("no enabled account owns CRM"),
        "{disabled}"
    );
    assert_eq!(listed()[0]["is_disabled"], true);
    refused(
        &["make-owner", BOB],
        "EMAIL: This account is disabled: enable it first.",
    );
    refused(&["reset-link", BOB], "disabled");
    done(&["enable", BOB]);
    done(&["make-owner", BOB]);
    done(&["disable", ADA]);
    assert!(done(&["list"]).contains("disabled owner"));
    for command in ["disable", "enable", "make-owner", "reset-link"] {
        refused(
            &[command, "eve@example.com"],
            "EMAIL: no account eve@example.com",
        );
    }
    refused(&["reset-link", "eve"], "EMAIL:");
}

#[test]
fn a_running_server_takes_the_link_and_refuses_who_is_disabled() {
    let folder = tempfile::tempdir().unwrap();
    let (data, address) = (folder.path(), free());
    bootstrap(data, address, ADA);
    let made = bootstrap(data, address, BOB);
    let mut command = tengine(data, address, &["serve"]);
    let silent = command.stdout(Stdio::null()).stderr(Stdio::null());
    let _server = Server(silent.spawn().unwrap());
    soon("the server", || ask(address, "GET /readyz HTTP/1.1", ""));
    for (arguments, says) in [
        (&["user", "reset-link", BOB][..], "new password"),
        (
            &["user", "reset-link", BOB, "--removes-second-factor"],
            "new password",
        ),
    ] {
        let output = run(data, address, arguments);
        let link = String::from_utf8(output.stdout).unwrap();
        assert_eq!(link.lines().count(), 1, "{link}");
        let link = url::Url::parse(link.trim()).unwrap();
        assert!(
            link.query().unwrap().starts_with("token=tng_link_"),
            "{link}"
        );
        let target = &link[url::Position::BeforePath..];
        let page = ask(address, &format!("GET {target} HTTP/1.1"), "").unwrap();
        assert!(
            page.status == 200 && page.body.contains(says),
            "{} {}",
            page.status,
            page.body
        );
        let wrong = ask(address, &format!("GET {target}x HTTP/1.1"), "").unwrap();
        assert!(!wrong.body.contains(says), "{}", wrong.body);
    }
    let key = made["api_key"].as_str().unwrap();
    let asks = || {
        let head = format!("GET /api/v1/account HTTP/1.1\r\nAuthorization: Bearer {key}");
        ask(address, &head, "").map(|heard| heard.status)
    };
    assert_eq!(asks(), Some(200));
    assert!(
        run(data, address, &["user", "disable", BOB])
            .status
            .success()
    );
    soon("the end of the key", || {
        asks().filter(|status| *status == 401)
    });
    assert!(
        run(data, address, &["user", "enable", BOB])
            .status
            .success()
    );
    soon("the key", || asks().filter(|status| *status == 200));
}
