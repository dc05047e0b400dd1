//! The screen of `jiaokan review`: what keys do to it ([`Screen::press`]) and how it is drawn ([`Screen::draw`]). It knows no
//! terminal, and reads no documents: whoever runs it gives it findings as they come and the text of the document it asks for.

mod cells;
mod draw;
mod editor;
mod help;
mod input;
mod passage;
#[cfg(test)]
mod tests;

use crate::edit::RuleId;
use crate::review::{Desk, Entry, Item, Queue};
use crate::rule::Pack;
use crate::text::Source;
use editor::Editor;
use passage::Passage;
use std::collections::HashMap;
use std::sync::Arc;

/// What the person is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Mode {
    /// Going through the findings.
    Decide,
    /// Typing a replacement.
    Type(Editor),
    /// Typing what to look for.
    Search(Editor),
    /// Reading about the keys and the rule, from this row.
    Help(usize),
}

/// What there is to know about a rule.
#[derive(Debug, Clone)]
struct Manual {
    title: Arc<str>,
    docs: String,
}

/// How far the documents are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Documents that were read.
    pub read: usize,
    /// All of them.
    pub all: usize,
    /// Documents that could not be read.
    pub failed: usize,
}

/// The state of the screen.
pub struct Screen {
    desk: Desk,
    mode: Mode,
    colored: bool,
    progress: Progress,
    manuals: HashMap<RuleId, Manual>,
    /// What is looked for, in small letters; nothing when empty.
    wanted: String,
    /// What the last key did.
    message: String,
    /// The document whose text is at hand; no text when it could not be read.
    open: Option<(usize, Option<Source>)>,
    /// The passage that was made last: of which finding, with which text in its place.
    passage: Option<(usize, Option<String>, Passage)>,
    /// Rows that the passage is shifted by.
    shift: isize,
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Draw again and wait for the next key.
    Stay,
    /// Leave.
    Quit,
}

impl Screen {
    /// An empty screen. `all` documents are to come.
    pub fn new(desk: Desk, all: usize, colored: bool) -> Screen {
        Screen {
            desk,
            mode: Mode::Decide,
            colored,
            progress: Progress { all, ..Progress::default() },
            manuals: HashMap::new(),
            wanted: String::new(),
            message: String::new(),
            open: None,
            passage: None,
            shift: 0,
        }
    }

    /// Adds what there is to decide in a document. They are in order after [`Screen::sort`].
    pub fn add(&mut self, document: &str, items: Vec<Item>, pack: &Pack) {
        self.progress.read += 1;
        for item in &items {
            if !self.manuals.contains_key(&item.rule)
                && let Some(rule) = pack.get(&item.rule)
            {
                self.manuals.insert(item.rule.clone(), Manual { title: rule.title.clone(), docs: rule.docs.clone() });
            }
        }
        self.desk.queue_mut().add(document, items);
    }

    /// Counts a document that there is nothing to decide in.
    pub fn pass(&mut self) {
        self.progress.read += 1;
    }

    /// Counts a document that could not be read.
    pub fn fail(&mut self) {
        self.progress.read += 1;
        self.progress.failed += 1;
    }

    /// Puts what was added in its order.
    pub fn sort(&mut self) {
        self.desk.queue_mut().sort();
    }

    /// How far the documents are read.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The decisions and what they are about.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The same, when the screen is done with.
    pub fn into_desk(self) -> Desk {
        self.desk
    }

    /// The document, by number, whose text is needed to show the finding.
    pub fn needs(&self) -> Option<usize> {
        let document = self.desk.current()?.document;
        (self.open.as_ref().map(|(open, _)| *open) != Some(document)).then_some(document)
    }

    /// Takes the text of a document; none when it cannot be read any more.
    pub fn open(&mut self, document: usize, source: Option<Source>) {
        self.open = Some((document, source));
        self.passage = None;
    }

    fn queue(&self) -> &Queue {
        self.desk.queue()
    }

    /// What the person would have stand there now: what they type, what they decided, or what the rule would write.
    fn outlook(&self, entry: &Entry) -> Option<String> {
        match &self.mode {
            Mode::Type(editor) => Some(editor.text()),
            _ => entry.item.outlook().map(str::to_owned),
        }
    }

    /// Makes the passage of the current finding, unless it is made.
    fn set_passage(&mut self) {
        let Some(entry) = self.desk.current() else {
            self.passage = None;
            return;
        };
        let (at, new) = (self.queue().at(), self.outlook(entry));
        if self.passage.as_ref().is_some_and(|(of, with, _)| (*of, with) == (at, &new)) {
            return;
        }
        let text = match &self.open {
            Some((document, Some(source))) if *document == entry.document => Some(source.text()),
            _ => None,
        };
        let passage = Passage::new(text, &entry.item, new.as_deref());
        self.passage = Some((at, new, passage));
    }
}
