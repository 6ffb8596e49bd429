//! What the model gets of an answer, and what it is told where there is none.

use crate::pages::docs::section::{Block, Section};

pub const ANSWERS: Section = Section {
    id: "answers",
    title: "What the model gets",
    blocks: &[
        Block::Table(
            &["Your endpoint answers", "The model gets"],
            &[
                &["A JSON object", "Structured content, and the same as text."],
                &["Other JSON", "Text."],
                &["Text, XML, YAML, JavaScript, SVG", "Text."],
                &["An image, audio", "An image, audio."],
                &[
                    "Something else",
                    "A sentence with its type and how many bytes it has.",
                ],
                &["2xx without a body", "A sentence with the status."],
                &[
                    "NDJSON, or events (`text/event-stream`)",
                    "Progress while it comes, for a client that asked for it; the items together are the answer.",
                ],
                &[
                    "More than 150,000 characters",
                    "The beginning, as text alone, and how much was left out. With an output schema: an error, since it cannot be cut.",
                ],
                &[
                    "What does not fit the output schema",
                    "An error with what does not fit, and the beginning of the answer.",
                ],
                &[
                    "A status outside 2xx",
                    "An error with the status and the first 2,000 characters of the body. Say there what the model should do otherwise.",
                ],
                &[
                    "More than `max_response_bytes`, or compressed",
                    "An error that says so.",
                ],
            ],
        ),
        Block::List(&[
            "In a stream an item with a number `progress`, and beside it only `total` and `message`, is nothing but progress; the other items are the answer.",
            "A client that sends its own key as `_meta[\"ai.tengine/idempotency-key\"]` (1 to 255 bytes) gets the first answer again for a day: the call reaches your endpoint at most once.",
            "Over REST, `POST /api/v1/projects/{project_id}/tools/{tool_id}/call` gives a program what the model would get.",
        ]),
    ],
};

pub const OUTCOMES: Section = Section {
    id: "outcomes",
    title: "What can go wrong",
    blocks: &[
        Block::Text(
            "Each call leaves a row under Calls: outcome, status, duration and one sentence, without arguments or answers. Over REST each outcome has its status.",
        ),
        Block::Names(
            &["Outcome", "What happened", "REST"],
            &[
                &["ok", "Your endpoint answered with 2xx.", "200"],
                &[
                    "invalid_arguments",
                    "The arguments break the schema or do not fit their place. The model is told each violation; nothing was sent.",
                    "422",
                ],
                &["not_enabled", "The tool is disabled.", "403"],
                &[
                    "member_required",
                    "The tool needs a person, and there is none.",
                    "403",
                ],
                &[
                    "connection_required",
                    "The person has to connect their account first; the model is told where.",
                    "403",
                ],
                &["refused", "Tools may not go to that address.", "403"],
                &[
                    "no_token",
                    "The OAuth 2 server gave no token; nothing was sent to the endpoint.",
                    "502",
                ],
                &[
                    "busy",
                    "`max_concurrency` calls were running, until the time was over.",
                    "503",
                ],
                &[
                    "unavailable",
                    "The server has been failing and is left alone for a while; nothing was sent.",
                    "503",
                ],
                &[
                    "unreachable",
                    "No connection: DNS, refused, TLS, or closed without an answer.",
                    "502",
                ],
                &[
                    "timeout",
                    "No whole answer in time. Your endpoint may have acted.",
                    "504",
                ],
                &[
                    "http_error",
                    "A status outside 2xx, or a redirect that is not followed.",
                    "502",
                ],
                &[
                    "bad_answer",
                    "Not HTTP, broken off, too large, compressed, or not as the output schema says.",
                    "502",
                ],
                &[
                    "cancelled",
                    "The caller went away. Your endpoint may have acted.",
                    "",
                ],
            ],
        ),
    ],
};
