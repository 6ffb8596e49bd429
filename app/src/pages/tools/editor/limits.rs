//! Limits, the answer's schema and hints, in the tool's form.

use leptos::prelude::*;

use super::fold::Fold;
use crate::{
    api::tools::ToolForm,
    components::field::{AreaField, SelectField, TextField},
};

const HINTS: &[(&str, &str)] = &[
    ("auto", "Guess from the method"),
    ("yes", "Yes"),
    ("no", "No"),
];

/// Limits, the answer's schema, and the hints that clients show to people.
#[component]
pub fn Limits(form: ToolForm) -> impl IntoView {
    view! {
        <Fold
            title="Limits and hints"
            hint="timeout, largest answer, what the tool promises"
            fields=&[
                "timeout_ms",
                "max_response_bytes",
                "max_concurrency",
                "max_retries",
                "output_schema",
                "icons",
            ]
        >
            <div class="two">
                <TextField
                    label="Timeout (milliseconds)"
                    field="timeout_ms"
                    name="form[timeout_ms]"
                    value=form.timeout_ms
                    hint="Claude itself gives up after 300,000."
                />
                <TextField
                    label="Largest answer (bytes)"
                    field="max_response_bytes"
                    name="form[max_response_bytes]"
                    value=form.max_response_bytes
                />
                <TextField
                    label="Most calls at once"
                    field="max_concurrency"
                    name="form[max_concurrency]"
                    value=form.max_concurrency
                    hint="Empty: any number. The next one waits for its turn."
                />
                <TextField
                    label="Retries"
                    field="max_retries"
                    name="form[max_retries]"
                    value=form.max_retries
                    hint="0 to 5, for idempotent tools only: a call that went wrong is sent once more."
                />
            </div>
            <div class="two">
                <SelectField
                    label="Read-only"
                    field="read_only_hint"
                    name="form[read_only_hint]"
                    value=form.read_only_hint
                    options=HINTS
                    hint="It changes nothing."
                />
                <SelectField
                    label="Destructive"
                    field="destructive_hint"
                    name="form[destructive_hint]"
                    value=form.destructive_hint
                    options=HINTS
                    hint="It may overwrite or delete."
                />
                <SelectField
                    label="Idempotent"
                    field="idempotent_hint"
                    name="form[idempotent_hint]"
                    value=form.idempotent_hint
                    options=HINTS
                    hint="Calling it twice does no more than once."
                />
                <SelectField
                    label="Open world"
                    field="open_world_hint"
                    name="form[open_world_hint]"
                    value=form.open_world_hint
                    options=HINTS
                    hint="It reaches beyond a closed system."
                />
            </div>
            <AreaField
                label="Output schema"
                field="output_schema"
                name="form[output_schema]"
                value=form.output_schema
                rows=5
                hint="JSON Schema of the answer; may be left empty."
                is_code=true
            />
            <AreaField
                label="Icons"
                field="icons"
                name="form[icons]"
                value=form.icons
                rows=2
                hint="A JSON list of MCP icons, each with src: an https or data URL of an image. May be left empty."
                is_code=true
            />
        </Fold>
    }
    .into_any()
}
