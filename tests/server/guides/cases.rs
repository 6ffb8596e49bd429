//! What somebody on the way could make of real requests, and what an endpoint is to say to it.

use super::{requests::Real, wire::Wire};

/// A request that an endpoint gets, and whether it is to let it in.
pub struct Case {
    pub name: &'static str,
    pub request: Wire,
    pub is_ours: bool,
}

fn ours(name: &'static str, request: &Wire) -> Case {
    Case {
        name,
        request: request.clone(),
        is_ours: true,
    }
}

fn not_ours(name: &'static str, request: Wire) -> Case {
    Case {
        name,
        request,
        is_ours: false,
    }
}

/// What holds of every strategy that signs, by the name of the header with the time.
fn of_both(real: &Real, time: &str) -> Vec<Case> {
    let post = || real.post.clone();
    let now = real.post.header(time);
    vec![
        ours("as it came", &real.post),
        ours("a GET", &real.get),
        ours("a form", &real.form),
        ours("two minutes old", &real.early),
        ours("two minutes ahead", &real.late),
        not_ours("an hour old", real.old.clone()),
        not_ours("an hour ahead", real.future.clone()),
        not_ours(
            "an old one with a new time",
            real.old.clone().with(time, now.clone()),
        ),
        not_ours("of another secret", real.other.clone()),
        not_ours("another body", post().body(r#"{"amount":"4 €"}"#)),
        not_ours("no body", post().body("")),
        not_ours(
            "a longer body",
            post().body([&*real.post.body, b" "].concat()),
        ),
        not_ours("a body where there was none", real.get.clone().body("{}")),
        not_ours("no time", post().without(time)),
        not_ours("a time that is none", post().with(time, "soon")),
        not_ours("an empty time", post().with(time, "")),
        not_ours("a long time", post().with(time, "9".repeat(1_000))),
        not_ours("a time of another day", post().with(time, "1700000000")),
    ]
}

/// What the guide's snippets are held to.
pub fn signed(real: &Real) -> Vec<Case> {
    const SIGNATURE: &str = "x-tengine-signature";
    const TIME: &str = "x-tengine-timestamp";
    const ID: &str = "x-tengine-request-id";
    let post = || real.post.clone();
    let signature = String::from_utf8(real.post.header(SIGNATURE)).unwrap();
    let forged = format!("v1={}", "0".repeat(64));
    let time = String::from_utf8(real.post.header(TIME)).unwrap();
    let mut cases = of_both(real, TIME);
    cases.extend([
        not_ours("another path", post().at("/pay/", "/refund/")),
        not_ours("another query", post().at("dry=true", "dry=false")),
        not_ours("a parameter more", post().at("dry=true", "dry=true&to=eve")),
        not_ours("no query", post().at("?dry=true", "")),
        not_ours("the path in other letters", post().at("%C3%BC", "%c3%bc")),
        not_ours("the path read and written", post().at("%2F", "/")),
        not_ours("another method", post().by("PUT")),
        not_ours("no signature", post().without(SIGNATURE)),
        not_ours("an empty signature", post().with(SIGNATURE, "")),
        not_ours("a forged signature", post().with(SIGNATURE, &*forged)),
        not_ours("two signatures", post().and(SIGNATURE, &*forged)),
        not_ours("two, ours the second", post().first(SIGNATURE, &*forged)),
        not_ours("ours twice", post().and(SIGNATURE, &*signature)),
        not_ours(
            "two in one header",
            post().with(SIGNATURE, format!("{signature}, {forged}")),
        ),
        not_ours(
            "without its version",
            post().with(SIGNATURE, signature.trim_start_matches("v1=")),
        ),
        not_ours(
            "of another version",
            post().with(SIGNATURE, signature.replace("v1=", "v2=")),
        ),
        not_ours(
            "in capitals",
            post().with(SIGNATURE, signature.to_uppercase().replace("V1=", "v1=")),
        ),
        not_ours("half of it", post().with(SIGNATURE, &signature[..35])),
        not_ours(
            "more than it",
            post().with(SIGNATURE, signature.clone() + "0"),
        ),
        not_ours("no ASCII", post().with(SIGNATURE, *b"v1=\xe9\xff")),
        not_ours("no id", post().without(ID)),
        not_ours("another id", post().with(ID, real.get.header(ID))),
        not_ours("two ids", post().and(ID, real.post.header(ID))),
        not_ours("two times", post().and(TIME, &*time)),
        not_ours("a time with a sign", post().with(TIME, format!("+{time}"))),
        not_ours("a time with more", post().with(TIME, format!("{time}.0"))),
        not_ours("the same of no TengineAI", {
            let mut bare = post();
            bare.headers.clear();
            bare
        }),
    ]);
    cases
}

/// What the libraries of Standard Webhooks are held to: they cover id, time and body, and of what
/// they make of two headers of one name nothing is said.
pub fn webhooks(real: &Real) -> Vec<Case> {
    const SIGNATURE: &str = "webhook-signature";
    const TIME: &str = "webhook-timestamp";
    const ID: &str = "webhook-id";
    let post = || real.post.clone();
    let signature = String::from_utf8(real.post.header(SIGNATURE)).unwrap();
    let mut cases = of_both(real, TIME);
    cases.extend([
        // As the guide says.
        ours("another path", &post().at("/pay/", "/refund/")),
        ours("another method", &post().by("PUT")),
        not_ours("no signature", post().without(SIGNATURE)),
        not_ours("an empty signature", post().with(SIGNATURE, "")),
        not_ours(
            "a signature without a version",
            post().with(SIGNATURE, "v1"),
        ),
        not_ours("one that is no base64", post().with(SIGNATURE, "v1,!")),
        not_ours(
            "of another version",
            post().with(SIGNATURE, signature.replace("v1,", "v2,")),
        ),
        not_ours(
            "another's",
            post().with(SIGNATURE, real.get.header(SIGNATURE)),
        ),
        not_ours("no id", post().without(ID)),
        not_ours("another id", post().with(ID, real.get.header(ID))),
    ]);
    cases
}
