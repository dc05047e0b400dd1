//! Reads one line: its width, its ends, and what kind of line it is. One walk over its characters tells nearly all of it;
//! patterns are tried on lines that begin and end as they ask.

use super::page::{End, Item, Line, Start, Vocabulary};
use crate::rule::Regexes;
use crate::text::Span;
use crate::text::chars::{is_blank, is_closer, is_han, is_line_start_forbidden, is_opener, is_sentence_end};
use crate::text::kind::Kind;
use std::ops::RangeInclusive;

/// Characters at either end of a line that most patterns are given.
const GLANCE: usize = 24;

/// Patterns and lists of the vocabulary, as bits.
const OPENERS: u16 = 1;
const END_MARKS: u16 = 1 << 1;
const SIGNATURES: u16 = 1 << 2;
const BYLINES: u16 = 1 << 3;
const CAPTIONS: u16 = 1 << 4;
const PHOTO_CREDITS: u16 = 1 << 5;
const LIST_ITEMS: u16 = 1 << 6;
const MARKUP: u16 = 1 << 7;
const LEADERS: u16 = 1 << 8;
const OPEN_END: u16 = 1 << 9;

/// A vocabulary, with tables that tell by a line's first and last character which of it is worth trying.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub(super) vocabulary: Vocabulary,
    first: Gates,
    last: Gates,
}

impl Reader {
    pub(super) fn new(vocabulary: Vocabulary) -> Reader {
        let (mut first, mut last) = (Gates::new(), Gates::new());
        let v = &vocabulary;
        for (bit, patterns) in [
            (OPENERS, &v.openers),
            (BYLINES, &v.bylines),
            (CAPTIONS, &v.captions),
            (LIST_ITEMS, &v.list_items),
            (MARKUP, &v.markup),
        ] {
            first.add(bit, patterns.first());
        }
        for (bit, patterns) in
            [(END_MARKS, &v.end_marks), (SIGNATURES, &v.signatures), (PHOTO_CREDITS, &v.photo_credits), (LEADERS, &v.leaders)]
        {
            last.add(bit, patterns.last());
        }
        first.set(OPEN_END, v.not_first.chars());
        last.set(OPEN_END, v.not_last.chars());
        Reader { vocabulary, first, last }
    }
}

/// A few bits for each character.
#[derive(Debug, Clone)]
struct Gates {
    /// Bits that all characters have.
    always: u16,
    /// Where the 256 characters of a page begin in `bits`; those of the first page there have none.
    pages: Vec<u16>,
    bits: Vec<u16>,
}

impl Gates {
    const PAGE: usize = 256;
    /// A class of more characters than this is no help.
    const MOST: usize = 40_000;

    fn new() -> Gates {
        Gates { always: 0, pages: vec![0; 0x11_0000 / Gates::PAGE], bits: vec![0; Gates::PAGE] }
    }

    /// Gives `bit` to the characters of `ranges`, or to all when nothing is known of them.
    fn add(&mut self, bit: u16, ranges: Option<&[RangeInclusive<char>]>) {
        let size = |range: &RangeInclusive<char>| *range.end() as usize - *range.start() as usize + 1;
        let Some(ranges) = ranges.filter(|ranges| ranges.iter().map(size).sum::<usize>() <= Gates::MOST) else {
            self.always |= bit;
            return;
        };
        self.set(bit, ranges.iter().cloned().flatten());
    }

    fn set(&mut self, bit: u16, chars: impl Iterator<Item = char>) {
        for c in chars {
            let page = &mut self.pages[c as usize / Gates::PAGE];
            if *page == 0 {
                *page = (self.bits.len() / Gates::PAGE) as u16;
                self.bits.resize(self.bits.len() + Gates::PAGE, 0);
            }
            self.bits[usize::from(*page) * Gates::PAGE + c as usize % Gates::PAGE] |= bit;
        }
    }

    #[inline]
    fn of(&self, c: char) -> u16 {
        let page = usize::from(self.pages[c as usize / Gates::PAGE]);
        self.bits[page * Gates::PAGE + c as usize % Gates::PAGE] | self.always
    }
}

