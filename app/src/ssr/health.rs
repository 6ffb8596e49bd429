//! How the instance is, as its page shows it.

use domain::{Services, clock::Timestamp, instance::InstanceOwner};

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
    let counts = services.instance.counts(owner).await?;
    let mut checks = vec![database(services).await, address(services)];
    checks.extend(clock(services).await);
    let status = services.core.mailer.status();
    if let Some(failure) = &status.last_failure
        && status.last_success_at.is_none_or(|at| at < failure.at)
    {
        checks.push(Check {
            name: "Mail".to_owned(),
            is_well: false,
            says: format!("The last mail was given up: {}.", failure.reason),
        });
    }
    Ok(Health {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        checks,
        counts: counts
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

async fn database(services: &Services) -> Check {
    let kind = services.core.db.product();
    let (is_well, says) = match services.core.db.ping().await {
        Ok(()) => (true, format!("{kind} answers.")),
        Err(error) => (false, format!("{kind} does not answer: {error}.")),
    };
    Check {
        name: "Database".to_owned(),
        is_well,
        says,
    }
}

fn address(services: &Services) -> Check {
    let public = &services.core.public_url;
    let (is_well, says) = if public.is_loopback() {
        (
            false,
            format!(
                "{public} is this machine only: Claude's cloud cannot reach it. Set \
                 TENGINE_PUBLIC_URL to the address that others open."
            ),
        )
    } else if public.is_https() {
        (true, format!("{public}, over https."))
    } else {
        (
            false,
            format!("{public} is not https: passkeys and most clients want it."),
        )
    };
    Check {
        name: "Public address".to_owned(),
        is_well,
        says,
    }
}

/// Tokens and approvals rest on the clocks of server and database agreeing.
async fn clock(services: &Services) -> Option<Check> {
    const MOST_SECONDS: i64 = 5;
    let here = services.core.now();
    let (is_well, says) = match services.core.db.clock().await {
        Ok(None) => return None,
        Ok(Some(Timestamp(there))) => {
            let apart = (there - here.0).abs() / 1_000;
            match apart <= MOST_SECONDS {
                true => (true, "Server and database agree on the time.".to_owned()),
                false => (
                    false,
                    format!(
                        "Server and database are {apart} s apart. Set both by NTP, or tokens end \
                         early or late."
                    ),
                ),
            }
        }
        Err(error) => (
            false,
            format!("The database does not tell the time: {error}."),
        ),
    };
    Some(Check {
        name: "Clock".to_owned(),
        is_well,
        says,
    })
}
