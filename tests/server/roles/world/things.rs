//! One of everything that can be named.

use axum::http::{Method, StatusCode};
use domain::{
    catalog::Entry,
    crypto::{base64url, sha256},
    ids::UserId,
    invitations::NewInvitation,
    members::{Admin, Role},
    sessions::{NewSession, SignInMethod},
};
use serde_json::{Value, json};

use super::{HERE, Person, World, account, join};
use crate::roles::routes::DOCUMENT;

/// What the names of providers begin with that are asked for once.
const SPARE: &str = "Spare ";

impl World {
    /// What stands in the place of a fixture's `$name`: an id of something that is there. What is called
    /// spare is made for this once, and may end.
    pub async fn thing(&self, name: &str, asks: Option<&UserId>) -> String {
        let key = self.made.api_key.reveal();
        let base = format!("/api/v1/projects/{}", self.made.project.id);
        let make = async |path: &str, body: Value| {
            let made = self
                .app
                .api(key, Method::POST, &format!("{base}{path}"), body)
                .await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
            made.json()["id"].as_str().unwrap().to_owned()
        };
        let first = async |path: &str| {
            let all = self
                .app
                .api(key, Method::GET, &format!("{base}{path}"), Value::Null)
                .await
                .json();
            all["data"][0]["id"]
                .as_str()
                .unwrap_or_else(|| panic!("{path}: {all}"))
                .to_owned()
        };
        let list = async |path: &str| {
            let path = format!("{base}{path}");
            let all = self.app.api(key, Method::GET, &path, Value::Null).await;
            all.json()["data"].as_array().unwrap().clone()
        };
        let integration = &self.made.integration;
        match name {
            "name" => self.name(),
            "last_name" => self.last_name(),
            "digest" => base64url(&sha256(DOCUMENT.as_bytes())),
            "email" => format!("{}@example.com", self.name()),
            "me" => asks.map_or_else(|| "usr_none".to_owned(), ToString::to_string),
            "my_email" => match asks {
                Some(user_id) => {
                    let accounts = &self.app.services.accounts;
                    accounts.enabled(user_id).await.unwrap().unwrap().email
                }
                None => "nobody@example.com".to_owned(),
            },
            // One that the project does not have yet.
            "entry" => {
                let tools = list("/tools?limit=1000").await;
                let is_new = |entry: &&Entry| {
                    !tools
                        .iter()
                        .any(|tool| tool["name"] == entry.definition().name)
                };
                let found = domain::catalog::entries().iter().find(is_new);
                found.unwrap().id.to_owned()
            }
            "project" => self.made.project.id.to_string(),
            "tool" => self.tool.clone(),
            "call" => self.call.clone(),
            "spare_tool" => make("/tools", tool(&self.name())).await,
            "spare_secret" => {
                let secret = json!({
                    "name": self.name(), "origins": ["https://crm.example.com"], "value": "s",
                    "auth_strategy": "static_bearer",
                });
                make("/vault", secret).await
            }
            "integration" => integration.id.to_string(),
            "spare_integration" => make("/integrations", json!({ "name": self.name() })).await,
            "rotated_integration" => {
                let id = make("/integrations", json!({ "name": self.name() })).await;
                let path = format!("{base}/integrations/{id}/rotate-secret");
                let overlap = json!({ "overlap_seconds": 3_600 });
                let rotated = self.app.api(key, Method::POST, &path, overlap).await;
                assert!(rotated.status.is_success(), "{}", rotated.body);
                self.rotated.lock().await.clone_from(&id);
                id
            }
            // The old one, without which the new one works.
            "rotated_secret" => {
                let id = self.rotated.lock().await.clone();
                let secrets = list(&format!("/integrations/{id}/secrets")).await;
                secrets.last().unwrap()["id"].as_str().unwrap().to_owned()
            }
            "connection" => {
                let fields = [
                    ("grant_type", "client_credentials"),
                    ("client_id", integration.client_id.as_str()),
                    ("client_secret", crate::app::secret(&self.made)),
                ];
                let token = self.app.token(&fields).await;
                assert_eq!(token.status, StatusCode::OK, "{}", token.body);
                first(&format!("/integrations/{}/connections", integration.id)).await
            }
            "spare_key" => self.project_key(Role::Viewer).await.1,
            "spare_own_key" => match asks {
                Some(user_id) => self.account_key(user_id, Role::Viewer).await.1,
                None => "key_none".to_owned(),
            },
            "spare_invitation" => {
                let access = self.app.access::<Admin>(&self.made).await;
                let invitations = &self.app.services.invitations;
                let new = NewInvitation::default();
                let made = invitations.create(&access, Role::Viewer, &new, None).await;
                made.unwrap().0.id.to_string()
            }
            "spare_instance_invitation" => {
                let root = self.people.last().and_then(Person::actor).unwrap();
                let services = &self.app.services;
                let owner = services.instance.owner(&root).await.unwrap();
                let (_, proof) = self.proof_of(root.user_id()).await;
                let new = NewInvitation::default();
                let invitations = &services.invitations;
                let made = invitations.create_for_instance(&owner, &new, Some(&proof));
                made.await.unwrap().0.id.to_string()
            }
            "spare_provider" => {
                let root = self.people.last().and_then(Person::actor).unwrap();
                let services = &self.app.services;
                let owner = services.instance.owner(&root).await.unwrap();
                let (_, proof) = self.proof_of(root.user_id()).await;
                let input = serde_json::from_value(json!({
                    "kind": "github", "name": format!("{SPARE}{}", self.name()), "client_id": "a",
                    "client_secret": "b",
                }));
                let providers = &services.providers;
                // An instance has few: those that were asked with before make room.
                for entry in providers.list(&owner).await.unwrap() {
                    if entry.provider.name.starts_with(SPARE) {
                        let id = &entry.provider.id;
                        providers.delete(&owner, &proof, id, true).await.unwrap();
                    }
                }
                let made = providers.create(&owner, &proof, &input.unwrap()).await;
                made.unwrap().id.to_string()
            }
            "member" => self.member.to_string(),
            "spare_member" => {
                let user = account(&self.app, &format!("{}@example.com", self.name())).await;
                join(&self.app, &self.made, &user, Role::Viewer).await;
                user.to_string()
            }
            "bystander" => self.bystander.to_string(),
            "spare_session" => match asks {
                Some(user_id) => self.session(user_id).await,
                None => "ses_none".to_owned(),
            },
            other => panic!("no fixture knows of ${other}"),
        }
    }

    /// A second browser of theirs.
    async fn session(&self, user_id: &UserId) -> String {
        let services = &self.app.services;
        let account = services.accounts.enabled(user_id).await.unwrap().unwrap();
        let new = NewSession {
            method: SignInMethod::Password,
            provider_id: None,
            second_factor: None,
            address: HERE,
            user_agent: "a test",
        };
        let begun = services.sessions.begin(&account, &new).await.unwrap();
        begun.id.to_string()
    }
}

pub fn tool(name: &str) -> Value {
    json!({
        "name": name, "description": "Finds a contact.", "base_url": "https://crm.example.com",
        "endpoint_path": "/contacts",
    })
}
