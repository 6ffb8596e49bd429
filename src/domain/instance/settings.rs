//! What an owner decides, its rules, and what the server's own configuration decides before them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Result, accounts::SignUpPolicy, clients::SelfRegistration, error::Rules, text_enum};

/// Mail domains that sign-up may be narrowed to.
const MOST_DOMAINS: usize = 100;

text_enum! {
    /// A setting's name: in the database, over REST and on the page.
    pub enum SettingName {
        SignUp = "sign_up",
        SignUpDomains = "sign_up_domains",
        RequireSecondFactor = "require_second_factor",
        DynamicRegistration = "dynamic_registration",
        ClientMetadataDocuments = "client_metadata_documents",
    }
}

/// What holds for everyone on the instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// Who may make an account.
    pub sign_up: SignUpPolicy,
    /// The mail domains that new accounts may have; empty: any. Invitations are held to it too.
    pub sign_up_domains: Vec<String>,
    /// Whether projects are open only to accounts with a second factor.
    pub require_second_factor: bool,
    /// Whether clients may register themselves (RFC 7591).
    pub dynamic_registration: bool,
    /// Whether clients may be described by a document at their id.
    pub client_metadata_documents: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sign_up: SignUpPolicy::First,
            sign_up_domains: Vec::new(),
            require_second_factor: false,
            dynamic_registration: true,
            client_metadata_documents: true,
        }
    }
}

impl Settings {
    #[must_use]
    pub const fn self_registration(&self) -> SelfRegistration {
        SelfRegistration {
            dynamic: self.dynamic_registration,
            metadata_documents: self.client_metadata_documents,
        }
    }

    /// Whether a new account may have this address, which is a checked one.
    #[must_use]
    pub fn allows_domain(&self, email: &str) -> bool {
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.sign_up_domains.is_empty() || self.sign_up_domains.iter().any(|one| one == domain)
    }

    pub(super) fn json(&self, name: SettingName) -> Value {
        match name {
            SettingName::SignUp => json!(self.sign_up),
            SettingName::SignUpDomains => json!(self.sign_up_domains),
            SettingName::RequireSecondFactor => json!(self.require_second_factor),
            SettingName::DynamicRegistration => json!(self.dynamic_registration),
            SettingName::ClientMetadataDocuments => json!(self.client_metadata_documents),
        }
    }

    /// Takes a stored value over; one that this program does not understand changes nothing.
    pub(super) fn take(&mut self, name: SettingName, value: Value) {
        fn into<T: for<'a> Deserialize<'a>>(place: &mut T, value: Value) {
            if let Ok(value) = serde_json::from_value(value) {
                *place = value;
            }
        }
        match name {
            SettingName::SignUp => into(&mut self.sign_up, value),
            SettingName::SignUpDomains => into(&mut self.sign_up_domains, value),
            SettingName::RequireSecondFactor => into(&mut self.require_second_factor, value),
            SettingName::DynamicRegistration => into(&mut self.dynamic_registration, value),
            SettingName::ClientMetadataDocuments => {
                into(&mut self.client_metadata_documents, value);
            }
        }
    }
}

/// What flags, environment or file set: it stands above what an owner decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FixedSettings {
    /// `TENGINE_SIGNUP`
    pub sign_up: Option<SignUpPolicy>,
    /// `TENGINE_SIGNUP_DOMAINS`
    pub sign_up_domains: Option<Vec<String>>,
    /// `TENGINE_REQUIRE_SECOND_FACTOR`
    pub require_second_factor: Option<bool>,
    /// `TENGINE_DYNAMIC_REGISTRATION`
    pub dynamic_registration: Option<bool>,
    /// `TENGINE_CLIENT_METADATA_DOCUMENTS`
    pub client_metadata_documents: Option<bool>,
}

impl FixedSettings {
    /// The variable that fixes a setting, if one does.
    #[must_use]
    pub const fn variable(&self, name: SettingName) -> Option<&'static str> {
        let (is_fixed, variable) = match name {
            SettingName::SignUp => (self.sign_up.is_some(), "TENGINE_SIGNUP"),
            SettingName::SignUpDomains => {
                (self.sign_up_domains.is_some(), "TENGINE_SIGNUP_DOMAINS")
            }
            SettingName::RequireSecondFactor => (
                self.require_second_factor.is_some(),
                "TENGINE_REQUIRE_SECOND_FACTOR",
            ),
            SettingName::DynamicRegistration => (
                self.dynamic_registration.is_some(),
                "TENGINE_DYNAMIC_REGISTRATION",
            ),
            SettingName::ClientMetadataDocuments => (
                self.client_metadata_documents.is_some(),
                "TENGINE_CLIENT_METADATA_DOCUMENTS",
            ),
        };
        if is_fixed { Some(variable) } else { None }
    }

    pub(super) fn over(&self, mut settings: Settings) -> Settings {
        fn take<T: Clone>(place: &mut T, fixed: Option<&T>) {
            if let Some(fixed) = fixed {
                place.clone_from(fixed);
            }
        }
        take(&mut settings.sign_up, self.sign_up.as_ref());
        take(&mut settings.sign_up_domains, self.sign_up_domains.as_ref());
        take(
            &mut settings.require_second_factor,
            self.require_second_factor.as_ref(),
        );
        take(
            &mut settings.dynamic_registration,
            self.dynamic_registration.as_ref(),
        );
        take(
            &mut settings.client_metadata_documents,
            self.client_metadata_documents.as_ref(),
        );
        settings
    }
}

