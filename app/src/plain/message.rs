//! A page with something to say: mostly that something went wrong, and what to do about it.

use leptos::prelude::*;

use super::document;

pub struct Message {
    pub title: String,
    pub text: String,
    /// What to do about it.
    pub mend: Option<String>,
    /// Label and value, such as the id under which the log has the cause.
    pub details: Vec<(String, String)>,
    /// Address and label.
    pub link: Option<(String, String)>,
}

/// The whole document.
#[must_use]
pub fn message(page: Message) -> String {
    let title = page.title.clone();
    document(&title, false, move || {
        let details = page
            .details
            .into_iter()
            .map(|(label, value)| {
                view! {
                    <dt>{label}</dt>
                    <dd class="mono">{value}</dd>
                }
            })
            .collect::<Vec<_>>();
        view! {
            <h1>{page.title}</h1>
            <p>{page.text}</p>
            {page
                .mend
                .map(|mend| {
                    view! {
                        <div class="notice">
                            <strong>"What to do: "</strong>
                            {mend}
                        </div>
                    }
                })}
            {(!details.is_empty()).then(|| view! { <dl class="pairs">{details}</dl> })}
            {page
                .link
                .map(|(href, label)| {
                    view! {
                        <a class="btn btn-primary" href=href>
                            {label}
                        </a>
                    }
                })}
        }
    })
}
