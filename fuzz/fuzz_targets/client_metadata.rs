//! A client's metadata as JSON text: what is accepted keeps the rules.

#![no_main]

use domain::{clients::ClientMetadata, integrations::redirect_uri};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|input: &[u8]| {
    let Ok(metadata) = serde_json::from_slice::<Map<String, Value>>(input) else {
        return;
    };
    let Ok(accepted) = ClientMetadata::parse(&metadata) else {
        return;
    };
    assert!((1..=20).contains(&accepted.redirect_uris.len()));
    for uri in &accepted.redirect_uris {
        redirect_uri::check(uri).expect("what was accepted may be registered");
    }
    let name = &accepted.name;
    assert!((1..=80).contains(&name.chars().count()) && name.trim() == name);
    assert!(!name.chars().any(|c| c.is_control() || is_invisible(c)));
});

/// The ones that impostors are known to use.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}
