//! Refresh tokens: opaque, rotated at each use, bound to their client (OAuth 2.1 §4.3), and tolerant
//! of clients that race themselves or lose an answer.
//!
//! Each token is in one of these states. `used` is when it was first exchanged, `superseded` when
//! the first of its successors was used; the grace is [`Lifetimes::grace`](super::Lifetimes::grace),
//! the race min(30 s, grace).
//!
//! | state | is when | presented, it answers | and becomes |
//! |---|---|---|---|
//! | live | never exchanged | a successor | used |
//! | used | exchanged, no successor used | within the race of its newest successor: that one again; within the grace: another one, a sibling, up to 16 successors; later or past those: `invalid_grant` | used |
//! | superseded | a successor was used | within the race of that: `invalid_grant`; later: `invalid_grant`, and the grant ends | superseded |
//! | dead | a sibling was used | as superseded | dead |
//! | expired | past its end | `invalid_grant` | expired |
//!
//! The state is derived from times, and read and changed under a lock on the grant, so that of two
//! refreshes at once the second finds what the first one did.

use super::{
    ApprovedBy, EndReason, Grant, Grants, HowIssued, Scopes, TokenError, Tokens,
    signing_keys::SigningKey, store, tokens::seal_context,
};
use crate::{
    Error, Result, clients,
    clients::{Client, Registration},
    clock::Timestamp,
    crypto::{self, BearerSecret},
    db::Tx,
    events::Cause,
    integrations::{self, Approval},
    members,
};

/// What comes to the token endpoint with `grant_type=refresh_token`.
#[derive(Debug, Clone, Copy)]
pub struct Refresh<'a> {
    pub refresh_token: &'a str,
    pub scope: Option<&'a str>,
    pub resource: Option<&'a str>,
}

/// Successors of one token, of which none was used: a client that comes again and again gets no
/// endless row of them. Past it a replay is refused; none is forgotten, since the owner's may be the
/// oldest, and must be known when it comes.
const MOST_SIBLINGS: usize = 16;

/// See the table above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Live,
    Used { at: Timestamp },
    Superseded { at: Timestamp },
    Expired,
}

/// What to do with a token that is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Rotate,
    /// The newest successor again, if it is still kept, else a sibling.
    Repeat,
    Sibling,
    Refuse(Cause),
    /// Refuse, and end the grant.
    End,
}

impl store::RefreshToken {
    pub(super) fn state(&self, now: Timestamp) -> State {
        if self.expires_at <= now {
            return State::Expired;
        }
        match (self.used_at, self.successor_used_at, self.dead_at) {
            // A token that was itself used is not dead, whatever became of its siblings.
            (Some(_), Some(at), _) | (None, _, Some(at)) => State::Superseded { at },
            (Some(at), None, _) => State::Used { at },
            (None, _, None) => State::Live,
        }
    }
}

/// The table above, in code.
fn decide(state: State, newest_successor: Option<Timestamp>, times: Times) -> Decision {
    let Times { now, grace, race } = times;
    match state {
        State::Live => Decision::Rotate,
        State::Expired => Decision::Refuse(Cause::RefreshExpired),
        State::Used { at } if now >= at.plus_seconds(grace) => {
            Decision::Refuse(Cause::RefreshReplayedLate)
        }
        State::Used { .. } => match newest_successor {
            Some(made) if now < made.plus_seconds(race) => Decision::Repeat,
            _ => Decision::Sibling,
        },
        State::Superseded { at } if now < at.plus_seconds(race) => {
            Decision::Refuse(Cause::RefreshSuperseded)
        }
        State::Superseded { .. } => Decision::End,
    }
}

#[derive(Debug, Clone, Copy)]
struct Times {
    now: Timestamp,
    /// Seconds.
    grace: i64,
    race: i64,
}

