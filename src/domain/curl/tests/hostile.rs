//! Commands that mean harm, or nothing.

use std::cell::Cell;

use proptest::{prelude::*, test_runner::TestRunner};

use super::*;
use crate::{
    accounts::SignUpPolicy, contract::World, db::testing::TestDatabase, execute::template,
};

/// A word, quoted so that a shell reads it as it is.
fn quoted(word: &str, style: usize) -> String {
    match style {
        0 => format!("'{}'", word.replace('\'', r"'\''")),
        1 => {
            let escaped = |c| match c {
                '"' | '\\' | '$' | '`' => format!("\\{c}"),
                c => c.to_string(),
            };
            format!("\"{}\"", word.chars().map(escaped).collect::<String>())
        }
        2 => {
            let escaped = |c: char| match c {
                '\'' | '\\' => format!("\\{c}"),
                '\n' => "\\n".to_owned(),
                c if c.is_ascii_control() => format!("\\x{:02x}", u32::from(c)),
                c => c.to_string(),
            };
            format!("$'{}'", word.chars().map(escaped).collect::<String>())
        }
        _ => word
            .split('\n')
            .map(|line| line.chars().flat_map(|c| ['\\', c]).collect::<String>())
            .collect::<Vec<_>>()
            .join("'\n'"),
    }
}

fn words_of(text: &str) -> Vec<String> {
    let mut notes = Notes::default();
    Words::read(text, &mut notes).unwrap().words
}

/// Parts of commands, in any order.
fn soups() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "curl ",
        "curl ",
        "https://api.example.com",
        "/users/42",
        "?a=1&b={x}",
        "/../",
        "//",
        "%2e%2e",
        "%",
        "{",
        "}",
        "{id}",
        "<id>",
        "$X",
        "${",
        "$(",
        "`",
        "'",
        "'",
        "\"",
        "\"",
        "\\",
        "\n",
        " ",
        " ",
        " ",
        "-H ",
        "-d ",
        "-u ",
        "-X ",
        "-G ",
        "--json ",
        "--url-query ",
        "-b ",
        "-m ",
        "Authorization: ",
        "Bearer ",
        "Basic ",
        "abc123def456ghi7",
        "a:b ",
        "X-Api-Key: ",
        "Content-Type: application/json",
        "{\"a\":1,\"b\":{\"c\":[null]}}",
        "[1]",
        "\"query\"",
        "@",
        "@-",
        "<<E\n",
        "E\n",
        "|",
        "&",
        ";",
        ">",
        "#",
        "^",
        "^\"",
        "--next ",
        "POST ",
        ":id",
        "/OWNER",
        "ü",
        "\0",
        "\u{1}",
        "token=",
        "key=",
    ]);
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

/// What holds of every draft, whatever it was made of.
fn keeps_the_rules(world: &World, command: &str, made: &Cell<u32>) -> Result<(), TestCaseError> {
    let Ok(FromCurl { tool, notes }) = tool_from(command) else {
        return Ok(());
    };
    made.set(made.get() + 1);
    let broken = template::check(&tool);
    prop_assert!(broken.is_empty(), "{broken:?}");
    prop_assert!(crate::tools::is_name(&tool.name), "{}", tool.name);
    let mut given = tool;
    if given.auth_strategy != AuthStrategy::None {
        given.auth_secret.get_or_insert_with(|| "given".to_owned());
    }
    if given.auth_strategy == AuthStrategy::Basic {
        given
            .auth_config
            .username
            .get_or_insert_with(|| "ada".to_owned());
    }
    match world.services.tools.check(&given, None, &[]) {
        Ok(()) => {}
        // Where a tool may reach is for the network to say, and for whoever saves it.
        Err(crate::Error::Invalid(fields)) => {
            let others: Vec<_> = fields
                .iter()
                .filter(|error| error.field != "base_url")
                .collect();
            prop_assert!(others.is_empty(), "{others:?}");
        }
        Err(other) => return Err(TestCaseError::fail(other.to_string())),
    }
    prop_assert!(notes.len() <= MOST_NOTES);
    // Host and path came from the text.
    let plain = |text: &str| {
        let kept = |c: &char| c.is_alphanumeric();
        text.to_lowercase().chars().filter(kept).collect::<String>()
    };
    let url: url::Url = given.base_url.parse().unwrap();
    if let Some(url::Host::Domain(host)) = url.host()
        // Other letters are mapped by IDNA.
        && command.is_ascii()
    {
        prop_assert!(plain(command).contains(&plain(host)), "{host}");
    }
    for segment in given
        .endpoint_path
        .split(['/', '{', '}'])
        .filter(|part| !part.contains('%'))
    {
        let is_argument = given.input_schema["properties"].get(segment).is_some();
        prop_assert!(
            is_argument || plain(command).contains(&plain(segment)),
            "{segment}"
        );
    }
    Ok(())
}

