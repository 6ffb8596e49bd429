//! What a schema can cost to evaluate. References make a small text stand for a large tree: twenty
//! definitions that each refer twice to the next are a million nodes, and one call would hold a
//! core for hours. So the tree is counted before the schema is taken.

use std::collections::HashMap;

use serde_json::Value;

/// Nodes of the schema with every reference replaced by what it refers to.
const MOST_NODES: u64 = 10_000;
/// Ways by which a schema comes back to itself. With two, the cost can double with each level of
/// the arguments.
const MOST_RETURNS: u64 = 1;

/// The expanded size of a part of a schema, and how often it returns to a part it is inside of.
#[derive(Clone, Copy, Default)]
struct Cost {
    nodes: u64,
    returns: u64,
}

impl Cost {
    const fn plus(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            returns: self.returns.saturating_add(other.returns),
        }
    }
}

enum Target {
    /// The reference that is being followed.
    Open,
    Counted(Cost),
}

struct Counter<'a> {
    schema: &'a Value,
    targets: HashMap<String, Target>,
}

/// # Errors
/// A sentence, where evaluating the schema could take very long.
pub(super) fn check(schema: &Value) -> Result<(), String> {
    let mut counter = Counter {
        schema,
        targets: HashMap::from([("#".to_owned(), Target::Open)]),
    };
    let cost = counter.cost(schema);
    if cost.nodes > MOST_NODES {
        return Err(format!(
            "With its references followed it has more than {MOST_NODES} parts; make it simpler."
        ));
    }
    if cost.returns > MOST_RETURNS {
        return Err("It refers to itself in more than one way; one is supported.".to_owned());
    }
    Ok(())
}

impl Counter<'_> {
    /// Counts every member as if it were a schema: too much for data like `enum`, never too little.
    fn cost(&mut self, part: &Value) -> Cost {
        let own = Cost {
            nodes: 1,
            returns: 0,
        };
        match part {
            Value::Object(members) => members.iter().fold(own, |sum, (name, member)| {
                let cost = match (name.as_str(), member) {
                    // Definitions count where they are referred to.
                    ("$defs" | "definitions", _) => Cost::default(),
                    ("$ref" | "$dynamicRef", Value::String(target)) => self.referred(target),
                    _ => self.cost(member),
                };
                sum.plus(cost)
            }),
            Value::Array(items) => items
                .iter()
                .fold(own, |sum, item| sum.plus(self.cost(item))),
            _ => own,
        }
    }

    fn referred(&mut self, target: &str) -> Cost {
        match self.targets.get(target) {
            Some(Target::Open) => {
                return Cost {
                    nodes: 1,
                    returns: 1,
                };
            }
            Some(Target::Counted(cost)) => return *cost,
            None => {}
        }
        let pointer = target.trim_start_matches('#');
        // An anchor, or nothing: compiling says what is wrong with it.
        let Some(part) = self.schema.pointer(pointer) else {
            return Cost {
                nodes: 1,
                returns: 0,
            };
        };
        self.targets.insert(target.to_owned(), Target::Open);
        let cost = self.cost(part);
        self.targets
            .insert(target.to_owned(), Target::Counted(cost));
        cost
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_grows_without_bounds_is_refused() {
        let mut definitions = serde_json::Map::new();
        for level in 0..40 {
            let next = json!({ "$ref": format!("#/$defs/a{}", level + 1) });
            definitions.insert(format!("a{level}"), json!({ "allOf": [next, next] }));
        }
        definitions.insert("a40".to_owned(), json!({ "type": "object" }));
        let bomb = json!({ "type": "object", "$ref": "#/$defs/a0", "$defs": definitions });
        assert!(check(&bomb).unwrap_err().contains("references"));
        let twice = json!({
            "type": "object",
            "properties": { "x": { "anyOf": [{ "$ref": "#" }, { "$ref": "#" }] } },
        });
        assert!(check(&twice).unwrap_err().contains("itself"));
    }

    #[test]
    fn a_tree_and_shared_definitions_are_fine() {
        check(&json!({
            "type": "object",
            "properties": {
                "children": { "type": "array", "items": { "$ref": "#" } },
                "from": { "$ref": "#/$defs/place" },
                "to": { "$ref": "#/$defs/place" },
            },
            "$defs": { "place": { "type": "string" } },
        }))
        .unwrap();
    }
}
