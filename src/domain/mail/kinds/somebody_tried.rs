use crate::{mail::Mail, public_url::PublicUrl};

/// To who has an account with the address that somebody gave as their new one: the page said the
/// same as for an address that nobody has.
pub fn somebody_tried(to: &str, instance: &PublicUrl) -> Mail {
    Mail::new(to, "Your email address was given for another account")
        .text(&format!(
            "Somebody gave this address as the new one of another account at {instance}. You have \
             an account with it, so nothing was changed."
        ))
        .text("If it was you: change or delete the account that has the address now first.")
        .text("If it was not you, you need not do anything.")
}
