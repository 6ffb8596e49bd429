//! What every handler shares.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;
use domain::Services;
use ipnet::IpNet;
use leptos::prelude::LeptosOptions;

use crate::{
    mcp::{Compat, Mcp},
    oauth::Limits,
};

/// Cheap to clone: each layer and each handler has a copy.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What there is once in a program.
pub struct Shared {
    pub services: Services,
    pub leptos: LeptosOptions,
    pub trusted_proxies: TrustedProxies,
    pub limits: Limits,
    pub mcp: Mcp,
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl AppState {
    /// Has to be called inside a runtime.
    #[must_use]
    pub fn new(
        services: Services,
        leptos: LeptosOptions,
        trusted_proxies: TrustedProxies,
        compat: Compat,
    ) -> Self {
        Self(Arc::new(Shared {
            limits: Limits::new(services.core.limits),
            mcp: Mcp::new(&services, compat),
            services,
            leptos,
            trusted_proxies,
        }))
    }
}

/// Networks whose forwarded headers count.
#[derive(Clone, Default)]
pub struct TrustedProxies(pub Arc<Vec<IpNet>>);

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<AppState> for TrustedProxies {
    fn from_ref(state: &AppState) -> Self {
        state.trusted_proxies.clone()
    }
}
