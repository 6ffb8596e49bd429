//! The consent page, and POST /api/v1/mcp-oauth/authorize, which answers it.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use domain::{
    accounts::Account,
    clients::{KnownClient, Registration},
    clock::Timestamp,
    events::{Cause, EventKind, NewEvent, Trail},
    grants::{AuthorizeRequest, Checked, Memory, ToolRule},
    ids::ToolId,
    integrations::{ClientKind, Integration, redirect_uri},
    members::{Access, Viewer},
    tools::{Since, Tool},
};
use tower_sessions::Session;

use super::{
    authorize::{self, Person},
    error::description,
    pages::{self, error_page},
    parameters::Parameters,
    record,
};
use crate::{
    middleware::Visitor,
    session::{self, csrf},
    state::AppState,
    web::page_error,
};

/// Shows who asks for what, or says why this person cannot approve it.
pub async fn ask(
    state: &AppState,
    person: &Person<'_>,
    request: &AuthorizeRequest,
    parameters: &Parameters,
    // When it was shown, if tools changed before it was answered.
    shown_before: Option<Timestamp>,
) -> Response {
    let account = person.account;
    let access = match member(state, person.visitor, account, request).await {
        Ok(access) => access,
        Err(refusal) => return refusal,
    };
    let shown = async {
        let project = state.services.projects.get(&access).await?;
        let tools = state.services.tools.list(&access).await?;
        let csrf = app::ssr::csrf_of(&state.services, person.session)
            .await
            .map_err(|why| domain::Error::Corrupt {
                what: "session",
                why: why.to_string(),
            })?;
        let before = state
            .services
            .grants
            .approved_before(request, &account.id)
            .await?;
        Ok::<_, domain::Error>((project, tools, csrf, before))
    };
    let (project, tools, csrf, before) = match shown.await {
        Ok(shown) => shown,
        Err(error) => return page_error(&error),
    };
    // Of two changes in one millisecond the second is dated after it.
    let shown_at = tools
        .iter()
        .map(|tool| tool.described_at)
        .fold(state.services.core.now(), Timestamp::max);
    let integration = request.integration();
    let offered = tools
        .into_iter()
        .filter(|tool| tool.is_enabled && integration.offers(&tool.id));
    let (read_only, writing): (Vec<Tool>, Vec<Tool>) =
        offered.partition(|tool| tool.annotations.read_only_hint);
    let before = shown_before.or(before);
    let shown = |tools: Vec<Tool>| {
        let tools = tools.into_iter();
        tools.map(|tool| consent_tool(tool, before)).collect()
    };
    let client = request.client();
    let host = redirect_uri::shown_host(request.redirect_uri());
    let page = app::plain::consent(app::plain::Consent {
        csrf,
        client_name: client.name_at(request.redirect_uri()),
        is_checked: client.is_vouched_for(),
        registered: registered_sentence(client, Some(integration)),
        is_local: is_local(request.redirect_uri()),
        remember: request.can_be_remembered().then(|| {
            format!(
                "Do not ask me again when it asks for the same, from the same place ({host}), while \
                 its tools stay as they are. Ending the connection forgets this."
            )
        }),
        redirect_host: host,
        project: project.name,
        integration: integration.name.clone(),
        user_email: account.email.clone(),
        changed_meanwhile: shown_before.is_some(),
        read_only_tools: shown(read_only),
        writing_tools: shown(writing),
        request: authorize::ECHOED
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), parameters.owned(name)?)))
            .chain([(SHOWN_AT.to_owned(), shown_at.0.to_string())])
            .collect(),
        action: "/api/v1/mcp-oauth/authorize".to_owned(),
    });
    let trail = by(request, account);
    let event = NewEvent::ok(EventKind::ConsentShown, trail);
    record::event(state, person.visitor, event).await;
    Html(page).into_response()
}

/// The person's decision.
pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(body) = body else {
        return malformed("The form cannot be read or is too large.");
    };
    let parameters = match Parameters::parse(&body, "tool") {
        Ok(parameters) => parameters,
        Err(duplicate) => return pages::duplicate(&duplicate),
    };
    let account = match session::signed_in(&state, &session).await {
        Ok(signed_in) => signed_in.map(|one| one.account),
        Err(error) => return page_error(&error),
    };
    // Whose form it is comes before anything that it says.
    let given = parameters.get("csrf").unwrap_or_default();
    let (Some(account), true) = (account, csrf::is_of_session(&session, given).await) else {
        return error_page(
            StatusCode::FORBIDDEN,
            "This page was open for too long",
            "You were signed out in the meantime, so nothing was granted.".to_owned(),
            "Start again from your client.",
        );
    };
    let checked = authorize::check(&state, &visitor, &parameters, Some(&account.id), false).await;
    let request = match checked {
        Ok(Checked::Ready(request)) => request,
        Ok(Checked::Choose(_) | Checked::SignInFirst) => {
            return malformed("The form does not say which integration it is about.");
        }
        Err(refusal) => return refusal,
    };
    let trail = by(&request, &account);
    match parameters.get("decision") {
        Some("approve") => {}
        Some("deny") => {
            let denied = NewEvent::refused(EventKind::Consent, trail, Cause::Denied);
            record::event(&state, &visitor, denied).await;
            if let Err(error) = state.services.grants.deny(&request, &account.id).await {
                return page_error(&error);
            }
            let text = description(Cause::Denied.sentence());
            let answer = [("error", "access_denied"), ("error_description", &text)];
            return authorize::to_client(&state, &request, &parameters, &answer);
        }
        _ => return malformed("The form has no decision."),
    }
    let access = match member(&state, &visitor, &account, &request).await {
        Ok(access) => access,
        Err(refusal) => return refusal,
    };
    match changed_meanwhile(&state, &access, &parameters, &request).await {
        Ok(None) => {}
        Ok(shown_before) => {
            let person = Person {
                visitor: &visitor,
                session: &session,
                account: &account,
            };
            return ask(&state, &person, &request, &parameters, shown_before).await;
        }
        Err(error) => return page_error(&error),
    }
    let tool_rule = match tool_rule(&state, &access, &parameters, &body, &request).await {
        Ok(tool_rule) => tool_rule,
        Err(refusal) => return refusal,
    };
    let approved = NewEvent::ok(EventKind::Consent, trail.clone());
    let event = approved.with_detail(tool_rule.as_str());
    record::event(&state, &visitor, event).await;
    let grants = &state.services.grants;
    let memory = match parameters.get("remember") {
        Some("true") => Memory::Remember,
        _ => Memory::Forget,
    };
    match grants
        .approve(&request, &account.id, tool_rule, memory)
        .await
    {
        Ok(code) => {
            let code = code.reveal();
            authorize::with_code(&state, &visitor, &request, &parameters, code, trail).await
        }
        Err(error) => page_error(&error),
    }
}

