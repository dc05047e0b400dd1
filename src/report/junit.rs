//! JUnit XML: a suite a document, a failed case a finding. A document without findings is a case that passes.

use super::escape::visible;
use super::places::{Places, Unit};
use super::xml::escaped;
use super::{reported, severity_name, slashed};
use crate::edit::Revision;
use std::io::{self, Write};
use std::path::Path;

/// What stands before the documents.
pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"jiaokan\">\n";

/// What stands behind them.
pub const TAIL: &str = "</testsuites>\n";

/// One document.
///
/// # Errors
/// Those of `out`.
pub fn suite(path: &Path, revision: &Revision, out: &mut dyn Write) -> io::Result<()> {
    let findings = reported(revision);
    let name = shown(&slashed(path));
    let (tests, failures) = (findings.len().max(1), findings.len());
    writeln!(out, "<testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">")?;
    if findings.is_empty() {
        writeln!(out, "<testcase classname=\"{name}\" name=\"check\"/>")?;
    } else {
        let places = Places::new(revision, Unit::CodePoints);
        for finding in findings {
            let place = places.at(finding.span.start);
            let (rule, severity) = (shown(&finding.rule), severity_name(finding.severity));
            let place = format!("{}:{}", place.line, place.column);
            writeln!(out, "<testcase classname=\"{name}\" name=\"{rule} {place}\">")?;
            let message = shown(&finding.message);
            let sentence = shown(&places.sentence(finding));
            writeln!(out, "<failure type=\"{severity}\" message=\"{message}\">{name}:{place}: {sentence}</failure>")?;
            writeln!(out, "</testcase>")?;
        }
    }
    writeln!(out, "</testsuite>")
}

/// `text` with everything visible, in XML.
fn shown(text: &str) -> String {
    escaped(&visible(text))
}
