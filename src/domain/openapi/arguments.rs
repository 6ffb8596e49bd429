//! What an operation takes, as arguments of a tool: parameters by name, and the members of a JSON
//! body beside them where no names collide.

use std::collections::{BTreeMap, HashSet};

use http::HeaderName;
use serde_json::{Map, Value, json};

use super::{
    Document, names,
    operation::Operation,
    schema::{self, DEPTHS, Inliner},
    security::Security,
};
use crate::execute::is_reserved;

/// Bytes of the schema that a model has to read.
const LARGEST_SCHEMA: usize = 20_000;
/// The argument that holds a body which is no plain object.
const BODY: &str = "body";

/// The arguments of a tool, and where they go.
pub(super) struct Arguments<'a> {
    /// The path with `{argument}`s.
    pub(super) path: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) query: BTreeMap<String, String>,
    pub(super) body_template: Option<Value>,
    /// Sentences about what is optional and cannot be sent.
    pub(super) left_out: Vec<String>,
    parameters: Vec<Parameter<'a>>,
    body: Option<Body<'a>>,
}

struct Parameter<'a> {
    argument: String,
    value: &'a Value,
    is_required: bool,
    /// A list that is sent as one text with commas.
    is_joined: bool,
}

struct Body<'a> {
    schema: &'a Value,
    description: Option<&'a str>,
    is_required: bool,
    /// The argument that it is, where its members are not arguments themselves.
    argument: Option<String>,
}

impl<'a> Arguments<'a> {
    /// # Errors
    /// A sentence, where something that is required cannot be sent.
    pub(super) fn of(
        document: &'a Document,
        operation: &Operation<'a>,
        security: &Security,
    ) -> Result<Self, String> {
        let mut arguments = Self {
            path: operation.path.to_owned(),
            headers: BTreeMap::new(),
            query: BTreeMap::new(),
            body_template: None,
            left_out: Vec::new(),
            parameters: Vec::new(),
            body: None,
        };
        let mut taken = HashSet::new();
        for value in parameters(document, operation)? {
            arguments.add(value, security, &mut taken)?;
        }
        arguments.add_unnamed(operation.path, &mut taken);
        arguments.add_body(document, operation, &mut taken)?;
        Ok(arguments)
    }

    fn add(
        &mut self,
        value: &'a Value,
        security: &Security,
        taken: &mut HashSet<String>,
    ) -> Result<(), String> {
        let text = |field: &str| value[field].as_str().unwrap_or_default();
        let (name, place) = (text("name"), text("in"));
        let is_required = value["required"] == true || place == "path";
        let mut is_joined = false;
        let unfit = match place {
            "path" => None,
            "query" if security.config.parameter.as_deref() == Some(name) => return Ok(()),
            "query" => match style(value) {
                Style::Repeated => None,
                Style::Joined => {
                    is_joined = true;
                    None
                }
                Style::Other(style) => Some(format!("in the style {style}")),
            },
            "header" => match HeaderName::from_bytes(name.as_bytes()) {
                Ok(header) if is_ours(&header, security) => return Ok(()),
                Ok(header) if is_reserved(&header) => {
                    Some("in a header that belongs to the connection".to_owned())
                }
                Ok(_) => None,
                Err(_) => Some("in a header that has no such name".to_owned()),
            },
            "cookie" => Some("in a cookie".to_owned()),
            other => Some(format!("in {other:?}")),
        };
        if let Some(how) = unfit {
            let sentence = format!("{name} is sent {how}, which tools do not do.");
            if is_required {
                return Err(sentence);
            }
            self.left_out.push(sentence);
            return Ok(());
        }
        let argument = names::argument(name, taken);
        let template = format!("{{{argument}}}");
        match place {
            "path" => self.path = self.path.replace(&format!("{{{name}}}"), &template),
            "query" => drop(self.query.insert(name.to_owned(), template)),
            _ => drop(self.headers.insert(name.to_owned(), template)),
        }
        self.parameters.push(Parameter {
            argument,
            value,
            is_required,
            is_joined,
        });
        Ok(())
    }

    /// Places of the path that no parameter describes.
    fn add_unnamed(&mut self, path: &str, taken: &mut HashSet<String>) {
        static TEXT: std::sync::LazyLock<Value> =
            std::sync::LazyLock::new(|| json!({ "schema": { "type": "string" } }));
        for part in path.split('{').skip(1) {
            let Some((name, _)) = part.split_once('}') else {
                continue;
            };
            if self
                .parameters
                .iter()
                .any(|known| known.value["in"] == "path" && known.value["name"] == name)
            {
                continue;
            }
            let argument = names::argument(name, taken);
            self.path = self
                .path
                .replace(&format!("{{{name}}}"), &format!("{{{argument}}}"));
            self.parameters.push(Parameter {
                argument,
                value: &TEXT,
                is_required: true,
                is_joined: false,
            });
        }
    }

