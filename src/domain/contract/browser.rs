//! A browser with an authenticator in software: real keys and real ceremonies, and what a browser in
//! somebody else's hands would send.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use passkey_authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey_client::{Client, DefaultClientData};
use passkey_crypto::rust_crypto::RustCryptoBackend;
use passkey_types::{
    Passkey,
    ctap2::{Aaguid, Ctap2Error, get_assertion},
    webauthn::{CredentialCreationOptions, CredentialRequestOptions},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;

use super::{HERE, World};
use crate::{
    accounts::Actor,
    crypto::{base64url, sha256},
    passkeys,
};

/// Where the instance of the stories is.
pub(super) const ORIGIN: &str = "http://localhost:3000";

/// The person at the device: there, and known to it where it asks.
struct Person;

#[async_trait::async_trait]
impl UserValidationMethod for Person {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck {
            presence,
            verification,
        })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// One that keeps one passkey. A clone is a copy of the device.
#[derive(Clone, Default)]
pub(super) struct Browser {
    passkey: Option<Passkey>,
    /// Whether its authenticator counts what it signs.
    counts: bool,
}

impl Browser {
    pub(super) fn that_counts() -> Self {
        Self {
            counts: true,
            ..Self::default()
        }
    }

    fn authenticator(&self) -> Authenticator<Option<Passkey>, Person, RustCryptoBackend> {
        // The model that 1Password says it is.
        let model = Aaguid(*uuid::uuid!("bada5566-a7aa-401f-bd96-45619a55120d").as_bytes());
        let passkey = self.passkey.clone();
        let mut authenticator = Authenticator::new(model, passkey, Person, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(self.counts);
        authenticator
    }

    /// `navigator.credentials.create()`
    pub(super) async fn create(&mut self, options: &Value, origin: &str) -> String {
        let public_key = serde_json::from_value(options.clone()).unwrap();
        let request = CredentialCreationOptions { public_key };
        let mut client = Client::new(self.authenticator()).allows_insecure_localhost(true);
        let origin = Url::parse(origin).unwrap();
        let made = client.register(&origin, request, DefaultClientData).await;
        let made = made.unwrap();
        self.passkey.clone_from(client.authenticator().store());
        json!(made).to_string()
    }

    /// `navigator.credentials.get()`
    pub(super) async fn get(&mut self, options: &Value, origin: &str) -> String {
        let public_key = serde_json::from_value(options.clone()).unwrap();
        let request = CredentialRequestOptions { public_key };
        let mut client = Client::new(self.authenticator()).allows_insecure_localhost(true);
        let origin = Url::parse(origin).unwrap();
        let answer = client
            .authenticate(&origin, request, DefaultClientData)
            .await;
        let answer = answer.unwrap();
        self.passkey.clone_from(client.authenticator().store());
        json!(answer).to_string()
    }

    /// What no browser would send: an answer with whatever the client data and the relying party say.
    pub(super) async fn forge(&mut self, client_data: &Value, relying_party: &str) -> String {
        let client_data = client_data.to_string();
        let mut authenticator = self.authenticator();
        let request = get_assertion::Request {
            rp_id: relying_party.to_owned(),
            client_data_hash: sha256(client_data.as_bytes()).to_vec().into(),
            allow_list: None,
            extensions: None,
            options: get_assertion::Options { up: true, uv: true },
            pin_auth: None,
            pin_protocol: None,
        };
        let answer = authenticator.get_assertion(request).await.unwrap();
        self.passkey.clone_from(authenticator.store());
        let id = answer.credential.unwrap().id;
        json!({
            "id": base64url(&id),
            "rawId": base64url(&id),
            "type": "public-key",
            "response": {
                "clientDataJSON": base64url(client_data.as_bytes()),
                "authenticatorData": base64url(&answer.auth_data.to_vec()),
                "signature": base64url(&answer.signature),
                "userHandle": answer.user.map(|user| base64url(&user.id)),
            },
        })
        .to_string()
    }

    /// A passkey of this browser's for a person.
    pub(super) async fn enrol(&mut self, world: &World, actor: &Actor) -> passkeys::Passkey {
        let passkeys = &world.services.passkeys;
        let proof = world.proof(actor).await;
        let (options, state) = passkeys.begin(actor, &proof).await.unwrap();
        let made = self.create(&options, ORIGIN).await;
        let state = kept(&state);
        passkeys
            .finish(actor, &state, &made, "", HERE)
            .await
            .unwrap()
    }

    /// Signs in with its passkey.
    pub(super) async fn sign_in(
        &mut self,
        world: &World,
    ) -> crate::Result<crate::accounts::Account> {
        let passkeys = &world.services.passkeys;
        let (options, state) = passkeys.begin_sign_in(HERE).unwrap();
        let answer = self.get(&options, ORIGIN).await;
        passkeys.finish_sign_in(&kept(&state), &answer, HERE).await
    }
}

/// A state as the session gives it back.
pub(super) fn kept<T: Serialize + DeserializeOwned>(state: &T) -> T {
    serde_json::from_value(serde_json::to_value(state).unwrap()).unwrap()
}

/// An answer with something in it changed.
pub(super) fn changed(answer: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut answer: Value = serde_json::from_str(answer).unwrap();
    change(&mut answer);
    answer.to_string()
}

/// An answer in whose bytes at a place one bit is another.
pub(super) fn with_a_bit_changed(answer: &str, place: &str) -> String {
    changed(answer, |answer| {
        let value = answer.pointer_mut(place).unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        *value = json!(base64url(&bytes));
    })
}
