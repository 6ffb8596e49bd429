//! Names and addresses that somebody chose so that a mail says what we did not write.

use super::*;
use crate::members::Role;

async fn invited_to(project: &str, by: &str) -> crate::mail::testing::Caught {
    let server = SmtpServer::start().await;
    let mailer = mailer(&server.url());
    let invitation = Invitation {
        project: Some((project, Role::Developer)),
        invited_by: by,
        url: "https://tools.example.com/join?token=tng_inv_x",
        hours: 24,
    };
    mailer.send(crate::mail::invitation(
        "ada@example.com",
        &instance(),
        &invitation,
    ));
    let caught = server.next().await;
    assert_eq!(caught.to, ["ada@example.com"]);
    caught
}

#[tokio::test]
async fn a_project_s_name_adds_no_header_and_no_recipient() {
    for name in [
        "CRM\r\nBcc: all@example",
        "CRM\nX-Evil: yes",
        "CRM\r\n\r\nnew body\r\n.\r\nMAIL FROM:<a>",
        "CRM\u{2028}X-Evil: yes",
        "CRM\0",
        &"Ü\r\nX-Evil: yes ".repeat(20),
    ] {
        let caught = invited_to(name, "bob@example.com").await;
        let (head, _) = caught.raw.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> = head
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(
            sorted,
            [
                "Auto-Submitted",
                "Content-Type",
                "Date",
                "From",
                "MIME-Version",
                "Message-ID",
                "Subject",
                "To"
            ],
            "{name:?}"
        );
    }
}

#[tokio::test]
async fn a_project_s_name_is_no_html() {
    let name = "<img src=x onerror=alert(1)><a href='x'>\"&";
    let caught = invited_to(name, "<b>bob</b>@example.com").await;
    assert!(
        caught
            .html
            .contains("&lt;img src=x onerror=alert(1)&gt;&lt;a href=&#39;x&#39;&gt;&quot;&amp;")
    );
    assert!(caught.html.contains("&lt;b&gt;bob&lt;/b&gt;@example.com"));
    assert!(!caught.html.contains("<img") && !caught.html.contains("<b>"));
    assert!(caught.text.contains(name));
}

#[tokio::test]
async fn a_project_s_name_turns_no_text_around() {
    let caught = invited_to("\u{202e}drowssap\u{2066}", "bob@example.com").await;
    assert!(caught.subject.contains("“drowssap”"), "{}", caught.subject);
}

#[tokio::test]
async fn a_line_with_a_lone_dot_does_not_end_the_mail() {
    let caught = invited_to("..", "bob@example.com").await;
    assert!(caught.text.contains("If you do not expect it"));
}

#[tokio::test]
async fn an_address_that_is_more_than_one_gets_no_mail() {
    let server = SmtpServer::start().await;
    let mailer = mailer(&server.url());
    for to in [
        "a@example.com,b@example.com",
        "a@example.com\r\nRCPT TO:<b@example.com>",
        "a@example.com>\r\nDATA",
        "<a@example.com>",
        "a b@example.com",
        "",
    ] {
        mailer.send(mail(to));
        mailer.idle().await;
        let failure = mailer.status().last_failure.unwrap();
        assert_eq!(
            failure.reason, "mail cannot be sent to such an address",
            "{to:?}"
        );
    }
    assert!(server.commands().is_empty(), "nobody was asked");
}
