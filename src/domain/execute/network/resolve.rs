//! Names to addresses.

use std::{
    fmt, io,
    net::{SocketAddr, ToSocketAddrs},
    pin::Pin,
    sync::Arc,
};

use tokio::{sync::Semaphore, task::spawn_blocking};

/// Look-ups that run at once. Each holds a thread until the system's resolver gives up, and who
/// chooses a host chooses how slow its name server is.
const MOST_AT_ONCE: usize = 64;

/// The addresses of a name, when they are known.
pub type LookUp = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Who is asked for the addresses of a host, once per connection.
pub trait Resolver: fmt::Debug + Send + Sync + 'static {
    /// Every address of `name`, each with `port`.
    ///
    /// # Errors
    /// Where the name has none, or nobody answers.
    fn look_up(&self, name: &str, port: u16) -> LookUp;
}

/// The system's resolver.
#[derive(Debug)]
pub(super) struct SystemResolver(Arc<Semaphore>);

impl Default for SystemResolver {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST_AT_ONCE)))
    }
}

impl Resolver for SystemResolver {
    fn look_up(&self, name: &str, port: u16) -> LookUp {
        let (turns, name) = (self.0.clone(), name.to_owned());
        Box::pin(async move {
            let turn = turns.acquire_owned().await.map_err(io::Error::other)?;
            let asking = spawn_blocking(move || {
                // The thread has it, and not who waits: the one may go on long after the other.
                let _turn = turn;
                Ok((name.as_str(), port).to_socket_addrs()?.collect())
            });
            asking.await.map_err(io::Error::other)?
        })
    }
}
