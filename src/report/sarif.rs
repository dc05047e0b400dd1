//! SARIF 2.1.0, the exchange format of static analysis. Columns count code units of UTF-16, as the log says, since that is what
//! those who read it count, whatever it says; lines end at LF or CR LF.

use super::json::Array;
use super::places::{Place, Places, Unit, fixes, is_about_all};
use super::{apply_name, escape, fingerprint, reported};
use crate::edit::{Change, Finding, Revision, Severity, State};
use crate::rule::Rule;
use crate::text::Span;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;

const HEAD: &str = "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\
                    \"version\":\"2.1.0\",\"runs\":[{\"columnKind\":\"utf16CodeUnits\",\"newlineSequences\":[\"\\r\\n\",\"\\n\"],\
                    \"results\":[";

/// What findings are known by: see `fingerprint`.
const FINGERPRINT: &str = "contextHash/v1";

/// The findings of one document, each a line: first the document itself, then its results. Nothing when there are none.
///
/// # Errors
/// Those of `out`.
pub fn lines(path: &Path, revision: &Revision, out: &mut dyn Write) -> io::Result<()> {
    let findings = reported(revision);
    if findings.is_empty() {
        return Ok(());
    }
    let artifact = location(path);
    let encoding = revision.source().encoding().to_string();
    escape::json(&json!({ "location": artifact, "encoding": encoding }), out)?;
    out.write_all(b"\n")?;
    let places = Places::new(revision, Unit::Utf16);
    for (finding, fingerprint) in findings.iter().zip(fingerprint::of(revision.source().text(), &findings)) {
        escape::json(&result(&places, finding, &artifact, &fingerprint), out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A log of one run, written document by document.
#[derive(Debug)]
pub struct Log {
    results: Array,
    artifacts: Vec<u8>,
}

impl Default for Log {
    fn default() -> Self {
        Log { results: Array::after(HEAD), artifacts: Vec::new() }
    }
}

impl Log {
    /// Adds one document, as it comes from [`lines()`].
    ///
    /// # Errors
    /// Those of `out`.
    pub fn add(&mut self, lines: &[u8], out: &mut dyn Write) -> io::Result<()> {
        let Some(end) = lines.iter().position(|&byte| byte == b'\n') else { return Ok(()) };
        if !self.artifacts.is_empty() {
            self.artifacts.extend(b",\n");
        }
        self.artifacts.extend(&lines[..end]);
        self.results.add(&lines[end + 1..], out)
    }

    /// Closes the log: `rules` are those with results, and `successful` says whether every input could be read.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish<'r>(self, rules: impl Iterator<Item = &'r Rule>, successful: bool, out: &mut dyn Write) -> io::Result<()> {
        let version = env!("CARGO_PKG_VERSION");
        let driver = json!({
            "name": "jiaokan", "version": version, "semanticVersion": version, "rules": rules.map(rule).collect::<Vec<_>>(),
        });
        self.results.finish("],\n\"artifacts\":[", out)?;
        out.write_all(&self.artifacts)?;
        out.write_all(b"],\n\"tool\":")?;
        escape::json(&json!({ "driver": driver }), out)?;
        writeln!(out, ",\n\"invocations\":[{{\"executionSuccessful\":{successful}}}]}}]}}")
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A confidence from 0 to 1 as whole hundredths.
fn rank(confidence: f32) -> u32 {
    (confidence * 100.0).round() as u32
}

fn rule(rule: &Rule) -> Value {
    let precision = match rank(rule.confidence) {
        95.. => "very-high",
        80.. => "high",
        50.. => "medium",
        _ => "low",
    };
    let mut tags = vec![rule.pass().to_owned()];
    for tag in &rule.tags {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    let docs = rule.docs.trim();
    json!({
        "id": &*rule.id,
        "shortDescription": { "text": &*rule.title },
        "fullDescription": { "text": docs.split("\n\n").next().unwrap_or_default().replace('\n', " ") },
        "help": { "text": docs, "markdown": docs },
        "defaultConfiguration": { "level": level(rule.severity), "rank": rank(rule.confidence) },
        "properties": { "tags": tags, "precision": precision, "apply": apply_name(rule.applicability) },
    })
}

fn result(places: &Places, finding: &Finding, artifact: &Value, fingerprint: &str) -> Value {
    let mut message = escape::visible(&places.sentence(finding));
    // In a message, `[text](target)` is a link.
    if message.contains("](") {
        message = message.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    }
    let region = match is_about_all(finding) {
        true => json!({ "startLine": places.at(finding.span.start).line }),
        false => region(places, finding.span),
    };
    let state = match finding.state {
        State::Applied => "applied",
        State::Proposed => "proposed",
        State::Flagged | State::Shadowed => "flagged",
    };
    let mut result = json!({
        "ruleId": &*finding.rule,
        "level": level(finding.severity),
        "rank": rank(finding.confidence),
        "message": { "text": message },
        "locations": [{ "physicalLocation": { "artifactLocation": artifact, "region": region } }],
        "partialFingerprints": { FINGERPRINT: fingerprint },
        "properties": { "state": state },
    });
    let fixes: Vec<Value> = fixes(finding).iter().map(|changes| fix(places, finding, changes, artifact)).collect();
    if !fixes.is_empty() {
        result["fixes"] = fixes.into();
    }
    result
}

fn fix(places: &Places, finding: &Finding, changes: &[Change], artifact: &Value) -> Value {
    let replacement = |change: &Change| {
        let mut replacement = json!({ "deletedRegion": region(places, change.span) });
        if !change.text.is_empty() {
            replacement["insertedContent"] = json!({ "text": change.text });
        }
        replacement
    };
    let replacements: Vec<Value> = changes.iter().map(replacement).collect();
    let description = match changes {
        [change] => places.change(change),
        _ => escape::visible(&finding.message),
    };
    json!({
        "description": { "text": description },
        "artifactChanges": [{ "artifactLocation": artifact, "replacements": replacements }],
    })
}

/// The end of a region is the place behind its last character; behind a line end that is the start of the next line.
fn region(places: &Places, span: Span) -> Value {
    let [start, end]: [Place; 2] = [span.start, span.end].map(|offset| places.at(offset));
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

/// Where a document is: from the root of the sources when its path is relative.
fn location(path: &Path) -> Value {
    let uri = uri(path);
    if path.is_absolute() { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }) }
}

/// A path as a URI reference, whatever characters it has.
fn uri(path: &Path) -> String {
    let mut uri = String::from(if path.is_absolute() { "file://" } else { "" });
    for (index, part) in path.components().enumerate() {
        let part = part.as_os_str().as_encoded_bytes();
        if part == [std::path::MAIN_SEPARATOR as u8] {
            continue;
        }
        if index > 0 || path.is_absolute() {
            uri.push('/');
        }
        for &byte in part {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => uri.push(byte.into()),
                _ => uri.push_str(&format!("%{byte:02X}")),
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri(Path::new("页面/一 二%.txt")), "%E9%A1%B5%E9%9D%A2/%E4%B8%80%20%E4%BA%8C%25.txt");
        assert_eq!(uri(Path::new("a:b/c.txt")), "a%3Ab/c.txt");
        #[cfg(unix)]
        assert_eq!(uri(Path::new("/x/y#.txt")), "file:///x/y%23.txt");
    }
}
