//! The diagnostic format of reviewdog. Columns count bytes of UTF-8, as its definition asks.

use super::places::{Place, Places, Unit, fixes, is_about_all};
use super::{escape, reported, slashed};
use crate::edit::{Change, Finding, Revision, Severity};
use crate::text::{Encoding, Span};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;

/// What stands before the findings.
pub const HEAD: &str = "{\"source\":{\"name\":\"jiaokan\"},\"diagnostics\":[";

/// What stands behind them.
pub const TAIL: &str = "]}\n";

/// The findings of one document, each a line, to be joined by [`Array`](super::json::Array).
///
/// # Errors
/// Those of `out`.
pub fn lines(path: &Path, revision: &Revision, out: &mut dyn Write) -> io::Result<()> {
    let findings = reported(revision);
    if findings.is_empty() {
        return Ok(());
    }
    let (source, path) = (revision.source(), slashed(path));
    let places = Places::new(revision, Unit::Utf8);
    // Suggestions are cut into the bytes of the file, whatever they mean.
    let suggests = source.encoding() == Encoding::Utf8;
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        };
        let range = match is_about_all(finding) {
            true => json!({ "start": { "line": places.at(finding.span.start).line } }),
            false => range(&places, finding.span),
        };
        let mut diagnostic = json!({
            "message": escape::visible(&places.sentence(finding)),
            "location": { "path": path, "range": range },
            "severity": severity,
            "code": { "value": &*finding.rule },
        });
        if suggests && !finding.changes.is_empty() {
            let whole = |changes: Vec<Change>| suggestion(&places, finding, changes, source.text());
            diagnostic["suggestions"] = fixes(finding).into_iter().map(whole).collect();
        }
        escape::json(&diagnostic, out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A suggestion is one replacement: all from the first change to the last.
fn suggestion(places: &Places, finding: &Finding, changes: Vec<Change>, text: &str) -> Value {
    let span = changes.iter().map(|change| change.span).reduce(Span::hull).unwrap_or(finding.span);
    let whole = Finding { span, changes, ..finding.clone() };
    json!({ "range": range(places, span), "text": whole.becomes(text).unwrap_or_default() })
}

fn range(places: &Places, span: Span) -> Value {
    let place = |Place { line, column }: Place| json!({ "line": line, "column": column });
    json!({ "start": place(places.at(span.start)), "end": place(places.at(span.end)) })
}
