//! Using an invitation.

use std::net::IpAddr;

use super::{InvitationState, Invitations, PREFIX, found::Found, store};
use crate::{
    Core, Error, Result,
    accounts::{Actor, LockedAccount, lock_enabled, mark_verified},
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    clock::Timestamp,
    crypto::{hash_secret, is_well_formed},
    db::Tx,
    ids::ProjectId,
    members::{self, Members, Role},
};

/// One answer for all that does not work, whatever the reason: a stranger learns nothing by it.
const GONE: Error = Error::NotFound("invitation any more. Ask whoever sent it for a new one");

/// What the page of a link shows to whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedAt {
    /// `None`: it is for an account on the instance and nothing else.
    pub project_name: Option<String>,
    pub role: Option<Role>,
    /// The email of who made it.
    pub invited_by: String,
    /// Whether only the account of one address may use it. Which one is not told.
    pub is_bound: bool,
    pub expires_at: Timestamp,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    pub project_id: Option<ProjectId>,
    /// The role that the person has now.
    pub role: Option<Role>,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Joined,
    /// They were a member with a lower role.
    Raised,
    /// They were in already: no use was spent, and nothing is changed.
    WasMember,
}

impl Invitations {
    /// What an invitation is, for whoever holds its link.
    ///
    /// # Errors
    /// [`Error::NotFound`], one and the same for one that is unknown, expired, taken back or used up;
    /// [`Error::Throttled`] for who tries many that are.
    pub async fn look_at(&self, token: &str, from: IpAddr) -> Result<LookedAt> {
        self.may_look(from)?;
        let found = find(&self.core, token).await?;
        let now = self.core.now();
        let Some(found) = found.filter(|found| found.state(now) == InvitationState::Open) else {
            self.guessed(from);
            return Err(GONE);
        };
        Ok(LookedAt {
            project_name: found.project_name().map(ToOwned::to_owned),
            role: found.role,
            invited_by: found.maker_email().to_owned(),
            is_bound: found.email().is_some(),
            expires_at: found.expires_at(),
        })
    }

    /// A person who is signed in uses an invitation. For who is a member already it does nothing, again
    /// and again; a role that is lower than the invitation's is raised, unless it was lowered since.
    ///
    /// # Errors
    /// As [`Invitations::look_at`]; [`Error::Forbidden`] for a key, for the invitation of another
    /// address, and for that of one's own as long as nothing has shown that it is.
    pub async fn accept(&self, token: &str, actor: &Actor, from: IpAddr) -> Result<Joined> {
        let Actor::Person { user_id } = actor else {
            return Err(Error::Forbidden(
                "A key cannot accept an invitation: sign in.".to_owned(),
            ));
        };
        self.may_look(from)?;
        // Before a guess costs a transaction.
        if find(&self.core, token).await?.is_none() {
            self.guessed(from);
            return Err(GONE);
        }
        let mut tx = self.core.db.begin().await?;
        let account = lock_enabled(&mut tx, user_id)
            .await?
            .ok_or(Error::NotFound("account"))?;
        match join(&self.core, &mut tx, token, &account, from).await {
            Ok(joined) => {
                tx.commit().await?;
                Ok(joined)
            }
            Err(error) => {
                if matches!(error, Error::NotFound(_)) {
                    self.guessed(from);
                }
                Err(error)
            }
        }
    }
}

async fn find(core: &Core, token: &str) -> Result<Option<Found>> {
    if !is_well_formed(token, PREFIX) {
        return Ok(None);
    }
    store::by_hash(&core.db, &hash_secret(token)).await
}

/// Whether an invitation lets a stranger make an account of this address, before it costs a hash. Tells
/// whether the address has to be shown to be theirs first ([`must_be_confirmed`]).
///
/// # Errors
/// [`Error::NotFound`] as [`Invitations::look_at`]; [`Error::Invalid`] for `email` where it is
/// another's.
pub(crate) async fn check_for_sign_up(
    core: &Core,
    token: &str,
    email: Option<&str>,
) -> Result<bool> {
    let found = find(core, token).await?;
    let found = found.filter(|found| found.state(core.now()) == InvitationState::Open);
    let found = found.ok_or(GONE)?;
    if email.is_some() && found.email().is_some() && found.email() != email {
        return Err(Error::invalid(
            "email",
            "This invitation is for another email address.",
        ));
    }
    must_be_confirmed(core, &found).await
}

