//! A tool in the list.

use leptos::prelude::*;

use super::{bulk, lint::Mends};
use crate::{
    api::tools::{SetToolEnabled, ToolRow},
    components::{
        badge::Badge,
        button::LinkButton,
        failure::FormFailure,
        form::{Form, Sending, SentForm, sent_of},
        switch::SwitchButton,
        time_ago::TimeAgo,
    },
};

#[component]
pub fn Row(project_id: String, tool: ToolRow, may_edit: bool, mends: Mends) -> impl IntoView {
    let page = format!("/projects/{project_id}/tools/{}", tool.id);
    let try_it = format!("{page}/try");
    let id = format!("tool-{}", tool.id);
    let set = sent_of::<SetToolEnabled>(tool.id.clone());
    let is_refused = set.error().is_some();
    let at = tool.at.clone().map(|(what, when)| {
        view! {
            <span class="quiet small">{what} " " <TimeAgo when /></span>
        }
    });
    let tick = may_edit.then(|| view! { <Tick tool=tool.clone() /> });
    view! {
        <li class="row" class:row-wrap=is_refused id=id>
            {tick}
            <div class="row-main">
                <div class="row-title">
                    <a class="mono" href=page>
                        {tool.name.clone()}
                    </a>
                    <span class="quiet">{tool.title.clone()}</span>
                    {tool.is_read_only.then(|| view! { <Badge>"read-only"</Badge> })}
                    {mends.shown()}
                    {at}
                </div>
                <span class="row-sub mono">
                    <span class="method">{tool.method.clone()}</span>
                    {tool.url.clone()}
                </span>
            </div>
            <LinkButton href=try_it is_small=true>
                "Try it"
            </LinkButton>
            <FormFailure of=&set />
            <Switch of=SentForm::from(&set) project_id tool may_edit />
        </li>
    }
    .into_any()
}

/// Among those that are switched together.
#[component]
fn Tick(tool: ToolRow) -> impl IntoView {
    let form = bulk::form();
    let is_ticked = form.ticked("tool_ids[]", &tool.id).unwrap_or_default();
    view! {
        <span data-ticks>
            <input
                type="checkbox"
                name="tool_ids[]"
                value=tool.id
                form=form.id()
                checked=is_ticked
                aria-label=format!("Tick {}", tool.name)
            />
        </span>
    }
    .into_any()
}

#[component]
fn Switch(of: SentForm, project_id: String, tool: ToolRow, may_edit: bool) -> impl IntoView {
    view! {
        <Form of sending=Sending::Switch>
            <input type="hidden" name="project_id" value=project_id />
            <input type="hidden" name="tool_id" value=tool.id />
            <input
                type="hidden"
                name="is_enabled"
                value=(!tool.is_enabled).to_string()
                data-wish
            />
            <SwitchButton
                label=format!("Enable {}", tool.name)
                is_on=tool.is_enabled
                is_disabled=!may_edit
            />
        </Form>
    }
    .into_any()
}
