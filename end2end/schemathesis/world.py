"""A server with one of everything that a path can name, and keys that ask for it."""

import json
import re
import subprocess

import requests

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"

# The roles of keys: `viewer` is a key of the project, `account-viewer` one of its owner's account, who
# owns the instance too.
ROLES = ["viewer", "developer", "admin", "owner"]
KINDS = ROLES + [f"account-{role}" for role in ROLES]

PROJECT = "/api/v1/projects/{project_id}"
INTEGRATION = PROJECT + "/integrations/{integration_id}"


def bootstrap(tengine, folder, env, email, project):
    command = [tengine, "bootstrap", "--json", "--email", email, "--password", PASSWORD]
    command += ["--project", project, "--integration", "Claude"]
    made = subprocess.run(command, env=env, cwd=folder, check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout)


class Browser:
    """Somebody who is signed in: only a person makes the first key of an account, and joins a project."""

    def __init__(self, base, email):
        self.base = base
        self.session = requests.Session()
        self.session.headers["Origin"] = base
        self.send("/sign-in", "/sign-in", {"email": email, "password": PASSWORD})

    def send(self, page, path, fields):
        """A form, with the token that its page has."""
        text = self.session.get(f"{self.base}{page}", timeout=10).text
        csrf = re.search(r'name="csrf" value="([^"]+)"|value="([^"]+)" name="csrf"', text)
        fields = fields | {"csrf": csrf[1] or csrf[2]}
        self.session.post(f"{self.base}{path}", data=fields, timeout=10).raise_for_status()

    def account_key(self, role):
        wanted = {"name": role, "role": role, "expires_in_days": 0}
        headers = {"Accept": "application/json"}
        url = f"{self.base}/_ui/create_own_api_key"
        made = self.session.post(url, data=wanted, headers=headers, timeout=10)
        made.raise_for_status()
        return re.search(r"tng_key_[A-Za-z0-9_-]+", made.text)[0]


class Api:
    """The REST API, with a key that may do all of it."""

    def __init__(self, base, key):
        self.base, self.key = f"{base}/api/v1", key

    def ask(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = requests.request(method, f"{self.base}{path}", json=body, headers=headers, timeout=10)
        if not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def make(self, path, body):
        return self.ask("POST", path, body)

    def last(self, path):
        """The id of the last of a list: the oldest."""
        return self.ask("GET", path)["data"][-1]["id"]


def connection(base, api, project, made):
    """One of the integration, whose secret alone is enough for it."""
    integration = f"{project}/integrations/{made['integration_id']}"
    api.ask("PATCH", integration, {"client_credentials": True})
    fields = {
        "grant_type": "client_credentials",
        "client_id": made["client_id"],
        "client_secret": made["client_secret"],
    }
    requests.post(f"{base}/api/v1/mcp-oauth/token", data=fields, timeout=10).raise_for_status()
    return api.last(f"{integration}/connections")


def prepared(base, made, bob, kind):
    """A key of the kind; the ids of what there is, by parameter; and those that are others for some paths,
    as (method, path, ids). Made up ones would be found nowhere."""
    ada = Browser(base, EMAIL)
    api = Api(base, ada.account_key("owner"))
    project = f"/projects/{made['project_id']}"
    tool = {
        "name": "echo",
        "description": "Says again what it is told.",
        "base_url": "http://samples.tengine.internal",
        "endpoint_path": "/echo",
    }
    secret = {
        "origins": ["https://crm.example.com"],
        "value": "a-secret-value",
        "auth_strategy": "static_bearer",
    }
    provider = {"kind": "github", "name": "GitHub", "client_id": "a", "client_secret": "b"}
    link = api.make(f"{project}/invitations", {"role": "viewer"})["url"].removeprefix(base)
    Browser(base, "bob@example.com").send(link, link, {})
    tool_id = api.make(f"{project}/tools", tool)["id"]
    ids = {
        "project_id": made["project_id"],
        "integration_id": made["integration_id"],
        "user_id": bob["user_id"],
        "tool_id": tool_id,
        "call_id": api.make(f"{project}/tools/{tool_id}/call", {})["call_id"],
        "number": "1",
        "other": "1",
        "secret_id": api.make(f"{project}/vault", secret | {"name": "crm"})["id"],
        "connection_id": connection(base, api, project, made),
        "invitation_id": api.make(f"{project}/invitations", {"role": "viewer"})["id"],
        "key_id": api.make(f"{project}/api-keys", {"name": "spare", "role": "viewer"})["id"],
        "session_id": api.last("/account/sessions"),
        "provider_id": api.make("/instance/providers", provider)["id"],
    }
    integration = f"{project}/integrations/{made['integration_id']}"
    spare = api.make(f"{project}/integrations", {"name": "Spare"})["id"]
    api.make(f"{integration}/rotate-secret", {"overlap_seconds": 3_600})
    invited = api.make("/instance/invitations", {})["id"]
    own_key = api.make("/account/api-keys", {"name": "spare", "role": "viewer"})["id"]
    others = [
        ("DELETE", INTEGRATION, {"integration_id": spare}),
        ("DELETE", INTEGRATION + "/secrets/{secret_id}", {"secret_id": api.last(f"{integration}/secrets")}),
        ("DELETE", "/api/v1/instance/invitations/{invitation_id}", {"invitation_id": invited}),
        ("DELETE", "/api/v1/account/api-keys/{key_id}", {"key_id": own_key}),
    ]
    role = kind.removeprefix("account-")
    if role != kind:
        return ada.account_key(role), ids, others
    return api.make(f"{project}/api-keys", {"name": role, "role": role})["api_key"], ids, others
