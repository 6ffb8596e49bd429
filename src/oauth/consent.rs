//! The consent page, and POST /api/v1/mcp-oauth/authorize, which answers it.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use domain::{
    accounts::Account,
    grants::{AuthorizeRequest, ToolRule},
    ids::ToolId,
    members::{Access, Viewer},
    tools::Tool,
};
use tower_sessions::Session;
use url::Url;

use super::{
    authorize::{self, error_page},
    parameters::Parameters,
};
use crate::{
    session::{self, csrf},
    state::AppState,
    web::page_error,
};

/// Shows who asks for what, or says why this person cannot approve it.
pub async fn ask(
    state: &AppState,
    session: &Session,
    account: &Account,
    request: &AuthorizeRequest,
    parameters: &Parameters,
) -> Response {
    let access = match member(state, account, request).await {
        Ok(access) => access,
        Err(refusal) => return refusal,
    };
    let shown = async {
        let project = state.services.projects.get(&access).await?;
        let tools = state.services.tools.list(&access).await?;
        let csrf = app::ssr::csrf_of(&state.services, session)
            .await
            .map_err(|why| domain::Error::Corrupt {
                what: "session",
                why: why.to_string(),
            })?;
        Ok::<_, domain::Error>((project, tools, csrf))
    };
    let (project, tools, csrf) = match shown.await {
        Ok(shown) => shown,
        Err(error) => return page_error(&error),
    };
    let enabled = tools.into_iter().filter(|tool| tool.is_enabled);
    let (read_only, writing): (Vec<Tool>, Vec<Tool>) =
        enabled.partition(|tool| tool.annotations.read_only_hint);
    let shown = |tools: Vec<Tool>| tools.into_iter().map(consent_tool).collect();
    let integration = request.integration();
    let page = app::plain::consent(app::plain::Consent {
        csrf,
        client_name: client_name(request.redirect_uri()),
        registered: format!(
            "It uses the Client ID of the integration “{}”, made in this project.",
            integration.name
        ),
        redirect_host: redirect_host(request.redirect_uri()),
        project: project.name,
        integration: integration.name.clone(),
        user_email: account.email.clone(),
        read_only_tools: shown(read_only),
        writing_tools: shown(writing),
        request: authorize::ECHOED
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), parameters.owned(name)?)))
            .collect(),
        action: "/api/v1/mcp-oauth/authorize".to_owned(),
    });
    Html(page).into_response()
}

/// The person's decision.
pub async fn post(
    State(state): State<AppState>,
    session: Session,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(body) = body else {
        return malformed("The form cannot be read or is too large.");
    };
    let parameters = match Parameters::parse(&body, "tool") {
        Ok(parameters) => parameters,
        Err(duplicate) => return authorize::duplicate_page(&duplicate),
    };
    let request = match authorize::check(&state, &parameters).await {
        Ok(request) => request,
        Err(refusal) => return refusal,
    };
    let account = match session::signed_in(&state, &session).await {
        Ok(account) => account,
        Err(error) => return page_error(&error),
    };
    let given = parameters.get("csrf").unwrap_or_default();
    let (Some(account), true) = (account, csrf::is_of_session(&session, given).await) else {
        return error_page(
            StatusCode::FORBIDDEN,
            "This page was open for too long",
            "You were signed out in the meantime, so nothing was granted.".to_owned(),
            "Start again from your client.",
        );
    };
    match parameters.get("decision") {
        Some("approve") => {}
        Some("deny") => {
            let answer = [("error", "access_denied")];
            return authorize::to_client(&state, &request, &parameters, &answer);
        }
        _ => return malformed("The form has no decision."),
    }
    let access = match member(&state, &account, &request).await {
        Ok(access) => access,
        Err(refusal) => return refusal,
    };
    let tool_rule = match tool_rule(&state, &access, &parameters, &body).await {
        Ok(tool_rule) => tool_rule,
        Err(refusal) => return refusal,
    };
    match state
        .services
        .grants
        .approve(&request, &account.id, tool_rule)
        .await
    {
        Ok(code) => {
            let answer = [("code", code.reveal())];
            authorize::to_client(&state, &request, &parameters, &answer)
        }
        Err(error) => page_error(&error),
    }
}

async fn member(
    state: &AppState,
    account: &Account,
    request: &AuthorizeRequest,
) -> Result<Access<Viewer>, Response> {
    let project = &request.integration().project_id;
    let actor = session::actor(account);
    match state
        .services
        .members
        .access::<Viewer>(&actor, project)
        .await
    {
        Ok(access) => Ok(access),
        Err(domain::Error::NotFound(_)) => Err(error_page(
            StatusCode::FORBIDDEN,
            "You are not a member of this project",
            format!(
                "{} cannot connect the integration this client asks for.",
                account.email
            ),
            "Ask the project's owner to add you, or sign out and sign in with another account.",
        )),
        Err(error) => Err(page_error(&error)),
    }
}

/// What the form grants: only tools of this project, whatever it names.
async fn tool_rule(
    state: &AppState,
    access: &Access<Viewer>,
    parameters: &Parameters,
    body: &[u8],
) -> Result<ToolRule, Response> {
    match parameters.get("tools") {
        Some("all") => Ok(ToolRule::All),
        Some("read_only") => Ok(ToolRule::ReadOnly),
        Some("selected") => {
            let tools = state
                .services
                .tools
                .list(access)
                .await
                .map_err(|error| page_error(&error))?;
            let named: Vec<ToolId> = url::form_urlencoded::parse(body)
                .filter(|(name, _)| name == "tool")
                .map(|(_, id)| ToolId::from(id.into_owned()))
                .collect();
            let selected: Vec<ToolId> = tools
                .into_iter()
                .map(|tool| tool.id)
                .filter(|id| named.contains(id))
                .collect();
            if selected.is_empty() {
                return Err(malformed(
                    "You chose “Only the tools I select” and selected none.",
                ));
            }
            Ok(ToolRule::Selected(selected))
        }
        _ => Err(malformed("The form does not say which tools it grants.")),
    }
}

fn malformed(text: &str) -> Response {
    error_page(
        StatusCode::BAD_REQUEST,
        "Nothing was granted",
        text.to_owned(),
        "Go back and choose again.",
    )
}

fn consent_tool(tool: Tool) -> app::plain::ConsentTool {
    app::plain::ConsentTool {
        id: tool.id.to_string(),
        name: tool.name,
        title: tool.title,
        description: tool.description,
    }
}

/// Who it most likely is, by the callback that only its makers control; loopback can be anyone.
fn client_name(redirect_uri: &str) -> String {
    let url = Url::parse(redirect_uri).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let scheme = url.as_ref().map_or("", Url::scheme);
    match (scheme, host) {
        ("https", "claude.ai" | "claude.com") => "Claude",
        ("https", "chatgpt.com") => "ChatGPT",
        ("https", "vscode.dev" | "insiders.vscode.dev") => "VS Code",
        ("https", "www.cursor.com") | ("cursor", _) => "Cursor",
        ("http", _) => "A program on this computer",
        _ => "A client",
    }
    .to_owned()
}

fn redirect_host(redirect_uri: &str) -> String {
    match Url::parse(redirect_uri) {
        Ok(url) => match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => format!("{}:", url.scheme()),
        },
        Err(_) => redirect_uri.to_owned(),
    }
}
