//! Why an endpoint gave no answer, in a sentence that helps and that names no address.

use std::{error::Error as StdError, io};

use http::StatusCode;
use hyper_util::client::legacy;
use rustls::CertificateError;

use super::{
    client::Limits,
    network::{ConnectError, Refusal},
    result::Ended,
};
use crate::calls::Outcome;

/// How an exchange failed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Refused(Refusal),
    /// Nothing was sent.
    NotConnected(&'static str),
    Unreachable(&'static str),
    /// Something that is not HTTP.
    NotHttp,
    NoAnswerInTime,
    NotFinishedInTime {
        status: StatusCode,
        bytes: usize,
    },
    BrokeOff {
        status: StatusCode,
        bytes: usize,
    },
}

impl Failure {
    /// A failure before the answer's head.
    pub(super) fn of_request(error: &legacy::Error) -> Self {
        let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
        while let Some(current) = cause {
            if let Some(connect) = current.downcast_ref::<ConnectError>() {
                return Self::of_connecting(connect);
            }
            if let Some(tls) = tls_error(current) {
                return Self::NotConnected(of_tls(tls));
            }
            if let Some(http) = current.downcast_ref::<hyper::Error>()
                && (http.is_parse() || http.is_parse_status())
            {
                return Self::NotHttp;
            }
            cause = current.source();
        }
        if error.is_connect() {
            Self::NotConnected("The endpoint did not complete a TLS handshake.")
        } else {
            Self::Unreachable("The endpoint closed the connection without an answer.")
        }
    }

    fn of_connecting(error: &ConnectError) -> Self {
        Self::NotConnected(match error {
            ConnectError::Refused(refusal) => return Self::Refused(*refusal),
            ConnectError::NotFound => "The endpoint's host name does not resolve (DNS).",
            ConnectError::TooSlow => "The endpoint did not accept a connection within 5 seconds.",
            ConnectError::Failed(io::ErrorKind::ConnectionRefused) => {
                "The endpoint refused the connection: nothing listens there."
            }
            ConnectError::Failed(_) => "The endpoint could not be connected to.",
        })
    }

    pub(super) fn ended(self, limits: Limits) -> Ended {
        let ms = limits.timeout.as_millis();
        match self {
            Self::Refused(refusal) => Ended::failed(Outcome::Refused, refusal.to_string()),
            Self::NotConnected(why) => Ended::failed(Outcome::Unreachable, why),
            Self::Unreachable(why) => Ended::failed(Outcome::Unreachable, why).sent(),
            Self::NotHttp => Ended::failed(
                Outcome::BadAnswer,
                "The endpoint answered with something that is not HTTP.",
            )
            .sent(),
            Self::NoAnswerInTime => Ended::failed(
                Outcome::Timeout,
                format!("The endpoint did not answer within the tool's limit of {ms} ms. It may have acted all the same."),
            )
            .sent(),
            Self::NotFinishedInTime { status, bytes } => Ended::failed(
                Outcome::Timeout,
                format!("The endpoint began to answer ({}) and did not finish within the tool's limit of {ms} ms.", status.as_u16()),
            )
            .with_answer(status.as_u16(), count(bytes)),
            Self::BrokeOff { status, bytes } => Ended::failed(
                Outcome::BadAnswer,
                format!("The endpoint's answer ({}) broke off after {bytes} bytes.", status.as_u16()),
            )
            .with_answer(status.as_u16(), count(bytes)),
        }
    }
}

pub(super) fn count(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// rustls reports through an [`io::Error`], whose `source` skips the error inside.
fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let inner = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    match inner {
        Some(inner) => tls_error(inner),
        None => error.downcast_ref(),
    }
}

fn of_tls(error: &rustls::Error) -> &'static str {
    use CertificateError as Cert;
    match error {
        rustls::Error::InvalidCertificate(Cert::Expired | Cert::ExpiredContext { .. }) => {
            "The endpoint's TLS certificate has expired."
        }
        rustls::Error::InvalidCertificate(
            Cert::NotValidForName | Cert::NotValidForNameContext { .. },
        ) => "The endpoint's TLS certificate is for another host name.",
        rustls::Error::InvalidCertificate(Cert::UnknownIssuer) => {
            "The endpoint's TLS certificate is not from a publicly trusted authority."
        }
        rustls::Error::InvalidCertificate(_) => "The endpoint's TLS certificate is not valid.",
        _ => "The endpoint did not complete a TLS handshake.",
    }
}
