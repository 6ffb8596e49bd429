//! The dashboard's pages, its assets, and how an error looks to a person.

use app::ssr::ApiDocument;
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::from_fn_with_state,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use domain::{Error, Services};
use leptos::{
    config::{Env, LeptosOptions, ReloadWSProtocol},
    nonce::use_nonce,
    prelude::{provide_context, use_context},
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
    let reload_port = variable("LEPTOS_RELOAD_PORT").and_then(|port| port.parse().ok());
    Ok(LeptosOptions::builder()
        .output_name("tengine")
        .site_root(variable("LEPTOS_SITE_ROOT").unwrap_or_else(|| "target/site".to_owned()))
        .site_pkg_dir("pkg")
        .site_addr(server.listen)
        .env(if is_watched { Env::DEV } else { Env::PROD })
        .reload_port(reload_port.unwrap_or(3001))
        .reload_ws_protocol(ReloadWSProtocol::WS)
        .build())
}

/// Pages and server functions. The caller adds what they pass through.
pub fn routes(state: &AppState) -> Router<AppState> {
    let services = state.services.clone();
    // Listing the routes renders the pages once, and what they load may begin to.
    let (routes, _) = generate_route_list_with_exclusions_and_ssg_and_context(app::App, None, {
        let services = services.clone();
        move || provide(&services)
    });
    let reload = reload_source(&state.leptos);
    let context = move || {
        provide(&services);
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::from_str(&dashboard_policy(&nonce, &reload))
        {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    };
    let functions = {
        let context = context.clone();
        move |request: Request| leptos_axum::handle_server_fns_with_context(context, request)
    };
    let shell = {
        let options = state.leptos.clone();
        move || app::shell(options.clone())
    };
    Router::new()
        .route("/_ui/{*function}", axum::routing::post(functions))
        .leptos_routes_with_context(state, routes, context, shell)
        // Of the functions as well that have routes of their own by then.
        .layer(from_fn_with_state(state.clone(), middleware::function_body))
}

/// What pages and server functions work with.
fn provide(services: &Services) {
    provide_context(services.clone());
    provide_context(ApiDocument(api::document()));
}

/// Only our own files, and the inline scripts that the server itself wrote into this answer.
fn dashboard_policy(nonce: &str, reload: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; connect-src 'self'{reload}; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
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

/// Files of the site, and a page for what does not exist.
pub fn assets() -> Router<AppState> {
    Router::new()
        .route("/pkg/{*file}", get(asset))
        .route("/favicon.svg", get(asset))
        .route("/passkeys.js", get(asset))
        .route("/recovery-codes.js", get(asset))
        .route(
            "/favicon.ico",
            get(|| async { axum::response::Redirect::permanent("/favicon.svg") }),
        )
        .fallback(not_found)
}

#[cfg(feature = "embed")]
async fn asset(request: Request) -> Response {
    #[derive(rust_embed::RustEmbed)]
    #[folder = "target/site"]
    struct Site;

    let path = request.uri().path().trim_start_matches('/');
    let Some(file) = Site::get(path) else {
        return not_found().await;
    };
    let etag: String = file.metadata.sha256_hash()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let etag = format!("\"{etag}\"");
    let known = request.headers().get(header::IF_NONE_MATCH);
    // The files' names do not change with their content, so a browser asks each time.
    let headers = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    if known.is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = [(header::CONTENT_TYPE, kind.essence_str().to_owned())];
    (headers, kind, Body::from(file.data.into_owned())).into_response()
}

#[cfg(not(feature = "embed"))]
async fn asset(
    axum::extract::State(options): axum::extract::State<LeptosOptions>,
    request: Request,
) -> Response {
    use tower::ServiceExt;

    let files = tower_http::services::ServeDir::new(options.site_root.as_ref());
    match files.oneshot(request).await {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => not_found().await,
        Ok(response) => response.map(Body::new).into_response(),
        Err(never) => match never {},
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
    (StatusCode::NOT_FOUND, Html(page)).into_response()
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
