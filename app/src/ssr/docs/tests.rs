//! Searching: what is found, in which order, and what becomes of hostile text.

use super::{
    entries::{Entry, entries},
    index::{Found, Index, Piece},
    words,
};

const CATS: &str = r##"<p class="lead">Of animals.</p>
<nav aria-label="On this page"><ul><li><a href="#food">Feeding a cat</a></li></ul></nav>
<h2 id="food">Feeding</h2><p>A cat eats <code>fish &amp; mice</code>.</p>
<h3 id="food-when">When</h3><ul><li>Mornings</li><li>Evenings</li></ul>
<table><caption>Cats</caption><tr><td class="mark mark-yes"><span>yes</span></td><td>Always</td></tr></table>"##;
const DOGS: &str = r##"<h2 id="walks">Walks</h2><p>Dogs chase a cat. TENGINE_PUBLIC_URL &lt;b&gt;bold&lt;/b&gt;</p>
<h2 id="cat">The neighbour's cat</h2><p>Stay away.</p>"##;

fn index() -> Index {
    let guides = [("cats", "The cat", CATS), ("dogs", "Dogs", DOGS)];
    Index::of(
        guides
            .into_iter()
            .map(|(word, title, html)| (word.to_owned(), title.to_owned(), html.to_owned())),
    )
}

fn places(found: &[Found]) -> Vec<String> {
    let place = |found: &Found| format!("{}#{}", found.word, found.id);
    found.iter().map(place).collect()
}

fn text(pieces: &[Piece]) -> String {
    let text = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Word(word) => format!("[{word}]"),
    });
    text.collect()
}

#[test]
fn a_guide_is_cut_at_its_headings() {
    let entry = |id: &str, heading: &str, text: &str| Entry {
        id: id.to_owned(),
        heading: heading.to_owned(),
        text: text.to_owned(),
    };
    assert_eq!(
        entries(CATS),
        [
            entry("", "", "Of animals."),
            entry("food", "Feeding", "A cat eats fish & mice."),
            entry("food-when", "When", "Mornings Evenings Always"),
        ]
    );
    // Whatever it is given, it ends.
    for broken in ["", "<", "<!--", "<h2", "a<b", "</", "<>", "<h2 id=\"x\">é"] {
        _ = entries(broken);
    }
}

#[test]
fn a_title_comes_before_a_heading_and_that_before_a_text() {
    let found = index().search("cat");
    assert_eq!(
        places(&found),
        ["cats#", "dogs#cat", "cats#food", "dogs#walks"]
    );
    assert_eq!(text(&found[1].heading), "The neighbour's [cat]");
    assert_eq!(text(&found[2].excerpt), "A [cat] eats fish & mice.");
}

#[test]
fn all_words_have_to_be_there_and_a_beginning_is_enough() {
    let index = index();
    assert_eq!(places(&index.search("FISH cat")), ["cats#food"]);
    assert_eq!(places(&index.search("mor eve")), ["cats#food-when"]);
    assert_eq!(places(&index.search("public_u")), ["dogs#walks"]);
    for nothing in ["fish dogs", "ish", "", "  ", "%&/", "cat elephant"] {
        assert_eq!(
            places(&index.search(nothing)),
            Vec::<String>::new(),
            "{nothing}"
        );
    }
}

#[test]
fn a_word_of_the_title_alone_finds_no_part() {
    assert_eq!(places(&index().search("dogs")), ["dogs#", "dogs#walks"]);
    // Together with one of the part it does.
    assert_eq!(places(&index().search("dogs neighbour")), ["dogs#cat"]);
}

#[test]
fn markup_in_a_text_is_text() {
    let found = index().search("bold");
    assert_eq!(
        text(&found[0].excerpt),
        "Dogs chase a cat. TENGINE_PUBLIC_URL <b>[bold]</b>"
    );
}

#[test]
fn an_excerpt_is_short_and_begins_at_a_word() {
    let long = format!(
        "<p>{} needle {}</p>",
        "häy ".repeat(200),
        "stäck ".repeat(200)
    );
    let index = Index::of([("long".to_owned(), "Long".to_owned(), long)].into_iter());
    let excerpt = text(&index.search("NEEDLE")[0].excerpt);
    assert!(excerpt.starts_with("… häy "), "{excerpt}");
    assert!(excerpt.ends_with("stäck …"), "{excerpt}");
    assert!(
        excerpt.contains("[needle]") && excerpt.chars().count() < 260,
        "{excerpt}"
    );
}

#[test]
fn words_are_letters_and_digits_of_any_language() {
    let text = "Öl, x_y-2 日本";
    let found: Vec<&str> = words::places(text).map(|place| &text[place]).collect();
    assert_eq!(found, ["Öl", "x", "y", "2", "日本"]);
}
