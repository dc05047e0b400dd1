//! The parts of a document around its findings: each stands in a page once, however many findings it holds.

use crate::review::Item;
use crate::text::Span;
use unicode_segmentation::UnicodeSegmentation;

/// Lines with text on either side of a finding's own.
const LINES: usize = 3;

/// How far around a finding a page with so many findings shows the text, in bytes: pages stay small enough to open at once.
pub fn reach(findings: usize) -> usize {
    match findings {
        0..4_000 => 1_200,
        4_000..12_000 => 600,
        _ => 300,
    }
}

/// The passages that hold `items`, ascending and apart from each other, and the index of each item's. Items are in order.
pub fn passages(text: &str, items: &[Item], reach: usize) -> (Vec<Span>, Vec<usize>) {
    let span = |item: &Item| item.changes.iter().fold(item.span, |whole, change| whole.hull(change.span));
    let around = |span: Span| Span::new(begin(text, span.start, reach), end(text, span.end, reach));
    let mut wanted: Vec<Span> = items.iter().map(|item| around(span(item))).collect();
    wanted.sort_unstable_by_key(|wanted| wanted.start);
    let mut passages: Vec<Span> = Vec::new();
    for wanted in wanted {
        match passages.last_mut() {
            Some(last) if wanted.start <= last.end => *last = last.hull(wanted),
            _ => passages.push(wanted),
        }
    }
    let home = |item: &Item| passages.partition_point(|passage| passage.start <= span(item).start).saturating_sub(1);
    let homes = items.iter().map(home).collect();
    (passages, homes)
}

/// Where the passage of a finding that begins at `at` begins: some lines before, or so many bytes.
fn begin(text: &str, at: usize, reach: usize) -> usize {
    let mut low = at.saturating_sub(reach);
    while !text.is_char_boundary(low) {
        low -= 1;
    }
    let near = &text[low..at];
    let (mut begin, mut full) = (None::<usize>, 0);
    for (place, _) in near.char_indices().rev().filter(|&(_, character)| character == '\n') {
        // What stands before the last line end is a line of its own; what stands behind it is the finding's.
        full += usize::from(begin.is_some_and(|next| !near[place + 1..next].trim().is_empty()));
        begin = Some(place + 1);
        if full == LINES {
            break;
        }
    }
    match begin {
        _ if low == 0 && full < LINES => 0,
        Some(begin) => low + begin,
        None => low + near.grapheme_indices(true).nth(1).map_or(0, |(place, _)| place),
    }
}

/// Where the passage of a finding that ends at `at` ends.
fn end(text: &str, at: usize, reach: usize) -> usize {
    let mut high = (at + reach).min(text.len());
    while !text.is_char_boundary(high) {
        high += 1;
    }
    let near = &text[at..high];
    let (mut end, mut full) = (None::<usize>, 0);
    for (place, _) in near.match_indices('\n') {
        full += usize::from(end.is_some_and(|last| !near[last..place].trim().is_empty()));
        end = Some(place + 1);
        if full == LINES {
            break;
        }
    }
    match end {
        _ if high == text.len() && full < LINES => high,
        Some(end) => at + end,
        None => at + near.grapheme_indices(true).next_back().map_or(near.len(), |(place, _)| place),
    }
}

/// Turns byte offsets of a text into those of UTF-16, which is what scripts count by.
pub struct Units<'t> {
    text: &'t str,
    marks: Vec<usize>,
}

const STRIDE: usize = 512;

fn units(bytes: &[u8]) -> usize {
    // Every character has one leading byte; those of four bytes take two units.
    bytes.iter().map(|&byte| usize::from((byte as i8) >= -0x40) + usize::from(byte >= 0xF0)).sum()
}

impl<'t> Units<'t> {
    /// Counts the units of `text` once.
    pub fn new(text: &'t str) -> Self {
        let counts = text.as_bytes().chunks(STRIDE).map(units);
        let before = counts.scan(0, |count, more| Some(std::mem::replace(count, *count + more)));
        Units { text, marks: before.collect() }
    }

    /// The number of units before the byte `offset`.
    pub fn at(&self, offset: usize) -> usize {
        let chunk = (offset / STRIDE).min(self.marks.len().saturating_sub(1));
        self.marks.get(chunk).copied().unwrap_or(0) + units(&self.text.as_bytes()[chunk * STRIDE..offset])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_a_few_lines_or_a_part_of_a_long_one() {
        let text: String = (0..20).map(|n| format!("第{n}行\n\n")).collect();
        let at = text.find("第10行").unwrap();
        assert!(text[begin(&text, at, 1_000)..].starts_with("第7行"));
        assert!(text[..end(&text, at, 1_000)].ends_with("第13行\n"));
        assert_eq!((begin(&text, 9, 1_000), end(&text, text.len() - 2, 1_000)), (0, text.len()));
        let long = "甲e\u{301}".repeat(4_000);
        let (from, to) = (begin(&long, 6_000, 100), end(&long, 6_000, 100));
        assert!((5_890..6_000).contains(&from) && (6_001..6_110).contains(&to), "{from} {to}");
        assert!(!long[from..].starts_with('\u{301}') && !long[to..].starts_with('\u{301}'));
        assert_eq!((begin("", 0, 9), end("", 0, 9)), (0, 0));
    }

    #[test]
    fn offsets_are_those_of_scripts() {
        let text = "甲a😀\n".repeat(300);
        let units = Units::new(&text);
        for (at, _) in text.char_indices() {
            assert_eq!(units.at(at), text[..at].encode_utf16().count());
        }
        assert_eq!(units.at(text.len()), text.encode_utf16().count());
        assert_eq!(Units::new("").at(0), 0);
    }
}
