use crate::{mail::Mail, members::Role, public_url::PublicUrl};

/// What an invitation that is sent by mail tells.
#[derive(Debug, Clone)]
pub struct Invitation<'a> {
    /// A project's name and the role in it; `None`: an account on the instance.
    pub project: Option<(&'a str, Role)>,
    /// The address of who invites.
    pub invited_by: &'a str,
    /// With the token.
    pub url: &'a str,
    /// How long it works, in whole hours.
    pub hours: i64,
}

/// To a person who may join.
pub fn invitation(to: &str, instance: &PublicUrl, invitation: &Invitation<'_>) -> Mail {
    let by = invitation.invited_by;
    let (subject, what) = match invitation.project {
        Some((name, role)) => {
            let project = quoted(name);
            (
                format!("You are invited to {project}"),
                format!("{by} invites you to {project} on TengineAI at {instance}, as {role}."),
            )
        }
        None => (
            "You are invited to TengineAI".to_owned(),
            format!("{by} invites you to make an account on TengineAI at {instance}."),
        ),
    };
    Mail::new(to, &subject)
        .text(&what)
        .link("Accept the invitation", invitation.url)
        .text(&format!(
            "The link is for this address and works once, for {}. Do not pass it on.",
            period(invitation.hours)
        ))
        .text("If you do not expect it, do nothing.")
}

/// A project's name, as far as it may stand in a mail to a stranger: mail programs make links of
/// what looks like one, and who names a project is not to choose where our mail leads.
fn quoted(name: &str) -> String {
    let name = name.trim();
    let has_link = name.contains("//")
        || name.contains('@')
        || name
            .split_whitespace()
            .any(|word| word.trim_end_matches('.').contains(['.', '。', '．', '｡']));
    if has_link || name.is_empty() {
        return "a project".to_owned();
    }
    let mut short: String = name.chars().take(60).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    format!("“{short}”")
}

fn period(hours: i64) -> String {
    match hours {
        1 => "one hour".to_owned(),
        hours if hours < 48 => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_s_name_chooses_no_link() {
        for name in [
            "Win at https://evil.example now",
            "evil.example",
            "call evil@phish",
            "//evil",
            "evil。example",
            " ",
        ] {
            assert_eq!(quoted(name), "a project", "{name}");
        }
        assert_eq!(quoted("CRM of Acme Inc."), "“CRM of Acme Inc.”");
        assert!(quoted(&"long ".repeat(30)).chars().count() < 64);
    }

    #[test]
    fn a_time_reads_well() {
        let periods = [1, 2, 47, 48, 168].map(period);
        assert_eq!(
            periods,
            ["one hour", "2 hours", "47 hours", "2 days", "7 days"]
        );
    }
}
