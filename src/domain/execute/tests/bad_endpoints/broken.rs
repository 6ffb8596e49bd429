//! Endpoints that break off, that speak no HTTP, or that answer something else.

use super::{Bad, CHUNKED, OK, TOO_MANY_HEADERS, Then, bad, json_of};
use crate::calls::Outcome;

const NOT_HTTP: &str = "something that is not HTTP";
const CLOSED: &str = "closed the connection without an answer";

pub(super) fn broken() -> Vec<Bad> {
    use Outcome::{BadAnswer, HttpError, Ok, Unreachable};
    let says = |name, answer: &[u8], outcome, told| bad(name, answer, Then::Close, outcome, told);
    let head = |headers: String| format!("{OK}{headers}Content-Length: 2\r\n\r\nok").into_bytes();
    let gzip = [
        format!("{OK}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n").as_bytes(),
        b"\x1f\x8b\x08\0",
    ]
    .concat();
    let chunked = |rest: &str| format!("{CHUNKED}{rest}").into_bytes();
    vec![
        says("closes at once", b"", Unreachable, CLOSED),
        says("closes within its head", b"HTTP/1.1 200 OK\r\nContent-", Unreachable, CLOSED),
        says("closes within its body", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", BadAnswer, "broke off after 4 bytes"),
        says("closes within a chunk", &chunked("9\r\nhalf"), BadAnswer, "broke off after 4 bytes"),
        says("closes before the last chunk", &chunked("4\r\nhalf\r\n"), BadAnswer, "broke off after 4 bytes"),
        says("says a length that is too short", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", Ok, "ok"),
        says("says two lengths", &head("Content-Length: 3\r\n".to_owned()), BadAnswer, NOT_HTTP),
        says("says a negative length", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok", BadAnswer, NOT_HTTP),
        says("says a length beyond 64 bits", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok", BadAnswer, NOT_HTTP),
        says("a chunk size that is no number", &chunked("zz\r\nhi\r\n0\r\n\r\n"), BadAnswer, "broke off after 0 bytes"),
        says("a chunk size beyond 64 bits", &chunked("fffffffffffffffff\r\nhi"), BadAnswer, "broke off after 0 bytes"),
        says("a negative chunk size", &chunked("-1\r\nhi\r\n0\r\n\r\n"), BadAnswer, "broke off after 0 bytes"),
        says("trailers", &chunked("2\r\nok\r\n0\r\nX-Late: 1\r\n\r\n"), Ok, "ok"),
        says("a compression bomb", &gzip, BadAnswer, "encoded as gzip, which was not asked for"),
        says("a header of 200 KB", &head(format!("X-A: {}\r\n", "a".repeat(204_800))), BadAnswer, TOO_MANY_HEADERS),
        says("2,000 headers", &head("X-A: b\r\n".repeat(2_000)), BadAnswer, TOO_MANY_HEADERS),
        says("a header with NUL", &head("X-A: a\0b\r\n".to_owned()), BadAnswer, NOT_HTTP),
        says("a folded header", &head("X-A: a\r\n b\r\n".to_owned()), BadAnswer, NOT_HTTP),
        says("HTTP/0.9", b"<html>hello</html>", BadAnswer, NOT_HTTP),
        says("another version", b"HTTP/9.9 200 OK\r\n\r\nhi", BadAnswer, NOT_HTTP),
        says("SSH", b"SSH-2.0-OpenSSH_9.2\r\n", BadAnswer, NOT_HTTP),
        says("noise", &(0..=255).cycle().take(4_096).collect::<Vec<u8>>(), BadAnswer, NOT_HTTP),
        says("status 999", b"HTTP/1.1 999 What\r\nContent-Length: 2\r\n\r\nno", HttpError, "The endpoint answered 999:\nno"),
        says("status 099", b"HTTP/1.1 099 What\r\nContent-Length: 2\r\n\r\nno", BadAnswer, NOT_HTTP),
        says("status of four digits", b"HTTP/1.1 2000 What\r\nContent-Length: 2\r\n\r\nno", BadAnswer, NOT_HTTP),
        says("switches protocols", b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", HttpError, "answered 101"),
        says("points to itself", b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", HttpError, "redirected more than 3 times in a row"),
    ]
}

/// Called with an output schema, so that what is no object is an error.
pub(super) fn unfit() -> Vec<Bad> {
    use Outcome::BadAnswer;
    const NO_OBJECT: &str = "is not a JSON object, which the tool's output schema asks for";
    let html = format!("{OK}Content-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>Hi</p>");
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let deep_object = format!("{{\"a\":{}", "{\"a\":".repeat(10_000));
    let says = |name, answer: Vec<u8>, told| bad(name, answer, Then::Close, BadAnswer, told);
    vec![
        says("HTML instead of JSON", html.into_bytes(), NO_OBJECT),
        says("no body", json_of(b""), NO_OBJECT),
        says("JSON that is cut", json_of(b"{\"a\":1"), NO_OBJECT),
        says("two values", json_of(b"{\"a\":1} {\"a\":2}"), NO_OBJECT),
        says("invalid UTF-8", json_of(b"{\"a\":\"\xff\xfe\"}"), NO_OBJECT),
        says("half a surrogate", json_of(br#"{"a":"\ud800"}"#), NO_OBJECT),
        says(
            "30,000 levels of lists",
            json_of(deep.as_bytes()),
            NO_OBJECT,
        ),
        says(
            "10,000 levels of objects",
            json_of(deep_object.as_bytes()),
            NO_OBJECT,
        ),
        says("a member twice", json_of(b"{\"a\":1,\"a\":2}"), NO_OBJECT),
        says(
            "a number beyond any",
            json_of(b"{\"a\":1e999999}"),
            NO_OBJECT,
        ),
        says(
            "a number of 30,000 digits",
            json_of(format!("{{\"a\":{}}}", "9".repeat(30_000)).as_bytes()),
            NO_OBJECT,
        ),
        says("NaN", json_of(b"{\"a\":NaN}"), NO_OBJECT),
        says("a list", json_of(b"[{\"a\":1}]"), NO_OBJECT),
        says(
            "another member",
            json_of(b"{\"b\":1}"),
            "\"a\" is a required property",
        ),
    ]
}
