//! Who stands in between gets neither password nor mail.

use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::execute::tests::certificate;

#[tokio::test]
async fn a_server_that_hides_its_starttls_gets_neither_password_nor_mail() {
    let server = SmtpServer::start().await;
    let port = server.address.port();
    let mailer = mailer(&format!(
        "smtp://user:hunter2@localhost:{port}?tls=required"
    ));
    mailer.send(mail("ada@example.com"));
    mailer.idle().await;
    assert!(mailer.status().last_failure.is_some());
    let said = server.commands();
    assert!(
        said.iter()
            .all(|line| line.starts_with("EHLO") || line == "QUIT"),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_neither_password_nor_mail() {
    let server = SmtpServer::start().await;
    let (config, _) = certificate::serving(&[]);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let desk = server.desk.clone();
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                desk.clone().converse(stream).await;
            }
        }
    });
    let mailer = mailer(&format!("smtps://user:hunter2@localhost:{port}"));
    mailer.send(mail("ada@example.com"));
    mailer.idle().await;
    let reason = mailer.status().last_failure.unwrap().reason;
    assert!(reason.contains("certificate"), "{reason}");
    assert!(server.commands().is_empty());
    task.abort();
}

#[tokio::test]
async fn a_password_is_said_where_the_url_has_one() {
    let server = SmtpServer::start().await;
    let port = server.address.port();
    let mailer = mailer(&format!("smtp://user:hunter2@127.0.0.1:{port}"));
    mailer.send(mail("ada@example.com"));
    server.next().await;
    // base64 of NUL user NUL hunter2 (RFC 4616).
    assert!(
        server
            .commands()
            .contains(&"AUTH PLAIN AHVzZXIAaHVudGVyMg==".to_owned())
    );
}
