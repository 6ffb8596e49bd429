//! Every setting. `src/config` holds this table to what it reads.

use super::super::section::{Block, Section};

pub(super) const SECTIONS: &[Section] = &[Section {
    id: "settings",
    title: "Settings",
    blocks: &[
        Block::Text(
            "By flag (`--listen`), by variable, or in a file `tengine.toml` where the program is started (or `--config FILE`), in this order. In the file the names are those of the variables without `TENGINE_`, in small letters: `listen = \"127.0.0.1:3000\"`. `tengine --help` lists the flags. A wrong value is one line that names its setting, and exit code 2.",
        ),
        Block::Text(
            "What an owner of the instance decides in the dashboard a variable fixes: then the dashboard shows it and does not change it. What is marked “file” can also be read from a file, by the same name with `_FILE` at its end: keep secrets out of the environment that way.",
        ),
        Block::Names(&["Variable", "Default", "What"], SETTINGS),
    ],
}];

/// Variable, default, and what it is. A default that is nothing but `code` is the value itself.
pub const SETTINGS: &[&[&str]] = &[
    &[
        "TENGINE_LISTEN",
        "`127.0.0.1:3000`",
        "Address and port to listen on.",
    ],
    &[
        "TENGINE_PUBLIC_URL",
        "`http://localhost:3000`",
        "The origin that the world uses. Every address that clients and people get is made from it. Its port follows `TENGINE_LISTEN`.",
    ],
    &[
        "TENGINE_DATABASE_URL",
        "`tengine.db` in the data folder",
        "`sqlite:PATH`, or `postgres://USER:PASSWORD@HOST/DATABASE`. Also as a file.",
    ],
    &[
        "TENGINE_DATA_DIR",
        "`data`",
        "The folder of the SQLite files and of the master key, relative to where the program is started. It is made, readable to its owner only.",
    ],
    &[
        "TENGINE_MASTER_KEY",
        "made, in `master.key` in the data folder",
        "What stored secrets are sealed under: 32 bytes in base64. Also as a file. [Keys](#master-key) has the rest.",
    ],
    &[
        "TENGINE_SIGNUP",
        "the dashboard's, at first “first”",
        "Who may sign up once there is an owner: `first` (nobody), `invite` (who has an invitation) or `open` (anyone).",
    ],
    &[
        "TENGINE_SIGNUP_DOMAINS",
        "the dashboard's, at first any",
        "Mail domains that new accounts may have, with commas between.",
    ],
    &[
        "TENGINE_REQUIRE_SECOND_FACTOR",
        "the dashboard's, at first off",
        "`on`: projects open only to accounts with a passkey or an authenticator app.",
    ],
    &[
        "TENGINE_SESSION_IDLE",
        "`1209600`",
        "Seconds after which a browser that nobody uses is signed out; 14 days.",
    ],
    &[
        "TENGINE_SESSION_MAX",
        "`7776000`",
        "Seconds after which every browser has to sign in again; 90 days.",
    ],
    &[
        "TENGINE_PROOF_MAX",
        "`600`",
        "Seconds for which having signed in is proof enough for a sensitive act.",
    ],
    &[
        "TENGINE_SMTP_URL",
        "none",
        "The server that mail goes out by: `smtps://USER:PASSWORD@HOST`, or `smtp://HOST:587?tls=required`. Also as a file. See [Mail](#mail).",
    ],
    &[
        "TENGINE_MAIL_FROM",
        "none",
        "Who mail comes from: `TengineAI <tengine@example.com>`. Needed with `TENGINE_SMTP_URL`.",
    ],
    &[
        "TENGINE_TOOLS_ALLOW",
        "none",
        "Private hosts (`host` or `host:port`) and networks that tools may reach, with commas between. All other private addresses are refused, and the instance itself always.",
    ],
    &[
        "TENGINE_TRUSTED_PROXIES",
        "none",
        "Addresses and networks whose `X-Forwarded-For` counts, with commas between. See [Behind a reverse proxy](#proxy).",
    ],
    &[
        "TENGINE_LIMITS",
        "`on`",
        "`off` switches off limits per address and those of MCP requests, never those per account; only where public URL and address are loopback.",
    ],
    &[
        "TENGINE_CODE_TTL",
        "`60`",
        "Seconds that an authorization code lives.",
    ],
    &[
        "TENGINE_ACCESS_TOKEN_TTL",
        "`3600`",
        "Seconds that an access token lives.",
    ],
    &[
        "TENGINE_REFRESH_GRACE",
        "7 days; for public clients 1 day",
        "Seconds in which a used refresh token is tolerated while its successor is unused. `0` is strict rotation.",
    ],
    &[
        "TENGINE_REFRESH_IDLE",
        "`5184000`",
        "Seconds after which a connection that nobody uses has to be made anew; 60 days.",
    ],
    &[
        "TENGINE_REFRESH_MAX",
        "`31536000`",
        "Seconds after which every connection has to be approved again; a year.",
    ],
    &[
        "TENGINE_DYNAMIC_REGISTRATION",
        "the dashboard's, at first on",
        "`off`: clients cannot register themselves (RFC 7591). Connections that they have stay.",
    ],
    &[
        "TENGINE_CLIENT_METADATA_DOCUMENTS",
        "the dashboard's, at first on",
        "`off`: a URL is no Client ID. Connections that such clients have stay.",
    ],
    &[
        "TENGINE_MCP_COMPAT",
        "`on`",
        "A request that says protocol 2026-07-28 in its body and another version, or none, in its headers is read as the body says. `off`: it is refused.",
    ],
    &[
        "TENGINE_CALL_DETAILS_TTL",
        "`604800`",
        "Seconds that arguments, request and answer of a call are kept, with secrets taken out; 7 days. Its row stays.",
    ],
    &[
        "TENGINE_CALL_DETAILS_MOST",
        "`10000`",
        "Of how many calls of a project they are kept. The oldest go first.",
    ],
    &[
        "TENGINE_LOG",
        "`text`",
        "`json`: each line of the log is a JSON object. A variable only.",
    ],
    &[
        "RUST_LOG",
        "info",
        "Which lines are logged, as `warn` or `info,tengine=debug`. A variable only.",
    ],
];
