//! A finding in the text it stands in, with marks for what goes and what comes.

use crate::report::{Part, parts};
use crate::review::Item;
use crate::text::Span;
use unicode_segmentation::UnicodeSegmentation;

/// How far around a finding text is shown, in bytes: more than any screen holds, and no more work however long the document is.
const REACH: usize = 6_000;

/// Longer marked runs lose their middle, in graphemes.
const LONGEST: usize = 600;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Text around the finding.
    Around,
    /// Text of an edit that stays.
    Kept,
    /// Text that a finding without an edit speaks of.
    Spoken,
    /// What goes.
    Removed,
    /// What comes.
    Added,
    /// Where so many graphemes were left out, with so many line ends among them.
    Gap {
        /// Graphemes.
        graphemes: usize,
        /// Line ends.
        lines: usize,
    },
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub mark: Mark,
    pub text: String,
}

/// A finding and its surroundings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Passage {
    /// The number of its first line; none when the document is not what it was, and only what was kept of it is shown.
    pub line: Option<usize>,
    /// Whether text before it in its first line is left out, and behind it in its last.
    pub cut: (bool, bool),
    pub pieces: Vec<Piece>,
}

impl Passage {
    /// The passage of `item` in its document. `new` is what is to stand there instead, if anything is.
    pub fn new(text: Option<&str>, item: &Item, new: Option<&str>) -> Passage {
        let Some(text) = text.filter(|text| holds(text, item)) else {
            let mut passage = Passage { line: None, cut: (true, true), ..Passage::default() };
            passage.push(Mark::Around, &item.before);
            passage.edit(&item.old, new);
            passage.push(Mark::Around, &item.after);
            return passage;
        };
        let low = floor(text, item.span.start.saturating_sub(REACH));
        let high = floor(text, item.span.end.saturating_add(REACH).min(text.len()));
        let (before, after) = (&text[low..item.span.start], &text[item.span.end..high]);
        let line = item.line - ends(before).min(item.line - 1);
        let cut = (low > 0 && !text[..low].ends_with(['\n', '\r']), high < text.len());
        let mut passage = Passage { line: Some(line), cut, pieces: Vec::new() };
        passage.push(Mark::Around, before);
        if item.takes_text() || new != item.readings.first().map(String::as_str) {
            passage.edit(&item.old, new);
        } else {
            let mut at = item.span.start;
            for change in &item.changes {
                passage.push(Mark::Kept, text.get(at..change.span.start).unwrap_or_default());
                passage.edit(change.span.of(text), Some(&change.text));
                at = change.span.end;
            }
            passage.push(Mark::Kept, text.get(at..item.span.end).unwrap_or_default());
        }
        passage.push(Mark::Around, after);
        passage
    }

    fn edit(&mut self, old: &str, new: Option<&str>) {
        let Some(new) = new else { return self.push(Mark::Spoken, old) };
        for (part, text) in parts(old, new) {
            let mark = match part {
                Part::Same => Mark::Kept,
                Part::Removed => Mark::Removed,
                Part::Added => Mark::Added,
            };
            self.push(mark, &text);
        }
    }

    /// Adds a piece, the middle of a long one left out.
    fn push(&mut self, mark: Mark, text: &str) {
        if text.is_empty() && mark != Mark::Spoken {
            return;
        }
        // No grapheme has less than a byte.
        let places: Vec<usize> =
            if text.len() > LONGEST { text.grapheme_indices(true).map(|(at, _)| at).collect() } else { Vec::new() };
        if mark == Mark::Around || places.len() <= LONGEST {
            self.pieces.push(Piece { mark, text: text.into() });
            return;
        }
        let (from, to) = (places[LONGEST / 2], places[places.len() - LONGEST / 3]);
        let gap = Mark::Gap { graphemes: places.len() - LONGEST / 2 - LONGEST / 3, lines: ends(&text[from..to]) };
        self.pieces.push(Piece { mark, text: text[..from].into() });
        self.pieces.push(Piece { mark: gap, text: String::new() });
        self.pieces.push(Piece { mark, text: text[to..].into() });
    }
}

/// Whether `item` is still in its place in `text`.
fn holds(text: &str, item: &Item) -> bool {
    let of = |span: Span| text.get(span.start..span.end);
    let target = match item.changes.as_slice() {
        [_, _, ..] => {
            let parts: Option<Vec<&str>> = item.changes.iter().map(|change| of(change.span)).collect();
            parts.map(|parts| parts.join(" … "))
        }
        _ => of(item.span).map(str::to_owned),
    };
    target.is_some_and(|target| target == item.old)
        && text.get(..item.span.start).is_some_and(|text| text.ends_with(&item.before))
        && text.get(item.span.end..).is_some_and(|text| text.starts_with(&item.after))
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Line ends in a text.
fn ends(text: &str) -> usize {
    let (feeds, returns) = (text.matches('\n').count(), text.matches('\r').count());
    feeds + returns - text.matches("\r\n").count()
}
