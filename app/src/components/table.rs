//! A table. Where it is wider than the page it scrolls in its own box; on a phone each row is a card that
//! says of every cell which column it is of (`style/pieces/table.css`).

use std::borrow::Cow;

use leptos::prelude::*;

/// A column: its title, and what its cells hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    title: Cow<'static, str>,
    holds: Holds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Code,
    Numbers,
    Marks,
}

impl Column {
    #[must_use]
    pub const fn text(title: &'static str) -> Self {
        Self::new(Cow::Borrowed(title), Holds::Text)
    }

    #[must_use]
    pub const fn code(title: &'static str) -> Self {
        Self::new(Cow::Borrowed(title), Holds::Code)
    }

    #[must_use]
    pub const fn number(title: &'static str) -> Self {
        Self::new(Cow::Borrowed(title), Holds::Numbers)
    }

    /// Narrow, for ticks. Left out on phones: there the row says the same in words.
    #[must_use]
    pub const fn mark(title: String) -> Self {
        Self::new(Cow::Owned(title), Holds::Marks)
    }

    const fn new(title: Cow<'static, str>, holds: Holds) -> Self {
        Self { title, holds }
    }

    const fn class(&self) -> Option<&'static str> {
        match self.holds {
            Holds::Text => None,
            Holds::Code => Some("mono"),
            Holds::Numbers => Some("num"),
            Holds::Marks => Some("mark"),
        }
    }
}

#[component]
pub fn Table(
    /// What it lists, for those who do not see what it stands below.
    #[prop(into)]
    caption: String,
    /// The first one names the row.
    #[prop(into)]
    columns: Cow<'static, [Column]>,
    /// Of each row a cell for every column.
    rows: Vec<Vec<AnyView>>,
) -> impl IntoView {
    let has_marks = columns.iter().any(|column| column.holds == Holds::Marks);
    // The roles stay where a phone's style makes other boxes of the elements.
    let head = columns
        .iter()
        .map(|column| {
            let class = (column.holds != Holds::Code).then(|| column.class());
            view! {
                <th scope="col" role="columnheader" class=class.flatten()>
                    {column.title.clone()}
                </th>
            }
        })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|cells| {
            let cells = columns
                .iter()
                .zip(cells)
                .map(|(column, cell)| {
                    view! {
                        <td class=column.class() role="cell" data-label=column.title.clone()>
                            <div>{cell}</div>
                        </td>
                    }
                })
                .collect_view();
            view! { <tr role="row">{cells}</tr> }
        })
        .collect_view();
    let label = caption.clone();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label=label>
            <table class="table" class:table-marks=has_marks role="table">
                <caption class="sr-only">{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{head}</tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_says_which_column_it_is_of() {
        const COLUMNS: &[Column] = &[Column::code("Tool"), Column::number("Calls")];
        let rows = vec![vec!["crm-get".into_any(), 7.into_any()]];
        let html = Owner::new()
            .with(|| view! { <Table caption="Calls" columns=COLUMNS rows /> }.to_html());
        for part in [
            r#"data-label="Tool""#,
            r#"role="cell" data-label="Calls" class="num""#,
            r#"class="num">Calls</th>"#,
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
