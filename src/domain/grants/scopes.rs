//! The scopes there are (RFC 6749 §3.3).

use std::fmt;

/// Calling tools, the scope that everything needs.
const TOOLS: &str = "mcp:tools";
/// Asked for by clients that want a refresh token; every grant has one anyway.
const OFFLINE_ACCESS: &str = "offline_access";

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes {
    pub tools: bool,
    pub offline_access: bool,
}

impl Scopes {
    /// What a client gets that asks for nothing in particular.
    pub const DEFAULT: Self = Self {
        tools: true,
        offline_access: false,
    };

    /// Those of a space-separated list; unknown ones are dropped.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut scopes = Self::default();
        for scope in text.split_ascii_whitespace() {
            match scope {
                TOOLS => scopes.tools = true,
                OFFLINE_ACCESS => scopes.offline_access = true,
                _ => {}
            }
        }
        scopes
    }

    /// What a request's `scope` stands for: nothing known means the default.
    #[must_use]
    pub fn requested(scope: Option<&str>) -> Self {
        match scope.map(Self::parse) {
            None => Self::DEFAULT,
            Some(scopes) if scopes == Self::default() => Self::DEFAULT,
            Some(scopes) => Self {
                tools: true,
                ..scopes
            },
        }
    }

    /// Without what only a refresh token is for.
    #[must_use]
    pub const fn without_offline_access(self) -> Self {
        Self {
            offline_access: false,
            ..self
        }
    }

    /// Whether all of `self` is in `other`.
    #[must_use]
    pub const fn within(self, other: Self) -> bool {
        (!self.tools || other.tools) && (!self.offline_access || other.offline_access)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let both = [(self.tools, TOOLS), (self.offline_access, OFFLINE_ACCESS)];
        let held: Vec<&str> = both
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, name)| *name)
            .collect();
        f.write_str(&held.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_scopes_are_dropped_and_none_means_the_default() {
        assert_eq!(Scopes::requested(None), Scopes::DEFAULT);
        assert_eq!(Scopes::requested(Some("email")), Scopes::DEFAULT);
        let both = Scopes::requested(Some("offline_access mcp:tools email"));
        assert_eq!(both.to_string(), "mcp:tools offline_access");
        assert!(Scopes::DEFAULT.within(both) && !both.within(Scopes::DEFAULT));
    }
}
