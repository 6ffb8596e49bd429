//! Servers that say whatever they like, names that lead wherever they like, and one that nobody is to
//! reach.

use std::{
    collections::{HashMap, VecDeque},
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

use crate::execute::network::{LookUp, Resolver};

/// What a server does after its first words.
#[derive(Debug, Clone)]
pub(super) enum Then {
    Close,
    /// Until the other side hangs up.
    Hang,
    /// The same, again and again, with a pause between.
    Repeat(Vec<u8>, Duration),
}

/// A server that does the same with every connection, whatever it is asked.
#[derive(Clone)]
pub(super) struct Raw {
    pub(super) at: SocketAddr,
    /// Bytes that were taken of it.
    pub(super) written: Arc<AtomicUsize>,
    /// One for each connection that is done.
    done: Arc<Semaphore>,
    /// What it was asked, to the end of the head, or the beginning of a TLS handshake.
    pub(super) heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Raw {
    pub(super) async fn new(first: impl Into<Vec<u8>>, then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let raw = Self {
            at: listener.local_addr().unwrap(),
            written: Arc::default(),
            done: Arc::new(Semaphore::new(0)),
            heard: Arc::default(),
        };
        let (server, first) = (raw.clone(), first.into());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, first, then) = (server.clone(), first.clone(), then.clone());
                tokio::spawn(async move {
                    // It ends where the other side hangs up.
                    let _ = server.answer(stream, &first, then).await;
                    server.done.add_permits(1);
                });
            }
        });
        raw
    }

    /// Says one thing and hangs up.
    pub(super) async fn says(first: impl Into<Vec<u8>>) -> SocketAddr {
        Self::new(first, Then::Close).await.at
    }

    /// Waits until one more of its connections is done, and nothing more is taken of it.
    pub(super) async fn is_done(&self) {
        self.done.acquire().await.unwrap().forget();
    }

    async fn answer(&self, mut stream: TcpStream, first: &[u8], then: Then) -> io::Result<()> {
        let mut request = Vec::new();
        let is_tls = |request: &[u8]| request.starts_with(&[0x16]);
        while !is_tls(&request) && !request.windows(4).any(|end| end == b"\r\n\r\n") {
            if stream.read_buf(&mut request).await? == 0 {
                return Ok(());
            }
        }
        self.heard.lock().unwrap().push(request);
        stream.write_all(first).await?;
        match then {
            Then::Close => stream.shutdown().await,
            Then::Hang => {
                while stream.read_buf(&mut Vec::new()).await? > 0 {}
                Ok(())
            }
            Then::Repeat(piece, pause) => loop {
                stream.write_all(&piece).await?;
                self.written.fetch_add(piece.len(), Ordering::SeqCst);
                tokio::time::sleep(pause).await;
            },
        }
    }
}

/// A server on every address of this machine that nobody is to reach.
pub(super) struct Canary {
    pub(super) port: u16,
    visits: Arc<AtomicUsize>,
}

impl Canary {
    pub(super) async fn new() -> Self {
        let listener = match TcpListener::bind("[::]:0").await {
            Ok(listener) => listener,
            // A machine without IPv6.
            Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
        };
        let canary = Self {
            port: listener.local_addr().unwrap().port(),
            visits: Arc::default(),
        };
        let visits = canary.visits.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                visits.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nsecret").await;
            }
        });
        canary
    }

    /// How often it was reached. Goes there itself first, so that whoever came before was counted.
    pub(super) async fn visits(&self) -> usize {
        let mut seen = Vec::new();
        let mut own = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        own.read_buf(&mut seen).await.unwrap();
        self.visits.fetch_sub(1, Ordering::SeqCst) - 1
    }
}

/// Names with their addresses, look-up by look-up; the last answer stays.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    answers: Arc<Mutex<HashMap<String, VecDeque<Vec<IpAddr>>>>>,
    asked: Arc<AtomicUsize>,
}

impl Names {
    pub(super) fn lead(&self, name: &str, answers: &[&[&str]]) {
        let parsed = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().unwrap()).collect();
        let answers = answers.iter().map(parsed).collect();
        let mut known = self.answers.lock().unwrap();
        known.insert(name.to_owned(), answers);
    }

    /// Look-ups since it was asked last.
    pub(super) fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

impl Resolver for Names {
    fn look_up(&self, name: &str, port: u16) -> LookUp {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        if name == "never.example" {
            return Box::pin(std::future::pending());
        }
        let mut known = self.answers.lock().unwrap();
        let answer = known.get_mut(&name).and_then(|answers| {
            let first = answers.pop_front()?;
            if answers.is_empty() {
                answers.push_back(first.clone());
            }
            Some(first)
        });
        Box::pin(async move {
            let ips = answer.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
            Ok(ips
                .into_iter()
                .map(|ip| SocketAddr::new(ip, port))
                .collect())
        })
    }
}
