//! Checks JSON against a schema of draft 4, as far as the schemas in `tests/schemas` go. A keyword that is not known here is an error.

use serde_json::Value;

/// What in `value` is not as `schema` says, with the place of each.
pub fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    check(schema, schema, value, "$", &mut problems);
    problems
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        let holds = match keyword.as_str() {
            "$schema" | "id" | "title" | "description" | "default" | "definitions" | "format" => true,
            "$ref" => {
                let target =
                    root.pointer(rule.as_str().unwrap().strip_prefix('#').unwrap()).expect("a reference leads somewhere");
                check(root, target, value, at, problems);
                true
            }
            "type" => match rule.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64() || value.is_u64(),
                "number" => value.is_number(),
                other => panic!("no type {other}"),
            },
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "pattern" => value.as_str().is_none_or(|text| regex::Regex::new(rule.as_str().unwrap()).unwrap().is_match(text)),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
            "uniqueItems" => {
                let repeated = |items: &Vec<Value>| (1..items.len()).any(|next| items[..next].contains(&items[next]));
                !(rule == true && value.as_array().is_some_and(repeated))
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{at}[{index}]"), problems);
                }
                true
            }
            "required" => {
                let missing = |name: &&Value| value.is_object() && value.get(name.as_str().unwrap()).is_none();
                for name in rule.as_array().unwrap().iter().filter(missing) {
                    problems.push(format!("{at}: no {name}"));
                }
                true
            }
            "properties" => {
                for (name, property) in value.as_object().into_iter().flatten() {
                    if let Some(rule) = rule.get(name) {
                        check(root, rule, property, &format!("{at}.{name}"), problems);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = |name: &String| schema.get("properties").is_some_and(|properties| properties.get(name).is_some());
                for (name, property) in value.as_object().into_iter().flatten().filter(|(name, _)| !known(name)) {
                    match rule {
                        Value::Bool(true) => {}
                        Value::Bool(false) => problems.push(format!("{at}: {name} has no place here")),
                        rule => check(root, rule, property, &format!("{at}.{name}"), problems),
                    }
                }
                true
            }
            "anyOf" | "oneOf" => {
                let passes = |rule: &&Value| {
                    let mut problems = Vec::new();
                    check(root, rule, value, at, &mut problems);
                    problems.is_empty()
                };
                let count = rule.as_array().unwrap().iter().filter(passes).count();
                if keyword == "oneOf" { count == 1 } else { count > 0 }
            }
            other => panic!("no keyword {other}"),
        };
        if !holds {
            problems.push(format!("{at}: {value} is against {keyword} {rule}"));
        }
    }
}
