//! Ways into the reader's account, as its page sees them.

use super::{csrf_token, person, services, when::when};
use crate::api::{
    UiError,
    profile::{IdentityRow, PasskeyRow, Security},
};

pub(crate) async fn load() -> Result<Security, UiError> {
    let who = person().await?;
    let services = services();
    let now = services.core.now();
    let user = &who.account.id;
    let status = services.second_factors.status(user).await?;
    let identities = services.providers.identities(&who.actor()).await?;
    let offered = services.providers.offered().await?;
    let is_linked = |id: &domain::ids::ProviderId| {
        identities
            .iter()
            .any(|identity| identity.provider_id == *id)
    };
    let providers = offered
        .iter()
        .filter(|one| !is_linked(&one.id))
        .map(|one| (one.id.to_string(), one.name.clone()))
        .collect();
    let asked_by = match who.has_second_factor {
        true => None,
        false => services
            .core
            .settings()
            .await?
            .require_second_factor
            .then(|| "This instance".to_owned()),
    };
    let passkeys = services.passkeys.list(user).await?;
    Ok(Security {
        passkeys: passkeys
            .into_iter()
            .map(|one| PasskeyRow {
                id: one.id.to_string(),
                name: one.name,
                created: when(one.created_at, now),
                last_used: one.last_used_at.map(|at| when(at, now)),
                is_suspended: one.suspended_at.is_some(),
            })
            .collect(),
        no_passkeys: services.passkeys.unavailable().map(|why| why.to_string()),
        totp_since: status.totp_since.map(|at| when(at, now)),
        recovery_codes: status.recovery_codes,
        identities: identities
            .into_iter()
            .map(|one| IdentityRow {
                provider_id: one.provider_id.to_string(),
                provider: one.provider_name,
                subject: one.subject,
                email: one.email,
                since: when(one.created_at, now),
                last_used: one.last_used_at.map(|at| when(at, now)),
            })
            .collect(),
        providers,
        asked_by,
        is_fresh: services.sessions.fresh(&who).is_ok(),
        csrf: csrf_token().await?,
    })
}
