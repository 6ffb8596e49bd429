//! Which role somebody or something gets.

use leptos::prelude::*;

use super::field::PickField;

/// Begins with what most get.
#[component]
pub fn RoleField(
    /// Those that the reader may give.
    roles: Vec<String>,
) -> impl IntoView {
    let options = roles.into_iter().map(|role| (role.clone(), role)).collect();
    view! { <PickField label="Role" field="role" name="role" value="developer".to_owned() options /> }
}
