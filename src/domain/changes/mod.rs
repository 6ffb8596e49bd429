//! Changes of authority: what every cache of every process must hear of, because the next request
//! may no longer do what the last one did. A change is a row, written by the transaction that makes
//! it; this process hears of it as the transaction commits, and the others by following the rows.

mod feed;
mod follow;
mod remembered;
mod store;

pub use feed::{Change, Feed};
pub(crate) use follow::follow;
pub(crate) use remembered::{Remembered, heard_by};
pub(crate) use store::{changed, expire, newest, since};

use crate::text_enum;

text_enum! {
    /// What a change was about, and so what its subject is the id of.
    pub enum ChangeKind {
        /// A person.
        Account = "account",
        Project = "project",
        /// A person whose memberships changed.
        Member = "member",
        ApiKey = "api_key",
        /// A project whose tools changed.
        Tools = "tools",
        Integration = "integration",
        Client = "client",
        Grant = "grant",
        /// A browser's sign-in.
        Session = "session",
        /// One that people sign in with: the sessions that it began.
        Provider = "provider",
        /// What the instance's owner decided, by its name.
        Setting = "setting",
        SigningKey = "signing_key",
        /// The key that all is sealed under from now on, by its fingerprint.
        MasterKey = "master_key",
    }
}
