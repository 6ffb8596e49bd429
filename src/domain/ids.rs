//! Identifiers: a prefix that names the kind and a UUIDv7 that sorts by time (RFC 9562 §5.7).

use std::{
    fmt,
    sync::atomic::{AtomicU16, Ordering},
};

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use crate::clock::{Clock, Random, Timestamp};

/// A UUIDv7 of this moment.
pub fn uuid_v7(clock: &dyn Clock, random: &dyn Random) -> Uuid {
    uuid_v7_at(clock.now(), random)
}

fn uuid_v7_at(now: Timestamp, random: &dyn Random) -> Uuid {
    // Those that one process makes within a millisecond sort by their making too (RFC 9562 §6.2).
    static COUNTER: AtomicU16 = AtomicU16::new(0);
    let mut bytes = [0_u8; 10];
    random.fill(&mut bytes);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    bytes[..2].copy_from_slice(&count.to_be_bytes());
    let millis = u64::try_from(now.0).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[sqlx(transparent)]
        #[serde(from = "String")]
        pub struct $name(String);

        impl $name {
            /// A new identifier, sortable by the time of its making.
            pub fn new(clock: &dyn Clock, random: &dyn Random) -> Self {
                Self(format!("{}{}", $prefix, uuid_v7(clock, random).simple()))
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        // Whatever a path or a token holds: one that names nothing is simply not found.
        impl From<String> for $name {
            fn from(text: String) -> Self {
                // PostgreSQL has no text with a NUL, and so no row with such an id.
                Self(if text.contains('\0') { String::new() } else { text })
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::from(text.to_owned())
            }
        }
    };
}

id!(/// A person's account.
    UserId, "usr_");
id!(/// A project: what members, tools and integrations belong to.
    ProjectId, "prj_");
id!(/// A tool.
    ToolId, "tool_");
id!(/// An MCP integration.
    IntegrationId, "int_");
id!(/// One secret of an integration.
    SecretId, "sec_");
id!(/// A completed authorization.
    GrantId, "grt_");
id!(/// A key of the REST management API.
    ApiKeyId, "key_");
id!(/// One call of a tool.
    CallId, "call_");
id!(/// A step of an attempt to connect.
    EventId, "evt_");
id!(/// A named secret of a project's vault.
    VaultSecretId, "vsec_");
id!(/// An invitation to a project or to the instance.
    InvitationId, "inv_");
id!(/// A browser's sign-in.
    SessionId, "ses_");
id!(/// A passkey of a person.
    PasskeyId, "pky_");
id!(/// An identity provider of the instance.
    ProviderId, "idp_");
id!(/// A row of the audit log.
    AuditId, "aud_");

impl CallId {
    /// That of a call which began at this time: the log finds calls of a time by their ids alone.
    pub(crate) fn at(began: Timestamp, random: &dyn Random) -> Self {
        Self(format!("call_{}", uuid_v7_at(began, random).simple()))
    }
}
