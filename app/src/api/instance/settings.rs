//! What an owner of the instance decides for everyone on it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::UiError;

/// The settings as their form shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceSettings {
    /// `first`, `open` or `invite`
    pub sign_up: String,
    /// One a line.
    pub sign_up_domains: String,
    pub require_second_factor: bool,
    pub dynamic_registration: bool,
    pub client_metadata_documents: bool,
    /// A setting's name and the variable that fixes it.
    pub fixed: Vec<(String, String)>,
    /// Whether the reader could go on if a second factor were required.
    pub has_second_factor: bool,
    pub sends_mail: bool,
}

impl InstanceSettings {
    /// The variable that fixes a setting, where one does.
    #[must_use]
    pub fn fixed_by(&self, name: &str) -> Option<String> {
        let found = self.fixed.iter().find(|(fixed, _)| fixed == name);
        found.map(|(_, variable)| variable.clone())
    }
}

#[server(endpoint = "load_settings")]
pub async fn load_settings() -> Result<InstanceSettings, UiError> {
    use crate::ssr::{instance_owner, person};
    use domain::instance::SettingName;
    let (services, _) = instance_owner().await?;
    let settings = services.instance.settings().await?;
    let fixed = services.instance.fixed();
    Ok(InstanceSettings {
        sign_up: settings.sign_up.to_string(),
        sign_up_domains: settings.sign_up_domains.join("\n"),
        require_second_factor: settings.require_second_factor,
        dynamic_registration: settings.dynamic_registration,
        client_metadata_documents: settings.client_metadata_documents,
        fixed: SettingName::ALL
            .iter()
            .filter_map(|name| Some((name.to_string(), fixed.variable(*name)?.to_owned())))
            .collect(),
        has_second_factor: person().await?.has_second_factor,
        sends_mail: services.core.mailer.is_configured(),
    })
}

/// Changes who may make an account. What is fixed is not sent.
#[server(endpoint = "set_sign_up")]
pub async fn set_sign_up(
    #[server(default)] sign_up: Option<String>,
    #[server(default)] sign_up_domains: Option<String>,
) -> Result<(), UiError> {
    use crate::ssr::instance_owner;
    use domain::{Error, instance::SettingsChange};
    let (services, owner) = instance_owner().await?;
    let sign_up = sign_up
        .map(|text| text.parse().map_err(|why| Error::invalid("sign_up", why)))
        .transpose()?;
    let lines = |text: String| -> Vec<String> {
        let words = text.split(|c: char| c.is_whitespace() || c == ',');
        words
            .filter(|word| !word.is_empty())
            .map(ToOwned::to_owned)
            .collect()
    };
    let change = SettingsChange {
        sign_up,
        sign_up_domains: sign_up_domains.map(lines),
        ..SettingsChange::default()
    };
    services.instance.change(&owner, change).await?;
    Ok(())
}

/// Switches one of the settings that are on or off.
#[server(endpoint = "set_switch")]
pub async fn set_switch(name: String, #[server(default)] is_on: bool) -> Result<(), UiError> {
    use crate::ssr::{errors, fresh_person, instance_owner};
    use domain::{
        Error,
        instance::{SettingName, SettingsChange},
    };
    let (services, owner) = instance_owner().await?;
    let mut change = SettingsChange::default();
    match name.parse() {
        Ok(SettingName::RequireSecondFactor) => {
            let (signed_in, _) = fresh_person().await?;
            if is_on && !signed_in.has_second_factor {
                return Err(errors::second_factor_first());
            }
            change.require_second_factor = Some(is_on);
        }
        Ok(SettingName::DynamicRegistration) => change.dynamic_registration = Some(is_on),
        Ok(SettingName::ClientMetadataDocuments) => {
            change.client_metadata_documents = Some(is_on);
        }
        _ => return Err(Error::NotFound("switch").into()),
    }
    services.instance.change(&owner, change).await?;
    Ok(())
}
