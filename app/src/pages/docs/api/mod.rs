//! The reference of the REST API, made of its OpenAPI document.

mod introduction;

use leptos::prelude::*;

use super::{
    reader::Reader,
    section::{code_block, inline, sections, word_of},
};
use crate::{
    api::docs::{Answer, Field, Group, Kind, Object, Operation, Reference, reference},
    components::failure::Failure,
};

pub fn text(reader: &Reader) -> AnyView {
    let operations = match reference() {
        Ok(reference) => shown(reference, reader),
        Err(error) => view! { <Failure error /> }.into_any(),
    };
    view! {
        <p class="lead">
            "What the dashboard does, for programs: JSON over HTTPS, with an API key. The same as an OpenAPI document: "
            <a href="/api/v1/openapi.json" rel="external">
                "/api/v1/openapi.json"
            </a>
        </p>
        {sections(&[introduction::SECTIONS], reader)}
        {operations}
    }
    .into_any()
}

fn shown(reference: Reference, reader: &Reader) -> AnyView {
    let Reference {
        origin,
        groups,
        objects,
    } = reference;
    let contents = groups.iter().map(listed).collect::<Vec<_>>();
    let groups: Vec<AnyView> = groups.into_iter().map(|one| group(one, reader)).collect();
    let objects: Vec<AnyView> = objects.into_iter().map(object).collect();
    view! {
        <p>"This instance's API is at " <code>{origin}</code> "."</p>
        <nav aria-label="Operations">{contents}</nav>
        {groups}
        <h2 id="objects">"Objects"</h2>
        <p>"What answers and bodies are made of."</p>
        {objects}
    }
    .into_any()
}

/// An operation's command, with the reader's own ids.
fn example(example: &str, reader: &Reader) -> String {
    let in_braces = example
        .replace("/PROJECT_ID", "/{project_id}")
        .replace("/INTEGRATION_ID", "/{integration_id}");
    let filled = reader.fill(&in_braces);
    filled
        .replace("/{project_id}", "/PROJECT_ID")
        .replace("/{integration_id}", "/INTEGRATION_ID")
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

fn group(group: Group, reader: &Reader) -> AnyView {
    let operations: Vec<AnyView> = group
        .operations
        .into_iter()
        .map(|one| operation(one, reader))
        .collect();
    let id = format!("operations-{}", word_of(&group.name));
    view! {
        <section class="prose">
            <h2 id=id>{capital(&group.name)}</h2>
            {operations}
        </section>
    }
    .into_any()
}

fn operation(operation: Operation, reader: &Reader) -> AnyView {
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
            <div class="table-scroll" tabindex="0">
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
            {code_block(example(&operation.example, reader))}
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
        <div class="table-scroll" tabindex="0">
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
