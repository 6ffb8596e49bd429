use std::net::IpAddr;

use crate::{mail::Mail, public_url::PublicUrl};

/// For who forgot their password.
pub fn reset_password(to: &str, instance: &PublicUrl, url: &str, from: IpAddr) -> Mail {
    Mail::new(to, "Set a new TengineAI password")
        .text(&format!(
            "Somebody at the network address {from} asked for a new password for your account at \
             {instance}."
        ))
        .link("Set a new password", url)
        .text("The link works once, for an hour. All browsers that are signed in are signed out.")
        .text("If it was not you, do nothing: your password stays as it is.")
}
