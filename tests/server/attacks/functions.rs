//! The server functions of the dashboard, as their source has them: what walks all of them finds a new
//! one by itself.

use std::{fs, path::Path};

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Map, Value, json};

use crate::app::{Answer, TestApp, encoded};

pub struct Function {
    pub name: String,
    is_json: bool,
    /// Name and type.
    arguments: Vec<(String, String)>,
    body: String,
}

/// All of them.
pub fn all() -> Vec<Function> {
    let mut sources = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("app/src/api");
    read(&root, &mut sources);
    let all: Vec<Function> = sources
        .iter()
        .flat_map(|source| of_source(source))
        .collect();
    assert!(all.len() > 90, "{} were found", all.len());
    all
}

fn read(folder: &Path, sources: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, sources);
        } else {
            sources.push(fs::read_to_string(path).unwrap());
        }
    }
}

fn of_source(source: &str) -> Vec<Function> {
    let parts = source.split("#[server(endpoint = \"").skip(1);
    parts.map(Function::parse).collect()
}

impl Function {
    fn parse(text: &str) -> Self {
        let (name, rest) = text.split_once('"').unwrap();
        let (attribute, rest) = rest.split_once(")]").unwrap();
        let (_, rest) = rest.split_once("pub async fn ").unwrap();
        let (_, rest) = rest.split_once('(').unwrap();
        let (arguments, rest) = rest.split_once(") -> ").unwrap();
        let (body, _) = rest.split_once("\n}").unwrap();
        let arguments: String = arguments
            .replace("#[server(default)]", "")
            .lines()
            .filter(|line| !line.trim().starts_with("//"))
            .collect();
        let pair = |text: &str| {
            let (name, kind) = text.split_once(':')?;
            Some((name.trim().to_owned(), kind.trim().to_owned()))
        };
        Self {
            name: name.to_owned(),
            is_json: attribute.contains("input = Json"),
            arguments: arguments.split(',').filter_map(pair).collect(),
            body: body.to_owned(),
        }
    }

    /// Whether it asks for a proof that is younger than the session.
    pub fn asks_for_a_proof(&self) -> bool {
        ["fresh_person()", "fresh_access::", "proof()"]
            .iter()
            .any(|call| self.body.contains(call))
    }

    /// Calls it with these arguments, and made-up ones for the rest.
    pub async fn call(&self, app: &TestApp, given: &[(&str, &str)]) -> Answer {
        for (name, _) in given {
            let known = self
                .arguments
                .iter()
                .any(|(known, _)| name.starts_with(known.as_str()));
            assert!(known, "{} has no argument {name}", self.name);
        }
        let request =
            Request::post(format!("/_ui/{}", self.name)).header(header::ACCEPT, "application/json");
        let (kind, body) = if self.is_json {
            ("application/json", self.json(given).to_string())
        } else {
            ("application/x-www-form-urlencoded", self.form(given))
        };
        let request = request.header(header::CONTENT_TYPE, kind);
        app.send(request.body(Body::from(body)).unwrap()).await
    }

    fn form(&self, given: &[(&str, &str)]) -> String {
        let mut fields: Vec<(String, String)> = Vec::new();
        for (name, kind) in &self.arguments {
            let is_given = |known: &str| known == name || known.starts_with(&format!("{name}["));
            if given.iter().any(|(known, _)| is_given(known)) {
                continue;
            }
            match kind.as_str() {
                "String" | "Password" => fields.push((name.clone(), "x".to_owned())),
                "i64" => fields.push((name.clone(), "1".to_owned())),
                "bool" => fields.push((name.clone(), "true".to_owned())),
                "Vec<String>" => fields.push((format!("{name}[0]"), "x".to_owned())),
                "Vec<Entered>" => {
                    fields.push((format!("{name}[0][name]"), "x".to_owned()));
                    fields.push((format!("{name}[0][value]"), "x".to_owned()));
                }
                form if form.ends_with("Form") => {
                    fields.push((format!("{name}[name]"), "x".to_owned()))
                }
                optional if optional.starts_with("Option<") => {}
                other => panic!("{}: make up a value for {name}: {other}", self.name),
            }
        }
        fields.extend(
            given
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        encoded(&fields)
    }

    fn json(&self, given: &[(&str, &str)]) -> Value {
        let mut object = Map::new();
        for (name, kind) in &self.arguments {
            let text = given
                .iter()
                .find(|(known, _)| known == name)
                .map_or("", |(_, value)| value);
            let value = match kind.as_str() {
                "String" | "Password" if text.is_empty() => json!("x"),
                "String" | "Password" => json!(text),
                "i64" => json!(text.parse::<i64>().unwrap_or(1)),
                "bool" => json!(text == "true"),
                optional if optional.starts_with("Option<") => Value::Null,
                list if list.starts_with("Vec<") => json!([]),
                form if form.ends_with("Form") => json!({}),
                other => panic!("{}: make up a value for {name}: {other}", self.name),
            };
            object.insert(name.clone(), value);
        }
        Value::Object(object)
    }
}
