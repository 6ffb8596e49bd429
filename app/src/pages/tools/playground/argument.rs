//! An argument's field, by its schema.

use leptos::prelude::*;

use crate::{
    api::playground::{Argument, ArgumentKind},
    components::{field::inside_textarea, form::SentForm},
};

/// What a field is, whichever control it has.
#[derive(Clone)]
struct Field {
    id: String,
    name: String,
    value: String,
    is_required: bool,
    is_invalid: bool,
    described_by: String,
}

#[component]
pub fn ArgumentField(at: usize, argument: Argument) -> impl IntoView {
    let Argument {
        name: label,
        kind,
        description,
        is_required,
        value,
    } = argument;
    let id = format!("argument-{at}");
    let name = format!("arguments[{at}][value]");
    let form = use_context::<SentForm>();
    let typed = form.as_ref().and_then(|form| form.typed(&name));
    let problem = form.and_then(|form| form.about(&format!("arguments.{label}")));
    let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
    let field = Field {
        described_by: match problem {
            Some(_) => format!("{problem_id} {hint_id}"),
            None => hint_id.clone(),
        },
        is_invalid: problem.is_some(),
        id: id.clone(),
        name,
        value: typed.unwrap_or(value),
        is_required,
    };
    view! {
        <div class="field">
            <label for=id class="mono">
                {label.clone()}
                {(!is_required).then(|| view! { <span class="quiet">" optional"</span> })}
            </label>
            <input type="hidden" name=format!("arguments[{at}][name]") value=label />
            {control(kind, field)}
            <span class="hint" id=hint_id>
                {description}
            </span>
            {problem
                .map(|problem| {
                    view! {
                        <span class="problem" id=problem_id>
                            {problem}
                        </span>
                    }
                })}
        </div>
    }
    .into_any()
}

fn control(kind: ArgumentKind, field: Field) -> AnyView {
    match kind {
        ArgumentKind::Text => area(field, "input input-line", "1"),
        ArgumentKind::Json => area(field, "input input-code", "4"),
        ArgumentKind::Number => view! {
            <input
                id=field.id
                class="input"
                name=field.name
                inputmode="decimal"
                autocomplete="off"
                value=field.value
                required=field.is_required
                aria-invalid=field.is_invalid.to_string()
                aria-describedby=field.described_by
            />
        }
        .into_any(),
        ArgumentKind::YesOrNo => pick(field, vec!["true".to_owned(), "false".to_owned()]),
        ArgumentKind::OneOf(options) => pick(field, options),
    }
}

fn area(field: Field, class: &'static str, rows: &'static str) -> AnyView {
    view! {
        <textarea
            id=field.id
            class=class
            name=field.name
            rows=rows
            spellcheck="false"
            required=field.is_required
            aria-invalid=field.is_invalid.to_string()
            aria-describedby=field.described_by
        >
            {inside_textarea(&field.value)}
        </textarea>
    }
    .into_any()
}

fn pick(field: Field, options: Vec<String>) -> AnyView {
    let options = options
        .into_iter()
        .map(|option| {
            let selected = option == field.value;
            view! {
                <option value=option.clone() selected=selected>
                    {option.trim_matches('"').to_owned()}
                </option>
            }
        })
        .collect_view();
    view! {
        <select
            id=field.id
            class="input"
            name=field.name
            aria-invalid=field.is_invalid.to_string()
            aria-describedby=field.described_by
        >
            <option value="">"(left out)"</option>
            {options}
        </select>
    }
    .into_any()
}
