//! /api/v1/projects/{project_id}/lint

use axum::{
    Json,
    extract::{Path, State},
};
use domain::{
    lint::{Finding, ProjectReport, Rule, Severity, TokenEstimate, ToolReport},
    members::Viewer,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiError, Caller, auth::access, error::ErrorBody};
use crate::state::AppState;

/// What a model or a client would stumble over.
#[derive(Serialize, ToSchema)]
pub(super) struct FindingView {
    /// A code that stays the same, such as `description.short`.
    #[schema(value_type = String)]
    rule: Rule,
    /// `error`, `warning` or `hint`.
    #[schema(value_type = String)]
    severity: Severity,
    /// A field's public name, with a path: `input_schema/properties/id`.
    field: String,
    message: String,
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        Self {
            rule: finding.rule,
            severity: finding.severity,
            field: finding.field.clone(),
            message: finding.message.clone(),
        }
    }
}

/// An estimate: the models' own tokenizers are not public, and count somewhat more.
#[derive(Serialize, ToSchema)]
pub(super) struct CostView {
    tokens: u64,
    tokenizer: &'static str,
}

impl From<TokenEstimate> for CostView {
    fn from(estimate: TokenEstimate) -> Self {
        Self {
            tokens: estimate.tokens,
            tokenizer: estimate.tokenizer(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct ToolReportView {
    name: String,
    is_enabled: bool,
    findings: Vec<FindingView>,
    cost: CostView,
}

impl From<&ToolReport> for ToolReportView {
    fn from(report: &ToolReport) -> Self {
        Self {
            name: report.name.clone(),
            is_enabled: report.is_enabled,
            findings: report.findings.iter().map(Into::into).collect(),
            cost: report.cost.into(),
        }
    }
}

/// What there is to mend in a project's tools, and what they cost a model to know of.
#[derive(Serialize, ToSchema)]
pub(super) struct LintView {
    tools: Vec<ToolReportView>,
    /// What concerns all of them.
    findings: Vec<FindingView>,
    /// Of the enabled ones, with what a client adds.
    cost: CostView,
}

impl From<&ProjectReport> for LintView {
    fn from(report: &ProjectReport) -> Self {
        Self {
            tools: report.tools.iter().map(Into::into).collect(),
            findings: report.findings.iter().map(Into::into).collect(),
            cost: report.cost.into(),
        }
    }
}

/// Says what Claude would stumble over in the project's tools, and what they cost in tokens.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/lint", tag = "tools",
    params(("project_id" = String, Path)),
    responses((status = 200, body = LintView), (status = 404, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
) -> Result<Json<LintView>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let report = state.services.lints.of_project(&access).await?;
    Ok(Json(LintView::from(&*report)))
}
