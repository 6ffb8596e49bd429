"""run.py [ROLE...]: Schemathesis with a key of each role, against a server that is started for it.

scripts/schemathesis calls this and sets TENGINE_BIN.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

TENGINE = os.environ["TENGINE_BIN"]
SECONDS = int(os.environ.get("SCHEMATHESIS_SECONDS", "40"))
EMAIL, PASSWORD = "ada@example.com", "correct horse battery"

# A key of the project with each role, and at last an owner's of the account, who owns the instance.
ROLES = ["viewer", "developer", "admin", "owner", "account"]

# Everything that an answer can be held to by the document, and what must never be let through.
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
]


def environment(folder, address):
    """What the caller's shell may hold is not for the server under test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TENGINE_")}
    return kept | {
        "TENGINE_DATA_DIR": str(folder),
        "TENGINE_LISTEN": address,
        "TENGINE_LIMITS": "off",
        "RUST_LOG": "error",
    }


def bootstrap(folder, env, email, project):
    command = [TENGINE, "bootstrap", "--json", "--email", email, "--password", PASSWORD]
    command += ["--project", project, "--integration", "Claude"]
    made = subprocess.run(command, env=env, cwd=folder, check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout)


def account_key(base):
    """An owner's key of the account: only its person makes a first one, at a browser."""
    browser = requests.Session()
    browser.headers["Origin"] = base
    page = browser.get(f"{base}/sign-in", timeout=10).text
    csrf = re.search(r'name="csrf" value="([^"]+)"|value="([^"]+)" name="csrf"', page)
    form = {"email": EMAIL, "password": PASSWORD, "csrf": csrf[1] or csrf[2]}
    browser.post(f"{base}/sign-in", data=form, timeout=10).raise_for_status()
    wanted = {"name": "all", "role": "owner", "expires_in_days": 0}
    headers = {"Accept": "application/json"}
    made = browser.post(f"{base}/_ui/create_own_api_key", json=wanted, headers=headers, timeout=10)
    made.raise_for_status()
    return re.search(r"tng_key_[A-Za-z0-9_-]+", made.text)[0]


def asked(base, key, method, path, body=None):
    headers = {"Authorization": f"Bearer {key}"}
    answer = requests.request(method, f"{base}/api/v1{path}", json=body, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def prepared(base, folder, env, made, role):
    """The role's key, and the ids of what there is: made up ones would be found nowhere."""
    owner = account_key(base)
    project = f"/projects/{made['project_id']}"
    bob = bootstrap(folder, env, "bob@example.com", "ERP")
    tool = {
        "name": "echo",
        "description": "Says again what it is told.",
        "base_url": "http://samples.tengine.internal",
        "endpoint_path": "/echo",
    }
    secret = {
        "name": "crm",
        "origins": ["https://crm.example.com"],
        "value": "a-secret-value",
        "auth_strategy": "static_bearer",
    }
    invitation = asked(base, owner, "POST", f"{project}/invitations", {"role": "viewer"})
    ids = {
        "project_id": made["project_id"],
        "integration_id": made["integration_id"],
        "user_id": bob["user_id"],
        "tool_id": asked(base, owner, "POST", f"{project}/tools", tool)["id"],
        "secret_id": asked(base, owner, "POST", f"{project}/vault", secret)["id"],
        "invitation_id": invitation["id"],
    }
    if role == "account":
        return owner, ids
    wanted = {"name": role, "role": role}
    return asked(base, owner, "POST", f"{project}/api-keys", wanted)["api_key"], ids


def tested(base, folder, key, ids):
    """Whether all checks hold: at first for what ends nothing, so that all that there is can be found."""
    config = folder / "schemathesis.toml"
    lines = [f'"path.{name}" = "{value}"' for name, value in ids.items()]
    config.write_text("[parameters]\n" + "\n".join(lines) + "\n")
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run"]
    command += [f"{base}/api/v1/openapi.json", "--header", f"Authorization: Bearer {key}"]
    command += ["--checks", ",".join(CHECKS), "--continue-on-failure", "--no-color"]
    command += ["--request-timeout", "25", "--generation-database", "none"]
    ends = ["--include-method", "DELETE"]
    most = ["--exclude-method", "DELETE"]
    passes = [(most, SECONDS * 3 // 4), (ends, SECONDS // 4)]
    return all(
        [
            subprocess.run([*command, *which, "--max-time", str(seconds)], cwd=folder).returncode == 0
            for which, seconds in passes
        ]
    )


def run(role):
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        folder = Path(name)
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        free.close()
        base = f"http://localhost:{address.rsplit(':', 1)[1]}"
        env = environment(folder, address)
        made = bootstrap(folder, env, EMAIL, "CRM")
        server = subprocess.Popen([TENGINE, "serve"], env=env, cwd=folder)
        try:
            for _ in range(300):
                try:
                    if requests.get(f"{base}/readyz", timeout=1).ok:
                        break
                except requests.ConnectionError:
                    time.sleep(0.1)
            key, ids = prepared(base, folder, env, made, role)
            return tested(base, folder, key, ids) and server.poll() is None
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


failed = []
for role in sys.argv[1:] or ROLES:
    print(f"\n==> a key of the role {role}", flush=True)
    if not run(role):
        failed.append(role)
sys.exit(f"schemathesis: {', '.join(failed)} failed" if failed else 0)
