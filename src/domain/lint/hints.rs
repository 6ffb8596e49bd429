//! The hints (MCP 2026-07-28, tool annotations): what a client asks a person about, and what it
//! does without asking.

use super::{Findings, Rule, names::words};
use crate::tools::{Annotations, HttpMethod, ToolInput};

const READING: [&str; 27] = [
    "autocomplete",
    "calculate",
    "check",
    "classify",
    "compare",
    "count",
    "describe",
    "download",
    "estimate",
    "export",
    "fetch",
    "find",
    "get",
    "list",
    "lookup",
    "measure",
    "preview",
    "query",
    "quote",
    "read",
    "render",
    "resolve",
    "search",
    "show",
    "suggest",
    "validate",
    "view",
];
const CHANGING: [&str; 31] = [
    "add", "approve", "archive", "assign", "cancel", "clear", "close", "create", "delete",
    "destroy", "disable", "edit", "enable", "insert", "invite", "merge", "move", "publish",
    "purge", "refund", "remove", "rename", "replace", "reset", "revoke", "save", "send", "submit",
    "transfer", "update", "upsert",
];

pub(super) fn check(input: &ToolInput, findings: &mut Findings) {
    const FIELD: &str = "annotations";
    let given = input.annotations;
    let guessed = Annotations::guessed_from(input.http_method);
    let hints = Annotations {
        read_only_hint: given.read_only_hint.unwrap_or(guessed.read_only_hint),
        destructive_hint: given.destructive_hint.unwrap_or(guessed.destructive_hint),
        idempotent_hint: given.idempotent_hint.unwrap_or(guessed.idempotent_hint),
        open_world_hint: given.open_world_hint.unwrap_or(guessed.open_world_hint),
    };
    let is_guessed =
        given.read_only_hint.is_none() || !hints.read_only_hint && given.destructive_hint.is_none();
    // A GET reads and a DELETE deletes; of the others the method does not tell.
    if is_guessed && !matches!(input.http_method, HttpMethod::Get | HttpMethod::Delete) {
        findings.hint(
            Rule::HintsMissing,
            FIELD,
            format!(
                "Set readOnlyHint and destructiveHint: from {} alone it cannot be told whether the \
                 tool changes or deletes something, and clients ask people by these.",
                input.http_method
            ),
        );
    }
    if given.read_only_hint == Some(true) && given.destructive_hint == Some(true) {
        findings.warning(
            Rule::HintsContradictEachOther,
            "annotations.destructiveHint",
            "A tool that only reads destroys nothing: set one of readOnlyHint and destructiveHint \
             to false.",
        );
    }
    check_method(input, hints, findings);
    check_words(input, hints, findings);
}

/// What a method promises (RFC 9110 §9.2).
fn check_method(input: &ToolInput, hints: Annotations, findings: &mut Findings) {
    const RULE: Rule = Rule::HintsContradictMethod;
    let method = input.http_method;
    match method {
        HttpMethod::Get if hints.destructive_hint && !hints.read_only_hint => findings.warning(
            RULE,
            "annotations.destructiveHint",
            "A GET changes nothing (RFC 9110 §9.2.1). Set destructiveHint to false, or have the \
             endpoint take another method: proxies and clients may send a GET again.",
        ),
        HttpMethod::Get if !hints.read_only_hint => findings.hint(
            RULE,
            "annotations.readOnlyHint",
            "A GET reads only: with readOnlyHint true, clients need not ask before each call.",
        ),
        HttpMethod::Delete if hints.read_only_hint => findings.error(
            RULE,
            "annotations.readOnlyHint",
            "A DELETE is marked as reading only, so that clients call it without asking anyone. Set \
             readOnlyHint to false and destructiveHint to true.",
        ),
        HttpMethod::Delete if !hints.destructive_hint => findings.warning(
            RULE,
            "annotations.destructiveHint",
            "A DELETE is marked as not destructive. Set destructiveHint to true, so that clients ask \
             before it is called.",
        ),
        HttpMethod::Put | HttpMethod::Patch if hints.read_only_hint => findings.warning(
            RULE,
            "annotations.readOnlyHint",
            format!(
                "A {method} is marked as reading only, so that clients call it without asking. Set \
                 readOnlyHint to false, unless it changes nothing."
            ),
        ),
        HttpMethod::Put if !hints.idempotent_hint => findings.hint(
            RULE,
            "annotations.idempotentHint",
            "A PUT has the same effect when it is sent twice (RFC 9110 §9.2.2). With idempotentHint \
             true it can be sent again after a failure.",
        ),
        _ => {}
    }
}

/// What the name says beside the hints.
fn check_words(input: &ToolInput, hints: Annotations, findings: &mut Findings) {
    let words = words(&input.name);
    let is_of = |known: &[&str], word: &str| known.contains(&word);
    let reads = words.iter().any(|word| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        is_of(&READING, word) || is_of(&READING, singular)
    });
    let changes = words.iter().any(|word| is_of(&CHANGING, word));
    if hints.read_only_hint && changes && !reads && input.http_method != HttpMethod::Delete {
        findings.warning(
            Rule::HintsContradictMethod,
            "annotations.readOnlyHint",
            "By its name it changes something, and readOnlyHint says that it only reads, so that \
             clients call it without asking. Set readOnlyHint to false, or name it for what it does.",
        );
    }
    let may_read = matches!(input.http_method, HttpMethod::Post);
    if may_read && !hints.read_only_hint && reads && !changes {
        findings.hint(
            Rule::HintsCouldBeReadOnly,
            "annotations.readOnlyHint",
            "By its name it only reads. If it changes nothing, set readOnlyHint to true, and clients \
             need not ask before each call.",
        );
    }
    let argument = |name: &str| input.input_schema["properties"].get(name).is_some();
    if !hints.open_world_hint && (argument("url") || argument("uri")) {
        findings.hint(
            Rule::HintsOpenWorld,
            "annotations.openWorldHint",
            "It takes an address, so it may reach anything. Set openWorldHint to true: what comes \
             back may be written by strangers.",
        );
    }
}
