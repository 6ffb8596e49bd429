//! Guides as text: sections of a few kinds of blocks, and one way to show them.

use leptos::prelude::*;

use super::reader::Reader;
use crate::components::{
    code_block::CodeBlock,
    table::{Column, Table},
};

/// A part of a guide, which can be linked to.
pub struct Section {
    /// Unique on its page.
    pub id: &'static str,
    pub title: &'static str,
    pub blocks: &'static [Block],
}

/// A text in any of them may have `code` between backticks, links like `[Roles](/docs/roles)`, and what
/// [`Reader::fill`] knows.
pub enum Block {
    Text(&'static str),
    List(&'static [&'static str]),
    /// Heads, and rows of as many cells; what is in the first column is written in code.
    Names(&'static [&'static str], &'static [&'static [&'static str]]),
    /// The same, with a first column of prose.
    Table(&'static [&'static str], &'static [&'static [&'static str]]),
    Code(&'static str),
    /// A smaller heading.
    Part(&'static str),
}

/// The sections one after the other, with a list of them before.
pub fn sections(sections: &[&'static [Section]], reader: &Reader) -> AnyView {
    let all = || sections.iter().copied().flatten();
    let shown: Vec<AnyView> = all().flat_map(|section| shown(section, reader)).collect();
    view! {
        {contents(all().map(|section| (section.id, section.title)))}
        {shown}
    }
    .into_any()
}

/// Links to the parts of a page.
pub fn contents(parts: impl Iterator<Item = (&'static str, &'static str)>) -> AnyView {
    let links = parts
        .map(|(id, title)| {
            view! {
                <li>
                    <a href=format!("#{id}")>{title}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav aria-label="On this page">
            <ul class="sm:columns-2">{links}</ul>
        </nav>
    }
    .into_any()
}

pub fn shown(section: &'static Section, reader: &Reader) -> Vec<AnyView> {
    let heading = view! { <h2 id=section.id>{section.title}</h2> }.into_any();
    std::iter::once(heading)
        .chain(section.blocks.iter().map(|one| block(one, section, reader)))
        .collect()
}

fn block(block: &'static Block, section: &'static Section, reader: &Reader) -> AnyView {
    let inline = |text: &str| inline(&reader.fill(text));
    match block {
        Block::Text(text) => view! { <p>{inline(text)}</p> }.into_any(),
        Block::Part(title) => {
            let id = format!("{}-{}", section.id, word_of(title));
            view! { <h3 id=id>{*title}</h3> }.into_any()
        }
        Block::Code(code) => code_block(reader.fill(code)),
        Block::List(items) => {
            let items = items
                .iter()
                .map(|item| view! { <li>{inline(item)}</li> })
                .collect::<Vec<_>>();
            view! { <ul>{items}</ul> }.into_any()
        }
        Block::Names(head, rows) => {
            let first = head.iter().take(1).map(|title| Column::code(title));
            let more = head.iter().skip(1).map(|title| Column::text(title));
            table(section.title, first.chain(more).collect(), rows, reader)
        }
        Block::Table(head, rows) => {
            let columns = head.iter().map(|title| Column::text(title)).collect();
            table(section.title, columns, rows, reader)
        }
    }
}

/// Code that can be copied, of which the text before says what it is.
pub fn code_block(code: String) -> AnyView {
    view! { <CodeBlock label="the code" text=code hides_label=true /> }.into_any()
}

fn table(
    caption: &'static str,
    columns: Vec<Column>,
    rows: &'static [&'static [&'static str]],
    reader: &Reader,
) -> AnyView {
    let cell = |text: &&str| inline(&reader.fill(text)).into_any();
    let rows = rows.iter().map(|cells| cells.iter().map(cell).collect());
    let rows = rows.collect::<Vec<Vec<AnyView>>>();
    view! { <Table caption columns rows /> }.into_any()
}

/// For an id: small letters and digits, with hyphens between.
pub fn word_of(title: &str) -> String {
    let words = title
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// Text and code in turn.
pub(super) fn inline(text: &str) -> Vec<AnyView> {
    text.split('`')
        .enumerate()
        .filter(|(_, piece)| !piece.is_empty())
        .flat_map(|(at, piece)| match at % 2 {
            0 => linked(piece),
            _ => vec![view! { <code>{piece.to_owned()}</code> }.into_any()],
        })
        .collect()
}

/// Text, and in it `[words](/path)` and `[words](#id)` as links within this site.
fn linked(mut text: &str) -> Vec<AnyView> {
    let mut pieces = Vec::new();
    while let Some((before, words, path, after)) = next_link(text) {
        pieces.push(before.to_owned().into_any());
        pieces.push(view! { <a href=path.to_owned()>{words.to_owned()}</a> }.into_any());
        text = after;
    }
    pieces.push(text.to_owned().into_any());
    pieces
}

fn next_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (head, rest) = text.split_once("](")?;
    let (before, words) = head.rsplit_once('[')?;
    let (path, after) = rest.split_once(')')?;
    let is_ours = path.starts_with(['/', '#']) && !path.starts_with("//");
    is_ours.then_some((before, words, path, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_within_the_site() {
        assert_eq!(
            next_link("see [Who may](/docs/roles#x), and [b](/c)"),
            Some(("see ", "Who may", "/docs/roles#x", ", and [b](/c)"))
        );
        assert_eq!(next_link("[a](#b)"), Some(("", "a", "#b", "")));
        for text in [
            "[a](https://b)",
            "[a](//b)",
            "a](/b",
            "[a](/b",
            "[a] (/b)",
            "",
        ] {
            assert_eq!(next_link(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_is_made_of_words() {
        assert_eq!(word_of("Python: pip install x"), "python-pip-install-x");
        assert_eq!(word_of("GET /a/{id}"), "get-a-id");
    }
}
