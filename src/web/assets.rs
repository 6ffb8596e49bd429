//! Files of the site, and a page for what does not exist.
//!
//! The build puts a hash of their content into the names of those under `/pkg`, so that a browser keeps
//! them for good, and lays their compressed forms beside all of them.

use app::site::SiteFiles;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use leptos::config::LeptosOptions;

use super::{
    encoding::{Encoding, wanted},
    not_found,
};
use crate::state::AppState;

const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// Of a file whose name does not change with its content a browser asks each time.
const ASK: &str = "no-cache";

pub fn assets() -> Router<AppState> {
    Router::new()
        .route("/pkg/{file}", get(asset))
        .route("/favicon.svg", get(asset))
        .route("/passkeys.js", get(asset))
        .route("/recovery-codes.js", get(asset))
        .route(
            "/favicon.ico",
            get(|| async { Redirect::permanent("/favicon.svg") }),
        )
        .fallback(not_found)
}

/// What the pages load, by the names that the build gave it.
pub fn site_files(options: &LeptosOptions) -> SiteFiles {
    let names = source::names(&options.site_root);
    let named = |end: &str| {
        let fits = |name: &&String| name.starts_with("tengine.") && name.ends_with(end);
        let hashed = names.iter().find(fits);
        format!("/pkg/{}", hashed.unwrap_or(&format!("tengine{end}")))
    };
    SiteFiles {
        style: named(".css"),
        script: named(".js"),
        wasm: named(".wasm"),
    }
}

/// A file as it is sent.
struct File {
    bytes: source::Bytes,
    /// Of these bytes: each encoding has another (RFC 9110 §8.8.3.3).
    etag: HeaderValue,
}

async fn asset(State(options): State<LeptosOptions>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    // The compressed forms are no files of their own.
    if name.is_empty() || name.starts_with('.') || name.ends_with(".br") || name.ends_with(".gz") {
        return not_found().await;
    }
    let file = |encoding: Encoding| {
        source::read(&options.site_root, &format!("{path}{}", encoding.suffix()))
    };
    let wanted = wanted(request.headers());
    let found = wanted
        .iter()
        .find_map(|encoding| Some((*encoding, file(*encoding)?)));
    let Some((encoding, file)) = found else {
        let exists = file(Encoding::Identity).is_some();
        if !exists {
            return not_found().await;
        }
        let vary = [(header::VARY, "accept-encoding")];
        return (StatusCode::NOT_ACCEPTABLE, vary).into_response();
    };
    let keep = if is_hashed(path) { FOR_GOOD } else { ASK };
    let mut headers = HeaderMap::new();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::ETAG, file.etag.clone());
    if is_known(request.headers(), &file.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(header::CONTENT_TYPE, kind_of(path));
    if let Some(name) = encoding.name() {
        headers.insert(header::CONTENT_ENCODING, name);
    }
    (headers, Body::from(file.bytes)).into_response()
}

/// `tengine.{22 characters of base64url}.js`
fn is_hashed(path: &str) -> bool {
    let Some(name) = path.strip_prefix("pkg/") else {
        return false;
    };
    let parts: Vec<&str> = name.split('.').collect();
    let is_hash = |text: &str| {
        let of_hash = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        text.len() == 22 && text.bytes().all(of_hash)
    };
    matches!(parts.as_slice(), [_, hash, _] if is_hash(hash))
}

fn kind_of(path: &str) -> HeaderValue {
    let end = path.rsplit('.').next().unwrap_or_default();
    HeaderValue::from_static(match end {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    })
}

/// Whether the client has these very bytes (RFC 9110 §13.1.2, by the weak comparison).
fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == "*" || known.as_bytes() == etag.as_bytes())
}

fn etag(hash: &[u8]) -> HeaderValue {
    let hex: String = hash[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    HeaderValue::from_str(&format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The files inside the program.
#[cfg(feature = "embed")]
mod source {
    use super::{File, etag};

    pub type Bytes = std::borrow::Cow<'static, [u8]>;

    #[derive(rust_embed::RustEmbed)]
    #[folder = "target/site"]
    struct Site;

    pub fn names(_: &str) -> Vec<String> {
        let paths = Site::iter();
        paths
            .filter_map(|path| Some(path.strip_prefix("pkg/")?.to_owned()))
            .collect()
    }

    pub fn read(_: &str, path: &str) -> Option<File> {
        let file = Site::get(path)?;
        Some(File {
            etag: etag(&file.metadata.sha256_hash()),
            bytes: file.data,
        })
    }
}

/// The files where the build puts them, for developing: they may change at any time.
#[cfg(not(feature = "embed"))]
mod source {
    use std::{
        fs,
        path::{Component, Path},
    };

    use super::{File, etag};

    pub type Bytes = Vec<u8>;

    pub fn names(root: &str) -> Vec<String> {
        let Ok(folder) = fs::read_dir(Path::new(root).join("pkg")) else {
            return Vec::new();
        };
        folder
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect()
    }

    pub fn read(root: &str, path: &str) -> Option<File> {
        let is_inside = Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let bytes = fs::read(Path::new(root).join(path)).ok();
        let bytes = bytes.filter(|_| is_inside)?;
        Some(File {
            etag: etag(&domain::crypto::sha256(&bytes)),
            bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_with_a_hash_is_kept_for_good() {
        assert!(is_hashed("pkg/tengine.kP2_-xAb0cD1eF2gH3iJ4k.wasm"));
        for other in [
            "pkg/tengine.wasm",
            "pkg/tengine.short.wasm",
            "pkg/tengine.kP2_+xAb0cD1eF2gH3iJ4k.wasm",
            "tengine.kP2_-xAb0cD1eF2gH3iJ4k.wasm",
            "favicon.svg",
        ] {
            assert!(!is_hashed(other), "{other}");
        }
    }
}
