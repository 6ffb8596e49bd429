//! Where one can go: what the command palette and `/search` find.
//!
//! Guides are found by everybody. All else is the reader's own: their projects, and of the project that
//! they are in its pages, tools and integrations.

mod places;
mod ranking;

use domain::{
    Result, Services,
    members::{Access, Role, Viewer},
    sessions::SignedIn,
};
use leptos_router::location::Url;

use super::docs::{self, Piece};
use crate::pages::docs::GUIDES;
use places::{ACCOUNT, INSTANCE, PROJECT, Page};
pub use places::{Place, Places};
use ranking::best;

/// Of the words that are looked for, characters that count.
const LONGEST: usize = 100;
/// Places in the guides.
const MOST_GUIDES: usize = 6;

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Words that each stand in a place's name or in what is said of it.
    pub text: String,
    /// The project that the reader is in.
    pub project: Option<String>,
}

/// The project that the page being rendered is of, by its path.
pub(crate) fn project_of_page() -> Option<String> {
    let page = super::answer::page()?;
    let path = page.split('?').next()?;
    if path == "/search" {
        return crate::pages::in_query("project").filter(|id| is_id(id));
    }
    let id = path.strip_prefix("/projects/")?.split('/').next()?;
    is_id(id).then(|| id.to_owned())
}

fn is_id(text: &str) -> bool {
    let of_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.len() <= 64 && text.bytes().all(of_id)
}

/// Groups of places, the nearest first; none of them is empty.
///
/// # Errors
/// Where the database fails. A project that is not the reader's is left out.
pub async fn find(
    services: &Services,
    reader: Option<&SignedIn>,
    wanted: &Wanted,
) -> Result<Vec<Places>> {
    let text: String = wanted.text.chars().take(LONGEST).collect();
    let mut found = Vec::new();
    if let Some(reader) = reader {
        if let Some(access) = access(services, reader, wanted).await? {
            found.extend(of_project(services, &access, &text).await?);
        }
        found.extend(of_reader(services, reader, &text).await?);
    }
    found.push(guides(&text).await);
    let words = text.trim();
    if !words.is_empty() {
        let href = format!("/docs/search?q={}", Url::escape(words));
        let title = format!("Search the guides for “{words}”");
        found.push(Places::new("More", vec![Place::new(title, "", href)]));
    }
    found.retain(|group| !group.places.is_empty());
    Ok(found)
}

/// All of them, or where they hold the words. What keeps them from
/// being searched keeps nobody from going elsewhere.
async fn guides(text: &str) -> Places {
    const NAME: &str = "Guides";
    if text.trim().is_empty() {
        let all = GUIDES.iter().map(|guide| {
            let href = format!("/docs/{}", guide.word);
            Place::new(guide.title, "", href)
        });
        return Places::new(NAME, all.collect());
    }
    let found = docs::search(text.to_owned()).await.unwrap_or_default();
    let places = found.into_iter().take(MOST_GUIDES).map(|part| {
        let heading: String = part
            .heading
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Word(text) => text.as_str(),
            })
            .collect();
        let path = format!("/docs/{}", part.word);
        match part.id.is_empty() {
            true => Place::new(&*part.title, "", path),
            false => Place::new(heading, &*part.title, format!("{path}#{}", part.id)),
        }
    });
    Places::new(NAME, places.collect())
}

async fn access(
    services: &Services,
    reader: &SignedIn,
    wanted: &Wanted,
) -> Result<Option<Access<Viewer>>> {
    let Some(project) = wanted.project.as_deref().filter(|id| is_id(id)) else {
        return Ok(None);
    };
    let project = project.to_owned().into();
    match services
        .members
        .access::<Viewer>(&reader.actor(), &project)
        .await
    {
        Ok(access) => Ok(Some(access)),
        Err(domain::Error::NotFound(_) | domain::Error::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn of_project(
    services: &Services,
    access: &Access<Viewer>,
    text: &str,
) -> Result<Vec<Places>> {
    let base = format!("/projects/{}", access.project_id());
    let is_admin = matches!(access.role(), Role::Admin | Role::Owner);
    let pages = PROJECT
        .iter()
        .filter(|page| is_admin || !page.is_for_admins);
    let mut found = vec![best(
        "This project",
        text,
        pages.map(|page| page.below(&base)),
    )];
    // Of nothing in particular there are too many.
    if text.trim().is_empty() {
        return Ok(found);
    }
    let tools = services.tools.names(access).await?;
    let tools = tools.into_iter().map(|tool| {
        let href = format!("{base}/tools/{}", tool.id);
        let state = if tool.is_enabled {
            "Tool"
        } else {
            "Tool, not enabled"
        };
        Place::new(tool.name, state, href)
    });
    found.push(best("Tools", text, tools));
    let integrations = services.integrations.list(access).await?;
    let integrations = integrations.into_iter().map(|integration| {
        let href = format!("{base}/integrations/{}", integration.id);
        Place::new(integration.name, "Integration", href)
    });
    found.push(best("Integrations", text, integrations));
    Ok(found)
}

async fn of_reader(services: &Services, reader: &SignedIn, text: &str) -> Result<Vec<Places>> {
    let projects = services.projects.list(&reader.actor()).await?;
    let projects = projects.into_iter().map(|row| {
        let href = format!("/projects/{}", row.project.id);
        Place::new(row.project.name, "Project", href)
    });
    let all = Place::new("Projects", "All of them", "/projects");
    let mut found = vec![
        best("Projects", text, std::iter::once(all).chain(projects)),
        best("You", text, ACCOUNT.iter().map(Page::place)),
    ];
    if reader.account.is_instance_owner {
        found.push(best("Instance", text, INSTANCE.iter().map(Page::place)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_an_id_comes_from_a_path() {
        assert!(is_id("0198a2f0-3c11-7d5e-9a53-000000000000"));
        for other in ["", "a b", "<script>", "../x", &"a".repeat(65)] {
            assert!(!is_id(other), "{other}");
        }
    }
}
