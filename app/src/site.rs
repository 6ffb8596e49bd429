//! The files that pages load. In a release their names hold a hash of what is in them, which only the
//! server knows that has them.

use std::sync::OnceLock;

/// Paths, as browsers ask for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFiles {
    pub style: String,
    pub script: String,
    pub wasm: String,
}

static FILES: OnceLock<SiteFiles> = OnceLock::new();

/// Names the files, before the first page is rendered. They are the program's, so there is one set of
/// them in it; whoever names them again changes nothing.
pub fn name(files: SiteFiles) {
    _ = FILES.set(files);
}

pub(crate) fn files() -> &'static SiteFiles {
    FILES.get_or_init(|| SiteFiles {
        style: "/pkg/tengine.css".to_owned(),
        script: "/pkg/tengine.js".to_owned(),
        wasm: "/pkg/tengine.wasm".to_owned(),
    })
}
