//! Character repair: characters that only look like the right ones.

use super::Detector;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use regex::Regex;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    /// `wrong, right` pairs of characters, white space between.
    pairs: String,
}

/// Replaces characters one by one.
pub(super) struct CharacterMap {
    rule: Arc<Rule>,
    wrong: Regex,
    pairs: HashMap<char, char>,
}

impl CharacterMap {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: Params = rule.params()?;
        let mut pairs = HashMap::new();
        for pair in params.pairs.split_whitespace() {
            let mut chars = pair.chars();
            match (chars.next(), chars.next(), chars.next()) {
                (Some(wrong), Some(right), None) if wrong != right => pairs.insert(wrong, right),
                _ => {
                    return Err(rule.error(
                        "pairs",
                        format!("`{pair}` is no pair"),
                        "write the wrong character and then the right one",
                    ));
                }
            };
        }
        if let Some(wrong) = pairs.values().find(|right| pairs.contains_key(right)) {
            return Err(rule.error(
                "pairs",
                format!("`{wrong}` is wrong in one pair and right in another"),
                "leave one of them out",
            ));
        }
        let mut class: Vec<String> = pairs.keys().map(|&c| regex::escape(c.encode_utf8(&mut [0; 4]))).collect();
        class.sort();
        let wrong = Regex::new(&format!("[{}]", class.concat()));
        let wrong = wrong.map_err(|error| rule.error("pairs", error.to_string(), "give at least one pair"))?;
        Ok(CharacterMap { rule, wrong, pairs })
    }
}

impl Detector for CharacterMap {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let hits = self.wrong.find_iter(page.text);
        hits.filter_map(|hit| {
            let wrong = hit.as_str().chars().next()?;
            let right = self.pairs[&wrong];
            let message = format!("`{wrong}` is U+{:04X}, a look-alike of `{right}`", wrong as u32);
            Some(self.rule.replace(Span::new(hit.start(), hit.end()), right, Applicability::Auto, message))
        })
        .collect()
    }
}
