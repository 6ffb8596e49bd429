//! Headers, query and body, in the tool's form.

use leptos::prelude::*;

use super::fold::Fold;
use crate::{api::tools::ToolForm, components::field::AreaField};

#[component]
pub fn Templates(form: ToolForm) -> impl IntoView {
    let is_open = !(form.headers_template.is_empty()
        && form.query_template.is_empty()
        && form.body_template.is_empty());
    view! {
        <Fold
            title="Headers, query and body"
            hint="where arguments go, if not by themselves"
            fields=&["headers_template", "query_template", "body_template"]
            is_open
        >
            <AreaField
                label="Headers"
                field="headers_template"
                name="form[headers_template]"
                value=form.headers_template
                rows=3
                placeholder="X-Team: {team}"
                hint="A header a line. An argument in braces takes its place."
                is_code=true
            />
            <AreaField
                label="Query parameters"
                field="query_template"
                name="form[query_template]"
                value=form.query_template
                rows=3
                placeholder="q={text}"
                hint="A parameter a line, as name=value."
                is_code=true
            />
            <AreaField
                label="Body template"
                field="body_template"
                name="form[body_template]"
                value=form.body_template
                rows=5
                placeholder="{\n  \"contact\": { \"email\": \"{email}\" }\n}"
                hint="JSON, in which a string \"{argument}\" stands for the argument, whatever its type."
                is_code=true
            />
        </Fold>
    }
    .into_any()
}
