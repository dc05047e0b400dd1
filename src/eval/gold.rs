//! Labelled documents, and how they are read.

use super::breaks::{Blank, Break, BreakLabel};
use super::error::{GoldError, GoldProblem};
use serde::Deserialize;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// A place that people marked, in code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gold {
    /// Where it is; empty where something is missing.
    pub place: Range<usize>,
    /// What is wrong there.
    pub kind: String,
    /// Whether it is to be removed.
    pub remove: bool,
    /// The other copy of a doubled text: either may go.
    pub twin: Option<Range<usize>>,
}

/// A document with what people marked in it. All offsets are code points.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labelled {
    /// What it is called in reports.
    pub name: String,
    /// Its text, without marks.
    pub text: String,
    /// What should be found.
    pub gold: Vec<Gold>,
    /// What must be left alone.
    pub keep: Vec<Range<usize>>,
    /// Its line breaks, when they are labelled.
    pub breaks: Vec<Break>,
    /// Blanks inside its lines, when they are labelled.
    pub blanks: Vec<Blank>,
}

/// A labelled document as JSON spells it. Other keys are the annotator's own.
#[derive(Deserialize)]
struct File {
    id: Option<String>,
    input: String,
    #[serde(default)]
    gold: GoldList,
    #[serde(default)]
    keep: Vec<Place>,
    #[serde(default)]
    breaks: Vec<(usize, String, Option<String>)>,
    #[serde(default)]
    spaces: Vec<(usize, usize, String)>,
}

/// What was marked; where whole paragraphs are given instead, the breaks are what is judged.
#[derive(Deserialize)]
#[serde(untagged)]
enum GoldList {
    Spans(Vec<Mark>),
    Paragraphs(#[allow(dead_code, reason = "they are only told from marks")] Vec<String>),
}

impl Default for GoldList {
    fn default() -> Self {
        GoldList::Spans(Vec::new())
    }
}

#[derive(Deserialize)]
struct Mark {
    start: usize,
    end: usize,
    kind: String,
    #[serde(default)]
    action: String,
    twin: Option<(usize, usize)>,
}

#[derive(Deserialize)]
struct Place {
    start: usize,
    end: usize,
}

impl Labelled {
    /// Reads `paths` and the folders among them, in the order of their names: `*.json`, one document each, and `*.txt` with
    /// marks.
    ///
    /// # Errors
    /// The first file that cannot be read, or is not of the form that docs/eval.md describes.
    pub fn read(paths: &[PathBuf]) -> Result<Vec<Labelled>, GoldError> {
        let mut documents = Vec::new();
        for path in paths {
            let before = documents.len();
            for entry in WalkDir::new(path).sort_by_file_name() {
                let at = |path: &Path, problem| GoldError { path: path.to_owned(), problem };
                let entry = entry.map_err(|error| {
                    let place = error.path().unwrap_or(path).to_owned();
                    at(&place, error.into_io_error().map_or(GoldProblem::Empty, GoldProblem::Unreadable))
                })?;
                let name = entry.path().display().to_string();
                let read = match entry.path().extension().and_then(|extension| extension.to_str()) {
                    Some("json") => Labelled::from_json,
                    Some("txt") => Labelled::from_marks,
                    _ => continue,
                };
                if entry.file_type().is_file() {
                    let text = fs::read_to_string(entry.path()).map_err(|error| at(entry.path(), error.into()))?;
                    documents.push(read(&name, &text).map_err(|problem| at(entry.path(), problem))?);
                }
            }
            if documents.len() == before {
                return Err(GoldError { path: path.clone(), problem: GoldProblem::Empty });
            }
        }
        Ok(documents)
    }

