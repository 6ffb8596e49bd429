//! Looking through a list: words, a state and an order, whose rows the server finds and sends a page at a
//! time. All of it is in the page's address.

use leptos::prelude::*;
use leptos_router::location::Url;

use super::{button::Button, pagination::Pagination};
use crate::{
    api::lists::{ListQuery, Place},
    pages::in_query,
};

/// Values and texts of a choice. The first is the usual one, and its value is empty.
pub type Choices = &'static [(&'static str, &'static str)];

/// What a list's address asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The list's path.
    path: String,
    pub query: ListQuery,
    /// Names and values of what else the address says.
    besides: Vec<(&'static str, String)>,
}

impl Asked {
    /// The whole list.
    pub fn all(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            query: ListQuery::default(),
            besides: Vec::new(),
        }
    }

    /// What the page's own address asks for.
    pub fn in_query(path: impl Into<String>) -> Self {
        let text = in_query("text").unwrap_or_default();
        let page = in_query("page").and_then(|page| page.parse().ok());
        Self {
            query: ListQuery {
                text: text.trim().to_owned(),
                state: in_query("state").unwrap_or_default(),
                sort: in_query("sort").unwrap_or_default(),
                page: page.unwrap_or(1),
            },
            ..Self::all(path)
        }
    }

    #[must_use]
    pub fn and(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.besides.push((name, value.into()));
        self
    }

    /// Another page of the same.
    #[must_use]
    pub fn page(&self, page: usize) -> Self {
        Self {
            query: ListQuery {
                page,
                ..self.query.clone()
            },
            ..self.clone()
        }
    }

    /// Whether it asks for some of the list and not for all.
    pub fn is_narrowed(&self) -> bool {
        !self.query.text.is_empty() || !self.query.state.is_empty()
    }

    /// What the address says of it.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let query = self.query.clone();
        let page = match query.page {
            0 | 1 => String::new(),
            page => page.to_string(),
        };
        let known = [
            ("text", query.text),
            ("state", query.state),
            ("sort", query.sort),
            ("page", page),
        ];
        let fields = known.into_iter().chain(self.besides.clone());
        fields.filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The page that shows these. Whole, since a form's answer stands at another path.
    pub fn link(&self) -> String {
        let fields = self.fields().into_iter();
        let parts: Vec<String> = fields
            .map(|(name, value)| format!("{name}={}", Url::escape(&value)))
            .collect();
        match parts.is_empty() {
            true => self.path.clone(),
            false => format!("{}?{}", self.path, parts.join("&")),
        }
    }
}

/// The form that asks.
#[component]
pub fn ListSearch(
    asked: Asked,
    /// `Search the tools`
    label: &'static str,
    /// What the words may stand in.
    placeholder: &'static str,
    #[prop(optional)] states: Choices,
    #[prop(optional)] sorts: Choices,
) -> impl IntoView {
    let ListQuery {
        text, state, sort, ..
    } = asked.query;
    view! {
        <form role="search" class="search" action=asked.path>
            <input
                class="input"
                type="search"
                name="text"
                value=text
                placeholder=placeholder
                aria-label=label
                maxlength=domain::listing::LONGEST.to_string()
                data-shortcut="/"
            />
            <Choice name="state" label="Which ones" choices=states chosen=state />
            <Choice name="sort" label="Order" choices=sorts chosen=sort />
            <Button>"Search"</Button>
        </form>
    }
    .into_any()
}

#[component]
fn Choice(
    name: &'static str,
    label: &'static str,
    choices: Choices,
    chosen: String,
) -> impl IntoView {
    if choices.is_empty() {
        return ().into_any();
    }
    let choices = choices
        .iter()
        .map(|(value, text)| {
            view! {
                <option value=*value selected=*value == chosen>
                    {*text}
                </option>
            }
        })
        .collect_view();
    view! {
        <select class="input input-small" name=name aria-label=label>
            {choices}
        </select>
    }
    .into_any()
}

/// For a form that leads back to the same rows.
#[component]
pub fn AskedFields(asked: Asked) -> impl IntoView {
    let fields = asked.fields().into_iter();
    fields
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view()
}

/// What stands in the place of the rows, where none was found.
#[component]
pub fn NothingFound(
    asked: Asked,
    /// `tool`
    what: &'static str,
) -> impl IntoView {
    let all = Asked::all(asked.path).link();
    view! {
        <p class="quiet">
            {format!("No {what} is like that. ")} <a href=all>"Show all"</a>
        </p>
    }
    .into_any()
}

/// The way to the pages before and after this one.
#[component]
pub fn Pages(asked: Asked, place: Place) -> impl IntoView {
    let Place {
        page, rows, found, ..
    } = place;
    if !place.is_long() {
        return ().into_any();
    }
    let (first, last) = ((page - 1) * rows + 1, found.min(page * rows));
    let before = (page > 1).then(|| asked.page(page - 1).link());
    let after = (last < found).then(|| asked.page(page + 1).link());
    view! { <Pagination place=format!("{first} to {last} of {found}") before after /> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_differs_from_the_whole_list() {
        let all = Asked::all("/projects/p/tools");
        assert_eq!(all.link(), "/projects/p/tools");
        assert!(!all.is_narrowed());
        let asked = Asked {
            query: ListQuery {
                text: "crm & co".to_owned(),
                state: "disabled".to_owned(),
                sort: "newest".to_owned(),
                page: 0,
            },
            ..all
        };
        assert!(asked.is_narrowed());
        assert_eq!(
            asked.page(3).and("report", "1").link(),
            "/projects/p/tools?text=crm%20%26%20co&state=disabled&sort=newest&page=3&report=1"
        );
        assert!(!asked.page(1).link().contains("page="));
    }

    #[test]
    fn a_page_leads_to_those_beside_it() {
        let pages = |page, found| {
            let place = Place {
                page,
                rows: 50,
                found,
                total: found,
            };
            view! { <Pages asked=Asked::all("/list") place /> }
                .into_any()
                .to_html()
        };
        assert!(!pages(1, 50).contains("nav"));
        let first = pages(1, 51);
        assert!(
            first.contains("1 to 50 of 51") && first.contains("/list?page=2"),
            "{first}"
        );
        assert!(!first.contains("Previous"), "{first}");
        let last = pages(2, 51);
        assert!(
            last.contains("51 to 51 of 51") && last.contains("href=\"/list\""),
            "{last}"
        );
        assert!(!last.contains("Next"), "{last}");
    }
}