/// The mark that `text` begins with, if it is one of an item.
fn item_of(text: &str) -> Item {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return Item::None };
    let rest = chars.as_str();
    let numeral = |c: char| matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '〇' | '零');
    let stop = |rest: &str| rest.starts_with(['、', '.', '．', ')', '）', ':', '：']);
    match first {
        '①'..='⓿' => Item::Circled,
        '•' | '·' | '●' | '○' | '■' | '□' | '◆' | '◇' | '▲' | '△' | '★' | '☆' | '※' | '►' | '‧' | '∙' => {
            Item::Sign
        }
        '-' | '*' | '+' | 'o' | '–' | '—' if rest.starts_with(is_blank) => Item::Sign,
        '（' | '(' | '〔' | '【' => {
            let inner = rest.trim_start_matches(|c: char| numeral(c) || c.is_ascii_alphanumeric());
            let length = rest.len() - inner.len();
            if (1..=12).contains(&length) && inner.starts_with(['）', ')', '〕', '】']) { Item::Bracketed } else { Item::None }
        }
        '第' => {
            let after = rest.trim_start_matches(|c: char| numeral(c) || c.is_ascii_digit());
            if after.len() < rest.len() && after.starts_with(['条', '章', '节', '款', '项', '编', '條', '節', '項', '回', '课'])
            {
                Item::Clause
            } else {
                Item::None
            }
        }
        c if numeral(c) => {
            if stop(rest.trim_start_matches(numeral)) {
                Item::Numeral
            } else {
                Item::None
            }
        }
        '0'..='9' => {
            let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            match after.strip_prefix(['.', '．']) {
                Some(more) if more.starts_with(|c: char| c.is_ascii_digit()) => Item::Levels,
                _ if text.len() - after.len() <= 3 && stop(after) => Item::Number,
                _ => Item::None,
            }
        }
        c if c.is_ascii_alphabetic() && rest.starts_with([')', '.', '）', '、']) && !rest.starts_with("..") => Item::Letter,
        _ => Item::None,
    }
}

fn head(text: &str) -> &str {
    text.char_indices().nth(GLANCE).map_or(text, |(at, _)| &text[..at])
}

fn tail(text: &str) -> &str {
    text.char_indices().rev().nth(GLANCE - 1).map_or(text, |(at, _)| &text[at..])
}

/// What a walk over a line's characters counts.
#[derive(Default)]
struct Walk {
    cells: usize,
    chars: usize,
    unspaced: usize,
    /// Single blanks between characters that have none beside them.
    gaps: usize,
    /// Places of two blanks or more.
    wide: u8,
    commas: usize,
    open: i32,
    letters: usize,
    signs: usize,
    loose: u16,
    tight: u16,
    kinds: Kind,
    inner_sentence: bool,
    inner_marks: bool,
    /// The number of the last mark of prose, counted from 1.
    last_mark: usize,
    colon: bool,
    slashes: bool,
}

impl Walk {
    fn over(text: &str) -> Walk {
        let mut walk = Walk::default();
        let (mut before, mut previous) = (Kind::NONE, Kind::NONE);
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let kind = Kind::of(c);
            if kind == Kind::COMMON && previous == Kind::COMMON {
                // Nearly all of a Chinese text: none but these two changes.
                (walk.chars, walk.unspaced) = (walk.chars + 1, walk.unspaced + 1);
                before = kind;
                let rest = chars.as_str().as_bytes();
                let run = rest.chunks_exact(3).take_while(|c| matches!((c[0], c[1]), (0xE4, 0xB8..) | (0xE5..=0xE9, _))).count();
                walk.chars += run;
                walk.unspaced += run;
                walk.cells += (run + 1) * 2;
                chars = chars.as_str()[run * 3..].chars();
                continue;
            }
            walk.step(kind, previous, before);
            (before, previous) = (previous, kind);
        }
        walk
    }

    #[inline]
    fn step(&mut self, kind: Kind, previous: Kind, before: Kind) {
        self.chars += 1;
        self.kinds = self.kinds.or(kind);
        self.cells += kind.cells();
        let spaced = previous.is(Kind::SPACE);
        if kind.is(Kind::UNSPACED) {
            self.unspaced += 1;
            self.gaps += usize::from(spaced && before.is(Kind::UNSPACED));
        }
        self.inner_sentence |= previous.is(Kind::SENTENCE) && !kind.is(Kind::CLOSER | Kind::SENTENCE);
        if kind.is(Kind::HAN | Kind::LETTER) {
            let other = if kind.is(Kind::HAN) { Kind::LETTER } else { Kind::HAN };
            self.letters += usize::from(kind.is(Kind::LETTER));
            self.tight = self.tight.saturating_add(u16::from(previous.is(other)));
            self.loose = self.loose.saturating_add(u16::from(spaced && before.is(other)));
            return;
        }
        self.signs += usize::from(kind.is(Kind::SIGN));
        let two = kind.is(Kind::BLANK) && previous.is(Kind::BLANK) && !before.is(Kind::BLANK);
        self.wide = self.wide.saturating_add(u8::from(two || kind.is(Kind::GAP)));
        self.open += i32::from(kind.is(Kind::OPENER)) - i32::from(kind.is(Kind::CLOSES));
        self.commas += usize::from(kind.is(Kind::COMMA));
        self.colon |= kind.is(Kind::COLON);
        self.slashes |= kind.is(Kind::SLASH) && previous.is(Kind::SLASH);
        if kind.is(Kind::MARK) {
            self.inner_marks |= self.last_mark > 0;
            self.last_mark = self.chars;
        }
    }
}

