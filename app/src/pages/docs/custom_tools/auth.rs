//! How an endpoint knows us.

use crate::pages::docs::section::{Block, Section};

pub const STRATEGIES: Section = Section {
    id: "auth",
    title: "How your endpoint knows us",
    blocks: &[
        Block::Names(
            &["auth_strategy", "What is sent", "Needs"],
            &[
                &["none", "Nothing.", ""],
                &[
                    "static_bearer",
                    "`Authorization: Bearer` and the secret.",
                    "A secret.",
                ],
                &[
                    "basic",
                    "`Authorization: Basic`, of user name and secret.",
                    "A secret, which is the password; `auth_config.username`, without a colon.",
                ],
                &[
                    "api_key_header",
                    "The secret in a header.",
                    "A secret; `auth_config.header`.",
                ],
                &[
                    "api_key_query",
                    "The secret as the last parameter of the query. URLs end up in logs: take a header where the API lets you.",
                    "A secret; `auth_config.parameter`.",
                ],
                &[
                    "hmac_signature",
                    "`X-Tengine-Signature`, over method, path, query, body and time.",
                    "A secret that your endpoint knows too. It is never sent.",
                ],
                &[
                    "standard_webhooks",
                    "`webhook-signature` and its two companions, over id, time and body.",
                    "A key: `whsec_` and the base64 of 24 to 64 bytes. It is never sent.",
                ],
                &[
                    "oauth2_client_credentials",
                    "`Authorization: Bearer` and a token that another server gives the project.",
                    "An OAuth 2 client of the vault.",
                ],
                &[
                    "oauth2_authorization_code",
                    "`Authorization: Bearer` and a token of the person who calls.",
                    "An OAuth 2 client of the vault with an `authorization_url`.",
                ],
            ],
        ),
        Block::List(&[
            "For an endpoint of your own take `hmac_signature`: the secret is never sent, and a request that somebody copied is good for five minutes at most.",
            "Make a secret with `openssl rand -hex 32`, a Standard Webhooks key with `echo \"whsec_$(openssl rand -base64 32)\"`.",
            "A secret that an answer repeats reaches the model as `[redacted]`; secrets of less than 4 bytes are not looked for.",
            "Who may change a tool need not know its secret: with another `base_url`, strategy or setting it has to be entered again.",
        ]),
    ],
};
