//! Options and forms of commands, one by one.

use super::*;

fn noted(command: &str, part: &str) {
    let notes = made(command).notes;
    assert!(
        notes.iter().any(|note| note.contains(part)),
        "{command}\n{part}: {notes:#?}"
    );
}

fn path(command: &str) -> String {
    made(command).tool.endpoint_path
}

#[test]
fn what_tools_do_not_do_is_refused_with_the_mend() {
    for (command, part) in [
        ("", "Paste a curl command"),
        ("wget https://a.example", "begins with curl"),
        ("curl", "no URL"),
        ("curl -s", "no URL"),
        ("curl 'https://a.example", "not closed"),
        ("curl \"https://a.example", "not closed"),
        ("curl https://a.example -d \"$(cat x", "not closed"),
        ("curl https://a.example -d @- <<EOF\n{}", "no end"),
        ("curl https://a.example -H", "-H needs a value"),
        ("curl https://a.example --header", "--header needs a value"),
        ("curl ftp://a.example/x", "another scheme"),
        ("curl file:///etc/passwd", "another scheme"),
        ("curl https://", "no host"),
        ("curl https:///x", "no host"),
        ("curl 'https://a b/x'", "no host"),
        ("curl https://{tenant}.example.com/x", "placeholder"),
        ("curl $BASE_URL/x", "placeholder"),
        ("curl '{{baseUrl}}/x'", "placeholder"),
        ("curl 'https://a.example/[1-3]'", "several"),
        ("curl 'https://a.example/{a,b}'", "several"),
        ("curl 'https://{a,b}.example/'", "several"),
        ("curl https://a.example -X OPTIONS", "another method"),
        ("curl https://a.example -F file=@x.png", "multipart"),
        ("curl https://a.example -T x", "uploads"),
        ("curl https://a.example -K conf", "in a file"),
        ("curl https://a.example --digest -u a:b", "Digest"),
        ("curl https://a.example -E cert.pem", "client certificate"),
        (
            "curl --unix-socket /run/x.sock http://a.example/x",
            "socket",
        ),
        ("curl https://a.example -d @body.json", "from a file"),
        ("curl https://a.example -d @-", "from a file"),
        (
            "curl https://a.example --data-urlencode x@body",
            "from a file",
        ),
        ("curl https://a.example --json @body.json", "from a file"),
        (
            "curl https://a.example -d \"$(cat body.json)\"",
            "another command writes",
        ),
        (
            "curl https://a.example -d 'hello'",
            "neither JSON nor a form",
        ),
        (
            "curl https://a.example -H 'content-type: text/xml' -d '<a/>'",
            "neither JSON nor a form",
        ),
        ("curl https://a.example -d '{\"a\": }'", "line 1, column 7"),
        ("curl https://a.example/?a=%ff", "UTF-8"),
        ("curl https://a.example/?a=%00", "NUL"),
        ("curl https://a.example -d '{\"\\u0000\":1}'", "NUL"),
    ] {
        let why = refusal(command);
        assert!(why.contains(part), "{command}\n{part}: {why}");
    }
    assert!(
        refusal(&format!(
            "curl https://a.example -d '{}'",
            "x".repeat(LARGEST)
        ))
        .contains("bytes")
    );
}

