//! What is kept of a paragraph and of a document instead of their text.

use super::format::{PARAGRAPH, SKETCHED};
use super::sketch::{Bins, LEAST, Sketch, Window};
use crate::text::chars::{is_blank, is_han, is_number_char};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Longer paragraphs have no shape: a form that is filled in anew each time is short.
pub(super) const LONGEST_SHAPE: usize = 80;

/// What is kept of a paragraph, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paragraph {
    /// Of its letters, digits and Han, full-width forms folded.
    pub skeleton: u64,
    /// The same with every number replaced by one sign; 0 for long paragraphs.
    pub shape: u64,
    /// Of the text as it stands, blanks at its ends aside.
    pub plain: u32,
    /// Where its line begins in the document, in bytes of the file.
    pub start: u32,
    /// Bytes of its line.
    pub bytes: u32,
    /// Its line, from 1.
    pub line: u32,
    /// Characters of its skeleton.
    pub chars: u32,
    /// Characters that show damage: lost ones, private ones, blanks between Han.
    pub defects: u16,
}

impl Paragraph {
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        to.extend(self.skeleton.to_le_bytes());
        to.extend(self.shape.to_le_bytes());
        for number in [self.plain, self.start, self.bytes, self.line, self.chars, self.defects.into()] {
            to.extend(number.to_le_bytes());
        }
    }

    pub(super) fn read(bytes: &[u8; PARAGRAPH]) -> Paragraph {
        let long = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
        let short = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
        Paragraph {
            skeleton: long(0),
            shape: long(8),
            plain: short(16),
            start: short(20),
            bytes: short(24),
            line: short(28),
            chars: short(32),
            defects: short(36) as u16,
        }
    }
}

/// The letters, digits and Han of `text` with full-width forms folded, as the rules about copies compare it.
pub(crate) fn skeleton(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(counted)
}

/// What a character counts as, if it counts.
fn counted(c: char) -> Option<char> {
    match c {
        '\u{4E00}'..='\u{9FFF}' => Some(c),
        ' ' | '、' | '。' | '\u{3000}' => None,
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).filter(|c| c.is_ascii_alphanumeric()),
        c => (is_han(c) || c.is_alphanumeric()).then_some(c),
    }
}

/// The hash of a skeleton.
pub(crate) fn hash(skeleton: impl Iterator<Item = char>) -> u64 {
    let mut bytes = Vec::new();
    skeleton.for_each(|c| bytes.extend_from_slice(&(c as u32).to_le_bytes()));
    xxh3_64(&bytes)
}

/// The hash of a whole text, by which a document is known again.
pub(crate) fn text_hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// Takes the fingerprints of one document, line by line.
pub(crate) struct Printer {
    /// Records of paragraphs that are ready.
    pub paragraphs: Vec<u8>,
    /// Records of their sketches, each with the number of its paragraph in the document.
    pub sketches: Vec<u8>,
    /// Paragraphs so far.
    pub count: u32,
    line: u32,
    text: Xxh3,
    whole: Xxh3,
    bins: Bins,
    window: Window,
    chars: u64,
    defects: u64,
    /// Scratch: a skeleton, and bytes to hash.
    skeleton: Vec<char>,
    bytes: Vec<u8>,
}

/// What is kept of a whole document.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    pub text: u64,
    pub skeleton: u64,
    pub chars: u64,
    pub defects: u64,
    pub sketch: Option<Sketch>,
}

