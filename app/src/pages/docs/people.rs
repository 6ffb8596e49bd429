//! Guide: members, ways to sign in, and what whoever runs the instance sets up.

use leptos::prelude::*;

use super::{
    reader::Reader,
    section::{Block, Section, sections},
};
use crate::components::copy::CopyField;

pub fn text(reader: &Reader) -> AnyView {
    let redirect = format!(
        "{}/sign-in/with/PROVIDER_ID/callback",
        reader.instance.origin
    );
    view! {
        <p class="lead">
            "Who is in a project, how people prove who they are, and what an owner of the instance sets up once. The table of what each role may do is "
            <a href="/docs/roles">"Who may do what"</a>
            "."
        </p>
        {sections(&[SECTIONS], reader)}
        <h3 id="providers-redirect-uri">"The redirect URI of a provider"</h3>
        <p>"Each provider has one of its own, which its page shows once it is saved:"</p>
        <CopyField label="Redirect URI" value=redirect />
    }
    .into_any()
}

const SECTIONS: &[Section] = &[
    Section {
        id: "members",
        title: "Members of a project",
        blocks: &[
            Block::Text(
                "Under Members an admin makes an invitation: a link for one person or for several, with a role and an end. Where the instance sends mail it can go to an address, and then nobody else sees it and nobody else can use it. To invite an admin, an owner or several people asks who you are once more, and so does every API key.",
            ),
            Block::List(&[
                "Whoever has a link can use it until it is used up, has expired or is taken back: send it only to whom it is for.",
                "Without a mail server the link itself is the proof: an invitation for one address is for whoever has the link and says that the address is theirs. With one, an account joins by it once its address is confirmed, and an invitation that went by mail confirms it.",
                "Who leaves or is removed takes along their connections, the accounts that they connected, their keys and their open invitations of this project, from the next request on.",
                "Removing somebody also ends every open link to the project that is for no one address: they may know it. Make new ones for those who have not come yet.",
                "An invitation that an API key made ends with the key.",
                "Who gets a lower role loses the invitations that they could not make any more.",
                "The last owner cannot leave, be removed or get another role. They transfer the project first, or delete it.",
                "The project's settings have its audit log: who changed what about its people, its API keys, its integrations and their secrets, and its vault, and when. It holds no secret.",
                "A project can be open only to accounts with a second factor. Who has none is told so and stays a member.",
            ]),
        ],
    },
    Section {
        id: "ways-in",
        title: "Ways to sign in",
        blocks: &[
            Block::Table(
                &["Way", "What it needs"],
                &[
                    &[
                        "Password",
                        "At least 10 characters, and none that is easily guessed.",
                    ],
                    &[
                        "Passkey",
                        "A device or a password manager that has them, and `https` or `localhost`. Passkeys belong to the host of `TENGINE_PUBLIC_URL` and do not work under another one.",
                    ],
                    &[
                        "Provider",
                        "Google, GitHub or any OpenID provider that an owner of the instance set up.",
                    ],
                    &[
                        "Second factor",
                        "A passkey, or an authenticator app with recovery codes beside it. Keep the codes: each works once.",
                    ],
                ],
            ),
            Block::Text(
                "Under Account → Sessions you see where you are signed in and sign a browser out, or all others. For sensitive acts you are asked once more who you are, where your last sign-in is more than some minutes old.",
            ),
            Block::Text(
                "Where the instance sends mail you are told at your address what was added to your account or taken away: passkeys, the authenticator app, recovery codes, API keys of the account, accounts at providers, another password or address. A link that confirms an address works only for who is signed in to the account that asked for it.",
            ),
            Block::Text(
                "An account is signed in with at most 100 browsers: with one more the one that was used longest ago is signed out. It makes at most 100 projects.",
            ),
        ],
    },
    Section {
        id: "recovery",
        title: "Back into an account",
        blocks: &[
            Block::List(&[
                "By mail, where the instance sends mail: “I cannot sign in” on the sign-in page. The link works once, for an hour.",
                "With a recovery code, also on that page.",
                "By an owner of the instance: Instance → Accounts → Manage → Create link. It works once, for a day.",
                "On the server: `tengine user reset-link EMAIL`, with `--removes-second-factor` for a person who lost that too.",
            ]),
            Block::Text(
                "Each sets a new password, signs every browser of the account out and stands in the audit log. None of them signs anybody in.",
            ),
        ],
    },
    Section {
        id: "instance",
        title: "For who runs the instance",
        blocks: &[
            Block::Text(
                "The first account owns the instance. Under Instance its owners see accounts, decide who may sign up, set providers up, read the audit log and see whether all is well. What a variable sets the dashboard shows and does not change.",
            ),
            Block::Text(
                "Without a mail server, sign-up tells which addresses have an account. With one it says the same for every address, and only the mail tells.",
            ),
            Block::Names(
                &["Variable", "What"],
                &[
                    &[
                        "TENGINE_SIGNUP",
                        "`first`: nobody after the first; `invite`: who has an invitation; `open`: anyone.",
                    ],
                    &[
                        "TENGINE_SIGNUP_DOMAINS",
                        "Mail domains that new accounts may have, invited ones too. With a mail server the address is confirmed before there is an account; without one nobody verifies it.",
                    ],
                    &[
                        "TENGINE_REQUIRE_SECOND_FACTOR",
                        "`on`: every project is open only to accounts with a second factor.",
                    ],
                    &[
                        "TENGINE_SESSION_IDLE",
                        "Seconds after which an unused browser is signed out; 14 days.",
                    ],
                    &[
                        "TENGINE_SESSION_MAX",
                        "Seconds after which every browser signs in again; 90 days.",
                    ],
                    &[
                        "TENGINE_PROOF_MAX",
                        "Seconds for which having signed in is proof enough for a sensitive act; 600.",
                    ],
                    &[
                        "TENGINE_SMTP_URL",
                        "The mail server: `smtps://USER:PASSWORD@HOST` or `smtp://HOST:587?tls=required`; `TENGINE_SMTP_URL_FILE` names a file with it.",
                    ],
                    &[
                        "TENGINE_MAIL_FROM",
                        "Who mail comes from: `TengineAI <tengine@example.com>`.",
                    ],
                ],
            ),
            Block::Part("On the server"),
            Block::Code(
                "tengine user list
tengine user disable EMAIL
tengine user enable EMAIL
tengine user make-owner EMAIL
tengine user reset-link EMAIL --removes-second-factor",
            ),
        ],
    },
    Section {
        id: "providers",
        title: "Setting a provider up",
        blocks: &[
            Block::Table(
                &["Provider", "What to make there", "Issuer"],
                &[
                    &[
                        "Google",
                        "In the Cloud console an OAuth client of the type “Web application”.",
                        "None.",
                    ],
                    &[
                        "GitHub",
                        "Under Developer settings an OAuth app; its callback URL is the redirect URI.",
                        "None; for a server of your own its address.",
                    ],
                    &[
                        "Okta, Keycloak, Entra ID, any OpenID provider",
                        "A confidential web client with the authorization code flow and PKCE. At Entra ID: for one tenant.",
                        "What `/.well-known/openid-configuration` is below.",
                    ],
                ],
            ),
            Block::Text(
                "The provider has to know the redirect URI, character by character. Save the provider here first, with any Client ID and switched off; register the redirect URI that its page shows there; then put the right Client ID and secret in here, and switch it on.",
            ),
            Block::Text(
                "An address that a provider names opens no account that is there already: its person signs in the way they did before, and links the two under Account → Security. With “Creates accounts” on, who comes for the first time gets an account, if the provider has verified their address and its domain is allowed.",
            ),
            Block::Text(
                "Switching a provider off or deleting it ends no account, but signs everybody out who came in by it, and who has no other way in cannot sign in any more. Its page counts both.",
            ),
        ],
    },
];
