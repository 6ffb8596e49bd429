//! Guide: describing an endpoint as a tool.

use leptos::prelude::*;
use leptos_meta::Title;

/// Files of their own, so that a test can run them against what the server signs.
const VERIFY_PYTHON: &str = include_str!("verify.py");
const VERIFY_NODE: &str = include_str!("verify.mjs");

#[component]
pub fn CustomTools() -> impl IntoView {
    view! {
        <Title text="Custom tools" />
        <article class="prose">
            <h1>"Custom tools"</h1>
            <p class="lead">
                "A tool is an HTTP endpoint of yours, described so that a model knows when to call it and with what."
            </p>
            <Fields />
            <Arguments />
            <Sent />
            <FromOpenApi />
            <Signature />
            <Answers />
        </article>
    }
    .into_any()
}

#[component]
fn Fields() -> impl IntoView {
    const FIELDS: &[(&str, &str)] = &[
        (
            "name",
            "Letters, digits, _ and -, at most 64; unique in the project. A good form is category-api-method, as in crm-contacts-get_by_id.",
        ),
        ("title", "For people, where a client shows the call."),
        (
            "description",
            "What it does and when to use it. It is all that the model knows of the tool.",
        ),
        (
            "input_schema",
            "JSON Schema 2020-12 of the arguments, an object at the top. Arguments that break it are refused before anything is sent.",
        ),
        (
            "output_schema",
            "JSON Schema of the answer; may be left out.",
        ),
        (
            "base_url",
            "Scheme and host only, as in https://api.example.com.",
        ),
        ("http_method", "GET, POST, PUT, PATCH or DELETE."),
        (
            "endpoint_path",
            "Starts with /, and may hold arguments: /v1/contacts/{id}.",
        ),
        (
            "headers_template, query_template, body_template",
            "Where arguments go, if not by themselves.",
        ),
        (
            "auth_strategy, auth_config, auth_secret",
            "How your endpoint knows us: none, static_bearer, basic, api_key_header, api_key_query, hmac_signature or standard_webhooks. auth_config names the header, parameter or username that some of them need. The secret is stored encrypted, never shown again, and taken out of answers that repeat it.",
        ),
        (
            "require_member",
            "Refuses calls that no signed-in person approved.",
        ),
        (
            "inject_member_identity",
            "Sends that person's id, email and role along.",
        ),
        (
            "timeout_ms, max_response_bytes, max_concurrency",
            "Limits of a call, and how many may run at once. Claude itself gives up after 300 seconds.",
        ),
        (
            "max_retries",
            "How often a call that went wrong is sent once more, with the same X-Tengine-Request-Id: after a broken connection, 502, 503, 504, or 429 with a short Retry-After. 0 to 5, 0 by default, and only for tools whose idempotentHint is true.",
        ),
        (
            "icons",
            "Pictures for clients to show: https or data URLs of images.",
        ),
        (
            "is_enabled",
            "A disabled tool is neither listed nor callable, from the next request on.",
        ),
    ];
    let rows = FIELDS
        .iter()
        .map(|(field, rule)| {
            view! {
                <tr>
                    <td class="mono">{*field}</td>
                    <td>{*rule}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <h2>"The fields"</h2>
        <div class="table-scroll">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Field"</th>
                        <th scope="col">"Rule"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Arguments() -> impl IntoView {
    view! {
        <h2>"Where arguments go, and how answers come"</h2>
        <ul>
            <li>
                "In a path, header or query template " <code>"{argument}"</code>
                " stands for an argument; " <code>"{{"</code> " and " <code>"}}"</code>
                " are braces."
            </li>
            <li>
                "In the body template, which is JSON, a string that is exactly "
                <code>"\"{argument}\""</code>
                " becomes the argument with its own type. What uses an absent argument is left out."
            </li>
            <li>
                "Without a body template, arguments that no template uses become the query (GET, DELETE) or the JSON body (POST, PUT, PATCH)."
            </li>
            <li>
                "An answer that comes bit by bit, as NDJSON or as events (text/event-stream), is progress for a client that asked for it. An item with a number "
                <code>"progress"</code>
                ", and beside it only "
                <code>"total"</code>
                " and "
                <code>"message"</code>
                ", is nothing but that; the other items are the answer."
            </li>
            <li>
                "A client that sends its own key as "
                <code>"_meta[\"ai.tengine/idempotency-key\"]"</code>
                " gets the first answer again for a day: the call reaches your endpoint at most once."
            </li>
            <li>
                "An argument is a value of its place and can never break out of it: no extra path segment, header or parameter."
            </li>
        </ul>
    }
}

#[component]
fn Sent() -> impl IntoView {
    const HEADERS: &[(&str, &str)] = &[
        ("X-Tengine-Project-Id", "the project"),
        (
            "X-Tengine-Integration-Id",
            "the integration, where the call came by one",
        ),
        ("X-Tengine-Request-Id", "a UUID of this call"),
        ("X-Tengine-Timestamp", "Unix seconds"),
        (
            "traceparent",
            "W3C Trace Context; the trace id is the request id",
        ),
        (
            "X-Tengine-Member-Id, -Email, -Roles",
            "the person, with inject_member_identity",
        ),
        (
            "Authorization",
            "Bearer and the secret, with static_bearer; user name and secret, with basic",
        ),
        ("X-Tengine-Signature", "with hmac_signature"),
        (
            "webhook-id, webhook-timestamp, webhook-signature",
            "with standard_webhooks; the id is the request's",
        ),
    ];
    let rows = HEADERS
        .iter()
        .map(|(header, value)| {
            view! {
                <tr>
                    <td class="mono">{*header}</td>
                    <td>{*value}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <h2>"What your endpoint gets"</h2>
        <p>
            "The request that the tool describes, and these headers. The client's MCP token is never passed on. The sample tool sample-request-echo shows what arrives."
        </p>
        <div class="table-scroll">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Header"</th>
                        <th scope="col">"Value"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p>
            "Private, loopback and cloud metadata addresses are refused, unless the instance's owner lists the host in "
            <code>"TENGINE_TOOLS_ALLOW"</code> ". Plain http needs the same."
        </p>
    }
}

#[component]
fn FromOpenApi() -> impl IntoView {
    view! {
        <h2>"From an OpenAPI document"</h2>
        <p>
            "Where your API has an OpenAPI 3.0 or 3.1 document, JSON or YAML, whoever runs the server makes tools of its operations:"
        </p>
        <pre>
            <code>
                "tengine tools import https://api.example.com/openapi.json --dry-run\nAPI_KEY=… tengine tools import openapi.yaml --select 'GET /contacts*' --secret-env API_KEY"
            </code>
        </pre>
        <ul>
            <li>"Parameters become arguments; so do the members of a JSON body that is a plain object."</li>
            <li>"Schemas are cut to what a model should read at every turn: some 20 KB a tool at most."</li>
            <li>"Security schemes become an auth_strategy, with the secret from the variable that you name."</li>
            <li>"What cannot be a tool is listed with the reason. Run it again, and tools call what the document says now; whether they are enabled, their limits and hints stay."</li>
        </ul>
    }
}

#[component]
fn Signature() -> impl IntoView {
    view! {
        <h2>"Verifying the signature"</h2>
        <p>
            "With hmac_signature, X-Tengine-Signature is v1= and the HMAC-SHA256, in hex, of one line of six fields with a space between: v1, timestamp, request id, method, path with query as it came over the wire, and the SHA-256 of the body in hex. Refuse timestamps more than five minutes off."
        </p>
        <h3>"Python"</h3>
        <pre>
            <code>{VERIFY_PYTHON}</code>
        </pre>
        <h3>"JavaScript"</h3>
        <pre>
            <code>{VERIFY_NODE}</code>
        </pre>
    }
}

#[component]
fn Answers() -> impl IntoView {
    view! {
        <h2>"What the model gets"</h2>
        <ul>
            <li>"A JSON answer as structured content and as text; text as text; images and audio as such."</li>
            <li>
                "At most 150,000 characters: the rest of a longer answer is left out, with a note of how much it was, and it is text alone. A tool with an output schema cannot be cut, so there it is an error."
            </li>
            <li>
                "A status outside 2xx is an error that the model sees, with the status and the beginning of the body: say there what it should do otherwise."
            </li>
            <li>"Timeouts, refused connections and answers over the limit each say what they are."</li>
            <li>
                "A redirect is followed within the same scheme, host and port, with the same method, at most three times, and without your templates' headers. A tool with a secret follows none."
            </li>
            <li>
                "After ten failures of a server in a row (no connection, no answer in time, 5xx) calls of it fail at once for a while, and then one of them tries again."
            </li>
            <li>"Each call leaves a row under Calls: outcome, status and duration, without arguments or answers."</li>
        </ul>
    }
}
