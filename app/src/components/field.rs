//! The fields of forms, each with its label, its hint, and beside it what is wrong with it.

use leptos::prelude::*;

use crate::api::FieldProblem;

/// What is asked of a new password, wherever one is typed.
pub const NEW_PASSWORD: &str = "At least 10 characters; three or four words make a good one.";

/// Label, hint and problems around a control, whose id is `id`.
#[component]
fn Labelled(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    about: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {children()}
            {(!hint.is_empty())
                .then(|| view! { <span class="hint" id=format!("{id}-hint")>{hint}</span> })}
            {move || {
                about
                    .get()
                    .map(|message| {
                        view! { <span class="problem" id=format!("{id}-problem")>{message}</span> }
                    })
            }}
        </div>
    }
    .into_any()
}

/// What the problems say about one field.
pub fn about(problems: Signal<Vec<FieldProblem>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        problems.with(|problems| {
            let messages: Vec<_> = problems
                .iter()
                .filter(|problem| problem.is_about(field))
                .map(|problem| problem.message.as_str())
                .collect();
            (!messages.is_empty()).then(|| messages.join(" "))
        })
    })
}

fn described_by(
    id: &'static str,
    hint: &'static str,
    about: Signal<Option<String>>,
) -> impl Fn() -> Option<String> + Clone {
    move || match (hint.is_empty(), about.with(Option::is_some)) {
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
    #[prop(optional, into)] problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let about = about(problems, field);
    let id = id.unwrap_or(field);
    view! {
        <Labelled id label hint about>
            <input
                id=id
                class="input"
                class:input-code=is_code
                type=kind
                name=name.unwrap_or(field)
                value=value
                placeholder=placeholder
                autocomplete=autocomplete
                spellcheck="false"
                aria-invalid=move || about.with(Option::is_some).to_string()
                aria-describedby=described_by(id, hint, about)
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
    #[prop(optional, into)] problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let about = about(problems, field);
    view! {
        <Labelled id=field label hint about>
            <textarea
                id=field
                class="input"
                class:input-code=is_code
                name=name.unwrap_or(field)
                rows=rows.to_string()
                placeholder=placeholder
                autocomplete="off"
                spellcheck=if is_code { "false" } else { "true" }
                aria-invalid=move || about.with(Option::is_some).to_string()
                aria-describedby=described_by(field, hint, about)
            >
                {inside_textarea(value)}
            </textarea>
        </Labelled>
    }
    .into_any()
}

/// Leptos writes the inside of a textarea without escaping it, and hydrates nothing there: so the
/// server escapes by itself, and the browser, which sets a text node, does not.
pub(crate) fn inside_textarea(text: String) -> String {
    if cfg!(feature = "ssr") {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    } else {
        text
    }
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
    #[prop(optional, into)] problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let options = options
        .iter()
        .map(|(option, text)| ((*option).to_owned(), (*text).to_owned()))
        .collect();
    view! { <PickField label field name=name.unwrap_or(field) value options hint problems /> }
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
    #[prop(optional, into)] problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let about = about(problems, field);
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
        <Labelled id=field label hint about>
            <select
                id=field
                class="input"
                name=name
                required=is_to_be_chosen
                aria-invalid=move || about.with(Option::is_some).to_string()
                aria-describedby=described_by(field, hint, about)
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

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::inside_textarea;

    #[test]
    fn a_text_cannot_leave_its_textarea() {
        assert_eq!(
            inside_textarea("</textarea><script>&".to_owned()),
            "&lt;/textarea&gt;&lt;script&gt;&amp;"
        );
    }
}