/// Whether who makes an account with an invitation has to show first that the address is theirs: where
/// something rests on the address, the instance can find it out by mail, and having the link does not show
/// it already. Without a mail server nobody can be asked: there the link itself is the proof.
async fn must_be_confirmed(core: &Core, found: &Found) -> Result<bool> {
    if found.is_mailed() || !core.mailer.is_configured() {
        return Ok(false);
    }
    Ok(found.email().is_some() || !core.settings().await?.sign_up_domains.is_empty())
}

/// Spends a use of an invitation for an account, which is locked or was made in this transaction, and
/// makes it a member.
///
/// # Errors
/// As [`Invitations::accept`].
pub(crate) async fn join(
    core: &Core,
    tx: &mut Tx,
    token: &str,
    account: &LockedAccount,
    from: IpAddr,
) -> Result<Joined> {
    if !is_well_formed(token, PREFIX) {
        return Err(GONE);
    }
    let hash = hash_secret(token);
    let found = store::by_hash_in(tx, &hash).await?.ok_or(GONE)?;
    if let Some(project) = &found.project_id {
        members::store::lock(tx, project).await?;
    }
    // Looked at again now that nobody changes who is a member: whoever made it may not have been able
    // to any more, a moment ago.
    let found = store::by_hash_in(tx, &hash).await?.ok_or(GONE)?;
    let now = core.now();
    let is_open = found.state(now) == InvitationState::Open;
    if found.email().is_some_and(|bound| bound != account.email) {
        return Err(if is_open { of_another() } else { GONE });
    }
    let (Some(project), Some(role)) = (&found.project_id, found.role) else {
        return join_instance(core, tx, &found, account).await;
    };
    let member = members::store::member_in(tx, project, &account.id).await?;
    if let Some(member) = member.as_ref().filter(|member| member.role >= role) {
        return Ok(joined(&found, member.role, Outcome::WasMember));
    }
    let cut_at = members::store::cut_at(tx, project, &account.id).await?;
    let is_cut = cut_at.is_some_and(|at| at >= found.created_at());
    if !is_open || is_cut {
        return Err(GONE);
    }
    check_address(core, &found, account)?;
    if !store::spend(tx, found.id(), now).await? {
        return Err(GONE);
    }
    verify(core, tx, &found, account).await?;
    let actor = Actor::Person {
        user_id: account.id.clone(),
    };
    let outcome = if let Some(member) = member {
        let members = Members::new(core.clone());
        members.change(tx, &actor, project, &member, role).await?;
        Outcome::Raised
    } else {
        members::store::insert(tx, project, &account.id, role, now).await?;
        changed(tx, ChangeKind::Member, account.id.as_str(), now).await?;
        Outcome::Joined
    };
    let entry = Entry::of_person(Act::Joined, &account.id)
        .in_project(project)
        .from_address(from)
        .with_detail(format!("{role}, by {}", found.id()));
    audit::record(core, tx, entry).await?;
    Ok(joined(&found, role, outcome))
}

/// An account is all that it gives, and only one that was just made needs it.
async fn join_instance(
    core: &Core,
    tx: &mut Tx,
    found: &Found,
    account: &LockedAccount,
) -> Result<Joined> {
    let now = core.now();
    if found.state(now) != InvitationState::Open {
        return Err(GONE);
    }
    let outcome = if account.is_new {
        check_address(core, found, account)?;
        if !store::spend(tx, found.id(), now).await? {
            return Err(GONE);
        }
        Outcome::Joined
    } else {
        Outcome::WasMember
    };
    verify(core, tx, found, account).await?;
    Ok(Joined {
        project_id: None,
        role: None,
        outcome,
    })
}

/// Whoever has a link that went to an address and to nobody else reads the mail there.
async fn verify(core: &Core, tx: &mut Tx, found: &Found, account: &LockedAccount) -> Result<()> {
    if found.is_mailed() && !account.is_verified {
        mark_verified(core, tx, &account.id).await?;
    }
    Ok(())
}

/// Anybody can give an account an address that they do not have: what is meant for one address is for who
/// has shown that it is theirs, where the instance can find that out.
fn check_address(core: &Core, found: &Found, account: &LockedAccount) -> Result<()> {
    let is_shown = account.is_verified || found.is_mailed() || !core.mailer.is_configured();
    if found.email().is_none() || is_shown {
        return Ok(());
    }
    Err(Error::Forbidden(
        "Confirm your address first: have a link sent to it under Account → Profile, open that, and come \
         back to this invitation."
            .to_owned(),
    ))
}

fn joined(found: &Found, role: Role, outcome: Outcome) -> Joined {
    Joined {
        project_id: found.project_id.clone(),
        role: Some(role),
        outcome,
    }
}

fn of_another() -> Error {
    Error::Forbidden(
        "This invitation is for another email address. Sign in with the account of that address."
            .to_owned(),
    )
}
