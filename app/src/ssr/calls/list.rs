//! A page of calls by what its address asks for.

use domain::{
    Error, Services,
    calls::{self, Names, Outcome, Outcomes, Start, Via},
    clock::Timestamp,
    error::FieldError,
    ids::{CallId, IntegrationId, ToolId, UserId},
    members::{Access, Viewer},
};
use time::{PrimitiveDateTime, macros::format_description};

use super::{in_words, row};
use crate::api::{
    UiError,
    calls::{CallFilter, CallPage, Choices, ROWS, SPANS},
};

pub(crate) async fn page(
    services: &Services,
    access: &Access<Viewer>,
    asked: CallFilter,
) -> Result<CallPage, UiError> {
    let mut names = services.calls.names(access).await?;
    let mut choices = choices(&names, &asked);
    let read = read(services, access, &asked, &mut choices).await;
    let (filter, start) = match read {
        Ok(read) => read,
        // Said beside the form that mends it.
        Err(Error::Invalid(problems)) => {
            let sentences: Vec<_> = problems.into_iter().map(|one| one.message).collect();
            return Ok(CallPage {
                calls: Vec::new(),
                has_newer: false,
                has_older: false,
                choices,
                problem: Some(sentences.join(" ")),
            });
        }
        Err(other) => return Err(other.into()),
    };
    let found = around(services, access, &filter, start).await?;
    let shown = services.calls.complete(access, &found.calls, &mut names);
    shown.await?;
    let now = services.core.now();
    let rows = found.calls.into_iter().map(|call| row(call, &names, now));
    Ok(CallPage {
        calls: rows.collect(),
        has_newer: found.has_newer,
        has_older: found.has_older,
        choices,
        problem: None,
    })
}

struct Found {
    calls: Vec<domain::calls::Call>,
    has_newer: bool,
    has_older: bool,
}

async fn around(
    services: &Services,
    access: &Access<Viewer>,
    filter: &calls::CallFilter,
    start: Start,
) -> Result<Found, Error> {
    // One more than is shown says whether there are more.
    let most = i64::try_from(ROWS + 1).expect("it is small");
    let mut calls = services.calls.list(access, filter, &start, most).await?;
    if matches!(start, Start::After(_)) {
        if calls.len() > ROWS {
            calls.remove(0);
            return Ok(Found {
                calls,
                has_newer: true,
                has_older: true,
            });
        }
        // The newest page, whole, rather than a few of it.
        let newest = services.calls.list(access, filter, &Start::Newest, most);
        calls = newest.await?;
    }
    let has_older = calls.len() > ROWS;
    calls.truncate(ROWS);
    Ok(Found {
        calls,
        has_newer: matches!(start, Start::Before(_)),
        has_older,
    })
}

fn choices(names: &Names, asked: &CallFilter) -> Choices {
    let mut integrations: Vec<_> = names
        .integrations
        .iter()
        .map(|(id, name)| (id.to_string(), name.clone()))
        .collect();
    let mut people: Vec<_> = names
        .people
        .iter()
        .map(|(id, email)| (id.to_string(), email.clone()))
        .collect();
    // What a link asked for stays chosen, whatever became of it.
    for (asked, known, text) in [
        (
            &asked.integration,
            &mut integrations,
            "The one of the address",
        ),
        (&asked.person, &mut people, "The one of the address"),
    ] {
        if !asked.is_empty() && !known.iter().any(|(id, _)| id == asked) {
            known.push((asked.clone(), text.to_owned()));
        }
    }
    let outcomes = Outcome::ALL.iter().map(|outcome| {
        let text = in_words(*outcome).to_owned();
        (outcome.as_str().to_owned(), text)
    });
    Choices {
        integrations,
        people,
        outcomes: outcomes.collect(),
        tools: names.tools.iter().map(|(_, name)| name.clone()).collect(),
        tool: asked.tool.clone(),
    }
}

async fn read(
    services: &Services,
    access: &Access<Viewer>,
    asked: &CallFilter,
    choices: &mut Choices,
) -> Result<(calls::CallFilter, Start), Error> {
    let mut filter = condition(asked, services.core.now())?;
    if !asked.tool.is_empty() {
        match services.calls.tool(access, &asked.tool).await? {
            Some((id, name)) => {
                filter.tool_id = Some(id);
                choices.tool = name;
            }
            // One that was deleted: its calls are there still.
            None if asked.tool.starts_with("tool_") => {
                filter.tool_id = Some(ToolId::from(asked.tool.as_str()));
            }
            None => {
                return Err(Error::invalid(
                    "tool",
                    format!("No tool of this project is called “{}”.", asked.tool),
                ));
            }
        }
    }
    let start = match (asked.before.as_str(), asked.after.as_str()) {
        ("", "") => Start::Newest,
        ("", after) => Start::After(CallId::from(after)),
        (before, _) => Start::Before(CallId::from(before)),
    };
    Ok((filter, start))
}

