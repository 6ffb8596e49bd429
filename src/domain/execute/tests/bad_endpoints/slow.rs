//! Endpoints that take their time, and those that have no end.

use std::time::Duration;

use super::{Bad, CHUNKED, OK, TOO_MANY_HEADERS, Then, bad};
use crate::calls::Outcome;

const NO_ANSWER: &str = "accepted the connection but did not answer within the tool's limit of";
const UNFINISHED: &str = "began to answer (200) but did not finish within the tool's limit of";
const TOO_LARGE: &str = "larger than the tool's limit of 65536 bytes";
const SLOWLY: Duration = Duration::from_millis(10);
const AT_ONCE: Duration = Duration::ZERO;

fn again(piece: impl Into<Vec<u8>>, pause: Duration) -> Then {
    Then::Repeat(piece.into(), pause)
}

pub(super) fn slow() -> Vec<Bad> {
    use Outcome::Timeout;
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    vec![
        bad(
            "hangs before its answer",
            "",
            Then::Hang,
            Timeout,
            NO_ANSWER,
        ),
        bad(
            "hangs within its status line",
            "HTT",
            Then::Hang,
            Timeout,
            NO_ANSWER,
        ),
        bad(
            "drips a header",
            format!("{OK}X-A: "),
            again("a", SLOWLY),
            Timeout,
            NO_ANSWER,
        ),
        bad(
            "1xx forever",
            early,
            again(early, Duration::from_millis(1)),
            Timeout,
            NO_ANSWER,
        ),
        bad(
            "100 and then nothing",
            "HTTP/1.1 100 Continue\r\n\r\n",
            Then::Hang,
            Timeout,
            NO_ANSWER,
        ),
        bad(
            "hangs after its head",
            format!("{OK}Content-Length: 9\r\n\r\n"),
            Then::Hang,
            Timeout,
            UNFINISHED,
        ),
        bad(
            "drips its body",
            format!("{OK}Content-Length: 9999\r\n\r\n"),
            again("a", SLOWLY),
            Timeout,
            UNFINISHED,
        ),
        bad(
            "drips chunks",
            CHUNKED,
            again("1\r\na\r\n", SLOWLY),
            Timeout,
            UNFINISHED,
        ),
        bad(
            "drips a chunk's size",
            CHUNKED,
            again("0", SLOWLY),
            Timeout,
            UNFINISHED,
        ),
        bad(
            "drips events",
            format!("{OK}Content-Type: text/event-stream\r\n\r\n"),
            again("data: x\n\n", SLOWLY),
            Timeout,
            UNFINISHED,
        ),
        bad(
            "drips lines",
            format!("{OK}Content-Type: application/x-ndjson\r\n\r\n"),
            again("{\"progress\":1}\n", SLOWLY),
            Timeout,
            UNFINISHED,
        ),
    ]
}

pub(super) fn endless() -> Vec<Bad> {
    use Outcome::BadAnswer;
    let kilobytes = vec![b'x'; 65_536];
    let chunk = [b"10000\r\n", kilobytes.as_slice(), b"\r\n"].concat();
    let gigabyte = format!("{OK}Content-Length: 1073741824\r\n\r\n");
    let of = |kind: &str| format!("{OK}Content-Type: {kind}\r\n\r\n");
    vec![
        bad(
            "a gigabyte",
            gigabyte,
            again(kilobytes.clone(), AT_ONCE),
            BadAnswer,
            TOO_LARGE,
        ),
        bad(
            "without an end",
            format!("{OK}\r\n"),
            again(kilobytes.clone(), AT_ONCE),
            BadAnswer,
            TOO_LARGE,
        ),
        bad(
            "chunks without an end",
            CHUNKED,
            again(chunk, AT_ONCE),
            BadAnswer,
            TOO_LARGE,
        ),
        bad(
            "events without an end",
            of("text/event-stream"),
            again("data: x\n\n".repeat(999), AT_ONCE),
            BadAnswer,
            TOO_LARGE,
        ),
        bad(
            "one event without an end",
            of("text/event-stream"),
            again(kilobytes.clone(), AT_ONCE),
            BadAnswer,
            TOO_LARGE,
        ),
        bad(
            "lines without an end",
            of("application/x-ndjson"),
            again("{\"a\":1}\n".repeat(999), AT_ONCE),
            BadAnswer,
            TOO_LARGE,
        ),
        bad(
            "one line without an end",
            of("application/x-ndjson"),
            again(kilobytes.clone(), AT_ONCE),
            BadAnswer,
            TOO_LARGE,
        ),
        bad(
            "a header without an end",
            format!("{OK}X-A: "),
            again(kilobytes, AT_ONCE),
            BadAnswer,
            TOO_MANY_HEADERS,
        ),
        bad(
            "headers without an end",
            OK,
            again("X-A: b\r\n".repeat(99), AT_ONCE),
            BadAnswer,
            TOO_MANY_HEADERS,
        ),
        bad(
            "trailers without an end",
            format!("{CHUNKED}0\r\n"),
            again("X-A: b\r\n".repeat(99), AT_ONCE),
            BadAnswer,
            "broke off after 0 bytes",
        ),
        bad(
            "a chunk extension without an end",
            format!("{CHUNKED}1;"),
            again(vec![b'x'; 65_536], AT_ONCE),
            BadAnswer,
            "broke off after 0 bytes",
        ),
    ]
}
