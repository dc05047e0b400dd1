//! What is wrong with a rule file or a configuration, shown with the place underlined.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::ops::Range;

/// An error in a rule file, a case or a configuration. Displays as a report with the line underlined at the right display column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError(Box<Report>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Report {
    path: String,
    source: String,
    span: Range<usize>,
    title: String,
    label: String,
    help: String,
}

/// Of the names that a message of the TOML reader expects, the one that is likely meant by that which it complains of.
fn nearest(message: &str) -> Option<&str> {
    let mut names = message.split('`').skip(1).step_by(2);
    let wrong = names.next()?;
    let likeness = |name: &&str| (strsim::jaro_winkler(wrong, name) * 1000.0) as u32;
    names.max_by_key(likeness).filter(|name| likeness(name) >= 800)
}

impl RuleError {
    /// An error at `span` of the text `source` of the file `path`. `label` is written beside the underline, `help` below.
    pub fn at(
        path: &str,
        source: &str,
        span: Range<usize>,
        title: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> RuleError {
        let end = span.end.min(source.len());
        let span = span.start.min(end)..end;
        let (path, source) = (path.into(), source.into());
        RuleError(Box::new(Report { path, source, span, title: title.into(), label: label.into(), help: help.into() }))
    }

    /// An error about a file as a whole, with nothing to underline.
    pub fn about(path: &str, title: impl Into<String>, help: impl Into<String>) -> RuleError {
        RuleError::at(path, "", 0..0, title, "", help)
    }

    /// An error of the TOML reader.
    pub(crate) fn from_toml(path: &str, source: &str, error: &toml::de::Error) -> RuleError {
        let help = match error.message() {
            message if message.contains("unknown field") => match nearest(message) {
                Some(name) => format!("did you mean `{name}`? Else remove the key"),
                None => "remove the key, or correct its spelling".into(),
            },
            message if message.contains("unknown variant") => match nearest(message) {
                Some(name) => format!("did you mean `{name}`?"),
                None => "write one of these".into(),
            },
            message if message.contains("missing field") => "add the key; `jiaokan explain` shows a complete rule".into(),
            message if message.contains("invalid type") => "give a value of the type that is expected".into(),
            message if message.contains("basic string") => {
                "end the string on its line, or write it between \"\"\" and \"\"\"".into()
            }
            _ => "docs/rules.md shows how a rule is written".to_owned(),
        };
        RuleError::at(path, source, error.span().unwrap_or(0..0), error.message(), "", help)
    }

    /// The file the error is in.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong, in one sentence.
    pub fn title(&self) -> &str {
        &self.0.title
    }

    /// The report, with colours when `styled`.
    pub fn render(&self, styled: bool) -> String {
        let mut group = Level::ERROR.primary_title(self.0.title.as_str()).elements(Vec::<annotate_snippets::Element>::new());
        if self.0.source.is_empty() {
            group = group.element(annotate_snippets::Origin::path(self.0.path.as_str()));
        } else {
            let mut annotation = AnnotationKind::Primary.span(self.0.span.clone());
            if !self.0.label.is_empty() {
                annotation = annotation.label(self.0.label.as_str());
            }
            group = group.element(Snippet::source(self.0.source.as_str()).path(self.0.path.as_str()).annotation(annotation));
        }
        if !self.0.help.is_empty() {
            group = group.element(Level::HELP.message(self.0.help.as_str()));
        }
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

impl std::fmt::Display for RuleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for RuleError {}
