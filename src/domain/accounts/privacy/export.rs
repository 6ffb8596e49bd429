//! All that is stored about a person, as one document.

use serde_json::{Value, json};

use super::rows::{self, rows, rows_of_log};
use crate::{
    Error, Result,
    accounts::{Accounts, Actor},
    audit::{self, Act, Entry},
    members::Role,
};

/// Rows of each kind in an export, the newest; of calls there may be more.
pub const EXPORTED_ROWS: i64 = 10_000;

impl Accounts {
    /// All that is stored about a person, for themselves: never a secret, and never what stands in the
    /// place of one. Times are milliseconds since the Unix epoch. A list has the newest
    /// [`EXPORTED_ROWS`]; what the call log keeps of calls by a key is its project's.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a key that is not the account's own and an owner's.
    pub async fn export(&self, actor: &Actor) -> Result<Value> {
        let user_id = actor.own_account(Role::Owner)?;
        let db = &self.core.db;
        let account = rows::<rows::AccountData>(db, rows::AccountData::SQL, user_id).await?;
        let account = account
            .into_iter()
            .next()
            .ok_or(Error::NotFound("account"))?;
        let mut document = json!({
            "exported_at": self.core.now(),
            "most_rows_of_a_kind": EXPORTED_ROWS,
            "account": account,
        });
        macro_rules! add {
            ($($key:literal: $read:ident::<$row:ident>),+ $(,)?) => { $(
                document[$key] =
                    $read::<rows::$row>(db, rows::$row::SQL, user_id).await?.into();
            )+ };
        }
        add!(
            "memberships": rows::<Membership>,
            "sessions": rows::<SessionData>,
            "authenticator_apps": rows::<Totp>,
            "recovery_codes": rows::<RecoveryCode>,
            "passkeys": rows::<PasskeyData>,
            "identities": rows::<Identity>,
            "links": rows::<LinkData>,
            "api_keys": rows::<KeyData>,
            "connections": rows::<ConnectionData>,
            "consents": rows::<Consent>,
            "connected_accounts": rows::<ConnectedAccount>,
            "invitations": rows::<InvitationData>,
            "audit": rows::<AuditData>,
            "made": rows::<Made>,
            "calls": rows_of_log::<CallData>,
            "events": rows_of_log::<EventData>,
        );
        let mut tx = db.begin().await?;
        let entry = Entry::by(Act::AccountExported, actor).about(user_id);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(document)
    }
}
