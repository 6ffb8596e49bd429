//! The reference of the REST API, made of its OpenAPI document.

mod introduction;

use leptos::prelude::*;
use leptos_meta::Title;

use super::section::{Sections, inline};
use crate::{
    api::docs::{Answer, Field, Group, Kind, Object, Operation, Reference, load_reference},
    components::loaded::Loaded,
};

#[component]
pub fn ApiPage() -> impl IntoView {
    let reference = Resource::new(|| (), |()| load_reference());
    view! {
        <Title text="API reference" />
        <article class="prose prose-wide">
            <h1>"API reference"</h1>
            <p class="lead">
                "What the dashboard does, for programs: JSON over HTTPS, with an API key. The same as an OpenAPI document: "
                <a href="/api/v1/openapi.json" rel="external">
                    "/api/v1/openapi.json"
                </a>
            </p>
            <Sections sections=introduction::SECTIONS />
            <Loaded from=reference show=|reference| view! { <Shown reference /> } />
        </article>
    }
    .into_any()
}

#[component]
fn Shown(reference: Reference) -> impl IntoView {
    let Reference {
        origin,
        groups,
        objects,
    } = reference;
    let contents = groups.iter().map(listed).collect::<Vec<_>>();
    let groups: Vec<AnyView> = groups.into_iter().map(group).collect();
    let objects: Vec<AnyView> = objects.into_iter().map(object).collect();
    view! {
        <div class="prose">
            <p>"This instance's API is at " <code>{origin}</code> "."</p>
            <nav aria-label="Operations">{contents}</nav>
            {groups}
            <h2 id="objects">"Objects"</h2>
            <p>"What answers and bodies are made of."</p>
            {objects}
        </div>
    }
    .into_any()
}

fn listed(group: &Group) -> AnyView {
    let operations = group
        .operations
        .iter()
        .map(|one| {
            view! {
                <li>
                    <a href=format!("#{}", one.id)>
                        <code>{format!("{} {}", one.method, one.path)}</code>
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <details>
            <summary>{capital(&group.name)}</summary>
            <ul>{operations}</ul>
        </details>
    }
    .into_any()
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn group(group: Group) -> AnyView {
    let operations: Vec<AnyView> = group.operations.into_iter().map(operation).collect();
    view! {
        <section class="prose">
            <h2>{capital(&group.name)}</h2>
            {operations}
        </section>
    }
    .into_any()
}

fn operation(operation: Operation) -> AnyView {
    let answers: Vec<AnyView> = operation.answers.into_iter().map(answer).collect();
    view! {
        <section class="prose">
            <h3 id=operation.id>
                <code>{format!("{} {}", operation.method, operation.path)}</code>
            </h3>
            <p>{inline(&operation.says)}</p>
            <p class="quiet">{operation.who} "."</p>
            {table("Parameters", operation.parameters, true)}
            {table("Body", operation.body, true)}
            <div class="table-scroll">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Answer"</th>
                            <th scope="col">"What"</th>
                        </tr>
                    </thead>
                    <tbody>{answers}</tbody>
                </table>
            </div>
            <pre tabindex="0">
                <code>{operation.example}</code>
            </pre>
        </section>
    }
    .into_any()
}

fn answer(answer: Answer) -> AnyView {
    // An error has the one body that the introduction tells of.
    let is_error = answer.status.starts_with(['4', '5']);
    let kind = answer.kind.filter(|_| !is_error).map(kind);
    view! {
        <tr>
            <td class="mono">{answer.status}</td>
            <td>{inline(&answer.says)} " " {kind}</td>
        </tr>
    }
    .into_any()
}

/// What an object or a body has, or nothing where that is nothing; and for what is sent, what has to be
/// there.
fn table(title: &'static str, fields: Vec<Field>, is_sent: bool) -> Option<AnyView> {
    if fields.is_empty() {
        return None;
    }
    let rows: Vec<AnyView> = fields.into_iter().map(|one| field(one, is_sent)).collect();
    let shown = view! {
        <div class="table-scroll">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{title}</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"What"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    Some(shown.into_any())
}

fn field(field: Field, is_sent: bool) -> AnyView {
    let place = (!field.place.is_empty()).then(|| format!("in the {}", field.place));
    let required =
        (is_sent && field.is_required).then(|| view! { <span class="badge">"required"</span> });
    view! {
        <tr>
            <td>
                <span class="mono">{field.name}</span>
                " "
                {required}
            </td>
            <td>{kind(field.kind)}</td>
            <td>{inline(&field.says)} " " <span class="quiet">{place}</span></td>
        </tr>
    }
    .into_any()
}

fn kind(kind: Kind) -> AnyView {
    match kind.object {
        Some(name) => view! { <a href=format!("#object-{name}")>{kind.words}</a> }.into_any(),
        None => kind.words.into_any(),
    }
}

fn object(object: Object) -> AnyView {
    let id = format!("object-{}", object.name);
    view! {
        <section class="prose">
            <h3 id=id>{object.name}</h3>
            <p>{inline(&object.says)}</p>
            {table("Field", object.fields, false)}
        </section>
    }
    .into_any()
}
