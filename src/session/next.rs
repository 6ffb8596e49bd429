//! Where to go after signing in: a place of ours, whatever the query says.

use domain::public_url::PublicUrl;
use url::Url;

/// The path of `next` if it stays on this origin, else the dashboard.
#[must_use]
pub fn checked(public_url: &PublicUrl, next: Option<&str>) -> String {
    const HOME: &str = "/projects";
    let Some(next) = next.filter(|next| next.starts_with('/') && next.is_ascii()) else {
        return HOME.to_owned();
    };
    let base = Url::parse(public_url.origin()).ok();
    match base.as_ref().and_then(|base| base.join(next).ok()) {
        Some(url) if base.is_some_and(|base| base.origin() == url.origin()) => {
            let query = url
                .query()
                .map(|query| format!("?{query}"))
                .unwrap_or_default();
            // A path may still begin with two slashes, which a browser reads as a host.
            match url.path() {
                path if path.starts_with("//") => HOME.to_owned(),
                path => format!("{path}{query}"),
            }
        }
        _ => HOME.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_never_leaves_the_origin() {
        let public: PublicUrl = "https://tools.example.com".parse().unwrap();
        assert_eq!(
            checked(&public, Some("/projects/prj_1/tools?a=b")),
            "/projects/prj_1/tools?a=b"
        );
        for hostile in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/..//evil.example",
            "\\\\evil.example",
            "",
            "/%2e%2e//evil.example",
        ] {
            let to = checked(&public, Some(hostile));
            assert!(
                to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"),
                "{hostile} → {to}"
            );
            assert!(!to.contains('\t'), "{hostile} → {to}");
        }
        assert_eq!(checked(&public, None), "/projects");
    }
}
