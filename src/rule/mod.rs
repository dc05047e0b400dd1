//! Rules: what to find, what to do, how sure, and the cases that prove it. Read from TOML, checked when loaded.

mod case;
mod check;
mod config;
mod edge;
mod error;
mod lazy;
mod load;
mod names;
mod needs;
mod new;
mod pack;
mod pattern;
mod schema;
mod sieve;

pub use case::{Case, Expectation};
pub use config::{CONFIG_NAME, Config};
pub use error::RuleError;
pub use names::RuleNames;
pub use new::{IdError, template};
pub use pack::Pack;
pub use pattern::{Match, PatternRule, PatternSet, Regexes, Scope};
pub(crate) use schema::rule_file;
pub use sieve::{Sieve, Sifted};

use crate::edit::{Applicability, Change, Evidence, Finding, RuleId, Severity, State};
use crate::text::Span;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

/// The passes, in the order in which they run. A rule's id begins with the name of its pass.
pub const PASSES: [&str; 13] = [
    "decode",
    "profile",
    "repair",
    "furniture",
    "split",
    "wrap",
    "despace",
    "dedupe",
    "column",
    "strip",
    "garble",
    "width",
    "flag",
];

/// One rule, loaded and checked.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `pass/name`, from the file's path.
    pub id: RuleId,
    /// The file it came from, for error messages: `rules/...` for the built-in pack.
    pub path: String,
    /// The folder of rules it belongs to; none for the built-in pack.
    pub root: Option<PathBuf>,
    /// The file's text.
    pub source: Arc<str>,
    /// What is wrong, in a few words; also the message of its findings unless `message` says more.
    pub title: Arc<str>,
    /// How bad the defect is.
    pub severity: Severity,
    /// How far the edit may go without a person.
    pub applicability: Applicability,
    /// The author's estimate of how often the rule is right.
    pub confidence: f32,
    /// The findings that it may make in 100 000 characters of clean text, when its author says.
    pub false_alarms: Option<f64>,
    /// The version it came with.
    pub since: String,
    /// Free words to group rules by.
    pub tags: Vec<String>,
    /// Why the defect happens, what it looks like, when the rule is wrong. Markdown.
    pub docs: String,
    /// Whether it runs unless a configuration says otherwise.
    pub enabled: bool,
    /// How it finds things.
    pub kind: RuleKind,
    /// Texts that it must find things in, or stay silent on.
    pub cases: Vec<Case>,
}

/// How a rule finds things.
#[derive(Debug, Clone)]
pub enum RuleKind {
    /// By a regular expression with context.
    Pattern(Arc<PatternRule>),
    /// By a detector of its pass, written in Rust and fed with the rule's `[params]`.
    Detector(String),
}

impl Rule {
    /// The pass that runs the rule: the first part of its id.
    pub fn pass(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// The rule's `[params]` as `T`.
    ///
    /// # Errors
    /// When a parameter is missing, unknown or of the wrong type, with its place in the file.
    pub fn params<T: DeserializeOwned>(&self) -> Result<T, RuleError> {
        #[derive(serde::Deserialize)]
        struct Holder<T> {
            params: T,
        }
        let holder: Holder<T> =
            toml::from_str(&self.source).map_err(|error| RuleError::from_toml(&self.path, &self.source, &error))?;
        Ok(holder.params)
    }

    /// The text of a data file that the parameter `key` names, as `pass/name` within the folder of rules. What the folder lacks is
    /// taken from the built-in data.
    ///
    /// # Errors
    /// When there is no such file, or it cannot be read.
    pub fn data(&self, key: &str, path: &str) -> Result<Cow<'static, str>, RuleError> {
        let plain = path.split('/').count() == 2 && path.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
        if !plain || path.contains('\\') {
            return Err(self.error(
                key,
                format!("`{path}` is no place in the folder of rules"),
                "write pass/name, such as wrap/joins.trees",
            ));
        }
        if let Some(file) = self.root.as_ref().map(|root| root.join(path)).filter(|file| file.exists()) {
            return std::fs::read_to_string(&file).map(Cow::Owned).map_err(|error| {
                self.error(key, format!("`{}` cannot be read: {error}", file.display()), "data files are UTF-8 text")
            });
        }
        pack::built_in_data(path).map(Cow::Borrowed).ok_or_else(|| {
            self.error(key, format!("there is no data file `{path}`"), "put it into the folder of rules, or name a built-in one")
        })
    }

    /// An error about this rule as a whole, or about the line that holds `key`.
    pub fn error(&self, key: &str, title: impl Into<String>, help: impl Into<String>) -> RuleError {
        let span = match self.source.lines().find(|line| line.trim_start().starts_with(key)) {
            Some(line) if !key.is_empty() => {
                let start = line.as_ptr() as usize - self.source.as_ptr() as usize;
                start..start + line.len()
            }
            _ => 0..self.source.lines().next().map_or(0, str::len),
        };
        RuleError::at(&self.path, &self.source, span, title, "", help)
    }

    /// A finding of this rule that only reports.
    pub fn flag(&self, span: Span, message: impl Into<Arc<str>>) -> Finding {
        Finding {
            rule: self.id.clone(),
            severity: self.severity,
            applicability: self.applicability,
            state: State::Flagged,
            span,
            changes: Vec::new(),
            choices: Vec::new(),
            confidence: self.confidence,
            message: message.into(),
            evidence: Evidence::default(),
            shadowed_by: None,
            decision: None,
        }
    }

    /// A finding of this rule that replaces `span` by `text`. It goes no further than `limit` allows.
    pub fn replace(&self, span: Span, text: impl Into<String>, limit: Applicability, message: impl Into<Arc<str>>) -> Finding {
        self.change(span, vec![Change { span, text: text.into() }], limit, message)
    }

    /// A finding of this rule with any number of replacements. It goes no further than `limit` allows.
    pub fn change(&self, span: Span, changes: Vec<Change>, limit: Applicability, message: impl Into<Arc<str>>) -> Finding {
        let applicability = self.applicability.max(limit);
        let changes = if applicability == Applicability::Flag { Vec::new() } else { changes };
        Finding { applicability, changes, ..self.flag(span, message) }
    }
}
