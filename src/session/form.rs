//! A form of a plain page, whose mistakes are answered with a page.

use axum::{
    Form,
    extract::{FromRequest, Request},
    http::StatusCode,
    response::Response,
};
use serde::de::DeserializeOwned;

use crate::oauth::error_page;

pub struct PlainForm<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for PlainForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        match Form::from_request(request, state).await {
            Ok(Form(input)) => Ok(Self(input)),
            Err(rejection) => {
                let status = rejection.status();
                let text = if status == StatusCode::PAYLOAD_TOO_LARGE {
                    "The form is larger than this page takes.".to_owned()
                } else {
                    "The form is not one of this page's.".to_owned()
                };
                Err(error_page(
                    status,
                    "Nothing was done",
                    text,
                    "Open the page again.",
                ))
            }
        }
    }
}
