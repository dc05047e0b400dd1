//! A quick look for places where text may have been decoded wrongly: rare characters and those of other scripts close together.

use super::language::Language;
use crate::text::Span;

/// Points at which a place is looked at more closely.
const SUSPICIOUS: i32 = 14;

/// Characters on either side of a suspicious place that are looked at with it.
const MARGIN: usize = 16;

/// How suspicious each character is.
pub(super) struct Gate {
    points: Vec<i8>,
}

/// The characters of a text as numbers, with their places. Those beyond the basic plane have one number together.
struct Codes<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Codes<'_> {
    fn of(text: &str) -> Codes<'_> {
        Codes { bytes: text.as_bytes(), at: 0 }
    }
}

impl Iterator for Codes<'_> {
    type Item = (usize, u16);

    #[inline]
    fn next(&mut self) -> Option<(usize, u16)> {
        /// No character has this number, and no points.
        const BEYOND: u16 = 0xD800;
        let at = self.at;
        let low = |byte: u8| u16::from(byte & 63);
        let (code, length) = match *self.bytes.get(at..)? {
            [] => return None,
            [a @ 0xE0..=0xEF, b, c, ..] => (u16::from(a & 15) << 12 | low(b) << 6 | low(c), 3),
            [a @ ..=0x7F, ..] => (a.into(), 1),
            [a @ ..=0xDF, b, ..] => (u16::from(a & 31) << 6 | low(b), 2),
            _ => (BEYOND, 4),
        };
        self.at += length;
        Some((at, code))
    }
}

impl Gate {
    pub fn new(language: &Language) -> Gate {
        let points = (0..0x1_0000).map(|code| char::from_u32(code).map_or(0, |c| points(language, c))).collect();
        Gate { points }
    }

    /// Whether so many of the characters of `text` beyond ASCII are odd that most of it may be wrong. Looks at samples.
    pub fn doubts(&self, text: &str) -> bool {
        const SAMPLES: usize = 8;
        const SAMPLE: usize = 400;
        let (mut count, mut odd) = (0, 0);
        for part in 0..SAMPLES {
            let boundary = |from: usize| (from..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
            let [start, end] = [part, part + 1].map(|part| boundary(text.len() / SAMPLES * part));
            for (_, code) in Codes::of(&text[start..end]).filter(|&(_, code)| code > 0x7F).take(SAMPLE) {
                count += 1;
                odd += usize::from(self.points[usize::from(code)] > 2);
            }
        }
        odd * 4 > count
    }

    /// Places to look at, ascending and disjoint, none beyond a line.
    pub fn places(&self, text: &str) -> Vec<Span> {
        let mut places: Vec<Span> = Vec::new();
        // Where the points began to rise, the most they came to since, and where that was.
        let (mut start, mut sum, mut peak, mut last) = (0, 0, 0, 0);
        let mut close = |start: usize, peak: i32, last: usize| {
            if peak < SUSPICIOUS {
                return;
            }
            let mut span = Span::new(start, last);
            let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
            let line_end = text[last..].find('\n').map_or(text.len(), |at| last + at);
            span.start =
                text[line_start..start].char_indices().rev().take(MARGIN).last().map_or(start, |(at, _)| line_start + at);
            span.end = text[last..line_end].char_indices().nth(MARGIN).map_or(line_end, |(at, _)| last + at);
            match places.last_mut().filter(|place| place.end >= span.start) {
                Some(place) => place.end = place.end.max(span.end),
                None => places.push(span),
            }
        };
        let mut codes = Codes::of(text);
        while let Some((at, code)) = codes.next() {
            let points = i32::from(self.points[usize::from(code)]);
            if sum == 0 {
                if points <= 0 {
                    continue;
                }
                start = at;
            }
            sum = (sum + points).min(4 * SUSPICIOUS);
            if code == u16::from(b'\n') || sum <= 0 {
                close(start, peak, last);
                (sum, peak) = (0, 0);
            } else if points > 0 {
                (peak, last) = (peak.max(sum), codes.at);
            }
        }
        close(start, peak, last);
        places
    }
}

fn points(language: &Language, c: char) -> i8 {
    match c {
        '\n' | '\r' => i8::MIN,
        // As first bytes of UTF-8 read as Latin-1, these are hardly ever letters.
        'Â' | 'Ã' => 14,
        '\u{80}'..='\u{9F}' => 8,
        '·' | '×' | '°' | '±' | '\u{A0}' => -1,
        '\u{A1}'..='\u{FF}' => 7,
        '\u{152}'..='\u{178}' | '\u{2C6}' | '\u{2DC}' | '€' | '™' | '†' | '‡' | '•' => 3,
        '\u{370}'..='\u{4FF}' => 0,
        '\u{3041}'..='\u{30FF}' => -2,
        '\u{E000}'..='\u{F8FF}' => 5,
        '\u{FFFD}' => 0,
        ' '..='~' => -2,
        '\u{AC00}'..='\u{D7A3}' => -4,
        _ => ((language.alone(c) - 104) / 8).clamp(-4, 18) as i8,
    }
}
