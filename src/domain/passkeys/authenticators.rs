//! What people call the authenticators of today, by the model that each says it is (AAGUID: WebAuthn
//! Level 3 §6.5.1). Only a name to begin with: nobody vouches for it.

use uuid::{Uuid, uuid};

const KNOWN: [(Uuid, &str); 18] = [
    (
        uuid!("fbfc3007-154e-4ecc-8c0b-6e020557d7bd"),
        "Apple Passwords",
    ),
    (
        uuid!("dd4ec289-e01d-41c9-bb89-70fa845d4bf2"),
        "Apple Passwords",
    ),
    (
        uuid!("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"),
        "Google Password Manager",
    ),
    (
        uuid!("adce0002-35bc-c60a-648b-0b25f1f05503"),
        "Chrome on Mac",
    ),
    (uuid!("771b48fd-d3d4-4f74-9232-fc157ab0507a"), "Edge on Mac"),
    (
        uuid!("08987058-cadc-4b81-b6e1-30de50dcbe96"),
        "Windows Hello",
    ),
    (
        uuid!("9ddd1817-af5a-4672-a2b9-3e3dd95000a9"),
        "Windows Hello",
    ),
    (
        uuid!("6028b017-b1d4-4c02-b4b3-afcdafc96bb2"),
        "Windows Hello",
    ),
    (
        uuid!("53414d53-554e-4700-0000-000000000000"),
        "Samsung Pass",
    ),
    (uuid!("bada5566-a7aa-401f-bd96-45619a55120d"), "1Password"),
    (uuid!("d548826e-79b4-db40-a3d8-11116f7e8349"), "Bitwarden"),
    (uuid!("531126d6-e717-415c-9320-3d9aa6981239"), "Dashlane"),
    (uuid!("b84e4048-15dc-4dd0-8640-f4f60813c8af"), "NordPass"),
    (uuid!("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6"), "Keeper"),
    (uuid!("f3809540-7f14-49c1-a8b3-8f813b225541"), "Enpass"),
    (uuid!("fdb141b2-5d84-443e-8a35-4698c205a502"), "KeePassXC"),
    (uuid!("50726f74-6f6e-5061-7373-50726f746f6e"), "Proton Pass"),
    (uuid!("b78a0a55-6ef8-d246-a042-ba0f6d55050c"), "LastPass"),
];

const UNKNOWN: &str = "Passkey";

/// What a new passkey is called where its person gives it no name.
pub(super) fn name(attestation_object: &[u8]) -> &'static str {
    let aaguid = aaguid(attestation_object);
    KNOWN
        .iter()
        .find(|(known, _)| Some(*known) == aaguid)
        .map_or(UNKNOWN, |(_, name)| *name)
}

/// The model: 16 bytes behind the relying party's hash, the flags and the counter.
fn aaguid(attestation_object: &[u8]) -> Option<Uuid> {
    const KEY: &[u8] = b"authData";
    let at = attestation_object
        .windows(KEY.len())
        .position(|bytes| bytes == KEY)?;
    let value = attestation_object.get(at + KEY.len()..)?;
    // A byte string whose length has one byte or two (RFC 8949 §3).
    let data = match value.first()? {
        0x58 => value.get(2..)?,
        0x59 => value.get(3..)?,
        _ => return None,
    };
    Uuid::from_slice(data.get(37..53)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(header: &[u8], aaguid: Uuid) -> Vec<u8> {
        [
            b"\xa1\x68authData".as_slice(),
            header,
            &[0; 37],
            aaguid.as_bytes(),
        ]
        .concat()
    }

    #[test]
    fn a_model_that_is_known_has_a_name_and_whatever_else_comes_is_a_passkey() {
        for header in [[0x58, 53].as_slice(), &[0x59, 0, 53]] {
            assert_eq!(name(&object(header, KNOWN[9].0)), "1Password");
            assert_eq!(name(&object(header, Uuid::nil())), UNKNOWN);
        }
        let whole = object(&[0x58, 53], KNOWN[0].0);
        for length in 0..whole.len() {
            assert_eq!(name(&whole[..length]), UNKNOWN, "{length}");
        }
        assert_eq!(name(&object(&[0xff], KNOWN[0].0)), UNKNOWN);
    }
}
