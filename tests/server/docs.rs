//! The guides: searching them, linking to their parts, and the reader's own values in them.

use axum::http::StatusCode;
use domain::{
    accounts::Actor,
    integrations::{Approval, NewIntegration},
    members::Admin,
};

use crate::app::{Answer, Cookies, EMAIL, PASSWORD, TestApp};

const GUIDES: [&str; 8] = [
    "get-started",
    "custom-tools",
    "claude-desktop",
    "connections",
    "people",
    "roles",
    "api",
    "operations",
];

/// The values of an attribute, of every tag that begins so.
fn all<'a>(page: &'a str, tag: &str, attribute: &str) -> Vec<&'a str> {
    let begin = format!("{attribute}=\"");
    page.split(tag)
        .skip(1)
        .map(|rest| {
            let tag = rest.split('>').next().unwrap();
            let value = tag.split_once(begin.as_str()).map(|(_, value)| value);
            value
                .and_then(|value| value.split('"').next())
                .unwrap_or_default()
        })
        .collect()
}

/// The guides, and the pages of the API reference's groups.
async fn every_page(app: &TestApp) -> Vec<String> {
    let api = app.get("/docs/api").await;
    let links = all(&api.body, "<a ", "href").into_iter();
    let words = links.filter_map(|link| link.strip_prefix("/docs/")?.split('#').next());
    let groups = words.filter(|word| word.starts_with("api/"));
    let all = GUIDES.into_iter().chain(groups);
    let each: std::collections::BTreeSet<String> = all.map(str::to_owned).collect();
    assert!(each.len() > GUIDES.len() + 8, "{each:?}");
    each.into_iter().collect()
}

fn has(page: &Answer, text: &str) -> bool {
    page.body.contains(text)
}