#[test]
fn options_are_read_as_curl_reads_them() {
    for (command, method, url) in [
        ("curl a.example", "GET", "https://a.example/"),
        ("/usr/bin/curl -- -a.example", "GET", "https://-a.example/"),
        (
            "FOO=1 sudo curl.exe -sSLo/dev/null -XPUT a.example",
            "PUT",
            "https://a.example/",
        ),
        ("curl -I a.example", "GET", "https://a.example/"),
        ("curl -X head a.example", "GET", "https://a.example/"),
        ("curl -Xpost a.example", "POST", "https://a.example/"),
        ("curl -d '' a.example", "POST", "https://a.example/"),
        (
            "curl --request=DELETE --url=https://a.example/x",
            "DELETE",
            "https://a.example/x",
        ),
        (
            "curl -o out -w '%{http_code}' -x proxy:8080 a.example",
            "GET",
            "https://a.example/",
        ),
        (
            "curl --cacert ca.pem --retry 3 --limit-rate 1K a.example",
            "GET",
            "https://a.example/",
        ),
        (
            "curl --no-progress-meter --http2 --no-keepalive a.example",
            "GET",
            "https://a.example/",
        ),
        (
            "curl -G a.example -d x=1 --data-urlencode y='a&b'",
            "GET",
            "https://a.example/?x=1&y=a%26b",
        ),
        (
            "curl -XPOST -G a.example -d x=1",
            "POST",
            "https://a.example/?x=1",
        ),
        (
            "curl --url-query +x=%20 --url-query =a a.example?z=2",
            "GET",
            "https://a.example/?a=&x=+&z=2",
        ),
        (
            "curl HTTPS://A.Example:443/x#y",
            "GET",
            "https://a.example/x",
        ),
        (
            "curl https://a.example:8443?q=1",
            "GET",
            "https://a.example:8443/?q=1",
        ),
        (
            "curl https://a.example/a/./b/../c/",
            "GET",
            "https://a.example/a/c/",
        ),
        ("curl https://a.example/../..", "GET", "https://a.example/"),
        (
            "curl 'https://a.example/ü 1/100%/%2e'",
            "GET",
            "https://a.example/%C3%BC%201/100%25/",
        ),
        (
            "curl -g 'https://a.example/{a,b}/[1-2]'",
            "GET",
            "https://a.example/%7Ba,b%7D/%5B1-2%5D",
        ),
        (
            "curl https://[2001:db8::1]/x",
            "GET",
            "https://[2001:db8::1]/x",
        ),
        (
            "curl https://a.example?x=1&y=2",
            "GET",
            "https://a.example/?x=1&y=2",
        ),
        (
            "curl a.example/x -: b.example",
            "GET",
            "https://a.example/x",
        ),
        ("curl a.example/x; rm -rf /", "GET", "https://a.example/x"),
        (
            "cd /tmp && curl a.example/x 2>&1 >/dev/null || true",
            "GET",
            "https://a.example/x",
        ),
        (
            "# Reads it\ncurl a.example/x # here",
            "GET",
            "https://a.example/x",
        ),
        (
            "curl -H Accept: a.example/x b.example",
            "GET",
            "https://a.example/x",
        ),
        (
            "```bash\ncurl a.example/x\n```",
            "GET",
            "https://a.example/x",
        ),
        (
            "curl “https://a.example/x” -H ‘X-A: b’",
            "GET",
            "https://a.example/x",
        ),
        ("curl \\  \n  a.example/x", "GET", "https://a.example/x"),
        ("curl `\n  a.example/x", "GET", "https://a.example/x"),
        ("curl\r\n\ta.example/x", "GET", "https://a.example/x"),
    ] {
        let command = command.replacen("curl\r\n", "curl \\\r\n", 1);
        let (sent_method, sent_url, ..) = sent(&made(&command).tool, &json!({}));
        assert_eq!(
            (sent_method.as_str(), sent_url.as_str()),
            (method, url),
            "{command}"
        );
    }
}

#[test]
fn what_is_left_out_is_said() {
    for (command, part) in [
        ("curl a.example", "no scheme"),
        ("curl http://a.example", "without encryption"),
        ("curl -k a.example", "Certificates"),
        ("curl -x p a.example", "proxy"),
        ("curl --connect-timeout 3 a.example", "--connect-timeout"),
        ("curl -m 4000 a.example", "time limit"),
        ("curl -b a=b a.example", "Cookies"),
        ("curl -H 'Cookie: a=b' a.example", "Cookies"),
        ("curl -A me a.example", "User-Agent"),
        (
            "curl -H 'Host: b' -H 'User-Agent: c' a.example",
            "Host, User-Agent: left out",
        ),
        (
            "curl -H 'X-Tengine-Member-Id: 1' a.example",
            "X-Tengine-Member-Id: left out",
        ),
        ("curl -H 'Idempotency-Key: 1' a.example", "idempotency key"),
        ("curl -H 'X-CSRF-Token: 1' a.example", "forged"),
        ("curl -H 'X-Hub-Signature-256: 1' a.example", "signature"),
        ("curl -H 'If-None-Match: 1' a.example", "Conditions"),
        ("curl -H 'X-A: 1' -H 'x-a: 2' a.example", "twice"),
        ("curl -H $'X-A: a\\x01' a.example", "on one line"),
        ("curl -H nonsense a.example", "Name: value"),
        ("curl -H @file a.example", "in a file"),
        ("curl -I a.example", "HEAD"),
        ("curl a.example b.example", "several URLs"),
        ("curl --frobnicate a.example", "--frobnicate is not known"),
        ("curl a.example -s --next b.example", "--next"),
        ("curl a.example | jq .", "follows"),
        ("cd x; curl a.example", "before"),
        ("curl a.example > x", "Redirections"),
        ("curl a.example -H \"X-A: $(date)\"", "not run"),
        ("curl a.example -n", "netrc"),
        ("curl -X POST a.example", "sends {}"),
        (
            "curl -d '{}' a.example",
            "does not say that its body is JSON",
        ),
        ("curl your-domain.example.com", "reads like a placeholder"),
        ("curl a.example//x", "one slash"),
        ("curl a.example///x", "several slashes"),
        ("curl https://a.example?flag", "flag: stays as it is"),
        ("curl https://a.example?=x", "no name"),
    ] {
        if part == "one slash" {
            assert_eq!(path(command), "/x");
        } else {
            noted(command, part);
        }
    }
}

