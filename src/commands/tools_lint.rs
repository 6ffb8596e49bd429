//! `tengine tools lint`

use std::path::PathBuf;

use clap::Args;
use domain::{
    lint::{self, Finding, ProjectReport, Severity},
    members::Viewer,
};
use serde_json::json;

use super::{
    CommandError,
    project::{OfProject, open_services},
    tools_file,
};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A file of tools [default: the project's tools]
    file: Option<PathBuf>,
    #[command(flatten)]
    of: OfProject,
    /// Also say what could be better and hurts nobody
    #[arg(long)]
    hints: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Says what Claude would stumble over, and what the tools cost in tokens; fails where something is
/// an error.
///
/// # Errors
/// Where an argument, the file, the configuration or the database cannot be used, or a finding is an
/// error.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let report = match &arguments.file {
        Some(file) => lint::project(&tools_file::read(file)?),
        None => {
            let services = open_services(flags).await?;
            let access = arguments.of.access::<Viewer>(&services).await?;
            lint::stored(&services.tools.list(&access).await?)
        }
    };
    if arguments.json {
        println!("{}", as_json(&report));
    } else {
        print(&report, arguments.hints);
    }
    let all = report
        .tools
        .iter()
        .flat_map(|tool| &tool.findings)
        .chain(&report.findings);
    match all
        .filter(|finding| finding.severity == Severity::Error)
        .count()
    {
        0 => Ok(()),
        1 => Err(CommandError::Failed("1 error".to_owned())),
        errors => Err(CommandError::Failed(format!("{errors} errors"))),
    }
}

fn as_json(report: &ProjectReport) -> serde_json::Value {
    let tools = report
        .tools
        .iter()
        .map(|tool| json!({ "name": tool.name, "findings": tool.findings, "cost": tool.cost }));
    json!({
        "tools": tools.collect::<Vec<_>>(), "findings": report.findings, "cost": report.cost,
    })
}

fn print(report: &ProjectReport, hints: bool) {
    let shown = |name: &str, finding: &Finding| {
        if hints || finding.severity != Severity::Hint {
            let Finding {
                severity,
                rule,
                field,
                message,
            } = finding;
            println!("{severity} {name} {field}: {message} [{rule}]");
        }
    };
    for tool in &report.tools {
        for finding in &tool.findings {
            shown(&tool.name, finding);
        }
    }
    for finding in &report.findings {
        shown("(the project)", finding);
    }
    println!(
        "{} tools, about {} tokens ({})",
        report.tools.len(),
        report.cost.tokens,
        report.cost.tokenizer()
    );
}
