//! Who a request comes from, for the record of events and for limits.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
};

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use domain::events::Visit;

use super::{ClientAddress, RequestId};

/// The caller's address, and all that is recorded of a request.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub address: IpAddr,
    pub visit: Visit,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let address = parts
            .extensions
            .get::<ClientAddress>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |known| known.0);
        let user_agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        Ok(Self {
            address,
            visit: Visit::new(RequestId::current(), address.to_string(), user_agent),
        })
    }
}
