//! One call, with what is kept of it.

use domain::{
    Error, Services,
    calls::{self, Body, Phases, REDACTED},
    ids::{CallId, ToolId},
    members::{Access, Role, Viewer},
};
use serde_json::{Map, Value};

use super::{fine_duration, pretty, row, size};
use crate::{
    api::{
        UiError,
        calls::one::{Answered, Asked, Detail, OneCall, Part, Phase},
    },
    ssr::when::lifetime,
};

pub(crate) async fn shown(
    services: &Services,
    access: &Access<Viewer>,
    id: &CallId,
) -> Result<OneCall, UiError> {
    let call = services.calls.get(access, id).await?;
    let detail = services.calls.detail(access, id).await?;
    let now = services.core.now();
    let has_tool = match services.tools.get(access, &call.tool_id).await {
        Ok(_) => true,
        Err(Error::NotFound(_)) => false,
        Err(other) => return Err(other.into()),
    };
    let names = services.calls.names_of(access, std::slice::from_ref(&call));
    let names = names.await?;
    let integration = call.integration_id.as_ref();
    let integration = integration.filter(|id| names.integration(id).is_some());
    Ok(OneCall {
        integration_id: integration.map(ToString::to_string),
        user_id: call.user_id.as_ref().map(ToString::to_string),
        request_id: call.request_id.clone(),
        size: size(call.response_bytes),
        phases: phases(call.phases),
        detail: detail.map(told),
        lifetime: lifetime(services.core.details.kept_seconds),
        has_tool,
        may_repeat: has_tool && access.role() >= Role::Developer,
        row: row(call, &names, now),
    })
}

fn phases(of: Phases) -> Vec<Phase> {
    let phase = |name: &str, text: &str, micros: i64| Phase {
        name: name.to_owned(),
        text: text.to_owned(),
        micros,
        duration: fine_duration(micros),
    };
    let known = of.validate_us + of.render_us + of.wait_us + of.read_us;
    vec![
        phase(
            "Check",
            "The arguments against the tool's schema",
            of.validate_us,
        ),
        phase("Render", "Templates, headers and signature", of.render_us),
        phase(
            "Wait",
            "Until the endpoint began to answer, connecting included",
            of.wait_us,
        ),
        phase("Read", "The answer's body", of.read_us),
        // Tokens from other servers, retries' pauses, the queue of a busy tool.
        phase(
            "Other",
            "Tokens, pauses between attempts, and what else came up",
            (of.total_us - known).max(0),
        ),
    ]
}

fn told(detail: calls::Detail) -> Detail {
    Detail {
        arguments: detail.arguments.map(part),
        request: detail.request.map(|request| Asked {
            head: format!(
                "{} {}\n{}",
                request.method,
                request.url,
                headers(&request.headers)
            ),
            body: (request.body_bytes > 0).then(|| size(request.body_bytes)),
        }),
        answer: detail.answer.map(|answer| Answered {
            status: answer.status,
            headers: headers(&answer.headers),
            body: match answer.body {
                Body::Text(text) => Ok(part(text)),
                Body::Binary(bytes) => Err(size(bytes)),
            },
        }),
    }
}

fn headers(all: &[(String, String)]) -> String {
    let lines: Vec<_> = all
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    lines.join("\n")
}

fn part(part: calls::Part) -> Part {
    let kept = i64::try_from(part.text.len()).unwrap_or(i64::MAX);
    Part {
        of: part
            .is_cut
            .then(|| format!("the first {} of {}", size(kept), size(part.bytes))),
        text: pretty(&part.text),
    }
}

/// What a call of this tool was asked, as far as it can be asked again: without what is hidden or cut
/// off. `None` where nothing of it is kept.
pub(crate) async fn arguments(
    services: &Services,
    access: &Access<Viewer>,
    tool: &ToolId,
    call: &CallId,
) -> Result<Option<Map<String, Value>>, Error> {
    let of = services.calls.get(access, call).await?;
    if of.tool_id != *tool {
        return Err(Error::NotFound("call"));
    }
    let detail = services.calls.detail(access, call).await?;
    let arguments = detail.and_then(|detail| detail.arguments);
    let read = arguments
        .filter(|part| !part.is_cut)
        .and_then(|part| serde_json::from_str::<Map<String, Value>>(&part.text).ok());
    Ok(read.map(|arguments| {
        let known = arguments.into_iter();
        known
            .filter(|(_, value)| !value.to_string().contains(REDACTED))
            .collect()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_no_phase_has_is_told_too() {
        let of = Phases {
            validate_us: 1_000,
            render_us: 2_000,
            wait_us: 30_000,
            read_us: 4_000,
            total_us: 40_000,
        };
        let told = phases(of);
        let micros: Vec<i64> = told.iter().map(|phase| phase.micros).collect();
        assert_eq!(micros, [1_000, 2_000, 30_000, 4_000, 3_000]);
        assert_eq!(micros.iter().sum::<i64>(), of.total_us);
    }

    #[test]
    fn a_part_says_of_how_much_it_is_the_beginning() {
        let cut = part(calls::Part {
            text: "{\"a\":1".to_owned(),
            is_cut: true,
            bytes: 20_000,
        });
        assert_eq!(cut.of.unwrap(), "the first 6 bytes of 20.0 kB");
        assert_eq!(cut.text, "{\"a\":1");
        let whole = part(calls::Part {
            text: "{\"a\":1}".to_owned(),
            is_cut: false,
            bytes: 7,
        });
        assert_eq!((whole.of, whole.text.lines().count()), (None, 3));
    }
}
