//! The headers that TengineAI itself puts on a request.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{Caller, record::Row};
use crate::{Error, tools::Tool};

const PROJECT_ID: HeaderName = HeaderName::from_static("x-tengine-project-id");
const INTEGRATION_ID: HeaderName = HeaderName::from_static("x-tengine-integration-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-tengine-request-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("x-tengine-timestamp");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const MEMBER_ID: HeaderName = HeaderName::from_static("x-tengine-member-id");
const MEMBER_EMAIL: HeaderName = HeaderName::from_static("x-tengine-member-email");
const MEMBER_ROLES: HeaderName = HeaderName::from_static("x-tengine-member-roles");
const USER_AGENT: &str = concat!("TengineAI/", env!("CARGO_PKG_VERSION"));

/// Whether a tool's own template may not set this header: it frames the message, belongs to one
/// connection (RFC 9110 §7.6.1), or is what an endpoint recognises us by.
pub(crate) fn is_reserved(name: &HeaderName) -> bool {
    const RESERVED: [&str; 14] = [
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "traceparent",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    RESERVED.contains(&name.as_str()) || name.as_str().starts_with("x-tengine-")
}

/// What the template may set otherwise.
pub(super) fn set_defaults(headers: &mut HeaderMap, has_body: bool) {
    let mut default = |name, value| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    default(header::USER_AGENT, USER_AGENT);
    default(header::ACCEPT, "application/json, text/*;q=0.9, */*;q=0.8");
    if has_body {
        default(header::CONTENT_TYPE, "application/json");
    }
}

/// What nobody but us sets.
///
/// # Errors
/// [`Error::Corrupt`] where a stored id or email cannot be a header's value.
pub(super) fn set_ours(
    headers: &mut HeaderMap,
    row: &Row,
    caller: &Caller,
    tool: &Tool,
) -> Result<(), Error> {
    let mut set = |name: &HeaderName, value: &str| {
        // Bytes and not only ASCII: an email address may be international (RFC 6531), as UTF-8.
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| Error::corrupt("caller", format!("{name} cannot be a header")))?;
        headers.insert(name, value);
        Ok::<_, Error>(())
    };
    // Bodies are shown to the model as they come, so compressed ones are of no use.
    set(&header::ACCEPT_ENCODING, "identity")?;
    set(&PROJECT_ID, caller.project_id.as_str())?;
    if let Some(integration) = &caller.integration_id {
        set(&INTEGRATION_ID, integration.as_str())?;
    }
    set(&REQUEST_ID, &row.request_id)?;
    set(&TIMESTAMP, &row.started_at.seconds().to_string())?;
    set(&TRACEPARENT, &traceparent(&row.request_id))?;
    if let (true, Some(member)) = (tool.inject_member_identity, &caller.member) {
        set(&MEMBER_ID, member.id.as_str())?;
        set(&MEMBER_EMAIL, &member.email)?;
        set(&MEMBER_ROLES, member.role.as_str())?;
    }
    Ok(())
}

/// W3C Trace Context (§3.2), not sampled. The trace id is the request id, so that an endpoint's
/// traces can be found by it.
fn traceparent(request_id: &str) -> String {
    let trace: String = request_id.chars().filter(|c| *c != '-').collect();
    // The last 16 digits of a UUIDv4 begin with its variant, 8 to b, so they are never all zero.
    let span = &trace[trace.len().saturating_sub(16)..];
    format!("00-{trace}-{span}-00")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some public APIs refuse whoever does not say.
    #[test]
    fn an_endpoint_is_told_who_calls_and_a_template_may_say_it_otherwise() {
        let mut headers = HeaderMap::new();
        set_defaults(&mut headers, false);
        assert!(
            headers[header::USER_AGENT]
                .to_str()
                .unwrap()
                .starts_with("TengineAI/")
        );
        let own = HeaderValue::from_static("MyTeam/1.0 (mailto:ada@example.com)");
        headers.insert(header::USER_AGENT, own.clone());
        set_defaults(&mut headers, false);
        assert_eq!(headers[header::USER_AGENT], own);
        assert!(!is_reserved(&header::USER_AGENT));
    }
}
