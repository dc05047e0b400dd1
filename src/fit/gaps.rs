//! Labelled gaps: which blanks inside lines are the typesetter's and which the author's.

use super::document::files;
use super::{Document, Example, FitError, Label};
use crate::pass::Pipeline;
use crate::text::lines::lines;
use crate::tree::{Chance, Sample};
use rayon::prelude::*;
use serde::Deserialize;
use std::path::Path;

/// Gaps of a document that count one each; those of documents with more count less, so that no document outweighs the rest.
const FULL_WEIGHT: usize = 60;
/// Good text must stay: what it holds counts so many times.
const KEPT_WEIGHT: f32 = 4.0;
/// It is cut into so many times as many excerpts.
const KEPT_EXCERPTS: usize = 3;

/// One labelled gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelledGap {
    /// Offset of its first blank, in bytes.
    pub at: usize,
    /// Its length, in bytes.
    pub length: usize,
    /// Whether it is to go.
    pub spurious: bool,
}

/// A document with labelled gaps.
#[derive(Debug, Clone)]
pub struct Parted {
    /// The document. Its breaks may be labelled too.
    pub document: Document,
    /// Its gaps, ascending. None when all of them are to stay.
    pub gaps: Option<Vec<LabelledGap>>,
}

/// The labels of gaps in a page's file: offset and length in code points, and `spurious` or `real`.
#[derive(Deserialize)]
struct GapsFile {
    input: String,
    #[serde(default)]
    spaces: Vec<(usize, usize, String)>,
}

impl Parted {
    /// Reads every labelled page (`*.json`) below `dir`, by name.
    ///
    /// # Errors
    /// The first file that cannot be read or is no labelled page.
    pub fn labelled(dir: &Path) -> Result<Vec<Parted>, FitError> {
        let documents = Document::labelled(dir)?;
        let read = |(path, document): (std::path::PathBuf, Document)| {
            let fail = |problem: String| FitError::Page { path: path.clone(), problem };
            let text = std::fs::read_to_string(&path).map_err(|source| FitError::Read { path: path.clone(), source })?;
            let page: GapsFile = serde_json::from_str(&text).map_err(|error| fail(error.to_string()))?;
            let starts: Vec<usize> = page.input.char_indices().map(|(at, _)| at).chain([page.input.len()]).collect();
            let mut gaps = Vec::with_capacity(page.spaces.len());
            for (offset, length, label) in &page.spaces {
                let place = |at: usize| starts.get(at).copied();
                let (Some(at), Some(end)) = (place(*offset), place(offset + length)) else {
                    return Err(fail(format!("a gap at {offset} lies behind the end of `input`")));
                };
                let spurious = match label.as_str() {
                    "spurious" => true,
                    "real" => false,
                    other => return Err(fail(format!("`{other}` is no label: expected spurious or real"))),
                };
                gaps.push(LabelledGap { at, length: end - at, spurious });
            }
            gaps.sort_by_key(|gap| gap.at);
            Ok(Parted { document, gaps: Some(gaps) })
        };
        files(dir, "json")?.into_iter().zip(documents).map(read).collect()
    }

    /// Reads every text below `dir` as a document whose gaps all stay.
    ///
    /// # Errors
    /// The first file that cannot be read.
    pub fn kept(dir: &Path) -> Result<Vec<Parted>, FitError> {
        let documents = Document::kept(dir)?;
        Ok(documents.into_iter().map(|document| Parted { document, gaps: None }).collect())
    }

    /// The same document with its lines joined and, if `closed`, its spurious gaps closed: what is left must stay.
    pub fn joined(&self, closed: bool) -> Parted {
        let text = &self.document.text;
        let mut edits: Vec<(usize, usize, &str)> = Vec::new();
        for b in self.document.breaks.iter().filter(|b| b.label == Label::Join) {
            let rest = text[b.at..].trim_start();
            let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            let spaced = latin(text[..b.at].chars().next_back()) && latin(rest.chars().next());
            edits.push((b.at, text.len() - rest.len(), if spaced { " " } else { "" }));
        }
        let labelled = self.gaps.as_deref().unwrap_or_default();
        if closed {
            edits.extend(labelled.iter().filter(|gap| gap.spurious).map(|gap| (gap.at, gap.at + gap.length, "")));
        }
        edits.sort_by_key(|edit| edit.0);
        let (mut out, mut gaps, mut from) = (String::with_capacity(text.len()), Vec::new(), 0);
        let mut left = labelled.iter().filter(|gap| !(closed && gap.spurious)).peekable();
        for (start, end, put) in edits.into_iter().chain([(text.len(), text.len(), "")]) {
            if start < from {
                continue;
            }
            while let Some(gap) = left.next_if(|gap| gap.at < start) {
                if gap.at >= from {
                    gaps.push(LabelledGap { at: out.len() + gap.at - from, ..*gap });
                }
            }
            out.push_str(&text[from..start]);
            out.push_str(put);
            from = end;
        }
        let state = if closed { "closed" } else { "joined" };
        let document = Document {
            name: self.document.name.clone(),
            kind: format!("{} ({state})", self.document.kind),
            text: out,
            breaks: Vec::new(),
            weight: self.document.weight / 2.0,
        };
        Parted { document, gaps: self.gaps.is_some().then_some(gaps) }
    }
}

/// Lines of each excerpt, from and to: pages are often short.
const EXCERPTS: [(usize, usize); 3] = [(1, 2), (2, 4), (4, 12)];

