//! A tool among the others of its project: names and descriptions that a model confuses, and what
//! all tools cost together.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::Serialize;

use super::{
    Finding, Findings, Rule, TokenEstimate,
    finding::shown,
    instructions,
    names::{folded, words},
    tokens,
};
use crate::{
    ids::ToolId,
    tools::{Tool, ToolInput},
};

/// Tools whose descriptions are compared; each with each takes time.
const MOST_COMPARED: usize = 1_000;
/// Of the words of two descriptions, the part that both have where they are nearly the same.
const NEARLY_ALL: f64 = 0.9;
/// Words from which on a description can be nearly another one.
const FEWEST_WORDS: usize = 4;

/// Tools from which on Cursor's and others' models choose badly (Cursor warned at 40 until 2025).
const MANY_TOOLS: usize = 40;
/// Tools that VS Code and OpenAI's API take in one request, of all servers together (VS Code,
/// "Use tools in chat", read November 2026).
const MOST_TOOLS: usize = 128;
/// Tokens from which on Claude Code no longer shows all tools but lets the model search them: 10 %
/// of 200,000 (Claude Code 2.1.7, January 2026).
const PROJECT_TOKENS: u64 = 20_000;

/// What is known of a project's other tools.
#[derive(Default)]
pub struct ProjectContext {
    names: HashSet<String>,
    by_folded: HashMap<String, Vec<String>>,
    described: Vec<Described>,
}

struct Described {
    name: String,
    about: About,
}

/// A description as it is compared: the hashes of its words.
struct About {
    first_sentence: BTreeSet<u64>,
    whole: BTreeSet<u64>,
}

impl About {
    fn of(description: &str) -> Self {
        let hashes = |text: &str| {
            let hash = |word: String| {
                let mut hasher = DefaultHasher::new();
                word.hash(&mut hasher);
                hasher.finish()
            };
            words(text).into_iter().map(hash).collect()
        };
        let first = description.trim().split(['.', '\n']).next();
        Self {
            first_sentence: hashes(first.unwrap_or_default()),
            whole: hashes(description),
        }
    }

    /// Whether a model could not tell which of the two is meant. The first sentence counts by
    /// itself: long descriptions may differ in the one word that matters.
    fn is_nearly(&self, other: &Self) -> bool {
        let alike = |one: &BTreeSet<u64>, other: &BTreeSet<u64>| {
            let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
            if (shorter as f64) < longer as f64 * NEARLY_ALL {
                return false;
            }
            let both = one.intersection(other).count();
            both as f64 >= (longer + shorter - both) as f64 * NEARLY_ALL
        };
        self.whole.len() >= FEWEST_WORDS
            && alike(&self.first_sentence, &other.first_sentence)
            && alike(&self.whole, &other.whole)
    }
}

impl ProjectContext {
    /// Of the name and the description of each tool. The tool that is linted may be among them:
    /// what has its name is it.
    pub fn new<'a>(tools: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut context = Self::default();
        for (name, description) in tools {
            let alike = context.by_folded.entry(folded(name)).or_default();
            alike.push(name.to_owned());
            context.names.insert(name.to_owned());
            if context.described.len() < MOST_COMPARED {
                context.described.push(Described {
                    name: name.to_owned(),
                    about: About::of(description),
                });
            }
        }
        context
    }

    /// Of a project's tools but for the one that is being edited, which may get another name.
    #[must_use]
    pub fn without<'a>(tools: impl IntoIterator<Item = &'a Tool>, edited: Option<&ToolId>) -> Self {
        let others = tools.into_iter().filter(|tool| Some(&tool.id) != edited);
        Self::new(others.map(|tool| (tool.name.as_str(), tool.description.as_str())))
    }

    pub(super) fn check(&self, input: &ToolInput, findings: &mut Findings) {
        let name = &input.name;
        let alike = self.by_folded.get(&folded(name)).into_iter().flatten();
        if let Some(other) = alike.into_iter().find(|other| *other != name) {
            findings.warning(
                Rule::NameAlike,
                "name",
                format!(
                    "It differs from {} in case or separators only, and models confuse the two. Say \
                     in the names what differs.",
                    shown(other)
                ),
            );
        }
        let about = About::of(&input.description);
        let mut others = self.described.iter().filter(|other| other.name != *name);
        if let Some(other) = others.find(|other| about.is_nearly(&other.about)) {
            findings.warning(
                Rule::DescriptionAlike,
                "description",
                format!(
                    "It is nearly the description of {}, so a model cannot tell which of them to \
                     call. Say in both when to use the one and when the other.",
                    shown(&other.name)
                ),
            );
        }
        instructions::check_other_tools(&input.description, name, &self.names, findings);
    }
}

/// What the lint says of one tool of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolReport {
    pub name: String,
    pub is_enabled: bool,
    pub findings: Vec<Finding>,
    pub cost: TokenEstimate,
}

/// What the lint says of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProjectReport {
    /// In the order in which the tools came.
    pub tools: Vec<ToolReport>,
    /// What is about all of them.
    pub findings: Vec<Finding>,
    /// Of the enabled tools together, with the frame around them ([`tokens::FRAME_TOKENS`]).
    pub cost: TokenEstimate,
}

/// Lints every tool of a project, among the others.
#[must_use]
pub fn project(tools: &[ToolInput]) -> ProjectReport {
    let described = tools
        .iter()
        .map(|tool| (tool.name.as_str(), tool.description.as_str()));
    let context = ProjectContext::new(described);
    let tools: Vec<ToolReport> = tools
        .iter()
        .map(|tool| {
            let cost = tokens::of_tool(tool);
            ToolReport {
                name: tool.name.clone(),
                is_enabled: tool.is_enabled,
                findings: super::tool_of_cost(tool, &context, cost),
                cost,
            }
        })
        .collect();
    let enabled = tools.iter().filter(|tool| tool.is_enabled);
    let cost = tokens::of_tools(enabled.clone().map(|tool| tool.cost));
    let mut findings = Findings::default();
    check_size(enabled.count(), cost, &mut findings);
    ProjectReport {
        tools,
        findings: findings.finish(),
        cost,
    }
}

fn check_size(count: usize, cost: TokenEstimate, findings: &mut Findings) {
    const FIELD: &str = "tools";
    if count > MOST_TOOLS {
        findings.warning(
            Rule::ProjectManyTools,
            FIELD,
            format!(
                "{count} tools are enabled, and VS Code and OpenAI's API take {MOST_TOOLS} of all \
                 connectors together. Give each integration those that its people need."
            ),
        );
    } else if count > MANY_TOOLS {
        findings.hint(
            Rule::ProjectManyTools,
            FIELD,
            format!(
                "{count} tools are enabled. Models choose well among some {MANY_TOOLS}: give each \
                 integration those that its people need."
            ),
        );
    }
    if cost.tokens > PROJECT_TOKENS {
        findings.warning(
            Rule::CostProject,
            FIELD,
            format!(
                "The enabled tools take about {} tokens of every conversation (estimated with {}). \
                 From about {PROJECT_TOKENS} on Claude Code searches tools instead of showing them: \
                 shorten the costliest, or give integrations a part of them.",
                cost.tokens,
                cost.tokenizer(),
            ),
        );
    }
}
