//! Who may do what: the table that the server itself is tested against.

use leptos::prelude::*;

use super::{reader::Reader, section::word_of};
use crate::{
    api::docs::{RoleArea, RoleRow, Roles},
    components::{
        badge::Badge,
        table::{Column, Table},
    },
    ssr::roles::table,
};

pub fn text(_reader: &Reader) -> AnyView {
    view! {
        <Introduction />
        <Areas roles=table() />
    }
    .into_any()
}

#[component]
fn Introduction() -> impl IntoView {
    view! {
        <p class="lead">
            "A project has members, and each member one role: viewer, developer, admin or owner. Each role may do all that the ones before it may."
        </p>
        <ul>
            <li>
                <strong>"Viewers"</strong>
                " read, and connect their own Claude. "
                <strong>"Developers"</strong>
                " make and try tools. "
                <strong>"Admins"</strong>
                " manage integrations, secrets, keys and people up to admins. "
                <strong>"Owners"</strong>
                " manage owners, and the project itself. The last owner cannot leave."
            </li>
            <li>
                "An owner of the instance decides about accounts and how people sign in. That alone opens no project to them."
            </li>
            <li>
                "An API key has a role too and never does more than the person who made it may. A key of a project is for that project; a key of an account is for all of its person's projects and for the account itself."
            </li>
            <li>
                <Badge>"proof"</Badge>
                " marks what asks a person to show once more who they are, where their last sign-in is more than some minutes old. A key is shown with each request, and is not asked."
            </li>
        </ul>
    }
    .into_any()
}

#[component]
fn Areas(roles: Roles) -> impl IntoView {
    let Roles { people, areas } = roles;
    let shown: Vec<AnyView> = areas
        .into_iter()
        .flat_map(|area| shown(area, &people))
        .collect();
    view! { <div class="prose">{shown}</div> }.into_any()
}

fn shown(area: RoleArea, people: &[String]) -> [AnyView; 2] {
    let marks = people.iter().cloned().map(Column::mark);
    let columns: Vec<Column> = std::iter::once(Column::text("What")).chain(marks).collect();
    let rows: Vec<Vec<AnyView>> = area.rows.into_iter().map(|it| row(it, people)).collect();
    let id = word_of(&area.name);
    let caption = area.name.clone();
    [
        view! { <h2 id=id>{area.name}</h2> }.into_any(),
        view! { <Table caption columns rows /> }.into_any(),
    ]
}

fn row(row: RoleRow, people: &[String]) -> Vec<AnyView> {
    let marks = row.may.iter().zip(people).map(|(may, name)| {
        let (class, mark, says) = match may {
            true => (Some("mark-yes"), "✓", format!("{name}: yes")),
            false => (None, "–", format!("{name}: no")),
        };
        view! {
            <span aria-hidden="true" class=class>
                {mark}
            </span>
            <span class="sr-only">{says}</span>
        }
        .into_any()
    });
    let proof = row
        .needs_proof
        .then(|| view! { " " <Badge>"proof"</Badge> });
    let codes = row
        .routes
        .into_iter()
        .chain(
            row.commands
                .into_iter()
                .map(|name| format!("tengine {name}")),
        )
        .map(|text| view! { <li><code>{text}</code></li> })
        .collect::<Vec<_>>();
    let elsewhere = (!codes.is_empty()).then(|| {
        view! {
            <details>
                <summary>"REST and commands"</summary>
                <ul>{codes}</ul>
            </details>
        }
    });
    let what = view! {
        {row.does}
        {proof}
        <p class="quiet">{row.who} "."</p>
        {elsewhere}
    };
    std::iter::once(what.into_any()).chain(marks).collect()
}
