"""python.py WORLD: the official Python SDK with its own OAuth, against the server that the file
WORLD describes (clients/run writes it)."""

import asyncio
import json
import sys
import threading
import time
import traceback
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
from mcp import Client, MCPError
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

with open(sys.argv[1], encoding="utf-8") as file:
    WORLD = json.load(file)
# The forms of the URL that a person may type: each without its slash, and with it.
FORMS = [
    WORLD[url].rstrip("/") + slash
    for url in ("server_url", "integration_url")
    for slash in ("", "/")
]
HOPS = 10


def say(text):
    print(f"    {text}", flush=True)


def check(holds, what):
    if not holds:
        raise AssertionError(f"not so: {what}")
    say(what)


class Memory:
    """What an application gives the SDK: its registration, and a place for tokens."""

    def __init__(self, callback):
        self.tokens = None
        self.client = OAuthClientInformationFull(
            client_id=WORLD["client_id"],
            client_secret=WORLD["client_secret"],
            redirect_uris=[callback],
            token_endpoint_auth_method="client_secret_post",
            issuer=WORLD["issuer"],
        )

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        raise AssertionError("the SDK registered itself although it has a client id")


class Callback:
    """The client's own loopback callback."""

    def __init__(self):
        arrived = self.arrived = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                arrived.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"Connected. You can close this page.")

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/callback"
        # It looks this often, in seconds, whether it is to end; by itself every half second.
        serve = lambda: self.server.serve_forever(0.02)
        threading.Thread(target=serve, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Form(HTMLParser):
    """The first form of one of the server's plain pages."""

    def __init__(self, html):
        super().__init__()
        self.action, self.hidden, self.inputs, self.title = "", {}, set(), ""
        self.in_title, self.forms = False, 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.forms += 1
            if self.forms == 1:
                self.action = attrs.get("action", "")
        elif self.forms > 1:
            pass
        elif tag == "input" and attrs.get("type") == "hidden":
            self.hidden[attrs["name"]] = attrs.get("value", "")
        elif tag in ("input", "button"):
            self.inputs.add(attrs.get("name"))
        self.in_title = tag == "title"

    def handle_data(self, data):
        if self.in_title:
            self.title += data


async def consent(authorize_url, callback):
    """Signs in and consents where the URL leads, as a person would; the titles of the pages."""
    pages = []
    url, data = authorize_url, None
    async with httpx2.AsyncClient(timeout=20) as browser:
        for _ in range(HOPS):
            if data is None:
                answer = await browser.get(url)
            else:
                origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
                answer = await browser.post(url, data=data, headers={"origin": origin})
            data = None
            if answer.status_code == 303:
                url = urljoin(url, answer.headers["location"])
                if url.startswith(f"{callback}?"):
                    await browser.get(url)
                    return pages
                continue
            form = Form(answer.text)
            pages.append(form.title)
            if answer.status_code != 200:
                raise AssertionError(f"{answer.status_code} “{form.title}”")
            data = form.hidden
            if "password" in form.inputs:
                data |= {"email": WORLD["email"], "password": WORLD["password"]}
            else:
                data |= {"decision": "approve", "tools": "all"}
            url = urljoin(url, form.action)
    raise AssertionError(f"no callback after {HOPS} pages: {pages}")


def text(result):
    return "".join(getattr(part, "text", "") for part in result.content)


async def refusal(client, name):
    try:
        result = await client.call_tool(name, {"id": "7"})
    except MCPError as error:
        return error
    raise AssertionError(f"{name} was called: {text(result)}")


async def connected(url, mode, is_whole):
    callback = Callback()
    memory = Memory(callback.url)
    way = {}

    async def redirect(authorize_url):
        way["asked"] = parse_qs(urlsplit(authorize_url).query)
        way["pages"] = await consent(authorize_url, callback.url)

    async def called_back():
        query = parse_qs(urlsplit(callback.arrived[-1]).query)
        one = lambda name: query.get(name, [None])[0]
        way["iss"] = one("iss")
        return AuthorizationCodeResult(code=one("code") or "", state=one("state"), iss=one("iss"))

    provider = OAuthClientProvider(
        server_url=url,
        client_metadata=OAuthClientMetadata(redirect_uris=[callback.url], client_name="end2end"),
        storage=memory,
        redirect_handler=redirect,
        callback_handler=called_back,
    )
    try:
        async with httpx2.AsyncClient(auth=provider, timeout=20) as http:
            transport = streamable_http_client(url, http_client=http)
            async with Client(transport, mode=mode, read_timeout_seconds=30) as client:
                check_way(client, memory, way, url, mode)
                await list_and_call(client)
                if is_whole:
                    await use(client, provider, memory)
    finally:
        callback.close()


def check_way(client, memory, way, url, mode):
    check(way["asked"]["code_challenge_method"] == ["S256"], "the SDK asks with PKCE S256")
    check(way["asked"]["resource"] == [url], f"it asks for the resource {url}")
    wanted = 0 if WORLD["approval"] == "automatic" else 2
    seen = " → ".join(way["pages"]) or "no page at all"
    check(len(way["pages"]) == wanted, f"the browser saw {seen}")
    check(way["iss"] == WORLD["issuer"], "the callback has the issuer in iss")
    check(memory.tokens.refresh_token, "the SDK exchanged the code for tokens")
    check(
        client.server_info.name.startswith("tengine-"),
        f"connected to {client.server_info.name} with revision {client.protocol_version}",
    )
    is_modern = client.protocol_version in MODERN_PROTOCOL_VERSIONS
    check(is_modern == (mode == "auto"), f"which is one that {mode} leads to")


async def list_and_call(client):
    names = [tool.name for tool in (await client.list_tools()).tools]
    check(
        names == WORLD["enabled_tools"],
        f"tools/list: {', '.join(names)}, and neither {WORLD['disabled_tool']} "
        f"nor {WORLD['foreign_tool']}",
    )
    read = await client.call_tool("crm-contacts-get_by_id", {"id": "7"})
    check(WORLD["tools_mark"] in text(read), "a call was answered by the real service")
    check("Ada Lovelace" in text(read), "with the contact that was asked for")


async def use(client, provider, memory):
    contact = {"name": "Alan Turing", "email": "alan@example.com"}
    made = await client.call_tool("crm-contacts-create", contact)
    check(WORLD["tools_mark"] in text(made), "and so was one that writes")
    for name in (WORLD["disabled_tool"], WORLD["foreign_tool"]):
        error = await refusal(client, name)
        check(error.error.code == -32602, f"{name} cannot be called: {error.error.message}")
    async with httpx2.AsyncClient() as http:
        requests = (await http.get(f"{WORLD['tools_origin']}/_requests")).json()["requests"]
    project = requests[-1]["headers"]["x-tengine-project-id"]
    check(project == WORLD["project_id"], "the service saw the project's id")
    check(memory.tokens.access_token not in json.dumps(requests), "and never the client's token")

    before = memory.tokens
    provider.context.token_expiry_time = time.time() - 1
    again = await client.call_tool("crm-contacts-get_by_id", {"id": "8"})
    check("Grace Hopper" in text(again), "after the access token's end the call still works")
    check(
        memory.tokens.refresh_token != before.refresh_token,
        "since the SDK refreshed, and the refresh token was rotated",
    )


def causes(error):
    """What went wrong, without the groups that task groups put around it."""
    parts = getattr(error, "exceptions", None)
    return [cause for part in parts for cause in causes(part)] if parts else [error]


def main():
    passed = failed = 0
    # The newest revision where the server has it, and the handshake of the older ones.
    eras = (("", "auto"), (" by initialize", "legacy"))
    cases = [
        ("the shared Server URL", WORLD["server_url"], "auto", True),
        ("the integration's own URL", WORLD["integration_url"], "auto", True),
        ("the shared Server URL by initialize", WORLD["server_url"], "legacy", True),
        # For a form of the URL the first list and the first call say enough.
        *((urlsplit(url).path + how, url, mode, False) for how, mode in eras for url in FORMS),
    ]
    for name, url, mode, is_whole in cases:
        print(f"  Python SDK, {WORLD['label']}, {name}", flush=True)
        try:
            asyncio.run(asyncio.wait_for(connected(url, mode, is_whole), 60))
            passed += 1
        except Exception as error:
            failed += 1
            for cause in causes(error):
                say("FAILED: " + "".join(traceback.format_exception(cause, limit=-4, chain=False)))
    print(f"Python SDK ({WORLD['label']}): {passed} passed, {failed} failed", flush=True)
    sys.exit(failed != 0)


main()
