use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::*;
use crate::clock::SystemRandom;

/// Errors that were logged, each as its fields.
#[derive(Clone, Default)]
struct Errors(Arc<Mutex<Vec<BTreeMap<&'static str, String>>>>);

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Subscriber for Errors {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::ERROR
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// What is logged in the meantime.
fn logged(does: impl FnOnce()) -> Vec<BTreeMap<&'static str, String>> {
    let errors = Errors::default();
    tracing::subscriber::with_default(errors.clone(), does);
    let errors = errors.0.lock().unwrap();
    errors.clone()
}

fn key() -> MasterKey {
    MasterKey::generate(&SystemRandom)
}

#[test]
fn a_fingerprint_tells_keys_apart_and_not_what_they_are() {
    let (one, other) = (key(), key());
    let again = MasterKey::decode(&one.encoded()).unwrap();
    assert_eq!(one.fingerprint(), again.fingerprint());
    assert_ne!(one.fingerprint(), other.fingerprint());
    assert_eq!(one.fingerprint().len(), 16);
    let ring = Keyring::of(other.clone()).with_new(one.clone());
    assert!(ring.has(&one.fingerprint()) && ring.has(&other.fingerprint()));
    let older = ring.older().unwrap();
    assert!(!older.has(&one.fingerprint()) && older.has(&other.fingerprint()));
    assert!(older.older().is_none());
}

#[test]
fn keys_that_cannot_be_read_are_logged_once_for_each_reason() {
    let (old, new) = (key(), key());
    let found = Arc::new(Mutex::new(Err("master.key: Permission denied".to_owned())));
    let reads = found.clone();
    let keys = Keyring::of(old.clone());
    let sealer = Sealer::followed(keys, Arc::new(move || reads.lock().unwrap().clone()));
    let under_new = Sealer::new(Keyring::of(new.clone())).seal(&SystemRandom, "a", b"plain");
    let errors = logged(|| {
        for _ in 0..3 {
            assert!(sealer.open("a", &under_new).is_err());
            sealer.refresh();
        }
    });
    assert_eq!(errors.len(), 1);
    assert!(errors[0]["why"].contains("Permission denied"), "{errors:?}");
    *found.lock().unwrap() = Err("master.key: there is no master key".to_owned());
    assert_eq!(logged(|| sealer.refresh()).len(), 1, "another reason");
    *found.lock().unwrap() = Ok(Keyring::of(new));
    assert!(logged(|| assert!(sealer.open("a", &under_new).is_ok())).is_empty());
    *found.lock().unwrap() = Err("master.key: Permission denied".to_owned());
    assert_eq!(
        logged(|| sealer.refresh()).len(),
        1,
        "it could be read in between"
    );
    assert!(
        sealer.open("a", &under_new).is_ok(),
        "it goes on with what it has"
    );
}

#[test]
fn a_key_that_only_others_have_is_logged_once() {
    let (old, new) = (key(), key());
    let sealer = Sealer::new(Keyring::of(old.clone()));
    let errors = logged(|| {
        for fingerprint in [old.fingerprint(), new.fingerprint(), new.fingerprint()] {
            sealer.replaced(&fingerprint);
        }
        // Of an older program.
        sealer.replaced("");
    });
    assert_eq!(errors.len(), 1);
    assert!(errors[0]["fingerprint"].contains(&new.fingerprint()));
    for key in [&old, &new] {
        assert!(!format!("{errors:?}").contains(key.encoded().as_str()));
    }
    // One that has it, and would go on sealing under the old one.
    let behind = Keyring::of(new.clone()).with_new(old.clone());
    let errors = logged(|| Sealer::new(behind).replaced(&new.fingerprint()));
    assert!(
        errors[0]["message"].contains("Put the new key first"),
        "{errors:?}"
    );
    // One that finds it where it reads its keys.
    let ring = Keyring::of(old.clone()).with_new(new.clone());
    let follows = Sealer::followed(Keyring::of(old), Arc::new(move || Ok(ring.clone())));
    assert!(logged(|| follows.replaced(&new.fingerprint())).is_empty());
    assert_eq!(follows.fingerprint(), new.fingerprint());
}