#[test]
fn ids_in_the_path_become_arguments() {
    for (url, expected) in [
        ("https://a.example/users/42", "/users/{user_id}"),
        (
            "https://a.example/v1/companies/42/boxes/7",
            "/v1/companies/{company_id}/boxes/{box_id}",
        ),
        (
            "https://a.example/userProfiles/42/status/9",
            "/userProfiles/{user_profile_id}/status/{status_id}",
        ),
        ("https://a.example/42", "/{id}"),
        (
            "https://a.example/2/tweets/42/43",
            "/2/tweets/{tweet_id}/{id}",
        ),
        (
            "https://a.example/users/42/users/43",
            "/users/{user_id}/users/{user_id_2}",
        ),
        ("https://a.example/users/{id}/x", "/users/{id}/x"),
        (
            "https://a.example/users/<user id>.json",
            "/users/{user_id}.json",
        ),
        ("https://a.example/users/:id", "/users/{id}"),
        (
            "https://a.example/users/ada@example.com",
            "/users/{user_id}",
        ),
        ("https://a.example/rates/USD", "/rates/{usd}"),
        ("https://a.example/API/REST/v2", "/API/REST/v2"),
        (
            "https://a.example/models/gemini-2:run",
            "/models/gemini-2:run",
        ),
        ("https://a.example/a/%F0%28", "/a/%F0%28"),
        ("https://a.example/a/{}/x", "/a/%7B%7D/x"),
    ] {
        assert_eq!(path(&format!("curl '{url}'")), expected, "{url}");
    }
}

#[test]
fn braces_that_are_meant_stay_braces() {
    let tool = made(
        "curl -g 'https://a.example/x?filter={\"a\":{\"b\":1}}&format=}{' -H 'X-Filter: {\"a\": 1}' -H 'X-B: }'",
    )
    .tool;
    let (_, url, headers, _) = sent(&tool, &json!({}));
    assert_eq!(
        sorted(&url),
        [
            ("filter".to_owned(), "{\"a\":{\"b\":1}}".to_owned()),
            ("format".to_owned(), "}{".to_owned()),
        ]
    );
    assert_eq!(
        headers,
        [
            ("x-b".to_owned(), "}".to_owned()),
            ("x-filter".to_owned(), "{\"a\": 1}".to_owned()),
        ]
    );
}

#[test]
fn a_body_of_another_form_is_one_argument() {
    for (body, kind) in [("[1,2]", "array"), ("\"text\"", "string"), ("7", "integer")] {
        let tool = made(&format!(
            "curl a.example -H 'Content-Type: application/json' -d '{body}'"
        ))
        .tool;
        assert_eq!(tool.body_template, Some(json!("{body}")));
        assert_eq!(properties(&tool)["body"]["type"], kind);
        let (.., sent) = sent(&tool, &json!({}));
        assert_eq!(sent.unwrap().to_string(), body);
    }
    let many: Map<String, Value> = (0..300).map(|n| (format!("m{n}"), json!(n))).collect();
    let tool = made(&format!("curl a.example --json '{}'", Value::Object(many))).tool;
    assert_eq!(tool.body_template, Some(json!("{body}")));
    assert_eq!(properties(&tool).len(), 1);
}

#[test]
fn what_ansi_c_quotes_write_is_read() {
    for (quoted, text) in [
        (r"$'a\'b\n\t\\'", "a'b\n\t\\"),
        (r"$'\x41\101\u00e9\ud83d\ude00\U0001F600'", "AAé😀😀"),
        (r"$'\xc3\xa9\q\xZ'", "é\\q\\xZ"),
        (r"$'\0x\7'", "\0x\u{7}"),
        ("a$'b'c\"d$\"'e'", "abcd$e"),
        ("\"a\\\"b\\$c\\\\d\\e\"", "a\"b$c\\d\\e"),
        ("a\\ b\\\nc", "a bc"),
        ("\"$\"$5\"\"", "$$5"),
        ("${X:-y}$Y", "${X}${Y}"),
    ] {
        let command = format!("curl {quoted} end");
        let mut shell = shell::Shell::new(&command);
        let words = shell.command().unwrap().unwrap();
        assert_eq!(words, ["curl", text, "end"], "{quoted}");
    }
}
