//! Whether a call that went wrong is sent once more, and when. Only a tool whose `idempotentHint`
//! says that it may be sent twice has retries, and each of them carries the same
//! `X-Tengine-Request-Id`.

use std::time::Duration;

use http::{HeaderMap, header};

use super::{client::Answer, failure::Failure};
use crate::clock::Random;

/// The pause before the first retry, at the longest; each one after it doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// What an endpoint may ask for with `Retry-After`: one that wants more rest is not called again.
const LONGEST_ASKED: Duration = Duration::from_secs(10);

/// The pause before the next attempt; `None` where there is to be none. `made` counts the retries
/// before it.
pub(super) fn pause(
    attempt: &Result<Answer, Failure>,
    made: u32,
    random: &dyn Random,
) -> Option<Duration> {
    let asked = match attempt {
        Ok(answer) => match answer.status.as_u16() {
            429 => retry_after(&answer.headers)??,
            502..=504 => match retry_after(&answer.headers) {
                None => Duration::ZERO,
                Some(asked) => asked?,
            },
            _ => return None,
        },
        Err(
            Failure::NotConnected(_)
            | Failure::NotConnectedInTime(_)
            | Failure::Unreachable(_)
            | Failure::BrokeOff {
                was_told: false, ..
            },
        ) => Duration::ZERO,
        Err(_) => return None,
    };
    Some(asked.max(backoff(made, random)))
}

/// `Retry-After` (RFC 9110 §10.2.3): none, or one that is too long or a date, or seconds.
fn retry_after(headers: &HeaderMap) -> Option<Option<Duration>> {
    let asked = headers.get(header::RETRY_AFTER)?;
    let seconds = asked
        .to_str()
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let asked = seconds.map(Duration::from_secs);
    Some(asked.filter(|asked| *asked <= LONGEST_ASKED))
}

/// Doubles each time; between half and all of it, so that those who failed together do not come
/// back together.
fn backoff(made: u32, random: &dyn Random) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << made.min(16));
    let longest = longest.min(LONGEST_PAUSE);
    let mut bytes = [0; 4];
    random.fill(&mut bytes);
    let share = f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX);
    longest.mul_f64(0.5 + share / 2.0)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    struct Fixed(u8);

    impl Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    fn answered(status: u16, retry_after: Option<&str>) -> Result<Answer, Failure> {
        let mut headers = HeaderMap::new();
        if let Some(asked) = retry_after {
            headers.insert(header::RETRY_AFTER, asked.parse().unwrap());
        }
        Ok(Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers,
            body: Vec::new(),
            is_whole: true,
            streamed: None,
            not_followed: None,
        })
    }

    #[test]
    fn pauses_double_between_half_and_all_up_to_a_limit() {
        let at = |made, byte| backoff(made, &Fixed(byte)).as_millis();
        assert_eq!([at(0, 0), at(1, 0), at(2, 0)], [100, 200, 400]);
        assert_eq!([at(0, 255), at(1, 255), at(2, 255)], [200, 400, 800]);
        assert_eq!([at(9, 0), at(u32::MAX, 255)], [2_500, 5_000]);
    }

    #[test]
    fn what_may_pass_is_tried_again_and_what_an_endpoint_asks_for_is_kept() {
        let ms = |attempt: &Result<Answer, Failure>| {
            pause(attempt, 0, &Fixed(0)).map(|pause| pause.as_millis())
        };
        for (status, asked, pause) in [
            (200, None, None),
            (404, None, None),
            (500, None, None),
            (501, None, None),
            (502, None, Some(100)),
            (503, None, Some(100)),
            (504, None, Some(100)),
            (503, Some("3"), Some(3_000)),
            (503, Some("0"), Some(100)),
            (503, Some("11"), None),
            (503, Some("Fri, 31 Dec 1999 23:59:59 GMT"), None),
            (503, Some("-1"), None),
            (429, None, None),
            (429, Some("1"), Some(1_000)),
            (429, Some("3600"), None),
            (429, Some("99999999999999999999999"), None),
        ] {
            assert_eq!(ms(&answered(status, asked)), pause, "{status} {asked:?}");
        }
        let broken = |was_told| Failure::BrokeOff {
            status: StatusCode::OK,
            bytes: 1,
            was_told,
        };
        assert_eq!(ms(&Err(Failure::Unreachable(""))), Some(100));
        assert_eq!(ms(&Err(Failure::NotConnected(""))), Some(100));
        assert_eq!(ms(&Err(broken(false))), Some(100));
        assert_eq!(ms(&Err(broken(true))), None, "progress never goes back");
        assert_eq!(ms(&Err(Failure::NoAnswerInTime)), None);
        assert_eq!(ms(&Err(Failure::NotHttp)), None);
    }
}
