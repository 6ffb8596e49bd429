//! The guides: whose values they are filled in with, and searching them.

mod entries;
mod index;
mod words;

use std::sync::OnceLock;

use domain::{
    Error, Services,
    integrations::{ClientKind, Integration},
    members::Viewer,
};
use leptos::prelude::*;

pub(crate) use index::{Found, Index, Piece};

use super::{ApiDocument, services, signed_in};
use crate::{
    api::{UiError, docs::reference, instance::load_instance},
    pages::docs::{
        GUIDES, group_text,
        reader::{Asked, OwnIntegration, OwnProject, Reader},
    },
};

/// Who reads a guide, and what of theirs it is filled in with. An only project is taken without asking,
/// and so is an only integration.
pub(crate) async fn reader(asked: Asked) -> Result<Reader, UiError> {
    let mut reader = Reader::nobody(load_instance().await?);
    reader.asked = asked.clone();
    let signed_in = match signed_in().await {
        // As when the routes are listed.
        Err(UiError::SignedOut) => None,
        found => found?,
    };
    let Some(signed_in) = signed_in else {
        return Ok(reader);
    };
    reader.is_signed_in = true;
    let (services, actor) = (services(), signed_in.actor());
    let projects = services.projects.list(&actor).await?;
    reader.projects = projects
        .into_iter()
        .map(|one| (one.project.id.to_string(), one.project.name))
        .collect();
    let chosen = match (asked.project, reader.projects.as_slice()) {
        (Some(asked), _) => Some(asked),
        (None, [(only, _)]) => Some(only.clone()),
        (None, _) => None,
    };
    let Some(project) = chosen else {
        return Ok(reader);
    };
    match services
        .members
        .access::<Viewer>(&actor, &project.into())
        .await
    {
        Ok(access) => {
            let all = services.integrations.list(&access).await?;
            reader.own = Some(OwnProject {
                id: access.project_id().to_string(),
                integrations: all
                    .iter()
                    .map(|one| (one.id.to_string(), one.name.clone()))
                    .collect(),
                integration: chosen_of(&services, all, asked.integration.as_deref()),
            });
        }
        // The guide itself is for anybody, and so it is no failure of the page.
        Err(Error::NotFound(what)) => {
            let what = what.to_owned();
            reader.refusal = Some(UiError::NotFound { what });
        }
        Err(Error::SecondFactorNeeded(who)) => {
            let who = who.to_owned();
            reader.refusal = Some(UiError::SecondFactorNeeded { who });
        }
        Err(error) => return Err(error.into()),
    }
    Ok(reader)
}

fn chosen_of(
    services: &Services,
    mut all: Vec<Integration>,
    asked: Option<&str>,
) -> Option<OwnIntegration> {
    let place = match asked {
        Some(asked) => all.iter().position(|one| one.id.as_str() == asked)?,
        None if all.len() == 1 => 0,
        None => return None,
    };
    let chosen = all.swap_remove(place);
    Some(OwnIntegration {
        id: chosen.id.to_string(),
        server_url: services.core.public_url.integration_url(&chosen.slug),
        is_public: chosen.client_kind == ClientKind::Public,
        client_id: chosen.client_id,
        redirect_uris: chosen.redirect_uris,
    })
}

/// Where the guides have all of these words, the likeliest first. What is searched is what somebody reads
/// who is not signed in; it is the same as long as the program runs.
pub(crate) async fn search(query: String) -> Result<Vec<Found>, UiError> {
    static INDEX: OnceLock<Index> = OnceLock::new();
    let reader = Reader::nobody(load_instance().await?);
    let index = INDEX.get_or_init(|| index_of(&reader));
    Ok(index.search(&query))
}

fn index_of(reader: &Reader) -> Index {
    let (services, document) = (services(), use_context::<ApiDocument>());
    // Of its own, so that nothing of the page around it is seen or changed.
    let owner = Owner::new_root(None);
    let index = owner.with(|| {
        provide_context(services);
        if let Some(document) = document {
            provide_context(document);
        }
        let guides = GUIDES.iter().map(|guide| {
            let html = (guide.text)(reader).to_html();
            (guide.word.to_owned(), guide.title.to_owned(), html)
        });
        // Without them the guides are searched all the same.
        let reference = reference().ok();
        let groups = reference.iter().flat_map(|reference| {
            reference.groups.iter().map(|group| {
                let html = group_text(group, reference, reader).to_html();
                let title = format!("API reference: {}", group.name);
                (format!("api/{}", group.word), title, html)
            })
        });
        Index::of(guides.chain(groups))
    });
    owner.cleanup();
    index
}

#[cfg(test)]
mod tests;
