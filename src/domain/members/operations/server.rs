//! What whoever holds the server does: no role is asked for.

use super::{Operation, Who};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "server.run",
        "Server",
        Who::Operator,
        "Run the server and bring its database up to date.",
    )
    .commands(&["serve", "migrate"]),
    Operation::new(
        "server.bootstrap",
        "Server",
        Who::Operator,
        "Make an account, a project, its tools and an integration in one go.",
    )
    .commands(&["bootstrap"]),
    Operation::new(
        "server.keys",
        "Server",
        Who::Operator,
        "Replace the keys that tokens are signed with, and the master key.",
    )
    .commands(&["keys rotate", "keys rotate-master"]),
    Operation::new(
        "server.users",
        "Server",
        Who::Operator,
        "List, disable and enable accounts, make one an owner of the instance, and make links that \
            reset a password.",
    )
    .commands(&[
        "user list",
        "user disable",
        "user enable",
        "user make-owner",
        "user reset-link",
    ]),
];
