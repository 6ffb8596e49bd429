//! Whom a guide is for: its instance's addresses, and where somebody is signed in, the values of a project
//! of theirs.

use crate::{
    api::{UiError, instance::Instance},
    pages::in_query,
};

/// What stands in for a public address on an instance that has none yet.
const EXAMPLE_HOST: &str = "tools.example.com";

/// Whose values the page's address asks for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub project: Option<String>,
    pub integration: Option<String>,
}

impl Asked {
    pub fn here() -> Self {
        let asked = |name| in_query(name).filter(|id| is_id(id));
        Self {
            project: asked("project"),
            integration: asked("integration"),
        }
    }

    /// `?project=…`, or nothing: with it another guide is filled in the same way.
    pub fn query(&self) -> String {
        let asked = [
            ("project", &self.project),
            ("integration", &self.integration),
        ];
        let pairs: Vec<String> = asked
            .into_iter()
            .filter_map(|(name, id)| Some(format!("{name}={}", id.as_ref()?)))
            .collect();
        match pairs.is_empty() {
            true => String::new(),
            false => format!("?{}", pairs.join("&")),
        }
    }
}

/// So that it can stand in an address as it is.
fn is_id(text: &str) -> bool {
    let is_of_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    !text.is_empty() && text.len() <= 100 && text.bytes().all(is_of_id)
}

#[derive(Debug, Clone)]
pub struct Reader {
    pub instance: Instance,
    /// As the page's address has it, for links to other pages.
    pub asked: Asked,
    pub is_signed_in: bool,
    /// The reader's projects, by id and name.
    pub projects: Vec<(String, String)>,
    pub own: Option<OwnProject>,
    /// Why the project that was asked for is not filled in.
    pub refusal: Option<UiError>,
}

/// The project whose values are filled in.
#[derive(Debug, Clone)]
pub struct OwnProject {
    pub id: String,
    /// By id and name.
    pub integrations: Vec<(String, String)>,
    pub integration: Option<OwnIntegration>,
}

#[derive(Debug, Clone)]
pub struct OwnIntegration {
    pub id: String,
    pub client_id: String,
    /// It has no secret.
    pub is_public: bool,
    /// The one that leads to this integration alone.
    pub server_url: String,
    pub redirect_uris: Vec<String>,
}

impl Reader {
    /// Somebody of whom nothing is known.
    pub const fn nobody(instance: Instance) -> Self {
        Self {
            instance,
            asked: Asked {
                project: None,
                integration: None,
            },
            is_signed_in: false,
            projects: Vec::new(),
            own: None,
            refusal: None,
        }
    }

    pub fn integration(&self) -> Option<&OwnIntegration> {
        self.own.as_ref()?.integration.as_ref()
    }

    /// A page of the own project, as `tools`; without one the list of projects.
    pub fn room(&self, room: &str) -> String {
        match &self.own {
            Some(own) => format!("/projects/{}/{room}", own.id),
            None => "/projects".to_owned(),
        }
    }

    /// The page of the own integration, or the list.
    pub fn integration_page(&self) -> String {
        match self.integration() {
            Some(integration) => self.room(&format!("integrations/{}", integration.id)),
            None => self.room("integrations"),
        }
    }

    /// Puts what is known in the place of `{project_id}`, `{integration_id}`, `{client_id}`, `{host}`,
    /// `{public_url}` and `{server_url}`. What is not known stays, as the name of what belongs there.
    pub fn fill(&self, text: &str) -> String {
        let Instance {
            origin,
            server_url,
            is_loopback,
            ..
        } = &self.instance;
        let public_url = match is_loopback {
            true => format!("https://{EXAMPLE_HOST}"),
            false => origin.clone(),
        };
        let host = public_url.rsplit('/').next().unwrap_or_default().to_owned();
        let integration = self.integration();
        let known = [
            ("{server_url}", Some(server_url.clone())),
            ("{host}", Some(host)),
            ("{public_url}", Some(public_url)),
            ("{project_id}", self.own.as_ref().map(|own| own.id.clone())),
            ("{integration_id}", integration.map(|own| own.id.clone())),
            ("{client_id}", integration.map(|own| own.client_id.clone())),
        ];
        let mut filled = text.to_owned();
        for (name, value) in known {
            if let Some(value) = value.filter(|_| filled.contains(name)) {
                filled = filled.replace(name, &value);
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance() -> Instance {
        Instance {
            origin: "https://tengine.example.net".to_owned(),
            server_url: "https://tengine.example.net/mcp/".to_owned(),
            is_loopback: false,
            token_lifetime: "an hour".to_owned(),
        }
    }

    #[test]
    fn what_is_known_is_filled_in_and_the_rest_stays() {
        let mut reader = Reader::nobody(instance());
        let text = "{public_url} {host} {project_id} {argument}";
        assert_eq!(
            reader.fill(text),
            "https://tengine.example.net tengine.example.net {project_id} {argument}"
        );
        reader.own = Some(OwnProject {
            id: "prj_1".to_owned(),
            integrations: Vec::new(),
            integration: None,
        });
        assert!(reader.fill(text).contains(" prj_1 "));
        reader.instance.is_loopback = true;
        assert!(
            reader
                .fill(text)
                .starts_with("https://tools.example.com tools.example.com ")
        );
    }

    #[test]
    fn only_an_id_is_asked_for() {
        for id in ["prj_1", "a-B_9"] {
            assert!(is_id(id), "{id}");
        }
        for other in ["", "a b", "\"><b>", "a&b=c", "é", &"a".repeat(101)] {
            assert!(!is_id(other), "{other}");
        }
    }
}
