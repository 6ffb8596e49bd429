//! Light or dark, where the reader chose; else as their system has it.

use axum::http::{HeaderMap, request::Parts};
use axum_extra::extract::cookie::CookieJar;
use leptos::prelude::*;

/// The cookie that keeps the choice, and the field of the form that makes it.
pub const NAME: &str = "theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

tokio::task_local! {
    static OF_TASK: Option<Theme>;
}

impl Theme {
    /// `None` for everything else, which is the system's.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What a browser that asks for a page has chosen.
    #[must_use]
    pub fn chosen(headers: &HeaderMap) -> Option<Self> {
        Self::in_jar(&CookieJar::from_headers(headers))
    }

    fn in_jar(jar: &CookieJar) -> Option<Self> {
        Self::named(jar.get(NAME)?.value())
    }

    /// Does the work with this as the choice for the pages that it makes outside of Leptos.
    pub fn during<T>(
        chosen: Option<Self>,
        work: impl Future<Output = T>,
    ) -> impl Future<Output = T> {
        OF_TASK.scope(chosen, work)
    }

    /// For the page that is being made.
    pub(crate) fn of_page() -> Option<Self> {
        match use_context::<Parts>() {
            Some(request) => Self::chosen(&request.headers),
            None => OF_TASK.try_with(|chosen| *chosen).ok().flatten(),
        }
    }
}

/// What `<meta name="color-scheme">` says: of what colour a page is before its style is there.
pub(crate) const fn schemes(chosen: Option<Theme>) -> &'static str {
    match chosen {
        Some(theme) => theme.name(),
        None => "light dark",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_one_of_two_words_in_its_own_cookie() {
        let chosen = |cookies: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(axum::http::header::COOKIE, cookies.parse().unwrap());
            Theme::chosen(&headers)
        };
        assert_eq!(chosen("theme=dark"), Some(Theme::Dark));
        assert_eq!(chosen("session=a; theme=light"), Some(Theme::Light));
        assert_eq!(chosen("theme=\"><script>"), None);
        assert_eq!(chosen("not-theme=dark"), None);
        assert_eq!(Theme::chosen(&HeaderMap::new()), None);
    }
}
