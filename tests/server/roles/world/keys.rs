//! Keys of every kind and role.

use domain::{
    api_keys::NewApiKey,
    ids::UserId,
    members::{Admin, Role, operations::Standing},
};

use super::World;

/// A key that asks, or none.
#[derive(Debug)]
pub struct Key {
    pub name: String,
    /// Empty: no key.
    pub secret: String,
    pub of: Option<KeyOf>,
}

/// Whose a key is.
#[derive(Debug)]
pub struct KeyOf {
    pub user_id: UserId,
    pub role: Role,
    pub is_of_account: bool,
    /// What it may do in the project.
    pub in_project: Option<Role>,
    pub owns_instance: bool,
}

impl World {
    /// Keys of each role: the project's, an account's of the same person, of one who is in no project,
    /// and of one who owns the instance.
    pub async fn keys(&self) -> Vec<Key> {
        let mut keys = vec![Key {
            name: "no key".to_owned(),
            secret: String::new(),
            of: None,
        }];
        let of = |standing: Standing| {
            let found = self.people.iter().find(|one| one.standing == standing);
            found.unwrap().signed_in.as_ref().unwrap().user_id.clone()
        };
        let owner = of(Standing::Member(Role::Owner));
        for role in Role::ALL {
            keys.push(Key {
                name: format!("a project's key, {role}"),
                secret: self.project_key(*role).await.0,
                of: Some(KeyOf {
                    user_id: owner.clone(),
                    role: *role,
                    is_of_account: false,
                    in_project: Some(*role),
                    owns_instance: false,
                }),
            });
        }
        for (name, standing, in_project) in [
            (
                "the owner's account",
                Standing::Member(Role::Owner),
                Some(Role::Owner),
            ),
            (
                "the viewer's account",
                Standing::Member(Role::Viewer),
                Some(Role::Viewer),
            ),
            ("a stranger's account", Standing::Stranger, None),
            (
                "the instance owner's account",
                Standing::InstanceOwner,
                None,
            ),
        ] {
            let user_id = of(standing);
            for role in Role::ALL {
                keys.push(Key {
                    name: format!("a key of {name}, {role}"),
                    secret: self.account_key(&user_id, *role).await.0,
                    of: Some(KeyOf {
                        user_id: user_id.clone(),
                        role: *role,
                        is_of_account: true,
                        in_project: in_project.map(|mine: Role| mine.min(*role)),
                        owns_instance: standing == Standing::InstanceOwner,
                    }),
                });
            }
        }
        keys
    }

    pub(super) async fn project_key(&self, role: Role) -> (String, String) {
        let access = self.app.access::<Admin>(&self.made).await;
        let (_, proof) = self.proof_of(access.user_id()).await;
        let new = NewApiKey::named(self.name(), role);
        let keys = &self.app.services.api_keys;
        let (key, secret) = keys.create(&access, &new, Some(&proof)).await.unwrap();
        (secret.reveal().to_owned(), key.id.to_string())
    }

    pub(super) async fn account_key(&self, user_id: &UserId, role: Role) -> (String, String) {
        let (actor, proof) = self.proof_of(user_id).await;
        let new = NewApiKey::named(self.name(), role);
        let keys = &self.app.services.api_keys;
        let (key, secret) = keys
            .create_own(&actor, &new, Some(&proof), super::HERE)
            .await
            .unwrap();
        (secret.reveal().to_owned(), key.id.to_string())
    }
}
