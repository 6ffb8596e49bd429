//! An endpoint's JSON, written anew: without the whitespace that a model would pay for, and without
//! the tool's secret, however its characters are escaped. It goes from text to text, since values in
//! between take many times the memory of the text that an endpoint makes up.

use std::{
    collections::HashSet,
    fmt,
    hash::{BuildHasher, RandomState},
};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::mask::Mask;

/// JSON without whitespace and secret.
#[derive(Debug)]
pub(super) struct Json {
    pub(super) text: String,
}

impl Json {
    /// `None` where the bytes are not JSON (RFC 8259), nest more than 128 deep, or name a member of an
    /// object twice, which each reader takes for something else (§4).
    pub(super) fn of(bytes: &[u8], mask: &Mask) -> Option<Self> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let writer = Writer {
            out: &mut out,
            mask,
        };
        writer.deserialize(&mut reader).ok()?;
        reader.end().ok()?;
        let text = String::from_utf8(out).ok()?;
        // Numbers are written in one way, and might come to be what they were not.
        (!mask.finds(&text)).then_some(Self { text })
    }

    pub(super) fn is_object(&self) -> bool {
        self.text.starts_with('{')
    }

    pub(super) fn raw(&self) -> Box<RawValue> {
        RawValue::from_string(self.text.clone()).expect("it was written as JSON")
    }
}

/// Writes one value.
struct Writer<'a> {
    out: &'a mut Vec<u8>,
    mask: &'a Mask,
}

impl Writer<'_> {
    fn put<E: Error>(self, value: &(impl serde::Serialize + ?Sized)) -> Result<(), E> {
        serde_json::to_writer(self.out, value).map_err(E::custom)
    }
}

impl<'de> DeserializeSeed<'de> for Writer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Writer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.put(&())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.put(&value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.put(&value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.put(&value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.put(&value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let text = self.mask.text(text);
        self.put(text.as_ref())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let (out, mask) = (self.out, self.mask);
        out.push(b'[');
        let mut before = b"".as_slice();
        loop {
            let end = out.len();
            out.extend_from_slice(before);
            if items.next_element_seed(Writer { out, mask })?.is_none() {
                out.truncate(end);
                break;
            }
            before = b",";
        }
        out.push(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let (out, mask) = (self.out, self.mask);
        out.push(b'{');
        let mut before = b"".as_slice();
        let mut names = Names::default();
        loop {
            let end = out.len();
            out.extend_from_slice(before);
            if members.next_key_seed(Writer { out, mask })?.is_none() {
                out.truncate(end);
                break;
            }
            if !names.is_new(&out[end + before.len()..]) {
                return Err(A::Error::custom("a member is named twice"));
            }
            out.push(b':');
            members.next_value_seed(Writer { out, mask })?;
            before = b",";
        }
        out.push(b'}');
        Ok(())
    }
}

/// The names of an object's members so far, by their hash.
#[derive(Default)]
struct Names {
    hasher: RandomState,
    few: Vec<u64>,
    many: HashSet<u64>,
}

impl Names {
    /// Members up to which it is as quick to compare each with each.
    const FEW: usize = 16;

    fn is_new(&mut self, name: &[u8]) -> bool {
        let hash = self.hasher.hash_one(name);
        if self.few.len() < Self::FEW {
            let is_new = !self.few.contains(&hash);
            self.few.push(hash);
            return is_new;
        }
        !self.few.contains(&hash) && self.many.insert(hash)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn rewritten(text: &str) -> Option<String> {
        Json::of(text.as_bytes(), &Mask::default()).map(|json| json.text)
    }

    #[test]
    fn it_says_the_same_in_fewer_bytes() {
        let text = " { \"b\" : [ 1 , -2.50, 1e3, true, null, [] ], \"a\\u0041\" : { } } ";
        assert_eq!(
            rewritten(text).unwrap(),
            r#"{"b":[1,-2.5,1000.0,true,null,[]],"aA":{}}"#
        );
        for wrong in [
            "",
            "{",
            "[1,]",
            "{} {}",
            "{\"a\":1,}",
            "nul",
            "\u{feff}1",
            "{\"a\":1,\"\\u0061\":1}",
        ] {
            assert_eq!(rewritten(wrong), None, "{wrong}");
        }
        assert_eq!(rewritten(&"[".repeat(100_000)), None);
    }

    #[test]
    fn escapes_hide_no_secret() {
        let mut mask = Mask::default();
        mask.hide(b"abc/d\"ef".to_vec());
        let text = r#"{"abc\/d\u0022ef":["x abc\/d\"ef"],"n":1}"#;
        let json = Json::of(text.as_bytes(), &mask).unwrap();
        assert_eq!(json.text, r#"{"[redacted]":["x [redacted]"],"n":1}"#);
        assert!(json.is_object());
        assert_eq!(json.raw().get(), json.text);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            let members = prop::collection::vec((any::<String>(), inner.clone()), 0..5);
            prop_oneof![
                prop::collection::vec(inner, 0..5).prop_map(Value::from),
                members.prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_what_a_parser_and_a_writer_make_of_it(value in values()) {
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(rewritten(&pretty), Some(value.to_string()));
        }
    }
}
