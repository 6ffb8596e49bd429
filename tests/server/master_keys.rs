//! `tengine keys rotate-master`, beside servers that run: the real program, several times.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    beside::ask,
    keys::{Server, kids, soon, tengine},
};

/// A data folder, and the address of the server that it gets.
struct Instance {
    folder: tempfile::TempDir,
    address: SocketAddr,
}

impl Instance {
    fn new() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            folder: tempfile::tempdir().unwrap(),
            address: free.local_addr().unwrap(),
        }
    }

    /// With an account, and a secret in the vault.
    fn bootstrapped() -> (Self, Value) {
        let instance = Self::new();
        let made = instance.run(&[
            "bootstrap",
            "--json",
            "--email",
            "ada@example.com",
            "--password",
            "correct horse battery",
            "--project",
            "CRM",
            "--integration",
            "Claude",
        ]);
        let made = serde_json::from_str(&made).unwrap();
        instance.run(&[
            "vault",
            "set",
            "crm",
            "--origin",
            "https://crm.example.com",
            "--value-env",
            "TOOL_SECRET_CRM",
        ]);
        (instance, made)
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn output(&self, arguments: &[&str]) -> Output {
        tengine(self.data(), self.address, arguments)
            .env("TOOL_SECRET_CRM", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            .output()
            .unwrap()
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        assert!(output.status.success(), "{}", error_of(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command says that fails.
    fn fails(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        assert!(!output.status.success(), "it went well");
        error_of(&output)
    }

    fn key_path(&self) -> PathBuf {
        self.data().join("master.key")
    }

    fn keys(&self) -> String {
        fs::read_to_string(self.key_path()).unwrap()
    }

    /// The files in which old keys are kept, the oldest first.
    fn kept(&self) -> Vec<String> {
        let names = fs::read_dir(self.data())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut kept: Vec<_> = names
            .filter(|path| path.to_str().unwrap().contains("master.key.old-"))
            .collect();
        kept.sort();
        kept.iter()
            .map(|path| fs::read_to_string(path).unwrap())
            .collect()
    }
}

fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_new_master_key_comes_beside_a_server_that_runs() {
    let (instance, made) = Instance::bootstrapped();
    let mut command = tengine(instance.data(), instance.address, &["serve"]);
    let silent = command.stdout(Stdio::null()).stderr(Stdio::null());
    let server = Server(silent.spawn().unwrap());
    let kid = soon("the server", || kids(instance.address));
    // It seals the secret of a tool that is new, and has to open nothing for it: what tells it of the
    // new key is the notice alone.
    let text = |name: &str| made[name].as_str().unwrap();
    let mut saved = 0;
    let mut save = || {
        let head = format!(
            "POST /api/v1/projects/{}/tools HTTP/1.1\r\nContent-Type: application/json\r\n\
             Authorization: Bearer {}",
            text("project_id"),
            text("api_key")
        );
        let tool = json!({
            "name": format!("t{saved}"), "description": "A tool.",
            "base_url": "https://crm.example.com", "endpoint_path": "/",
            "auth_strategy": "static_bearer", "auth_secret": format!("own-{saved}"),
        });
        let heard = ask(instance.address, &head, &tool.to_string()).unwrap();
        assert_eq!(heard.status, 201, "{}", heard.body);
        saved += 1;
    };
    save();

    let old = instance.keys();
    let mut command = tengine(
        instance.data(),
        instance.address,
        &["keys", "rotate-master"],
    );
    let mut rotating = command.stdout(Stdio::null()).spawn().unwrap();
    soon("the new key", || {
        (instance.keys().lines().count() == 2).then_some(())
    });
    let second = instance.fails(&["keys", "rotate-master"]);
    assert!(second.contains("another process is replacing"), "{second}");
    let ended = loop {
        if let Some(ended) = rotating.try_wait().unwrap() {
            break ended;
        }
        save();
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(ended.success());
    save();

    let new = instance.keys();
    assert!(new != old && new.lines().count() == 1);
    assert_eq!(instance.kept(), std::slice::from_ref(&old));
    // The server signs on, with the key that it opens by the new master key.
    assert_eq!(kids(instance.address), Some(kid));
    drop(server);
    // All opens under the new key alone: what is sealed anew was opened.
    let again = instance.run(&["keys", "rotate-master", "--json"]);
    let again: Value = serde_json::from_str(&again).unwrap();
    // Beside the tools' the vault's secret and the signing key.
    assert_eq!(again["values"], saved + 2);
    assert_eq!(again["resealed"], again["values"]);
    assert_eq!(instance.kept(), [old, new.clone()]);
    let kept = again["old_key_file"].as_str().unwrap();
    assert_eq!(fs::read_to_string(kept).unwrap(), new);
}

#[test]
fn what_no_key_opens_is_named_and_keeps_the_old_keys() {
    let (instance, _) = Instance::bootstrapped();
    let old = instance.keys();
    fs::remove_file(instance.key_path()).unwrap();
    let why = instance.fails(&["keys", "rotate-master"]);
    assert!(why.contains("vault_secrets.sealed, id \"vsec_"), "{why}");
    let both = instance.keys();
    assert_eq!(both.lines().count(), 2);
    assert!(instance.kept().is_empty());
    assert!(!both.lines().any(|key| why.contains(key)), "{why}");
    // As it says.
    fs::write(instance.key_path(), format!("{both}{old}")).unwrap();
    let done = instance.run(&["keys", "rotate-master"]);
    assert!(done.contains("1 of 1 stored values"), "{done}");
    let new = instance.keys();
    assert_eq!(
        format!("{new}{}", instance.kept()[0]),
        format!("{both}{old}")
    );
}

#[test]
fn a_process_that_has_not_got_the_new_key_says_so_once() {
    let (instance, _) = Instance::bootstrapped();
    let elsewhere = Instance::new();
    let log = elsewhere.data().join("log");
    let database = instance.data().join("tengine.db");
    let mut command = tengine(elsewhere.data(), elsewhere.address, &["serve"]);
    command
        .env(
            "TENGINE_DATABASE_URL",
            format!("sqlite:{}", database.display()),
        )
        .env("TENGINE_MASTER_KEY", instance.keys().trim())
        .stdout(Stdio::null())
        .stderr(File::create(&log).unwrap());
    let _server = Server(command.spawn().unwrap());
    soon("the server", || {
        ask(elsewhere.address, "GET /readyz HTTP/1.1", "")
    });
    instance.run(&["keys", "rotate-master"]);
    let said = soon("the error", || {
        let log = fs::read_to_string(&log).unwrap();
        log.contains("no key of that fingerprint").then_some(log)
    });
    assert!(said.contains("ERROR"), "{said}");
    assert_eq!(
        said.matches("no key of that fingerprint").count(),
        1,
        "{said}"
    );
}

/// Only root may give a file to another user; `config/key_file.rs` has the rule itself.
#[test]
fn another_user_changes_nothing() {
    let (instance, _) = Instance::bootstrapped();
    if std::os::unix::fs::chown(instance.key_path(), Some(12_345), None).is_err() {
        return;
    }
    let before = instance.keys();
    let why = instance.fails(&["keys", "rotate-master"]);
    assert!(
        why.contains("uid 12345") && why.contains("Nothing was changed"),
        "{why}"
    );
    assert_eq!(instance.keys(), before);
    let names = fs::read_dir(instance.data())
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let keys = names.filter(|name| name.to_str().unwrap().starts_with("master.key"));
    assert_eq!(keys.count(), 1);
}
