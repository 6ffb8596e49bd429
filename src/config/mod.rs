//! Configuration: a flag wins over the environment, which wins over `tengine.toml`. One file and
//! one struct per section; every secret can also be read from a file.

mod accounts;
mod authorization;
mod calls;
#[cfg(test)]
mod guide;
mod key_file;
mod mail;
mod mcp;
mod server;
mod storage;
mod tools;

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use clap::Args;

pub use accounts::AccountsConfig;
pub use authorization::AuthorizationConfig;
pub use calls::CallsConfig;
pub use key_file::KeyFile;
pub use mail::MailSettings;
pub use mcp::McpConfig;
pub use server::ServerConfig;
pub use storage::{KeySource, StorageConfig};
pub use tools::ToolsConfig;

/// Where settings may come from on the command line; each has a variable of the same name. The
/// environment is read here and not by clap, so that a help text never shows a secret's value.
#[derive(Debug, Clone, Default, Args)]
pub struct Flags {
    /// The configuration file [default: tengine.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address to listen on, TENGINE_LISTEN [default: 127.0.0.1:3000]
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Origin that the world calls this instance by, TENGINE_PUBLIC_URL
    /// [default: http://localhost and the port]
    #[arg(long, global = true, value_name = "URL")]
    pub public_url: Option<String>,
    /// Database, TENGINE_DATABASE_URL [default: sqlite:tengine.db in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Data folder, TENGINE_DATA_DIR [default: ./data]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<String>,
    /// File with the master key, TENGINE_MASTER_KEY_FILE [default: master.key in the data folder,
    /// made when absent]
    #[arg(long, global = true, value_name = "FILE")]
    pub master_key_file: Option<String>,
    /// Hosts and networks that tools may reach although they are private, TENGINE_TOOLS_ALLOW
    #[arg(long, global = true, value_name = "LIST")]
    pub tools_allow: Option<String>,
    /// Networks whose forwarded headers count, TENGINE_TRUSTED_PROXIES [default: none]
    #[arg(long, global = true, value_name = "LIST")]
    pub trusted_proxies: Option<String>,
    /// Who may sign up once there is an owner, TENGINE_SIGNUP: first, open, invite
    /// [default: what an owner of the instance chose, at first: first]
    #[arg(long, global = true, value_name = "POLICY")]
    pub signup: Option<String>,
    /// Rate limits, TENGINE_LIMITS: on, or off where the public URL is loopback [default: on]
    #[arg(long, global = true, value_name = "ON|OFF")]
    pub limits: Option<String>,
}

impl Flags {
    fn get(&self, key: &str) -> Option<String> {
        match key {
            "listen" => self.listen.clone(),
            "public_url" => self.public_url.clone(),
            "database_url" => self.database_url.clone(),
            "data_dir" => self.data_dir.clone(),
            "master_key_file" => self.master_key_file.clone(),
            "tools_allow" => self.tools_allow.clone(),
            "trusted_proxies" => self.trusted_proxies.clone(),
            "signup" => self.signup.clone(),
            "limits" => self.limits.clone(),
            _ => None,
        }
    }
}

/// The keys a configuration file may hold: the variables' names without `TENGINE_`, in small
/// letters.
const KEYS: &[&str] = &[
    "listen",
    "public_url",
    "database_url",
    "database_url_file",
    "data_dir",
    "master_key",
    "master_key_file",
    "tools_allow",
    "trusted_proxies",
    "signup",
    "signup_domains",
    "require_second_factor",
    "session_idle",
    "session_max",
    "proof_max",
    "smtp_url",
    "smtp_url_file",
    "mail_from",
    "limits",
    "code_ttl",
    "access_token_ttl",
    "refresh_grace",
    "refresh_idle",
    "refresh_max",
    "dynamic_registration",
    "client_metadata_documents",
    "mcp_compat",
    "call_details_ttl",
    "call_details_most",
];

/// A setting that cannot be used: which, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub name: String,
    pub message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

/// Looks a variable up; passed in, so that a test has an environment of its own.
type Environment = Box<dyn Fn(&str) -> Result<Option<String>, String>>;

/// The three places a setting is looked for in.
pub struct Sources {
    flags: Flags,
    environment: Environment,
    file: toml::Table,
}

impl Sources {
    /// # Errors
    /// Where the configuration file cannot be read, or holds a key that nobody knows.
    pub fn load(
        flags: Flags,
        environment: impl Fn(&str) -> Result<Option<String>, String> + 'static,
    ) -> Result<Self, ConfigError> {
        let file = match &flags.config {
            Some(path) => read_file(path)?,
            None if Path::new("tengine.toml").exists() => read_file(Path::new("tengine.toml"))?,
            None => toml::Table::new(),
        };
        Ok(Self {
            flags,
            environment: Box::new(environment),
            file,
        })
    }

