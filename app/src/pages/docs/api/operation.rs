//! An operation of the API, and an object that one takes or answers.

use leptos::prelude::*;

use super::PATH;
use crate::{
    api::docs::{Answer, Field, Group, Kind, Object, Operation, Reference},
    components::{
        badge::Badge,
        code_block::CodeBlock,
        table::{Column, Table},
    },
    pages::docs::{reader::Reader, section::inline},
};

/// Where what is shown stands: links to objects lead from there.
#[derive(Clone, Copy)]
struct Place<'a> {
    group: &'a Group,
    reference: &'a Reference,
    reader: &'a Reader,
}

pub(super) fn operation(
    operation: &Operation,
    group: &Group,
    reference: &Reference,
    reader: &Reader,
) -> AnyView {
    let place = Place {
        group,
        reference,
        reader,
    };
    let route = format!("{} {}", operation.method, operation.path);
    view! {
        <h2 id=operation.id.clone()>
            <code>{route.clone()}</code>
        </h2>
        <p>{inline(&operation.says)}</p>
        <p class="quiet">{operation.who.clone()} "."</p>
        {fields("Parameter", &operation.parameters, true, place)}
        {fields("Body", &operation.body, true, place)}
        {answers(&operation.answers, &route, place)}
        {errors(&operation.answers, &route)}
        <CodeBlock
            label="the command"
            text=example(&operation.example, reader)
            hides_label=true
        />
    }
    .into_any()
}

pub(super) fn object(
    object: &Object,
    group: &Group,
    reference: &Reference,
    reader: &Reader,
) -> AnyView {
    let place = Place {
        group,
        reference,
        reader,
    };
    view! {
        <h3 id=format!("object-{}", object.name)>{object.name.clone()}</h3>
        <p>{inline(&object.says)}</p>
        {fields("Field", &object.fields, false, place)}
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

const ANSWERS: &[Column] = &[Column::code("Answer"), Column::text("What")];

fn is_error(answer: &&Answer) -> bool {
    answer.status.starts_with(['4', '5'])
}

fn answers(answers: &[Answer], route: &str, place: Place<'_>) -> AnyView {
    let row = |answer: &Answer| {
        let kind = answer.kind.as_ref().map(|kind| shown(kind, place));
        let what = view! { {inline(&answer.says)} " " {kind} };
        vec![answer.status.clone().into_any(), what.into_any()]
    };
    let good = answers.iter().filter(|answer| !is_error(answer));
    let rows: Vec<_> = good.map(row).collect();
    view! { <Table caption=format!("Answers to {route}") columns=ANSWERS rows /> }.into_any()
}

/// Folded: most are those of every operation, and all have the one body that the introduction tells of.
fn errors(answers: &[Answer], route: &str) -> AnyView {
    let errors: Vec<&Answer> = answers.iter().filter(is_error).collect();
    if errors.is_empty() {
        return ().into_any();
    }
    let statuses: Vec<&str> = errors.iter().map(|one| one.status.as_str()).collect();
    let summary = format!("Errors: {}", statuses.join(", "));
    let row = |answer: &&Answer| {
        vec![
            answer.status.clone().into_any(),
            inline(&answer.says).into_any(),
        ]
    };
    let rows: Vec<_> = errors.iter().map(row).collect();
    view! {
        <details>
            <summary>{summary}</summary>
            <Table caption=format!("Errors of {route}") columns=ANSWERS rows />
        </details>
    }
    .into_any()
}

/// What an object or a body has, or nothing where that is nothing; and for what is sent, what has to be
/// there.
fn fields(
    title: &'static str,
    fields: &[Field],
    is_sent: bool,
    place: Place<'_>,
) -> Option<AnyView> {
    if fields.is_empty() {
        return None;
    }
    let columns = vec![
        Column::text(title),
        Column::text("Type"),
        Column::text("What"),
    ];
    let row = |field: &Field| {
        let required =
            (is_sent && field.is_required).then(|| view! { " " <Badge>"required"</Badge> });
        let name = view! {
            <span class="mono">{field.name.clone()}</span>
            {required}
        };
        let within = match field.place.as_str() {
            "" => None,
            within => Some(view! { " " <span class="quiet">{format!("in the {within}")}</span> }),
        };
        let what = view! {
            {inline(&field.says)}
            {within}
        };
        vec![name.into_any(), shown(&field.kind, place), what.into_any()]
    };
    let rows: Vec<Vec<AnyView>> = fields.iter().map(row).collect();
    Some(view! { <Table caption=title columns rows /> }.into_any())
}

fn shown(kind: &Kind, place: Place<'_>) -> AnyView {
    let words = kind.words.clone();
    let home = kind.object.as_ref().and_then(|name| {
        let home = place.reference.home_of(name)?;
        let page = match home.word == place.group.word {
            true => String::new(),
            false => format!("{PATH}/{}{}", home.word, place.reader.asked.query()),
        };
        Some(format!("{page}#object-{name}"))
    });
    match home {
        Some(href) => view! { <a href=href>{words}</a> }.into_any(),
        None => words.into_any(),
    }
}
