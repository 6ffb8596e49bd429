//! What Claude shows, why, and what mends it.

use super::super::section::{Block, Section};

const HEAD: &[&str] = &["What you see", "Why", "What to do"];

pub static SECTIONS: [Section; 5] = [
    Section {
        id: "troubleshooting",
        title: "When it does not work",
        blocks: &[
            Block::Text(
                "Look at the integration's page first: it shows the last refusal with its cause, and how far the client has come. A page of this server that refuses says why, with a request id that the server's log has too.",
            ),
            Block::Part("While adding and connecting"),
            Block::Table(
                HEAD,
                &[
                    &[
                        "Claude cannot reach the server, or the connector fails as soon as it is added",
                        "Claude's requests come from Anthropic's cloud, for Claude Desktop too. The address is on localhost or in a private network, it is not https on port 443, or its certificate is not one that everybody trusts.",
                        "Put the instance behind a public https address: [how](/docs/operations#proxy).",
                    ],
                    &[
                        "It fails at once, and this server was asked for nothing",
                        "A firewall, a load balancer or a bot check in front stops Claude.",
                        "Let requests from `160.79.104.0/21` through to `/mcp`, `/.well-known/` and `/api/v1/mcp-oauth/`, without a challenge.",
                    ],
                    &[
                        "It connects with one form of the URL and not with the other",
                        "Something in front redirects between `/mcp` and `/mcp/`. Claude does not follow that.",
                        "Take the redirect out, and use the Server URL as it is shown: `{server_url}`",
                    ],
                    &[
                        "A second connector with the same URL is refused",
                        "Claude takes each URL once.",
                        "Every integration has a Server URL of its own beside the common one, on its page; use that for the second.",
                    ],
                    &[
                        "“This redirect URI is not registered”, on a page of this server",
                        "The integration does not know where Claude wants to go back to.",
                        "The page names it. If it is one of Claude's (above), add it to the integration's redirect URIs.",
                    ],
                    &[
                        "The client id is not known here",
                        "The id was mistyped, or the integration was deleted.",
                        "Copy the Client ID again from the integration's page. Delete the connector in Claude and add it anew.",
                    ],
                    &[
                        "This integration is inactive",
                        "Somebody deactivated it.",
                        "Activate it on its page; connections then work again.",
                    ],
                    &[
                        "The page asks for a second factor",
                        "The project, or the whole instance, is open only to accounts that have one.",
                        "Add a passkey or an authenticator app under [Account → Security](/account/security), then connect again.",
                    ],
                ],
            ),
        ],
    },
    Section {
        id: "approved",
        title: "You approved, and then",
        blocks: &[Block::Table(
            HEAD,
            &[
                &[
                    "“Authorization failed”, right after you approved",
                    "The Client Secret is wrong: mistyped, or rotated since you copied it. The integration's page says which.",
                    "Paste the present one, or rotate the secret and paste the new one. The page shows the beginning of each that works.",
                ],
                &[
                    "“Authorization failed”, or nothing at all, and the checklist stops after the token",
                    "Claude has a token and its next request does not arrive. Something in front stops it, or does not send `/mcp` without the slash on to this server.",
                    "Let the addresses and paths above through, all methods, with the header `Authorization` as it is.",
                ],
                &[
                    "The same, and the integration's page says that `resource` is another",
                    "The URL in Claude is not the one that this server calls itself by.",
                    "TENGINE_PUBLIC_URL has to be what is typed into Claude, with scheme and host. It is `{server_url}` now.",
                ],
                &[
                    "It connects, and no tools appear",
                    "No tool of the project is enabled, the integration offers none of those that are, or “read-only tools” was approved and all of them write.",
                    "Switch tools on; look at “Tools that it offers” on the integration's page; connect again to approve others.",
                ],
                &[
                    "Some tools are missing, or are as they were before",
                    "Claude has the list that it asked for last.",
                    "Start a new conversation; if that does not help, disconnect and connect the connector in Claude.",
                ],
            ],
        )],
    },
    Section {
        id: "later",
        title: "It worked, and now",
        blocks: &[Block::Table(
            HEAD,
            &[
                &[
                    "The connector shows as disconnected",
                    "Somebody ended the connection, or its person left the project.",
                    "See whether it is still under [Connected apps](/account/connected-apps). If not, connect again: that asks for your approval anew.",
                ],
                &[
                    "`invalid_grant`",
                    "The connection is over: it was ended here, was not used for a long time, or an old refresh token was used although a newer one is in use.",
                    "Delete the connector in Claude and add it anew.",
                ],
                &[
                    "`invalid_client`",
                    "The secret was rotated, and its overlap is over.",
                    "Paste the new secret. [An overlap](/docs/connections#rotating) spares you this the next time.",
                ],
                &[
                    "`unauthorized_client`",
                    "The integration is inactive, or may not do this.",
                    "Activate it on its page: that restores the connection.",
                ],
                &[
                    "It asks you to sign in every day",
                    "The refresh does not reach this server, or takes longer than Claude's 30 seconds.",
                    "See the rows about what is in front; the instance's log has each refresh.",
                ],
            ],
        )],
    },
    Section {
        id: "calls",
        title: "A call fails",
        blocks: &[Block::Table(
            HEAD,
            &[
                &[
                    "Claude says that the tool failed",
                    "Your endpoint answered with an error, or not in time.",
                    "The call stands under Calls with its outcome. “Try it” beside the tool makes the same call and shows the request.",
                ],
                &[
                    "“Member context required”",
                    "The tool needs a person, and the connection has none: it was made by automatic approval or client credentials.",
                    "Connect with sign-in and approval.",
                ],
                &[
                    "Claude gives an address of this server to open",
                    "The tool acts with your account at another server, which is not connected yet.",
                    "Open it, connect your account, and ask again.",
                ],
                &[
                    "The answer is cut",
                    "Claude takes 150,000 characters of a result, Claude Code 25,000 tokens.",
                    "Let the endpoint answer with less: [what the model gets](/docs/custom-tools#answers).",
                ],
                &[
                    "It ends after five minutes",
                    "Claude waits 300 seconds for a call.",
                    "Let the endpoint begin the work and answer at once, and give the model another tool that asks how far it is.",
                ],
            ],
        )],
    },
    Section {
        id: "other-clients",
        title: "Other clients",
        blocks: &[Block::Text(
            "The integration's page has the steps for Claude Code, Cursor, VS Code, ChatGPT and the MCP Inspector, with everything filled in.",
        )],
    },
];
