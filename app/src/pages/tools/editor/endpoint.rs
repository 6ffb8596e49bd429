//! Where the call goes, and with which arguments.

use leptos::prelude::*;

use crate::{
    api::tools::ToolForm,
    components::field::{AreaField, SelectField, TextField},
};

const METHODS: &[(&str, &str)] = &[
    ("GET", "GET"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("PATCH", "PATCH"),
    ("DELETE", "DELETE"),
];

#[component]
pub fn Endpoint(form: ToolForm) -> impl IntoView {
    view! {
        <section class="card stack">
            <h2>"What it calls"</h2>
            <TextField
                label="Base URL"
                field="base_url"
                name="form[base_url]"
                value=form.base_url
                placeholder="https://api.example.com"
                hint="Scheme and host only. Private addresses are refused unless the instance's owner allows them."
                is_code=true
            />
            <div class="two">
                <SelectField
                    label="Method"
                    field="http_method"
                    name="form[http_method]"
                    value=form.http_method
                    options=METHODS
                />
                <TextField
                    label="Path"
                    field="endpoint_path"
                    name="form[endpoint_path]"
                    value=form.endpoint_path
                    placeholder="/v1/contacts/{id}"
                    hint="Starts with /; an argument in braces takes its place."
                    is_code=true
                />
            </div>
            <AreaField
                label="Input schema"
                field="input_schema"
                name="form[input_schema]"
                value=form.input_schema
                rows=12
                hint="JSON Schema of the arguments, an object at the top. Arguments that no template uses become the query (GET, DELETE) or the JSON body."
                is_code=true
            />
        </section>
    }
    .into_any()
}
