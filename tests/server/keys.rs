//! `tengine keys rotate`, beside a server that runs: the real program, twice.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

pub fn tengine(data: &Path, address: SocketAddr, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tengine"));
    command
        .args(arguments)
        .env_clear()
        .env("TENGINE_DATA_DIR", data)
        .env("TENGINE_LISTEN", address.to_string())
        .current_dir(data);
    command
}

/// A server that ends with the test.
pub struct Server(pub Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// What `look` finds, as soon as it finds something.
pub fn soon<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    for _ in 0..100 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} did not come about");
}

fn kids(address: SocketAddr) -> Option<Vec<String>> {
    let mut stream = TcpStream::connect(address).ok()?;
    let request =
        "GET /api/v1/mcp-oauth/jwks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1)?).ok()?;
    let keys = body["keys"].as_array()?;
    keys.iter()
        .map(|key| Some(key["kid"].as_str()?.to_owned()))
        .collect()
}

fn rotate(data: &Path, address: SocketAddr, more: &[&str]) -> Value {
    let arguments = [&["keys", "rotate", "--json"], more].concat();
    let output = tengine(data, address, &arguments).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_running_server_signs_with_the_new_key_and_serves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let mut command = tengine(data, address, &["serve"]);
    let _server = Server(
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let before = soon("the server", || kids(address));
    assert_eq!(before.len(), 1);

    let rotated = rotate(data, address, &[]);
    assert_eq!(rotated["retired"][0]["kid"], before[0].as_str());
    let both = soon("the new key", || {
        kids(address).filter(|kids| kids.len() == 2)
    });
    assert!(both.contains(&before[0]));
    assert!(both.iter().any(|kid| rotated["kid"] == kid.as_str()));

    let leaked = rotate(data, address, &["--at-once"]);
    assert_eq!(leaked["retired"], serde_json::json!([]));
    let only = soon("the end of the old keys", || {
        kids(address).filter(|kids| kids.len() == 1)
    });
    assert_eq!(leaked["kid"], only[0].as_str());
}

#[test]
fn a_new_master_key_comes_beside_a_server_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let run = |arguments: &[&str]| {
        let output = tengine(data, address, arguments)
            .env("TOOL_SECRET_CRM", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{error}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&[
        "bootstrap",
        "--email",
        "ada@example.com",
        "--password",
        "correct horse battery",
        "--project",
        "CRM",
        "--integration",
        "Claude",
        "--approval",
        "automatic",
        "--redirect-uri",
        "http://localhost/callback",
    ]);
    run(&[
        "vault",
        "set",
        "crm",
        "--origin",
        "https://crm.example.com",
        "--value-env",
        "TOOL_SECRET_CRM",
        "--auth",
        "standard_webhooks",
    ]);
    let mut command = tengine(data, address, &["serve"]);
    let _server = Server(
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let kid = soon("the server", || kids(address));
    let old = std::fs::read_to_string(data.join("master.key")).unwrap();
    let rotated = run(&["keys", "rotate-master", "--json"]);
    let rotated: Value = serde_json::from_str(&rotated).unwrap();
    // The secret and the signing key.
    assert_eq!(rotated, serde_json::json!({ "values": 2, "resealed": 2 }));
    let new = std::fs::read_to_string(data.join("master.key")).unwrap();
    assert!(new != old && new.trim().lines().count() == 1);
    assert_eq!(
        std::fs::read_to_string(data.join("master.key.old")).unwrap(),
        old
    );
    // The server signs on, with the key that it opens by the new master key.
    assert_eq!(kids(address), Some(kid));
    // A tool that signs with the secret passes only where it opens.
    let file = data.join("tools.json");
    let tool = serde_json::json!([{
        "name": "a", "description": "A tool.", "base_url": "https://crm.example.com",
        "endpoint_path": "/", "auth_strategy": "standard_webhooks", "auth_secret_name": "crm",
    }]);
    std::fs::write(&file, tool.to_string()).unwrap();
    assert!(run(&["tools", "apply", file.to_str().unwrap()]).contains("created"));
    // Under the old key alone nothing opens any more.
    std::fs::write(data.join("master.key"), &old).unwrap();
    let broken = tengine(data, address, &["keys", "rotate-master"])
        .output()
        .unwrap();
    assert!(!broken.status.success());
}
