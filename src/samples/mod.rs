//! The endpoints behind the sample tools. They are served on a listener of their own, which the
//! executor alone maps `http://samples.tengine.internal` to, and which serves nothing else.

mod dice;
mod echo;
#[cfg(test)]
mod tests;
mod text;
mod time;

use std::sync::Arc;

use axum::{
    Router,
    extract::FromRef,
    routing::{any, get, post},
};
use domain::clock::{Clock, Random};

/// Time and randomness, passed in.
#[derive(Clone)]
struct Samples {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl FromRef<Samples> for Arc<dyn Clock> {
    fn from_ref(samples: &Samples) -> Self {
        samples.clock.clone()
    }
}

impl FromRef<Samples> for Arc<dyn Random> {
    fn from_ref(samples: &Samples) -> Self {
        samples.random.clone()
    }
}

/// All sample endpoints.
pub fn router(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Router {
    Router::new()
        .route("/time", get(time::now))
        .route("/text/measure", post(text::measure))
        .route("/dice/roll", post(dice::roll))
        .route("/echo", any(echo::echo))
        .with_state(Samples { clock, random })
}