    /// The setting's text and the name of where it came from; an empty text is none.
    fn get(&self, key: &str) -> Result<Option<(String, String)>, ConfigError> {
        if let Some(text) = self.flags.get(key) {
            return Ok(named(format!("--{}", key.replace('_', "-")), &text));
        }
        let name = variable(key);
        match (self.environment)(&name) {
            Ok(Some(text)) => return Ok(named(name, &text)),
            Ok(None) => {}
            Err(message) => return Err(ConfigError { name, message }),
        }
        let Some(value) = self.file.get(key) else {
            return Ok(None);
        };
        let name = format!("{key} in the configuration file");
        match file_text(value) {
            Some(text) => Ok(named(name, &text)),
            None => Err(ConfigError {
                name,
                message: "use a text, or a list of texts".to_owned(),
            }),
        }
    }

    /// A parsed setting, or the default.
    fn parsed<T>(
        &self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
        default: impl FnOnce() -> T,
    ) -> Result<T, ConfigError> {
        match self.get(key)? {
            None => Ok(default()),
            Some((name, text)) => parse(&text).map_err(|message| ConfigError { name, message }),
        }
    }

    /// A parsed setting, where there is one.
    fn optional<T>(
        &self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        self.parsed(key, |text| parse(text).map(Some), || None)
    }

    /// A secret: given itself, or as a file that holds it (`…_FILE`), never both.
    fn secret(&self, key: &str) -> Result<Option<(String, String)>, ConfigError> {
        let from_file = self.get(&format!("{key}_file"))?;
        match (self.get(key)?, from_file) {
            (Some(_), Some((name, _))) => Err(ConfigError {
                message: format!("{} is set too; keep one of the two", variable(key)),
                name,
            }),
            (Some((name, text)), None) => Ok(Some((name, text))),
            (None, Some((name, path))) => match fs::read_to_string(&path) {
                Ok(text) => Ok(Some((name, text.trim().to_owned()))),
                Err(why) => Err(ConfigError {
                    name,
                    message: format!("{path}: {why}"),
                }),
            },
            (None, None) => Ok(None),
        }
    }
}

fn named(name: String, text: &str) -> Option<(String, String)> {
    let text = text.trim();
    (!text.is_empty()).then(|| (name, text.to_owned()))
}

/// A text, or a list of texts as one with commas; a bare number or switch as it is written.
fn file_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        toml::Value::Table(_) => None,
        other => Some(other.to_string()),
    }
}

/// The process's environment, as [`Sources::load`] wants it.
///
/// # Errors
/// A sentence for a value that is no text.
pub fn environment(name: &str) -> Result<Option<String>, String> {
    match std::env::var(name) {
        Ok(text) => Ok(Some(text)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err("the value is not UTF-8".to_owned()),
    }
}

fn variable(key: &str) -> String {
    format!("TENGINE_{}", key.to_uppercase())
}

fn read_file(path: &Path) -> Result<toml::Table, ConfigError> {
    let error = |message: String| ConfigError {
        name: path.display().to_string(),
        message,
    };
    let text = fs::read_to_string(path).map_err(|why| error(why.to_string()))?;
    // The message alone: the parser's own form also repeats the line, which may hold a secret.
    let table: toml::Table = text
        .parse()
        .map_err(|why: toml::de::Error| error(why.message().to_owned()))?;
    match table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        Some(unknown) => Err(error(format!(
            "there is no setting {unknown:?}; there are {}",
            KEYS.join(", ")
        ))),
        None => Ok(table),
    }
}

fn within(text: &str, least: i64, most: i64) -> Result<i64, String> {
    text.parse()
        .ok()
        .filter(|seconds| (least..=most).contains(seconds))
        .ok_or_else(|| format!("use {least} to {most} seconds"))
}

fn switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("use on or off".to_owned()),
    }
}

/// All sections.
#[derive(Debug, Clone)]
pub struct Config {
    pub server: ServerConfig,
    pub storage: StorageConfig,
    pub accounts: AccountsConfig,
    pub authorization: AuthorizationConfig,
    pub calls: CallsConfig,
    pub mail: MailSettings,
    pub mcp: McpConfig,
    pub tools: ToolsConfig,
}

