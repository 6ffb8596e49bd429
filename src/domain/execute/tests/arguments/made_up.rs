//! Arguments as a hostile model would make them up.

use proptest::prelude::*;
use serde_json::Value;

use super::Arguments;

/// Text of what breaks out of one place or another.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "..",
        ".",
        "/",
        "\\",
        "%2e",
        "%2E%2e",
        "%2f",
        "%5c",
        "%0d%0a",
        "%",
        "?",
        "#",
        "&",
        "=",
        "@",
        ":",
        ";",
        ",",
        "+",
        " ",
        "\"",
        "'",
        "{",
        "}",
        "{a}",
        "{{",
        "<",
        ">",
        "|",
        "^",
        "`",
        "\r\n",
        "\n",
        "\t",
        "\0",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "ü",
        "\u{ff0f}",
        "\u{202e}",
        "x",
        "0",
        "//evil.example",
        "http://evil.example",
        "Host: evil.example",
        "\",\"admin\":true,\"x\":\"",
        "x-tengine-member-id",
        "fixed",
        "q",
    ]);
    prop_oneof![
        3 => piece.clone().prop_map(str::to_owned),
        3 => prop::collection::vec(piece, 2..6).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        2 => "[a-z0-9]{1,8}",
    ]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        12 => hostile().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let members = prop::collection::vec((hostile(), leaf()), 0..3);
    let few = prop_oneof![
        1 => prop::collection::vec(leaf(), 0..3).prop_map(Value::from),
        1 => members.prop_map(|members| Value::Object(members.into_iter().collect())),
    ];
    let deep = few.clone().prop_recursive(3, 12, 3, |inner| {
        let item = prop_oneof![1 => leaf(), 2 => inner];
        let members = prop::collection::vec((hostile(), item.clone()), 0..3);
        prop_oneof![
            prop::collection::vec(item, 0..3).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop_oneof![
        8 => leaf(),
        2 => few,
        1 => deep,
    ]
}

/// Most of the tools' arguments, in any order, and some that no template names.
pub(super) fn arguments() -> impl Strategy<Value = Arguments> {
    let own = ["a", "b", "c", "d", "e", "f"].map(|name| {
        let value = prop::option::weighted(0.9, value());
        value.prop_map(move |value| value.map(|value| (name.to_owned(), value)))
    });
    let others = prop::collection::vec((hostile(), value()), 0..3);
    (own, others).prop_map(|(own, others)| {
        others
            .into_iter()
            .chain(own.into_iter().flatten())
            .collect()
    })
}
