//! A client that registered itself belongs to no integration: the person says which one it is for.

use std::collections::HashMap;

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use domain::{
    accounts::Account,
    grants::OpenRequest,
    integrations::{Integration, redirect_uri},
};

use super::{consent::registered_sentence, pages::error_page, parameters::Parameters};
use crate::{session, state::AppState, web::page_error};

pub async fn ask(
    state: &AppState,
    account: &Account,
    open: &OpenRequest,
    choices: &[Integration],
    parameters: &Parameters,
) -> Response {
    let client = open.client();
    let name = client.name_at(open.redirect_uri());
    if choices.is_empty() {
        return error_page(
            StatusCode::FORBIDDEN,
            "No integration takes this client",
            format!(
                "{name} registers itself, and no integration of a project that {} is a member of \
                 lets such clients in.",
                account.email
            ),
            "On the page of an integration, a project admin can let clients in that register \
             themselves. Then connect again. If your colleagues use a project that you do not see \
             in the dashboard, ask its owner to add you.",
        );
    }
    let projects = match state.services.projects.list(&session::actor(account)).await {
        Ok(projects) => projects,
        Err(error) => return page_error(&error),
    };
    let projects: HashMap<_, _> = projects
        .into_iter()
        .map(|summary| (summary.project.id, summary.project.name))
        .collect();
    let integrations = choices
        .iter()
        .map(|integration| app::plain::ChooseIntegration {
            name: integration.name.clone(),
            project: projects
                .get(&integration.project_id)
                .cloned()
                .unwrap_or_default(),
            href: format!(
                "/api/v1/mcp-oauth/authorize?{}&integration={}",
                parameters.encoded_without("integration"),
                integration.id
            ),
        })
        .collect();
    let page = app::plain::choose(app::plain::Choose {
        client_name: name,
        is_checked: client.is_vouched_for(),
        registered: registered_sentence(client, None),
        redirect_host: redirect_uri::shown_host(open.redirect_uri()),
        user_email: account.email.clone(),
        integrations,
    });
    Html(page).into_response()
}
