//! The document that was looked at, on its way to the import: what is imported is what was seen, whatever
//! is typed meanwhile.

use leptos::prelude::*;

use crate::{api::tool_sources::ImportForm, components::form::SentForm};

/// The fields of the form that looked, as it sent them.
#[derive(Debug, Clone)]
pub struct LookedAt {
    fields: Vec<(String, String)>,
    /// The operations that were ticked; `None` where nobody could yet.
    pub ticked: Option<Vec<String>>,
}

/// The name of the ticks.
pub const OPERATIONS: &str = "operations[]";

impl LookedAt {
    /// By the form that looked.
    pub fn by(sent: &SentForm) -> Self {
        let of_form = |name: &str| name.starts_with("form[") && name != "form[digest]";
        let fields = sent.all_typed().iter().filter(|(name, _)| of_form(name));
        Self {
            fields: fields.cloned().collect(),
            ticked: None,
        }
    }

    /// By the form that was to import.
    pub fn with_ticks(sent: &SentForm) -> Self {
        let ticked = sent
            .all_typed()
            .iter()
            .filter(|(name, _)| name == OPERATIONS);
        Self {
            ticked: Some(ticked.map(|(_, operation)| operation.clone()).collect()),
            ..Self::by(sent)
        }
    }

    pub fn form(&self) -> ImportForm {
        let text = |name: &str| {
            let name = format!("form[{name}]");
            let field = self.fields.iter().find(|(known, _)| *known == name);
            field.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        ImportForm {
            url: text("url"),
            document: text("document"),
            server: text("server"),
            username: text("username"),
            secret: text("secret"),
            secret_name: text("secret_name"),
            overwrite: !text("overwrite").is_empty(),
            select: text("select"),
            digest: String::new(),
        }
    }
}

/// The same fields again, in the form that imports. The secret is among them: the page is the answer to
/// whoever just sent it, and nobody can ask for it again.
#[component]
pub fn Carried(looked_at: LookedAt, digest: String) -> impl IntoView {
    let fields = looked_at
        .fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        {fields}
        <input type="hidden" name="form[digest]" value=digest />
    }
    .into_any()
}
