//! A table. It scrolls in its own box, where the page is narrower.

use leptos::prelude::*;

/// A column's title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Text(&'static str),
    /// Its cells have the class `num`.
    Number(&'static str),
    /// Left out on phones, as its cells are: they have the class `wide-only`.
    Wide(&'static str),
    WideNumber(&'static str),
}

impl Column {
    const fn title(self) -> &'static str {
        match self {
            Self::Text(title)
            | Self::Number(title)
            | Self::Wide(title)
            | Self::WideNumber(title) => title,
        }
    }

    const fn class(self) -> Option<&'static str> {
        match self {
            Self::Text(_) => None,
            Self::Number(_) => Some("num"),
            Self::Wide(_) => Some("wide-only"),
            Self::WideNumber(_) => Some("num wide-only"),
        }
    }
}

#[component]
pub fn Table(
    /// What it lists, for those who do not see what it stands below.
    caption: &'static str,
    columns: &'static [Column],
    /// Its rows.
    children: Children,
) -> impl IntoView {
    let head = columns
        .iter()
        .map(|column| {
            view! {
                <th scope="col" class=column.class()>
                    {column.title()}
                </th>
            }
        })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=caption>
            <table class="table">
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
