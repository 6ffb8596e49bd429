//! What a lint finds: advice about a field, with a code that stays the same.

use std::collections::HashMap;

use serde::Serialize;

use super::{hidden, secrets};
use crate::text_enum;

text_enum! {
    /// How much a finding matters. The first is the worst.
    #[derive(PartialOrd, Ord)]
    pub enum Severity {
        /// A client refuses the tool or misreads it, or a secret is exposed.
        Error = "error",
        /// Some clients, or a model on some days, will get it wrong.
        Warning = "warning",
        /// It would be better otherwise.
        Hint = "hint",
    }
}

text_enum! {
    /// Every rule, by the code that people silence or look up.
    pub enum Rule {
        NameLong = "name.long",
        NameUnclear = "name.unclear",
        NameConvention = "name.convention",
        NameSeparator = "name.separator",
        NameAlike = "name.alike",
        TitleMissing = "title.missing",
        DescriptionMissing = "description.missing",
        DescriptionShort = "description.short",
        DescriptionLong = "description.long",
        DescriptionRepeatsName = "description.repeats_name",
        DescriptionMarkup = "description.markup",
        DescriptionAlike = "description.alike",
        DescriptionInstructionLike = "description.instruction_like",
        DescriptionSteersTools = "description.steers_tools",
        TextHidden = "text.hidden_characters",
        TextBlob = "text.blob",
        TextAddress = "text.address",
        HintsMissing = "hints.missing",
        HintsContradictMethod = "hints.contradict_method",
        HintsContradictEachOther = "hints.contradict_each_other",
        HintsCouldBeReadOnly = "hints.could_be_read_only",
        HintsOpenWorld = "hints.open_world",
        SchemaUnion = "schema.top_level_union",
        SchemaLarge = "schema.large",
        SchemaDeep = "schema.deep",
        SchemaManyArguments = "schema.many_arguments",
        SchemaOpen = "schema.open",
        SchemaNoOutput = "schema.no_output",
        SchemaRequiredUnknown = "schema.required_unknown",
        SchemaNothingFits = "schema.nothing_fits",
        SchemaEnumLarge = "schema.enum_large",
        SchemaFormatUnknown = "schema.format_unknown",
        SchemaExampleUnfit = "schema.example_unfit",
        SchemaItemsMissing = "schema.items_missing",
        ArgumentName = "argument.name",
        ArgumentDescription = "argument.description",
        ArgumentType = "argument.type",
        ArgumentFreeForm = "argument.free_form",
        ArgumentCredential = "argument.credential",
        RequestPlainHttp = "request.plain_http",
        RequestArgumentUnused = "request.argument_unused",
        RequestArgumentTwice = "request.argument_twice",
        RequestArgumentOptional = "request.argument_optional",
        RequestArgumentUnfit = "request.argument_unfit",
        RequestTimeoutLong = "request.timeout_long",
        RequestAnswerLarge = "request.answer_large",
        RequestKeyInQuery = "request.key_in_query",
        SecretPasted = "secret.pasted",
        SecretInTemplate = "secret.in_template",
        CostTool = "cost.tool",
        CostProject = "cost.project",
        ProjectManyTools = "project.many_tools",
    }
}

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub rule: Rule,
    pub severity: Severity,
    /// The field's public name, with a path where it is nested (`input_schema/properties/id`).
    pub field: String,
    /// What is wrong and what to do about it. Never holds a secret that was found.
    pub message: String,
}

/// Findings of one rule that are told one by one.
const MOST_OF_A_RULE: usize = 5;
/// Characters of a name or path that are shown.
const LONGEST_SHOWN: usize = 120;

/// Collects findings; of a rule that is broken many times the rest is only counted.
#[derive(Default)]
pub(super) struct Findings {
    found: Vec<Finding>,
    counts: HashMap<Rule, usize>,
}

impl Findings {
    pub(super) fn error(&mut self, rule: Rule, field: &str, message: impl Into<String>) {
        self.add(rule, Severity::Error, field, message.into());
    }

    pub(super) fn warning(&mut self, rule: Rule, field: &str, message: impl Into<String>) {
        self.add(rule, Severity::Warning, field, message.into());
    }

    pub(super) fn hint(&mut self, rule: Rule, field: &str, message: impl Into<String>) {
        self.add(rule, Severity::Hint, field, message.into());
    }

    fn add(&mut self, rule: Rule, severity: Severity, field: &str, message: String) {
        let finding = Finding {
            rule,
            severity,
            field: shown_field(field),
            message,
        };
        let count = self.counts.entry(rule).or_default();
        *count += 1;
        if *count <= MOST_OF_A_RULE {
            self.found.push(finding);
            return;
        }
        // What is worse takes the place of what is less so.
        let of_rule = self.found.iter_mut().filter(|known| known.rule == rule);
        if let Some(mildest) = of_rule.max_by_key(|known| known.severity)
            && severity < mildest.severity
        {
            *mildest = finding;
        }
    }

    /// The worst first, each rule's in the order in which they were found.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        for (rule, count) in self.counts {
            let rest = count.saturating_sub(MOST_OF_A_RULE);
            let last = self.found.iter_mut().rfind(|finding| finding.rule == rule);
            if let (Some(last), 1..) = (last, rest) {
                last.message.push_str(&format!(" ({rest} more like this.)"));
            }
        }
        self.found.sort_by_key(|finding| finding.severity);
        self.found
    }
}

/// A field's path, cut short before a name that is a secret.
fn shown_field(field: &str) -> String {
    if secrets::kind_in(field).is_none() {
        return shown(field);
    }
    let root = field.split(['/', '.']).next().unwrap_or_default();
    shown(root)
}

/// A name that a stranger may have chosen, fit for a terminal and a line. One that is a secret is
/// not shown.
pub(super) fn shown(text: &str) -> String {
    if secrets::kind_in(text).is_some() {
        return "(a secret)".to_owned();
    }
    let mut shown = String::new();
    let mut length = 0;
    for c in text.chars() {
        if length >= LONGEST_SHOWN {
            shown.push('…');
            break;
        }
        if hidden::is_hidden(c) || c.is_control() {
            let escaped = c.escape_unicode();
            length += escaped.len();
            shown.extend(escaped);
        } else {
            length += 1;
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_comes_first_and_the_rest_is_counted() {
        let mut findings = Findings::default();
        for number in 0..9 {
            findings.hint(Rule::ArgumentDescription, &format!("a{number}"), "Say it.");
        }
        findings.error(Rule::ArgumentDescription, "late", "Bad.");
        findings.warning(Rule::NameLong, "name", "Shorten it.");
        let found = findings.finish();
        assert_eq!(found.len(), 6);
        assert_eq!(
            (found[0].field.as_str(), found[0].severity),
            ("late", Severity::Error)
        );
        assert_eq!(found[1].rule, Rule::NameLong);
        let rest: Vec<_> = found
            .iter()
            .filter(|one| one.message.contains("5 more"))
            .collect();
        assert_eq!(rest.len(), 1);
    }

    #[test]
    fn names_are_shown_without_tricks() {
        assert_eq!(shown("a\u{202e}b\u{1b}[0m"), "a\\u{202e}b\\u{1b}[0m");
        assert_eq!(shown(&"x".repeat(500)).chars().count(), LONGEST_SHOWN + 1);
    }

    #[test]
    fn codes_are_one_of_a_kind() {
        let codes: std::collections::HashSet<_> =
            Rule::ALL.iter().map(|rule| rule.as_str()).collect();
        assert_eq!(codes.len(), Rule::ALL.len());
    }
}
