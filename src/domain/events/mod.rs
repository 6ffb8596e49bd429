//! What happened, for other processes and for people.

mod store;

pub(crate) use store::changed;

use crate::text_enum;

text_enum! {
    /// What a change of authority was about.
    pub enum ChangeKind {
        Account = "account",
        Project = "project",
        Member = "member",
        ApiKey = "api_key",
        Tool = "tool",
        Integration = "integration",
        Grant = "grant",
        SigningKey = "signing_key",
    }
}
