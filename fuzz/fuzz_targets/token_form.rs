//! The form of the token endpoint: each name comes once and is read as it was sent.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use url::form_urlencoded;

// The server's own file: to depend on the server would instrument the whole of it.
#[expect(dead_code, reason = "the server also sets parameters")]
#[path = "../../src/oauth/parameters.rs"]
mod parameters;

use parameters::{Duplicate, Parameters};

fuzz_target!(|form: &[u8]| {
    let mut sent: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(form) {
        sent.entry(name.into_owned())
            .or_default()
            .push(value.into_owned());
    }
    // A parameter without a name is none.
    sent.remove("");
    match Parameters::parse(form, "") {
        Err(Duplicate(name)) => assert!(sent[&name].len() > 1),
        Ok(read) => {
            let written = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(sent.iter().map(|(name, values)| (name, &values[0])))
                .finish();
            for (name, values) in &sent {
                assert_eq!(values.len(), 1);
                assert_eq!(read.owned(name).unwrap_or_default(), values[0]);
            }
            assert_eq!(Parameters::parse(written.as_bytes(), ""), Ok(read));
        }
    }
});
