//! Why an endpoint gave no answer, in a sentence that helps and that names no address.

use std::{error::Error as StdError, io, time::Duration};

use http::StatusCode;
use hyper_util::client::legacy;
use rustls::{CertificateError, pki_types::InvalidDnsNameError};

use super::{
    circuit::Fault,
    client::{LARGEST_HEAD, Limits},
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
    /// The limit of connecting. Nothing was sent.
    NotConnectedInTime(Duration),
    /// The tool's own limit was over before. Nothing was sent.
    NoTimeToConnect,
    Unreachable(&'static str),
    /// Something that is not HTTP.
    NotHttp,
    HeadTooLarge,
    NoAnswerInTime,
    NotFinishedInTime {
        status: StatusCode,
        bytes: usize,
    },
    BrokeOff {
        status: StatusCode,
        bytes: usize,
        /// Whether somebody was told of its beginning.
        was_told: bool,
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
            if current.is::<InvalidDnsNameError>() {
                return Self::NotConnected(
                    "The endpoint's host is not a name that a TLS certificate can have.",
                );
            }
            if let Some(tls) = tls_error(current) {
                return Self::NotConnected(of_tls(tls));
            }
            match current.downcast_ref::<hyper::Error>() {
                Some(http) if http.is_parse_too_large() => return Self::HeadTooLarge,
                Some(http) if http.is_parse() => return Self::NotHttp,
                _ => {}
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
            ConnectError::TooSlow(limit) => return Self::NotConnectedInTime(*limit),
            ConnectError::Failed(io::ErrorKind::ConnectionRefused) => {
                "The endpoint refused the connection: nothing listens there."
            }
            ConnectError::Failed(_) => "The endpoint could not be connected to.",
        })
    }

    /// Whether the endpoint may have acted.
    pub(super) const fn was_sent(&self) -> bool {
        !matches!(
            self,
            Self::Refused(_)
                | Self::NotConnected(_)
                | Self::NotConnectedInTime(_)
                | Self::NoTimeToConnect
        )
    }

    /// What is wrong with the server; none where it is our own guard that said no.
    pub(super) const fn fault(&self) -> Option<Fault> {
        match self {
            Self::Refused(_) => None,
            Self::NotConnected(_) | Self::NotConnectedInTime(_) => Some(Fault::NotConnected),
            Self::NoTimeToConnect => Some(Fault::NoTimeToConnect),
            Self::NoAnswerInTime | Self::NotFinishedInTime { .. } => Some(Fault::NotInTime),
            Self::Unreachable(_) => Some(Fault::HungUp),
            Self::NotHttp | Self::HeadTooLarge | Self::BrokeOff { .. } => Some(Fault::BadAnswer),
        }
    }

    /// Whether it is the tool's own limit that was over.
    pub(super) const fn is_out_of_time(&self) -> bool {
        matches!(
            self,
            Self::NoTimeToConnect | Self::NoAnswerInTime | Self::NotFinishedInTime { .. }
        )
    }

    pub(super) fn ended(self, limits: Limits) -> Ended {
        let was_sent = self.was_sent();
        let limit = spelled(limits.timeout);
        let ended = match self {
            Self::Refused(refusal) => Ended::failed(Outcome::Refused, refusal.to_string()),
            Self::NotConnected(why) | Self::Unreachable(why) => {
                Ended::failed(Outcome::Unreachable, why)
            }
            Self::NotConnectedInTime(limit) => not_connected_within(&spelled(limit)),
            Self::NoTimeToConnect => not_connected_within(&limit),
            Self::NotHttp => Ended::failed(
                Outcome::BadAnswer,
                "The endpoint answered with something that is not HTTP.",
            ),
            Self::HeadTooLarge => Ended::failed(
                Outcome::BadAnswer,
                format!(
                    "The endpoint's answer has larger headers than are read: about {LARGEST_HEAD} \
                     bytes, and 100 of them."
                ),
            ),
            Self::NoAnswerInTime => Ended::failed(
                Outcome::Timeout,
                format!(
                    "The endpoint accepted the connection but did not answer within the tool's \
                     limit of {limit}. It may have acted all the same."
                ),
            ),
            Self::NotFinishedInTime { status, bytes } => Ended::failed(
                Outcome::Timeout,
                format!(
                    "The endpoint began to answer ({}) but did not finish within the tool's limit \
                     of {limit}.",
                    status.as_u16()
                ),
            )
            .with_answer(status.as_u16(), count(bytes)),
            Self::BrokeOff { status, bytes, .. } => Ended::failed(
                Outcome::BadAnswer,
                format!(
                    "The endpoint's answer ({}) broke off after {bytes} bytes.",
                    status.as_u16()
                ),
            )
            .with_answer(status.as_u16(), count(bytes)),
        };
        if was_sent { ended.sent() } else { ended }
    }
}

fn not_connected_within(limit: &str) -> Ended {
    let text = format!("The endpoint could not be connected to within {limit}.");
    Ended::failed(Outcome::Unreachable, text)
}

/// A limit as people say it.
fn spelled(limit: Duration) -> String {
    let ms = limit.as_millis();
    if ms >= 1_000 && ms.is_multiple_of(1_000) {
        format!("{} s", ms / 1_000)
    } else {
        format!("{ms} ms")
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
