//! Which of the tools the page of an integration's tools lists: what its address says.

use leptos::prelude::*;
use leptos_router::location::Url;

use crate::{
    api::integrations::tools::{ROWS, ToolFilter},
    components::{button::Button, pagination::Pagination},
    pages::in_query,
    ssr::offered_tools::path,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The list's path.
    list: String,
    pub filter: ToolFilter,
}

impl Asked {
    pub fn all(project_id: &str, integration_id: &str) -> Self {
        Self {
            list: path(project_id, integration_id),
            filter: ToolFilter::default(),
        }
    }

    pub fn in_query(project_id: &str, integration_id: &str) -> Self {
        let page = in_query("page").and_then(|page| page.parse().ok());
        Self {
            filter: ToolFilter {
                text: in_query("text").unwrap_or_default().trim().to_owned(),
                which: in_query("which").unwrap_or_default(),
                page: page.unwrap_or(1),
            },
            ..Self::all(project_id, integration_id)
        }
    }

    pub fn page(&self, page: usize) -> Self {
        Self {
            filter: ToolFilter {
                page,
                ..self.filter.clone()
            },
            ..self.clone()
        }
    }

    /// The page that lists these. Whole, since a form's answer stands at another path.
    pub fn link(&self) -> String {
        let ToolFilter { text, which, page } = &self.filter;
        let mut parts = Vec::new();
        if !text.is_empty() {
            parts.push(format!("text={}", Url::escape(text)));
        }
        if !which.is_empty() {
            parts.push(format!("which={}", Url::escape(which)));
        }
        if *page > 1 {
            parts.push(format!("page={page}"));
        }
        if parts.is_empty() {
            self.list.clone()
        } else {
            format!("{}?{}", self.list, parts.join("&"))
        }
    }
}

const WHICH: &[(&str, &str)] = &[
    ("", "All"),
    ("offered", "Offered"),
    ("left-out", "Left out"),
];

#[component]
pub fn Search(asked: Asked) -> impl IntoView {
    let Asked { list, filter } = asked;
    let ToolFilter { text, which, .. } = filter;
    let options = WHICH
        .iter()
        .map(|(value, text)| {
            view! {
                <option value=*value selected=*value == which>
                    {*text}
                </option>
            }
        })
        .collect_view();
    view! {
        <form role="search" class="search" action=list>
            <input
                class="input"
                type="search"
                name="text"
                value=text
                placeholder="Name or title"
                aria-label="Search the tools"
                data-shortcut="/"
            />
            <select class="input input-small" name="which" aria-label="Which tools">
                {options}
            </select>
            <Button>"Search"</Button>
        </form>
    }
    .into_any()
}

/// The way to the pages before and after this one.
#[component]
pub fn Pages(asked: Asked, found: usize, page: usize) -> impl IntoView {
    if found <= ROWS {
        return ().into_any();
    }
    let (first, last) = ((page - 1) * ROWS + 1, found.min(page * ROWS));
    let before = (page > 1).then(|| asked.page(page - 1).link());
    let after = (last < found).then(|| asked.page(page + 1).link());
    view! { <Pagination place=format!("{first} to {last} of {found}") before after /> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_differs_from_the_whole_list() {
        let all = Asked::all("p", "i");
        assert_eq!(all.link(), "/projects/p/integrations/i/tools");
        let asked = Asked {
            filter: ToolFilter {
                text: "crm & co".to_owned(),
                which: "offered".to_owned(),
                page: 1,
            },
            ..all
        };
        assert_eq!(
            asked.page(3).link(),
            "/projects/p/integrations/i/tools?text=crm%20%26%20co&which=offered&page=3"
        );
    }
}
