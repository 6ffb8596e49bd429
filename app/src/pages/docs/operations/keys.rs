//! The keys of an instance, and replacing them.

use super::super::section::{Block, Section};

pub(super) const SECTIONS: &[Section] = &[
    Section {
        id: "master-key",
        title: "The master key",
        blocks: &[
            Block::Text(
                "Secrets of tools, vaults and providers are stored sealed under it, and so are the keys that sign access tokens. Without it they do not open. Keep a copy apart from the database's.",
            ),
            Block::Part("Where it is the data folder's file"),
            Block::Text(
                "One command replaces it beside a server that runs, as the user that the server runs as:",
            ),
            Block::Code("tengine keys rotate-master"),
            Block::Text(
                "The old key is left beside, in `master.key.old-` and the time, for backups from before. Delete it with the last of them.",
            ),
            Block::Part("Where it is a setting"),
            Block::List(&[
                "Make a new one: `openssl rand -base64 32`. Put it after the old one, with a space between, and restart every server.",
                "Put the new one first, and restart every server again. The first seals, any opens.",
                "Run `tengine keys rotate-master` with the same setting, then take the old one away.",
            ]),
            Block::Text(
                "The command can be broken off anywhere: run it again. A value that no key opens is named, and the old key stays until that is mended.",
            ),
        ],
    },
    Section {
        id: "signing-keys",
        title: "The keys that sign access tokens",
        blocks: &[
            Block::Code("tengine keys rotate\ntengine keys rotate --at-once"),
            Block::Text(
                "A new key signs from now on, and old ones verify until the last token that they signed has ended. With `--at-once`, for a key that leaked, they verify nothing any more: every client refreshes its token, and no connection is lost.",
            ),
        ],
    },
];
