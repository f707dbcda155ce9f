//! The schema, by a small reader of as much of JSON Schema as it uses.

use fragrant_spec::Document;
use serde_json::{Value, json};

use crate::document;

/// What of a value is not as a schema has it. A keyword that is not known here is a fault, too: it would go unchecked.
fn faults(value: &Value, schema: &Value, root: &Value, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" => {}
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                let target = root.pointer(pointer).unwrap_or_else(|| panic!("{path}: no {pointer}"));
                found.extend(faults(value, target, root, path));
            }
            "type" => {
                let names = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                if !names.iter().any(|name| is_of_type(value, name.as_str().unwrap())) {
                    found.push(format!("{path}: expected {rule}"));
                }
            }
            "minimum" | "maximum" => {
                let (value, limit) = (value.as_f64(), rule.as_f64().unwrap());
                let fits = |value: f64| if keyword == "minimum" { value >= limit } else { value <= limit };
                if !value.is_none_or(fits) {
                    found.push(format!("{path}: beyond its {keyword}"));
                }
            }
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(faults(item, rule, root, &format!("{path}[{at}]")));
                }
            }
            "properties" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    match rule.get(name) {
                        Some(rule) => found.extend(faults(value, rule, root, &format!("{path}.{name}"))),
                        None if schema["additionalProperties"] == json!(false) => {
                            found.push(format!("{path}.{name}: unknown"));
                        }
                        None => {}
                    }
                }
            }
            "additionalProperties" => assert_eq!(rule, &json!(false), "{path}"),
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.as_object().is_some_and(|own| !own.contains_key(name.as_str().unwrap())) {
                        found.push(format!("{path}: {name} is missing"));
                    }
                }
            }
            "anyOf" => {
                let any = rule.as_array().unwrap();
                if !any.iter().any(|rule| faults(value, rule, root, path).is_empty()) {
                    found.push(format!("{path}: none of the possible forms"));
                }
            }
            _ => panic!("{path}: this reader does not know the keyword {keyword}"),
        }
    }
    found
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "null" => value.is_null(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        _ => panic!("no such type: {name}"),
    }
}

fn faults_of(value: &Value) -> Vec<String> {
    let schema = Document::schema();
    faults(value, &schema, &schema, "document")
}

#[test]
fn the_document_is_as_its_schema_says() {
    assert_eq!(faults_of(&serde_json::to_value(document()).unwrap()), [""; 0]);
}

#[test]
fn the_schema_refuses_what_is_not() {
    let document = serde_json::to_value(document()).unwrap();
    let changed = |path: &str, value: Value| {
        let mut changed = document.clone();
        *changed.pointer_mut(path).unwrap() = value;
        faults_of(&changed)
    };
    assert_eq!(changed("/actors/0/name", json!(1)), [r#"document.actors[0].name: expected "string""#]);
    assert_eq!(changed("/steps/0/number", json!(-1)), ["document.steps[0].number: beyond its minimum"]);
    assert_eq!(changed("/left", json!({})), [r#"document.left: expected "array""#]);
    assert_eq!(
        changed("/notice", json!({ "when": "", "what": "", "instead": "" })),
        [r#"document.notice: "source" is missing"#]
    );
    let extra = json!({ "id": "", "why": "", "how": "" });
    assert_eq!(changed("/left/0", extra), ["document.left[0].how: unknown"]);
}

#[test]
fn every_field_is_described() {
    fn look(schema: &Value, path: &str) {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let text = field["description"].as_str().unwrap_or_default();
            assert!(text.ends_with('.'), "{path}.{name}: {text:?}");
        }
    }
    let schema = Document::schema();
    look(&schema, "Document");
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        look(definition, name);
        assert!(definition["description"].is_string(), "{name}");
    }
}
