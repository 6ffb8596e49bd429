//! Trying a tool, and what becomes of its changes.

use crate::pages::docs::section::{Block, Section};

pub const PLAYGROUND: Section = Section {
    id: "playground",
    title: "Trying a tool",
    blocks: &[Block::List(&[
        "“Try it” beside a tool makes a form of its input schema, filled with its defaults and examples.",
        "“Show the request” sends nothing: you see method, URL, headers and body as they would go out, secrets masked.",
        "“Call it” is a real call, in your name: it acts at the endpoint and leaves a row under Calls. You see the answer, time and size, and what the model would see.",
    ])],
};

pub const VERSIONS: Section = Section {
    id: "versions",
    title: "Versions",
    blocks: &[Block::List(&[
        "Each change of a tool makes a version: who, when, how, and what the tool became. “Versions” on the tool's page lists them, and `…/tools/{tool_id}/versions` over REST. The newest 200 are kept, and a call's row names the version that ran.",
        "Two versions can be compared field by field, and an older one restored. That makes a new version under today's rules; whether the tool is enabled stays as it is.",
        "No version holds a secret. Restoring one keeps the present secret where it goes to the same place in the same way; otherwise edit the tool and enter it.",
        "What people approved is marked where it changed since: name, title, description, hints, schemas, address, method, templates, identity. Live connections go on; a consent that was remembered is asked for again.",
    ])],
};

pub const CALLS: Section = Section {
    id: "calls",
    title: "What is kept of calls",
    blocks: &[Block::List(&[
        "Every call leaves a row under Calls: tool and version, who, by which integration, how it ended, and where its time went. The list is filtered by each of these, and its address keeps how.",
        "Beside the row is what was asked and answered: arguments, request line and headers, and the answer, 8 KiB of each at most. Secrets are taken out before it is stored: what the tool proves itself with, what its schema marks (`format: password`, `writeOnly`) or its name calls secret. `[redacted]` stands in their place.",
        "It is kept for 7 days and of the newest 10,000 calls (where there are more than 50 a second, of some), as far as the server is not [set otherwise](/docs/operations#settings). Under Settings a project chooses to keep it of every call, of failed ones only, or of none; what would not be kept any more is deleted at once. Rows stay.",
        "“Run it again” fills the playground in as the call was, without what was hidden.",
    ])],
};
