//! Every room's service over one core, made once at start.

use std::{ops::Deref, sync::Arc};

use crate::{
    Result,
    accounts::Accounts,
    api_keys::ApiKeys,
    audit::Audit,
    calls::{Calls, DetailLimits},
    changes::{Change, ChangeKind, heard_by},
    clients::Clients,
    clock::{Clock, Random, Timestamp},
    db::Db,
    events::Events,
    execute::{Execute, Network},
    grants::{Grants, Lifetimes},
    idempotency::Idempotency,
    instance::{FixedSettings, Instance, KnownSettings, Settings},
    integrations::Integrations,
    invitations::Invitations,
    lint::Lints,
    live::Live,
    mail::Mailer,
    members::Members,
    passkeys::Passkeys,
    projects::Projects,
    providers::Providers,
    public_url::PublicUrl,
    recovery::Recovery,
    sealing::Sealer,
    second_factors::SecondFactors,
    sessions::{SessionLimits, Sessions},
    tools::Tools,
    upstream::Upstream,
    vault::Vault,
};

/// What the services share. Cheap to clone.
#[derive(Clone)]
pub struct Core(Arc<CoreInner>);

struct CoreInner {
    parts: CoreParts,
    settings: Arc<KnownSettings>,
}

/// The parts of a [`Core`].
pub struct CoreParts {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub sealer: Sealer,
    pub public_url: PublicUrl,
    /// What the configuration decides of what an owner else would.
    pub fixed: FixedSettings,
    /// Whether others than this machine's user can reach it: by its public URL or its address.
    pub is_exposed: bool,
    /// Limits per address and per integration; off only for tests and benchmarks on loopback. Those
    /// per account are always on.
    pub limits: bool,
    pub lifetimes: Lifetimes,
    pub mailer: Mailer,
    pub session_limits: SessionLimits,
    /// How long details of calls are kept, and how many.
    pub details: DetailLimits,
}

impl Deref for Core {
    type Target = CoreParts;

    fn deref(&self) -> &CoreParts {
        &self.0.parts
    }
}

impl Core {
    #[must_use]
    pub fn new(parts: CoreParts) -> Self {
        let settings = KnownSettings::new(parts.db.feed());
        Self(Arc::new(CoreInner { parts, settings }))
    }

    /// What holds for everyone on the instance now.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settings(&self) -> Result<Arc<Settings>> {
        self.0.settings.get(&self.db, &self.fixed).await
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The services that every edge calls. Cheap to clone.
#[derive(Clone)]
pub struct Services(Arc<Rooms>);

/// A service per room.
pub struct Rooms {
    pub core: Core,
    pub accounts: Accounts,
    pub api_keys: ApiKeys,
    pub audit: Audit,
    pub calls: Calls,
    pub clients: Clients,
    pub events: Events,
    pub execute: Execute,
    pub grants: Grants,
    pub idempotency: Idempotency,
    pub instance: Instance,
    pub integrations: Integrations,
    pub invitations: Invitations,
    pub lints: Lints,
    pub live: Live,
    pub members: Members,
    pub passkeys: Passkeys,
    pub projects: Projects,
    pub recovery: Recovery,
    pub second_factors: SecondFactors,
    pub providers: Providers,
    pub sessions: Sessions,
    pub tools: Tools,
    pub upstream: Upstream,
    pub vault: Vault,
    /// Held, so that it goes on hearing of new keys.
    #[expect(dead_code, reason = "it is held, and nobody asks for it")]
    sealer: Arc<Sealer>,
}

impl Services {
    #[must_use]
    pub fn new(core: Core, network: Network) -> Self {
        let sealer = Arc::new(core.sealer.clone());
        heard_by(core.db.feed(), &sealer, |sealer, change| match change {
            Change::Of(ChangeKind::MasterKey, fingerprint) => sealer.replaced(fingerprint),
            Change::Anything => sealer.refresh(),
            Change::Of(..) => {}
        });
        let calls = Calls::new(core.clone());
        let events = Events::new(core.clone());
        let upstream = Upstream::new(core.clone(), network.clone());
        let clients = Clients::new(core.clone(), network.clone());
        let accounts = Accounts::new(core.clone());
        let grants = Grants::new(core.clone(), clients.clone(), events.clone());
        Self(Arc::new(Rooms {
            recovery: Recovery::new(core.clone(), &accounts),
            accounts,
            api_keys: ApiKeys::new(core.clone()),
            audit: Audit::new(core.clone()),
            execute: Execute::new(
                core.clone(),
                calls.clone(),
                upstream.clone(),
                network.clone(),
            ),
            calls,
            events,
            clients,
            idempotency: Idempotency::new(core.clone()),
            instance: Instance::new(core.clone()),
            integrations: Integrations::new(core.clone()),
            invitations: Invitations::new(core.clone()),
            lints: Lints::new(grants.toolsets()),
            grants,
            live: Live::new(core.clone()),
            members: Members::new(core.clone()),
            passkeys: Passkeys::new(core.clone()),
            projects: Projects::new(core.clone()),
            second_factors: SecondFactors::new(core.clone()),
            providers: Providers::new(core.clone(), network.clone()),
            sessions: Sessions::new(core.clone()),
            tools: Tools::new(core.clone(), network.clone()),
            upstream,
            vault: Vault::new(core.clone(), network),
            core,
            sealer,
        }))
    }
}

impl Deref for Services {
    type Target = Rooms;

    fn deref(&self) -> &Rooms {
        &self.0
    }
}
