//! curl's options (curl 8, `curl --help all`): which take a value, and what they are to a tool.

/// An option that says something of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sets {
    Request,
    Header,
    Data,
    DataRaw,
    DataUrlencode,
    Json,
    Get,
    Head,
    User,
    Bearer,
    Cookie,
    Browser,
    Url,
    UrlQuery,
    MaxTime,
    Globoff,
    Next,
}

/// What an option is to a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Sets(Sets),
    /// Of what curl shows or stores, or what tools do anyway.
    Nothing,
    /// Left out, with a sentence about it.
    LeftOut(&'static str),
    /// The request is not one that a tool makes.
    Refused(&'static str),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct CurlOption {
    pub(super) takes_value: bool,
    pub(super) meaning: Meaning,
}

use Meaning::{LeftOut, Nothing, Refused};

const PROXY: &str = "The proxy was left out: tools connect by themselves.";
const NAMES: &str =
    "Tools look the host up by themselves: what the command says of its address was left out.";
const TLS: &str = "Certificates are always checked, against the usual authorities: what the command says of it was left out.";
const RETRY: &str = "What the command says of retries was left out.";
const PARTS: &str = "The whole answer is asked for: ranges and conditions were left out.";
const NETRC: &str = "The command takes its credential from a netrc file: choose an auth_strategy and give the secret.";
const FORM: &str = "The command sends a multipart form (-F), which tools do not: they send JSON and plain forms (-d).";
const UPLOAD: &str =
    "The command uploads a file (-T), which tools do not: they send JSON and plain forms (-d).";
const SCHEME: &str =
    "The command signs in by Digest, NTLM, Negotiate or AWS signatures, which tools do not do.";
const CERTIFICATE: &str = "The command shows a client certificate, which tools do not have.";
const SOCKET: &str =
    "The command connects to a socket of its own machine, which tools do not reach.";
const CONFIG: &str = "A part of the command is in a file (-K): write its options into the command.";
const TARGET: &str = "The command sends another target than its URL: write the URL that is meant.";
const VARIABLE: &str = "The command sets variables of its own: write their values into it.";

/// Those with a short form: letter, name, whether they take a value, what they are.
const SHORT: &[(char, &str, bool, Meaning)] = &[
    ('X', "request", true, Meaning::Sets(Sets::Request)),
    ('H', "header", true, Meaning::Sets(Sets::Header)),
    ('d', "data", true, Meaning::Sets(Sets::Data)),
    ('G', "get", false, Meaning::Sets(Sets::Get)),
    ('I', "head", false, Meaning::Sets(Sets::Head)),
    ('u', "user", true, Meaning::Sets(Sets::User)),
    ('b', "cookie", true, Meaning::Sets(Sets::Cookie)),
    ('A', "user-agent", true, Meaning::Sets(Sets::Browser)),
    ('e', "referer", true, Meaning::Sets(Sets::Browser)),
    ('m', "max-time", true, Meaning::Sets(Sets::MaxTime)),
    ('g', "globoff", false, Meaning::Sets(Sets::Globoff)),
    (':', "next", false, Meaning::Sets(Sets::Next)),
    ('F', "form", true, Refused(FORM)),
    ('T', "upload-file", true, Refused(UPLOAD)),
    ('a', "append", false, Refused(UPLOAD)),
    ('E', "cert", true, Refused(CERTIFICATE)),
    ('K', "config", true, Refused(CONFIG)),
    ('k', "insecure", false, LeftOut(TLS)),
    ('x', "proxy", true, LeftOut(PROXY)),
    ('U', "proxy-user", true, LeftOut(PROXY)),
    ('p', "proxytunnel", false, LeftOut(PROXY)),
    ('n', "netrc", false, LeftOut(NETRC)),
    ('r', "range", true, LeftOut(PARTS)),
    ('C', "continue-at", true, LeftOut(PARTS)),
    ('z', "time-cond", true, LeftOut(PARTS)),
    ('s', "silent", false, Nothing),
    ('S', "show-error", false, Nothing),
    ('v', "verbose", false, Nothing),
    ('i', "include", false, Nothing),
    ('f', "fail", false, Nothing),
    ('L', "location", false, Nothing),
    ('N', "no-buffer", false, Nothing),
    ('O', "remote-name", false, Nothing),
    ('J', "remote-header-name", false, Nothing),
    ('R', "remote-time", false, Nothing),
    ('Z', "parallel", false, Nothing),
    ('B', "use-ascii", false, Nothing),
    ('j', "junk-session-cookies", false, Nothing),
    ('q', "disable", false, Nothing),
    ('#', "progress-bar", false, Nothing),
    ('0', "http1.0", false, Nothing),
    ('1', "tlsv1", false, Nothing),
    ('2', "sslv2", false, Nothing),
    ('3', "sslv3", false, Nothing),
    ('4', "ipv4", false, Nothing),
    ('6', "ipv6", false, Nothing),
    ('o', "output", true, Nothing),
    ('D', "dump-header", true, Nothing),
    ('c', "cookie-jar", true, Nothing),
    ('w', "write-out", true, Nothing),
    ('y', "speed-time", true, Nothing),
    ('Y', "speed-limit", true, Nothing),
];

/// The others that say something of the request, or of how it is made.
const LONG: &[(&str, bool, Meaning)] = &[
    ("data-ascii", true, Meaning::Sets(Sets::Data)),
    ("data-binary", true, Meaning::Sets(Sets::Data)),
    ("data-raw", true, Meaning::Sets(Sets::DataRaw)),
    ("data-urlencode", true, Meaning::Sets(Sets::DataUrlencode)),
    ("json", true, Meaning::Sets(Sets::Json)),
    ("oauth2-bearer", true, Meaning::Sets(Sets::Bearer)),
    ("url", true, Meaning::Sets(Sets::Url)),
    ("url-query", true, Meaning::Sets(Sets::UrlQuery)),
    ("form-string", true, Refused(FORM)),
    ("digest", false, Refused(SCHEME)),
    ("ntlm", false, Refused(SCHEME)),
    ("negotiate", false, Refused(SCHEME)),
    ("aws-sigv4", true, Refused(SCHEME)),
    ("key", true, Refused(CERTIFICATE)),
    ("unix-socket", true, Refused(SOCKET)),
    ("abstract-unix-socket", true, Refused(SOCKET)),
    ("request-target", true, Refused(TARGET)),
    ("variable", true, Refused(VARIABLE)),
    (
        "connect-timeout",
        true,
        LeftOut("A tool has one time limit, for the whole call: --connect-timeout was left out."),
    ),
    (
        "max-filesize",
        true,
        LeftOut("--max-filesize was left out: see max_response_bytes."),
    ),
    ("retry", true, LeftOut(RETRY)),
    ("retry-delay", true, LeftOut(RETRY)),
    ("retry-max-time", true, LeftOut(RETRY)),
    ("retry-all-errors", false, LeftOut(RETRY)),
    ("retry-connrefused", false, LeftOut(RETRY)),
    ("resolve", true, LeftOut(NAMES)),
    ("connect-to", true, LeftOut(NAMES)),
    ("cacert", true, LeftOut(TLS)),
    ("capath", true, LeftOut(TLS)),
    ("pinnedpubkey", true, LeftOut(TLS)),
    ("netrc-file", true, LeftOut(NETRC)),
    ("netrc-optional", false, LeftOut(NETRC)),
    ("etag-compare", true, LeftOut(PARTS)),
    ("noproxy", true, LeftOut(PROXY)),
    ("preproxy", true, LeftOut(PROXY)),
    ("socks4", true, LeftOut(PROXY)),
    ("socks4a", true, LeftOut(PROXY)),
    ("socks5", true, LeftOut(PROXY)),
    ("socks5-hostname", true, LeftOut(PROXY)),
    ("socks5-gssapi-service", true, LeftOut(PROXY)),
];

/// The rest of those that take a value: nothing of it can be kept.
const OTHERS_WITH_VALUE: &[&str] = &[
    "alt-svc",
    "cert-type",
    "ciphers",
    "create-file-mode",
    "crlfile",
    "curves",
    "delegation",
    "dns-interface",
    "dns-ipv4-addr",
    "dns-ipv6-addr",
    "dns-servers",
    "doh-url",
    "ech",
    "egd-file",
    "engine",
    "etag-save",
    "expect100-timeout",
    "ftp-account",
    "ftp-alternative-to-user",
    "ftp-method",
    "ftp-port",
    "ftp-ssl-ccc-mode",
    "happy-eyeballs-timeout-ms",
    "haproxy-clientip",
    "hostpubmd5",
    "hostpubsha256",
    "hsts",
    "interface",
    "ip-tos",
    "ipfs-gateway",
    "keepalive-cnt",
    "keepalive-time",
    "key-type",
    "knownhosts",
    "krb",
    "libcurl",
    "limit-rate",
    "local-port",
    "login-options",
    "mail-auth",
    "mail-from",
    "mail-rcpt",
    "max-redirs",
    "output-dir",
    "parallel-max",
    "parallel-max-host",
    "pass",
    "proto",
    "proto-default",
    "proto-redir",
    "pubkey",
    "quote",
    "random-file",
    "rate",
    "sasl-authzid",
    "service-name",
    "sigalgs",
    "ssl-sessions",
    "stderr",
    "telnet-option",
    "tftp-blksize",
    "tls-max",
    "tls13-ciphers",
    "tlsauthtype",
    "tlspassword",
    "tlsuser",
    "trace",
    "trace-ascii",
    "trace-config",
    "upload-flags",
    "vlan-priority",
];

/// The rest of those of a proxy that take a value.
const PROXY_WITH_VALUE: &[&str] = &[
    "proxy-cacert",
    "proxy-capath",
    "proxy-cert",
    "proxy-cert-type",
    "proxy-ciphers",
    "proxy-crlfile",
    "proxy-header",
    "proxy-key",
    "proxy-key-type",
    "proxy-pass",
    "proxy-pinnedpubkey",
    "proxy-service-name",
    "proxy-tls13-ciphers",
    "proxy-tlsauthtype",
    "proxy-tlspassword",
    "proxy-tlsuser",
    "proxy1.0",
];

/// The rest of those without a value that are of no account.
const OTHERS: &[&str] = &[
    "anyauth",
    "basic",
    "compressed",
    "create-dirs",
    "disallow-username-in-url",
    "fail-early",
    "fail-with-body",
    "follow",
    "http0.9",
    "http1.1",
    "http2",
    "http2-prior-knowledge",
    "http3",
    "http3-only",
    "ignore-content-length",
    "keepalive",
    "location-trusted",
    "out-null",
    "parallel-immediate",
    "path-as-is",
    "post301",
    "post302",
    "post303",
    "progress-meter",
    "raw",
    "remote-name-all",
    "remove-on-error",
    "show-headers",
    "skip-existing",
    "ssl",
    "ssl-reqd",
    "styled-output",
    "suppress-connect-headers",
    "tcp-fastopen",
    "tcp-nodelay",
    "tlsv1.0",
    "tlsv1.1",
    "tlsv1.2",
    "tlsv1.3",
    "tr-encoding",
    "trace-ids",
    "trace-time",
    "xattr",
    "alpn",
    "sessionid",
    "clobber",
    "buffer",
];

/// The option of a letter; `None` for one that curl 8 does not have.
pub(super) fn short(letter: char) -> Option<CurlOption> {
    // Of other protocols than HTTP.
    const OTHERS_WITH_VALUE: [char; 4] = ['P', 'Q', 't', 'h'];
    if OTHERS_WITH_VALUE.contains(&letter) {
        return Some(option(true, Nothing));
    }
    let found = SHORT.iter().find(|(known, ..)| *known == letter);
    found.map(|(_, _, takes_value, meaning)| option(*takes_value, *meaning))
}

/// The option of a name without its dashes.
pub(super) fn long(name: &str) -> Option<CurlOption> {
    let with_letter = SHORT
        .iter()
        .map(|(_, name, takes_value, meaning)| (*name, *takes_value, *meaning));
    let found = with_letter
        .chain(LONG.iter().copied())
        .find(|(known, ..)| *known == name);
    if let Some((_, takes_value, meaning)) = found {
        return Some(option(takes_value, meaning));
    }
    if OTHERS_WITH_VALUE.contains(&name) {
        return Some(option(true, Nothing));
    }
    if PROXY_WITH_VALUE.contains(&name) {
        return Some(option(true, LeftOut(PROXY)));
    }
    if name.starts_with("proxy-") {
        return Some(option(false, LeftOut(PROXY)));
    }
    let positive = name.strip_prefix("no-").unwrap_or(name);
    let is_known = OTHERS.contains(&positive)
        || SHORT
            .iter()
            .any(|(_, known, takes_value, _)| *known == positive && !takes_value);
    is_known.then_some(option(false, Nothing))
}

const fn option(takes_value: bool, meaning: Meaning) -> CurlOption {
    CurlOption {
        takes_value,
        meaning,
    }
}
