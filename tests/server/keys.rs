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

pub fn kids(address: SocketAddr) -> Option<Vec<String>> {
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
