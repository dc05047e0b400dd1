//! Labelled misreads: which characters of a page are not those of the original.

use super::document::files;
use super::{Document, Example, FitError};
use crate::edit::{Applicability, Edit};
use crate::pass::{Confusions, Pipeline};
use crate::text::chars::is_han;
use crate::text::{Source, Span};
use crate::tree::{Chance, Sample};
use rayon::prelude::*;
use serde::Deserialize;
use std::path::Path;

/// How much characters of made pages count beside those of real ones.
const MADE_WEIGHT: f32 = 0.1;

/// Kinds of labels that are misreads. Others say nothing of the characters they cover.
const WRONG: [&str; 2] = ["sub", "char_sub"];

/// A page with its misreads, as the passes before leave it.
#[derive(Debug, Clone)]
pub struct Proofread {
    /// Its name.
    pub name: String,
    /// Pages of one group are held out together.
    pub group: String,
    /// What kind of producer made it.
    pub kind: String,
    /// Its text.
    pub text: String,
    /// What was misread, ascending.
    pub wrong: Vec<Span>,
    /// What counts neither way, ascending.
    pub ignored: Vec<Span>,
    /// How much each of its characters counts.
    pub weight: f32,
}

/// A labelled page as JSON spells it.
#[derive(Deserialize)]
struct PageFile {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    engine: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    source: serde_json::Value,
    #[serde(default = "whole")]
    weight: f32,
    input: String,
    gold: Vec<LabelFile>,
}

fn whole() -> f32 {
    1.0
}

#[derive(Deserialize)]
struct LabelFile {
    start: usize,
    end: usize,
    kind: String,
}

impl Proofread {
    /// Reads every labelled page (`*.json`) below `dir`, by name, and cleans it.
    ///
    /// # Errors
    /// The first file that cannot be read or is no labelled page.
    pub fn labelled(dir: &Path, pipeline: &Pipeline) -> Result<Vec<Proofread>, FitError> {
        files(dir, "json")?.par_iter().map(|path| Proofread::page(path, pipeline)).collect()
    }

    fn page(path: &Path, pipeline: &Pipeline) -> Result<Proofread, FitError> {
        let text = std::fs::read_to_string(path).map_err(|source| FitError::Read { path: path.to_owned(), source })?;
        let fail = |problem: String| FitError::Page { path: path.to_owned(), problem };
        let page: PageFile = serde_json::from_str(&text).map_err(|error| fail(error.to_string()))?;
        let starts: Vec<usize> = page.input.char_indices().map(|(at, _)| at).chain([page.input.len()]).collect();
        let (mut wrong, mut ignored) = (Vec::new(), Vec::new());
        for label in &page.gold {
            let place = |at: usize| starts.get(at).copied();
            let (Some(start), Some(end)) = (place(label.start), place(label.end).filter(|_| label.start <= label.end)) else {
                return Err(fail(format!("a label at {} lies behind the end of `input`", label.start)));
            };
            (if WRONG.contains(&&*label.kind) { &mut wrong } else { &mut ignored }).push(Span::new(start, end));
        }
        let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let name = page.id.unwrap_or(stem);
        let group = if page.source.is_null() { name.clone() } else { page.source.to_string() };
        let kind = page.engine.or(page.kind).unwrap_or_else(|| "page".into());
        let revision = pipeline.revise(Source::from_text(&name, page.input), Applicability::Auto);
        let moved = |spans: Vec<Span>| moved(spans, &revision.edits);
        let (wrong, ignored) = (moved(wrong), moved(ignored));
        Ok(Proofread {
            name,
            group,
            kind,
            text: revision.cleaned().to_owned(),
            wrong,
            ignored,
            weight: page.weight.clamp(0.0, 100.0),
        })
    }

    /// The part, from 0, of so many that it is left out with.
    pub fn fold(&self, folds: usize) -> usize {
        super::document::fold(&self.group, folds)
    }

    /// The Han characters that count, each with whether it was misread.
    pub fn characters(&self) -> impl Iterator<Item = (usize, bool)> {
        let (mut wrong, mut ignored) = (self.wrong.iter().peekable(), self.ignored.iter().peekable());
        self.text.char_indices().filter(|&(_, c)| is_han(c)).filter_map(move |(at, _)| {
            while wrong.next_if(|span| span.end <= at).is_some() {}
            while ignored.next_if(|span| span.end <= at).is_some() {}
            let inside = |span: Option<&&Span>| span.is_some_and(|span| span.start <= at);
            let is_wrong = inside(wrong.peek());
            (is_wrong || !inside(ignored.peek())).then_some((at, is_wrong))
        })
    }
}

/// How often characters of made pages are misread, of a hundred thousand: most pages are good.
const RATES: [usize; 8] = [0, 0, 0, 100, 300, 1000, 3000, 8000];

