//! How the provider signs its ID tokens, well and otherwise.

use std::sync::LazyLock;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256},
};
use serde_json::{Value, json};

use super::SECRET;
use crate::crypto::{base64url, hmac_sha256};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Signing {
    /// RS256
    Well,
    /// ES256
    WithAnEllipticCurve,
    /// `alg: none`, and no signature.
    NotAtAll,
    /// HS256 with what everybody can read as the secret.
    WithThePublicKey,
    /// HS256 with the client's secret, which it should not.
    WithTheClientSecret,
    /// With a key of somebody else, under the name of its own.
    WithAnothersKey,
}

/// Slow to make, and so shared.
static KEYS: LazyLock<[KeyPair; 2]> =
    LazyLock::new(|| std::array::from_fn(|_| KeyPair::generate(KeySize::Rsa2048).unwrap()));
static CURVE: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap());

/// The modulus, out of the DER of RSAPublicKey (RFC 8017 §A.1.1) with 2048 bits and 65537.
fn modulus(key: &KeyPair) -> &[u8] {
    let der = key.public_key().as_ref();
    assert_eq!((der.len(), der[8]), (270, 0));
    assert_eq!(der[265..], [2, 3, 1, 0, 1]);
    &der[9..265]
}

/// JSON Web Keys (RFC 7517).
pub(super) fn published(which: &[usize]) -> Vec<Value> {
    let rsa = |at: &usize| {
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": format!("key-{at}"),
            "n": base64url(modulus(&KEYS[*at])), "e": "AQAB" })
    };
    let mut keys: Vec<_> = which.iter().map(rsa).collect();
    if !keys.is_empty() {
        // Uncompressed: 4, then both coordinates.
        let point = &CURVE.public_key().as_ref()[1..];
        keys.push(json!({ "kty": "EC", "crv": "P-256", "kid": "curve",
            "x": base64url(&point[..32]), "y": base64url(&point[32..]) }));
    }
    keys
}

/// A JWS in its compact form (RFC 7515 §7.1), by the key of this number.
pub(super) fn signed(claims: &Value, signing: Signing, at: usize) -> String {
    let algorithm = match signing {
        Signing::Well | Signing::WithAnothersKey => "RS256",
        Signing::WithAnEllipticCurve => "ES256",
        Signing::NotAtAll => "none",
        Signing::WithThePublicKey | Signing::WithTheClientSecret => "HS256",
    };
    let kid = match signing {
        Signing::WithAnEllipticCurve => "curve".to_owned(),
        _ => format!("key-{at}"),
    };
    let header = json!({ "alg": algorithm, "typ": "JWT", "kid": kid });
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    let message = format!("{}.{}", part(&header), part(claims));
    let random = SystemRandom::new();
    let by = |key: &KeyPair| {
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &random,
            message.as_bytes(),
            &mut signature,
        )
        .unwrap();
        signature
    };
    let signature = match signing {
        Signing::Well => by(&KEYS[at]),
        Signing::WithAnothersKey => by(&KEYS[1 - at]),
        Signing::WithAnEllipticCurve => {
            let signature = CURVE.sign(&random, message.as_bytes()).unwrap();
            signature.as_ref().to_vec()
        }
        Signing::NotAtAll => Vec::new(),
        Signing::WithThePublicKey => hmac_sha256(modulus(&KEYS[at]), message.as_bytes()).to_vec(),
        Signing::WithTheClientSecret => hmac_sha256(SECRET.as_bytes(), message.as_bytes()).to_vec(),
    };
    format!("{message}.{}", base64url(&signature))
}
