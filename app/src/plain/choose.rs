//! Which integration a client is for that registered itself.

use leptos::prelude::*;

use super::{consent::question, document};

/// What the page shows.
pub struct Choose {
    pub client_name: String,
    /// Somebody whom this instance trusts says that this is its name; else it says so itself.
    pub is_checked: bool,
    /// How the client came to be known, a sentence.
    pub registered: String,
    /// The host that the browser is sent back to.
    pub redirect_host: String,
    pub user_email: String,
    pub integrations: Vec<ChooseIntegration>,
}

pub struct ChooseIntegration {
    pub name: String,
    pub project: String,
    /// The same request, with this choice.
    pub href: String,
}

/// The whole document.
#[must_use]
pub fn choose(page: Choose) -> String {
    let title = format!("Connect {}", page.client_name);
    document(&title, true, move || {
        let rows = page
            .integrations
            .into_iter()
            .map(|one| {
                view! {
                    <li class="row">
                        <a class="row-main" href=one.href>
                            <span class="row-title">{one.name}</span>
                            <span class="row-sub">{one.project}</span>
                        </a>
                    </li>
                }
            })
            .collect::<Vec<_>>();
        view! {
            <h1>{question(&page.client_name, page.is_checked)}</h1>
            <p>
                "It belongs to no integration yet. Choose the one whose tools it may ask for; what it gets you decide on the next page."
            </p>
            <dl class="pairs">
                <dt>"Sends you back to"</dt>
                <dd>
                    <strong class="mono">{page.redirect_host}</strong>
                </dd>
                <dt>"Signed in as"</dt>
                <dd>{page.user_email}</dd>
                <dt>"Identified by"</dt>
                <dd>{page.registered}</dd>
            </dl>
            <ul class="rows">{rows}</ul>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_and_links_keep_the_request() {
        let html = choose(Choose {
            client_name: "<b>Roamer</b>".to_owned(),
            is_checked: false,
            registered: "It registered itself.".to_owned(),
            redirect_host: "localhost:1234".to_owned(),
            user_email: "me@example.com".to_owned(),
            integrations: vec![ChooseIntegration {
                name: "Claude".to_owned(),
                project: "CRM".to_owned(),
                href: "/authorize?a=1&integration=int_1".to_owned(),
            }],
        });
        assert!(!html.contains("<b>Roamer"));
        assert!(
            html.contains("/authorize?a=1&amp;integration=int_1"),
            "{html}"
        );
    }
}