/// Characters of made pages, at least: what is known of a whole document is not known of a few sentences.
const LENGTHS: [usize; 4] = [40, 250, 1200, 2400];

impl Proofread {
    /// Makes `count` pages from `texts` (name and text, one paragraph a line) by putting characters in the place of those that
    /// they are mistaken for. The same texts make the same pages.
    pub fn made(texts: &[(String, String)], count: usize, confusions: &Confusions) -> Vec<Proofread> {
        let usable: Vec<(&str, Vec<&str>)> = texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>()))
            .filter(|(_, paragraphs)| !paragraphs.is_empty())
            .collect();
        let made = |number: usize| {
            let (name, paragraphs) = usable.get(number % usable.len().max(1))?;
            let mut chance = Chance::new((number as u64).wrapping_mul(0x2545_F491_4F6C_DD1D));
            let rate = RATES[number / usable.len() % RATES.len()];
            let least = *chance.pick(&LENGTHS);
            let first = chance.between(0, paragraphs.len() - 1);
            let (mut text, mut wrong, mut length) = (String::new(), Vec::new(), 0);
            for paragraph in &paragraphs[first..] {
                for c in paragraph.chars() {
                    let hit = is_han(c) && chance.between(0, 99_999) < rate;
                    let read = confusions.read_for(c).filter(|_| hit).map(|(seen, alike)| {
                        // What was seen to happen happens more often.
                        let seen_is_picked = alike.is_empty() || !seen.is_empty() && chance.happens(70);
                        *chance.pick(if seen_is_picked { seen } else { alike })
                    });
                    if let Some(read) = read {
                        wrong.push(Span::new(text.len(), text.len() + read.len_utf8()));
                    }
                    text.push(read.unwrap_or(c));
                }
                text.push('\n');
                length += paragraph.chars().count();
                if length >= least {
                    break;
                }
            }
            let kind = if rate == 0 {
                "made, clean"
            } else if rate <= 300 {
                "made, good"
            } else {
                "made, bad"
            };
            let group = format!("{name} {}", first / 50);
            Some(Proofread {
                name: format!("{name} {number}"),
                group,
                kind: kind.into(),
                text,
                wrong,
                ignored: Vec::new(),
                weight: MADE_WEIGHT,
            })
        };
        (0..count).filter_map(made).collect()
    }

    /// Reads every text below `dir` as a page without misreads.
    ///
    /// # Errors
    /// The first file that cannot be read.
    pub fn kept(dir: &Path) -> Result<Vec<Proofread>, FitError> {
        let read = |document: Document| Proofread {
            group: document.name.clone(),
            name: document.name,
            kind: "kept".into(),
            text: document.text,
            wrong: Vec::new(),
            ignored: Vec::new(),
            // There are few of them, and who reads good text is not to be bothered.
            weight: document.weight,
        };
        Ok(Document::kept(dir)?.into_iter().map(read).collect())
    }
}

/// Where spans of the source stand in the cleaned text. What was edited away is dropped.
fn moved(mut spans: Vec<Span>, edits: &[Edit]) -> Vec<Span> {
    spans.sort_by_key(|span| (span.start, span.end));
    let place = |at: usize, is_end: bool| {
        let next = edits.partition_point(|edit| edit.source.end < at || edit.source.end == at && !is_end);
        match edits.get(next) {
            Some(edit) if edit.source.start < at => {
                if is_end {
                    edit.cleaned.start
                } else {
                    edit.cleaned.end
                }
            }
            _ => match next.checked_sub(1).map(|before| &edits[before]) {
                Some(before) => before.cleaned.end + at - before.source.end,
                None => at,
            },
        }
    };
    let spans = spans.into_iter().map(|span| (place(span.start, false), place(span.end, true)));
    spans.filter(|(start, end)| start < end).map(|(start, end)| Span::new(start, end)).collect()
}

/// The doubtful characters of each page.
pub fn misread_examples(pipeline: &Pipeline, pages: &[Proofread]) -> Vec<Vec<Example>> {
    pages.par_iter().map(|page| examples_of(pipeline, page)).collect()
}

fn examples_of(pipeline: &Pipeline, page: &Proofread) -> Vec<Example> {
    let mut characters = page.characters().peekable();
    let mut found = Vec::new();
    for misread in pipeline.misreads(&page.text) {
        while characters.next_if(|&(at, _)| at < misread.span.start).is_some() {}
        let Some(&(_, label)) = characters.peek().filter(|&&(at, _)| at == misread.span.start) else { continue };
        found.push(Example { at: misread.span.start, sample: Sample { values: misread.values, label, weight: page.weight } });
    }
    found
}
