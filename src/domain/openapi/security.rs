//! How an API wants to be called, as an `auth_strategy`.

use super::{Document, operation::Operation};
use crate::tools::{AuthConfig, AuthStrategy};

/// What an operation needs, in our terms.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Security {
    pub(super) strategy: AuthStrategy,
    pub(super) config: AuthConfig,
}

impl Security {
    /// The first of the alternatives that a tool can do.
    ///
    /// # Errors
    /// A sentence, where it can do none.
    pub(super) fn of(
        document: &Document,
        operation: &Operation<'_>,
        unsaid: AuthStrategy,
    ) -> Result<Self, String> {
        let own = operation.value.get("security");
        let required = own.or_else(|| document.root.get("security"));
        let Some(required) = required else {
            return Ok(Self {
                strategy: unsaid,
                ..Self::default()
            });
        };
        let alternatives = required.as_array().filter(|all| !all.is_empty());
        let Some(alternatives) = alternatives else {
            return Ok(Self::default());
        };
        let mut reasons = Vec::new();
        for alternative in alternatives {
            let schemes: Vec<&str> = alternative
                .as_object()
                .into_iter()
                .flat_map(|members| members.keys().map(String::as_str))
                .collect();
            if schemes.is_empty() {
                return Ok(Self::default());
            }
            let all: Result<Vec<_>, _> = schemes
                .iter()
                .map(|scheme| Self::of_scheme(document, scheme))
                .collect();
            match all {
                // Several ways to come by a token are one way to send it.
                Ok(mut all) if all.iter().all(|one| *one == all[0]) => {
                    return Ok(all.swap_remove(0));
                }
                Ok(_) => reasons.push(format!("it needs {} at once", schemes.join(" and "))),
                Err(reason) => reasons.push(reason),
            }
        }
        Err(format!(
            "Its authentication cannot be done: {}.",
            reasons.join("; ")
        ))
    }

    fn of_scheme(document: &Document, name: &str) -> Result<Self, String> {
        let scheme = &document.root["components"]["securitySchemes"][name];
        let scheme = document.resolved(scheme)?;
        let text = |field: &str| scheme[field].as_str().unwrap_or_default();
        let lower = |field: &str| text(field).to_ascii_lowercase();
        let named = || Some(text("name").to_owned());
        let mut config = AuthConfig::default();
        let strategy = match (text("type"), lower("scheme").as_str(), text("in")) {
            // A token that somebody has, whatever way it was come by.
            ("http", "bearer", _) | ("oauth2" | "openIdConnect", ..) => AuthStrategy::StaticBearer,
            ("http", "basic", _) => AuthStrategy::Basic,
            ("apiKey", _, "header") => {
                config.header = named();
                AuthStrategy::ApiKeyHeader
            }
            ("apiKey", _, "query") => {
                config.parameter = named();
                AuthStrategy::ApiKeyQuery
            }
            ("apiKey", _, "cookie") => return Err(format!("{name} is a cookie")),
            ("", ..) => return Err(format!("{name} is not described")),
            (kind, ..) => return Err(format!("{name} is of the type {kind}")),
        };
        Ok(Self { strategy, config })
    }
}
