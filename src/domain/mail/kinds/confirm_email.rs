use crate::{mail::Mail, public_url::PublicUrl};

/// To an address that somebody says is theirs.
pub fn confirm_email(to: &str, instance: &PublicUrl, url: &str) -> Mail {
    Mail::new(to, "Confirm your email address for TengineAI")
        .text(&format!(
            "Somebody gave this address for their account at {instance}. If it was you, confirm it."
        ))
        .link("Confirm this address", url)
        .text("The link works once, for a day, for who is signed in to that account.")
        .text("If it was not you, do nothing: then nobody can use your address there.")
}
