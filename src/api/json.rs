//! JSON bodies whose errors name the field and the rule.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::StatusCode,
};
use domain::FieldError;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::ApiError;
use crate::middleware::media_type;

/// A JSON body whose errors are those of the API.
pub struct ApiJson<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        if !media_type::is(request.headers(), "application/json") {
            return Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send the body as Content-Type: application/json.",
            ));
        }
        let bytes = bytes(request, state).await?;
        Ok(Self(read(&bytes)?))
    }
}

/// The same where a body may be left out or null, and then stands for its default.
pub(super) struct OptionalApiJson<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let bytes = bytes(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        Ok(Self(read::<Option<T>>(&bytes)?.unwrap_or_default()))
    }
}

/// A request's body, whatever it is.
pub(super) async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state).await.map_err(unread)
}

/// A body as the type that is wanted.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|why| {
        let message = format!("The body is not JSON: {why}.");
        ApiError::new(StatusCode::BAD_REQUEST, "malformed", message)
    })?;
    let parsed = parsed(value).map_err(|error| domain::Error::Invalid(vec![error]))?;
    Ok(parsed)
}

fn unread(rejection: BytesRejection) -> ApiError {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "The body is over the limit of 4 MiB.",
        ),
        _ => ApiError::new(StatusCode::BAD_REQUEST, "malformed", rejection.body_text()),
    }
}

/// A value as the type that is wanted.
///
/// # Errors
/// The field by its path, and the rule that it breaks.
pub fn parsed<T: DeserializeOwned>(value: Value) -> Result<T, FieldError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let message = error.inner().to_string();
        // For a field that is missing or unknown serde has the path of what should hold it.
        let named = ["missing field `", "unknown field `"]
            .iter()
            .find_map(|start| message.strip_prefix(start)?.split('`').next());
        let parent = if path == "." { "" } else { path.as_str() };
        let field = match named {
            Some(name) if parent.is_empty() => name.to_owned(),
            Some(name) if parent == name || parent.ends_with(&format!(".{name}")) => {
                parent.to_owned()
            }
            Some(name) => format!("{parent}.{name}"),
            None => parent.to_owned(),
        };
        FieldError { field, message }
    })
}

/// What is stored, with a JSON Merge Patch (RFC 7396) put on its top level.
pub(super) fn patched(stored: &impl Serialize, patch: Map<String, Value>) -> Value {
    let mut fields = match serde_json::to_value(stored) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            fields.insert(name, value);
        }
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use domain::tools::ToolInput;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_error_names_its_field() {
        for (change, field) in [
            (json!({ "name": 7 }), "name"),
            (json!({ "nonsense": 7 }), "nonsense"),
            (json!({ "http_method": "BREW" }), "http_method"),
            (json!({ "http_method": 1 }), "http_method"),
            (
                json!({ "headers_template": { "X": 1 } }),
                "headers_template.X",
            ),
            (
                json!({ "annotations": { "readOnlyHint": "yes" } }),
                "annotations.readOnlyHint",
            ),
            (
                json!({ "annotations": { "nonsense": 1 } }),
                "annotations.nonsense",
            ),
        ] {
            let mut tool = json!({ "name": "a", "base_url": "https://a", "endpoint_path": "/" });
            tool.as_object_mut()
                .unwrap()
                .extend(change.as_object().unwrap().clone());
            let error = parsed::<ToolInput>(tool).unwrap_err();
            assert_eq!(error.field, field, "{error}");
        }
        let error = parsed::<ToolInput>(json!({})).unwrap_err();
        assert_eq!(error.field, "name");
        assert_eq!(parsed::<ToolInput>(json!(7)).unwrap_err().field, "");
    }
}
