//! The fields of forms, each with its label, its hint, and beside it what is wrong with it.

use leptos::prelude::*;

use super::form::SentForm;

/// What is asked of a new password, wherever one is typed.
pub const NEW_PASSWORD: &str = "At least 10 characters; three or four words make a good one.";

/// Label, hint and problem around a control, whose id is `id`.
#[component]
fn Labelled(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    problem: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {children()}
            {(!hint.is_empty())
                .then(|| view! { <span class="hint" id=format!("{id}-hint")>{hint}</span> })}
            {problem
                .map(|problem| {
                    view! { <span class="problem" id=format!("{id}-problem")>{problem}</span> }
                })}
        </div>
    }
    .into_any()
}

/// What the form around a field knows of it.
struct Known {
    problem: Option<String>,
    /// What was typed; `None` where the form was not sent.
    typed: Option<String>,
}

fn known(field: &str, name: &str) -> Known {
    let form = use_context::<SentForm>();
    Known {
        problem: form.as_ref().and_then(|form| form.about(field)),
        typed: form.and_then(|form| form.typed(name)),
    }
}

/// The hint, where the problem does not say the same.
pub(crate) fn beside_problem(hint: &'static str, problem: Option<&String>) -> &'static str {
    let is_said = problem.is_some_and(|problem| {
        let (said, hint) = (problem.to_lowercase(), hint.to_lowercase());
        said.contains(hint.trim_end_matches('.'))
    });
    if is_said { "" } else { hint }
}

fn described_by(id: &str, hint: &str, problem: Option<&String>) -> Option<String> {
    match (hint.is_empty(), problem.is_some()) {
        (true, false) => None,
        (true, true) => Some(format!("{id}-problem")),
        (false, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-problem {id}-hint")),
    }
}

/// A line of text.
#[component]
pub fn TextField(
    label: &'static str,
    /// The field as the problems call it; also its id.
    field: &'static str,
    /// Its id, where several forms of a page have such a field.
    #[prop(optional)]
    id: Option<&'static str>,
    /// The input's name, where it is another.
    #[prop(optional)]
    name: Option<&'static str>,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] placeholder: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] is_code: bool,
) -> impl IntoView {
    let id = id.unwrap_or(field);
    let name = name.unwrap_or(field);
    let Known { problem, typed } = known(field, name);
    let hint = beside_problem(hint, problem.as_ref());
    let invalid = problem.is_some();
    let described = described_by(id, hint, problem.as_ref());
    // A secret is typed anew rather than sent back and forth.
    let value = typed.filter(|_| kind != "password").unwrap_or(value);
    view! {
        <Labelled id label hint problem>
            <input
                id=id
                class="input"
                class:input-code=is_code
                type=kind
                name=name
                value=value
                placeholder=placeholder
                autocomplete=autocomplete
                spellcheck="false"
                aria-invalid=invalid.to_string()
                aria-describedby=described
            />
        </Labelled>
    }
    .into_any()
}

/// Several lines of text.
#[component]
pub fn AreaField(
    label: &'static str,
    field: &'static str,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] placeholder: &'static str,
    #[prop(default = 4)] rows: u32,
    #[prop(optional)] is_code: bool,
) -> impl IntoView {
    let name = name.unwrap_or(field);
    let Known { problem, typed } = known(field, name);
    let hint = beside_problem(hint, problem.as_ref());
    let invalid = problem.is_some();
    let described = described_by(field, hint, problem.as_ref());
    let value = typed.unwrap_or(value);
    view! {
        <Labelled id=field label hint problem>
            <textarea
                id=field
                class="input"
                class:input-code=is_code
                name=name
                rows=rows.to_string()
                placeholder=placeholder
                autocomplete="off"
                spellcheck=if is_code { "false" } else { "true" }
                aria-invalid=invalid.to_string()
                aria-describedby=described
            >
                {inside_textarea(&value)}
            </textarea>
        </Labelled>
    }
    .into_any()
}

/// Leptos writes the inside of a textarea without escaping it.
pub(crate) fn inside_textarea(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// One of a few.
#[component]
pub fn SelectField(
    label: &'static str,
    field: &'static str,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional, into)] value: String,
    /// Value and text of each.
    options: &'static [(&'static str, &'static str)],
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let options = options
        .iter()
        .map(|(option, text)| ((*option).to_owned(), (*text).to_owned()))
        .collect();
    view! { <PickField label field name=name.unwrap_or(field) value options hint /> }
}

/// The same, of what only the server knows.
#[component]
pub fn PickField(
    label: &'static str,
    field: &'static str,
    name: &'static str,
    value: String,
    /// Value and text of each.
    options: Vec<(String, String)>,
    /// Whether one has to be chosen: nothing is for whoever did not look.
    #[prop(optional)]
    is_to_be_chosen: bool,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let Known { problem, typed } = known(field, name);
    let hint = beside_problem(hint, problem.as_ref());
    let invalid = problem.is_some();
    let described = described_by(field, hint, problem.as_ref());
    let value = typed.unwrap_or(value);
    let unchosen = is_to_be_chosen.then(|| (String::new(), "Choose…".to_owned()));
    let options = unchosen.into_iter().chain(options);
    let options = options
        .map(|(option, text)| {
            let selected = option == value;
            view! {
                <option value=option selected=selected>
                    {text}
                </option>
            }
        })
        .collect_view();
    view! {
        <Labelled id=field label hint problem>
            <select
                id=field
                class="input"
                name=name
                required=is_to_be_chosen
                aria-invalid=invalid.to_string()
                aria-describedby=described
            >
                {options}
            </select>
        </Labelled>
    }
    .into_any()
}

/// A tick.
#[component]
pub fn CheckField(
    label: &'static str,
    field: &'static str,
    name: &'static str,
    is_checked: bool,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let is_checked = known(field, name)
        .typed
        .map_or(is_checked, |typed| !typed.is_empty());
    view! {
        <div class="check">
            <input type="checkbox" id=field name=name value="true" checked=is_checked />
            <div>
                <label for=field>{label}</label>
                {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{NEW_PASSWORD, beside_problem, inside_textarea};

    #[test]
    fn a_hint_is_not_said_twice() {
        let short = "Use at least 10 characters; three or four words make a good one.".to_owned();
        assert_eq!(beside_problem(NEW_PASSWORD, Some(&short)), "");
        let other = "This one is known to attackers.".to_owned();
        assert_eq!(beside_problem(NEW_PASSWORD, Some(&other)), NEW_PASSWORD);
        assert_eq!(beside_problem(NEW_PASSWORD, None), NEW_PASSWORD);
    }

    #[test]
    fn a_text_cannot_leave_its_textarea() {
        assert_eq!(
            inside_textarea("</textarea><script>&"),
            "&lt;/textarea&gt;&lt;script&gt;&amp;"
        );
    }
}
