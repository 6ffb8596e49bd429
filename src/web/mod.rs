//! The dashboard's pages, its assets, and how an error looks to a person.

mod assets;
mod encoding;
pub mod form;
mod form_page;
mod live;
mod palette;
mod theme;

pub use assets::assets;

use std::sync::Arc;

use app::{
    pages::pieces::IsDevelopment,
    ssr::{Answer, ApiDocument},
};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::from_fn_with_state,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::Error;
use leptos::{
    config::{Env, LeptosOptions, ReloadWSProtocol},
    nonce::use_nonce,
    prelude::{provide_context, use_context},
    server_fn::axum::server_fn_paths,
};
use leptos_axum::{
    LeptosRoutes, ResponseOptions, generate_route_list_with_exclusions_and_ssg_and_context,
};

use crate::{
    api,
    commands::CommandError,
    config::ServerConfig,
    middleware::{self, RequestId},
    state::AppState,
};

/// Where the site's files are, and for development how a page learns that they changed.
///
/// # Errors
/// Where cargo-leptos set something that cannot be used.
pub fn options(server: &ServerConfig) -> Result<LeptosOptions, CommandError> {
    let variable = |name: &str| std::env::var(name).ok();
    let is_watched = variable("LEPTOS_WATCH").is_some();
    let is_development =
        is_watched || cfg!(debug_assertions) || variable("TENGINE_DEV").is_some_and(|it| it == "1");
    let reload_port = variable("LEPTOS_RELOAD_PORT").and_then(|port| port.parse().ok());
    Ok(LeptosOptions::builder()
        .output_name("tengine")
        .site_root(variable("LEPTOS_SITE_ROOT").unwrap_or_else(|| "target/site".to_owned()))
        .site_pkg_dir("pkg")
        .site_addr(server.listen)
        .env(if is_development { Env::DEV } else { Env::PROD })
        .reload_port(reload_port.unwrap_or(3001))
        .reload_ws_protocol(ReloadWSProtocol::WS)
        .build())
}

/// Pages and server functions. The caller adds what they pass through.
pub fn routes(state: &AppState) -> Router<AppState> {
    app::site::name(assets::site_files(&state.leptos));
    // Listing the routes renders the pages once, and what they load may begin to.
    // The functions are no routes of their own: all come by the one below.
    let functions = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    let (routes, _) =
        generate_route_list_with_exclusions_and_ssg_and_context(app::App, Some(functions), {
            let state = state.clone();
            move || provide(&state)
        });
    let reload = reload_source(&state.leptos);
    let of_context = state.clone();
    let context = move || {
        provide(&of_context);
        if let Some(answer) = use_context::<Parts>().and_then(|it| it.extensions.get().cloned()) {
            provide_context::<Arc<Answer>>(answer);
        }
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::from_str(&dashboard_policy(&nonce, &reload, targets()))
        {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    };
    let shell = {
        let options = state.leptos.clone();
        move || app::shell(options.clone())
    };
    let pages = Router::new().leptos_routes_with_context(state, routes, context.clone(), shell);
    let functions = {
        let pages: Router = pages.clone().with_state(state.clone());
        let state = state.clone();
        async move |request: Request| {
            let function = async |request| {
                let answer = leptos_axum::handle_server_fns_with_context(context, request);
                answer.await.into_response()
            };
            if form::is_form(request.headers()) {
                let public_url = &state.services.core.public_url;
                form::answer(request, public_url, function, pages).await
            } else {
                function(request).await
            }
        }
    };
    Router::new()
        // A form's answer is a page at this address; whoever asks for it again is sent home.
        .route(
            "/_ui/{*function}",
            axum::routing::post(functions).get(async || Redirect::to("/projects")),
        )
        .merge(pages)
        .merge(live::routes())
        .layer(from_fn_with_state(state.clone(), middleware::function_body))
        .merge(palette::routes())
        .merge(theme::routes())
}

/// What pages and server functions work with.
fn provide(state: &AppState) {
    provide_context(state.services.clone());
    provide_context(IsDevelopment(state.leptos.env == Env::DEV));
    provide_context(ApiDocument(api::document()));
}

/// Where the page's forms may lead. Browsers hold redirects to it too (CSP Level 3 §6.4.2), and the page on
/// which providers are linked leads to theirs.
fn targets() -> &'static str {
    let page = use_context::<Parts>().map(|it| it.uri.path() == "/account/security");
    if page == Some(true) {
        "'self' https: http:"
    } else {
        "'self'"
    }
}

/// Only our own files, and the inline scripts that the server itself wrote into this answer.
fn dashboard_policy(nonce: &str, reload: &str, targets: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; connect-src 'self'{reload}; base-uri 'none'; \
         form-action {targets}; frame-ancestors 'none'"
    )
}

/// Where a page under development hears that it changed.
fn reload_source(options: &LeptosOptions) -> String {
    match options.env {
        Env::DEV => format!(
            " ws://localhost:{0} ws://127.0.0.1:{0}",
            options.reload_port
        ),
        Env::PROD => String::new(),
    }
}

pub async fn not_found() -> Response {
    let page = app::plain::message(app::plain::Message {
        title: "There is nothing here".to_owned(),
        text: "The address may be mistyped, or what it named is gone.".to_owned(),
        mend: None,
        details: Vec::new(),
        link: Some(("/projects".to_owned(), "Go to your projects".to_owned())),
    });
    // An asset's may be there in a moment, where replicas are being replaced.
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (StatusCode::NOT_FOUND, headers, Html(page)).into_response()
}

/// The HTTP status of a domain error, for every edge that speaks plain HTTP.
pub const fn status(error: &Error) -> StatusCode {
    match error {
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::ProofNeeded | Error::SecondFactorNeeded(_) => StatusCode::FORBIDDEN,
        Error::WrongCredentials => StatusCode::UNAUTHORIZED,
        Error::Throttled { .. } | Error::LimitReached { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Corrupt { .. } | Error::Database(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Tells a program when to try again (RFC 6585 §4).
pub fn with_retry_after(mut response: Response, error: &Error) -> Response {
    if let Error::Throttled {
        retry_after_seconds,
    }
    | Error::LimitReached {
        retry_after_seconds,
        ..
    } = error
    {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, (*retry_after_seconds).into());
    }
    response
}

/// A page for an error that no form can show. The cause of a 500 goes to the log, once, and the id
/// by which it is found there to the person.
pub fn page_error(error: &Error) -> Response {
    let status = status(error);
    let (title, text) = if status.is_server_error() {
        tracing::error!(%error, "request failed");
        ("Something broke on our side".to_owned(), "Nothing was changed. Try again; if it stays, tell whoever runs this server the id below.".to_owned())
    } else {
        ("This cannot be done".to_owned(), error.to_string())
    };
    let page = app::plain::message(app::plain::Message {
        title,
        text,
        mend: None,
        details: vec![("Request".to_owned(), RequestId::current())],
        link: Some(match error {
            Error::SecondFactorNeeded(_) => ("/account/security".to_owned(), "Add one".to_owned()),
            _ => ("/projects".to_owned(), "Go to your projects".to_owned()),
        }),
    });
    with_retry_after((status, Html(page)).into_response(), error)
}
