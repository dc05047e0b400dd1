//! One record: its text cleaned, all else as it was.

use super::RecordError;
use super::field::FieldPath;
use super::string::JsonString;
use crate::edit::Revision;
use crate::text::Span;
use crate::text::lines::CodePoints;
use std::fmt::Write;
use std::str;

/// Cleans records one by one.
#[derive(Debug, Clone)]
pub struct Cleaner {
    /// Where the text is.
    pub field: FieldPath,
    /// The name of a field to add to changed records: `[[start, end, "rules", "new"], …]`, in code points of the original text.
    pub annotate: Option<String>,
}

/// What came of a record.
#[derive(Debug)]
pub struct Cleaned {
    /// The line, its end included.
    pub line: Vec<u8>,
    /// What was found and edited; none when the record has no text.
    pub revision: Option<Revision>,
}

impl Cleaner {
    /// Cleans the text of the record in `line`; `revise` makes a revision of it. A line without a record, or a record without a text,
    /// comes out as it came in.
    ///
    /// # Errors
    /// When the line holds no record, or its text cannot be read.
    pub fn clean(&self, line: &[u8], revise: impl FnOnce(String) -> Revision) -> Result<Cleaned, RecordError> {
        let record = str::from_utf8(line).map_err(|error| RecordError::Encoding(error.valid_up_to()))?;
        let mark = if record.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let body = record[mark..].trim_end_matches(['\n', '\r']);
        let untouched = |revision| Ok(Cleaned { line: line.to_vec(), revision });
        if body.trim().is_empty() {
            return untouched(None);
        }
        let Some(place) = self.field.find(body)? else { return untouched(None) };
        if let Some(name) = self.annotate.as_ref().filter(|name| has_field(body, name)) {
            return Err(RecordError::Taken(name.clone()));
        }
        let string = JsonString::read(place.of(body))?;
        let revision = revise(string.text.clone().into_owned());
        if !revision.is_changed() {
            return untouched(Some(revision));
        }
        let cleaned = revision.cleaned();
        // A byte order mark at the beginning is no part of a source's text.
        let ahead = string.text.len() - revision.source().text().len();
        let moved = |span: Span| Span::new(span.start + ahead, span.end + ahead);
        let edits = revision.edits.iter().map(|edit| (moved(edit.source), edit.cleaned.of(cleaned)));
        let mut out = String::with_capacity(record.len() + 64);
        out.push_str(&record[..mark + place.start]);
        string.spliced(edits, &mut out);
        let mut rest = &record[mark + place.end..];
        if let Some((name, at)) = self.annotate.as_ref().zip(rest.rfind('}')) {
            out.push_str(&rest[..at]);
            annotation(name, &revision, &mut out);
            rest = &rest[at..];
        }
        out.push_str(rest);
        Ok(Cleaned { line: out.into_bytes(), revision: Some(revision) })
    }
}

/// Whether the outermost object has the field `name`.
fn has_field(record: &str, name: &str) -> bool {
    !matches!(FieldPath::one(name).find(record), Ok(None))
}

fn annotation(name: &str, revision: &Revision, out: &mut String) {
    let points = CodePoints::new(revision.source().text());
    let string = |text: &str| serde_json::Value::from(text).to_string();
    let _ = write!(out, ",{}:[", string(name));
    for (number, edit) in revision.edits.iter().enumerate() {
        let Span { start, end } = edit.source;
        let comma = if number > 0 { "," } else { "" };
        let (rules, new) = (string(&edit.rules.join("+")), string(edit.cleaned.of(revision.cleaned())));
        let _ = write!(out, "{comma}[{},{},{rules},{new}]", points.at(start), points.at(end));
    }
    out.push(']');
}
