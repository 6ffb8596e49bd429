//! How much arguments may make of a place. A name is sent once for each item of a list, and a template
//! may use an argument many times: what they come to is counted before it is written.

use std::fmt;

use http::HeaderName;
use serde_json::Value;

use super::RenderError;
use crate::json_size::json_size;

/// Where text goes, for whoever made too much of it.
#[derive(Debug, Clone, Copy)]
pub(in crate::execute) enum Place<'a> {
    Url,
    Header(&'a HeaderName),
    Body,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url => f.write_str("the URL"),
            Self::Header(name) => write!(f, "the header {name}"),
            Self::Body => f.write_str("the body"),
        }
    }
}

/// The bytes that a place has left.
#[derive(Debug, Clone, Copy)]
pub(in crate::execute) struct Room<'a> {
    place: Place<'a>,
    most: usize,
    left: usize,
}

impl<'a> Room<'a> {
    pub(in crate::execute) const fn new(place: Place<'a>, most: usize) -> Self {
        Self {
            place,
            most,
            left: most,
        }
    }

    /// # Errors
    /// [`RenderError::Argument`] where there are not as many left.
    pub(in crate::execute) fn take(&mut self, bytes: usize) -> Result<(), RenderError> {
        self.left = self.left.checked_sub(bytes).ok_or_else(|| self.full())?;
        Ok(())
    }

    /// A value as JSON.
    ///
    /// # Errors
    /// As [`Room::take`].
    pub(super) fn take_value(&mut self, value: &Value) -> Result<(), RenderError> {
        let bytes = json_size(value, self.left).ok_or_else(|| self.full())?;
        self.take(bytes)
    }

    fn full(&self) -> RenderError {
        RenderError::Argument(format!(
            "The arguments make {} longer than {} bytes.",
            self.place, self.most
        ))
    }
}
