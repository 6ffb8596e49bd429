//! What runs beside the server under test: the endpoint of its tools, and the bare servers that are
//! its limit.

pub mod backend;
pub mod limit_call;
pub mod limit_list;
pub mod limit_token;

use std::{io::Read, net::SocketAddr};

use anyhow::Result;
use axum::{Router, serve::ListenerExt};
use tokio::net::TcpListener;

/// A listener whose port was printed. The process ends with its standard input.
async fn listener() -> Result<TcpListener> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    println!("{}", listener.local_addr()?.port());
    std::thread::spawn(|| {
        let _ended = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    Ok(listener)
}

/// axum and nothing around it, but an answer that goes out when it is written.
async fn serve(router: Router) -> Result<()> {
    let listener = listener().await?.tap_io(|stream| {
        let _set = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}
