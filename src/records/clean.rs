//! One record: its text cleaned, all else as it was.

use super::RecordError;
use super::container::{Content, Item, Record, utf8};
use super::field::FieldPath;
use super::string::{JsonString, escaped, is_ascii};
use crate::corpus::Reading;
use crate::edit::{Base, Revision};
use crate::text::lines::CodePoints;
use crate::text::{EncodeError, Source, Span, sections};
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
    /// Whether it has a text.
    pub has_text: bool,
}

impl Cleaner {
    /// Cleans the text of `item`, which is called `name`; `revise` makes a revision of it, and `seen` gets to see that. A very long
    /// text of a line is not read as a whole: each section becomes a revision, and `seen` learns where they begin. What is no record,
    /// or has no text, stays as it is.
    ///
    /// # Errors
    /// When it is no record, or its text cannot be read, or not be written.
    pub fn clean(
        &self,
        item: &Item,
        name: &str,
        reading: Reading,
        revise: impl Fn(Source) -> Revision,
        mut seen: impl FnMut(&Revision, Base),
    ) -> Result<Cleaned, RecordError> {
        let unencodable = |error: EncodeError| RecordError::Unencodable(error.to_string());
        match &item.content {
            Content::Line(line) => self.line(line, |text| revise(Source::from_text(name, text)), seen),
            Content::Value { level, text: Some(text) } => {
                let revision = revise(Source::from_text(name, utf8(text)?));
                seen(&revision, Base::default());
                // UTF-8 has every character.
                let new = revision.is_changed().then(|| revision.cleaned_bytes().map_err(unencodable)).transpose()?;
                let content = new.map(|text| Content::Value { level: *level, text: Some(text) });
                Ok(Cleaned { content, has_text: true })
            }
            Content::Member(member) => {
                let revision = revise(member.source(name, reading)?);
                let bytes = revision.cleaned_bytes().map_err(unencodable)?;
                seen(&revision, Base::default());
                let content = (bytes != member.bytes).then(|| Content::Other(member.with(&bytes)));
                Ok(Cleaned { content, has_text: true })
            }
            Content::Value { text: None, .. } | Content::Other(_) | Content::Spliced(_) => {
                Ok(Cleaned { content: None, has_text: false })
            }
        }
    }

    fn line(
        &self,
        line: &[u8],
        revise: impl Fn(String) -> Revision,
        mut seen: impl FnMut(&Revision, Base),
    ) -> Result<Cleaned, RecordError> {
        let Record { mark, body, .. } = Record::read(line)?;
        let place = if body.trim().is_empty() { None } else { self.field.find(body)? };
        let Some(place) = place else { return Ok(Cleaned { content: None, has_text: false }) };
        if let Some(name) = self.annotate.as_ref().filter(|name| has_field(body, name)) {
            return Err(RecordError::Taken(name.clone()));
        }
        let inner = Span::new(place.start + 1, place.end - 1);
        let raw = inner.of(body);
        let ascii = is_ascii(raw);
        let (mut edits, mut list, mut base) = (Vec::new(), String::new(), Base::default());
        // A text that cannot be read is found before anything is told of it.
        let sections = sections(raw, true);
        if sections.len() > 1 {
            sections.iter().try_for_each(|section| JsonString::read(section.of(raw)).map(drop))?;
        }
        for section in sections {
            let string = JsonString::read(section.of(raw))?;
            let revision = revise(string.text.clone().into_owned());
            // A byte order mark at the beginning is no part of a source's text.
            let ahead = string.text.len() - revision.source().text().len();
            let before = mark + inner.start + section.start;
            for edit in &revision.edits {
                let [start, end] = [edit.source.start, edit.source.end].map(|at| before + string.raw_offset(at + ahead));
                edits.push((Span::new(start, end), escaped(edit.cleaned.of(revision.cleaned()), ascii)));
            }
            if self.annotate.is_some() {
                annotate(&revision, base.points, &mut list);
            }
            seen(&revision, base.clone());
            base.add(&revision, string.text.len());
        }
        if edits.is_empty() {
            return Ok(Cleaned { content: None, has_text: true });
        }
        if let Some((name, at)) = self.annotate.as_ref().zip(body.rfind('}')) {
            let name = serde_json::Value::from(name.as_str());
            edits.push((Span::new(mark + at, mark + at), format!(",{name}:[{list}]")));
        }
        Ok(Cleaned { content: Some(Content::Spliced(edits)), has_text: true })
    }
}

/// Whether the outermost object has the field `name`.
fn has_field(record: &str, name: &str) -> bool {
    !matches!(FieldPath::one(name).find(record), Ok(None))
}

/// Lists the edits of a revision of which the text begins after `before` code points.
fn annotate(revision: &Revision, before: usize, out: &mut String) {
    let points = CodePoints::new(revision.source().text());
    let string = |text: &str| serde_json::Value::from(text).to_string();
    for edit in &revision.edits {
        let Span { start, end } = edit.source;
        let comma = if out.is_empty() { "" } else { "," };
        let (rules, new) = (string(&edit.rules.join("+")), string(edit.cleaned.of(revision.cleaned())));
        let _ = write!(out, "{comma}[{},{},{rules},{new}]", before + points.at(start), before + points.at(end));
    }
}
