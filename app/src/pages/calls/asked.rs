//! Which calls a page shows: between its address and what the server is asked.

use leptos_router::location::Url;

use crate::{api::calls::CallFilter, pages};

/// What each part of it is called in the address.
const fn parts(asked: &CallFilter) -> [(&'static str, &String); 10] {
    [
        ("tool", &asked.tool),
        ("integration", &asked.integration),
        ("person", &asked.person),
        ("status", &asked.status),
        ("via", &asked.via),
        ("span", &asked.span),
        ("since", &asked.since),
        ("until", &asked.until),
        ("before", &asked.before),
        ("after", &asked.after),
    ]
}

pub fn in_query() -> CallFilter {
    let said = |name| {
        let text = pages::in_query(name).unwrap_or_default();
        text.trim().to_owned()
    };
    CallFilter {
        tool: said("tool"),
        integration: said("integration"),
        person: said("person"),
        status: said("status"),
        via: said("via"),
        span: said("span"),
        since: said("since"),
        until: said("until"),
        before: said("before"),
        after: said("after"),
    }
}

/// The same calls from the newest on.
pub fn all(asked: &CallFilter) -> CallFilter {
    CallFilter {
        before: String::new(),
        after: String::new(),
        ..asked.clone()
    }
}

/// Whether some calls are left out, wherever the page begins.
pub fn is_filtered(asked: &CallFilter) -> bool {
    all(asked) != CallFilter::default()
}

pub fn link(project_id: &str, asked: &CallFilter) -> String {
    let said: Vec<_> = parts(asked)
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", Url::escape(value)))
        .collect();
    let path = format!("/projects/{project_id}/calls");
    if said.is_empty() {
        path
    } else {
        format!("{path}?{}", said.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_is_asked_and_no_more() {
        assert_eq!(link("p", &CallFilter::default()), "/projects/p/calls");
        let asked = CallFilter {
            tool: "a&b".to_owned(),
            status: "failed".to_owned(),
            before: "call_1".to_owned(),
            ..CallFilter::default()
        };
        assert_eq!(
            link("p", &asked),
            "/projects/p/calls?tool=a%26b&status=failed&before=call%5F1"
        );
        assert!(is_filtered(&asked));
        assert!(!is_filtered(&CallFilter {
            after: "call_1".to_owned(),
            ..CallFilter::default()
        }));
    }
}
