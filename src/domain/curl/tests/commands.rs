//! Commands as documentations, browsers and programs write them.

use percent_encoding::percent_decode_str;

use super::*;
use crate::{accounts::SignUpPolicy, contract::World, db::testing::TestDatabase};

/// A command, and the request that it makes, without its credential.
struct Case {
    command: &'static str,
    name: &'static str,
    request: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: Option<Value>,
    /// Of the arguments that the command has no value for.
    more: Value,
    auth: (AuthStrategy, Option<&'static str>),
}

fn case(command: &'static str, name: &'static str, request: &'static str) -> Case {
    Case {
        command,
        name,
        request,
        headers: &[],
        body: None,
        more: json!({}),
        auth: (AuthStrategy::None, None),
    }
}

impl Case {
    fn headers(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    fn body(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    fn more(self, more: Value) -> Self {
        Self { more, ..self }
    }

    fn auth(self, strategy: AuthStrategy, secret: &'static str) -> Self {
        let secret = Some(secret).filter(|secret| !secret.is_empty());
        Self {
            auth: (strategy, secret),
            ..self
        }
    }
}

fn documentation() -> Vec<Case> {
    vec![
        case(
            "curl -L \\\n  -H \"Accept: application/vnd.github+json\" \\\n  -H \"Authorization: Bearer <YOUR-TOKEN>\" \\\n  -H \"X-GitHub-Api-Version: 2022-11-28\" \\\n  https://api.github.com/repos/OWNER/REPO/issues?state=open\\&per_page=5",
            "github-issues-list",
            "GET https://api.github.com/repos/OWNER/REPO/issues?state=open&per_page=5",
        )
        .headers(&[("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")])
        .auth(AuthStrategy::StaticBearer, ""),
        case(
            "curl -X PATCH https://api.github.com/repos/acme/site/issues/1347 -H 'Authorization: token ghp_madeup1234567890' -d '{\"title\":\"Found a bug\",\"labels\":[\"bug\",\"ui\"],\"milestone\":null}'",
            "github-issues-update",
            "PATCH https://api.github.com/repos/acme/site/issues/1347",
        )
        .body(json!({ "title": "Found a bug", "labels": ["bug", "ui"] }))
        .auth(AuthStrategy::ApiKeyHeader, "token ghp_madeup1234567890"),
        case(
            "curl https://api.stripe.com/v1/customers/cus_4fdAW5ftNQow1a \\\n  -u \"sk_test_madeup12345678:\"",
            "stripe-customers-get",
            "GET https://api.stripe.com/v1/customers/cus_4fdAW5ftNQow1a",
        )
        .auth(AuthStrategy::ApiKeyHeader, "Basic c2tfdGVzdF9tYWRldXAxMjM0NTY3ODo="),
        case(
            "curl -G https://api.stripe.com/v1/charges -u sk_test_madeup12345678: -d limit=3 -d \"expand[]=data.customer\" -d 'expand[]=data.invoice'",
            "stripe-charges-list",
            "GET https://api.stripe.com/v1/charges?limit=3&expand[]=data.customer&expand[]=data.invoice",
        )
        .auth(AuthStrategy::ApiKeyHeader, "Basic c2tfdGVzdF9tYWRldXAxMjM0NTY3ODo="),
        case(
            "curl https://api.openai.com/v1/chat/completions \\\n  -H \"Content-Type: application/json\" \\\n  -H \"Authorization: Bearer $OPENAI_API_KEY\" \\\n  -d '{\n    \"model\": \"gpt-x\",\n    \"messages\": [{\"role\": \"user\", \"content\": \"Say {this} is a test\"}],\n    \"temperature\": 0.7\n  }'",
            "openai-completions-create",
            "POST https://api.openai.com/v1/chat/completions",
        )
        .body(json!({ "model": "gpt-x", "messages": [{ "role": "user", "content": "Say {this} is a test" }], "temperature": 0.7 }))
        .auth(AuthStrategy::StaticBearer, ""),
        case(
            "curl https://api.anthropic.com/v1/messages --header \"x-api-key: $ANTHROPIC_API_KEY\" --header \"anthropic-version: 2023-06-01\" --header \"content-type: application/json\" --data '{\"max_tokens\": 1024, \"stream\": false}'",
            "anthropic-messages-create",
            "POST https://api.anthropic.com/v1/messages",
        )
        .headers(&[("anthropic-version", "2023-06-01")])
        .body(json!({ "max_tokens": 1024, "stream": false }))
        .auth(AuthStrategy::ApiKeyHeader, ""),
        case(
            "curl -X POST -H 'Authorization: Bearer xoxb-1-madeup-token-2' -H 'Content-type: application/json; charset=utf-8' --data '{\"channel\":\"C123\",\"text\":\"It'\\''s done\"}' https://slack.com/api/chat.postMessage",
            "slack-chat_post_message-post",
            "POST https://slack.com/api/chat.postMessage",
        )
        .headers(&[("content-type", "application/json; charset=utf-8")])
        .body(json!({ "channel": "C123", "text": "It's done" }))
        .auth(AuthStrategy::StaticBearer, "xoxb-1-madeup-token-2"),
        case(
            "curl -X GET \"https://api.twilio.com/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Messages.json?PageSize=20\" \\\n-u $TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN",
            "twilio-messages-list",
            "GET https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json?PageSize=20",
        )
        .more(json!({ "twilio_account_sid": "AC1" }))
        .auth(AuthStrategy::Basic, ""),
        case(
            "curl 'https://api.notion.com/v1/pages/00000000-0000-4000-8000-0000000000ab' -H 'Notion-Version: 2022-06-28' -H 'Authorization: Bearer '\"$NOTION_API_KEY\"''",
            "notion-pages-get",
            "GET https://api.notion.com/v1/pages/00000000-0000-4000-8000-0000000000ab",
        )
        .headers(&[("notion-version", "2022-06-28")])
        .auth(AuthStrategy::StaticBearer, ""),
        case(
            "curl --request PUT --url https://acme.atlassian.net/rest/api/3/issue/PROJ-123 --user 'ada@example.com:made-up-api-token' --header 'Accept: application/json' --header 'Content-Type: application/json' --data '{\"fields\": {\"summary\": \"New\", \"labels\": []}}'",
            "atlassian-issue-put",
            "PUT https://acme.atlassian.net/rest/api/3/issue/PROJ-123",
        )
        .body(json!({ "fields": { "summary": "New", "labels": [] } }))
        .auth(AuthStrategy::Basic, "made-up-api-token"),
        case(
            "curl \"https://maps.googleapis.com/maps/api/geocode/json?address=1600+Main%20St&key=YOUR_API_KEY\"",
            "googleapis-json-get",
            "GET https://maps.googleapis.com/maps/api/geocode/json?address=1600%20Main%20St",
        )
        .auth(AuthStrategy::ApiKeyQuery, ""),
        case(
            "curl 'https://api.openweathermap.org/data/2.5/weather?lat=44.34&lon=10.99&units=metric&appid=0123456789abcdef0123456789abcdef'",
            "openweathermap-weather-get",
            "GET https://api.openweathermap.org/data/2.5/weather?lat=44.34&lon=10.99&units=metric",
        )
        .auth(AuthStrategy::ApiKeyQuery, "0123456789abcdef0123456789abcdef"),
        case(
            "curl --location --request POST 'https://postman-echo.com/post?dry=true' --header 'Postman-Token: 1' --header 'X-Trace: a{b}c' --header 'Content-Type: application/json' --data-raw '{\n    \"id\": 7,\n    \"nested\": {\"a\": [1, 2]},\n    \"odd name\": \"{x} and {{y}}\"\n}'",
            "postman_echo-post-post",
            "POST https://postman-echo.com/post?dry=true",
        )
        .headers(&[("x-trace", "ababc")])
        .more(json!({ "b": "bab" }))
        .body(json!({ "id": 7, "nested": { "a": [1, 2] }, "odd name": "{x} and {{y}}" })),
        case(
            "curl -sS --json '{\"a\":1}' https://httpbin.org/anything/x%2Fy/zoo",
            "httpbin-zoo-post",
            "POST https://httpbin.org/anything/x%2Fy/zoo",
        )
        .body(json!({ "a": 1 })),
        case(
            "curl -u user:passwd -XDELETE httpbin.org/delete",
            "httpbin-delete-delete",
            "DELETE https://httpbin.org/delete",
        )
        .auth(AuthStrategy::Basic, "passwd"),
        case(
            "curl -i -H 'PRIVATE-TOKEN: glpat-madeup123456' \"https://gitlab.example.com/api/v4/projects/5/issues?labels[]=a&not[labels]=b\"",
            "example-issues-list",
            "GET https://gitlab.example.com/api/v4/projects/5/issues?labels[]=a&not[labels]=b",
        )
        .auth(AuthStrategy::ApiKeyHeader, "glpat-madeup123456"),
    ]
}

fn browsers_and_programs() -> Vec<Case> {
    vec![
        // Chrome, "Copy as cURL (bash)".
        case(
            "curl 'https://app.example.com/api/items?page=2' \\\n  -H 'accept: application/json, text/plain, */*' \\\n  -H 'accept-language: en-US,en;q=0.9' \\\n  -b 'session=abc; theme=dark' \\\n  -H 'content-type: application/json' \\\n  -H 'origin: https://app.example.com' \\\n  -H 'priority: u=1, i' \\\n  -H 'sec-ch-ua: \"Chromium\";v=\"131\"' \\\n  -H 'sec-fetch-mode: cors' \\\n  -H 'user-agent: Mozilla/5.0' \\\n  -H 'x-team: blue' \\\n  --data-raw $'{\"text\":\"Hi\\u0021 It\\'s \\\\\"fine\\\\\"\"}'",
            "example-items-create",
            "POST https://app.example.com/api/items?page=2",
        )
        .headers(&[("x-team", "blue")])
        .body(json!({ "text": "Hi! It's \"fine\"" })),
        // The same for Windows.
        case(
            "curl ^\"https://app.example.com/api/items?q=a^%^20b^&page=2^\" ^\n  -X ^\"PUT^\" ^\n  -H ^\"accept: */*^\" ^\n  -H ^\"content-type: application/json^\" ^\n  --data-raw ^\"^{^\\^\"name^\\^\":^\\^\"x ^& y^\\^\"^}^\"",
            "example-items-put",
            "PUT https://app.example.com/api/items?q=a%20b&page=2",
        )
        .body(json!({ "name": "x & y" })),
        // Firefox.
        case(
            "curl 'https://shop.example.com/graphql' --compressed -X POST -H 'User-Agent: Mozilla/5.0' -H 'Referer: https://shop.example.com/' -H 'Content-Type: application/json' --data-raw '{\"operationName\":\"Product\",\"query\":\"query Product($id: ID!) { product(id: $id) { name } }\",\"variables\":{\"id\":\"p1\"}}'",
            "example-graphql-post",
            "POST https://shop.example.com/graphql",
        )
        .body(json!({
            "operationName": "Product",
            "query": "query Product($id: ID!) { product(id: $id) { name } }",
            "variables": { "id": "p1" },
        })),
        // Postman's variables.
        case(
            "curl --location 'https://api.example.com/users/:userId/orders/{{order_id}}' --header 'Authorization: Bearer {{token}}'",
            "example-orders-get",
            "GET https://api.example.com/users/u1/orders/o1",
        )
        .more(json!({ "userId": "u1", "order_id": "o1" }))
        .auth(AuthStrategy::StaticBearer, ""),
        // Swagger UI.
        case(
            "curl -X 'GET' \\\n  'https://petstore.example.com/v2/pet/findByStatus?status=available&status=sold' \\\n  -H 'accept: application/json' \\\n  -H 'api_key: special-key-0001'",
            "example-find_by_status-get",
            "GET https://petstore.example.com/v2/pet/findByStatus?status=available&status=sold",
        )
        .auth(AuthStrategy::ApiKeyHeader, "special-key-0001"),
        // RapidAPI.
        case(
            "curl --request GET --url 'https://weather.p.rapidapi.example/now?q=53.1%2C-0.13' --header 'x-rapidapi-host: weather.p.rapidapi.example' --header 'x-rapidapi-key: 0a1b2c3d4emshmadeup'",
            "rapidapi-now-get",
            "GET https://weather.p.rapidapi.example/now?q=53.1%2C-0.13",
        )
        .headers(&[("x-rapidapi-host", "weather.p.rapidapi.example")])
        .auth(AuthStrategy::ApiKeyHeader, "0a1b2c3d4emshmadeup"),
        // Elasticsearch.
        case(
            "curl -X GET \"https://search.example.com/my-index/_search?pretty\" -H 'Content-Type: application/json' -d'\n{ \"query\": { \"match\": { \"user.id\": \"kimchy\" } }, \"size\": 10 }\n'",
            "example-search-get",
            "GET https://search.example.com/my-index/_search?pretty=",
        )
        .body(json!({ "query": { "match": { "user.id": "kimchy" } }, "size": 10 })),
        // OData, with an api-version.
        case(
            "curl 'https://crm.example.com/api/data/v9.2/accounts?$filter=revenue%20gt%20$MIN&$top=3&api-version=2024-01-01' -H 'Authorization: Bearer $TOKEN'",
            "example-accounts-list",
            "GET https://crm.example.com/api/data/v9.2/accounts?$filter=revenue%20gt%20$MIN&$top=3&api-version=2024-01-01",
        )
        .auth(AuthStrategy::StaticBearer, ""),
        case(
            "curl \"https://crm.example.com/accounts?filter=revenue%20gt%20$MIN\"",
            "example-accounts-list",
            "GET https://crm.example.com/accounts?filter=revenue%20gt%207",
        )
        .more(json!({ "min": "7" })),
        // Stripe's and Twilio's forms.
        case(
            "curl https://api.stripe.com/v1/checkout/sessions -u sk_test_madeup12345678: --data-urlencode success_url='https://example.com/ok?a=1&b={CHECKOUT_ID}' -d 'line_items[0][quantity]=2' -d mode=payment -d 'expand[]=a' -d 'expand[]=b c'",
            "stripe-sessions-create",
            "POST https://api.stripe.com/v1/checkout/sessions",
        )
        .headers(&[("content-type", "application/x-www-form-urlencoded")])
        .more(json!({ "checkout_id": "X" }))
        .body(json!([
            ["success_url", "https://example.com/ok?a=1&b=X"],
            ["line_items[0][quantity]", "2"],
            ["mode", "payment"],
            ["expand[]", "a"],
            ["expand[]", "b c"],
        ]))
        .auth(AuthStrategy::ApiKeyHeader, "Basic c2tfdGVzdF9tYWRldXAxMjM0NTY3ODo="),
        case(
            "curl 'https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json' -X POST --data-urlencode 'Body=Hi there' --data-urlencode 'From=+15017122661' -u AC0123456789abcdef0123456789abcdef:[AuthToken]",
            "twilio-messages-create",
            "POST https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json",
        )
        .headers(&[("content-type", "application/x-www-form-urlencoded")])
        .body(json!([["Body", "Hi there"], ["From", "+15017122661"]]))
        .auth(AuthStrategy::Basic, ""),
        // Google Cloud.
        case(
            "curl -X POST -H \"Authorization: Bearer $(gcloud auth print-access-token)\" -H \"x-goog-user-project: my-project\" \"https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1/endpoints/1234567890:predict\" -d '{\"instances\":[{\"x\":1.5}]}' | jq .",
            "googleapis-endpoints-create",
            "POST https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1/endpoints/1234567890:predict",
        )
        .headers(&[("x-goog-user-project", "my-project")])
        .body(json!({ "instances": [{ "x": 1.5 }] }))
        .auth(AuthStrategy::StaticBearer, ""),
        // A here-document.
        case(
            "$ curl -sSLX POST https://ci.example.com/jobs \\\n> -H 'Circle-Token: made-up-token-1' --data-binary @- <<'EOF' | jq .id\n{ \"ref\": \"main\",\n  \"cost\": \"$5\" }\nEOF\n",
            "example-jobs-create",
            "POST https://ci.example.com/jobs",
        )
        .body(json!({ "ref": "main", "cost": "$5" }))
        .auth(AuthStrategy::ApiKeyHeader, "made-up-token-1"),
        // A list as the body, a key in the URL's user.
        case(
            "curl https://madeupkey0123456789:@api.example.com/v2/batch -X POST -H 'Content-Type: application/json' -d '[{\"id\": 1}, {\"id\": 2}]'",
            "example-batch-post",
            "POST https://api.example.com/v2/batch",
        )
        .body(json!([{ "id": 1 }, { "id": 2 }]))
        .auth(AuthStrategy::ApiKeyHeader, "Basic bWFkZXVwa2V5MDEyMzQ1Njc4OTo="),
        // --url-query, --data-urlencode, a coordinate and a number in the path.
        case(
            "curl -s --get --data-urlencode 'q=a b&c' --url-query 'n=1' 'https://api.example.com/2/places/52.52,13.40/reviews/17.json'",
            "example-reviews-get",
            "GET https://api.example.com/2/places/52.52,13.40/reviews/17.json?n=1&q=a%20b%26c",
        ),
        // Basic by its header.
        case(
            "curl https://api.example.com/me -H 'Authorization: Basic YWRhOmxvdmVsYWNlIQ=='",
            "example-me-get",
            "GET https://api.example.com/me",
        )
        .auth(AuthStrategy::Basic, "lovelace!"),
    ]
}

fn all() -> Vec<Case> {
    documentation()
        .into_iter()
        .chain(browsers_and_programs())
        .collect()
}

/// Calling the tool with the values of the command makes the command's request again.
#[test]
fn a_tool_sends_what_the_command_sends() {
    for case in all() {
        let command = case.command;
        let tool = made(command).tool;
        assert_eq!(tool.name, case.name, "{command}");
        let (method, url) = case.request.split_once(' ').unwrap();
        let expected: url::Url = url.parse().unwrap();
        let (sent_method, sent_url, headers, body) = sent(&tool, &case.more);
        assert_eq!(sent_method, method, "{command}");
        assert_eq!(sent_url.origin(), expected.origin(), "{command}");
        let decoded = |url: &url::Url| {
            percent_decode_str(url.path())
                .decode_utf8()
                .unwrap()
                .into_owned()
        };
        assert_eq!(decoded(&sent_url), decoded(&expected), "{command}");
        assert_eq!(sorted(&sent_url), sorted(&expected), "{command}");
        let mut names: Vec<_> = case
            .headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        names.sort();
        let mut headers = headers;
        headers.sort();
        assert_eq!(headers, names, "{command}");
        assert_eq!(body, case.body, "{command}");
        assert_eq!(
            (tool.auth_strategy, tool.auth_secret.as_deref()),
            case.auth,
            "{command}"
        );
    }
}

/// Every draft keeps the rules of tools; those of credentials that were not shown, once they are given.
#[tokio::test]
async fn a_draft_is_a_tool() {
    let world = World::new(TestDatabase::sqlite().await, SignUpPolicy::Open);
    for case in all() {
        let mut tool = made(case.command).tool;
        if case.auth.1.is_none() && tool.auth_strategy != AuthStrategy::None {
            tool.auth_secret = Some("given".to_owned());
        }
        if tool.auth_strategy == AuthStrategy::Basic {
            tool.auth_config
                .username
                .get_or_insert_with(|| "ada".to_owned());
        }
        world
            .services
            .tools
            .check(&tool, None, &[])
            .unwrap_or_else(|why| panic!("{}\n{why}", case.command));
        // And as it goes through forms and files.
        let again: ToolInput = serde_json::from_str(&shown(&tool)).unwrap();
        assert_eq!(shown(&again), shown(&tool));
    }
}

#[test]
fn a_draft_reads_like_a_tool_that_somebody_wrote() {
    let FromCurl { tool, notes } = made(
        "curl -m 2.5 -k -X POST 'https://api.example.com/v1/users/42/orders?notify=true' \
         -H 'X-API-Key: 0123456789abcdef' -H 'Content-Type: application/json' \
         -d '{\"sku\":\"A-1\",\"amount\":3,\"user_id\":7,\"to\":{\"zip\":\"1010\",\"tags\":[\"x\"]},\"memo\":null}' > out.json",
    );
    assert_eq!(
        (tool.name.as_str(), tool.title.as_str()),
        ("example-orders-create", "Create order")
    );
    assert_eq!(
        tool.description,
        "POST /v1/users/{user_id}/orders of api.example.com."
    );
    assert_eq!(tool.timeout_ms, 2_500);
    assert_eq!(tool.base_url, "https://api.example.com");
    assert_eq!(tool.auth_config.header.as_deref(), Some("X-API-Key"));
    assert_eq!(
        tool.body_template,
        Some(json!({
            "sku": "{sku}", "amount": "{amount}", "user_id": "{user_id_2}", "to": "{to}", "memo": "{memo}",
        }))
    );
    assert_eq!(
        tool.input_schema,
        json!({
            "type": "object",
            "properties": {
                "user_id": { "type": "integer", "examples": [42] },
                "notify": { "type": "boolean", "examples": [true] },
                "sku": { "type": "string", "examples": ["A-1"] },
                "amount": { "type": "integer", "examples": [3] },
                "user_id_2": { "type": "integer", "examples": [7] },
                "to": {
                    "type": "object",
                    "properties": {
                        "zip": { "type": "string" },
                        "tags": { "type": "array", "items": { "type": "string" } },
                    },
                    "examples": [{ "zip": "1010", "tags": ["x"] }],
                },
                "memo": {},
            },
            "required": ["user_id", "sku", "amount", "user_id_2", "to"],
            "additionalProperties": false,
        })
    );
    assert_eq!(
        notes,
        [
            "Redirections (< and >) were left out.",
            "Certificates are always checked, against the usual authorities: what the command says of it was left out.",
            "The header X-API-Key is the tool's credential: api_key_header, with its secret.",
            "{user_id}: parts of the path that became arguments.",
            "The members of the body are required arguments: make those optional that the API can do without.",
            "Say in the description what the tool does and when to use it: it is all that a model knows of it.",
        ]
    );
}

/// The query's arguments may be left out, and then nothing of them is sent: a tool fills in no default.
#[test]
fn what_is_optional_can_be_left_out() {
    let tool = made("curl 'https://api.example.com/users/42?page=2&v=3'").tool;
    let arguments = json!({ "user_id": 9 });
    let request = crate::execute::rendered(&tool, arguments.as_object().unwrap()).unwrap();
    assert_eq!(
        request.uri().to_string(),
        "https://api.example.com/users/9?v=3"
    );
    assert_eq!(tool.input_schema["required"], json!(["user_id"]));
}
