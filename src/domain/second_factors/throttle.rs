//! Slows down guessing a second factor, and never locks anybody out.

use std::net::IpAddr;

use crate::{
    Result,
    clock::Timestamp,
    ids::UserId,
    limits::{Limiter, Quota, network},
};

/// Codes of any kind for one account from one network: what a person needs who mistypes.
const GUESSER: Quota = Quota::new(5, 30_000);
/// Codes of the app for one account from everywhere. So tight because six digits are few; only
/// somebody who knows the password can use it up, and then its person has a recovery code or a
/// passkey, which are not counted here.
const SIX_DIGITS: Quota = Quota::new(20, 120_000);

pub(super) struct Throttle {
    guessers: Limiter<(UserId, IpAddr)>,
    six_digits: Limiter<UserId>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            guessers: Limiter::new(GUESSER),
            six_digits: Limiter::new(SIX_DIGITS),
        }
    }
}

impl Throttle {
    /// Counts a try.
    pub(super) fn recovery_code(&self, user: &UserId, from: IpAddr, now: Timestamp) -> Result<()> {
        self.guessers.take(&(user.clone(), network(from)), now)
    }

    /// Counts a try.
    pub(super) fn six_digits(&self, user: &UserId, from: IpAddr, now: Timestamp) -> Result<()> {
        self.recovery_code(user, from, now)?;
        self.six_digits.take(user, now)
    }

    /// The try was their person's: only failures count.
    pub(super) fn was_right(&self, user: &UserId, from: IpAddr, is_six_digits: bool) {
        self.guessers.give_back(&(user.clone(), network(from)));
        if is_six_digits {
            self.six_digits.give_back(user);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::second_factors::totp::{ACCEPTED_STEPS, CODES};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);
    const DAY_SECONDS: i64 = 86_400;

    fn address(number: u32) -> IpAddr {
        IpAddr::from(number.to_be_bytes())
    }

    /// Guesses of a day, by the quota.
    fn most_in_a_day() -> i64 {
        i64::from(SIX_DIGITS.burst) + DAY_SECONDS * 1_000 / SIX_DIGITS.each_ms
    }

    #[test]
    fn whoever_knows_the_password_guesses_six_digits_in_a_day_with_odds_below_1_in_400() {
        // A guess is right where it is the code of one of the steps that are accepted just then.
        let odds_of_a_guess = f64::from(ACCEPTED_STEPS) / f64::from(CODES);
        #[expect(clippy::cast_precision_loss, reason = "it is a small number")]
        let odds_of_a_day = 1.0 - (1.0 - odds_of_a_guess).powf(most_in_a_day() as f64);
        assert!(odds_of_a_day < 1.0 / 400.0, "{odds_of_a_day}");
        // And in the hour in which a person sees that they are asked for codes.
        let in_an_hour = i64::from(SIX_DIGITS.burst) + 3_600_000 / SIX_DIGITS.each_ms;
        #[expect(clippy::cast_precision_loss, reason = "it is a small number")]
        let odds_of_an_hour = odds_of_a_guess * in_an_hour as f64;
        assert!(odds_of_an_hour < 1.0 / 6_000.0, "{odds_of_an_hour}");
    }

    #[test]
    fn a_guesser_with_many_networks_gets_no_more_guesses_than_the_quota_says() {
        let throttle = Throttle::default();
        let ada = UserId::from("usr_ada");
        let guesses = (0..DAY_SECONDS)
            .filter(|second| {
                let from = address(u32::try_from(*second).unwrap());
                throttle
                    .six_digits(&ada, from, NOW.plus_seconds(*second))
                    .is_ok()
            })
            .count();
        let guesses = i64::try_from(guesses).unwrap();
        assert!(guesses <= most_in_a_day(), "{guesses}");
        assert!(guesses > 1, "its person would be locked out");
    }

    #[test]
    fn a_guesser_cannot_keep_their_victim_from_using_a_recovery_code() {
        let throttle = Throttle::default();
        let ada = UserId::from("usr_ada");
        for number in 0..1_000 {
            let _tried = throttle.six_digits(&ada, address(number), NOW);
        }
        let here = address(5_000);
        assert!(throttle.six_digits(&ada, here, NOW).is_err());
        throttle.recovery_code(&ada, here, NOW).unwrap();
    }

    #[test]
    fn who_signs_in_again_and_again_is_not_slowed_down() {
        let throttle = Throttle::default();
        let ada = UserId::from("usr_ada");
        for _ in 0..100 {
            throttle.six_digits(&ada, address(1), NOW).unwrap();
            throttle.was_right(&ada, address(1), true);
        }
    }
}
