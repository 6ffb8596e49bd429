//! Places, and the pages that are there for everybody who may see them.

/// A page that one can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub title: String,
    /// What it is, or what is there.
    pub about: String,
    pub href: String,
}

/// Places of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    pub name: &'static str,
    pub places: Vec<Place>,
}

impl Place {
    pub(super) fn new(
        title: impl Into<String>,
        about: impl Into<String>,
        href: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            about: about.into(),
            href: href.into(),
        }
    }
}

impl Places {
    pub(super) const fn new(name: &'static str, places: Vec<Place>) -> Self {
        Self { name, places }
    }
}

/// A page that is always there.
pub(super) struct Page {
    title: &'static str,
    about: &'static str,
    path: &'static str,
    /// Whether only admins and owners of the project see it.
    pub is_for_admins: bool,
}

impl Page {
    const fn new(title: &'static str, about: &'static str, path: &'static str) -> Self {
        Self {
            title,
            about,
            path,
            is_for_admins: false,
        }
    }

    const fn for_admins(self) -> Self {
        Self {
            is_for_admins: true,
            ..self
        }
    }

    pub fn place(&self) -> Place {
        self.below("")
    }

    pub fn below(&self, base: &str) -> Place {
        Place::new(self.title, self.about, format!("{base}{}", self.path))
    }
}

pub(super) const PROJECT: &[Page] = &[
    Page::new("Overview", "How far it is, and what is called", ""),
    Page::new("Tools", "List, switch, search", "/tools"),
    Page::new("Register a tool", "An endpoint, described", "/tools/new"),
    Page::new("Import OpenAPI", "Tools from a document", "/tools/import"),
    Page::new(
        "Paste a curl command",
        "A tool from a command",
        "/tools/curl",
    ),
    Page::new(
        "Starter catalog",
        "Tools over public APIs",
        "/tools/catalog",
    ),
    Page::new("Vault", "Secrets by name", "/vault"),
    Page::new("Integrations", "What clients connect to", "/integrations"),
    Page::new("Calls", "What was called, and how it went", "/calls"),
    Page::new("Members", "People and invitations", "/members"),
    Page::new("API keys", "For programs", "/api-keys").for_admins(),
    Page::new("Settings", "Name, transfer, end", "/settings"),
];

pub(super) const ACCOUNT: &[Page] = &[
    Page::new("Your account", "Name, address, password", "/account"),
    Page::new(
        "Security",
        "Passkeys, second factor, recovery codes",
        "/account/security",
    ),
    Page::new(
        "Your API keys",
        "For programs of yours",
        "/account/api-keys",
    ),
    Page::new("Sessions", "Where you are signed in", "/account/sessions"),
    Page::new(
        "Connected apps",
        "What may act for you",
        "/account/connected-apps",
    ),
];

pub(super) const INSTANCE: &[Page] = &[
    Page::new(
        "Accounts",
        "Everybody on this instance",
        "/instance/accounts",
    ),
    Page::new(
        "Sign-in providers",
        "GitHub, Google, OpenID",
        "/instance/providers",
    ),
    Page::new("Instance settings", "Who may sign up", "/instance/settings"),
    Page::new("Health", "Database, mail, keys", "/instance/health"),
    Page::new("Audit log", "What was done to people", "/instance/audit"),
];
