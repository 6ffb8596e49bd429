//! `GET /time`

use std::sync::Arc;

use ::time::{Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};
use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
};
use domain::clock::Clock;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(super) struct Input {
    /// Minutes east of UTC.
    #[serde(default)]
    utc_offset_minutes: i32,
}

#[derive(Serialize)]
pub(super) struct Now {
    utc: String,
    local: String,
    weekday: String,
    unix_seconds: i64,
}

pub(super) async fn now(
    State(clock): State<Arc<dyn Clock>>,
    Query(input): Query<Input>,
) -> Result<Json<Now>, (StatusCode, &'static str)> {
    const OUT_OF_RANGE: (StatusCode, &str) = (
        StatusCode::BAD_REQUEST,
        "utc_offset_minutes is from -1080 to 1080",
    );
    if input.utc_offset_minutes.unsigned_abs() > 1_080 {
        return Err(OUT_OF_RANGE);
    }
    let unix_seconds = clock.now().seconds();
    let offset = UtcOffset::from_whole_seconds(input.utc_offset_minutes * 60);
    let utc = OffsetDateTime::UNIX_EPOCH + Duration::seconds(unix_seconds);
    let local = utc.to_offset(offset.map_err(|_| OUT_OF_RANGE)?);
    Ok(Json(Now {
        utc: rfc3339(utc),
        local: rfc3339(local),
        weekday: local.weekday().to_string(),
        unix_seconds,
    }))
}

fn rfc3339(time: OffsetDateTime) -> String {
    // Fails only for years beyond 9999 and offsets with seconds.
    time.format(&Rfc3339).unwrap_or_default()
}
