//! Tokens of other people's authorization servers: for us (client credentials), and for a person who
//! connected their account (authorization code). What they are for is in the vault.

mod authorize;
mod connections;
mod exchange;
mod machine;
mod person;
mod store;
mod token;

use std::sync::Arc;

pub use authorize::{Authorization, Callback, NotAuthorized, Pending};
pub use connections::{Connection, ConnectionState};
pub(crate) use store::{count_of_member, end_all, end_of_member};
pub(crate) use token::{NoToken, Token, TokenFor};

use self::{exchange::Exchange, machine::MachineTokens};
use crate::{Core, Error, execute::Network, ids::VaultSecretId};

/// The room's service.
#[derive(Clone)]
pub struct Upstream {
    core: Core,
    exchange: Exchange,
    machine: Arc<MachineTokens>,
}

impl Upstream {
    pub(crate) fn new(core: Core, network: Network) -> Self {
        Self {
            exchange: Exchange::new(core.clone(), network),
            machine: Arc::default(),
            core,
        }
    }

    /// A token to send with a request, renewed where it has run out.
    pub(crate) async fn token(&self, of: &TokenFor) -> Result<Token, NoToken> {
        match &of.person {
            None => self.machine_token(&of.secret).await,
            Some(person) => self.person_token(&of.secret, person).await,
        }
    }

    /// Takes note that an endpoint did not accept a token: the next one is another. Whether that is
    /// worth a try; a token that was only just handed out is refused for another reason.
    pub(crate) async fn refused(&self, of: &TokenFor, token: &Token) -> Result<bool, Error> {
        const FRESH_SECONDS: i64 = 60;
        let is_fresh = self.core.now() < token.issued_at.plus_seconds(FRESH_SECONDS);
        // One that cannot be renewed is all that the person has: 401 may have another reason.
        if is_fresh || !token.is_renewable {
            return Ok(false);
        }
        match &of.person {
            None => self.machine.forget(&of.secret),
            Some(person) => self.person_token_refused(&of.secret, person, token).await?,
        }
        Ok(true)
    }

    /// Where a person connects their account.
    #[must_use]
    pub fn connect_url(&self, secret: &VaultSecretId) -> String {
        format!("{}/connect/{secret}", self.core.public_url.origin())
    }
}
