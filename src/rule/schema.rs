//! The rule file as TOML spells it. Unknown keys are errors.

use crate::edit::{Applicability, Severity};
use serde::Deserialize;
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub schema: Spanned<u32>,
    pub title: String,
    pub severity: Severity,
    pub apply: Spanned<Applicability>,
    pub confidence: Spanned<f32>,
    pub false_alarms: Option<Spanned<f64>>,
    pub since: String,
    #[serde(default)]
    pub tags: Vec<String>,
    pub docs: String,
    #[serde(default = "yes")]
    pub enabled: bool,
    pub find: Option<Find>,
    pub fix: Option<Fix>,
    pub detector: Option<Spanned<String>>,
    pub params: Option<Spanned<toml::Table>>,
    #[serde(default)]
    pub case: Vec<Spanned<CaseTable>>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Find {
    #[serde(default)]
    pub scope: super::Scope,
    pub text: Spanned<String>,
    pub left: Option<Spanned<String>>,
    pub right: Option<Spanned<String>>,
    #[serde(default)]
    pub unless: Vec<Spanned<String>>,
    pub document: Option<Spanned<String>>,
    pub message: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fix {
    pub choices: Spanned<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseTable {
    pub name: Spanned<String>,
    pub text: Option<Spanned<String>>,
    pub lines: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    pub corpus: Vec<String>,
    pub becomes: Option<Becomes>,
    pub gap: Option<String>,
}

/// A text, or its lines.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Becomes {
    Text(String),
    Lines(Vec<String>),
}

impl Becomes {
    pub fn into_text(self) -> String {
        match self {
            Becomes::Text(text) => text,
            Becomes::Lines(lines) => lines.join("\n"),
        }
    }
}
