//! Lists, a page at a time.

use axum::{extract::FromRequestParts, http::request::Parts};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use utoipa::ToSchema;

use super::ApiError;

const DEFAULT_LIMIT: usize = 100;
/// Items of a page.
pub(super) const MOST: usize = 1_000;

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct List<T> {
    data: Vec<T>,
    /// Ask for the next page with `?cursor=…`; null at the end.
    next_cursor: Option<String>,
}

/// What a list may be narrowed to besides its page: the query parameters that its route names.
pub trait Filters: Default + Send {
    /// All that there are.
    const NAMES: &'static [&'static str];

    /// Takes the value of one of them.
    ///
    /// # Errors
    /// A sentence that says what to send.
    fn take(&mut self, name: &str, value: &str) -> Result<(), String>;
}

/// Of a list that has none.
impl Filters for () {
    const NAMES: &'static [&'static str] = &[];

    fn take(&mut self, _name: &str, _value: &str) -> Result<(), String> {
        Ok(())
    }
}

/// Which page: `?limit=` (1 to 1,000; 100 where it is left out) and `?cursor=`, and of what. A
/// parameter that the route does not name is refused, and so is one that is there twice: it would
/// else be a filter that somebody believes in.
pub struct Page<F = ()> {
    limit: usize,
    /// The key of the last item that was seen.
    after: Option<String>,
    pub filters: F,
}

/// The parameters of a route that is no list, by the same rules.
pub(super) struct Parameters<F>(pub F);

impl<S: Send + Sync, F: Filters> FromRequestParts<S> for Parameters<F> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let mut filters = F::default();
        read(query, F::NAMES, |name, value| filters.take(name, value))?;
        Ok(Self(filters))
    }
}

/// Reads a query whose parameters are `names`, each there once at most.
fn read(
    query: &str,
    names: &[&str],
    mut take: impl FnMut(&str, &str) -> Result<(), String>,
) -> Result<(), ApiError> {
    let mut seen = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if seen.contains(&name) {
            return Err(invalid(&name, "Give it once.".to_owned()));
        }
        if !names.contains(&&*name) {
            let message = format!(
                "There is no such parameter; there are {}.",
                names.join(", ")
            );
            return Err(invalid(&name, message));
        }
        take(&name, &value).map_err(|why| invalid(&name, why))?;
        seen.push(name);
    }
    Ok(())
}

impl<F: Filters> Page<F> {
    fn read(query: &str) -> Result<Self, ApiError> {
        let mut page = Self {
            limit: DEFAULT_LIMIT,
            after: None,
            filters: F::default(),
        };
        let names = [&["limit", "cursor"], F::NAMES].concat();
        read(query, &names, |name, value| {
            match name {
                "limit" => {
                    page.limit = value
                        .parse()
                        .ok()
                        .filter(|limit| (1..=MOST).contains(limit))
                        .ok_or_else(|| format!("Use 1 to {MOST}."))?;
                }
                "cursor" => page.after = Some(opened(value)?),
                other => page.filters.take(other, value)?,
            }
            Ok(())
        })?;
        Ok(page)
    }
}

impl<S: Send + Sync, F: Filters> FromRequestParts<S> for Page<F> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        Self::read(parts.uri.query().unwrap_or_default())
    }
}

fn invalid(field: &str, message: String) -> ApiError {
    domain::Error::invalid(field, message).into()
}

fn opened(cursor: &str) -> Result<String, String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| "This is no cursor of ours; start again.".to_owned())
}

impl<F> Page<F> {
    /// The key of the last item that was seen, where a list is read from there on.
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Items to read of a list that is read from there on: one more than the page holds, which tells
    /// whether there is another.
    pub fn wanted(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX - 1) + 1
    }

    /// The page of a list that was read from there on.
    pub fn of_read<I, T>(
        self,
        mut items: Vec<I>,
        key: impl Fn(&I) -> String,
        view: impl Fn(I) -> T,
    ) -> List<T> {
        let has_more = items.len() > self.limit;
        items.truncate(self.limit);
        let last = items.last().filter(|_| has_more);
        let next_cursor = last.map(|last| URL_SAFE_NO_PAD.encode(key(last)));
        List {
            data: items.into_iter().map(view).collect(),
            next_cursor,
        }
    }

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

    fn page(limit: usize, after: Option<&str>) -> Page {
        Page {
            limit,
            after: after.map(ToOwned::to_owned),
            filters: (),
        }
    }

    #[test]
    fn pages_follow_one_another_even_when_an_item_is_gone() {
        let page = |items: &[&str], after: Option<&str>| {
            page(2, after).of::<String, String>(
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

    #[test]
    fn a_list_that_is_read_from_there_on_has_another_page_where_one_more_was_read() {
        let read = |items: &[&str]| {
            let items = items.iter().map(ToString::to_string).collect();
            page(2, None).of_read::<String, String>(items, Clone::clone, |item| item)
        };
        assert_eq!(page(2, None).wanted(), 3);
        let full = read(&["c", "b", "a"]);
        assert_eq!(full.data, ["c", "b"]);
        assert_eq!(opened(&full.next_cursor.unwrap()).unwrap(), "b");
        assert_eq!(read(&["c", "b"]).next_cursor, None);
        assert_eq!(read(&[]).next_cursor, None);
    }

    #[derive(Default)]
    struct Colour(String);

    impl Filters for Colour {
        const NAMES: &'static [&'static str] = &["colour"];

        fn take(&mut self, _name: &str, value: &str) -> Result<(), String> {
            value.clone_into(&mut self.0);
            (value != "none")
                .then_some(())
                .ok_or_else(|| "Name one.".to_owned())
        }
    }

    #[test]
    fn a_parameter_that_nobody_named_or_that_is_there_twice_is_refused_by_its_name() {
        let page = Page::<Colour>::read("limit=7&colour=dark%20red")
            .ok()
            .unwrap();
        assert_eq!((page.limit, page.filters.0.as_str()), (7, "dark red"));
        for (query, field, says) in [
            ("color=red", "color", "limit, cursor, colour"),
            ("colour=none", "colour", "Name one."),
            ("colour=a&colour=b", "colour", "once"),
            ("limit=1&limit=1", "limit", "once"),
            ("limit=0", "limit", "1 to 1000"),
            ("limit=null", "limit", "1 to 1000"),
            ("cursor=%00", "cursor", "start again"),
        ] {
            let error = format!("{:?}", Page::<Colour>::read(query).err().unwrap());
            assert!(
                error.contains(&format!("{field:?}")) && error.contains(says),
                "{error}"
            );
        }
        let error = format!("{:?}", Page::<()>::read("colour=red").err().unwrap());
        assert!(error.contains("there are limit, cursor."), "{error}");
    }
}
