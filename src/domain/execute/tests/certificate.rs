//! TLS between a test's own server and the executor: a key and a certificate made on the spot, for
//! the name `localhost`.

use std::sync::Arc;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// A client that trusts these and nobody else.
pub(super) fn trusting(certificates: &[CertificateDer<'static>]) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate.clone()).unwrap();
    }
    ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// A server with a certificate of its own that offers these protocols (ALPN).
pub(crate) fn serving(protocols: &[&str]) -> (ServerConfig, CertificateDer<'static>) {
    let (certificate, key) = certified(b"localhost");
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    config.alpn_protocols = protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    (config, certificate)
}

/// One element of DER (X.690 §8.1).
fn der(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let contents = contents.concat();
    let bytes = u16::try_from(contents.len()).unwrap().to_be_bytes();
    let length = match contents.len() {
        0..128 => vec![bytes[1]],
        128..256 => vec![0x81, bytes[1]],
        _ => vec![0x82, bytes[0], bytes[1]],
    };
    [vec![tag], length, contents].concat()
}

const SEQUENCE: u8 = 0x30;
const OID: u8 = 0x06;

/// A certificate that signs itself (RFC 5280 §4.1).
fn certified(name: &[u8]) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    let key = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref()).unwrap();

    let oid = |bytes: &[u8]| der(OID, &[bytes]);
    // ecdsa-with-SHA256, id-ecPublicKey, prime256v1, commonName, subjectAltName.
    let signing = der(SEQUENCE, &[&oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2])]);
    let ec = oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]);
    let curve = oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]);
    let common_name = [oid(&[0x55, 4, 3]), der(0x0c, &[name])].concat();
    let subject = der(SEQUENCE, &[&der(0x31, &[&der(SEQUENCE, &[&common_name])])]);
    let validity = der(
        SEQUENCE,
        &[
            &der(0x17, &[b"200101000000Z"]),
            &der(0x18, &[b"21991231235959Z"]),
        ],
    );
    let public = der(0x03, &[&[0], key.public_key().as_ref()]);
    let public = der(SEQUENCE, &[&der(SEQUENCE, &[&ec, &curve]), &public]);
    let names = der(0x04, &[&der(SEQUENCE, &[&der(0x82, &[name])])]);
    let extension = der(SEQUENCE, &[&oid(&[0x55, 0x1d, 0x11]), &names]);
    let extensions = der(0xa3, &[&der(SEQUENCE, &[&extension])]);
    let version = der(0xa0, &[&der(0x02, &[&[2]])]);
    let serial = der(0x02, &[&[1]]);
    let signed = der(
        SEQUENCE,
        &[
            &version,
            &serial,
            &signing,
            &subject,
            &validity,
            &subject,
            &public,
            &extensions,
        ],
    );
    let signature = key.sign(&random, &signed).unwrap();
    let signature = der(0x03, &[&[0], signature.as_ref()]);
    let certificate = der(SEQUENCE, &[&signed, &signing, &signature]);
    let key = PrivatePkcs8KeyDer::from(pkcs8.as_ref().to_vec());
    (CertificateDer::from(certificate), PrivateKeyDer::Pkcs8(key))
}
