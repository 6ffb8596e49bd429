//! The page of one call.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{asked::link, timings::Timings};
use crate::{
    api::calls::{
        CallFilter,
        one::{Answered, Asked, Detail, OneCall, Part, load_call},
    },
    components::{
        badge::{Badge, Tone},
        button::LinkButton,
        code_block::CodeBlock,
        copy::CopyField,
        loaded::Loaded,
        notice::Notice,
        time_ago::TimeAgo,
    },
    pages::in_path,
};

#[component]
pub fn CallPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let call = load_call(project_id.clone(), in_path("call_id"));
    view! {
        <Title text="Call" />
        <Loaded from=call show=move |call| view! { <Call project_id call /> } />
    }
    .into_any()
}

#[component]
fn Call(project_id: String, call: OneCall) -> impl IntoView {
    let row = call.row.clone();
    let tone = if row.is_ok { Tone::Good } else { Tone::Bad };
    let again = format!(
        "/projects/{project_id}/tools/{}/try?call={}",
        row.tool_id, row.id
    );
    let list = link(&project_id, &CallFilter::default());
    let detail = match call.detail.clone() {
        Some(detail) => view! { <Kept detail /> }.into_any(),
        None => {
            let lifetime = call.lifetime.clone();
            view! { <NoDetail project_id=project_id.clone() lifetime /> }.into_any()
        }
    };
    view! {
        <div class="page-head">
            <div>
                <div class="crumbs">
                    <a href=list>"Calls"</a>
                </div>
                <h1 class="mono-title">{row.tool_name.clone()}</h1>
                <p class="cluster">
                    <Badge tone>{row.outcome.clone()}</Badge>
                    {row.http_status.map(|status| view! { <Badge>{format!("HTTP {status}")}</Badge> })}
                    <span>{row.duration.clone()}</span>
                    <TimeAgo when=row.when.clone() />
                </p>
            </div>
            {call.may_repeat.then(|| view! { <LinkButton href=again>"Run it again"</LinkButton> })}
        </div>
        <div class="stack">
            {row
                .error
                .clone()
                .map(|error| {
                    let tone = if row.is_ok { Tone::Plain } else { Tone::Bad };
                    view! { <Notice tone>{error}</Notice> }
                })}
            <div class="split">
                <section class="card stack" aria-labelledby="facts">
                    <h2 id="facts">"About it"</h2>
                    <Facts project_id call=call.clone() />
                </section>
                <section class="card stack" aria-labelledby="timings">
                    <h2 id="timings">"Where the time went"</h2>
                    <Timings phases=call.phases />
                </section>
            </div>
            {detail}
        </div>
    }
    .into_any()
}

#[component]
fn Facts(project_id: String, call: OneCall) -> impl IntoView {
    let OneCall {
        row,
        integration_id,
        user_id,
        request_id,
        size,
        has_tool,
        ..
    } = call;
    let page = format!("/projects/{project_id}/tools/{}", row.tool_id);
    let version = row.tool_version.map(|version| format!("version {version}"));
    let name = row.tool_name;
    // What was deleted has no pages.
    let tool = if has_tool {
        let versions = format!("{page}/versions");
        view! {
            <a class="mono" href=page>
                {name}
            </a>
            " "
            <a class="quiet" href=versions>
                {version}
            </a>
        }
        .into_any()
    } else {
        view! { <span class="mono">{name}</span> " " {version} ", deleted" }.into_any()
    };
    let of_tool = CallFilter {
        tool: row.tool_id.clone(),
        ..CallFilter::default()
    };
    let others = link(&project_id, &of_tool);
    let integration = row.integration.map(|name| {
        let name = match integration_id {
            Some(id) => {
                let page = format!("/projects/{project_id}/integrations/{id}");
                view! { <a href=page>{name}</a> }.into_any()
            }
            None => name.into_any(),
        };
        view! {
            <dt>"Integration"</dt>
            <dd>{name}</dd>
        }
    });
    let person = row.person.zip(user_id).map(|(name, id)| {
        let theirs = CallFilter {
            person: id,
            ..CallFilter::default()
        };
        let theirs = link(&project_id, &theirs);
        view! {
            <dt>"Person"</dt>
            <dd>
                {name} " " <a class="quiet" href=theirs>"their calls"</a>
            </dd>
        }
    });
    view! {
        <dl class="pairs">
            <dt>"Tool"</dt>
            <dd>
                {tool}
                " "
                <a class="quiet" href=others>"its calls"</a>
            </dd>
            <dt>"Came by"</dt>
            <dd>{row.via}</dd>
            {integration}
            {person}
            <dt>"Began"</dt>
            <dd>{row.when.iso}</dd>
            <dt>"Answer"</dt>
            <dd>{size}</dd>
        </dl>
        <CopyField label="X-Tengine-Request-Id, as the endpoint saw it" value=request_id />
    }
    .into_any()
}

#[component]
fn Kept(detail: Detail) -> impl IntoView {
    let Detail {
        arguments,
        request,
        answer,
    } = detail;
    view! {
        <p class="quiet small">
            "What follows was kept without its secrets: "
            <code>"[redacted]"</code>
            " stands in their place."
        </p>
        {arguments.map(|part| view! { <Text title="Arguments" label="the arguments" part /> })}
        {request.map(|request| view! { <Sent request /> })}
        {answer.map(|answer| view! { <Got answer /> })}
    }
    .into_any()
}

#[component]
fn Text(title: &'static str, label: &'static str, part: Part) -> impl IntoView {
    view! {
        <section class="card stack-tight">
            <h2>{title}</h2>
            {part.of.map(|of| view! { <p class="hint">"This is " {of} "."</p> })}
            <CodeBlock label=label text=part.text hides_label=true wraps=true />
        </section>
    }
    .into_any()
}

#[component]
fn Sent(request: Asked) -> impl IntoView {
    let body = request.body.map(|size| {
        view! {
            <p class="hint">
                "With a body of " {size} ", made from the arguments."
            </p>
        }
    });
    view! {
        <section class="card stack-tight">
            <h2>"The request"</h2>
            <CodeBlock label="the request" text=request.head hides_label=true wraps=true />
            {body}
        </section>
    }
    .into_any()
}

#[component]
fn Got(answer: Answered) -> impl IntoView {
    let body = match answer.body {
        Ok(part) if part.text.is_empty() => {
            view! { <p class="quiet">"It had no body."</p> }.into_any()
        }
        Ok(part) => view! {
            {part.of.map(|of| view! { <p class="hint">"This is " {of} "."</p> })}
            <CodeBlock label="the answer" text=part.text hides_label=true wraps=true />
        }
        .into_any(),
        Err(size) => view! {
            <p class="quiet">
                {format!("Its {size} are no text, in which secrets could not be found: they are not kept.")}
            </p>
        }
        .into_any(),
    };
    view! {
        <section class="card stack-tight">
            <h2>"The answer"</h2>
            <p>{format!("HTTP {}", answer.status)}</p>
            <details class="fold">
                <summary>"Headers"</summary>
                <div class="fold-body">
                    <CodeBlock label="the answer's headers" text=answer.headers hides_label=true wraps=true />
                </div>
            </details>
            {body}
        </section>
    }
    .into_any()
}

#[component]
fn NoDetail(project_id: String, lifetime: String) -> impl IntoView {
    let settings = format!("/projects/{project_id}/settings#call-details");
    view! {
        <Notice>
            {format!(
                "What was asked and answered in this call was not kept, or is not any more: at most for {lifetime}, and as the project chose. ",
            )}
            <a href=settings>"What the project keeps"</a>
        </Notice>
    }
    .into_any()
}
