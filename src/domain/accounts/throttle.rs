//! Slows down guessing, per account and per address, and mail to one address.

use std::net::IpAddr;

use crate::{
    Result,
    clock::Timestamp,
    ids::UserId,
    limits::{Limiter, Quota, network},
    recovery::LinkKind,
};

/// For one account from one network: what a person who forgot their password needs.
const GUESSER: Quota = Quota::new(10, 6_000);
/// For one account from everywhere; who signed in from a network before is not asked there.
const ACCOUNT: Quota = Quota::new(100, 1_000);
const ADDRESS: Quota = Quota::new(60, 1_000);
/// Wrong guesses from one network over all accounts: the commonest passwords, tried on everyone.
const SPRAYER: Quota = Quota::new(40, 6_000);
/// Mails that one network has sent to others.
const ASKER: Quota = Quota::new(10, 60_000);
/// Changes of one person's address.
const CHANGER: Quota = Quota::new(5, 12 * 60_000);
/// Mails that strangers have sent to one address: three an hour.
const MAILS: Quota = Quota::new(3, 20 * 60_000);

pub(crate) struct Throttle {
    by_address: bool,
    guessers: Limiter<(String, IpAddr)>,
    accounts: Limiter<String>,
    addresses: Limiter<IpAddr>,
    sprayers: Limiter<IpAddr>,
    askers: Limiter<IpAddr>,
    changers: Limiter<UserId>,
    mails: Limiter<(LinkKind, String)>,
}

impl Throttle {
    /// `by_address` can be switched off, for tests; the limits on an account never.
    pub(super) fn new(by_address: bool) -> Self {
        Self {
            by_address,
            guessers: Limiter::new(GUESSER),
            accounts: Limiter::new(ACCOUNT),
            addresses: Limiter::new(ADDRESS),
            sprayers: Limiter::new(SPRAYER),
            askers: Limiter::new(ASKER),
            changers: Limiter::new(CHANGER),
            mails: Limiter::new(MAILS),
        }
    }

    /// Counts a try. `email` is a checked one: its length is bounded.
    pub(crate) fn account(&self, email: &str, from: IpAddr, now: Timestamp) -> Result<()> {
        self.guesser(email, from, now)?;
        self.crowd(email, now)
    }

    /// Counts a try at an account for who tries.
    pub(super) fn guesser(&self, email: &str, from: IpAddr, now: Timestamp) -> Result<()> {
        self.guessers
            .take(&(email.to_owned(), network(from)), now)?;
        if self.by_address {
            self.sprayers.take(&network(from), now)?;
        }
        Ok(())
    }

    /// Counts a try at an account, wherever it comes from.
    pub(super) fn crowd(&self, email: &str, now: Timestamp) -> Result<()> {
        self.accounts.take(&email.to_owned(), now)
    }

    /// The try was the owner's: only failures count.
    pub(crate) fn was_right(&self, email: &str, from: IpAddr) {
        self.guesser_was_right(email, from);
        self.accounts.give_back(&email.to_owned());
    }

    /// The same of a try that [`Throttle::crowd`] did not count.
    pub(super) fn guesser_was_right(&self, email: &str, from: IpAddr) {
        self.guessers.give_back(&(email.to_owned(), network(from)));
        self.sprayers.give_back(&network(from));
    }

    pub(crate) fn address(&self, from: IpAddr, now: Timestamp) -> Result<()> {
        if self.by_address {
            self.addresses.take(&network(from), now)
        } else {
            Ok(())
        }
    }

    /// Counts a mail that somebody has sent.
    pub(crate) fn asker(&self, from: IpAddr, now: Timestamp) -> Result<()> {
        if self.by_address {
            self.askers.take(&network(from), now)
        } else {
            Ok(())
        }
    }

    /// Counts a change of a person's address.
    pub(super) fn changer(&self, user: &UserId, now: Timestamp) -> Result<()> {
        self.changers.take(user, now)
    }

    /// Whether an address may be sent one more mail that its owner may not have asked for. Whoever
    /// asks is not to hear of it. Counted for addresses without an account alike, and for each kind
    /// of mail by itself: who has one sent keeps no other back.
    pub(crate) fn mail_to(&self, kind: LinkKind, email: &str, now: Timestamp) -> bool {
        self.mails.take(&(kind, email.to_owned()), now).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    #[test]
    fn guessing_is_slowed_down_and_the_owner_elsewhere_is_not() {
        let throttle = Throttle::new(false);
        let [here, there] = ["192.0.2.1", "198.51.100.1"].map(|text| text.parse().unwrap());
        for _ in 0..GUESSER.burst {
            throttle.account("ada@example.com", here, NOW).unwrap();
        }
        assert!(matches!(
            throttle.account("ada@example.com", here, NOW),
            Err(Error::Throttled {
                retry_after_seconds: 1..=7
            })
        ));
        throttle.account("ada@example.com", there, NOW).unwrap();
        throttle.account("bob@example.com", here, NOW).unwrap();
    }

    #[test]
    fn who_signs_in_again_and_again_is_not_slowed_down() {
        let throttle = Throttle::new(true);
        let here = "192.0.2.1".parse().unwrap();
        for _ in 0..50 {
            throttle.account("ada@example.com", here, NOW).unwrap();
            throttle.was_right("ada@example.com", here);
        }
    }

    #[test]
    fn guessing_from_many_networks_is_slowed_down_by_seconds_only() {
        let throttle = Throttle::new(true);
        let refused = (0..=200_u8).find_map(|last| {
            throttle
                .account("ada@example.com", IpAddr::from([192, 0, 2, last]), NOW)
                .err()
        });
        // However long it went on: what was refused is not counted.
        assert!(matches!(
            refused,
            Some(Error::Throttled {
                retry_after_seconds: 1..=2
            })
        ));
        let owner = "198.51.100.1".parse().unwrap();
        let soon = NOW.plus_seconds(1);
        throttle.account("ada@example.com", owner, soon).unwrap();
    }

    #[test]
    fn one_password_sprayed_over_many_accounts_from_one_network_is_slowed_down() {
        let throttle = Throttle::new(true);
        let spray = |from: IpAddr, now| {
            (0..1_000)
                .take_while(|n| {
                    throttle
                        .account(&format!("u{n}@example.com"), from, now)
                        .is_ok()
                })
                .count()
        };
        let sprayer = "2001:db8::1".parse().unwrap();
        assert_eq!(spray(sprayer, NOW), 40);
        // Another address of the same network is no other.
        let again = "2001:db8::2".parse().unwrap();
        assert_eq!(spray(again, NOW.plus_seconds(60)), 10);
        let a_day = (0..1_440).map(|minute| spray(sprayer, NOW.plus_seconds(120 + 60 * minute)));
        assert!(a_day.sum::<usize>() <= 14_400);
        let colleague = "198.51.100.1".parse().unwrap();
        let tomorrow = NOW.plus_seconds(86_520);
        throttle
            .account("u1@example.com", colleague, tomorrow)
            .unwrap();
    }

    #[test]
    fn an_address_is_sent_three_mails_an_hour() {
        let throttle = Throttle::new(false);
        let sent = |now| {
            (0..10)
                .filter(|_| throttle.mail_to(LinkKind::Reset, "ada@example.com", now))
                .count()
        };
        assert_eq!(sent(NOW), 3);
        assert_eq!(sent(NOW.plus_seconds(3_600)), 3);
        assert!(throttle.mail_to(LinkKind::Reset, "bob@example.com", NOW));
        assert!(throttle.mail_to(LinkKind::ConfirmEmail, "ada@example.com", NOW));
    }
}
