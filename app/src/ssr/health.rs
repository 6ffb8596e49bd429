//! How the instance is, as its page shows it.

use domain::{Services, instance::InstanceOwner};

use super::when::when;
use crate::api::{
    UiError,
    instance::health::{Check, Health, Mail},
};

pub(crate) async fn load(
    services: &Services,
    owner: &InstanceOwner,
    my_email: String,
) -> Result<Health, UiError> {
    let now = services.core.now();
    let health = services.instance.health(owner).await?;
    let status = health.mail;
    Ok(Health {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        checks: health
            .checks
            .into_iter()
            .map(|check| Check {
                name: check.name.to_owned(),
                is_well: check.is_well,
                says: check.says,
            })
            .collect(),
        counts: health
            .counts
            .into_iter()
            .map(|(name, count)| (name.to_owned(), count))
            .collect(),
        mail: status.server.map(|server| Mail {
            server,
            last_success: status.last_success_at.map(|at| when(at, now)),
            last_failure: status
                .last_failure
                .map(|failure| (when(failure.at, now), failure.reason)),
            waiting: status.waiting,
        }),
        my_email,
    })
}
