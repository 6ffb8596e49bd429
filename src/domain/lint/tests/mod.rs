//! Tools among others, and what tools cost.

mod arguments;
mod hints;
mod hostile;
mod secrets;
mod values;

use serde_json::{Value, json};

use super::{testing::input, *};
use crate::tools::samples::samples;

fn told(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|one| format!("{} {} {}", one.severity, one.rule, one.field))
        .collect()
}

fn among(changes: Value, others: &[(&str, &str)]) -> Vec<String> {
    let context = ProjectContext::new(others.iter().copied());
    told(&tool(&input(changes), &context))
}

#[test]
fn nothing_is_said_against_a_good_tool() {
    assert_eq!(
        told(&tool(&input(json!({})), &ProjectContext::default())),
        [""; 0]
    );
}

#[test]
fn the_samples_have_no_errors_and_no_warnings() {
    let report = project(&samples());
    for tool in &report.tools {
        let worse = |one: &&Finding| one.severity < Severity::Hint;
        let worse: Vec<_> = tool.findings.iter().filter(worse).collect();
        assert!(worse.is_empty(), "{}: {worse:?}", tool.name);
        assert!(
            (50..400).contains(&tool.cost.tokens),
            "{} {:?}",
            tool.name,
            tool.cost
        );
    }
    assert_eq!(report.findings, []);
}

#[test]
fn names_that_models_confuse_are_alike() {
    const NAME: &str = "warning name.alike name";
    assert_eq!(
        among(json!({}), &[("CRM_contacts-search", "Another one")]),
        [NAME]
    );
    assert!(among(json!({}), &[("crm-contacts-search", "It is this one")]).is_empty());
    assert!(among(json!({}), &[("crm-contacts-searches", "Another one")]).is_empty());
}

#[test]
fn descriptions_tell_tools_apart() {
    const ALIKE: &str = "warning description.alike description";
    let own = input(json!({})).description;
    assert_eq!(among(json!({}), &[("crm-people-search", &own)]), [ALIKE]);
    let other_case = own.to_uppercase().replace('.', "!");
    assert_eq!(
        among(
            json!({ "description": own.replace('.', "!") }),
            &[("crm-people-search", &other_case)]
        ),
        [ALIKE]
    );
    for different in [
        own.replace("contacts", "companies"),
        "Finds contacts.".to_owned(),
        String::new(),
    ] {
        assert!(
            among(json!({}), &[("crm-people-search", &different)]).is_empty(),
            "{different}"
        );
    }
    // Long ones may differ in a word only.
    let long = |what: &str| {
        format!(
            "Lists the secrets of a {what}. {}",
            "One two three four five six seven. Eight nine ten eleven twelve, red green blue black white grey."
        )
    };
    assert!(
        among(
            json!({ "description": long("repository") }),
            &[("b", &long("organization"))]
        )
        .is_empty()
    );
}

#[test]
fn a_description_does_not_command_other_tools() {
    let changes =
        json!({ "description": "Finds contacts. You must never call crm-contacts-delete before." });
    let others = [("crm-contacts-delete", "Deletes a contact for good.")];
    assert_eq!(
        among(changes, &others),
        ["warning description.steers_tools description"]
    );
    let own = json!({ "description": "Finds contacts. You must give crm-contacts-search a text." });
    assert!(among(own, &[("crm-contacts-search", "It is this one")]).is_empty());
}

#[test]
fn a_project_is_small_enough() {
    let many = |count: usize, is_enabled: bool| {
        let about = |at: usize| {
            format!(
                "Finds contacts of the kind {} by a part of their name.",
                letters(at)
            )
        };
        let tools: Vec<_> = (0..count)
            .map(|at| input(json!({ "name": format!("crm-{}-search", letters(at)), "description": about(at), "is_enabled": is_enabled })))
            .collect();
        told(&project(&tools).findings)
    };
    assert!(many(40, true).is_empty());
    assert_eq!(many(41, true), ["hint project.many_tools tools"]);
    assert_eq!(many(129, true), ["warning project.many_tools tools"]);
    assert!(
        many(200, false).is_empty(),
        "those that are off cost nothing"
    );
}

/// A word for a number.
fn letters(number: usize) -> String {
    format!("{number:04}")
        .bytes()
        .map(|digit| char::from(digit - b'0' + b'a'))
        .collect()
}

#[test]
fn a_costly_tool_and_a_costly_project_are_told() {
    let about = |words: usize| "contact ".repeat(words);
    let of = |words: usize| {
        input(json!({ "input_schema": {
        "type": "object", "additionalProperties": false,
        "properties": { "text": { "type": "string", "description": about(words) } },
    } }))
    };
    let cost = |words: usize| told(&tool(&of(words), &ProjectContext::default()));
    assert!(cost(1_300).is_empty());
    assert_eq!(cost(1_600), ["hint cost.tool input_schema"]);
    assert!(cost(4_100).contains(&"warning cost.tool input_schema".to_owned()));
    let tools: Vec<_> = (0..15).map(|_| of(1_400)).collect();
    let report = project(&tools);
    assert_eq!(told(&report.findings), ["warning cost.project tools"]);
    let sum: u64 = report.tools.iter().map(|tool| tool.cost.tokens).sum();
    assert_eq!(report.cost.tokens, sum + tokens::FRAME_TOKENS);
    assert_eq!(project(&[]).cost.tokens, 0);
}
