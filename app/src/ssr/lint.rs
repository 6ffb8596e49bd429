//! The lint, as pages see it.

use domain::{
    lint::{self, Finding, ProjectContext, Severity},
    tools::Tool,
};

use crate::api::lint::{FindingRow, FindingSeverity, ProjectLint, ToolLint};

pub(crate) async fn of_tool(tool: Tool, tools: Vec<Tool>) -> ToolLint {
    let work = move || {
        let context = ProjectContext::without(&tools, Some(&tool.id));
        let input = tool.as_input();
        (lint::tool(&input, &context), lint::tokens::of_tool(&input))
    };
    let (findings, cost) = lint::off_the_workers(work).await;
    ToolLint {
        findings: findings.into_iter().map(row).collect(),
        tokens: cost.tokens,
        tokenizer: cost.tokenizer().to_owned(),
    }
}

pub(crate) async fn of_project(tools: Vec<Tool>) -> ProjectLint {
    let report = lint::in_background(tools).await;
    let tools = report.tools.into_iter().map(|tool| {
        let counts = |finding: &&Finding| finding.severity != Severity::Hint;
        (tool.name, tool.findings.iter().filter(counts).count(), tool.cost.tokens)
    });
    ProjectLint {
        tools: tools.collect(),
        findings: report.findings.into_iter().map(row).collect(),
        tokens: report.cost.tokens,
        tokenizer: report.cost.tokenizer().to_owned(),
    }
}

fn row(finding: Finding) -> FindingRow {
    FindingRow {
        severity: match finding.severity {
            Severity::Error => FindingSeverity::Error,
            Severity::Warning => FindingSeverity::Warning,
            Severity::Hint => FindingSeverity::Hint,
        },
        field: finding.field,
        message: finding.message,
    }
}
