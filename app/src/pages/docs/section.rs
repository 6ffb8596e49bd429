//! Guides as text: sections of a few kinds of blocks, and one way to show them.

use leptos::prelude::*;

/// A part of a guide, which can be linked to.
pub struct Section {
    /// Unique on its page.
    pub id: &'static str,
    pub title: &'static str,
    pub blocks: &'static [Block],
}

/// A text in any of them may have `code` between backticks.
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
#[component]
pub fn Sections(sections: &'static [Section]) -> impl IntoView {
    let contents = sections
        .iter()
        .map(|section| {
            view! {
                <li>
                    <a href=format!("#{}", section.id)>{section.title}</a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let shown: Vec<AnyView> = sections.iter().flat_map(shown).collect();
    view! {
        <nav aria-label="On this page">
            <ul class="sm:columns-2">{contents}</ul>
        </nav>
        {shown}
    }
    .into_any()
}

fn shown(section: &'static Section) -> Vec<AnyView> {
    let heading = view! { <h2 id=section.id>{section.title}</h2> }.into_any();
    std::iter::once(heading)
        .chain(section.blocks.iter().map(block))
        .collect()
}

fn block(block: &'static Block) -> AnyView {
    match block {
        Block::Text(text) => view! { <p>{inline(text)}</p> }.into_any(),
        Block::Part(title) => view! { <h3>{*title}</h3> }.into_any(),
        Block::Code(code) => view! {
            <pre tabindex="0">
                <code>{*code}</code>
            </pre>
        }
        .into_any(),
        Block::List(items) => {
            let items = items
                .iter()
                .map(|item| view! { <li>{inline(item)}</li> })
                .collect::<Vec<_>>();
            view! { <ul>{items}</ul> }.into_any()
        }
        Block::Names(head, rows) => table(head, rows, Some("mono")),
        Block::Table(head, rows) => table(head, rows, None),
    }
}

fn table(
    head: &'static [&'static str],
    rows: &'static [&'static [&'static str]],
    first: Option<&'static str>,
) -> AnyView {
    let head = head
        .iter()
        .map(|title| view! { <th scope="col">{*title}</th> })
        .collect::<Vec<_>>();
    let rows = rows
        .iter()
        .map(|cells| {
            let cells = cells
                .iter()
                .enumerate()
                .map(|(at, cell)| {
                    let class = first.filter(|_| at == 0);
                    view! { <td class=class>{inline(cell)}</td> }
                })
                .collect::<Vec<_>>();
            view! { <tr>{cells}</tr> }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="table-scroll">
            <table class="table">
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Text and code in turn.
pub(super) fn inline(text: &str) -> Vec<AnyView> {
    text.split('`')
        .enumerate()
        .filter(|(_, piece)| !piece.is_empty())
        .map(|(at, piece)| match at % 2 {
            0 => piece.to_owned().into_any(),
            _ => view! { <code>{piece.to_owned()}</code> }.into_any(),
        })
        .collect()
}
