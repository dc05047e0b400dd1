//! One record: its text cleaned, all else as it was.

use super::RecordError;
use super::container::{Content, Item, Record};
use super::field::FieldPath;
use super::string::JsonString;
use crate::corpus::Reading;
use crate::edit::Revision;
use crate::text::lines::CodePoints;
use crate::text::{Source, Span};
use std::fmt::Write;

/// Cleans records one by one.
#[derive(Debug, Clone)]
pub struct Cleaner {
    /// Where the text is.
    pub field: FieldPath,
    /// The name of a field to add to changed records: `[[start, end, "rules", "new"], …]`, in code points of the original text.
    pub annotate: Option<String>,
}

/// What came of a piece of a container.
#[derive(Debug)]
pub struct Cleaned {
    /// What takes its place; none when it stays as it is.
    pub content: Option<Content>,
    /// What was found and edited; none when there is no text.
    pub revision: Option<Revision>,
}

impl Cleaner {
    /// Cleans the text of `item`, which is called `name`; `revise` makes a revision of it. What is no record, or has no text, stays as
    /// it is.
    ///
    /// # Errors
    /// When it is no record, or its text cannot be read, or not be written.
    pub fn clean(
        &self,
        item: &Item,
        name: &str,
        reading: Reading,
        revise: impl FnOnce(Source) -> Revision,
    ) -> Result<Cleaned, RecordError> {
        match &item.content {
            Content::Line(line) => self.line(line, |text| revise(Source::from_text(name, text))),
            Content::Value { level, .. } => {
                let revision = item.source(name, &self.field, reading)?.map(revise);
                let changed = revision.as_ref().filter(|revision| revision.is_changed());
                let text =
                    changed.map(|revision| revision.cleaned_bytes().map_err(|error| RecordError::Unencodable(error.to_string())));
                let content = text.transpose()?.map(|text| Content::Value { level: *level, text: Some(text) });
                Ok(Cleaned { content, revision })
            }
            Content::Member(member) => {
                let revision = revise(member.source(name, reading)?);
                let bytes = revision.cleaned_bytes().map_err(|error| RecordError::Unencodable(error.to_string()))?;
                let content = (bytes != member.bytes).then(|| Content::Other(member.with(&bytes)));
                Ok(Cleaned { content, revision: Some(revision) })
            }
            Content::Other(_) => Ok(Cleaned { content: None, revision: None }),
        }
    }

    fn line(&self, line: &[u8], revise: impl FnOnce(String) -> Revision) -> Result<Cleaned, RecordError> {
        let record = Record::read(line)?;
        let untouched = |revision| Ok(Cleaned { content: None, revision });
        if record.is_blank() {
            return untouched(None);
        }
        let Record { mark, body, all } = record;
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
        let mut out = String::with_capacity(all.len() + 64);
        out.push_str(&all[..mark + place.start]);
        string.spliced(edits, &mut out);
        let mut rest = &all[mark + place.end..];
        if let Some((name, at)) = self.annotate.as_ref().zip(rest.rfind('}')) {
            out.push_str(&rest[..at]);
            annotation(name, &revision, &mut out);
            rest = &rest[at..];
        }
        out.push_str(rest);
        Ok(Cleaned { content: Some(Content::Line(out.into_bytes())), revision: Some(revision) })
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
