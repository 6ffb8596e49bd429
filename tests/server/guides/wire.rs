//! Requests as they go over the wire: recorded as they come, and sent again.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A request of HTTP/1.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    pub method: String,
    /// The path with its query.
    pub target: String,
    /// In their order, names in lower case; without those that frame the message.
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Wire {
    /// A request that is there as a whole.
    fn read(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let mut first = lines.next().unwrap().split(' ');
        let mut wire = Self {
            method: first.next().unwrap().to_owned(),
            target: first.next().unwrap().to_owned(),
            headers: Vec::new(),
            body: bytes[end + 4..].to_vec(),
        };
        let mut length = 0;
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            let name = name.to_ascii_lowercase();
            match name.as_str() {
                "content-length" => length = value.parse().unwrap(),
                "transfer-encoding" => panic!("a body of a known length is sent with it"),
                "connection" | "host" => {}
                _ => wire.headers.push((name, value.into())),
            }
        }
        (wire.body.len() == length).then_some(wire)
    }

    fn written(&self, host: SocketAddr) -> Vec<u8> {
        let mut bytes = format!(
            "{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.method,
            self.target,
            self.body.len()
        )
        .into_bytes();
        for (name, value) in &self.headers {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }

    /// The one value of a header.
    pub fn header(&self, name: &str) -> Vec<u8> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        let (_, value) = values.next().unwrap_or_else(|| panic!("{name} is sent"));
        assert!(values.next().is_none(), "{name} is sent once");
        value.clone()
    }

    pub fn without(mut self, name: &str) -> Self {
        _ = self.header(name);
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// With one header more, before those that there are.
    pub fn first(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.insert(0, (name.to_owned(), value.into()));
        self
    }

    /// With one header more, after those that there are.
    pub fn and(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn with(self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.without(name).and(name, value)
    }

    /// With another text in the path or the query.
    pub fn at(mut self, from: &str, to: &str) -> Self {
        assert!(self.target.contains(from), "{} has {from}", self.target);
        self.target = self.target.replace(from, to);
        self
    }

    pub fn by(mut self, method: &str) -> Self {
        assert_ne!(self.method, method);
        method.clone_into(&mut self.method);
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        assert_ne!(self.body, body);
        self.body = body;
        self
    }

    /// Sends it; the status of the answer.
    pub async fn send(&self, to: SocketAddr) -> u16 {
        let mut stream = TcpStream::connect(to).await.unwrap();
        stream.write_all(&self.written(to)).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|text| text.parse().ok());
        status.unwrap_or_else(|| panic!("no answer to {self:?}: {answer:?}"))
    }
}

/// An endpoint that takes all, and remembers it.
pub struct Recorder {
    pub address: SocketAddr,
    recorded: Arc<Mutex<Vec<Wire>>>,
}

impl Recorder {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let recorded = Arc::<Mutex<Vec<Wire>>>::default();
        let kept = recorded.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = Vec::new();
                let wire = loop {
                    let read = stream.read_buf(&mut bytes).await.unwrap();
                    if let Some(wire) = Wire::read(&bytes) {
                        break wire;
                    }
                    assert_ne!(read, 0, "it ends in the middle");
                };
                kept.lock().unwrap().push(wire);
                let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                stream.write_all(answer).await.unwrap();
            }
        });
        Self { address, recorded }
    }

    /// The one request that came since the last time.
    pub fn take(&self) -> Wire {
        let mut recorded = self.recorded.lock().unwrap();
        assert_eq!(recorded.len(), 1);
        recorded.pop().unwrap()
    }
}
