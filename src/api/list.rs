//! Lists, a page at a time.

use axum::{extract::FromRequestParts, http::request::Parts};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use utoipa::ToSchema;

use super::ApiError;

const DEFAULT_LIMIT: usize = 100;
const MOST: usize = 1_000;

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct List<T> {
    data: Vec<T>,
    /// Ask for the next page with `?cursor=…`; null at the end.
    next_cursor: Option<String>,
}

/// Which page: `?limit=` (1 to 1,000; 100 where it is left out) and `?cursor=`.
pub struct Page {
    limit: usize,
    /// The key of the last item that was seen.
    after: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let mut page = Self {
            limit: DEFAULT_LIMIT,
            after: None,
        };
        let query = parts.uri.query().unwrap_or_default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "limit" => {
                    page.limit = value
                        .parse()
                        .ok()
                        .filter(|limit| (1..=MOST).contains(limit))
                        .ok_or_else(|| invalid("limit", format!("Use 1 to {MOST}.")))?;
                }
                "cursor" => page.after = Some(opened(&value)?),
                other => {
                    let message = "There is no such parameter; there are limit and cursor.";
                    return Err(invalid(other, message.to_owned()));
                }
            }
        }
        Ok(page)
    }
}

fn invalid(field: &str, message: String) -> ApiError {
    domain::Error::invalid(field, message).into()
}

fn opened(cursor: &str) -> Result<String, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| {
            invalid(
                "cursor",
                "This is no cursor of ours; start again.".to_owned(),
            )
        })
}

impl Page {
    /// The page of a list that is in the order of `key`, whether it rises or falls.
    pub fn of<I, T: From<I>>(self, items: Vec<I>, key: impl Fn(&I) -> String) -> List<T> {
        self.map(items, key, T::from)
    }

    /// As [`Page::of`], with a way to make the items' views.
    pub fn map<I, T>(
        self,
        items: Vec<I>,
        key: impl Fn(&I) -> String,
        view: impl Fn(I) -> T,
    ) -> List<T> {
        let is_rising = match (items.first(), items.last()) {
            (Some(first), Some(last)) => key(first) <= key(last),
            _ => true,
        };
        // By comparison and not by place: the item that the cursor names may be gone.
        let is_next = |item: &I| match &self.after {
            None => true,
            Some(after) if is_rising => key(item) > *after,
            Some(after) => key(item) < *after,
        };
        let mut rest = items.into_iter().filter(is_next).peekable();
        let mut page: Vec<I> = Vec::new();
        while page.len() < self.limit
            && let Some(item) = rest.next()
        {
            page.push(item);
        }
        let next_cursor = match (rest.peek(), page.last()) {
            (Some(_), Some(last)) => Some(URL_SAFE_NO_PAD.encode(key(last))),
            _ => None,
        };
        List {
            data: page.into_iter().map(view).collect(),
            next_cursor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another_even_when_an_item_is_gone() {
        let page = |items: &[&str], after: Option<&str>| {
            let page = Page {
                limit: 2,
                after: after.map(ToOwned::to_owned),
            };
            page.of::<String, String>(
                items.iter().map(ToString::to_string).collect(),
                Clone::clone,
            )
        };
        let first = page(&["a", "b", "c"], None);
        assert_eq!(first.data, ["a", "b"]);
        let cursor = opened(&first.next_cursor.unwrap()).unwrap();
        let second = page(&["a", "c"], Some(&cursor));
        assert_eq!(
            (second.data, second.next_cursor),
            (vec!["c".to_owned()], None)
        );
        assert_eq!(page(&["c", "b", "a"], Some("b")).data, ["a"]);
    }
}