#[test]
fn no_text_breaks_it() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let world =
        runtime.block_on(async { World::new(TestDatabase::sqlite().await, SignUpPolicy::Open) });
    let any = prop_oneof![
        soups(),
        soups().prop_map(|soup| format!("curl https://api.example.com{soup}")),
        soups().prop_map(|soup| format!("curl https://api.example.com/x {soup}")),
        soups().prop_map(|soup| format!("curl ^\"https://api.example.com^\" {soup}")),
        ".{0,200}",
        ".{0,200}".prop_map(|text| format!("curl {text}")),
    ];
    let made = Cell::new(0);
    let config = ProptestConfig {
        cases: 3_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    TestRunner::new(config)
        .run(&any, |command| keeps_the_rules(&world, &command, &made))
        .unwrap();
    assert!(made.get() > 300, "most of them are refused: {}", made.get());
}

proptest! {
    #[test]
    fn what_is_quoted_is_read_as_it_is(words in prop::collection::vec(("[^\r\0]{0,12}", 0..4usize), 1..6)) {
        // Nothing stands for nothing, but in quotes.
        let words: Vec<_> = words.into_iter().filter(|(word, style)| !word.is_empty() || *style < 3).collect();
        let text: Vec<_> = words.iter().map(|(word, style)| quoted(word, *style)).collect();
        // So that it is for no other shell.
        let text = format!("curl -s \\\n {} x", text.join(" "));
        let mut expected = vec!["-s".to_owned()];
        expected.extend(words.into_iter().map(|(word, _)| word));
        expected.push("x".to_owned());
        prop_assert_eq!(words_of(&text), expected);
    }

    #[test]
    fn a_value_of_the_query_comes_back(value in "[^\0]{1,20}", page in any::<u32>()) {
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let tool = made(&format!("curl 'https://a.example/x?q={}&page={page}'", encoded.replace('\'', "%27"))).tool;
        prop_assume!(properties(&tool).get("q").is_some_and(|q| q.get("examples").is_some()));
        let (_, url, ..) = sent(&tool, &json!({}));
        prop_assert_eq!(sorted(&url), [("page".to_owned(), page.to_string()), ("q".to_owned(), value)]);
    }
}

/// Texts of the largest size, each of which would be slow if anything were looked through again and
/// again. They end, which is all that is asked: whoever breaks it waits for minutes.
#[test]
fn no_text_costs_more_than_it_is_large() {
    let fill = |start: &str, part: &str| {
        let times = (LARGEST - start.len() - 1) / part.len();
        format!("{start}{}", part.repeat(times))
    };
    for command in [
        fill("curl https://a.example/", "{"),
        fill("curl -g 'https://a.example/?q=", "{"),
        fill("curl -g https://a.example/?q=", "{}"),
        fill("curl https://a.example/", "<a"),
        fill("curl https://a.example/?", "&a"),
        fill("curl https://a.example/", "/a"),
        fill("curl https://a.example/", "[1"),
        fill("curl ", "\\ "),
        fill("curl ", "$("),
        fill("curl ", "${a"),
        fill("curl ", "''"),
        fill("curl ", "; "),
        fill("curl ", "<<a\n"),
        fill("", "a\n"),
        fill("curl ", "-"),
        fill("curl -", "!"),
        fill("curl ", "-! "),
        fill("curl ", "a.b "),
        fill("curl a.b ", "-Ha:b "),
        fill("curl a.b ", "-dtoken=a "),
        fill("curl a.b -G ", "-dtoken=abcdefgh "),
        fill("curl a.b -d '", "["),
        fill("curl a.b -d '", "{\"a\":"),
        fill("curl ^\"", "^"),
        fill("curl ^\"", "\\"),
        fill("curl a.b -H 'X: ", "$(…)").replace('…', "."),
    ] {
        assert!(command.len() <= LARGEST);
        if let Ok(made) = tool_from(&command) {
            assert!(shown(&made.tool).len() < 2 * LARGEST);
        }
    }
    let items = |item: &str| vec![item; LARGEST / 3 / (item.len() + 1)].join(",");
    for body in [
        format!("[{}]", items("1")),
        format!("[{}]", items("{\"a\":1}")),
        format!(
            "{{\"a\":[{}],\"b\":[{}]}}",
            items("\"token\""),
            items("[[]]")
        ),
        format!("{{\"{}\":[{}]}}", "n".repeat(50_000), items("\"x\"")),
    ] {
        let command = format!("curl a.b -u ada:lovelace -H 'X-Api-Key: abcdefgh' --json '{body}'");
        let tool = tool_from(&command).unwrap().tool;
        assert!(tool.input_schema.to_string().len() < 70_000);
    }
}
