//! Words of the domain as the document lists them; the domain's own types are what is read and written.

use utoipa::ToSchema;

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum RoleName {
    Viewer,
    Developer,
    Admin,
    Owner,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum SignUpPolicyName {
    First,
    Open,
    Invite,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum ProviderKindName {
    Oidc,
    Google,
    GitHub,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum Keep {
    All,
    Failures,
    None,
}

#[cfg(test)]
mod tests {
    use domain::{
        accounts::SignUpPolicy, calls::KeepDetails, members::Role, providers::ProviderKind,
    };
    use serde_json::{Value, json};

    #[test]
    fn the_document_lists_the_domains_words() {
        let document = super::super::document();
        let listed = |name: &str| document["components"]["schemas"][name]["enum"].clone();
        let words = |words: &[&str]| -> Value { json!(words) };
        for (name, expected) in [
            (
                "RoleName",
                words(&Role::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>()),
            ),
            (
                "SignUpPolicyName",
                words(
                    &SignUpPolicy::ALL
                        .iter()
                        .map(|one| one.as_str())
                        .collect::<Vec<_>>(),
                ),
            ),
            (
                "Keep",
                words(
                    &KeepDetails::ALL
                        .iter()
                        .map(|one| one.as_str())
                        .collect::<Vec<_>>(),
                ),
            ),
            (
                "ProviderKindName",
                words(
                    &ProviderKind::ALL
                        .iter()
                        .map(|one| one.as_str())
                        .collect::<Vec<_>>(),
                ),
            ),
        ] {
            assert_eq!(listed(name), expected, "{name}");
        }
    }
}
