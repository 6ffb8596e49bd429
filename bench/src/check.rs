//! Whether an answer is the right one.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{raw::Answer, servers::backend, tools};

/// How much of a wrong answer is shown.
const SHOWN: usize = 400;

/// The JSON of a 200.
pub fn json(answer: &Answer) -> Result<Value> {
    let shown = || {
        let text = String::from_utf8_lossy(&answer.body);
        let text: String = text.chars().take(SHOWN).collect();
        format!("the answer was {} {text}", answer.status)
    };
    if answer.status != 200 {
        bail!(shown());
    }
    serde_json::from_slice(&answer.body).with_context(shown)
}

/// An answer to tools/list that shows these tools and no others.
pub fn lists(answer: &Value, definitions: &[Value]) -> Result<()> {
    is_answer(answer)?;
    let tools = answer["result"]["tools"].as_array();
    let tools = tools.context("the answer lists nothing")?;
    let expected = tools::listed(definitions);
    if tools.len() != expected.len() {
        bail!("{} of {} tools are listed", tools.len(), expected.len());
    }
    for (tool, expected) in tools.iter().zip(&expected) {
        // It may show more of a tool than was said of it.
        for (name, value) in expected {
            same(&tool[name], value)?;
        }
    }
    Ok(())
}

/// An answer to tools/call that holds what the backend answered.
pub fn calls(answer: &Value) -> Result<()> {
    is_answer(answer)?;
    let expected: Value = serde_json::from_str(backend::ANSWER)?;
    let result = &answer["result"];
    same(&result["isError"], &Value::Bool(false))?;
    same(&result["structuredContent"], &expected)?;
    let text = result["content"][0]["text"].as_str().unwrap_or_default();
    same(&serde_json::from_str(text).unwrap_or_default(), &expected)
}

fn is_answer(answer: &Value) -> Result<()> {
    same(&answer["jsonrpc"], &Value::from("2.0"))?;
    same(&answer["id"], &Value::from(1))
}

pub fn same(value: &Value, expected: &Value) -> Result<()> {
    if value == expected {
        return Ok(());
    }
    let short = |value: &Value| value.to_string().chars().take(SHOWN).collect::<String>();
    bail!(
        "the answer holds {} where {} belongs",
        short(value),
        short(expected)
    )
}