impl Grants {
    /// Spends a refresh token for its successor and a new access token.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn refresh(
        &self,
        client: &Client,
        refresh: Refresh<'_>,
    ) -> Result<Tokens, TokenError> {
        client.must_be_active()?;
        let unknown = || TokenError::refused(Cause::RefreshUnknown, client.trail());
        let hash = crypto::hash_secret(refresh.refresh_token);
        let found = store::refresh_token_by_hash(&self.core.db, &hash)
            .await?
            .ok_or_else(unknown)?;
        let grant = self
            .grant_that_stands(&found, client)
            .await?
            .ok_or_else(unknown)?;
        if !self.is_resource_of(refresh.resource, &grant.audience) {
            return Err(TokenError::refused(Cause::WrongResource, grant.trail()));
        }
        let scopes = narrowed(grant.scopes, refresh.scope)
            .ok_or_else(|| TokenError::refused(Cause::WrongScope, grant.trail()))?;

        // Before the transaction: it may need the database, which SQLite's one writer would wait for.
        let key = self.keys.current().await?;
        let lifetimes = &self.core.lifetimes;
        let times = Times {
            now: self.core.now(),
            grace: lifetimes.grace(client.is_public()),
            race: lifetimes.race(client.is_public()),
        };
        let last = self.last_token_ends(&grant);
        let mut tx = self.core.db.begin().await?;
        let is_live = store::extend_live_grant(&mut tx, &grant.id, last).await?;
        // Nearly always it is this, and one statement does what the table says of it.
        if is_live && store::use_live_refresh_token(&mut tx, &found, times.now).await? {
            let token = self.new_refresh_token(&mut tx, &grant, Some(&hash)).await?;
            let how = HowIssued::Refreshed;
            return self.refreshed(tx, &key, &grant, scopes, token, how).await;
        }
        let token = store::refresh_token_in(&mut tx, &hash).await?;
        let (true, Some(token)) = (is_live, token) else {
            return Err(TokenError::refused(Cause::GrantEnded, grant.trail()));
        };
        let successors = store::successors_in(&mut tx, &hash).await?;
        let newest = successors.first();
        let decision = decide(
            token.state(times.now),
            newest.map(|successor| successor.created_at),
            times,
        );
        let (refresh_token, how) = match decision {
            Decision::Refuse(cause) => return Err(TokenError::refused(cause, grant.trail())),
            Decision::End => {
                let reason = EndReason::RefreshReplayed;
                store::end_grant(&mut tx, &grant.id, reason, times.now).await?;
                tx.commit().await?;
                return Err(TokenError::Refused {
                    cause: Cause::RefreshReplayed,
                    trail: Box::new(grant.trail()),
                    ended: Some(reason),
                });
            }
            // A live one was used above, while nobody else could use it.
            Decision::Rotate => {
                let why = "it is live and was not used";
                return Err(Error::corrupt("refresh token", why).into());
            }
            Decision::Repeat | Decision::Sibling => {
                let kept = match (decision, newest) {
                    (Decision::Repeat, Some(newest)) => self.opened(newest)?,
                    _ => None,
                };
                match kept {
                    Some(same) => (same, HowIssued::SameAgain),
                    None if successors.len() >= MOST_SIBLINGS => {
                        let cause = Cause::RefreshReplayedLate;
                        return Err(TokenError::refused(cause, grant.trail()));
                    }
                    None => {
                        let sibling = self.new_refresh_token(&mut tx, &grant, Some(&hash)).await?;
                        (sibling, HowIssued::Sibling)
                    }
                }
            }
        };
        self.refreshed(tx, &key, &grant, scopes, refresh_token, how)
            .await
    }

    /// Commits what was decided, with an access token beside the refresh token.
    async fn refreshed(
        &self,
        mut tx: Tx,
        key: &SigningKey,
        grant: &Grant,
        scopes: Scopes,
        refresh_token: BearerSecret,
        how: HowIssued,
    ) -> Result<Tokens, TokenError> {
        if grant.registration != Registration::Integration {
            clients::store::mark_used(&mut tx, &grant.client_id, self.core.now()).await?;
        }
        let tokens = self.tokens(key, grant, scopes, Some(refresh_token), how)?;
        tx.commit().await?;
        Ok(tokens)
    }

    /// The grant of a refresh token of `client`, if all that it rests on holds; `None` for another
    /// client's.
    async fn grant_that_stands(
        &self,
        token: &store::RefreshToken,
        client: &Client,
    ) -> Result<Option<Grant>, TokenError> {
        // What the bearer check remembers is as good here, and why something does not hold is looked
        // up where it does not.
        if let Some(standing) = self.authority.standings.get(&token.grant_id)
            && standing.integration.is_active
            && standing.grant.client_id == client.client_id()
        {
            return Ok(Some(standing.grant.clone()));
        }
        let grant = store::grant_by_id(&self.core.db, &token.grant_id)
            .await?
            .filter(|grant| grant.client_id == client.client_id());
        if let Some(grant) = &grant {
            self.check_grant(grant).await?;
            // For the next time.
            let _known = self.standing(&grant.id).await;
        }
        Ok(grant)
    }

    /// What a grant rests on must still hold.
    pub(super) async fn check_grant(&self, grant: &Grant) -> Result<(), TokenError> {
        let refuse = |cause| TokenError::refused(cause, grant.trail());
        let db = &self.core.db;
        if grant.ended_at.is_some() {
            return Err(refuse(match grant.end_reason {
                Some(EndReason::RefreshReplayed) => Cause::RefreshReplayed,
                Some(EndReason::CodeReplayed) => Cause::CodeReplayed,
                _ => Cause::GrantEnded,
            }));
        }
        let integration = integrations::store::by_id(db, &grant.integration_id)
            .await?
            .ok_or_else(|| refuse(Cause::GrantEnded))?;
        if !integration.is_active {
            return Err(refuse(Cause::Inactive));
        }
        match (grant.approved_by, &grant.user_id) {
            (ApprovedBy::Person, Some(user)) => {
                let role = members::store::role(db, &integration.project_id, user).await?;
                role.map(|_| ()).ok_or_else(|| refuse(Cause::NotMember))
            }
            (ApprovedBy::Automatic, None) if integration.approval == Approval::Automatic => Ok(()),
            (ApprovedBy::ClientCredentials, None) if integration.client_credentials => Ok(()),
            _ => Err(refuse(Cause::GrantEnded)),
        }
    }

    /// A successor that is still kept under the master key.
    fn opened(&self, token: &store::RefreshToken) -> Result<Option<BearerSecret>> {
        let Some(sealed) = &token.sealed else {
            return Ok(None);
        };
        let plain = self.core.sealer.open(&seal_context(&token.hash), sealed)?;
        Ok(BearerSecret::restored(&plain))
    }
}

