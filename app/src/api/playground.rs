//! Trying a tool: the request that its arguments make, and what comes back.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{UiError, lint::ToolLint};

/// A tool to try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Playground {
    pub name: String,
    pub title: String,
    pub description: String,
    /// Base URL and path, with the method before.
    pub calls: String,
    pub arguments: Vec<Argument>,
    pub is_enabled: bool,
    /// It may change something: a call is real.
    pub may_write: bool,
    pub may_call: bool,
    /// It is filled in as it was called before: with all of it, or without what was hidden.
    pub is_again: bool,
}

/// An argument, as its schema describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    pub name: String,
    pub kind: ArgumentKind,
    pub description: String,
    pub is_required: bool,
    /// What the schema proposes, in the form that the field takes.
    pub value: String,
}

/// How an argument is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArgumentKind {
    Text,
    Number,
    YesOrNo,
    /// One of these, each as JSON.
    OneOf(Vec<String>),
    Json,
}

/// What was entered of one argument; empty: it is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    pub name: String,
    pub value: String,
}

/// What a try made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// The request with its secrets masked, or why there is none.
    pub request: Result<String, String>,
    /// The answer, where it was sent.
    pub answer: Option<Answer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub is_ok: bool,
    /// `OK`, `HTTP error`
    pub outcome: String,
    pub http_status: Option<u16>,
    /// `214 ms, of that 201 ms until the endpoint answered`
    pub time: String,
    /// `3.1 kB`
    pub size: String,
    /// What the model sees.
    pub text: String,
    /// As JSON, where the answer is an object.
    pub structured: Option<String>,
    /// `X-Tengine-Request-Id`, as the endpoint saw it.
    pub request_id: String,
}

#[server(endpoint = "load_playground")]
pub async fn load_playground(
    project_id: String,
    tool_id: String,
    call_id: Option<String>,
) -> Result<Playground, UiError> {
    use crate::ssr::{access, calls::one, playground};
    use domain::members::{Role, Viewer};
    let (services, access) = access::<Viewer>(project_id).await?;
    let tool = services.tools.get(&access, &tool_id.into()).await?;
    let again = match call_id {
        Some(call) => one::arguments(&services, &access, &tool.id, &call.into()).await?,
        None => None,
    };
    let may_call = access.role() >= Role::Developer;
    Ok(playground::shown(&tool, may_call, again.as_ref()))
}

/// Makes the request and, where it is wished, sends it as the caller and leaves a row in the log.
#[server(endpoint = "try_tool")]
pub async fn try_tool(
    project_id: String,
    tool_id: String,
    #[server(default)] arguments: Vec<Entered>,
    send: bool,
) -> Result<Tried, UiError> {
    use crate::ssr::{access, person, playground};
    use domain::members::Developer;
    let (services, access) = access::<Developer>(project_id).await?;
    let tool = services
        .tools
        .get(&access.as_viewer(), &tool_id.into())
        .await?;
    let account = person().await?.account;
    let arguments = playground::read(&tool, arguments)?;
    let caller = playground::caller(&access, &account);
    let request = services
        .execute
        .preview(&caller, &tool, arguments.clone())?;
    let request = playground::request(request);
    let answer = if send {
        let result = services
            .execute
            .call_to_its_end(&caller, &tool, arguments)
            .await?;
        Some(playground::answer(result))
    } else {
        None
    };
    Ok(Tried { request, answer })
}

/// What there is to say of a tool as its form stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The request that it would make, with arguments that stand for real ones; or why there is none.
    pub request: Result<String, String>,
    /// Once it can be judged.
    pub lint: Option<ToolLint>,
}

/// Looks at a form's tool. Nothing is saved and nothing is sent.
#[server(endpoint = "preview_tool")]
pub async fn preview_tool(
    project_id: String,
    tool_id: String,
    form: super::tools::ToolForm,
) -> Result<Preview, UiError> {
    use crate::ssr::{access, lint, person, playground, tool_form};
    use domain::{Error, ids::ToolId, members::Developer, tools::sample_arguments};
    let (services, access) = access::<Developer>(project_id).await?;
    let account = person().await?.account;
    let id = (tool_id != "new").then(|| ToolId::from(tool_id));
    let drafted = async {
        let input = tool_form::read(form)?;
        services.tools.draft(&access, id.as_ref(), input).await
    };
    let tool = match drafted.await {
        Ok(tool) => tool,
        // Beside the fields it says so when it is saved.
        Err(Error::Invalid(fields)) => {
            let sentences: Vec<_> = fields.iter().map(ToString::to_string).collect();
            return Ok(Preview {
                request: Err(sentences.join("\n")),
                lint: None,
            });
        }
        Err(other) => return Err(other.into()),
    };
    let arguments = sample_arguments::of(&tool.input_schema);
    let caller = playground::caller(&access, &account);
    let previewed = services.execute.preview_draft(&caller, &tool, &arguments)?;
    let tools = services.tools.list(&access.as_viewer()).await?;
    Ok(Preview {
        request: playground::request(previewed),
        lint: Some(lint::of_tool(&services.lints.of_tool(tool, tools).await)),
    })
}
