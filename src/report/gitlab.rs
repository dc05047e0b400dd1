//! The code quality report of GitLab: one array of issues, each with a path, a line and a fingerprint of its own.

use super::places::{Places, Unit};
use super::{escape, fingerprint, reported, slashed};
use crate::edit::{Revision, Severity};
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_128;

/// The findings of one document, each a line, to be joined by [`Array`](super::json::Array).
///
/// # Errors
/// Those of `out`.
pub fn lines(path: &Path, revision: &Revision, out: &mut dyn Write) -> io::Result<()> {
    let findings = reported(revision);
    if findings.is_empty() {
        return Ok(());
    }
    let path = slashed(path);
    let places = Places::new(revision, Unit::CodePoints);
    for (finding, fingerprint) in findings.iter().zip(fingerprint::of(revision.source().text(), &findings)) {
        let severity = match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Info => "info",
        };
        let lines = json!({ "begin": places.at(finding.span.start).line, "end": places.last_line(finding.span) });
        let issue = json!({
            "description": escape::visible(&places.sentence(finding)),
            "check_name": &*finding.rule,
            "fingerprint": format!("{:032x}", xxh3_128(format!("{path}\0{fingerprint}").as_bytes())),
            "severity": severity,
            "location": { "path": path, "lines": lines },
        });
        escape::json(&issue, out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
