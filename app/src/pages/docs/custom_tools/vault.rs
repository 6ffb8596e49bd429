//! Secrets that several tools use, and tokens of other servers.

use crate::pages::docs::section::{Block, Section};

pub const VAULT: Section = Section {
    id: "vault",
    title: "The vault",
    blocks: &[
        Block::Text(
            "A project's vault keeps secrets under names. Tools refer to one by `auth_secret_name`: change it in one place, and every tool has the new one from its next call on.",
        ),
        Block::Names(
            &["Field", "Rule"],
            &[
                &[
                    "name",
                    "What tools call it by: a letter, then up to 63 letters, digits, _ and -.",
                ],
                &[
                    "origins",
                    "Where it may be sent, and for an OAuth 2 client its tokens: 1 to 20 of the form `https://api.example.com`. A tool with another `base_url` cannot use it.",
                ],
                &[
                    "value",
                    "The secret, at most 4,096 bytes on one line. Stored encrypted and never shown again.",
                ],
                &[
                    "auth_strategy",
                    "How tools send it: as a tool's own, from `static_bearer` to `standard_webhooks`. A tool cannot choose another: a key sent under a parameter of the tool's choice could be written where whoever made the tool reads it.",
                ],
                &[
                    "auth_config",
                    "The `header`, `parameter` or `username` of that strategy.",
                ],
                &[
                    "oauth2",
                    "Makes it the secret of an OAuth 2 client, which is never sent to a tool's endpoint.",
                ],
            ],
        ),
        Block::List(&[
            "Admins write it; developers use it by name; viewers see names, origins, which tools use it and who changed it last. Nobody reads a value.",
            "The value stays where a change leaves it out, as long as it would go no further than before: with a new origin it has to be entered again.",
            "One that tools use cannot be deleted, nor lose an origin that they need. A project keeps up to 500.",
            "Besides the page: `/api/v1/projects/{project_id}/vault`, and on the server's command line:",
        ]),
        Block::Code(
            "printf %s \"$KEY\" | tengine vault set crm --origin https://crm.example.com --auth api_key_header --header X-API-Key\ntengine vault list",
        ),
    ],
};

pub const OAUTH: Section = Section {
    id: "oauth",
    title: "OAuth 2, for the project",
    blocks: &[
        Block::Text(
            "For an API whose tokens come from an authorization server. Register a client there, keep its secret in the vault as that of an OAuth 2 client, and name it in tools with `oauth2_client_credentials`.",
        ),
        Block::Names(
            &["oauth2", "What it is"],
            &[
                &["client_id", "What the other server knows us by."],
                &["token_url", "Where tokens come from."],
                &[
                    "authorization_url",
                    "Where people give leave. Only for tools that act for a person.",
                ],
                &["scopes", "What to ask for; may be none."],
                &[
                    "audience",
                    "The API that the token is for, where that server asks for it.",
                ],
                &[
                    "client_auth",
                    "`basic` (the default), `post`, or `none` for a client without a secret.",
                ],
            ],
        ),
        Block::List(&[
            "A token is kept in memory and renewed a minute before it ends; an hour is assumed where the server does not say.",
            "Where the endpoint answers 401 to a token that is older than a minute, a new one is asked for and the request sent once more.",
            "Only bearer tokens are taken. Where there is none, nothing is sent to the endpoint, and the model is told why.",
        ]),
    ],
};

pub const PERSON: Section = Section {
    id: "person",
    title: "OAuth 2, on behalf of a person",
    blocks: &[
        Block::Text(
            "With `oauth2_authorization_code` each person connects their own account, and their calls act with it. Nobody else's calls do.",
        ),
        Block::Text(
            "Keep the client in the vault with its `authorization_url`. Its page then shows the redirect URI to enter at the other server: this instance's public URL and `/connect/{id}/callback`, where the id is the secret's. Ask for the scope that gives refresh tokens (often `offline_access`), or people connect again each time a token ends.",
        ),
        Block::Part("What the person sees"),
        Block::List(&[
            "At the first call the model is told the address `/connect/{id}` of this instance, and asks the person to open it. Vault shows the same link.",
            "They sign in here, and see the host at which they give leave, what is asked for, where tokens will be sent and which tools use them.",
            "“Connect my account” leads to the other server, and back within 10 minutes. Then they ask Claude again.",
            "The same page disconnects: their tokens are deleted here.",
        ]),
        Block::Part("What holds"),
        Block::List(&[
            "Tokens are stored encrypted, each for its person, and renewed half a minute before they end. Where the other server refuses to, the model asks the person to connect again.",
            "Another client id, audience or address of the other server, or a further origin, ends every connection, since that is not what people gave leave for.",
            "A call without a person (an API key, client credentials) is refused: Member context required.",
        ]),
    ],
};
