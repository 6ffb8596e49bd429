//! Which encoding of a file a client takes (RFC 9110 §12.5.3).

use axum::http::{HeaderMap, HeaderValue, header};

/// How a file can be sent; the first that a client likes as well as any other is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// Its `Content-Encoding`.
    pub const fn name(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Identity => None,
        }
    }

    /// What the name of a file that is encoded so ends with.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    fn is_named(self, name: &str) -> bool {
        let names: &[&str] = match self {
            Self::Brotli => &["br"],
            Self::Gzip => &["gzip", "x-gzip"],
            Self::Identity => &["identity"],
        };
        names.iter().any(|known| name.eq_ignore_ascii_case(known))
    }
}

/// The encodings that a client takes, in the order in which it wants them; none where it refuses all.
pub fn wanted(headers: &HeaderMap) -> Vec<Encoding> {
    let said: Vec<(&str, u16)> = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','))
        .filter_map(coding)
        .collect();
    let mut wanted: Vec<(Encoding, u16)> = Encoding::ALL
        .into_iter()
        .map(|encoding| (encoding, weight(encoding, &said)))
        .filter(|(_, weight)| *weight > 0)
        .collect();
    // Stable: among equals our own order stays.
    wanted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    wanted.into_iter().map(|(encoding, _)| encoding).collect()
}

/// Of a thousand, and one more, so that what nobody spoke of comes after the least wish.
fn weight(encoding: Encoding, said: &[(&str, u16)]) -> u16 {
    let named = said.iter().find(|(name, _)| encoding.is_named(name));
    let any = || said.iter().find(|(name, _)| *name == "*");
    match named.or_else(any) {
        Some((_, 0)) => 0,
        Some((_, weight)) => weight + 1,
        // Taken by whoever does not refuse it.
        None => u16::from(encoding == Encoding::Identity),
    }
}

/// A coding and its weight in thousandths; nothing where it is no such thing.
fn coding(element: &str) -> Option<(&str, u16)> {
    let (name, parameter) = match element.split_once(';') {
        Some((name, parameter)) => (name.trim(), Some(parameter.trim())),
        None => (element.trim(), None),
    };
    let weight = match parameter {
        None => 1.0,
        Some(parameter) => {
            let (q, value) = parameter.split_once('=')?;
            let weight: f32 = value.trim().parse().ok()?;
            (q.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&weight))
                .then_some(weight)?
        }
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 1000"
    )]
    let thousandths = (weight * 1_000.0).round() as u16;
    (!name.is_empty()).then_some((name, thousandths))
}

#[cfg(test)]
mod tests {
    use super::{
        Encoding::{Brotli, Gzip, Identity},
        *,
    };

    fn of(accepts: Option<&str>) -> Vec<Encoding> {
        let mut headers = HeaderMap::new();
        if let Some(accepts) = accepts {
            headers.insert(header::ACCEPT_ENCODING, accepts.parse().unwrap());
        }
        wanted(&headers)
    }

    #[test]
    fn a_client_gets_what_it_wants_most() {
        for (accepts, wanted) in [
            ("gzip, deflate, br, zstd", vec![Brotli, Gzip, Identity]),
            ("gzip", vec![Gzip, Identity]),
            ("x-gzip", vec![Gzip, Identity]),
            ("GZIP;Q=0.5 , BR ; q=0.2", vec![Gzip, Brotli, Identity]),
            ("br;q=0.001", vec![Brotli, Identity]),
            ("br;q=0.5, identity", vec![Identity, Brotli]),
            ("br;q=0, *", vec![Gzip, Identity]),
            ("*;q=0.3, gzip", vec![Gzip, Brotli, Identity]),
            ("*", vec![Brotli, Gzip, Identity]),
            ("zstd", vec![Identity]),
            ("", vec![Identity]),
            ("br;q=x, gzip;p=1, ;q=1, br;q=2", vec![Identity]),
        ] {
            assert_eq!(of(Some(accepts)), wanted, "{accepts}");
        }
        assert_eq!(of(None), [Identity]);
    }

    #[test]
    fn what_a_client_refuses_it_does_not_get() {
        for (accepts, wanted) in [
            ("identity;q=0", vec![]),
            ("*;q=0", vec![]),
            ("br, identity;q=0", vec![Brotli]),
            ("gzip, *;q=0.000", vec![Gzip]),
            ("*;q=0, identity", vec![Identity]),
        ] {
            assert_eq!(of(Some(accepts)), wanted, "{accepts}");
        }
    }
}