#[tokio::test]
async fn every_heading_can_be_linked_to_and_every_link_leads_somewhere() {
    let app = TestApp::new().await;
    let mut pages = Vec::new();
    for guide in every_page(&app).await {
        let page = app.get(&format!("/docs/{guide}")).await;
        assert_eq!(page.status, StatusCode::OK, "{guide}");
        let article = page.body.split_once("<article").unwrap().1;
        let article = article.split_once("</article>").unwrap().0.to_owned();
        pages.push((guide, article));
    }
    for (guide, article) in &pages {
        let mut ids = Vec::new();
        for tag in ["<h1", "<h2", "<h3"] {
            ids.extend(all(article, tag, " id"));
        }
        assert!(ids.iter().all(|id| !id.is_empty()), "{guide}: {ids:?}");
        let each: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(
            each.len(),
            ids.len(),
            "{guide}: an id is there twice: {ids:?}"
        );
        // Braces are what is left of a placeholder that is always known.
        for placeholder in ["{public_url}", "{host}", "{server_url}"] {
            assert!(!article.contains(placeholder), "{guide}: {placeholder}");
        }
        for link in all(article, "<a ", "href") {
            let (path, id) = link.split_once('#').unwrap_or((link, ""));
            let of = match path.strip_prefix("/docs/") {
                Some(other) => other,
                None if path.is_empty() => guide.as_str(),
                None => continue,
            };
            let found = pages.iter().find(|(known, _)| *known == of);
            let (_, target) = found.unwrap_or_else(|| panic!("{guide}: {link}"));
            let is_there = id.is_empty() || target.contains(&format!("id=\"{id}\""));
            assert!(is_there, "{guide}: {link}");
        }
    }
    for unknown in ["/docs/nothing", "/docs/api/nothing", "/docs/roles/tools"] {
        let page = app.get(unknown).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn what_is_found_is_linked_to_and_marked() {
    let app = TestApp::new().await;
    let page = app.get("/docs/search?q=rotate-master").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        has(&page, "href=\"/docs/operations#master-key"),
        "{}",
        page.body
    );
    assert!(has(&page, "<mark>rotate</mark>"), "{}", page.body);
    // All that people read is searched, the API reference too; a title comes first.
    for (query, first) in [
        ("custom+tools", "/docs/custom-tools\""),
        ("operations", "/docs/operations\""),
        ("nginx", "/docs/operations#proxy-nginx\""),
        ("idempotency_outcome_unknown", "/docs/api#idempotency\""),
        ("invalid_grant", "/docs/claude-desktop#later\""),
        // Of the reference's pages the one that it is on.
        ("tools+from-curl", "/docs/api/tools#"),
        ("api+reference+vault", "/docs/api/vault\""),
    ] {
        let page = app.get(&format!("/docs/search?q={query}")).await;
        let results = page.body.split_once("docs-results").expect(query).1;
        let link = results.split_once("href=\"").unwrap().1;
        assert!(link.starts_with(first), "{query}: {}", &link[..80]);
    }
    let empty = app.get("/docs/search").await;
    assert!(has(&empty, "all guides and the API reference are searched"));
}

#[tokio::test]
async fn nothing_found_says_what_to_do_and_a_query_is_text() {
    let app = TestApp::new().await;
    let page = app.get("/docs/search?q=quetzalcoatl").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(has(&page, "Try fewer words"));
    let hostile = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E%3Cb+onclick=x";
    let page = app.get(&format!("/docs/search?q={hostile}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for markup in ["<script>alert", "<b onclick"] {
        assert!(!has(&page, markup), "{markup}");
    }
    let long = "a".repeat(6_000);
    let page = app.get(&format!("/docs/search?q={long}")).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn an_only_project_is_filled_in_and_stored_nowhere() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let (project, client) = (
        made.project.id.as_str(),
        made.integration.client_id.as_str(),
    );
    let nobody = app.get("/docs/claude-desktop").await;
    assert!(!has(&nobody, client) && has(&nobody, "Sign in"));
    app.sign_in(EMAIL, PASSWORD).await;
    for guide in GUIDES {
        let page = app.get(&format!("/docs/{guide}")).await;
        assert_eq!(page.header("cache-control"), "private, no-store", "{guide}");
    }
    for guide in ["get-started", "claude-desktop"] {
        let page = app.get(&format!("/docs/{guide}")).await;
        assert!(has(&page, client), "{guide}");
        assert!(has(&page, &format!("/projects/{project}/tools")), "{guide}");
    }
    let api = app.get("/docs/api/tools").await;
    let example = format!("curl http://localhost:3000/api/v1/projects/{project}/tools");
    assert!(has(&api, &example));
    assert!(!has(&api, "/projects/PROJECT_ID"));
    let tools = app.get("/docs/custom-tools").await;
    assert!(has(&tools, &format!("/api/v1/projects/{project}/tools")));
    // What was found before is nobody's.
    let search = app.get("/docs/search?q=project").await;
    assert!(!has(&search, project) && !has(&search, client));
}

#[tokio::test]
async fn one_of_several_is_chosen_and_kept_in_the_address() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    let actor = Actor::Person {
        user_id: made.account.id.clone(),
    };
    let other = app
        .services
        .projects
        .create(&actor, "<b>Other</b>")
        .await
        .unwrap();
    let access = app.access::<Admin>(&made).await;
    let new = NewIntegration::named("Second");
    let second = app.services.integrations.create(&access, &new, None).await;
    let (second, _) = second.unwrap();
    app.sign_in(EMAIL, PASSWORD).await;
    let page = app.get("/docs/claude-desktop").await;
    assert!(has(&page, "Fill in with") && has(&page, "Choose a project"));
    assert!(has(&page, "&lt;b&gt;Other&lt;/b&gt;") && !has(&page, "<b>Other"));
    assert!(!has(&page, &made.integration.client_id));
    let asked = format!("?project={}&integration={}", made.project.id, second.id);
    let page = app.get(&format!("/docs/claude-desktop{asked}")).await;
    assert!(has(&page, &second.client_id) && !has(&page, &made.integration.client_id));
    let kept = format!("/docs/get-started{}", asked.replace('&', "&amp;"));
    assert!(has(&page, &kept), "{}", page.body);
    let asked = format!("?project={}", other.id);
    let page = app.get(&format!("/docs/api/tools{asked}")).await;
    assert!(has(&page, &format!("/api/v1/projects/{}/tools", other.id)));
    // And stays that one on the pages before and after it.
    for next in ["/docs/api/vault", "/docs/api/projects", "/docs/api"] {
        assert!(has(&page, &format!("href=\"{next}{asked}\"")), "{next}");
    }
}

#[tokio::test]
async fn nobody_sees_the_values_of_another() {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.switch(Cookies::new());
    app.sign_up("mallory@example.com", PASSWORD).await;
    let (project, integration) = (&made.project.id, &made.integration);
    for guide in GUIDES {
        let path = format!(
            "/docs/{guide}?project={project}&integration={}",
            integration.id
        );
        let page = app.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{guide}");
        let own_url = format!("/mcp/{}/", integration.slug);
        for of_others in [&integration.client_id, &own_url] {
            assert!(!has(&page, of_others), "{guide}: {of_others}");
        }
    }
    let mallorys = app.get(&format!("/docs/api/tools?project={project}")).await;
    assert!(has(&mallorys, "or it is not yours to see"));
    assert!(has(&mallorys, "/projects/PROJECT_ID"));
}
