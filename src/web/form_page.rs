//! Which page a form is on, and where its function may lead: a place of this server, or none.

use app::ssr::PAGE;
use axum::http::{HeaderMap, HeaderValue, header, uri::PathAndQuery};
use domain::public_url::PublicUrl;

use crate::middleware::is_readable;

/// Bytes: filters make addresses long, but not so long.
const LONGEST: usize = 4096;
const HOME: &str = "/projects";

/// The page that a form is on: as the form says, else by the header that browsers send to their own origin
/// (`Referrer-Policy: same-origin`). Whatever says another thing than a page of ours is not believed.
pub fn page_of(
    fields: &[(String, String)],
    headers: &HeaderMap,
    public_url: &PublicUrl,
) -> PathAndQuery {
    let said = fields.iter().find(|(name, _)| name == PAGE);
    said.and_then(|(_, page)| page_of_ours(page))
        .or_else(|| {
            let from = headers.get(header::REFERER)?.to_str().ok()?;
            page_of_ours(from.strip_prefix(public_url.origin())?)
        })
        .unwrap_or_else(|| PathAndQuery::from_static(HOME))
}

fn page_of_ours(text: &str) -> Option<PathAndQuery> {
    path_of_ours(text).filter(|page| !page.path().starts_with("/_ui/"))
}

/// Where a function leads, if that is here.
pub fn place(to: &HeaderValue) -> Option<PathAndQuery> {
    to.to_str().ok().and_then(path_of_ours)
}

/// A browser takes `//host` for another place, `\` for a slash, and letters beyond ASCII for whatever it
/// takes a header to be written in.
fn path_of_ours(text: &str) -> Option<PathAndQuery> {
    let is_path =
        text.is_ascii() && text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    let path: PathAndQuery = text.parse().ok()?;
    (is_path && text.len() <= LONGEST && is_readable(path.path())).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(from: &str) -> String {
        let public_url: PublicUrl = "https://tools.example.com".parse().unwrap();
        let mut headers = HeaderMap::new();
        if let Ok(from) = HeaderValue::from_str(from) {
            headers.insert(header::REFERER, from);
        }
        page_of(&[], &headers, &public_url).to_string()
    }

    #[test]
    fn a_form_knows_better_than_the_browser_where_it_is() {
        let public_url: PublicUrl = "https://tools.example.com".parse().unwrap();
        let mut headers = HeaderMap::new();
        let from = HeaderValue::from_static("https://tools.example.com/docs");
        headers.insert(header::REFERER, from);
        for (said, page) in [
            ("/projects?page=2", "/projects?page=2"),
            ("/_ui/create_project?show", "/docs"),
            ("//evil.example", "/docs"),
            ("https://evil.example/", "/docs"),
            ("/a\r\nset-cookie: a=b", "/docs"),
            ("/\\evil.example", "/docs"),
            ("/\u{e9}", "/docs"),
        ] {
            let fields = [(PAGE.to_owned(), said.to_owned())];
            let found = page_of(&fields, &headers, &public_url);
            assert_eq!(found.as_str(), page, "{said}");
        }
    }

    #[test]
    fn a_form_is_on_a_page_of_ours() {
        let from = "https://tools.example.com/projects/p_1/tools?q=a%20b&page=2";
        assert_eq!(page(from), "/projects/p_1/tools?q=a%20b&page=2");
        assert_eq!(page("https://tools.example.com/docs#x"), "/docs");
    }

    #[test]
    fn what_is_no_page_of_ours_is_none() {
        let long = format!("https://tools.example.com/{}", "a".repeat(LONGEST));
        for hostile in [
            "https://evil.example/projects/p_1",
            "https://tools.example.com.evil.example/x",
            "https://tools.example.com@evil.example/x",
            "https://tools.example.com:8443/x",
            "http://tools.example.com/x",
            "https://tools.example.com//evil.example",
            "https://tools.example.com/\\evil.example",
            "https://tools.example.com/_ui/create_project",
            "https://tools.example.com/projects/%00",
            "https://tools.example.com/projects/%ff",
            "https://tools.example.com",
            "https://tools.example.com?x",
            "/projects/p_1",
            "//evil.example",
            "a\r\nset-cookie: a=b",
            "",
            &long,
        ] {
            assert_eq!(page(hostile), "/projects", "{hostile}");
        }
    }

    #[test]
    fn a_function_leads_to_places_of_ours_only() {
        let to = |text| place(&HeaderValue::from_static(text)).map(|to| to.to_string());
        assert_eq!(
            to("/sign-in?next=%2Fa"),
            Some("/sign-in?next=%2Fa".to_owned())
        );
        for hostile in [
            "//evil.example",
            "https://evil.example/",
            "/\\evil",
            "javascript:x",
            "x",
        ] {
            assert_eq!(to(hostile), None, "{hostile}");
        }
    }
}
