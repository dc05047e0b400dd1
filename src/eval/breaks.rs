//! Labelled line breaks and blanks against what became of them.

use super::gold::Labelled;
use super::interval::Share;
use crate::edit::Revision;

/// What a line break is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakLabel {
    /// The paragraph goes on in the next line.
    Join,
    /// A paragraph, a headline, an item ends here.
    Keep,
    /// The middles of two paragraphs meet.
    Jump,
    /// Unknown.
    Ignore,
}

impl BreakLabel {
    pub(super) fn named(name: &str) -> Option<BreakLabel> {
        Some(match name {
            "join" => BreakLabel::Join,
            "keep" => BreakLabel::Keep,
            "jump" => BreakLabel::Jump,
            "ignore" => BreakLabel::Ignore,
            _ => return None,
        })
    }
}

/// A labelled line break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// Offset of its first white space, in code points.
    pub at: usize,
    /// What it is.
    pub label: BreakLabel,
    /// Whether a blank belongs where it is joined, when that is known.
    pub blank: Option<bool>,
}

/// A labelled blank inside a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blank {
    /// Its offset, in code points.
    pub at: usize,
    /// Whether it should go.
    pub spurious: bool,
}

/// How line breaks and blanks compare with their labels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Breaks {
    /// Breaks that should be joined, of those that were.
    pub joins: Share,
    /// Breaks joined, of those that should be.
    pub joined: Share,
    /// Breaks that should stay, of those that stayed.
    pub boundaries: Share,
    /// Breaks that stayed, of those that should.
    pub kept: Share,
    /// Joins with a blank where one belongs, and none elsewhere.
    pub glue: Share,
    /// Jumps that were joined.
    pub jumps: Share,
    /// Blanks that should go, of those that went.
    pub removed_blanks: Share,
    /// Blanks that went, of those that should.
    pub spurious_blanks: Share,
}

impl Breaks {
    pub(super) fn add(&mut self, other: Breaks) {
        let Breaks { joins, joined, boundaries, kept, glue, jumps, removed_blanks, spurious_blanks } = other;
        self.joins.add(joins);
        self.joined.add(joined);
        self.boundaries.add(boundaries);
        self.kept.add(kept);
        self.glue.add(glue);
        self.jumps.add(jumps);
        self.removed_blanks.add(removed_blanks);
        self.spurious_blanks.add(spurious_blanks);
    }

    /// Whether anything was labelled.
    pub fn is_empty(&self) -> bool {
        *self == Breaks::default()
    }
}

/// What stands, in the cleaned text, between the characters on either side of white space.
struct Between<'r> {
    revision: &'r Revision,
    /// Byte offsets of the characters that are no white space, and of those behind them.
    characters: Vec<(usize, usize)>,
    /// By code point, how many such characters stand before it.
    before: Vec<u32>,
}

impl<'r> Between<'r> {
    fn new(revision: &'r Revision) -> Self {
        let (mut characters, mut before) = (Vec::new(), Vec::new());
        for (at, c) in revision.source().text().char_indices() {
            before.push(characters.len() as u32);
            if !c.is_whitespace() {
                characters.push((at, at + c.len_utf8()));
            }
        }
        before.push(characters.len() as u32);
        Between { revision, characters, before }
    }

    /// Where a character went that no edit touched.
    fn cleaned(&self, (start, end): (usize, usize)) -> Option<usize> {
        let edits = &self.revision.edits;
        let next = edits.partition_point(|edit| edit.source.end <= start);
        if edits.get(next).is_some_and(|edit| edit.source.start < end) {
            return None;
        }
        let (source, cleaned) = next.checked_sub(1).map_or((0, 0), |last| (edits[last].source.end, edits[last].cleaned.end));
        Some(cleaned + start - source)
    }

    fn at(&self, point: usize) -> Option<&'r str> {
        let after = self.before[point] as usize;
        let before = *self.characters.get(after.checked_sub(1)?)?;
        let start = self.cleaned(before)? + before.1 - before.0;
        self.revision.cleaned().get(start..self.cleaned(*self.characters.get(after)?)?)
    }
}

pub(super) fn judge(labelled: &Labelled, revision: &Revision) -> Breaks {
    let mut breaks = Breaks::default();
    if labelled.breaks.is_empty() && labelled.blanks.is_empty() {
        return breaks;
    }
    let between = Between::new(revision);
    for Break { at, label, blank } in &labelled.breaks {
        let Some(text) = between.at(*at) else { continue };
        let joined = !text.contains(['\n', '\u{C}']);
        let should = *label == BreakLabel::Join;
        match label {
            BreakLabel::Ignore => continue,
            BreakLabel::Jump => {
                breaks.jumps.count(joined);
                continue;
            }
            BreakLabel::Join | BreakLabel::Keep => {}
        }
        if joined {
            breaks.joins.count(should)
        } else {
            breaks.boundaries.count(!should)
        }
        if should {
            breaks.joined.count(joined)
        } else {
            breaks.kept.count(!joined)
        }
        if let Some(blank) = blank.filter(|_| joined && should) {
            breaks.glue.count(blank != text.is_empty());
        }
    }
    for Blank { at, spurious } in &labelled.blanks {
        let Some(text) = between.at(*at) else { continue };
        let gone = text.is_empty();
        if gone {
            breaks.removed_blanks.count(*spurious);
        }
        if *spurious {
            breaks.spurious_blanks.count(gone);
        }
    }
    breaks
}
