//! How tools come into a project.

use crate::pages::docs::section::{Block, Section};

pub const WAYS_IN: Section = Section {
    id: "ways-in",
    title: "Ways in",
    blocks: &[
        Block::Text(
            "Whichever way a tool comes in, it has the same fields and passes the same rules. Developers of a project may add and change tools.",
        ),
        Block::Table(
            &["Way", "For"],
            &[
                &[
                    "Tools → Register tool",
                    "One endpoint, described in a form.",
                ],
                &[
                    "Tools → Import OpenAPI",
                    "An API with an OpenAPI document: tick the operations that you want.",
                ],
                &[
                    "Tools → Paste a curl command",
                    "An endpoint of which you have an example.",
                ],
                &[
                    "Tools → Starter catalog",
                    "Public APIs, described for a model already. Each card says what the tool was checked against, and whether anybody ever called it live.",
                ],
                &[
                    "Tools → Add sample tools",
                    "Seeing the whole way work: they answer from this server.",
                ],
                &[
                    "`tengine tools apply`",
                    "Tools that live in git, as a file.",
                ],
                &[
                    "`POST /api/v1/projects/{project_id}/tools`",
                    "Programs. `/api/v1/openapi.json` describes the API.",
                ],
            ],
        ),
    ],
};

pub const OPENAPI: Section = Section {
    id: "openapi",
    title: "From an OpenAPI document",
    blocks: &[
        Block::Text(
            "OpenAPI 3.0 or 3.1, JSON or YAML: a URL, or the document itself. Nothing changes before you have seen what would come. Whoever runs the server can do the same by command:",
        ),
        Block::Code(
            "tengine tools import https://api.example.com/openapi.json --dry-run\ntengine tools import openapi.yaml --select 'GET /contacts*' --secret crm\nAPI_KEY=… tengine tools import openapi.yaml --secret-env API_KEY",
        ),
        Block::List(&[
            "Parameters become arguments; so do the members of a JSON body that is a plain object.",
            "Schemas are cut to what a model should read at every turn: some 20 KB a tool at most.",
            "Security schemes become an `auth_strategy`. The secret is one of the vault, or one that you enter: that goes to one server only. An OAuth 2 client of the vault serves operations with a bearer token.",
            "What cannot be a tool is listed with the reason, and what a tool leaves out of its operation too.",
            "Import again, and you see what is new, what changes and what is gone. Tools then call what the document says now; whether they are enabled, their limits, hints, icons and output schema stay. Tools that are gone from the document stay until you delete them.",
        ]),
    ],
};

pub const CURL: Section = Section {
    id: "curl",
    title: "From a curl command",
    blocks: &[
        Block::Text(
            "Paste one from a documentation, or from your browser’s “Copy as cURL” (bash or cmd). Nothing is run. It becomes a form, with notes of what to look at before you save.",
        ),
        Block::List(&[
            "What looks like an id in the path, the parameters of the query and the members of a JSON body become arguments, with the command's values as examples.",
            "A token, key or password in it becomes the tool's secret, and is repeated nowhere else.",
            "Cookies, proxies, addresses and TLS options are left out, with a note.",
            "What tools do not do is refused with the reason: multipart forms, uploads, client certificates, Digest and AWS signatures.",
        ]),
    ],
};

pub const FILES: Section = Section {
    id: "files",
    title: "From a file",
    blocks: &[
        Block::Code(
            "tengine tools export > tools.yaml\ntengine tools diff tools.yaml\nTOOL_SECRET_CRM=… tengine tools apply tools.yaml",
        ),
        Block::Code(
            "- name: crm-contacts-get_by_id\n  description: Fetches one contact of the CRM by its id.\n  base_url: https://crm.example.com\n  endpoint_path: /contacts/{id}\n  input_schema:\n    type: object\n    properties:\n      id: { type: string }\n    required: [id]\n  auth_strategy: static_bearer\n  auth_secret_env: TOOL_SECRET_CRM",
        ),
        Block::List(&[
            "A list of tools, YAML or JSON, with the fields below. All of the file is applied, or nothing.",
            "Tools are known by their names. Those that the file does not name stay as they are.",
            "Secrets are never in an export. `auth_secret_env` names a variable whose name begins with `TOOL_SECRET_`; `auth_secret_name` names a secret of the vault. A tool that is there already keeps its own.",
            "`diff` changes nothing, and fails where something would: for CI.",
        ]),
    ],
};