    fn add_body(
        &mut self,
        document: &'a Document,
        operation: &Operation<'a>,
        taken: &mut HashSet<String>,
    ) -> Result<(), String> {
        let Some(body) = operation.value.get("requestBody") else {
            return Ok(());
        };
        let body = document.resolved(body)?;
        let is_required = body["required"] == true;
        let kinds = body["content"].as_object();
        let json = kinds.into_iter().flatten().find(|(kind, _)| is_json(kind));
        let Some((kind, content)) = json else {
            let kinds: Vec<&str> = kinds
                .into_iter()
                .flat_map(|all| all.keys().map(String::as_str))
                .collect();
            let sentence = format!("Its body is {}; tools send JSON.", kinds.join(" or "));
            // Elsewhere it is what the operation is for, whatever the document says of it.
            if is_required || !matches!(operation.method, "GET" | "DELETE") {
                return Err(sentence);
            }
            self.left_out.push(sentence);
            return Ok(());
        };
        let sends_rest = !matches!(operation.method, "GET" | "DELETE");
        if operation.method == "GET" {
            return Err("It is a GET with a body, which tools do not send.".to_owned());
        }
        static ANYTHING: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| json!({}));
        let schema = content.get("schema").unwrap_or(&ANYTHING);
        let members = schema::plain_members(document, schema);
        let are_arguments = sends_rest
            && members.is_some_and(|members| {
                members
                    .iter()
                    .all(|name| names::is_argument(name) && !taken.contains(*name))
            });
        let argument = (!are_arguments).then(|| names::argument(BODY, taken));
        if let Some(argument) = &argument {
            self.body_template = Some(Value::from(format!("{{{argument}}}")));
        }
        let kind = essence(kind);
        if kind != "application/json" && !kind.contains('*') {
            self.headers
                .insert("Content-Type".to_owned(), kind.to_owned());
        }
        self.body = Some(Body {
            schema,
            description: body["description"].as_str(),
            is_required,
            argument,
        });
        Ok(())
    }

    /// The input schema, with as much of the document's schemas in it as a model should read.
    ///
    /// # Errors
    /// A sentence, where it is too large or broken even so.
    pub(super) fn bounded_schema(&self, document: &Document) -> Result<Value, String> {
        let mut why = String::new();
        for depth in DEPTHS {
            for keeps_patterns in [true, false] {
                let schema = self.schema(&mut Inliner::new(document, depth, keeps_patterns))?;
                let bytes = schema.to_string().len();
                if bytes > LARGEST_SCHEMA {
                    why = format!("Its input schema has {bytes} bytes even when cut short.");
                    break;
                }
                match crate::tools::schema::check(&schema, "input_schema") {
                    Ok(_) => return Ok(schema),
                    Err(error) => {
                        why = format!("Its input schema cannot be used: {}", error.message)
                    }
                }
            }
        }
        Err(why)
    }

    fn schema(&self, inliner: &mut Inliner<'_>) -> Result<Value, String> {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for parameter in &self.parameters {
            let mut schema = inliner.parameter(parameter.value)?;
            if parameter.is_joined {
                let about = schema["description"].as_str().unwrap_or_default();
                let about = format!("{about} Several with commas between.");
                schema = json!({ "type": "string", "description": about.trim() });
            }
            properties.insert(parameter.argument.clone(), schema);
            if parameter.is_required {
                required.push(Value::from(parameter.argument.clone()));
            }
        }
        if let Some(body) = &self.body {
            let schema = inliner.schema(body.schema)?;
            match &body.argument {
                None => {
                    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                        properties.insert(name.clone(), member.clone());
                    }
                    let needed = schema["required"].as_array().into_iter().flatten();
                    if body.is_required {
                        required.extend(needed.cloned());
                    }
                }
                Some(argument) => {
                    let mut schema = schema;
                    if let (Some(members), Some(about)) = (schema.as_object_mut(), body.description)
                        && !members.contains_key("description")
                    {
                        members.insert("description".to_owned(), schema::about(about).into());
                    }
                    properties.insert(argument.clone(), schema);
                    if body.is_required {
                        required.push(Value::from(argument.clone()));
                    }
                }
            }
        }
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            schema["required"] = Value::from(required);
        }
        schema["additionalProperties"] = Value::from(false);
        Ok(schema)
    }
}

/// The parameters of an operation: its own, and those of its path that it does not redefine.
fn parameters<'a>(
    document: &'a Document,
    operation: &Operation<'a>,
) -> Result<Vec<&'a Value>, String> {
    let mut all: Vec<&Value> = Vec::new();
    for owner in [operation.value, operation.item] {
        for parameter in owner["parameters"].as_array().into_iter().flatten() {
            let parameter = document.resolved(parameter)?;
            let same = |other: &&Value| {
                other["name"] == parameter["name"] && other["in"] == parameter["in"]
            };
            if !all.iter().any(same) {
                all.push(parameter);
            }
        }
    }
    Ok(all)
}

/// Headers that a parameter does not describe (OpenAPI 3.1, "Parameter Object"), or that the
/// tool's authentication sets.
fn is_ours(header: &HeaderName, security: &Security) -> bool {
    let name = header.as_str();
    let of_key = security.config.header.as_deref();
    matches!(name, "accept" | "content-type" | "authorization")
        || of_key.is_some_and(|key| key.eq_ignore_ascii_case(name))
}

enum Style<'a> {
    Repeated,
    Joined,
    Other(&'a str),
}

/// How a query parameter is written (OpenAPI 3.1, "Style Values").
fn style(parameter: &Value) -> Style<'_> {
    if parameter.get("content").is_some() {
        // An object goes into the query as JSON.
        return Style::Repeated;
    }
    let is_list = parameter["schema"]["type"] == "array";
    match parameter["style"].as_str() {
        None | Some("form") if is_list && parameter["explode"] == false => Style::Joined,
        None | Some("form") => Style::Repeated,
        Some(other) => Style::Other(other),
    }
}

fn essence(kind: &str) -> &str {
    kind.split(';').next().unwrap_or_default().trim()
}

fn is_json(kind: &str) -> bool {
    let kind = essence(kind).to_ascii_lowercase();
    kind == "application/json"
        || kind.ends_with("+json")
        || kind == "*/*"
        || kind == "application/*"
}
