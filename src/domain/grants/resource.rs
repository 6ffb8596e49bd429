//! The URLs that tokens are for (RFC 8707).

use crate::{integrations::Integration, public_url::PublicUrl};

/// One of our MCP URLs in its canonical form, with the slash at the end; with and without it they
/// are one audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceUrl {
    url: String,
    slug: Option<String>,
}

impl ResourceUrl {
    /// The URL that all integrations share.
    #[must_use]
    pub fn shared(public_url: &PublicUrl) -> Self {
        Self {
            url: public_url.server_url(),
            slug: None,
        }
    }

    /// The URL of one integration.
    #[must_use]
    pub fn of_slug(public_url: &PublicUrl, slug: &str) -> Self {
        Self {
            url: public_url.integration_url(slug),
            slug: Some(slug.to_owned()),
        }
    }

    /// Ours in either slash form, or nothing.
    #[must_use]
    pub fn parse(public_url: &PublicUrl, text: &str) -> Option<Self> {
        let path = text
            .strip_prefix(public_url.origin())?
            .strip_prefix("/mcp")?;
        match path.strip_suffix('/').unwrap_or(path) {
            "" => Some(Self::shared(public_url)),
            slug => {
                let slug = slug.strip_prefix('/')?;
                let is_slug = !slug.is_empty()
                    && slug
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                is_slug.then(|| Self::of_slug(public_url, slug))
            }
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// The integration that the URL is of; `None` for the shared one.
    #[must_use]
    pub fn slug(&self) -> Option<&str> {
        self.slug.as_deref()
    }

    pub(super) fn is_for(&self, integration: &Integration) -> bool {
        self.slug
            .as_ref()
            .is_none_or(|slug| *slug == integration.slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_ours_in_either_slash_form_and_nothing_else_is() {
        let public: PublicUrl = "https://tools.example.com".parse().unwrap();
        let shared = ResourceUrl::shared(&public);
        for text in [
            "https://tools.example.com/mcp",
            "https://tools.example.com/mcp/",
        ] {
            assert_eq!(ResourceUrl::parse(&public, text), Some(shared.clone()));
        }
        assert_eq!(
            ResourceUrl::parse(&public, "https://tools.example.com/mcp/crm-1f")
                .unwrap()
                .as_str(),
            "https://tools.example.com/mcp/crm-1f/"
        );
        for text in [
            "https://tools.example.com",
            "https://tools.example.com/mcpx",
            "https://tools.example.com/mcp//",
            "https://tools.example.com/mcp/a/b",
            "https://tools.example.com/mcp?x",
            "https://tools.example.com/mcp/#x",
            "https://tools.example.com.evil.example/mcp",
            "http://tools.example.com/mcp",
            "",
        ] {
            assert_eq!(ResourceUrl::parse(&public, text), None, "{text}");
        }
    }
}