/// The scopes asked for, never more than were granted; none asked for keeps them (RFC 6749 §6).
pub(super) fn narrowed(granted: Scopes, asked: Option<&str>) -> Option<Scopes> {
    let asked = match asked.map(str::trim).filter(|text| !text.is_empty()) {
        None => return Some(granted),
        Some(text) => Scopes::parse(text),
    };
    (asked != Scopes::default() && asked.within(granted)).then_some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp(1_790_000_000_000);

    fn at(seconds: i64, grace: i64) -> Times {
        Times {
            now: T0.plus_seconds(seconds),
            grace,
            race: grace.min(30),
        }
    }

    #[test]
    fn the_table_of_states() {
        use Decision::{End, Refuse, Repeat, Rotate, Sibling};
        let used = State::Used { at: T0 };
        let superseded = State::Superseded { at: T0 };
        let week = 7 * 86_400;
        for (state, seconds, grace, expected) in [
            (State::Live, 0, week, Rotate),
            (State::Expired, 0, week, Refuse(Cause::RefreshExpired)),
            (used, 0, week, Repeat),
            (used, 29, week, Repeat),
            (used, 30, week, Sibling),
            (used, week - 1, week, Sibling),
            (used, week, week, Refuse(Cause::RefreshReplayedLate)),
            (used, 4, 5, Repeat),
            (used, 5, 5, Refuse(Cause::RefreshReplayedLate)),
            (used, 0, 0, Refuse(Cause::RefreshReplayedLate)),
            (superseded, 0, week, Refuse(Cause::RefreshSuperseded)),
            (superseded, 29, week, Refuse(Cause::RefreshSuperseded)),
            (superseded, 30, week, End),
            (superseded, 0, 0, End),
        ] {
            let decision = decide(state, Some(T0), at(seconds, grace));
            assert_eq!(
                decision, expected,
                "{state:?} after {seconds} s, grace {grace} s"
            );
        }
        // A sibling that was made a moment ago is given again, not joined by yet another.
        let again = decide(used, Some(T0.plus_seconds(3_000)), at(3_010, week));
        assert_eq!(again, Repeat);
    }

    #[test]
    fn scopes_are_narrowed_and_never_widened() {
        let both = Scopes::parse("mcp:tools offline_access");
        assert_eq!(narrowed(both, None), Some(both));
        assert_eq!(narrowed(both, Some(" ")), Some(both));
        assert_eq!(narrowed(both, Some("mcp:tools")), Some(Scopes::DEFAULT));
        assert_eq!(
            narrowed(Scopes::DEFAULT, Some("mcp:tools offline_access")),
            None
        );
        assert_eq!(narrowed(both, Some("admin")), None);
    }
}
