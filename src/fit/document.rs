//! Documents whose line breaks are labelled, and how they are read.

use serde::Deserialize;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// What a line break is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The line was broken by a typesetter: it is to be joined with the next.
    Join,
    /// A paragraph, a headline, an item ends here.
    Keep,
    /// Unknown.
    Ignore,
}

/// One labelled break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelled {
    /// Offset of its first white space, in bytes.
    pub at: usize,
    /// What it is.
    pub label: Label,
}

/// A document to learn from.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its name: all states of one text have the same, so that they are held out together.
    pub name: String,
    /// What kind of producer made its lines.
    pub kind: String,
    /// Its text.
    pub text: String,
    /// Its breaks, ascending.
    pub breaks: Vec<Labelled>,
    /// How much each of its breaks counts.
    pub weight: f32,
}

/// Why documents could not be read, or what was made of them not written.
#[derive(Debug, Error)]
pub enum FitError {
    /// A file or folder cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A labelled page is not as the format says.
    #[error("{}: {problem}\n  see docs/fit.md for the format of labelled pages", path.display())]
    Page {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

/// A labelled page as JSON spells it. Other keys are the annotator's own.
#[derive(Deserialize)]
struct PageFile {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default = "whole")]
    weight: f32,
    input: String,
    breaks: Vec<(usize, String, Option<serde_json::Value>)>,
}

fn whole() -> f32 {
    1.0
}

impl Document {
    /// Reads every labelled page (`*.json`) below `dir`, by name.
    ///
    /// # Errors
    /// The first file that cannot be read or is no labelled page.
    pub fn labelled(dir: &Path) -> Result<Vec<Document>, FitError> {
        files(dir, "json")?.iter().map(|path| Document::page(path)).collect()
    }

    fn page(path: &Path) -> Result<Document, FitError> {
        let text = std::fs::read_to_string(path).map_err(|source| FitError::Read { path: path.to_owned(), source })?;
        let fail = |problem: String| FitError::Page { path: path.to_owned(), problem };
        let page: PageFile = serde_json::from_str(&text).map_err(|error| fail(error.to_string()))?;
        let starts: Vec<usize> = page.input.char_indices().map(|(at, _)| at).chain([page.input.len()]).collect();
        let mut breaks = Vec::with_capacity(page.breaks.len());
        for (offset, label, _) in &page.breaks {
            let at = *starts.get(*offset).ok_or_else(|| fail(format!("a break at {offset} lies behind the end of `input`")))?;
            let label = match label.as_str() {
                "join" => Label::Join,
                "keep" | "jump" => Label::Keep,
                "ignore" => Label::Ignore,
                other => return Err(fail(format!("`{other}` is no label: expected join, keep, jump or ignore"))),
            };
            breaks.push(Labelled { at, label });
        }
        breaks.sort_by_key(|b| b.at);
        let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let kind = page.kind.unwrap_or_else(|| "page".into());
        Ok(Document { name: page.id.unwrap_or(stem), kind, text: page.input, breaks, weight: page.weight.clamp(0.0, 100.0) })
    }

    /// Reads pairs below `dir`: `NAME.txt`, wrapped, beside `NAME.clean.txt`, one paragraph a line.
    ///
    /// # Errors
    /// The first file that cannot be read or has no partner.
    pub fn pairs(dir: &Path) -> Result<Vec<Document>, FitError> {
        let read = |path: &Path| std::fs::read_to_string(path).map_err(|source| FitError::Read { path: path.to_owned(), source });
        let (clean, wrapped): (Vec<PathBuf>, Vec<PathBuf>) =
            files(dir, "txt")?.into_iter().partition(|path| path.to_string_lossy().ends_with(".clean.txt"));
        if let Some(alone) = clean.iter().find(|path| !wrapped.contains(&path.with_extension("").with_extension("txt"))) {
            let problem = "its wrapped state is missing: NAME.txt beside NAME.clean.txt".into();
            return Err(FitError::Page { path: alone.clone(), problem });
        }
        let pair = |path: &PathBuf| {
            let partner = path.with_extension("clean.txt");
            if !clean.contains(&partner) {
                let problem = "its clean state is missing: NAME.clean.txt beside NAME.txt".into();
                return Err(FitError::Page { path: path.clone(), problem });
            }
            let name = path.strip_prefix(dir).unwrap_or(path).display().to_string();
            Ok(super::from_pair(name, &read(path)?, &read(&partner)?))
        };
        wrapped.iter().map(pair).collect()
    }

