//! What an endpoint gets, and which endpoints get anything.

use crate::pages::docs::section::{Block, Section};

pub const HEADERS: Section = Section {
    id: "headers",
    title: "What your endpoint gets",
    blocks: &[
        Block::Text(
            "The request that the tool describes, and these headers. The client's MCP token is never passed on. The sample tool `sample-request-echo` shows what arrives.",
        ),
        Block::Names(
            &["Header", "Value"],
            &[
                &["X-Tengine-Project-Id", "The project."],
                &[
                    "X-Tengine-Integration-Id",
                    "The integration, where the call came by one.",
                ],
                &[
                    "X-Tengine-Request-Id",
                    "A UUID of this call. A retry has the same one, so that you can tell.",
                ],
                &["X-Tengine-Timestamp", "Unix seconds."],
                &[
                    "traceparent",
                    "W3C Trace Context; the trace id is the request id.",
                ],
                &[
                    "X-Tengine-Member-Id, -Email, -Roles",
                    "The person who approved the connection; with `inject_member_identity` only.",
                ],
                &[
                    "Authorization, or a header that you name",
                    "The secret, as the `auth_strategy` says.",
                ],
                &["X-Tengine-Signature", "With `hmac_signature`."],
                &[
                    "webhook-id, webhook-timestamp, webhook-signature",
                    "With `standard_webhooks`; the id is the request id.",
                ],
                &[
                    "User-Agent, Accept, Content-Type",
                    "`TengineAI/` and its version, JSON before text before all else, `application/json` with a body; the headers template may say otherwise.",
                ],
                &[
                    "Accept-Encoding",
                    "`identity`: a compressed answer is an error.",
                ],
            ],
        ),
    ],
};

pub const GUARD: Section = Section {
    id: "guard",
    title: "Where tools may go",
    blocks: &[
        Block::Text(
            "To public addresses, over https, with a certificate that the public authorities signed. A host is looked up, every address of it is checked, and a checked one is connected to. Refused are loopback, private, link-local, carrier-grade NAT, multicast and reserved addresses and those of cloud metadata, however they are written.",
        ),
        Block::List(&[
            "The instance's owner can list hosts (`host` or `host:port`) and networks in `TENGINE_TOOLS_ALLOW`. Those may be private, and may be plain http.",
            "The instance itself is refused always.",
            "The same holds for OpenAPI documents and for token servers of OAuth 2.",
        ]),
    ],
};
