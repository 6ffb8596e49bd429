//! Clients without a guide of their own.

use leptos::prelude::*;

use super::{
    SECRET_PLACE,
    escape::{json, shell},
    redirects::Redirects,
    self_registered::SelfRegistered,
};
use crate::{api::integrations::IntegrationDetails, components::copy::CopyField};

#[component]
pub fn Other(details: IntegrationDetails) -> impl IntoView {
    let remote = remote(&details);
    view! {
        <h3>"Clients that register themselves"</h3>
        <SelfRegistered details=details.clone() key="other" />
        <h3>"Clients that only start local programs"</h3>
        <CopyField label="mcp-remote" value=remote />
        {(!details.is_public)
            .then(|| {
                view! {
                    <p class="hint">
                        "Put the secret in the place of " <code>{SECRET_PLACE}</code> "."
                    </p>
                }
            })}
        <Redirects
            uris=&["http://localhost/oauth/callback"]
            registered=details.redirect_uris
            may_manage=details.may_manage
        />
    }
    .into_any()
}

fn remote(details: &IntegrationDetails) -> String {
    let id = json(&details.client_id);
    let secret = match details.is_public {
        true => String::new(),
        false => format!(r#","client_secret":"{SECRET_PLACE}""#),
    };
    let client = format!(r#"{{"client_id":{id}{secret}}}"#);
    format!(
        "npx mcp-remote {} --static-oauth-client-info {}",
        shell(&details.server_url),
        shell(&client)
    )
}

#[cfg(test)]
mod tests {
    use super::{super::super::sample, *};

    #[test]
    fn json_within_a_shell_is_one_word() {
        let mut details = sample::details();
        assert_eq!(
            remote(&details),
            r#"npx mcp-remote https://tools.example.com/mcp/ --static-oauth-client-info '{"client_id":"tng_ci_1","client_secret":"YOUR_CLIENT_SECRET"}'"#
        );
        details.is_public = true;
        assert!(remote(&details).ends_with(r#"'{"client_id":"tng_ci_1"}'"#));
    }
}
