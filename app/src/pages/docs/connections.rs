//! Guide: what a connection is, how it ends, and what a rotation does to it.

use leptos::prelude::*;

use super::{
    reader::Reader,
    section::{Block, Section, contents, shown},
};
use crate::components::copy::CopyField;

pub fn text(reader: &Reader) -> AnyView {
    let parts = SECTIONS.iter().map(|section| (section.id, section.title));
    let [ending, rotating, self_registered, unattended] =
        [&SECTIONS[0], &SECTIONS[1], &SECTIONS[2], &SECTIONS[3]].map(|one| shown(one, reader));
    let own = reader.integration().map(|own| {
        view! {
            <CopyField label="Server URL of your integration" value=own.server_url.clone() />
        }
    });
    view! {
        <p class="lead">
            "A connection is made each time somebody approves a client. It remembers who approved, which client it was and which tools it may call."
        </p>
        {contents(parts)}
        {ending}
        {rotating}
        <p>{overlap_note(&reader.instance.token_lifetime)}</p>
        {self_registered}
        <CopyField label="Server URL" value=reader.instance.server_url.clone() />
        {own}
        {unattended}
    }
    .into_any()
}

fn overlap_note(lifetime: &str) -> String {
    format!(
        "An access token of this instance works for {lifetime}: a connection whose client has the old secret goes on at most that long."
    )
}

static SECTIONS: [Section; 4] = [
    Section {
        id: "ending",
        title: "Seeing and ending connections",
        blocks: &[Block::List(&[
            "Your own, of all projects: [Connected apps](/account/connected-apps).",
            "Those of an integration: on its page, under Connections. An admin can disconnect one of them, or everything.",
            "A connection that was ended is refused from its next request on. The client has to connect again, and somebody has to approve it again.",
            "Deactivating an integration ends nothing: calls and refreshes are refused, tokens are kept, and activating it restores the connections.",
            "Who leaves a project takes their connections along: they are refused from then on.",
        ])],
    },
    Section {
        id: "rotating",
        title: "Rotating the Client Secret",
        blocks: &[
            Block::Text(
                "“Rotate secret” on the integration's page makes a new one and asks how long the old one still works:",
            ),
            Block::Table(
                &["The old one works", "For", "What happens"],
                &[
                    &[
                        "Not at all",
                        "A secret that may have leaked.",
                        "Connections work until their access token expires, and then stop refreshing until the new secret is pasted into the client.",
                    ],
                    &[
                        "1 hour, 24 hours or 7 days",
                        "Everything else.",
                        "Both secrets work, so that nothing stops while you paste the new one into each client. The page shows when each was last used: once the old one is no longer used, end it.",
                    ],
                ],
            ),
            Block::Text(
                "At most two secrets work at a time. Rotating again ends the older one, with an overlap too.",
            ),
        ],
    },
    Section {
        id: "self-registered",
        title: "Clients that register themselves",
        blocks: &[
            Block::Text(
                "ChatGPT, VS Code, and Claude without a Client ID introduce themselves and are given a URL only. An integration lets them in once “Clients that register themselves” is switched on, on its page. They have no secret, their name is their own choice, and a member approves each connection: look at the host that it sends you back to.",
            ),
            Block::Text(
                "With the common Server URL whoever connects chooses among the integrations of their projects that are open to such clients. An integration's own Server URL leads to that one.",
            ),
        ],
    },
    Section {
        id: "unattended",
        title: "Connecting without a person",
        blocks: &[Block::Text(
            "Two switches on an integration's page make the Client Secret alone enough, and ask who you are once more: automatic approval, for a client that goes through OAuth, and client credentials, for a program that asks the token endpoint by itself. Whoever holds the secret can then call every tool that the integration offers. Tools that need a person refuse. Switching either off ends the connections that it made.",
        )],
    },
];
