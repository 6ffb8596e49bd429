//! What an operation takes, as arguments of a tool: parameters by name, and the members of a JSON
//! body beside them where no names collide.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use http::HeaderName;
use serde_json::{Map, Value, json};

use super::{
    Document,
    names::{self, Names},
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
        let mut taken = Names::default();
        for value in parameters(document, operation)? {
            // One that the path has no place for goes nowhere.
            let name = value["name"].as_str().unwrap_or_default();
            if value["in"] == "path" && !operation.path.contains(&format!("{{{name}}}")) {
                continue;
            }
            arguments.add(document, value, security, &mut taken)?;
        }
        arguments.fill_path(operation.path, &mut taken);
        arguments.add_body(document, operation, &mut taken)?;
        Ok(arguments)
    }

    fn add(
        &mut self,
        document: &Document,
        value: &'a Value,
        security: &Security,
        taken: &mut Names,
    ) -> Result<(), String> {
        let text = |field: &str| value[field].as_str().unwrap_or_default();
        let (name, place) = (text("name"), text("in"));
        let is_required = value["required"] == true || place == "path";
        let style = match place {
            "path" | "query" | "header" => style(document, value, place),
            _ => Style::Usual,
        };
        let unfit = match place {
            "query" if security.config.parameter.as_deref() == Some(name) => return Ok(()),
            "header" => match HeaderName::from_bytes(name.as_bytes()) {
                Ok(header) if is_ours(&header, security) => return Ok(()),
                Ok(header) if is_reserved(&header) => {
                    Some("in a header that belongs to the connection".to_owned())
                }
                Ok(_) => style.unfit(),
                Err(_) => Some("in a header that has no such name".to_owned()),
            },
            "path" | "query" => style.unfit(),
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
            // The path is made of these when all are known.
            "path" => {}
            "query" => drop(self.query.insert(name.to_owned(), template)),
            _ => drop(self.headers.insert(name.to_owned(), template)),
        }
        self.parameters.push(Parameter {
            argument,
            value,
            is_required,
            is_joined: matches!(style, Style::Joined),
        });
        Ok(())
    }

    /// The path with the arguments of its parameters; places that none describes are texts.
    fn fill_path(&mut self, path: &str, taken: &mut Names) {
        let mut filled = String::new();
        let mut by_name: HashMap<&str, String> = HashMap::new();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            let argument = match by_name.get(name) {
                Some(argument) => argument.clone(),
                None => self.path_argument(name, taken),
            };
            by_name.insert(name, argument.clone());
            filled.push_str(before);
            filled.push_str(&format!("{{{argument}}}"));
            rest = after;
        }
        filled.push_str(rest);
        self.path = filled;
    }

    fn path_argument(&mut self, name: &str, taken: &mut Names) -> String {
        static TEXT: LazyLock<Value> = LazyLock::new(|| json!({ "schema": { "type": "string" } }));
        let is_meant =
            |one: &&Parameter<'_>| one.value["in"] == "path" && one.value["name"] == name;
        if let Some(known) = self.parameters.iter().find(is_meant) {
            return known.argument.clone();
        }
        let argument = names::argument(name, taken);
        self.parameters.push(Parameter {
            argument: argument.clone(),
            value: &TEXT,
            is_required: true,
            is_joined: false,
        });
        argument
    }

    fn add_body(
        &mut self,
        document: &'a Document,
        operation: &Operation<'a>,
        taken: &mut Names,
    ) -> Result<(), String> {
        let Some(body) = operation.value.get("requestBody") else {
            return Ok(());
        };
        let body = document.resolved(body)?;
        let is_required = body["required"] == true;
        let kinds = body["content"].as_object();
        let json = kinds
            .into_iter()
            .flatten()
            .filter_map(|(kind, content)| Some((preference(kind, content)?, kind, content)))
            .min_by_key(|(preference, ..)| *preference);
        let Some((_, kind, content)) = json else {
            let kinds: Vec<&str> = kinds
                .into_iter()
                .flat_map(|all| all.keys().map(String::as_str))
                .collect();
            let sentence = format!(
                "Its body is {}; tools send JSON and forms.",
                kinds.join(" or ")
            );
            // Elsewhere it is what the operation is for, whatever the document says of it.
            if is_required || !matches!(operation.method, "GET" | "DELETE") {
                return Err(sentence);
            }
            self.left_out.push(sentence);
            return Ok(());
        };
        let sends_rest = !matches!(operation.method, "GET" | "DELETE");
        if operation.method == "GET" {
            let sentence = "It is a GET with a body, which tools do not send.".to_owned();
            if is_required {
                return Err(sentence);
            }
            self.left_out.push(sentence);
            return Ok(());
        }
        static ANYTHING: LazyLock<Value> = LazyLock::new(|| json!({}));
        let schema = content.get("schema").unwrap_or(&ANYTHING);
        let members = schema::plain_members(document, schema);
        let are_arguments = sends_rest
            && members.as_ref().is_some_and(|members| {
                members
                    .iter()
                    .all(|name| names::is_argument(name) && !taken.contains(name))
            });
        let argument = (!are_arguments).then(|| names::argument(BODY, taken));
        if let Some(argument) = &argument {
            self.body_template = Some(Value::from(format!("{{{argument}}}")));
        } else if essence(kind).eq_ignore_ascii_case(FORM)
            && let Some(members) = &members
        {
            self.body_template = form_template(document, content, members);
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
                    let members = schema["properties"].as_object();
                    for (name, member) in members.into_iter().flatten() {
                        properties.insert(name.clone(), member.clone());
                    }
                    // A body is sent in any case, so that what it needs is needed.
                    let needed = schema["required"].as_array().into_iter().flatten();
                    let is_member = |name: &&Value| {
                        let name = name.as_str().unwrap_or_default();
                        members.is_some_and(|members| members.contains_key(name))
                    };
                    required.extend(needed.filter(is_member).cloned());
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

/// Parameters of one operation: no model fills in more.
const MOST_PARAMETERS: usize = 200;

/// The parameters of an operation: its own, and those of its path that it does not redefine.
fn parameters<'a>(
    document: &'a Document,
    operation: &Operation<'a>,
) -> Result<Vec<&'a Value>, String> {
    let mut all: Vec<&Value> = Vec::new();
    let count = |owner: &Value| owner["parameters"].as_array().map_or(0, Vec::len);
    let parameters = count(operation.value) + count(operation.item);
    if parameters > MOST_PARAMETERS {
        return Err(format!(
            "It has {parameters} parameters; a tool takes at most {MOST_PARAMETERS}."
        ));
    }
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

/// How a value becomes text.
enum Style {
    /// As it is; a list in the query once for each item.
    Usual,
    /// A list as one text with commas.
    Joined,
    Other(String),
}

/// How a parameter is written (OpenAPI 3.1, "Style Values").
fn style(document: &Document, parameter: &Value, place: &str) -> Style {
    if parameter.get("content").is_some() {
        // It goes as JSON.
        return Style::Usual;
    }
    let usual = if place == "query" { "form" } else { "simple" };
    let style = parameter["style"].as_str().unwrap_or(usual);
    if style != usual {
        return Style::Other(format!("in the style {style}"));
    }
    let schema = &parameter["schema"];
    let schema = document.resolved(schema).unwrap_or(schema);
    let is = |kind: &str| {
        let kinds = &schema["type"];
        *kinds == kind
            || kinds
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    };
    if is("object") {
        return Style::Other("as an object".to_owned());
    }
    if is("array") && (place != "query" || parameter["explode"] == false) {
        return Style::Joined;
    }
    Style::Usual
}

fn essence(kind: &str) -> &str {
    kind.split(';').next().unwrap_or_default().trim()
}

/// What a form's body is.
const FORM: &str = "application/x-www-form-urlencoded";

/// Which of several kinds of a body is the usual one: less is better; `None` for what tools do not send.
fn preference(kind: &str, content: &Value) -> Option<u8> {
    let kind = essence(kind).to_ascii_lowercase();
    match kind.as_str() {
        "application/json" => Some(0),
        "*/*" | "application/*" => Some(1),
        "application/merge-patch+json" => Some(2),
        // A list of steps, whatever some documents say of it.
        "application/json-patch+json" if content["schema"]["type"] != "array" => None,
        FORM => Some(4),
        other => other.ends_with("+json").then_some(3),
    }
}

/// What a form's members are called where a list among them is sent as `name[]`: where its encoding is
/// `deepObject`, for which no rule says how a list is written, and which servers read so.
fn form_template(document: &Document, content: &Value, members: &[&str]) -> Option<Value> {
    let schema = document.resolved(&content["schema"]).ok()?;
    let is_list = |name: &str| {
        let member = document.resolved(&schema["properties"][name]);
        member.is_ok_and(|member| member["type"] == "array")
    };
    let in_brackets =
        |name: &str| content["encoding"][name]["style"] == "deepObject" && is_list(name);
    if !members.iter().any(|name| in_brackets(name)) {
        return None;
    }
    let pairs = members.iter().map(|name| {
        let mark = if in_brackets(name) { "[]" } else { "" };
        (format!("{name}{mark}"), Value::from(format!("{{{name}}}")))
    });
    Some(Value::Object(pairs.collect()))
}

impl Style {
    fn unfit(&self) -> Option<String> {
        match self {
            Self::Usual | Self::Joined => None,
            Self::Other(how) => Some(how.clone()),
        }
    }
}
