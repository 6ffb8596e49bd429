//! A page with something to say: mostly that something went wrong, and what to do about it.

use leptos::prelude::*;

use super::document;
use crate::components::{
    button::{ButtonKind, LinkButton},
    notice::Notice,
};

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
                        <Notice>
                            <strong>"What to do: "</strong>
                            {mend}
                        </Notice>
                    }
                })}
            {(!details.is_empty()).then(|| view! { <dl class="pairs">{details}</dl> })}
            {page
                .link
                .map(|(href, label)| {
                    view! {
                        <LinkButton href=href kind=ButtonKind::Primary>
                            {label}
                        </LinkButton>
                    }
                })}
        }
    })
}