impl Config {
    /// # Errors
    /// The first setting that cannot be used.
    pub fn from(sources: &Sources) -> Result<Self, ConfigError> {
        let server = ServerConfig::from(sources)?;
        Ok(Self {
            storage: StorageConfig::from(sources)?,
            accounts: AccountsConfig::from(sources)?,
            authorization: AuthorizationConfig::from(sources)?,
            calls: CallsConfig::from(sources)?,
            mail: MailSettings::from(sources)?,
            mcp: McpConfig::from(sources)?,
            tools: ToolsConfig::from(sources)?,
            server,
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::{calls::DetailLimits, grants::Lifetimes};

    use super::*;

    fn config(variables: &'static [(&str, &str)]) -> Result<Config, String> {
        let environment = move |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            Ok(found.map(|(_, value)| (*value).to_owned()))
        };
        let folder = tempfile::tempdir().unwrap();
        let flags = Flags {
            data_dir: Some(folder.path().display().to_string()),
            ..Flags::default()
        };
        let sources = Sources::load(flags, environment).map_err(|error| error.to_string())?;
        Config::from(&sources).map_err(|error| error.to_string())
    }

    #[test]
    fn the_defaults_are_those_of_the_readme() {
        let config = config(&[]).unwrap();
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:3000");
        assert_eq!(config.server.public_url.origin(), "http://localhost:3000");
        assert!(config.server.limits);
    }

    #[test]
    fn the_public_url_follows_the_port() {
        let config = config(&[("TENGINE_LISTEN", "127.0.0.1:4000")]).unwrap();
        assert_eq!(config.server.public_url.origin(), "http://localhost:4000");
    }

    #[test]
    fn a_wrong_value_is_one_line_that_names_its_setting() {
        for (name, value) in [
            ("TENGINE_LISTEN", "nowhere"),
            ("TENGINE_PUBLIC_URL", "https://a/b"),
            ("TENGINE_DATABASE_URL", "mysql://x"),
            ("TENGINE_SIGNUP", "everyone"),
            ("TENGINE_SIGNUP_DOMAINS", "example.com,nowhere"),
            ("TENGINE_REQUIRE_SECOND_FACTOR", "yes"),
            ("TENGINE_SESSION_IDLE", "0"),
            ("TENGINE_LIMITS", "maybe"),
            ("TENGINE_TRUSTED_PROXIES", "proxy"),
            ("TENGINE_TOOLS_ALLOW", "10.0.0.0/99"),
            ("TENGINE_MASTER_KEY", "short"),
            ("TENGINE_CODE_TTL", "0"),
            ("TENGINE_ACCESS_TOKEN_TTL", "1h"),
            ("TENGINE_REFRESH_GRACE", "-1"),
            ("TENGINE_DYNAMIC_REGISTRATION", "yes"),
            ("TENGINE_CALL_DETAILS_TTL", "7 days"),
            ("TENGINE_CALL_DETAILS_MOST", "0"),
        ] {
            let variables: &'static [(&str, &str)] = Box::leak(Box::new([(name, value)]));
            let error = config(variables).unwrap_err();
            assert!(error.starts_with(&format!("{name}: ")), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn details_of_calls_are_kept_as_is_said() {
        let config = config(&[
            ("TENGINE_CALL_DETAILS_TTL", "60"),
            ("TENGINE_CALL_DETAILS_MOST", "5"),
        ]);
        let DetailLimits {
            kept_seconds,
            most_in_project,
        } = config.unwrap().calls.details;
        assert_eq!((kept_seconds, most_in_project), (60, 5));
        let default = self::config(&[]).unwrap().calls.details;
        assert_eq!(
            (default.kept_seconds, default.most_in_project),
            (604_800, 10_000)
        );
    }

    #[test]
    fn lifetimes_are_settings_in_seconds() {
        let config = config(&[
            ("TENGINE_CODE_TTL", "5"),
            ("TENGINE_ACCESS_TOKEN_TTL", "2"),
            ("TENGINE_REFRESH_GRACE", "0"),
            ("TENGINE_REFRESH_IDLE", "7"),
            ("TENGINE_REFRESH_MAX", "8"),
            ("TENGINE_CLIENT_METADATA_DOCUMENTS", "off"),
        ]);
        let AuthorizationConfig {
            lifetimes,
            dynamic_registration,
            client_metadata_documents,
        } = config.unwrap().authorization;
        assert_eq!(
            lifetimes,
            Lifetimes {
                code: 5,
                access_token: 2,
                refresh_grace: Some(0),
                refresh_idle: 7,
                refresh_max: 8,
            }
        );
        assert_eq!(dynamic_registration, None);
        assert_eq!(client_metadata_documents, Some(false));
        let default = self::config(&[]).unwrap().authorization.lifetimes;
        assert_eq!(default, Lifetimes::default());
    }

    #[test]
    fn limits_stay_on_where_others_can_reach_the_instance() {
        let error = config(&[
            ("TENGINE_PUBLIC_URL", "https://tools.example.com"),
            ("TENGINE_LIMITS", "off"),
        ])
        .unwrap_err();
        assert!(error.starts_with("TENGINE_LIMITS: "), "{error}");
    }
}