/// All that needs no look at the project.
fn condition(asked: &CallFilter, now: Timestamp) -> Result<calls::CallFilter, Error> {
    let mut problems = Vec::new();
    let mut broken = |field: &str, message: &str| {
        problems.push(FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    };
    let outcome = given(&asked.status).map(str::parse::<Outcomes>);
    if matches!(outcome, Some(Err(_))) {
        broken(
            "status",
            "There is no such outcome: choose one of the list.",
        );
    }
    let via = given(&asked.via).map(str::parse::<Via>);
    if matches!(via, Some(Err(_))) {
        broken(
            "via",
            "A call comes by MCP, the REST API or the playground.",
        );
    }
    let mut since = given(&asked.since).map(moment);
    let until = given(&asked.until).map(moment);
    if matches!(since, Some(None)) || matches!(until, Some(None)) {
        broken("since", "Give times like 2026-11-26T07:30, in UTC.");
    }
    if let Some(span) = given(&asked.span) {
        let known = SPANS.iter().find(|(word, ..)| *word == span);
        match known {
            None => broken("span", "There is no such span: choose one of the list."),
            Some((_, seconds, _)) if since.is_none() && until.is_none() => {
                since = Some(Some(now.plus_seconds(-seconds)));
            }
            Some(_) => {}
        }
    }
    if let (Some(Some(since)), Some(Some(until))) = (since, until)
        && since >= until
    {
        broken("until", "The second time has to be after the first.");
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    Ok(calls::CallFilter {
        tool_id: None,
        integration_id: given(&asked.integration).map(IntegrationId::from),
        user_id: given(&asked.person).map(UserId::from),
        outcome: outcome.and_then(Result::ok),
        via: via.and_then(Result::ok),
        since: since.flatten(),
        until: until.flatten(),
    })
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// What `<input type="datetime-local">` sends (WHATWG HTML §2.3.5.4), of UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let minute = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let second = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    let read = PrimitiveDateTime::parse(text, minute)
        .or_else(|_| PrimitiveDateTime::parse(text, second))
        .ok()?;
    Some(Timestamp(0).plus_seconds(read.assume_utc().unix_timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_442_400_000);

    fn asked(change: impl FnOnce(&mut CallFilter)) -> Result<calls::CallFilter, Error> {
        let mut asked = CallFilter::default();
        change(&mut asked);
        condition(&asked, NOW)
    }

    #[test]
    fn an_address_says_which_calls() {
        assert_eq!(asked(|_| {}).unwrap(), calls::CallFilter::default());
        let all = asked(|asked| {
            asked.integration = "int_1".to_owned();
            asked.person = " usr_1 ".to_owned();
            asked.status = "failed".to_owned();
            asked.via = "mcp".to_owned();
            asked.span = "hour".to_owned();
        });
        let all = all.unwrap();
        assert_eq!(all.integration_id, Some("int_1".into()));
        assert_eq!(all.user_id, Some("usr_1".into()));
        assert_eq!(all.outcome, Some(Outcomes::Failed));
        assert_eq!(all.via, Some(Via::Mcp));
        assert_eq!(all.since, Some(NOW.plus_seconds(-3_600)));
    }

    #[test]
    fn two_times_are_more_than_a_span() {
        let between = asked(|asked| {
            asked.since = "2026-11-23T13:30".to_owned();
            asked.until = "2026-11-23T14:00:00".to_owned();
            asked.span = "day".to_owned();
        });
        let between = between.unwrap();
        assert_eq!(between.since, Some(NOW.plus_seconds(-1_800)));
        assert_eq!(between.until, Some(NOW));
    }

    #[test]
    fn what_cannot_be_read_is_said_all_at_once() {
        let broken = asked(|asked| {
            asked.status = "no_such".to_owned();
            asked.via = "mail".to_owned();
            asked.since = "yesterday".to_owned();
            asked.span = "year".to_owned();
        });
        let Err(Error::Invalid(problems)) = broken else {
            panic!("it was read");
        };
        let fields: Vec<_> = problems.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["status", "via", "since", "span"]);
        let backwards = asked(|asked| {
            asked.since = "2026-11-23T14:00".to_owned();
            asked.until = "2026-11-23T14:00".to_owned();
        });
        assert!(backwards.is_err());
    }
}