    /// The texts below `dir`, each with its name: clean text, one paragraph a line.
    ///
    /// # Errors
    /// The first file that cannot be read.
    pub fn texts(dir: &Path) -> Result<Vec<(String, String)>, FitError> {
        let read = |path: &PathBuf| {
            let text = std::fs::read_to_string(path).map_err(|source| FitError::Read { path: path.clone(), source })?;
            Ok((path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned()), text))
        };
        files(dir, "txt")?.iter().map(read).collect()
    }

    /// Reads every text below `dir` as a document none of whose breaks is a join.
    ///
    /// # Errors
    /// The first file that cannot be read.
    pub fn kept(dir: &Path) -> Result<Vec<Document>, FitError> {
        let read = |path: &PathBuf| {
            let text = std::fs::read_to_string(path).map_err(|source| FitError::Read { path: path.clone(), source })?;
            let name = path.strip_prefix(dir).unwrap_or(path).display().to_string();
            let kind = path.parent().and_then(Path::file_name).map_or("kept".into(), |k| k.to_string_lossy().into_owned());
            Ok(Document::without_joins(name, kind, text))
        };
        let mut texts = files(dir, "txt")?;
        texts.extend(files(dir, "md")?);
        texts.iter().map(read).collect()
    }

    /// The same document with its joins made: what is left of it must stay as it is.
    pub fn joined(&self) -> Document {
        let mut text = String::with_capacity(self.text.len());
        let (mut breaks, mut from) = (Vec::new(), 0);
        for b in &self.breaks {
            text.push_str(&self.text[from..b.at]);
            from = b.at;
            if b.label == Label::Join {
                let rest = &self.text[b.at..];
                from += rest.len() - rest.trim_start().len();
                let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                if latin(text.chars().next_back()) && latin(self.text[from..].chars().next()) {
                    text.push(' ');
                }
            } else {
                breaks.push(Labelled { at: text.len(), label: b.label });
            }
        }
        text.push_str(&self.text[from..]);
        Document { name: self.name.clone(), kind: format!("{} (joined)", self.kind), text, breaks, weight: self.weight / 2.0 }
    }

    /// A document none of whose breaks is a join.
    pub fn without_joins(name: String, kind: String, text: String) -> Document {
        let mut breaks = Vec::new();
        for line in crate::text::lines::lines(&text) {
            let content = line.content.of(&text).trim_end();
            if !content.trim().is_empty() {
                breaks.push(Labelled { at: line.content.start + content.len(), label: Label::Keep });
            }
        }
        // There are few of them beside labelled pages, and to join what is well made is the worst error of all.
        Document { name, kind, text, breaks, weight: 3.0 }
    }

    /// Which of `folds` parts it belongs to: by name, so that it never depends on which others there are.
    pub fn fold(&self, folds: usize) -> usize {
        fold(&self.name, folds)
    }
}

/// Which of `folds` parts a name belongs to.
pub(super) fn fold(name: &str, folds: usize) -> usize {
    // FNV-1a: stable over versions and machines.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    (hash >> 16) as usize % folds.max(1)
}

/// The files below `dir` with an extension, by name.
pub(super) fn files(dir: &Path, extension: &str) -> Result<Vec<PathBuf>, FitError> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(dir).to_owned();
            FitError::Read { path, source: error.into() }
        })?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|e| e == extension) {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}
