//! How long the dashboard's pages take the server, in a large project with a long log. Beside each number is
//! how often `/healthz` is answered meanwhile, which says what of it is the machine's.

use std::time::Duration;

use anyhow::{Result, bail};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, header};
use serde_json::json;

use super::{Backend, World, say};
use crate::{
    browser::Browser, call_log, http::Http, mcp, raw, report::Report, rounds::median,
    settings::Settings, tengine::Installation, tools,
};

const TOOLS: usize = 1_000;
const INTEGRATIONS: usize = 100;
const CALLS: u64 = 1_000_000;
const WARM_UPS: usize = 20;
/// Odd: the middle one counts.
const LOOKS: usize = 201;
const MOST_MS: f64 = 5.0;

pub async fn run(settings: &Settings, report: &mut Report) -> Result<()> {
    let backend = Backend::start()?;
    say(&format!("{TOOLS} tools, {INTEGRATIONS} integrations"));
    let world = large(World::new(settings, TOOLS, backend.address).await?).await?;
    let at = &world.installation;
    let project = format!("/projects/{}", at.project_id);
    let integration = format!("{project}/integrations/{}", at.integration_id);
    // A page, and what it must say.
    let pages = [
        ("Projects".to_owned(), "/projects".to_owned(), "CRM"),
        ("Overview".to_owned(), project.clone(), "Call a tool"),
        (
            format!("Tools, {TOOLS}"),
            format!("{project}/tools"),
            "Search the tools",
        ),
        (
            format!("Integrations, {INTEGRATIONS}"),
            format!("{project}/integrations"),
            "Integration 99",
        ),
        ("one integration".to_owned(), integration, "Server URL"),
        (
            format!("Calls, {CALLS}"),
            format!("{project}/calls"),
            "</table>",
        ),
    ];

    say("pages of the dashboard");
    let browser = Browser::signed_in(at).await?;
    for (_, path, text) in &pages {
        browser.must_say(path, text).await?;
    }
    let mut took = vec![Vec::new(); pages.len()];
    let mut alone = Vec::new();
    // In turn: what the machine does meanwhile hits all of them.
    for look in 0..WARM_UPS + LOOKS {
        let healthz = browser.time("/healthz").await?;
        for ((_, path, _), took) in pages.iter().zip(&mut took) {
            let page = browser.time(path).await?;
            if look >= WARM_UPS {
                took.push(milliseconds(page));
            }
        }
        if look >= WARM_UPS {
            alone.push(milliseconds(healthz));
        }
    }
    let alone = median(alone);
    for ((name, ..), took) in pages.iter().zip(took) {
        let took = median(took);
        report.finding(
            format!("page: {name}"),
            format!("{took:.2} ms, {:.0} × /healthz", took / alone),
            format!("≤ {MOST_MS:.0} ms"),
            took <= MOST_MS,
        );
    }
    Ok(())
}

/// With many integrations, and with a long log, which is written while the server is stopped.
async fn large(world: World) -> Result<World> {
    let http = Http::new();
    for number in 1..INTEGRATIONS {
        add_integration(&http, &world.installation, number).await?;
    }
    // The row that the others are made like.
    let call = mcp::call(&world.tokens.access, tools::CALLED, &tools::arguments());
    let answer = raw::send(world.server.address, &call).await?;
    if answer.status != 200 {
        bail!("a call was answered with {}", answer.status);
    }
    world.server.child.stop().await?;
    say(&format!("{CALLS} calls"));
    call_log::fill(&world.installation.call_log(), CALLS).await?;
    let server = world.installation.start().await?;
    Ok(World { server, ..world })
}

async fn add_integration(http: &Http, at: &Installation, number: usize) -> Result<()> {
    let path = format!("/api/v1/projects/{}/integrations", at.project_id);
    let body = json!({ "name": format!("Integration {number}") }).to_string();
    let request = Request::post(format!("http://{}{path}", at.address))
        .header(header::AUTHORIZATION, format!("Bearer {}", at.api_key))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::<Bytes>::from(body))?;
    let answer = http.send(request).await?;
    if !answer.status.is_success() {
        bail!("an integration was answered with {}", answer.status);
    }
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
