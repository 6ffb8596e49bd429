//! How an endpoint knows a signature. The snippets are files of their own, so that tests run them
//! against real requests (`tests/server/guides`).

use crate::pages::docs::section::{Block, Section};

pub const SIGNATURE: Section = Section {
    id: "signature",
    title: "Verifying the signature",
    blocks: &[
        Block::Text(
            "With `hmac_signature`, `X-Tengine-Signature` is `v1=` and the HMAC-SHA256, in hex, of one line of six fields with a space between:",
        ),
        Block::Code(
            "v1 {timestamp} {request id} {METHOD} {path with query} {SHA-256 of the body, in hex}",
        ),
        Block::List(&[
            "Timestamp and request id are those of the headers. Refuse a timestamp that is more than five minutes off.",
            "Take the path with its query as it came over the wire, and the body as bytes, before anything parses them.",
            "A request without a body has the SHA-256 of nothing.",
            "Compare in constant time. Refuse a header that is there twice.",
            "To refuse a request that is sent again within the five minutes, remember request ids for ten. With `max_retries` the same id may come more than once.",
        ]),
        Block::Table(
            &["In", "Path with query", "Body"],
            &[
                &[
                    "Node, Express",
                    "`request.originalUrl` (Node: `request.url`)",
                    "`express.raw({ type: \"*/*\" })`; nothing where that makes no Buffer",
                ],
                &[
                    "Starlette, FastAPI",
                    "`scope[\"raw_path\"]`, and where there is one `?` and `scope[\"query_string\"]`; both are bytes",
                    "`await request.body()`",
                ],
                &[
                    "Flask",
                    "`request.environ[\"RAW_URI\"]` (Gunicorn and Flask's own server)",
                    "`request.get_data()`",
                ],
                &[
                    "axum",
                    "`OriginalUri`, and of it `path_and_query()`",
                    "`Bytes`",
                ],
            ],
        ),
        Block::Part("Python"),
        Block::Code(include_str!("snippets/verify.py")),
        Block::Part("TypeScript"),
        Block::Code(include_str!("snippets/verify.ts")),
        Block::Part("Rust"),
        Block::Code(include_str!("snippets/verify.rs")),
        Block::Code(include_str!("snippets/verify.toml")),
    ],
};

pub const WEBHOOKS: Section = Section {
    id: "webhooks",
    title: "Verifying with Standard Webhooks",
    blocks: &[
        Block::Text(
            "With `standard_webhooks` the libraries of standardwebhooks.com verify a call, and refuse one that is more than five minutes off. They cover id, time and body, and neither method nor path: give each endpoint a key of its own, or take `hmac_signature`.",
        ),
        Block::Part("Python: pip install standardwebhooks"),
        Block::Code(include_str!("snippets/webhook.py")),
        Block::Part("TypeScript: npm install standardwebhooks"),
        Block::Code(include_str!("snippets/webhook.ts")),
        Block::Part("Rust"),
        Block::Code(include_str!("snippets/webhook.rs")),
        Block::Code(include_str!("snippets/webhook.toml")),
    ],
};