impl Printer {
    pub fn new() -> Printer {
        Printer {
            paragraphs: Vec::new(),
            sketches: Vec::new(),
            count: 0,
            line: 0,
            text: Xxh3::new(),
            whole: Xxh3::new(),
            bins: Bins::new(),
            window: Window::default(),
            chars: 0,
            defects: 0,
            skeleton: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// Adds a piece of the document's text as it stands; its lines follow one by one.
    pub fn piece(&mut self, text: &str) {
        self.text.update(text.as_bytes());
    }

    /// Adds a line, which stands at `start` in the file and is so many bytes long there.
    pub fn line(&mut self, text: &str, start: u32, bytes: u32) {
        self.line += 1;
        self.skeleton.clear();
        let defects = read(text, &mut self.skeleton);
        if self.skeleton.is_empty() {
            return;
        }
        let chars = self.skeleton.len();
        self.bytes.clear();
        let mut bins = Bins::new();
        for (at, &c) in self.skeleton.iter().enumerate() {
            self.bytes.extend_from_slice(&(c as u32).to_le_bytes());
            if let Some(hash) = self.window.push(c) {
                self.bins.add(hash);
                if at + 1 >= super::sketch::SHINGLE && chars >= LEAST {
                    bins.add(hash);
                }
            }
        }
        self.whole.update(&self.bytes);
        let hashed = xxh3_64(&self.bytes);
        let paragraph = Paragraph {
            skeleton: hashed,
            shape: if chars <= LONGEST_SHAPE { self.shape() } else { 0 },
            plain: xxh3_64(text.trim().as_bytes()) as u32,
            start,
            bytes,
            line: self.line,
            chars: chars as u32,
            defects,
        };
        paragraph.write(&mut self.paragraphs);
        if chars >= LEAST {
            debug_assert_eq!(SKETCHED, 4 + std::mem::size_of::<Sketch>());
            self.sketches.extend(self.count.to_le_bytes());
            bins.sketch().iter().for_each(|row| self.sketches.extend(row.to_le_bytes()));
        }
        self.count += 1;
        self.chars += chars as u64;
        self.defects += u64::from(defects);
    }

    /// The hash of the skeleton with a sign for every number.
    fn shape(&mut self) -> u64 {
        self.bytes.clear();
        let mut in_number = false;
        for &c in &self.skeleton {
            let number = is_number_char(c);
            if !(number && in_number) {
                let c = if number { '#' } else { c };
                self.bytes.extend_from_slice(&(c as u32).to_le_bytes());
            }
            in_number = number;
        }
        xxh3_64(&self.bytes)
    }

    /// Ends the document.
    pub fn finish(&self) -> Whole {
        Whole {
            text: self.text.digest(),
            skeleton: self.whole.digest(),
            chars: self.chars,
            defects: self.defects,
            sketch: (self.chars >= LEAST as u64).then(|| self.bins.sketch()),
        }
    }
}

/// Reads the skeleton of `text`; returns how many characters show damage.
fn read(text: &str, skeleton: &mut Vec<char>) -> u16 {
    let (mut defects, mut before, mut blank) = (0u16, ' ', false);
    for c in text.chars() {
        let counts = counted(c);
        skeleton.extend(counts);
        let common = matches!(c, '\u{4E00}'..='\u{9FFF}');
        if !common && is_blank(c) {
            blank = true;
            continue;
        }
        let lost = !common && counts.is_none() && (matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}') || c.is_control());
        if lost || blank && is_han(before) && is_han(c) {
            defects = defects.saturating_add(1);
        }
        (before, blank) = (c, false);
    }
    defects
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(lines: &[&str]) -> Vec<Paragraph> {
        let mut printer = Printer::new();
        lines.iter().for_each(|line| printer.line(line, 0, 0));
        printer.paragraphs.as_chunks().0.iter().map(Paragraph::read).collect()
    }

    #[test]
    fn blanks_and_marks_do_not_count() {
        let found =
            paragraphs(&["柳河镇今年疏浚河道１２公里。", "柳 河 镇今年疏浚河道，12公里", "", "——", "柳河镇今年疏浚河道13公里。"]);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].skeleton, found[1].skeleton);
        assert_ne!(found[0].plain, found[1].plain);
        assert_ne!(found[0].skeleton, found[2].skeleton);
        assert_eq!(found[0].shape, found[2].shape);
        assert_eq!(found.iter().map(|p| (p.line, p.chars, p.defects)).collect::<Vec<_>>(), [(1, 13, 0), (2, 13, 2), (5, 13, 0)]);
    }

    #[test]
    fn a_document_is_the_same_however_its_lines_are_broken() {
        let whole = |lines: &[&str]| {
            let mut printer = Printer::new();
            lines.iter().for_each(|line| printer.line(line, 0, 0));
            printer.finish()
        };
        let (one, other) =
            (whole(&["柳河镇今年疏浚", "河道，十二公里，两岸都好"]), whole(&["柳河镇今年", "疏浚河道十二公里。两岸都好"]));
        assert_eq!((one.skeleton, one.sketch, one.chars), (other.skeleton, other.sketch, other.chars));
    }
}
