//! /api/v1/instance: how it is. What is below it is for its owners too.

pub(super) mod accounts;
pub(super) mod audit;
pub(super) mod invitations;
pub(super) mod providers;
pub(super) mod settings;

use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use domain::{Error, instance::Health, mail::MailStatus};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiError, Caller, auth::instance_owner, error::ErrorBody};
use crate::state::AppState;

/// How the instance is.
#[derive(Serialize, ToSchema)]
pub(super) struct InstanceView {
    version: &'static str,
    /// What others open.
    public_url: String,
    is_well: bool,
    checks: Vec<CheckView>,
    /// How much there is of what, such as `accounts` and `live_connections`.
    counts: BTreeMap<String, i64>,
    mail: MailView,
}

/// A thing that can be well or not.
#[derive(Serialize, ToSchema)]
struct CheckView {
    name: &'static str,
    is_well: bool,
    /// A sentence; where it is not well, with the mend.
    says: String,
}

/// The mail server.
#[derive(Serialize, ToSchema)]
struct MailView {
    /// Host and port; null: the instance sends no mail.
    server: Option<String>,
    /// Milliseconds since the Unix epoch.
    last_success_at: Option<i64>,
    last_failure: Option<MailFailureView>,
    /// Mails that wait or are under way.
    waiting: usize,
}

/// A mail that was given up.
#[derive(Serialize, ToSchema)]
struct MailFailureView {
    /// Milliseconds since the Unix epoch.
    at: i64,
    reason: String,
}

impl From<MailStatus> for MailView {
    fn from(status: MailStatus) -> Self {
        Self {
            server: status.server,
            last_success_at: status.last_success_at.map(|at| at.0),
            last_failure: status.last_failure.map(|failure| MailFailureView {
                at: failure.at.0,
                reason: failure.reason,
            }),
            waiting: status.waiting,
        }
    }
}

impl InstanceView {
    fn new(public_url: String, health: Health) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            public_url,
            is_well: health.checks.iter().all(|check| check.is_well),
            checks: health
                .checks
                .into_iter()
                .map(|check| CheckView {
                    name: check.name,
                    is_well: check.is_well,
                    says: check.says,
                })
                .collect(),
            counts: health
                .counts
                .into_iter()
                .map(|(name, count)| (name.to_lowercase().replace(' ', "_"), count))
                .collect(),
            mail: health.mail.into(),
        }
    }
}

/// Tells how the instance is. For an owner's key of an account that owns the instance.
#[utoipa::path(get, path = "/api/v1/instance", tag = "instance",
    responses((status = 200, body = InstanceView), (status = 403, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
) -> Result<Json<InstanceView>, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let services = &state.services;
    let health = services.instance.health(&owner).await?;
    let public_url = services.core.public_url.origin().to_owned();
    Ok(Json(InstanceView::new(public_url, health)))
}

/// Sends a mail to the account of the key, now, and says what came of it; a mail server that does not
/// answer is waited for 20 s.
#[utoipa::path(post, path = "/api/v1/instance/test-mail", tag = "instance",
    responses((status = 204), (status = 403, body = ErrorBody),
        (status = 422, body = ErrorBody, description = "The mail was not sent; the message says why.")))]
pub(super) async fn test_mail(
    State(state): State<AppState>,
    Caller(actor): Caller,
) -> Result<StatusCode, ApiError> {
    let owner = instance_owner(&state, &actor).await?;
    let services = &state.services;
    let account = services.accounts.enabled(actor.user_id()).await?;
    let account = account.ok_or(Error::WrongCredentials)?;
    services.core.mailer.check(&owner, &account.email).await?;
    Ok(StatusCode::NO_CONTENT)
}
