//! Where data is, and keeping it: backup, upgrades, replicas.

use super::super::section::{Block, Section};

pub(super) const SECTIONS: &[Section] = &[
    Section {
        id: "backup",
        title: "Backup and restore",
        blocks: &[
            Block::Text(
                "Back up the database and the master key, and keep the two apart: whoever has both can read every stored secret, and whoever has lost the key none.",
            ),
            Block::Names(
                &["In the data folder", "What it is"],
                &[
                    &[
                        "tengine.db",
                        "Accounts, projects, tools, integrations, connections.",
                    ],
                    &["tengine-calls.db", "The log of calls and of connecting."],
                    &[
                        "…-wal, …-shm",
                        "What SQLite has not written into these two yet. Never copy the files of a running server by themselves: half of it would be here.",
                    ],
                    &["master.key", "The key, where it is no setting."],
                ],
            ),
            Block::Part("SQLite"),
            Block::Text("While the server runs, both files:"),
            Block::Code(
                "sqlite3 data/tengine.db \".backup 'backup/tengine.db'\"
sqlite3 data/tengine-calls.db \".backup 'backup/tengine-calls.db'\"",
            ),
            Block::Text(
                "Or all the time, with Litestream, in `/etc/litestream.yml`. Both files are in WAL mode, as it asks:",
            ),
            Block::Code(
                "dbs:
  - path: /var/lib/tengine/tengine.db
    replicas:
      - url: s3://BUCKET/tengine
  - path: /var/lib/tengine/tengine-calls.db
    replicas:
      - url: s3://BUCKET/tengine-calls",
            ),
            Block::Text("To restore, with the server stopped, as its user:"),
            Block::Code(
                "rm -f data/tengine.db-wal data/tengine.db-shm data/tengine-calls.db-wal data/tengine-calls.db-shm
cp backup/tengine.db backup/tengine-calls.db data/
cp KEY_BACKUP/master.key data/",
            ),
            Block::Text(
                "The two files need not be of the same second: a lost log loses nothing but the log.",
            ),
            Block::Part("PostgreSQL"),
            Block::Text("Everything is in the one database:"),
            Block::Code(
                "pg_dump --format=custom --file=tengine.dump \"$TENGINE_DATABASE_URL\"
pg_restore --clean --if-exists --dbname=\"$TENGINE_DATABASE_URL\" tengine.dump",
            ),
            Block::Text(
                "A restored database knows the connections of its time: a client whose refresh token is newer has to connect again.",
            ),
        ],
    },
    Section {
        id: "upgrade",
        title: "A new version",
        blocks: &[
            Block::List(&[
                "Back up first. There is no way back: an older program refuses a newer schema.",
                "Put the new program in the place of the old one and restart. It brings the schema up to date when it starts; `tengine migrate` does it before, and exits.",
                "Several servers may start at once.",
            ]),
        ],
    },
    Section {
        id: "replicas",
        title: "Several servers",
        blocks: &[
            Block::Text(
                "They share a PostgreSQL database. SQLite is for one server, and for commands beside it.",
            ),
            Block::List(&[
                "The master key is a setting, the same on each: `TENGINE_MASTER_KEY` or `TENGINE_MASTER_KEY_FILE`. All other settings are the same too.",
                "Any server answers any request: nothing about a session or a connection is in one of them alone.",
                "What is changed on one the others hear within a second: an ended connection, a tool that is switched off.",
                "Limits, `max_concurrency` and the pause after failing calls are counted in each process by itself.",
                "Take a server out that `/readyz` does not say 200 of.",
            ]),
        ],
    },
];
