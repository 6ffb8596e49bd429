use crate::{mail::Mail, public_url::PublicUrl};

/// To an address that somebody wants to make an account with, and nobody has one with.
pub fn sign_up(to: &str, instance: &PublicUrl, url: &str) -> Mail {
    Mail::new(to, "Make your TengineAI account")
        .text(&format!(
            "Somebody gave this address to make an account at {instance}. If it was you, go on."
        ))
        .link("Choose a password", url)
        .text("The link works for a day.")
        .text("If it was not you, do nothing: then there is no account.")
}

/// To who has an account with it already: the page said the same as for an address that nobody has.
pub fn somebody_signed_up(to: &str, instance: &PublicUrl) -> Mail {
    Mail::new(to, "You have a TengineAI account already")
        .text(&format!(
            "Somebody gave this address to make an account at {instance}. You have one with it, so \
             nothing was changed."
        ))
        .text("If it was you: sign in, and if you cannot, have a recovery link sent there.")
        .text("If it was not you, you need not do anything.")
}