impl Parted {
    /// Short pieces of the document, each around one of its gaps: what is known of a whole document is not known of them.
    pub fn excerpts(&self) -> Vec<Parted> {
        let text = &self.document.text;
        let (places, times): (Vec<usize>, usize) = match &self.gaps {
            Some(gaps) => (gaps.iter().map(|gap| gap.at).collect(), 1),
            None => (text.match_indices([' ', '\u{3000}']).map(|(at, _)| at).collect(), KEPT_EXCERPTS),
        };
        if places.is_empty() {
            return Vec::new();
        }
        let starts: Vec<usize> = lines(text).map(|line| line.content.start).chain([text.len()]).collect();
        // The same text gives the same pieces.
        let mut chance = Chance::new(text.len() as u64 ^ (places.len() as u64) << 32);
        let mut pieces = Vec::new();
        for (least, most) in EXCERPTS.repeat(times) {
            let count = chance.between(least, most);
            let middle = *chance.pick(&places);
            let line = starts.partition_point(|&start| start <= middle).saturating_sub(1);
            let first = line.saturating_sub(chance.between(0, count - 1));
            let (from, to) = (starts[first], starts[(first + count).min(starts.len() - 1)]);
            let inside = |gaps: &Vec<LabelledGap>| {
                let inside = gaps.iter().filter(|gap| (from..to).contains(&gap.at));
                inside.map(|gap| LabelledGap { at: gap.at - from, ..*gap }).collect()
            };
            let gaps = self.gaps.as_ref().map(inside);
            let document = Document {
                name: self.document.name.clone(),
                kind: format!("{} (excerpt)", self.document.kind),
                text: text[from..to].to_owned(),
                breaks: Vec::new(),
                weight: self.document.weight / 2.0,
            };
            pieces.push(Parted { document, gaps });
        }
        pieces
    }
}

/// The examples of each document: its labelled gaps.
pub fn gap_examples(pipeline: &Pipeline, documents: &[Parted]) -> Vec<Vec<Example>> {
    documents.par_iter().map(|document| examples_of(pipeline, document)).collect()
}

fn examples_of(pipeline: &Pipeline, parted: &Parted) -> Vec<Example> {
    let mut found = Vec::new();
    let mut labels = parted.gaps.as_deref().unwrap_or_default().iter().peekable();
    for gap in pipeline.gaps(&parted.document.text) {
        while labels.next_if(|label| label.at < gap.span.start).is_some() {}
        let label = match (&parted.gaps, labels.peek()) {
            (None, _) => false,
            (Some(_), Some(label)) if label.at == gap.span.start => label.spurious,
            _ => continue,
        };
        found.push(Example { at: gap.span.start, sample: Sample { values: gap.values, label, weight: 0.0 } });
    }
    let kept = if parted.gaps.is_none() { KEPT_WEIGHT } else { 1.0 };
    let weight = parted.document.weight * kept * (FULL_WEIGHT as f32 / found.len().max(1) as f32).min(1.0);
    found.iter_mut().for_each(|example| example.sample.weight = weight);
    found
}

#[cfg(test)]
mod tests {
    use super::super::Labelled;
    use super::*;

    fn page() -> Parted {
        let text = "河 道 通\n了，张三 李四\n".to_owned();
        let place = |what: &str| text.find(what).unwrap();
        let gap = |what: &str, spurious| LabelledGap { at: place(what) + 3, length: 1, spurious };
        let gaps = vec![gap("河 ", true), gap("道 ", true), gap("三 ", false)];
        let breaks = vec![Labelled { at: place("\n"), label: Label::Join }];
        let document = Document { name: "a".into(), kind: "k".into(), text, breaks, weight: 1.0 };
        Parted { document, gaps: Some(gaps) }
    }

    #[test]
    fn joining_moves_the_labels_along() {
        let joined = page().joined(false);
        assert_eq!(joined.document.text, "河 道 通了，张三 李四\n");
        assert!(joined.gaps.unwrap().iter().all(|gap| joined.document.text[gap.at..].starts_with(' ')));
        let closed = page().joined(true);
        assert_eq!(closed.document.text, "河道通了，张三 李四\n");
        let gaps = closed.gaps.unwrap();
        assert_eq!(gaps.len(), 1);
        assert!(closed.document.text[gaps[0].at..].starts_with(" 李"));
    }

    #[test]
    fn excerpts_keep_their_labels() {
        let pieces = page().excerpts();
        assert_eq!(pieces.len(), EXCERPTS.len());
        for piece in pieces {
            let gaps = piece.gaps.unwrap();
            assert!(!gaps.is_empty() && gaps.iter().all(|gap| piece.document.text[gap.at..].starts_with(' ')));
        }
    }

    #[test]
    fn unlabelled_gaps_teach_nothing() {
        let pack = crate::rule::Pack::built_in().unwrap();
        let pipeline = Pipeline::with(&pack, |_| false).unwrap();
        let mut parted = page();
        assert_eq!(gap_examples(&pipeline, &[parted.clone()])[0].len(), 3);
        parted.gaps.as_mut().unwrap().pop();
        assert_eq!(gap_examples(&pipeline, &[parted.clone()])[0].len(), 2);
        parted.gaps = None;
        let kept = &gap_examples(&pipeline, &[parted])[0];
        assert!(kept.len() == 3 && kept.iter().all(|example| !example.sample.label));
    }
}
