//! Pairs of a query or of a form: `application/x-www-form-urlencoded` (WHATWG URL §5.2).

use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use super::{RenderError, Room, text};

/// The content type of what [`Pairs`] make.
pub(in crate::execute) const FORM: &str = "application/x-www-form-urlencoded";

/// Pairs, encoded as they come and for as long as there is room.
pub(in crate::execute) struct Pairs<'a> {
    text: String,
    room: Room<'a>,
}

impl<'a> Pairs<'a> {
    pub(in crate::execute) const fn new(room: Room<'a>) -> Self {
        Self {
            text: String::new(),
            room,
        }
    }

    /// What is left for more.
    pub(super) const fn room(&self) -> Room<'a> {
        self.room
    }

    /// A value: an array once per item, an object as JSON text, null not at all.
    ///
    /// # Errors
    /// [`RenderError::Argument`] where there is no room for it.
    pub(in crate::execute) fn repeat(
        &mut self,
        name: &str,
        value: Option<&Value>,
    ) -> Result<(), RenderError> {
        match value {
            Some(Value::Array(items)) => items
                .iter()
                .filter_map(text)
                .try_for_each(|text| self.add(name, &text)),
            Some(value) => text(value).map_or(Ok(()), |text| self.add(name, &text)),
            None => Ok(()),
        }
    }

    /// # Errors
    /// As [`Pairs::repeat`].
    pub(super) fn add(&mut self, name: &str, text: &str) -> Result<(), RenderError> {
        // Before the first of a query is its mark.
        self.room.take(1)?;
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.encode(name)?;
        self.room.take(1)?;
        self.text.push('=');
        self.encode(text)
    }

    fn encode(&mut self, text: &str) -> Result<(), RenderError> {
        for piece in byte_serialize(text.as_bytes()) {
            self.room.take(piece.len())?;
            self.text.push_str(piece);
        }
        Ok(())
    }

    /// The text; empty where there is nothing.
    pub(in crate::execute) fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::form_urlencoded::Serializer;

    use super::{super::room::Place, *};

    proptest! {
        #[test]
        fn they_are_what_another_writer_makes_of_them_or_too_long(
            pairs in prop::collection::vec((any::<String>(), any::<String>()), 0..5),
            most in 0_usize..200,
        ) {
            let expected = Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let mut made = Pairs::new(Room::new(Place::Body, most));
            let added = pairs.iter().try_for_each(|(name, text)| made.add(name, text));
            let bytes = expected.len() + usize::from(!pairs.is_empty());
            prop_assert_eq!(added.is_ok(), bytes <= most);
            if added.is_ok() {
                prop_assert_eq!(made.finish(), expected);
            } else {
                prop_assert!(made.finish().len() <= most);
            }
        }
    }
}
