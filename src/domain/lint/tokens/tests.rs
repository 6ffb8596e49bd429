//! Counts that stay the same, texts that are cut, and texts that are made to take long.

use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    pieces::{Class, LONGEST, LONGEST_RUN},
    *,
};
use crate::tools::samples::samples;

/// What the library says of the whole text.
fn of_whole(text: &str) -> u64 {
    O200K_BASE.get().count(text, &HashSet::new()).unwrap() as u64
}

/// Counts of OpenAI's own program, `tiktoken`: another vocabulary shows here.
#[test]
fn tokens_are_those_of_the_published_tokenizer() {
    for (text, tokens) in [
        ("", 0),
        (" ", 1),
        ("hello world", 2),
        ("The quick brown fox jumps over the lazy dog.", 10),
        (
            "{\"type\":\"object\",\"properties\":{\"contact_id\":{\"type\":\"string\"}}}",
            15,
        ),
        (
            "Größe 連絡先 \u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467} naïve 12345678",
            20,
        ),
        ("  \n\n\t x'LL we'd  HTTPServer//\n", 10),
    ] {
        assert_eq!(of_text(text), tokens, "{text:?}");
    }
}

#[test]
fn an_estimate_names_its_tokenizer() {
    let json = serde_json::to_value(of_tool(&samples()[0])).unwrap();
    assert_eq!(json["tokenizer"], "o200k_base");
    assert!(json["tokens"].as_u64().unwrap() > 40);
}

#[test]
fn special_tokens_are_text() {
    assert_eq!(of_text("<|endoftext|>"), 7);
    assert_eq!(of_text("<|endofprompt|>"), 7);
}

/// Long enough to be cut a few times.
#[test]
fn ordinary_texts_count_the_same_in_pieces() {
    let tools = samples();
    let json = serde_json::to_string(&tools).unwrap();
    let pretty = serde_json::to_string_pretty(&tools).unwrap();
    let prose: String = tools.iter().map(|tool| &*tool.description).collect();
    for text in [json, pretty, prose] {
        let text = text.repeat(60_000 / text.len());
        assert!(pieces(&text).count() > 5);
        assert_eq!(of_text(&text), of_whole(&text));
    }
}

#[test]
fn what_is_beyond_the_bound_is_guessed() {
    let word = "contact ";
    let counted = of_text(&word.repeat(MOST_BYTES / word.len()));
    let more = of_text(&word.repeat(4 * MOST_BYTES / word.len()));
    assert_eq!(more, counted + 3 * 256 * 1024 / 4);
    // A character that the bound would cut.
    assert_eq!(of_text(&format!("x{}", "é".repeat(200_000))), 165_537);
}

/// A megabyte of what regular expressions go back over, and of what is one word or sign to them.
#[test]
fn nothing_takes_long_and_nothing_panics() {
    for (part, tokens) in [
        (" ", 198_656),
        ("\n", 212_992),
        ("\r\n", 229_376),
        ("\n\r\n \r\t\u{85}\u{2028}", 363_426),
        (" \n", 262_144),
        ("  a", 371_371),
        ("a", 229_376),
        ("A", 229_376),
        ("-", 200_704),
        ("-\n/", 371_381),
        ("1", 283_990),
        ("漢", 283_989),
        ("漢A", 327_680),
        ("\u{1f600}", 262_144),
        ("\u{1f469}\u{200d}\u{1f467}", 315_764),
        ("a\u{301}", 371_371),
        ("-\u{93e}", 327_680),
        ("\u{301}", 327_680),
        ("'s", 327_680),
        ("x' ", 371_381),
        ("\0", 327_680),
        ("<|endoftext|>", 317_606),
    ] {
        let text = part.repeat(1024 * 1024 / part.len());
        assert_eq!(of_text(&text), tokens, "{part:?}");
        let counted = &text[..text.floor_char_boundary(MOST_BYTES)];
        let cuts = pieces(counted).count() as u64 - 1;
        assert!(
            of_text(counted).abs_diff(of_whole(counted)) <= cuts,
            "{part:?}"
        );
    }
}

/// No piece is such a text; should one be in another version of the library, it is no panic.
#[test]
fn where_the_library_gives_up_it_is_guessed() {
    let encoder = O200K_BASE.get();
    let spaces = " ".repeat(1024 * 1024);
    assert!(encoder.count(&spaces, &HashSet::new()).is_err());
    assert_eq!(count(&encoder, &spaces), 1024 * 1024 / 4);
}

proptest! {
    #[test]
    fn pieces_are_the_text_and_bounded(
        parts in vec((select(vec![" ", "\n", "a", "é", "-", "7", "漢", "\u{1f600}", "word ", "\"k\":"]), 0_usize..3_000), 0..6),
        end in any::<String>(),
    ) {
        let text: String = parts.iter().map(|(part, times)| part.repeat(*times)).chain([end]).collect();
        prop_assert_eq!(pieces(&text).collect::<String>(), text.clone());
        for piece in pieces(&text) {
            prop_assert!((1..=LONGEST).contains(&piece.len()));
            let classes: Vec<_> = piece.chars().map(Class::of).collect();
            prop_assert!(classes.chunk_by(Class::eq).all(|run| run.len() <= LONGEST_RUN));
        }
    }

    #[test]
    fn short_texts_are_counted_as_they_are(text in any::<String>()) {
        prop_assert_eq!(of_text(&text), of_whole(&text));
    }

    #[test]
    fn a_cut_behind_a_word_changes_no_count(
        before in any_text(), word in select(vec!["x", "Z", "7", "ll"]), next in select(vec![" ", "\""]), after in any_text(),
    ) {
        let (before, after) = (before + word, next.to_owned() + &after);
        prop_assert_eq!(of_whole(&format!("{before}{after}")), of_whole(&before) + of_whole(&after));
    }
}

/// Texts of what the tokenizer's expression tells apart.
fn any_text() -> impl Strategy<Value = String> {
    let parts = vec![
        " ",
        "\t",
        "\n",
        "\r\n",
        "\u{a0}",
        "'",
        "s",
        "LL",
        "x",
        "Abc",
        "é",
        "ǅ",
        "漢",
        "\u{301}",
        "\u{93e}",
        "-",
        "/",
        "\"",
        "_",
        "7",
        "½",
        "\u{1f600}",
    ];
    let part = prop_oneof![4 => select(parts).prop_map(str::to_owned), 1 => any::<String>()];
    vec(part, 0..8).prop_map(|parts| parts.concat())
}
