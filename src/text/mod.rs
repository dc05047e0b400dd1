//! The source of a document and what can be measured on plain text: encodings, lines, display width, character classes.
//! Nothing here knows of edits or rules.

mod char_map;
pub mod chars;
mod encoding;
mod inventory;
pub mod kind;
pub mod lines;
mod protected;
mod sections;
mod segments;
mod source;
pub mod width;

pub(crate) use char_map::CharMap;
pub use encoding::{DecodeError, EncodeError, Encoding};
pub use inventory::Inventory;
pub use protected::{protected, touches};
pub use sections::{SECTION, sections};
pub use source::{Newline, Source};

/// A half-open range of byte offsets into a UTF-8 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end}");
        Span { start, end }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no bytes and only marks a place.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The text the span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Whether two edits of these spans would contend for the same place. Two spans that only touch do not, unless one is empty.
    pub fn conflicts(self, other: Span) -> bool {
        (self.start < other.end && other.start < self.end) || (self.start == other.start && (self.is_empty() || other.is_empty()))
    }

    /// The same span of a text with `before` bytes more before it.
    #[must_use]
    pub fn moved(self, before: usize) -> Span {
        Span::new(self.start + before, self.end + before)
    }

    /// The smallest span that holds both.
    pub fn hull(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}
