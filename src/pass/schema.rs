//! The JSON schema of rule files, made from the types that read them.

use super::DETECTORS;
use crate::rule::rule_file;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The schema of a rule file, of draft 4 for the editors' plug-ins for TOML: what keys there are and what they mean, and for every
/// detector the parameters that it takes.
pub fn rule_schema() -> Value {
    let generator = &mut generator();
    let mut schema = rule_file(generator);
    let mut ways = vec![json!({ "required": ["find"], "not": { "required": ["detector"] } })];
    for kind in DETECTORS {
        let mut way = json!({ "properties": { "detector": { "enum": [kind.name] } }, "required": ["detector"] });
        match (kind.parameters)(generator) {
            Some(parameters) => {
                way["properties"]["params"] = parameters.to_value();
                way["required"] = json!(["detector", "params"]);
            }
            None => way["not"] = json!({ "required": ["params"] }),
        }
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    let names: std::collections::BTreeSet<&str> = DETECTORS.iter().map(|kind| kind.name).collect();
    schema.insert("anyOf".into(), ways.into());
    if let Some(detector) = schema.pointer_mut("/properties/detector").and_then(Value::as_object_mut) {
        detector.insert("enum".into(), json!(names));
    }
    RecursiveTransform(as_draft_4).transform(&mut schema);
    schema.insert("$schema".into(), "http://json-schema.org/draft-04/schema#".into());
    schema.to_value()
}

/// The parameters of the detector `name` of `pass`, by their names, with what each means.
pub fn parameter_docs(pass: &str, name: &str) -> Vec<(String, String)> {
    let kind = DETECTORS.iter().find(|kind| kind.pass == pass && kind.name == name);
    let schema = kind.and_then(|kind| (kind.parameters)(&mut generator()));
    let properties = schema.as_ref().and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    let docs = |(name, property): (&String, &Value)| {
        let text = property.get("description").and_then(Value::as_str).unwrap_or_default();
        (name.clone(), text.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    properties.map_or_else(Vec::new, |properties| properties.iter().map(docs).collect())
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true).into_generator()
}

/// What draft 4 lacks, in its words.
fn as_draft_4(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(value) = object.remove("const") {
        object.insert("enum".into(), json!([value]));
    }
    // Formats such as `uint32` are no formats of any draft.
    object.remove("format");
    alternatives_by_name(object);
}

/// An enumeration of names with a description each becomes one of plain names: editors show those.
fn alternatives_by_name(object: &mut Map<String, Value>) {
    let Some(ways) = object.get("oneOf").and_then(Value::as_array) else { return };
    let told = |way: &Value| {
        let name = way.get("const").or_else(|| way.get("enum").and_then(|names| names.get(0)))?.as_str()?.to_owned();
        let what = way.get("description").and_then(Value::as_str).unwrap_or_default();
        Some((name, what.to_owned()))
    };
    let Some(told) = ways.iter().map(told).collect::<Option<Vec<_>>>() else { return };
    let meaning: Vec<String> = told.iter().map(|(name, what)| format!("{name}: {what}")).collect();
    let before = object.get("description").and_then(Value::as_str).unwrap_or_default();
    object.insert("description".into(), format!("{before}\n\n{}", meaning.join("\n")).trim().into());
    object.insert("enum".into(), told.into_iter().map(|(name, _)| name).collect());
    object.insert("type".into(), "string".into());
    object.remove("oneOf");
}
