"""run.py [KIND...]: Schemathesis with a key of each kind, against a server that is started for it.

scripts/schemathesis calls this and sets TENGINE_BIN.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import requests

from world import EMAIL, KINDS, PROJECT, bootstrap, prepared

TENGINE = os.environ["TENGINE_BIN"]
SECONDS = int(os.environ.get("SCHEMATHESIS_SECONDS", "25"))

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

# After which there is nothing left to ask for.
LAST = [f"DELETE {PROJECT}", f"POST {PROJECT}/transfer"]


def environment(folder, address):
    """What the caller's shell may hold is not for the server under test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TENGINE_")}
    return kept | {
        "TENGINE_DATA_DIR": str(folder),
        "TENGINE_LISTEN": address,
        "TENGINE_LIMITS": "off",
        "RUST_LOG": "error",
    }


def configuration(ids, others):
    """The ids, as schemathesis.toml has them; those of one operation go before those of all."""
    lines = ["[parameters]"] + [f'"path.{name}" = "{value}"' for name, value in ids.items()]
    for method, path, own in others:
        lines += ["[[operations]]", f'include-name = "{method} {path}"', "[operations.parameters]"]
        lines += [f'"path.{name}" = "{value}"' for name, value in (ids | own).items() if f"{{{name}}}" in path]
    return "\n".join(lines) + "\n"


def note(report, answered):
    """Counts the statuses of each operation; 401 is the answer to who sends no key, which a check tries."""
    for line in report.read_text().splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for interaction in recorder.get("interactions", {}).values():
            status = (interaction.get("response") or {}).get("status_code", 401)
            label = recorder["label"]
            # A scenario of several operations has a label of its own.
            if status != 401 and label.split(" ")[0].isupper():
                answered[label][status] += 1


def is_whole(base, answered):
    """Whether every operation of the document was answered: a run that ends early has found nothing."""
    paths = requests.get(f"{base}/api/v1/openapi.json", timeout=10).json()["paths"]
    operations = [f"{method.upper()} {path}" for path, item in paths.items() for method in item]
    never = [one for one in operations if not answered[one]]
    refused = [one for one in operations if not any(200 <= status < 300 for status in answered[one])]
    print(f"\n{len(operations)} operations; only refused were:", *refused, sep="\n  ", flush=True)
    if never:
        print("no request was answered of:", *never, sep="\n  ", flush=True)
    return bool(operations) and not never


def tested(base, folder, key, ids, others):
    """Whether all checks hold: at first for what ends nothing, so that all that there is can be found."""
    config, report = folder / "schemathesis.toml", folder / "report.ndjson"
    config.write_text(configuration(ids, others))
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run"]
    command += [f"{base}/api/v1/openapi.json", "--header", f"Authorization: Bearer {key}"]
    command += ["--checks", ",".join(CHECKS), "--continue-on-failure", "--no-color"]
    command += ["--request-timeout", "25", "--generation-database", "none"]
    command += ["--report", "ndjson", "--report-ndjson-path", str(report)]
    but_the_last = [word for name in LAST for word in ("--exclude-name", name)]
    passes = [
        (["--exclude-method", "DELETE", *but_the_last], SECONDS * 7 // 10),
        (["--include-method", "DELETE", *but_the_last], SECONDS * 2 // 10),
        ([word for name in LAST for word in ("--include-name", name)], SECONDS // 10),
    ]
    holds, answered = True, defaultdict(Counter)
    for which, seconds in passes:
        run = subprocess.run([*command, *which, "--max-time", str(max(seconds, 1))], cwd=folder)
        holds &= run.returncode == 0
        note(report, answered)
        report.unlink()
    return holds & is_whole(base, answered)


def run(kind):
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        folder = Path(name)
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        free.close()
        base = f"http://localhost:{address.rsplit(':', 1)[1]}"
        env = environment(folder, address) | {"TENGINE_PUBLIC_URL": base}
        made = bootstrap(TENGINE, folder, env, EMAIL, "CRM")
        bob = bootstrap(TENGINE, folder, env, "bob@example.com", "ERP")
        server = subprocess.Popen([TENGINE, "serve"], env=env, cwd=folder)
        try:
            for _ in range(300):
                try:
                    if requests.get(f"{base}/readyz", timeout=1).ok:
                        break
                except requests.ConnectionError:
                    time.sleep(0.1)
            key, ids, others = prepared(base, made, bob, kind)
            return tested(base, folder, key, ids, others) and server.poll() is None
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


failed = []
for kind in sys.argv[1:] or KINDS:
    print(f"\n==> a key of the kind {kind}", flush=True)
    if not run(kind):
        failed.append(kind)
sys.exit(f"schemathesis: {', '.join(failed)} failed" if failed else 0)