fn by(request: &AuthorizeRequest, account: &Account) -> Trail {
    Trail {
        user_id: Some(account.id.clone()),
        ..request.trail()
    }
}

async fn member(
    state: &AppState,
    visitor: &Visitor,
    account: &Account,
    request: &AuthorizeRequest,
) -> Result<Access<Viewer>, Response> {
    let project = &request.integration().project_id;
    let actor = session::actor(account);
    let members = &state.services.members;
    match members.access::<Viewer>(&actor, project).await {
        Ok(access) => Ok(access),
        Err(domain::Error::NotFound(_)) => {
            let trail = by(request, account);
            let refused = NewEvent::refused(EventKind::Consent, trail, Cause::NotMember);
            record::event(state, visitor, refused).await;
            Err(pages::not_a_member(&account.email))
        }
        Err(error @ domain::Error::SecondFactorNeeded(_)) => {
            let trail = by(request, account);
            let refused = NewEvent::refused(EventKind::Consent, trail, Cause::SecondFactorNeeded);
            record::event(state, visitor, refused).await;
            Err(page_error(&error))
        }
        Err(error) => Err(page_error(&error)),
    }
}

/// The field that says when the page was shown, milliseconds since the Unix epoch.
const SHOWN_AT: &str = "shown_at";

/// When the page was shown, if one of its tools is not as it was then: what the person read is not what
/// they would approve.
async fn changed_meanwhile(
    state: &AppState,
    access: &Access<Viewer>,
    parameters: &Parameters,
    request: &AuthorizeRequest,
) -> Result<Option<Timestamp>, domain::Error> {
    let shown_at = parameters.get(SHOWN_AT).and_then(|text| text.parse().ok());
    let Some(shown_at) = shown_at.map(Timestamp) else {
        return Ok(None);
    };
    let tools = state.services.tools.list(access).await?;
    let changed = tools.iter().any(|tool| {
        let is_offered = tool.is_enabled && request.integration().offers(&tool.id);
        is_offered && tool.since(shown_at).is_some()
    });
    Ok(changed.then_some(shown_at))
}

/// What the form grants: only tools that the integration offers, whatever it names.
async fn tool_rule(
    state: &AppState,
    access: &Access<Viewer>,
    parameters: &Parameters,
    body: &[u8],
    request: &AuthorizeRequest,
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
                .filter(|id| named.contains(id) && request.integration().offers(id))
                .collect();
            if selected.is_empty() {
                return Err(malformed(
                    "You chose “Only the tools I tick” and ticked none.",
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

fn consent_tool(tool: Tool, before: Option<Timestamp>) -> app::plain::ConsentTool {
    app::plain::ConsentTool {
        since: before
            .and_then(|at| tool.since(at))
            .map(|since| match since {
                Since::Added => "new",
                Since::Changed => "changed",
            }),
        id: tool.id.to_string(),
        name: tool.name,
        title: tool.title,
        description: tool.description,
    }
}

/// How the client came to be known, for the person who has to judge it.
pub fn registered_sentence(client: &KnownClient, integration: Option<&Integration>) -> String {
    match (client.registration, client.kind) {
        (Registration::Integration, kind) => {
            let name = integration.map_or("", |one| one.name.as_str());
            let whose = format!("The Client ID of the integration “{name}”, made in this project.");
            match kind {
                ClientKind::Secret => whose,
                ClientKind::Public => {
                    format!("{whose} It has no secret, so any program can use this ID.")
                }
            }
        }
        (Registration::Dynamic, _) => {
            "It registered itself. The name is what it calls itself; nobody has checked it."
                .to_owned()
        }
        (Registration::MetadataDocument, _) => {
            let document = &client.client_id;
            if client.is_vouched_for() {
                format!("Its makers describe it at {document}.")
            } else {
                format!("It is described at {document}. Nobody here has checked that.")
            }
        }
    }
}

/// Whether the answer goes to a program on this device, where any may listen or claim the scheme
/// (RFC 8252 §7).
fn is_local(redirect_uri: &str) -> bool {
    !redirect_uri.starts_with("https://")
}
