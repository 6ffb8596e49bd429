//! No text but the access token itself is taken for it. On SQLite alone: what is asked here is not
//! the database.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use proptest::{
    prelude::*,
    sample::{Index, select},
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{
    World,
    connecting::{connected, connection, shared},
};
use crate::{
    accounts::SignUpPolicy,
    crypto::base64url,
    db::testing::TestDatabase,
    grants::{BearerError, ToolRule},
    integrations::Approval,
};

/// A world, and an access token that is good in it.
struct Issued {
    runtime: Runtime,
    world: World,
    token: String,
    /// The public halves of the keys.
    jwks: Value,
}

impl Issued {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let (world, token, jwks) = runtime.block_on(async {
            let world = World::new(TestDatabase::sqlite().await, SignUpPolicy::Open);
            let connection = connection(&world, Approval::Ask).await;
            let token = connected(&world, &connection, ToolRule::All).await;
            let jwks = world.services.grants.signing_keys().jwks().await.unwrap();
            (world, token.access_token, jwks)
        });
        let issued = Self {
            runtime,
            world,
            token,
            jwks,
        };
        issued.bearer(&issued.token).unwrap();
        issued
    }

    fn bearer(&self, token: &str) -> Result<(), BearerError> {
        let resource = shared(&self.world);
        let bearer = self.world.services.grants.bearer(token, &resource);
        self.runtime.block_on(bearer).map(|_| ())
    }

    fn parts(&self) -> [&str; 3] {
        let parts: Vec<&str> = self.token.split('.').collect();
        parts.try_into().unwrap()
    }

    /// A part of the token as JSON.
    fn json(&self, part: usize) -> Value {
        serde_json::from_slice(&decode(self.parts()[part])).unwrap()
    }

    /// That whatever `forge` makes of the token is refused as a bad token, and breaks nothing.
    fn refuses<S: Strategy>(&self, strategy: &S, forge: impl Fn(&Self, S::Value) -> String) {
        let mut runner = TestRunner::new(Config::with_source_file(file!()));
        let refused = runner.run(strategy, |forgery| {
            let token = forge(self, forgery);
            if token == self.token {
                return Ok(());
            }
            let answer = self.bearer(&token);
            prop_assert!(
                matches!(answer, Err(BearerError::InvalidToken(_))),
                "{token}: {answer:?}"
            );
            Ok(())
        });
        if let Err(error) = refused {
            panic!("{error}");
        }
    }
}

fn decode(part: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(part).unwrap()
}

