//! A limit on the way to a connection, TLS included.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use http::Uri;
use tokio::time::timeout;
use tower_service::Service;

use super::ConnectError;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A connector that gives up after a while: [`ConnectError::TooSlow`].
#[derive(Debug, Clone)]
pub(in crate::execute) struct InTime<C> {
    inner: C,
    limit: Duration,
}

impl<C> InTime<C> {
    pub(in crate::execute) const fn new(inner: C, limit: Duration) -> Self {
        Self { inner, limit }
    }
}

impl<C> Service<Uri> for InTime<C>
where
    C: Service<Uri>,
    C::Error: Into<BoxError>,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (connecting, limit) = (self.inner.call(uri), self.limit);
        Box::pin(async move {
            match timeout(limit, connecting).await {
                Ok(connected) => connected.map_err(Into::into),
                Err(_) => Err(ConnectError::TooSlow(limit).into()),
            }
        })
    }
}
