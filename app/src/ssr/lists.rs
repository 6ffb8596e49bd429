//! What a list is asked for, as the domain asks for it.

use std::str::FromStr;

use domain::{
    Error, Result,
    listing::{Listed, ROWS, Words},
};

use crate::api::lists::{ListQuery, Place};

pub(crate) fn words(query: &ListQuery) -> Result<Words> {
    Words::parse(&query.text)
}

/// Whether a state is the one or the other; `None`: both are asked for.
pub(crate) fn state(query: &ListQuery, yes: &str, no: &str) -> Result<Option<bool>> {
    match query.state.as_str() {
        "" => Ok(None),
        state if state == yes => Ok(Some(true)),
        state if state == no => Ok(Some(false)),
        _ => {
            let message =
                format!("The address names no state: use {yes} or {no}, or leave it out.");
            Err(Error::invalid("state", message))
        }
    }
}

/// What comes first; `usual` where it is not said.
pub(crate) fn order<O: FromStr<Err = String>>(query: &ListQuery, usual: O) -> Result<O> {
    match query.sort.as_str() {
        "" => Ok(usual),
        sort => sort.parse().map_err(|why| {
            let message = format!("The address names no order: {why}.");
            Error::invalid("sort", message)
        }),
    }
}

/// The rows as a page shows them, and where they are.
pub(crate) fn shown<T, R>(listed: Listed<T>, row: impl FnMut(T) -> R) -> (Vec<R>, Place) {
    let place = Place {
        page: listed.page,
        rows: ROWS,
        found: listed.found,
        total: listed.total,
    };
    (listed.rows.into_iter().map(row).collect(), place)
}
