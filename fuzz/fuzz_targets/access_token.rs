//! Tokens that we did not sign, over services with a database: none is taken for the one that is
//! good there, and none makes the check itself fail.
//!
//! The input has one line for each part of a token. An empty line stands for the good token's part,
//! `=text` for that text, and anything else is encoded, with `KID` put right.

#![no_main]

use std::sync::{Arc, LazyLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Core, Services,
    accounts::SignUpPolicy,
    bootstrap::Bootstrap,
    clients::{ClientProof, SelfRegistration},
    clock::{ManualClock, SystemRandom, Timestamp},
    crypto::pkce_s256,
    db::testing::TestDatabase,
    execute::{Allowlist, Network},
    grants::{AuthorizeParameters, BearerError, Checked, CodeExchange, Lifetimes, ResourceUrl},
    integrations::{Approval, NewIntegration, redirect_uri::COMMON_CLIENTS},
    sealing::{MasterKey, Sealer},
    services::CoreParts,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tokio::runtime::Runtime;

static WORLD: LazyLock<World> = LazyLock::new(World::new);

fuzz_target!(|input: &[u8]| {
    let token = WORLD.forge(input);
    let bearer = WORLD.services.grants.bearer(&token, &WORLD.resource);
    match WORLD.runtime.block_on(bearer) {
        Ok(_) => assert_eq!(token, WORLD.token),
        Err(BearerError::InvalidToken(_)) => assert_ne!(token, WORLD.token),
        Err(error) => panic!("{token}: {error:?}"),
    }
});

struct World {
    runtime: Runtime,
    services: Services,
    resource: ResourceUrl,
    token: String,
    kid: String,
    /// Its folder stays behind in the temporary one: libFuzzer ends a run without a clean-up.
    _database: TestDatabase,
}

impl World {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let (services, token, database) = runtime.block_on(async {
            let database = TestDatabase::sqlite().await;
            let services = services(&database);
            let token = access_token(&services).await;
            (services, token, database)
        });
        let header = URL_SAFE_NO_PAD
            .decode(token.split('.').next().unwrap())
            .unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        Self {
            resource: ResourceUrl::shared(&services.core.public_url),
            kid: header["kid"].as_str().unwrap().to_owned(),
            runtime,
            services,
            token,
            _database: database,
        }
    }

    fn forge(&self, input: &[u8]) -> String {
        let good: Vec<&str> = self.token.split('.').collect();
        let parts: Vec<String> = input
            .split(|byte| *byte == b'\n')
            .enumerate()
            .map(|(index, line)| match line {
                [] => good.get(index).copied().unwrap_or_default().to_owned(),
                [b'=', text @ ..] => String::from_utf8_lossy(text).into_owned(),
                bytes => URL_SAFE_NO_PAD.encode(self.with_kid(bytes)),
            })
            .collect();
        parts.join(".")
    }

    /// The bytes, with the key's id for the first `KID`.
    fn with_kid(&self, bytes: &[u8]) -> Vec<u8> {
        match bytes.windows(3).position(|three| three == b"KID") {
            Some(at) => [&bytes[..at], self.kid.as_bytes(), &bytes[at + 3..]].concat(),
            None => bytes.to_vec(),
        }
    }
}

fn services(database: &TestDatabase) -> Services {
    let core = Core::new(CoreParts {
        db: database.db.clone(),
        clock: Arc::new(ManualClock::at(Timestamp(1_790_000_000_000))),
        random: Arc::new(SystemRandom),
        sealer: Sealer::new(MasterKey::generate(&SystemRandom)),
        public_url: "http://localhost:3000".parse().unwrap(),
        sign_up: SignUpPolicy::Open,
        is_exposed: false,
        limits: false,
        lifetimes: Lifetimes::default(),
        self_registration: SelfRegistration::default(),
    });
    Services::new(core, Network::new(Allowlist::default(), Vec::new(), None))
}

/// A token of a connection that nobody had to approve.
async fn access_token(services: &Services) -> String {
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let integration = NewIntegration {
        approval: Approval::Automatic,
        ..NewIntegration::named("Claude")
    };
    let made = services
        .bootstrap(Bootstrap {
            email: "ada@example.com",
            password: "correct horse battery",
            project: "CRM",
            tools: &[],
            integration,
        })
        .await
        .unwrap();
    let asked = AuthorizeParameters {
        response_type: Some("code".to_owned()),
        client_id: Some(made.integration.client_id.clone()),
        redirect_uri: Some(COMMON_CLIENTS[0].to_owned()),
        code_challenge: Some(pkce_s256(VERIFIER)),
        code_challenge_method: Some("S256".to_owned()),
        ..Default::default()
    };
    let grants = &services.grants;
    let Ok(Checked::Ready(request)) = grants.authorize_request(&asked, None).await else {
        panic!("a request that lacks nothing");
    };
    let code = grants.approve_automatically(&request).await.unwrap();
    let secret = made.client_secret.unwrap();
    let proof = ClientProof::Secret(secret.reveal());
    let clients = &services.clients;
    let client = clients
        .authenticate(&made.integration.client_id, proof)
        .await
        .unwrap();
    let exchange = CodeExchange {
        code: code.reveal(),
        redirect_uri: Some(COMMON_CLIENTS[0]),
        code_verifier: Some(VERIFIER),
        resource: None,
    };
    grants
        .exchange_code(&client, exchange)
        .await
        .unwrap()
        .access_token
}