/// What an owner changes; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    pub sign_up: Option<SignUpPolicy>,
    pub sign_up_domains: Option<Vec<String>>,
    pub require_second_factor: Option<bool>,
    pub dynamic_registration: Option<bool>,
    pub client_metadata_documents: Option<bool>,
}

impl SettingsChange {
    /// The rows to write.
    pub(super) fn checked(self, fixed: &FixedSettings) -> Result<Vec<(SettingName, Value)>> {
        let mut rules = Rules::default();
        let mut rows = Vec::new();
        if let Some(policy) = self.sign_up {
            rows.push((SettingName::SignUp, json!(policy)));
        }
        if let Some(domains) = self.sign_up_domains {
            let domains = checked_domains(&domains, &mut rules);
            rows.push((SettingName::SignUpDomains, json!(domains)));
        }
        for (name, value) in [
            (SettingName::RequireSecondFactor, self.require_second_factor),
            (SettingName::DynamicRegistration, self.dynamic_registration),
            (
                SettingName::ClientMetadataDocuments,
                self.client_metadata_documents,
            ),
        ] {
            if let Some(value) = value {
                rows.push((name, json!(value)));
            }
        }
        for (name, _) in &rows {
            if let Some(variable) = fixed.variable(*name) {
                rules.check(
                    false,
                    name.as_str(),
                    format!("{variable} sets this where the server is started; change it there."),
                );
            }
        }
        rules.finish()?;
        Ok(rows)
    }
}

/// Mail domains, lower-cased, each once.
fn checked_domains(domains: &[String], rules: &mut Rules) -> Vec<String> {
    rules.check(
        domains.len() <= MOST_DOMAINS,
        "sign_up_domains",
        format!("Use at most {MOST_DOMAINS} domains."),
    );
    let mut checked: Vec<String> = Vec::new();
    for (index, domain) in domains.iter().enumerate() {
        match checked_domain(domain) {
            Ok(domain) if checked.contains(&domain) => {}
            Ok(domain) => checked.push(domain),
            Err(message) => rules.check(false, &format!("sign_up_domains[{index}]"), message),
        }
    }
    checked
}

/// A mail domain, lower-cased.
///
/// # Errors
/// A sentence.
pub(crate) fn checked_domain(text: &str) -> Result<String, &'static str> {
    let domain = text.trim().trim_start_matches('@').to_lowercase();
    let is_host = domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    if is_host {
        Ok(domain)
    } else {
        Err("Enter a mail domain, like example.com.")
    }
}

impl FixedSettings {
    /// A list of mail domains as a variable holds them, with commas between.
    ///
    /// # Errors
    /// A sentence that names the one that is none.
    pub fn domains(text: &str) -> Result<Vec<String>, String> {
        text.split(',')
            .filter(|part| !part.trim().is_empty())
            .map(|part| checked_domain(part).map_err(|_| format!("{part:?} is no mail domain")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn a_fixed_setting_names_its_variable_and_nothing_of_the_change_is_made() {
        let fixed = FixedSettings {
            sign_up: Some(SignUpPolicy::First),
            ..FixedSettings::default()
        };
        let change = SettingsChange {
            sign_up: Some(SignUpPolicy::Open),
            require_second_factor: Some(true),
            ..SettingsChange::default()
        };
        let Err(Error::Invalid(fields)) = change.checked(&fixed) else {
            panic!("it was allowed");
        };
        assert_eq!(fields[0].field, "sign_up");
        assert!(fields[0].message.contains("TENGINE_SIGNUP"));
    }

    #[test]
    fn domains_are_mail_domains() {
        let change = |domains: &[&str]| {
            SettingsChange {
                sign_up_domains: Some(domains.iter().map(ToString::to_string).collect()),
                ..SettingsChange::default()
            }
            .checked(&FixedSettings::default())
        };
        let rows = change(&["Example.COM", "@example.com", "münchen.example"]).unwrap();
        assert_eq!(rows[0].1, json!(["example.com", "münchen.example"]));
        for wrong in [
            "",
            "localhost",
            "a..b",
            "a b.c",
            "x@example.com",
            "-a.example",
        ] {
            let Err(Error::Invalid(fields)) = change(&["a.example", wrong]) else {
                panic!("{wrong:?} passed");
            };
            assert_eq!(fields[0].field, "sign_up_domains[1]");
        }
    }

    #[test]
    fn a_subdomain_is_another_domain() {
        let settings = Settings {
            sign_up_domains: vec!["example.com".to_owned()],
            ..Settings::default()
        };
        assert!(settings.allows_domain("ada@example.com"));
        for other in [
            "ada@evil.example.com",
            "ada@example.com.evil.example",
            "ada@notexample.com",
            "ada",
        ] {
            assert!(!settings.allows_domain(other), "{other}");
        }
    }
}
