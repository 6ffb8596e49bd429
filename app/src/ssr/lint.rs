//! The lint, as pages see it.

use domain::lint::{Finding, ProjectReport, Severity, ToolReport};

use crate::api::lint::{FindingRow, FindingSeverity, ProjectLint, ToolLint};

pub(crate) fn of_tool(report: &ToolReport) -> ToolLint {
    ToolLint {
        findings: report.findings.iter().map(row).collect(),
        tokens: report.cost.tokens,
        tokenizer: report.cost.tokenizer().to_owned(),
    }
}

pub(crate) fn of_project(report: &ProjectReport) -> ProjectLint {
    let tools = report.tools.iter().map(|tool| {
        let counts = |finding: &&Finding| finding.severity != Severity::Hint;
        let to_mend = tool.findings.iter().filter(counts).count();
        (tool.name.clone(), to_mend, tool.cost.tokens)
    });
    ProjectLint {
        tools: tools.collect(),
        findings: report.findings.iter().map(row).collect(),
        tokens: report.cost.tokens,
        tokenizer: report.cost.tokenizer().to_owned(),
    }
}

fn row(finding: &Finding) -> FindingRow {
    FindingRow {
        severity: match finding.severity {
            Severity::Error => FindingSeverity::Error,
            Severity::Warning => FindingSeverity::Warning,
            Severity::Hint => FindingSeverity::Hint,
        },
        field: finding.field.clone(),
        message: finding.message.clone(),
    }
}
