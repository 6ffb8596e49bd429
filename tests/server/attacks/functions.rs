//! The server functions of the dashboard, as their source has them: what walks all of them finds a new
//! one by itself.

use std::{fs, path::Path};

use axum::{body::Body, http::header};

use crate::app::{Answer, TestApp, encoded, form};

pub struct Function {
    pub name: String,
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
        let (_, rest) = rest.split_once(")]").unwrap();
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
            form(&format!("/_ui/{}", self.name)).header(header::ACCEPT, "application/json");
        app.send(request.body(Body::from(self.fields(given))).unwrap())
            .await
    }

    fn fields(&self, given: &[(&str, &str)]) -> String {
        let mut fields: Vec<(String, String)> = Vec::new();
        for (name, kind) in &self.arguments {
            let is_given = |known: &str| known == name || known.starts_with(&format!("{name}["));
            if given.iter().any(|(known, _)| is_given(known)) {
                continue;
            }
            match kind.as_str() {
                "String" | "Password" => fields.push((name.clone(), "x".to_owned())),
                "i64" | "usize" => fields.push((name.clone(), "1".to_owned())),
                "bool" => fields.push((name.clone(), "true".to_owned())),
                "Vec<String>" => fields.push((format!("{name}[0]"), "x".to_owned())),
                "Vec<Entered>" => {
                    fields.push((format!("{name}[0][name]"), "x".to_owned()));
                    fields.push((format!("{name}[0][value]"), "x".to_owned()));
                }
                nested
                    if ["Form", "Filter", "Query"]
                        .iter()
                        .any(|kind| nested.ends_with(kind)) =>
                {
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
}
