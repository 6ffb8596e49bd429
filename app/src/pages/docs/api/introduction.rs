//! What holds for every request.

use crate::pages::docs::section::{Block, Section};

pub(super) const SECTIONS: &[Section] = &[
    Section {
        id: "authentication",
        title: "Authentication",
        blocks: &[
            Block::Text(
                "Send an API key with every request: `Authorization: Bearer tng_key_…`. Make one under API keys of a project, or of your account. It is shown once.",
            ),
            Block::List(&[
                "A key of a project reaches that project and nothing else: `/api/v1/projects/{project_id}/…`.",
                "A key of an account reaches every project of its person and what is below `/api/v1/account`; one with the role owner also makes projects and, where its person owns the instance, reaches `/api/v1/instance`.",
                "A key has a role, and never does more than the person who made it. It may have an expiry. It stops working on the request after it is ended, after its person leaves the project, or after their account is disabled.",
                "What needs its person at a browser is not in the API: changing one's address, password or ways to sign in, deleting one's account, leaving a project, accepting an invitation, approving a client, and connecting an account at another server.",
            ]),
            Block::Text(
                "Never put a key into an address or a page. Whoever has it can do what it may.",
            ),
        ],
    },
    Section {
        id: "pages",
        title: "Lists, pages and filters",
        blocks: &[
            Block::Text(
                "A list is `{\"data\": […], \"next_cursor\": \"…\"}`. `?limit=` is 1 to 1,000 and 100 where it is left out. For the next page send `?cursor=` with the `next_cursor` of the last one, as it is; it is null at the end. An item that is made or deleted meanwhile makes no other one come twice or go missing.",
            ),
            Block::Text(
                "Some lists take filters, which stand among their parameters: `?outcome=timeout&since=1790000000000`. A parameter that a list does not name, or that is there twice, is refused with 422: it would be a filter that somebody believes in.",
            ),
            Block::Text("Times are whole milliseconds since the Unix epoch, in UTC."),
        ],
    },
    Section {
        id: "idempotency",
        title: "Sending a request again",
        blocks: &[
            Block::Text(
                "Every POST takes the header `Idempotency-Key`: text of your choice, new for each new request, such as a UUID. If the connection breaks, send the same request with the same key within a day: it is not done again, and you get the first answer with `Idempotency-Replayed: true`. GET, PATCH and DELETE can be sent again as they are.",
            ),
            Block::Names(
                &["Code", "What happened", "What to do"],
                &[
                    &[
                        "idempotency_under_way",
                        "The first request is being done.",
                        "Ask again after `Retry-After`.",
                    ],
                    &[
                        "idempotency_key_reused",
                        "Another request was sent with this key.",
                        "Take a new key.",
                    ],
                    &[
                        "idempotency_answer_not_kept",
                        "It was done; the answer was too large to be kept.",
                        "Look at what there is.",
                    ],
                    &[
                        "idempotency_outcome_unknown",
                        "The server stopped while it did this.",
                        "Look at what there is, then take a new key.",
                    ],
                ],
            ),
        ],
    },
    Section {
        id: "errors",
        title: "Errors",
        blocks: &[
            Block::Code(
                r#"{
  "error": {
    "code": "invalid",
    "message": "name: Give it a name.",
    "details": [{ "field": "name", "message": "Give it a name." }],
    "request_id": "…"
  }
}"#,
            ),
            Block::Text(
                "`code` is for programs, `message` for people. `details` names every field that breaks a rule. With the `request_id` whoever runs the server finds the request in the log.",
            ),
            Block::Names(
                &["Code", "Status", "What to do"],
                &[
                    &["unauthorized", "401", "Send a valid API key."],
                    &[
                        "forbidden",
                        "403",
                        "Use a key that may; the message says who may.",
                    ],
                    &[
                        "second_factor_needed",
                        "403",
                        "The key's person has to add a passkey or an authenticator app.",
                    ],
                    &[
                        "not_found",
                        "404",
                        "It does not exist, or is not for this key to know of.",
                    ],
                    &[
                        "conflict",
                        "409",
                        "Something else has this value: choose another.",
                    ],
                    &[
                        "malformed",
                        "400",
                        "The body is not JSON, or a header cannot be read.",
                    ],
                    &["too_large", "413", "A body has 4 MiB at most."],
                    &[
                        "unsupported_media_type",
                        "415",
                        "Send the body as `application/json`.",
                    ],
                    &["invalid", "422", "Mend the fields in `details`."],
                    &["throttled", "429", "Wait for `Retry-After` seconds."],
                    &[
                        "internal",
                        "500",
                        "Try again; if it stays, tell the `request_id`.",
                    ],
                ],
            ),
        ],
    },
];
