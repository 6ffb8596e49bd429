//! The fields of a tool, and where its arguments go.

use crate::pages::docs::section::{Block, Section};

pub const FIELDS: Section = Section {
    id: "fields",
    title: "The fields",
    blocks: &[
        Block::Text(
            "Required are `name`, `description`, `base_url` and `endpoint_path`. A broken rule is an error that names the field.",
        ),
        Block::Names(
            &["Field", "Rule"],
            &[
                &[
                    "name",
                    "1 to 64 letters, digits, _ and -; unique in the project. A good form is category-api-method, as in `crm-contacts-get_by_id`.",
                ],
                &[
                    "title",
                    "For people, where a client shows the call. At most 120 characters.",
                ],
                &[
                    "description",
                    "What it does and when to use it. It is all that the model knows of the tool. At most 4,000 characters.",
                ],
                &[
                    "input_schema",
                    "JSON Schema 2020-12 of the arguments, an object at the top, at most 64 KiB, with references into itself only. Arguments that break it are refused before anything is sent.",
                ],
                &[
                    "output_schema",
                    "JSON Schema of the answer; may be left out. An answer that breaks it is an error.",
                ],
                &[
                    "base_url",
                    "Scheme, host and port only, as in `https://api.example.com`.",
                ],
                &[
                    "http_method",
                    "GET (the default), POST, PUT, PATCH or DELETE.",
                ],
                &[
                    "endpoint_path",
                    "Starts with /, and may hold arguments: `/v1/contacts/{id}`.",
                ],
                &[
                    "headers_template",
                    "Header to text, in which `{argument}` stands for an argument.",
                ],
                &["query_template", "Query parameter to text, the same way."],
                &[
                    "body_template",
                    "A JSON value, in which the string `\"{argument}\"` stands for an argument with its own type.",
                ],
                &[
                    "auth_strategy",
                    "How your endpoint knows us; none by default.",
                ],
                &[
                    "auth_config",
                    "What the strategy needs besides: `header`, `parameter` or `username`.",
                ],
                &[
                    "auth_secret",
                    "A secret of this tool alone, at most 4,096 bytes on one line. Stored encrypted and never shown again. Left out, the stored one stays, but only with the same `base_url`, `auth_strategy` and `auth_config`.",
                ],
                &[
                    "auth_secret_name",
                    "In its place, the name of a secret of the project's vault.",
                ],
                &[
                    "require_member",
                    "Refuses calls that no signed-in person approved.",
                ],
                &[
                    "inject_member_identity",
                    "Sends that person's id, email and role along.",
                ],
                &[
                    "annotations",
                    "Hints for the client: `readOnlyHint`, `destructiveHint`, `idempotentHint`, `openWorldHint`. Guessed from the method where they are left out.",
                ],
                &[
                    "icons",
                    "Up to 8 pictures for clients to show: https or data URLs of images.",
                ],
                &[
                    "timeout_ms",
                    "All the time of a call, 100 to 300,000; 30,000 by default. Claude itself gives up after 300 seconds.",
                ],
                &[
                    "max_concurrency",
                    "Calls that may run at once, 1 to 10,000; any number where it is left out. The next one waits for its turn.",
                ],
                &[
                    "max_response_bytes",
                    "The largest answer, 1,024 to 16,777,216 bytes; 1 MiB by default.",
                ],
                &[
                    "max_retries",
                    "How often a call that went wrong is sent once more, 0 (the default) to 5; only where `idempotentHint` is true.",
                ],
                &[
                    "is_enabled",
                    "A disabled tool is neither listed nor callable, from the next request on. True by default.",
                ],
            ],
        ),
    ],
};

pub const ARGUMENTS: Section = Section {
    id: "arguments",
    title: "Where arguments go",
    blocks: &[
        Block::List(&[
            "In path, header and query `{argument}` stands for an argument; `{{` and `}}` are braces. It has to be a property of the input schema.",
            "Without a body template, arguments that no template uses become the query (GET, DELETE) or the JSON body (POST, PUT, PATCH; `{}` where there are none).",
            "In the body template a string that is exactly `\"{argument}\"` becomes the argument with its own type; in a longer string it is text.",
            "What uses an absent argument is left out: the header, the parameter, the member of the body. In the path an argument has to be there.",
            "In the query a list repeats its parameter, and an object is JSON text.",
            "A body is JSON. Where the headers template sets `Content-Type` to `application/x-www-form-urlencoded`, it is a form: its members are the fields, and a list repeats its field.",
        ]),
        Block::Text(
            "An argument is a value of its place and can never break out of it: no extra path segment, header or parameter. What does not fit is refused with a sentence that the model can act on: `..` and control characters in a path, anything but visible ASCII in a header, a header of more than 8,192 bytes, a URL of more than 16,384, a form or a `body_template` with more than 4,194,304.",
        ),
        Block::Text(
            "Templates cannot set what belongs to the connection or to us: `Host`, `Content-Length`, `Connection`, `Accept-Encoding`, `traceparent`, `X-Tengine-…`, and the headers that the `auth_strategy` sets.",
        ),
    ],
};