    /// Reads a document of JSON.
    ///
    /// # Errors
    /// When it is not of the form that docs/eval.md describes.
    pub fn from_json(name: &str, json: &str) -> Result<Labelled, GoldProblem> {
        let file: File = serde_json::from_str(json)?;
        let length = file.input.chars().count();
        let range = |what, start: usize, end: usize| match end.max(start) {
            at if at > length => Err(GoldProblem::Beyond { what, at, length }),
            end => Ok(start..end),
        };
        let marks = match file.gold {
            GoldList::Spans(marks) => marks,
            GoldList::Paragraphs(_) => Vec::new(),
        };
        let gold = |mark: Mark| {
            Ok(Gold {
                place: range("a mark", mark.start, mark.end)?,
                kind: mark.kind,
                remove: mark.action == "remove",
                twin: mark.twin.map(|(start, end)| range("a twin", start, end)).transpose()?,
            })
        };
        let line_break = |(at, label, glue): (usize, String, Option<String>)| {
            let known = BreakLabel::named(&label);
            let label = known.ok_or(GoldProblem::Label(label, "line break: expected join, keep, jump or ignore"))?;
            range("a line break", at, at)?;
            Ok(Break { at, label, blank: glue.map(|glue| !glue.is_empty()) })
        };
        let blank = |(at, length, label): (usize, usize, String)| {
            let spurious = match label.as_str() {
                "spurious" => true,
                "real" => false,
                _ => return Err(GoldProblem::Label(label, "blank: expected spurious or real")),
            };
            range("a blank", at, at + length)?;
            Ok(Blank { at, spurious })
        };
        Ok(Labelled {
            name: file.id.unwrap_or_else(|| name.to_owned()),
            gold: marks.into_iter().map(gold).collect::<Result<_, GoldProblem>>()?,
            keep: file
                .keep
                .iter()
                .map(|place| range("a span to keep", place.start, place.end))
                .collect::<Result<_, GoldProblem>>()?,
            breaks: file.breaks.into_iter().map(line_break).collect::<Result<_, GoldProblem>>()?,
            blanks: file.spaces.into_iter().map(blank).collect::<Result<_, GoldProblem>>()?,
            text: file.input,
        })
    }

    /// Reads a text in which `⟦text⟧` should be found, as `⟦kind|text⟧` when there are several kinds of defects; `⟦⟧` stands
    /// where something is missing.
    ///
    /// # Errors
    /// When the marks do not pair.
    pub fn from_marks(name: &str, marked: &str) -> Result<Labelled, GoldProblem> {
        let mut labelled = Labelled { name: name.to_owned(), ..Labelled::default() };
        let (mut length, mut line) = (0, 1);
        // Where the text of a mark begins, in code points and in bytes, and on which line.
        let mut open: Option<(usize, usize, usize)> = None;
        for c in marked.strip_prefix('\u{FEFF}').unwrap_or(marked).chars() {
            let fail = |what| Err(GoldProblem::Marks { line, what });
            match (c, open) {
                ('⟦', None) => open = Some((length, labelled.text.len(), line)),
                ('⟦', Some(_)) => return fail("a mark ⟦ stands inside another: marks do not nest"),
                ('⟧', None) => return fail("a mark ⟧ was never opened: put ⟦ before what should be found"),
                ('⟧', Some((start, at, _))) => {
                    let kind = labelled.text[at..].split_once('|').map_or("", |(kind, _)| kind).to_owned();
                    if !kind.is_ascii() {
                        return fail(
                            "the kind of a mark is written in ASCII; before a text that holds a bar stands a kind, as in ⟦defect|甲|乙⟧",
                        );
                    }
                    if !kind.is_empty() {
                        labelled.text.drain(at..at + kind.len() + 1);
                        length -= kind.len() + 1;
                    }
                    let kind = if kind.is_empty() { "defect".to_owned() } else { kind };
                    labelled.gold.push(Gold { place: start..length, kind, remove: false, twin: None });
                    open = None;
                }
                (c, _) => {
                    labelled.text.push(c);
                    length += 1;
                    line += usize::from(c == '\n');
                }
            }
        }
        match open {
            Some((.., line)) => {
                Err(GoldProblem::Marks { line, what: "a mark ⟦ is not closed: put ⟧ behind what should be found" })
            }
            None => Ok(labelled),
        }
    }
}
