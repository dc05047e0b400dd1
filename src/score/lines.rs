//! What filters count in the lines and paragraphs of a text. Lines are parted as the filters part them: each measure says how.

use super::fixed::Ratio;
use std::collections::HashSet;
use xxhash_rust::xxh3::xxh3_64;

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineMeasures {
    /// Code points of the text.
    pub characters: u64,
    /// Line feeds in it.
    pub newlines: u64,
    /// Of the lines that are not blank, those that end with an end mark of a sentence.
    pub ended: Ratio,
    /// Of all lines, those that begin with a bullet.
    pub bullets: Ratio,
    /// Of all lines, those that end with an ellipsis.
    pub ellipses: Ratio,
    /// Of the lines, runs of line feeds between them, those that came before.
    pub repeated_lines: Ratio,
    /// The characters of these, of all.
    pub repeated_line_characters: Ratio,
    /// Of the paragraphs, blank lines between them, those that came before.
    pub repeated_paragraphs: Ratio,
    /// The characters of these, of all.
    pub repeated_paragraph_characters: Ratio,
    /// The characters of lines that came before, blank lines not counted, of all but line feeds.
    pub repeated_text: Ratio,
    /// Ellipses and hash signs.
    pub symbols: (u64, u64),
    /// Lines between line feeds that have two hundred characters, up to three.
    pub long_lines: u64,
    /// Lines between line feeds.
    pub lines: u64,
}

/// Code points of `text`.
pub(super) fn count(text: &str) -> u64 {
    bytecount(text.as_bytes())
}

/// Bytes that begin a character.
fn bytecount(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64
}

/// The end marks of sentences that datatrove takes a line to be whole by (`TERMINAL_PUNCTUATION` in datatrove/utils/text.py), those of
/// scripts that no Chinese text holds left out.
pub(super) fn is_terminal(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '。'
            | '！'
            | '？'
            | '．'
            | '｡'
            | '﹒'
            | '﹖'
            | '﹗'
            | '‼'
            | '‽'
            | '⁇'
            | '⁈'
            | '⁉'
            | '⸮'
            | '⸼'
            | '᠃'
            | '᠉'
            | '।'
            | '॥'
            | '۔'
            | '؟'
            | '؞'
            | '։'
            | '።'
            | '፧'
            | '၊'
            | '။'
            | '។'
            | '៕'
    )
}

/// The lines of Python's `str.splitlines`.
pub(super) fn splitlines(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(ends) else {
            rest = None;
            return Some(text);
        };
        let (line, after) = text.split_at(at);
        let after = after.strip_prefix("\r\n").unwrap_or_else(|| {
            let mut chars = after.chars();
            chars.next();
            chars.as_str()
        });
        rest = Some(after).filter(|after| !after.is_empty());
        Some(line)
    })
}

/// How many of `parts` came before, their characters, and how many there are.
fn repeated<'t>(parts: impl Iterator<Item = &'t str>) -> (u64, u64, u64) {
    let mut seen = HashSet::new();
    let (mut times, mut characters, mut all) = (0, 0, 0);
    for part in parts {
        all += 1;
        if !seen.insert(xxh3_64(part.as_bytes())) {
            times += 1;
            characters += count(part);
        }
    }
    (times, characters, all)
}

/// What stands between runs of at least `least` line feeds.
fn between_feeds(text: &str, least: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut from = 0;
        while let Some(at) = memchr::memchr(b'\n', &text.as_bytes()[from..]) {
            let start = from + at;
            let feeds = text.as_bytes()[start..].iter().take_while(|&&byte| byte == b'\n').count();
            if feeds >= least {
                rest = Some(&text[start + feeds..]);
                return Some(&text[..start]);
            }
            from = start + feeds;
        }
        rest = None;
        Some(text)
    })
}

impl LineMeasures {
    /// Counts them in `text`.
    pub fn of(text: &str) -> LineMeasures {
        let characters = count(text);
        let mut found = LineMeasures { characters, ..LineMeasures::default() };
        let mut seen = HashSet::new();
        let mut repeated_text = 0;
        for line in text.split('\n') {
            found.lines += 1;
            found.long_lines += u64::from(found.long_lines < 3 && line.len() >= 200 && count(line) >= 200);
            if line.trim().is_empty() {
                continue;
            }
            found.ended.whole += 1;
            found.ended.part += u64::from(line.ends_with(is_terminal));
            if !seen.insert(xxh3_64(line.as_bytes())) {
                repeated_text += count(line);
            }
        }
        found.newlines = found.lines - 1;
        found.repeated_text = Ratio::new(repeated_text, characters - found.newlines);
        for line in splitlines(text) {
            found.bullets.part += u64::from(line.trim_start().starts_with(['•', '-']));
            let end = line.trim_end();
            found.ellipses.part += u64::from(end.ends_with('…') || end.ends_with("..."));
            found.bullets.whole += 1;
        }
        found.ellipses.whole = found.bullets.whole;
        let (times, size, all) = repeated(between_feeds(text, 1));
        found.repeated_lines = Ratio::new(times, all);
        found.repeated_line_characters = Ratio::new(size, characters);
        let (times, size, all) = repeated(between_feeds(text.trim(), 2));
        found.repeated_paragraphs = Ratio::new(times, all);
        found.repeated_paragraph_characters = Ratio::new(size, characters);
        let dots = memchr::memmem::find_iter(text.as_bytes(), "...").count() as u64;
        let ellipses = memchr::memmem::find_iter(text.as_bytes(), "…").count() as u64;
        found.symbols = (dots + ellipses, memchr::memchr_iter(b'#', text.as_bytes()).count() as u64);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_parted_as_python_parts_them() {
        let parts = |text| splitlines(text).collect::<Vec<_>>();
        assert_eq!(parts(""), [""; 0]);
        assert_eq!(parts("a\r\nb\rc\n"), ["a", "b", "c"]);
        assert_eq!(parts("\n\nb\u{2028}"), ["", "", "b"]);
        let parts = |text, least| between_feeds(text, least).collect::<Vec<_>>();
        assert_eq!(parts("a\n\nb\nc\n", 1), ["a", "b", "c", ""]);
        assert_eq!(parts("a\n\n\nb\nc", 2), ["a", "b\nc"]);
        assert_eq!(parts("", 1), [""]);
    }

    #[test]
    fn lines_are_counted() {
        let found = LineMeasures::of("一行。\n- 二\n\n- 二\n三……\n");
        assert_eq!((found.ended, found.bullets, found.ellipses), (Ratio::new(1, 4), Ratio::new(2, 5), Ratio::new(1, 5)));
        assert_eq!((found.repeated_lines, found.newlines, found.symbols), (Ratio::new(1, 5), 5, (2, 0)));
        assert_eq!(found.repeated_text, Ratio::new(3, 12));
        assert_eq!(LineMeasures::of("").repeated_lines, Ratio::new(0, 1));
    }
}