fn end_of(core: &str) -> End {
    let mut tail = core.chars().rev();
    match tail.next() {
        None => End::Other,
        Some(c) if Kind::is_common(c) => End::Han,
        Some(c) if is_sentence_end(c) => End::Sentence,
        Some('.') if tail.next().is_some_and(is_han) => End::Sentence,
        Some('，' | '、' | ',') => End::Comma,
        Some('；' | ';') => End::Semicolon,
        Some('：' | ':') => End::Colon,
        Some(c) if is_opener(c) => End::Opener,
        Some(c) if is_han(c) => End::Han,
        Some(c) if c.is_alphanumeric() => End::Alnum,
        Some(_) => End::Other,
    }
}

fn start_of(first: char) -> Start {
    match first {
        c if Kind::is_common(c) => Start::Han,
        '“' | '‘' | '「' | '『' => Start::Quote,
        c if is_opener(c) => Start::Bracket,
        c if is_line_start_forbidden(c) => Start::Forbidden,
        c if is_han(c) => Start::Han,
        c if c.is_ascii_digit() => Start::Digit,
        c if c.is_lowercase() => Start::Lower,
        c if c.is_uppercase() => Start::Upper,
        _ => Start::Other,
    }
}

/// Whether `text` begins with a name of at most five characters and a colon.
fn is_speaker(text: &str) -> bool {
    let mut chars = text.chars();
    let name = chars.by_ref().take_while(|&c| is_han(c)).take(6).count();
    // What was taken after the name is its colon.
    (1..=5).contains(&name) && text.chars().nth(name).is_some_and(|c| matches!(c, '：' | ':'))
}

fn percent(part: usize, whole: usize) -> u8 {
    if part == 0 { 0 } else { (part * 100 / whole) as u8 }
}

/// Reads `text`, which is neither empty nor begins or ends with a blank. Its place is for the caller to fill in.
pub(super) fn describe(text: &str, reader: &Reader) -> Line {
    let walk = Walk::over(text);
    let (first, last) = (text.chars().next().unwrap_or('\0'), text.chars().next_back().unwrap_or('\0'));
    let (begins, ends) = (reader.first.of(first), reader.last.of(last));
    let vocabulary = &reader.vocabulary;
    let at_start = |bit: u16, patterns: &Regexes| begins & bit != 0 && patterns.is_match(head(text));
    let at_end = |bit: u16, patterns: &Regexes| ends & bit != 0 && patterns.is_match(tail(text));
    let core = if is_closer(last) { text.trim_end_matches(is_closer) } else { text };
    let short = walk.chars <= 60;
    let spaced = walk.gaps >= 3 && walk.gaps * 4 >= walk.unspaced;
    Line {
        span: Span::new(0, 0),
        raw: Span::new(0, 0),
        next: 0,
        blanks: 0,
        page_top: false,
        indent: 0,
        cells: if spaced { walk.cells - walk.gaps } else { walk.cells },
        chars: walk.chars,
        end: end_of(core),
        closed: core.len() < text.len(),
        start: start_of(first),
        opener: at_start(OPENERS, &vocabulary.openers),
        end_mark: at_end(END_MARKS, &vocabulary.end_marks),
        signature: at_end(SIGNATURES, &vocabulary.signatures),
        byline: short && begins & BYLINES != 0 && vocabulary.bylines.is_match(text),
        caption: walk.chars <= 200
            && (at_start(CAPTIONS, &vocabulary.captions) || at_end(PHOTO_CREDITS, &vocabulary.photo_credits)),
        list_item: at_start(LIST_ITEMS, &vocabulary.list_items),
        item: item_of(text),
        wide_indent: false,
        quoted: 0,
        kinds: walk.kinds,
        latin: percent(walk.letters, walk.chars),
        signs: percent(walk.signs, walk.chars),
        gaps: walk.wide.min(9),
        slashes: walk.slashes,
        markup: at_start(MARKUP, &vocabulary.markup) || (short && at_end(LEADERS, &vocabulary.leaders)),
        speaker: walk.colon && is_speaker(text),
        han: walk.unspaced * 2 >= walk.chars,
        inner_marks: walk.inner_marks || walk.last_mark > 0 && walk.last_mark + 1 < walk.chars,
        trailing: 0,
        ends_open: ends & OPEN_END != 0,
        begins_open: begins & OPEN_END != 0,
        spaced,
        commas: walk.commas,
        punctuated: walk.last_mark > 0,
        open: walk.open,
        inner_sentence: walk.inner_sentence,
        headline_zone: false,
        latin_beside_han: (walk.loose, walk.tight),
    }
}
