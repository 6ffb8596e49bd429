//! Starting the server, and watching it.

use super::super::section::{Block, Section};

pub(super) const START: &[Section] = &[Section {
    id: "start",
    title: "Starting it",
    blocks: &[
        Block::Text(
            "`make build` in the source leaves one program with everything inside, `target/release/tengine`. It needs nothing else on the machine. `tengine` without a command serves, until it gets SIGTERM or SIGINT: then requests in flight have 10 seconds to end.",
        ),
        Block::Text("As a service of systemd, in `/etc/systemd/system/tengine.service`:"),
        Block::Code(
            "[Unit]
Description=TengineAI
After=network-online.target
Wants=network-online.target

[Service]
User=tengine
StateDirectory=tengine
WorkingDirectory=/var/lib/tengine
Environment=TENGINE_DATA_DIR=/var/lib/tengine
Environment=TENGINE_PUBLIC_URL={public_url}
Environment=TENGINE_TRUSTED_PROXIES=127.0.0.1
ExecStart=/usr/local/bin/tengine serve
Restart=on-failure
TimeoutStopSec=20

[Install]
WantedBy=multi-user.target",
        ),
        Block::Text(
            "The first account owns the instance. With a public URL that others reach, signing up asks for a set-up code, which the program prints when it starts: `journalctl -u tengine`.",
        ),
    ],
}];

pub(super) const WATCH: &[Section] = &[
    Section {
        id: "mail",
        title: "Mail",
        blocks: &[
            Block::Code(
                "TENGINE_SMTP_URL=smtps://USER:PASSWORD@mail.example.com
TENGINE_MAIL_FROM=\"TengineAI <tengine@example.com>\"",
            ),
            Block::Text(
                "With a mail server addresses are confirmed, invitations and ways back into an account can go by mail, and people are told what was changed about their account. Without one such links are shown to whoever makes them. Instance → Health says whether mail is set up and sends a test mail. Characters of a user name or password that have a meaning in a URL are percent-encoded: `@` is `%40`.",
            ),
        ],
    },
    Section {
        id: "accounts",
        title: "Accounts, from the command line",
        blocks: &[
            Block::Text(
                "For somebody who cannot sign in, with the settings of the server, as its user:",
            ),
            Block::Code(
                "tengine user list
tengine user reset-link EMAIL
tengine user reset-link EMAIL --removes-second-factor
tengine user disable EMAIL
tengine user enable EMAIL
tengine user make-owner EMAIL",
            ),
            Block::Text(
                "`reset-link` prints a link that sets a new password; it works once, for 24 hours, and signs every browser of the account out. `--removes-second-factor` is for who lost that too: it takes the authenticator app and the passkeys away. Commands act on the database beside a server that runs, which hears of it within a second.",
            ),
        ],
    },
    Section {
        id: "health",
        title: "Health",
        blocks: &[
            Block::Names(
                &["Address", "Answer"],
                &[
                    &[
                        "/healthz",
                        "200: the process lives. It asks for nothing else.",
                    ],
                    &[
                        "/readyz",
                        "200: the database answers and has the schema of this program; else 503, with the reason in a line. Send traffic only to a server that says 200.",
                    ],
                ],
            ),
            Block::Text(
                "Neither needs an account. Instance → Health shows owners of the instance more: the database, the public address, the clocks, mail, and how much there is.",
            ),
        ],
    },
    Section {
        id: "logs",
        title: "Logs",
        blocks: &[Block::List(&[
            "The log goes to standard error; what a command prints goes to standard output.",
            "Pages and the API's answers have a header `X-Request-Id`, error pages and the API's errors show it, and the log's lines about the request have it.",
            "The log holds no secret, no token, and neither arguments nor answers of calls.",
            "What tools were called is under Calls of a project. Who changed what is in the audit logs, of a project under its settings and of the instance under Instance. Events of connecting are kept for 90 days.",
        ])],
    },
    Section {
        id: "limits",
        title: "Limits",
        blocks: &[
            Block::Table(
                &["What", "How much"],
                &[
                    &[
                        "Connections",
                        "10,000, and 1,000 of one address unless it is a trusted proxy. One on which nothing happens is closed after one to two minutes.",
                    ],
                    &[
                        "MCP requests",
                        "For a person 200 at once and 50 a second; for an integration 1,000 and 500.",
                    ],
                    &[
                        "A body",
                        "4 MiB for MCP and the API, 1 MiB for a form of the dashboard, 24 MiB for one with an OpenAPI document.",
                    ],
                    &["A call", "300 seconds at most; each tool sets its own."],
                    &[
                        "Wrong passwords",
                        "10 for an account from one network, then one each 6 seconds.",
                    ],
                ],
            ),
            Block::Text(
                "A request over a limit is answered with 429 and, where it can be said, `Retry-After`. Limits are counted in each process by itself.",
            ),
        ],
    },
];
