//! `tengine serve`

use std::{net::SocketAddr, sync::Arc, time::Duration};

use domain::{
    accounts::SignUpState,
    clock::{SystemClock, SystemRandom},
};
use tokio::net::TcpListener;

use super::{CommandError, load, open, services};
use crate::{
    config::Flags,
    listen, router, samples, session,
    state::{AppState, TrustedProxies},
    web,
};

/// How often what has ended is looked for.
const CLEANING: Duration = Duration::from_secs(60);

/// Serves until it is told to stop, and then lets the requests in flight end.
///
/// # Errors
/// Where the configuration, the database or an address cannot be used.
pub async fn run(flags: Flags) -> Result<(), CommandError> {
    let config = load(flags)?;
    let db = open(&config).await?;
    let listener = bind(config.server.listen).await?;
    // The sample tools' endpoints: a listener that serves them and nothing else, which only the
    // executor finds.
    let samples_listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let address = local_address(&listener)?;
    let samples_address = local_address(&samples_listener)?;
    let services = services(
        &config,
        db,
        vec![address, samples_address],
        Some(samples_address),
    )?;

    let trusted = TrustedProxies(Arc::new(config.server.trusted_proxies.clone()));
    let state = AppState::new(
        services.clone(),
        web::options(&config.server)?,
        trusted.clone(),
        config.mcp.compat,
    );
    let cleaning = tokio::spawn(clean_up(services.clone()));
    let following = tokio::spawn({
        let services = services.clone();
        async move { services.follow_changes().await }
    });
    let app = router::router(state.clone());

    let samples_app = samples::router(Arc::new(SystemClock), Arc::new(SystemRandom));
    let samples_server =
        tokio::spawn(async move { axum::serve(samples_listener, samples_app).await });
    announce(&services, address).await?;
    let stop = async {
        told_to_stop().await;
        state.mcp.stop(&services);
    };
    listen::serve(listener, app, trusted, stop).await;
    state.mcp.end_calls(&services).await;
    samples_server.abort();
    cleaning.abort();
    following.abort();
    Ok(())
}

/// Deletes now and then what has ended. A failure waits for the next time.
async fn clean_up(services: domain::Services) {
    let mut each = tokio::time::interval(CLEANING);
    each.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        each.tick().await;
        if let Err(error) = services.expire().await {
            tracing::warn!(%error, "cleaning up failed");
        }
        if let Err(error) = session::expire(&services.core).await {
            tracing::warn!(%error, "cleaning up sessions failed");
        }
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, CommandError> {
    TcpListener::bind(address).await.map_err(|why| {
        CommandError::Usage(format!(
            "TENGINE_LISTEN: cannot listen on {address}: {why}. Stop what listens there, or choose \
             another address."
        ))
    })
}

fn local_address(listener: &TcpListener) -> Result<SocketAddr, CommandError> {
    listener
        .local_addr()
        .map_err(|why| CommandError::Failed(why.to_string()))
}

async fn announce(services: &domain::Services, address: SocketAddr) -> Result<(), CommandError> {
    let public_url = &services.core.public_url;
    println!(
        "TengineAI {} listens on {address}.",
        env!("CARGO_PKG_VERSION")
    );
    println!("Dashboard:  {public_url}");
    println!("Server URL: {}", public_url.server_url());
    if let SignUpState::Unclaimed { setup_code } = services.accounts.sign_up_state().await? {
        println!("Nobody owns this instance yet: the first account does. {public_url}/sign-up");
        if setup_code {
            println!("Set-up code: {}", services.core.sealer.setup_code());
        }
    }
    Ok(())
}

async fn told_to_stop() {
    let interrupt = async {
        let _interrupted = tokio::signal::ctrl_c().await;
    };
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping");
}
