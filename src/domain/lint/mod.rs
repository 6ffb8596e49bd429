//! What Claude and other clients would stumble over in a tool. Validation
//! ([`crate::tools`]) says what a tool must be; this is advice on top, for the editor, the list of
//! tools, the REST API and the command line. Pure functions: nothing is kept, nothing is fetched, and
//! an input that validation would refuse is linted as far as it goes.
//!
//! They take processor time, and the first one in a minute waits 0.1 s for the tokenizer
//! ([`tokens`]): async callers ask [`Lints`], which calls them on a thread that may be busy.
//!
//! What clients do changes; each limit names where it was seen and when.

mod arguments;
mod finding;
mod hidden;
mod hints;
mod instructions;
mod kept;
mod names;
mod project;
#[cfg(test)]
mod properties;
mod requests;
mod schemas;
mod secrets;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod texts;
pub mod tokens;
mod values;
mod walk;

use self::finding::Findings;
pub use self::{
    finding::{Finding, Rule, Severity},
    kept::Lints,
    project::{ProjectContext, ProjectReport, ToolReport, project},
    tokens::TokenEstimate,
};
use crate::tools::{Tool, ToolInput};

/// Tokens of one tool from which on it is worth a look; a usual one takes 100 to 500.
const LARGE_TOOL: u64 = 1_500;
const LARGEST_TOOL: u64 = 4_000;

/// All that could be better about a tool, the worst first.
#[must_use]
pub fn tool(input: &ToolInput, context: &ProjectContext) -> Vec<Finding> {
    tool_of_cost(input, context, tokens::of_tool(input))
}

/// As [`tool()`], where its tokens are counted already.
fn tool_of_cost(input: &ToolInput, context: &ProjectContext, cost: TokenEstimate) -> Vec<Finding> {
    let mut findings = Findings::default();
    let read = walk::texts(input);
    let parts = walk::parts(&input.input_schema, "input_schema");
    secrets::check(input, &read, &mut findings);
    instructions::check(&read, &mut findings);
    hidden::check(&read, &mut findings);
    names::check(input, &mut findings);
    texts::check(input, &mut findings);
    hints::check(input, &mut findings);
    schemas::check(input, &parts, &mut findings);
    arguments::check(input, &parts, &mut findings);
    values::check(&parts, &mut findings);
    requests::check(input, &mut findings);
    context.check(input, &mut findings);
    check_cost(cost, &mut findings);
    findings.finish()
}

/// As [`project()`], for tools as they are stored.
#[must_use]
pub fn stored<'a>(tools: impl IntoIterator<Item = &'a Tool>) -> ProjectReport {
    let inputs: Vec<ToolInput> = tools.into_iter().map(Tool::as_input).collect();
    project(&inputs)
}

fn check_cost(cost: TokenEstimate, findings: &mut Findings) {
    let message = format!(
        "It takes about {} tokens of every conversation (estimated with {}). Shorten the \
         description and the schema, or make several tools of it.",
        cost.tokens,
        cost.tokenizer(),
    );
    if cost.tokens > LARGEST_TOOL {
        findings.warning(Rule::CostTool, "input_schema", message);
    } else if cost.tokens > LARGE_TOOL {
        findings.hint(Rule::CostTool, "input_schema", message);
    }
}