/// A change of a JSON object's member; `None` takes it away.
fn member(names: &'static [&'static str]) -> impl Strategy<Value = (String, Option<Value>)> {
    let values = vec![
        Value::Null,
        json!(0),
        json!(-1),
        json!(i64::MAX),
        json!(1e300),
        json!([]),
        json!({}),
        json!(""),
        json!("\0"),
        json!("none"),
        json!("HS256"),
        json!("RS256"),
        json!("ES384"),
        json!("JWT"),
        json!("at+jwt"),
        json!("mcp:tools"),
        json!(["http://localhost:3000/mcp/"]),
        json!("http://localhost:3000"),
        json!({ "kty": "oct", "k": "AAAA" }),
    ];
    let value = prop_oneof![
        select(values),
        any::<String>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
    ];
    let name = prop_oneof![
        4 => select(names).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    (name, prop::option::weighted(0.8, value))
}

fn changed(mut object: Value, changes: Vec<(String, Option<Value>)>) -> Value {
    let members = object.as_object_mut().unwrap();
    for (name, value) in changes {
        match value {
            Some(value) => drop(members.insert(name, value)),
            None => drop(members.shift_remove(&name)),
        }
    }
    object
}

fn encode(json: &Value) -> String {
    base64url(json.to_string().as_bytes())
}

#[test]
fn a_token_with_a_character_changed_added_or_lost_is_refused() {
    let character = prop_oneof![3 => "[A-Za-z0-9_.=+/-]", 1 => "\\PC|[\\x00-\\x20]"];
    let edit = (any::<Index>(), any::<bool>(), prop::option::of(character));
    let edits = prop::collection::vec(edit, 1..4);
    Issued::new().refuses(&edits, |issued, edits| {
        let mut token: Vec<String> = issued.token.chars().map(String::from).collect();
        for (at, keeps, character) in edits {
            let place = at.get_mut(&mut token);
            let kept = if keeps { place.as_str() } else { "" };
            *place = format!("{kept}{}", character.unwrap_or_default());
        }
        token.concat()
    });
}

/// 64 bytes end in a character of which base64url uses two bits.
#[test]
fn a_signature_is_written_one_way() {
    Issued::new().refuses(&"[A-Za-z0-9_-]=?", |issued, last| {
        let kept = issued.token.len() - 1;
        format!("{}{last}", &issued.token[..kept])
    });
}

#[test]
fn a_token_with_a_bit_flipped_in_what_it_encodes_is_refused() {
    let flip = (0..3_usize, any::<Index>(), 0..8_u32);
    Issued::new().refuses(&flip, |issued, (part, at, bit)| {
        let mut parts = issued.parts().map(decode);
        *at.get_mut(&mut parts[part]) ^= 1 << bit;
        parts.map(|part| base64url(&part)).join(".")
    });
}

#[test]
fn a_token_cut_short_or_put_together_anew_is_refused() {
    let order = prop::collection::vec(0..3_usize, 0..6);
    Issued::new().refuses(&(order, any::<Index>()), |issued, (order, length)| {
        let parts = issued.parts();
        let token: Vec<&str> = order.iter().map(|part| parts[*part]).collect();
        let token = token.join(".");
        // Half of the lengths are the whole.
        let length = length.index(2 * token.len() + 1).min(token.len());
        token[..length].to_owned()
    });
}

#[test]
fn a_token_with_other_claims_or_another_header_is_refused() {
    const HEADER: &[&str] = &[
        "alg", "typ", "kid", "jwk", "jku", "x5c", "crit", "b64", "zip",
    ];
    const CLAIMS: &[&str] = &[
        "iss",
        "aud",
        "sub",
        "client_id",
        "iat",
        "exp",
        "nbf",
        "jti",
        "scope",
        "grant",
    ];
    let changes = (
        prop::collection::vec(member(HEADER), 0..3),
        prop::collection::vec(member(CLAIMS), 0..3),
    );
    Issued::new().refuses(&changes, |issued, (header, claims)| {
        let header = changed(issued.json(0), header);
        let claims = changed(issued.json(1), claims);
        format!(
            "{}.{}.{}",
            encode(&header),
            encode(&claims),
            issued.parts()[2]
        )
    });
}

/// What a forger signs with.
#[derive(Debug, Clone)]
enum Key {
    /// A pair of their own.
    Pair,
    /// What everybody can read, as the secret of a symmetric algorithm (RFC 8725 §2.1).
    Public,
    Secret(Vec<u8>),
}

#[test]
fn a_token_signed_with_any_other_key_is_refused() {
    let secret = prop::collection::vec(any::<u8>(), 0..64).prop_map(Key::Secret);
    let key = prop_oneof![Just(Key::Pair), Just(Key::Public), secret];
    let symmetric = select(vec![Algorithm::HS256, Algorithm::HS384, Algorithm::HS512]);
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let pair = EncodingKey::from_ec_der(pair.to_pkcs8v1().unwrap().as_ref());
    Issued::new().refuses(
        &(key, symmetric, any::<bool>()),
        |issued, (key, symmetric, keeps_header)| {
            let ours = &issued.jwks["keys"][0];
            let coordinate = |name: &str| decode(ours[name].as_str().unwrap());
            let (algorithm, key) = match key {
                Key::Pair => (Algorithm::ES256, pair.clone()),
                Key::Secret(secret) => (symmetric, EncodingKey::from_secret(&secret)),
                Key::Public => {
                    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
                    (symmetric, EncodingKey::from_secret(&point))
                }
            };
            let header = Header {
                typ: Some("at+jwt".to_owned()),
                kid: ours["kid"].as_str().map(ToOwned::to_owned),
                ..Header::new(algorithm)
            };
            let token = jsonwebtoken::encode(&header, &issued.json(1), &key).unwrap();
            match token.split_once('.') {
                Some((_, rest)) if keeps_header => format!("{}.{rest}", issued.parts()[0]),
                _ => token,
            }
        },
    );
}

#[test]
fn any_other_text_is_no_token() {
    let text = prop_oneof![
        any::<String>(),
        "[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,90}",
        "[.=]{0,9}",
    ];
    Issued::new().refuses(&text, |_, text| text);
}
