//! A mail server for tests: it speaks as much of SMTP (RFC 5321) as a client needs, keeps what it
//! is given, and refuses or waits where a test wants that.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use mail_parser::MessageParser;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::{Semaphore, mpsc, watch},
    task::AbortHandle,
};

/// A mail that arrived.
#[derive(Debug, Clone)]
pub struct Caught {
    /// Of the envelope.
    pub from: String,
    pub to: Vec<String>,
    /// As it came, with its headers.
    pub raw: String,
    pub subject: String,
    /// The part for people who read text, decoded.
    pub text: String,
    pub html: String,
}

impl Caught {
    /// The token of the link in it.
    ///
    /// # Panics
    /// Where there is none.
    #[must_use]
    pub fn token(&self) -> String {
        let (_, rest) = self.text.split_once("token=").expect("a link with a token");
        let token = rest.split_whitespace().next().unwrap_or_default();
        token.to_owned()
    }
}

/// What a conversation shares with the test.
#[derive(Clone)]
pub(super) struct Desk {
    caught: mpsc::UnboundedSender<Caught>,
    refusals: Arc<Mutex<VecDeque<String>>>,
    commands: Arc<Mutex<Vec<String>>>,
    /// Mails wait here for permission to be taken.
    gate: Arc<Semaphore>,
    /// How many wait there now.
    waiting: watch::Sender<usize>,
}

/// The server; it stops when this is dropped.
pub struct SmtpServer {
    pub address: SocketAddr,
    caught: tokio::sync::Mutex<mpsc::UnboundedReceiver<Caught>>,
    pub(super) desk: Desk,
    task: AbortHandle,
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SmtpServer {
    /// # Panics
    /// Where no port is free.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (sender, caught) = mpsc::unbounded_channel();
        let desk = Desk {
            caught: sender,
            refusals: Arc::default(),
            commands: Arc::default(),
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            waiting: watch::Sender::default(),
        };
        let at = desk.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(at.clone().converse(stream));
            }
        });
        Self {
            address,
            caught: tokio::sync::Mutex::new(caught),
            desk,
            task: task.abort_handle(),
        }
    }

    /// For `MailConfig::parse`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The next mail, once it is there.
    ///
    /// # Panics
    /// Never, while the server lives.
    pub async fn next(&self) -> Caught {
        self.caught.lock().await.recv().await.expect("it listens")
    }

    /// The next mail to an address whose text has `part`; what came before is gone then.
    pub async fn next_to(&self, to: &str, part: &str) -> Caught {
        loop {
            let caught = self.next().await;
            if caught.to == [to] && caught.text.contains(part) {
                return caught;
            }
        }
    }

    /// The next mail, if it is there.
    pub async fn ready(&self) -> Option<Caught> {
        self.caught.lock().await.try_recv().ok()
    }

    /// Answers the next recipient with this instead; `drop` ends the conversation.
    ///
    /// # Panics
    /// Where another test thread panicked.
    pub fn refuse(&self, reply: &str) {
        let mut refusals = self.desk.refusals.lock().expect("a whole list");
        refusals.push_back(reply.to_owned());
    }

    /// What clients said, without the mails.
    ///
    /// # Panics
    /// Where another test thread panicked.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        self.desk.commands.lock().expect("a whole list").clone()
    }

    /// Takes no mail until [`SmtpServer::release`].
    pub fn hold(&self) {
        self.desk.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Takes so many mails more.
    pub fn release(&self, mails: usize) {
        self.desk.gate.add_permits(mails);
    }

    /// How many mails wait for [`SmtpServer::release`].
    #[must_use]
    pub fn waiting(&self) -> watch::Receiver<usize> {
        self.desk.waiting.subscribe()
    }
}

impl Desk {
    pub(super) async fn converse(self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let mut stream = BufReader::new(stream);
        // The client went away, or said something that is no text.
        let _ = self.talk(&mut stream).await;
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut BufReader<S>,
    ) -> std::io::Result<()> {
        let mut envelope = (String::new(), Vec::new());
        reply(stream, "220 mail.example.com").await?;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let line = line.trim_end();
            self.commands
                .lock()
                .expect("a whole list")
                .push(line.to_owned());
            let (verb, rest) = line.split_once([' ', ':']).unwrap_or((line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => {
                    let able = "250-mail.example.com\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n\
                                250 AUTH PLAIN";
                    reply(stream, able).await?;
                }
                "AUTH" => reply(stream, "235 welcome").await?,
                "NOOP" | "RSET" => reply(stream, "250 done").await?,
                "MAIL" => {
                    envelope = (address(rest), Vec::new());
                    reply(stream, "250 go on").await?;
                }
                "RCPT" => {
                    let refusal = self.refusals.lock().expect("a whole list").pop_front();
                    match refusal.as_deref() {
                        Some("drop") => return Ok(()),
                        Some(refusal) => reply(stream, refusal).await?,
                        None => {
                            envelope.1.push(address(rest));
                            reply(stream, "250 go on").await?;
                        }
                    }
                }
                "DATA" => {
                    reply(stream, "354 end with a dot").await?;
                    let raw = data(stream).await?;
                    self.waiting.send_modify(|waiting| *waiting += 1);
                    let pass = self.gate.acquire().await;
                    pass.expect("it is open").forget();
                    self.waiting.send_modify(|waiting| *waiting -= 1);
                    // Nobody may be interested any more.
                    let _ = self.caught.send(parsed(&envelope, raw));
                    reply(stream, "250 taken").await?;
                }
                "QUIT" => return reply(stream, "221 bye").await,
                _ => reply(stream, "502 unknown").await?,
            }
        }
    }
}

async fn reply<S: AsyncWrite + Unpin>(stream: &mut BufReader<S>, text: &str) -> std::io::Result<()>
where
    BufReader<S>: AsyncWrite,
{
    stream.write_all(format!("{text}\r\n").as_bytes()).await?;
    stream.flush().await
}

fn address(text: &str) -> String {
    let (_, rest) = text.split_once('<').unwrap_or(("", text));
    let (address, _) = rest.split_once('>').unwrap_or((rest, ""));
    address.to_owned()
}

/// The lines up to the lone dot, those that begin with one without it (RFC 5321 §4.5.2).
async fn data<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<String> {
    let mut raw = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(raw);
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

fn parsed((from, to): &(String, Vec<String>), raw: String) -> Caught {
    let message = MessageParser::default().parse(&raw).expect("a message");
    let body = |text: Option<std::borrow::Cow<'_, str>>| text.unwrap_or_default().into_owned();
    Caught {
        from: from.clone(),
        to: to.clone(),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: body(message.body_text(0)),
        html: body(message.body_html(0)),
        raw,
    }
}
