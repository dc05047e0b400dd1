//! How likely a text is, character by character: the smaller the cost, the likelier. All in eighths of a bit.

use crate::lexicon::Lexicon;
use crate::text::chars::is_han;
use std::sync::Arc;

/// A character of which nothing is known.
const UNKNOWN: i32 = 176;

/// What a traditional character costs more than the simplified one that stands for it.
const TRADITIONAL: i32 = 16;

/// A character that has just been there costs no more.
const AGAIN: i32 = 72;

/// No character costs less, however well it follows the one before.
const LEAST: i32 = 8;

/// What a character costs, at least, that only wrong readings have.
const TELLTALE: i32 = 240;

/// The last three characters of a text, the latest last.
pub(super) type Context = [char; 3];

/// The context at the beginning of a line.
pub(super) const START: Context = ['\n'; 3];

/// Character costs, and the lexicon that knows which characters stand together.
pub(super) struct Language {
    /// By code, for the basic plane; 0 where nothing is known.
    costs: Vec<u8>,
    lexicon: Arc<Lexicon>,
    /// Known characters, the commonest first.
    known: Vec<char>,
}

/// What kinds of characters follow their own kind.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Kana,
    Hangul,
    Other,
}

fn script(c: char) -> Script {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => {
            Script::Latin
        }
        '\u{370}'..='\u{3FF}' => Script::Greek,
        '\u{400}'..='\u{4FF}' => Script::Cyrillic,
        '\u{3041}'..='\u{30FF}' => Script::Kana,
        '\u{AC00}'..='\u{D7A3}' => Script::Hangul,
        _ => Script::Other,
    }
}

impl Language {
    /// Reads `characters`: a cost a line, with the characters that have it.
    pub fn new(characters: &str, lexicon: Arc<Lexicon>) -> Option<Language> {
        let mut costs = vec![0; 0x1_0000];
        let mut known = Vec::new();
        for line in characters.lines() {
            let (cost, chars) = line.split_once(' ')?;
            let cost: u8 = cost.parse().ok().filter(|&cost| i32::from(cost) >= LEAST)?;
            for c in chars.chars() {
                *costs.get_mut(c as usize)? = cost;
                if i32::from(cost) < TELLTALE {
                    known.push(c);
                }
            }
        }
        for (traditional, simplified) in Lexicon::traditional() {
            let (Some(&cost), at) = (costs.get(simplified as usize), traditional as usize) else { continue };
            let cost = (i32::from(cost) + TRADITIONAL).min(TELLTALE - 1) as u8;
            if at < costs.len() && cost > TRADITIONAL as u8 && (costs[at] == 0 || cost < costs[at]) {
                if costs[at] == 0 {
                    known.push(traditional);
                }
                costs[at] = cost;
            }
        }
        known.sort_by_key(|&c| (costs[c as usize], c));
        Some(Language { costs, lexicon, known })
    }

    /// Characters of which something is known, the commonest first.
    pub fn known(&self) -> &[char] {
        &self.known
    }

    /// Whether only wrong readings have `c`.
    pub fn is_telltale(&self, c: char) -> bool {
        self.alone(c) >= TELLTALE
    }

    /// What `c` costs by itself.
    pub fn alone(&self, c: char) -> i32 {
        let known = self.costs.get(c as usize).copied().unwrap_or(0);
        match c {
            _ if known != 0 => known.into(),
            ' '..='~' | '\t' => 40,
            '\u{A0}' | '\u{2002}'..='\u{200A}' | '\u{3000}' => 72,
            '\u{7F}'..='\u{9F}' => 120,
            '\u{A1}'..='\u{BF}' | '×' | '÷' => 88,
            '\u{AC00}'..='\u{D7A3}' => 80,
            'の' => 88,
            '\u{3041}'..='\u{30FF}' => 104,
            // Nobody writes a Greek letter that looks like a Latin one.
            'Α' | 'Β' | 'Ε' | 'Ζ' | 'Η' | 'Ι' | 'Κ' | 'Μ' | 'Ν' | 'Ο' | 'Ρ' | 'Τ' | 'Υ' | 'Χ' => 152,
            '\u{370}'..='\u{3FF}' => 104,
            '\u{400}'..='\u{4FF}' => 128,
            '\u{C0}'..='\u{17F}' | 'Ơ' | 'ơ' | 'Ư' | 'ư' | '\u{1EA0}'..='\u{1EF9}' => 80,
            '\u{E000}'..='\u{F8FF}' => 136,
            // Nobody writes it, and nothing is gained by guessing what it was.
            '\u{FFFD}' => LEAST,
            '\u{FF01}'..='\u{FF5E}' => 88,
            '\u{2010}'..='\u{2027}' | '\u{2190}'..='\u{21FF}' | '\u{2460}'..='\u{24FF}' => 96,
            '\u{2500}'..='\u{26FF}' | '\u{3001}'..='\u{3040}' | '\u{3100}'..='\u{33FF}' => 120,
            _ => UNKNOWN,
        }
    }

    /// What `c` costs after `before`.
    pub fn cost(&self, before: Context, c: char) -> i32 {
        let last = before[2];
        // Rare characters come back at once: 皎皎, 仄仄平平.
        let alone = if before.contains(&c) { self.alone(c).min(AGAIN) } else { self.alone(c) };
        if is_han(c) {
            if !is_han(last) {
                return alone;
            }
            let together = i32::from(self.lexicon.association(last, c)).max(-48);
            let mut cost = alone - together;
            if together > 0 && is_han(before[1]) {
                cost -= self.in_word(before, c);
            }
            return cost.max(LEAST);
        }
        match script(c) {
            Script::Other if c == last && matches!(c, '…' | '—' | '\u{3000}' | '\u{2500}'..='\u{25FF}') => LEAST,
            Script::Other => alone,
            // No language has one letter with an accent after the other.
            Script::Latin if !c.is_ascii() && !last.is_ascii() => alone,
            of if of == script(last) => alone.min(48),
            // A word of another language between words of it.
            Script::Latin | Script::Greek | Script::Cyrillic if !is_han(last) => alone.min(64),
            _ => alone,
        }
    }

    /// What is to be taken off when `c` ends a word of three or four characters.
    fn in_word(&self, before: Context, c: char) -> i32 {
        let mut word = [0; 16];
        let mut length = 0;
        for c in before.into_iter().chain([c]) {
            length += c.encode_utf8(&mut word[length..]).len();
        }
        let word = std::str::from_utf8(&word[..length]).unwrap_or_default();
        let three = &word[before[0].len_utf8()..];
        match (self.lexicon.frequency(three), is_han(before[0]).then(|| self.lexicon.frequency(word)).flatten()) {
            (None, None) => 0,
            _ => 16,
        }
    }
}

/// The context after `c`.
pub(super) fn after(before: Context, c: char) -> Context {
    [before[1], before[2], c]
}
