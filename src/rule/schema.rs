//! The rule file as TOML spells it. Unknown keys are errors.

use crate::edit::{Applicability, Severity};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use toml::Spanned;

/// A rule of jiaokan: what to find, what to do about it, how sure it is, and cases that prove it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    /// The version of this format: 1.
    #[schemars(with = "u32", range(min = 1, max = 1))]
    pub schema: Spanned<u32>,
    /// What is wrong, in a few words; the message of its findings unless there is another.
    pub title: String,
    /// How bad the defect is.
    pub severity: Severity,
    /// How far the edit may go without a person.
    #[schemars(with = "Applicability")]
    pub apply: Spanned<Applicability>,
    /// How often the author thinks the rule is right, from 0 to 1; of two edits that want one place, the surer wins.
    #[schemars(with = "f32", range(min = 0.0, max = 1.0))]
    pub confidence: Spanned<f32>,
    /// How many findings it may make in 100 000 characters (code points) of clean text.
    #[schemars(with = "Option<f64>", range(min = 0.0))]
    pub false_alarms: Option<Spanned<f64>>,
    /// The version of the pack that brought it.
    #[serde(default)]
    pub since: String,
    /// Free words to group rules by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Why the defect happens, what it looks like, when the rule errs. Markdown.
    pub docs: String,
    /// Whether it runs unless a configuration says otherwise.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// A pattern: what to find.
    pub find: Option<Find>,
    /// What to put in its place.
    pub fix: Option<Fix>,
    /// The detector of the pass that finds it, instead of a pattern.
    #[schemars(with = "Option<String>")]
    pub detector: Option<Spanned<String>>,
    /// What the detector needs to know.
    #[schemars(with = "Option<std::collections::BTreeMap<String, serde_json::Value>>")]
    pub params: Option<Spanned<toml::Table>>,
    /// Texts that prove it: one at least that fires, and one that stays silent.
    #[serde(default)]
    #[schemars(with = "Vec<CaseTable>")]
    pub case: Vec<Spanned<CaseTable>>,
}

fn yes() -> bool {
    true
}

/// What a pattern rule finds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Find {
    /// What a match may not reach beyond.
    #[serde(default)]
    pub scope: super::Scope,
    /// The pattern of exactly what is reported, and replaced.
    #[schemars(with = "String")]
    pub text: Spanned<String>,
    /// A pattern that must end where `text` begins; never replaced.
    #[schemars(with = "Option<String>")]
    pub left: Option<Spanned<String>>,
    /// A pattern that must begin where `text` ends; never replaced.
    #[schemars(with = "Option<String>")]
    pub right: Option<Spanned<String>>,
    /// Patterns; what lies inside a match of one of them, or overlaps it, is left alone.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub unless: Vec<Spanned<String>>,
    /// A pattern that must match somewhere in the document.
    #[schemars(with = "Option<String>")]
    pub document: Option<Spanned<String>>,
    /// The message of its findings; `{text}` stands for what was found.
    pub message: Option<String>,
}

/// What to put in place of what was found.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Fix {
    /// What can stand in place of `text`: the first is the edit, and an `auto` rule has one.
    #[schemars(with = "Vec<String>")]
    pub choices: Spanned<Vec<String>>,
}

/// A text that the rule must find things in, or stay silent on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseTable {
    /// What it shows.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// The text; ⟦ and ⟧ mark every span that must be found.
    #[schemars(with = "Option<String>")]
    pub text: Option<Spanned<String>>,
    /// The same, line by line.
    #[schemars(with = "Option<Vec<String>>")]
    pub lines: Option<Spanned<Vec<String>>>,
    /// Other documents of a corpus, all before the text in corpus order: the case runs with an index of them all.
    #[serde(default)]
    pub corpus: Vec<String>,
    /// The text, or its lines, after the first choice of every edit.
    pub becomes: Option<Becomes>,
    /// Why the rule does not manage this case yet.
    pub gap: Option<String>,
}

/// A text, or its lines.
#[derive(Debug, Deserialize, JsonSchema)]
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

/// The schema of a rule file, whatever its detector.
pub(crate) fn rule_file(generator: &mut SchemaGenerator) -> Schema {
    RuleFile::json_schema(generator)
}
