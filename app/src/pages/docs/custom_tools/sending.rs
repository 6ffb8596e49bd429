//! How long a request is waited for, and how often it is sent.

use crate::pages::docs::section::{Block, Section};

pub const TIME: Section = Section {
    id: "time",
    title: "Time and size",
    blocks: &[Block::List(&[
        "`timeout_ms` is for all of a call: the wait for its turn and for a token, connecting, and the answer to its last byte, with every retry and redirect.",
        "Connecting has 10 seconds of its own. Waiting for the first byte has no other limit: an endpoint may think.",
        "`max_concurrency` counts in each process of the instance by itself.",
        "An answer's headers may have 64 KiB, and be 100.",
    ])],
};

pub const RETRIES: Section = Section {
    id: "retries",
    title: "Retries",
    blocks: &[
        Block::Text(
            "With `max_retries` a call that went wrong is sent once more, with the same `X-Tengine-Request-Id`. Only for tools whose `idempotentHint` is true: to do it twice has to do no more than once.",
        ),
        Block::Table(
            &["What happened", "Sent once more"],
            &[
                &["No connection, or closed without an answer", "yes"],
                &[
                    "An answer that broke off",
                    "yes, unless the client was told of progress",
                ],
                &[
                    "502, 503, 504",
                    "yes, unless `Retry-After` asks for more than 10 seconds or names a date",
                ],
                &["429", "only with a `Retry-After` of at most 10 seconds"],
                &["500 and other statuses", "no"],
                &["No answer in time", "no"],
            ],
        ),
        Block::Text(
            "The pause before is up to 0.2 seconds and doubles each time, up to 5; a `Retry-After` that is longer counts. All of it is within `timeout_ms`, and nothing is sent once more where less than 100 ms of it would be left. The log says how often it was tried.",
        ),
    ],
};

pub const CIRCUIT: Section = Section {
    id: "circuit",
    title: "A server that fails",
    blocks: &[Block::List(&[
        "After ten calls of a tool in a row that failed (no answer in time, a broken answer, 5xx) its next ones fail at once, with a sentence that says since when and until when. 4xx are no failures.",
        "After 5 seconds one call goes through and finds out. If it fails too the pause doubles, up to a minute; if not, all go through again.",
        "A server that could not be connected to ten times in a row is left alone by all of the project's tools with its scheme, host and port.",
        "A time-out does not count where less than half of `timeout_ms` was left for the attempt, as after a wait for its turn.",
        "It counts for each project by itself, and in each process.",
    ])],
};

pub const REDIRECTS: Section = Section {
    id: "redirects",
    title: "Redirects",
    blocks: &[Block::List(&[
        "A redirect is followed within the same scheme, host and port, with the same method, at most three times. 301, 302 and 303 only for a GET.",
        "Your templates' headers and the person's identity do not go along.",
        "A tool with a secret follows none. The model is told which host the redirect points to: put the address that answers into the tool.",
    ])],
};
