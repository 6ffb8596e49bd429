//! Mail against a real server on loopback.

mod hostile;
mod private;

use std::{net::IpAddr, sync::Arc, time::Duration};

use super::{
    AT_ONCE, Invitation, MOST_SHARED, MOST_WAITING, Mail, MailConfig, Mailer, Notice, notice,
    post::Post, testing::SmtpServer,
};
use crate::{
    clock::{ManualClock, SystemRandom, Timestamp},
    public_url::PublicUrl,
};

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn instance() -> PublicUrl {
    "https://tools.example.com".parse().unwrap()
}

/// One that tries again at once.
fn mailer(url: &str) -> Mailer {
    let config = MailConfig::parse(url, "TengineAI <tengine@example.com>").unwrap();
    let clock = Arc::new(ManualClock::at(NOW));
    let post = Post::new(&config, clock, Arc::new(SystemRandom), [Duration::ZERO; 2]).unwrap();
    Mailer(Some(Arc::new(post)))
}

fn mail(to: &str) -> Mail {
    notice(to, &instance(), HERE, &Notice::PasswordChanged)
}

#[tokio::test]
async fn a_mail_arrives_as_text_and_as_html_and_the_status_tells() {
    let server = SmtpServer::start().await;
    let mailer = mailer(&server.url());
    assert_eq!(mailer.status().last_success_at, None);
    mailer.send(mail("ada@example.com"));
    let caught = server.next().await;
    assert_eq!(caught.from, "tengine@example.com");
    assert_eq!(caught.to, ["ada@example.com"]);
    assert_eq!(caught.subject, "Your TengineAI password was changed");
    assert!(
        caught.text.contains("https://tools.example.com"),
        "{}",
        caught.text
    );
    assert!(caught.html.contains("<p>If it was you,"), "{}", caught.html);
    for header in [
        "From: TengineAI <tengine@example.com>\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Date: Mon, 21 Sep 2026",
        "Message-ID: <",
    ] {
        assert!(caught.raw.contains(header), "{header} in {}", caught.raw);
    }
    mailer.idle().await;
    let status = mailer.status();
    assert_eq!(status.server, Some(server.address.to_string()));
    assert_eq!((status.last_success_at, status.waiting), (Some(NOW), 0));
    assert_eq!(status.last_failure, None);
}

#[tokio::test]
async fn what_passes_is_tried_three_times_and_what_does_not_once() {
    let server = SmtpServer::start().await;
    let mailer = mailer(&server.url());
    server.refuse("451 try later");
    server.refuse("drop");
    mailer.send(mail("ada@example.com"));
    assert_eq!(server.next().await.to, ["ada@example.com"]);
    mailer.idle().await;
    assert_eq!(mailer.status().last_failure, None);

    for _ in 0..3 {
        server.refuse("451 try later");
    }
    mailer.send(mail("ada@example.com"));
    mailer.idle().await;
    let failure = mailer.status().last_failure.unwrap();
    assert!(failure.reason.contains("451"), "{}", failure.reason);
    assert_eq!(failure.at, NOW);

    server.refuse("550 5.1.1 <ada@example.com>: no mailbox ada");
    mailer.send(mail("ada@example.com"));
    mailer.idle().await;
    let reason = mailer.status().last_failure.unwrap().reason;
    assert!(reason.contains("550"), "{reason}");
    assert!(!reason.to_lowercase().contains("ada"), "{reason}");
    let tries = server
        .commands()
        .iter()
        .filter(|line| line.starts_with("RCPT"))
        .count();
    assert_eq!(tries, 3 + 3 + 1);
    assert!(server.ready().await.is_none());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failure_and_no_panic() {
    let gone = SmtpServer::start().await.url();
    let mailer = mailer(&gone);
    mailer.send(mail("ada@example.com"));
    mailer.idle().await;
    assert!(mailer.status().last_failure.is_some());
}

#[tokio::test]
async fn few_are_under_way_at_once_and_a_full_queue_takes_no_more() {
    let server = SmtpServer::start().await;
    server.hold();
    let mailer = mailer(&server.url());
    for _ in 0..MOST_WAITING {
        mailer.later(async { Some(mail("ada@example.com")) });
    }
    assert_eq!(mailer.status().waiting, MOST_WAITING);
    assert_eq!(mailer.status().last_failure, None);
    assert!(mailer.is_crowded());
    mailer.later(async { Some(mail("bob@example.com")) });
    let failure = mailer.status().last_failure.unwrap();
    assert!(
        failure.reason.contains("1000 mails wait"),
        "{}",
        failure.reason
    );

    let mut waiting = server.waiting();
    let mut most = 0;
    for _ in 0..20 {
        most = most.max(
            *waiting
                .wait_for(|waiting| *waiting >= AT_ONCE)
                .await
                .unwrap(),
        );
        server.release(1);
        assert_eq!(server.next().await.to, ["ada@example.com"]);
    }
    assert_eq!(most, AT_ONCE);
}

#[tokio::test]
async fn no_flood_of_invitations_keeps_the_links_back_that_people_are_locked_out_without() {
    let server = SmtpServer::start().await;
    server.hold();
    let mailer = mailer(&server.url());
    for _ in 0..MOST_SHARED {
        assert!(!mailer.is_crowded());
        mailer.send(mail("ada@example.com"));
    }
    assert!(mailer.is_crowded());
    mailer.send(mail("bob@example.com"));
    let failure = mailer.status().last_failure.unwrap();
    assert!(failure.reason.contains("700 mails wait"), "{failure:?}");
    for _ in MOST_SHARED..MOST_WAITING {
        mailer.later(async { Some(mail("eve@example.com")) });
    }
    assert_eq!(mailer.status().waiting, MOST_WAITING);
    // A place is free again once its mail is gone.
    server.release(MOST_WAITING);
    mailer.idle().await;
    assert!(!mailer.is_crowded());
    let mut of_eve = 0;
    while let Some(caught) = server.ready().await {
        assert_ne!(caught.to, ["bob@example.com"]);
        of_eve += usize::from(caught.to == ["eve@example.com"]);
    }
    assert_eq!(of_eve, MOST_WAITING - MOST_SHARED);
}

#[tokio::test]
async fn without_a_server_nothing_is_sent_and_the_status_says_so() {
    let mailer = Mailer::none();
    mailer.send(mail("ada@example.com"));
    mailer.idle().await;
    assert!(!mailer.is_configured());
    assert_eq!(mailer.status().server, None);
}

#[test]
fn every_mail_names_the_instance() {
    let instance = instance();
    let url = "https://tools.example.com/join?token=x";
    let invited = Invitation {
        project: None,
        invited_by: "bob@example.com",
        url,
        hours: 168,
    };
    let to = "ada@example.com";
    for mail in [
        super::reset_password(to, &instance, url, HERE),
        super::confirm_email(to, &instance, url),
        super::invitation(to, &instance, &invited),
        super::somebody_tried(to, &instance),
        notice(to, &instance, HERE, &Notice::PasskeyAdded),
        notice(to, &instance, HERE, &Notice::SecondFactorRemoved),
        notice(to, &instance, HERE, &Notice::RecoveredByCode),
        notice(
            to,
            &instance,
            HERE,
            &Notice::RecoveredByLink { removed: true },
        ),
        notice(
            to,
            &instance,
            HERE,
            &Notice::EmailChanged {
                masked: "b…@example.com",
            },
        ),
    ] {
        assert!(
            mail.plain().contains("https://tools.example.com"),
            "{}",
            mail.plain()
        );
    }
}
