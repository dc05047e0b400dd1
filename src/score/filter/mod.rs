//! What the filters that people use say of a text: one file a family. Each is a table of thresholds in the order in which the
//! published code tries them, over the same measures.

mod c4;
mod fineweb2;
mod gopher;

pub(super) use c4::C4Measures;

use super::fixed::{Fixed, Ratio};
use super::grams::GramMeasures;
use super::lines::LineMeasures;
use crate::lexicon::Lexicon;
use crate::text::Span;
use serde::Serialize;
use std::fmt;

/// A filter.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// What signals and reports call it.
    pub name: &'static str,
    /// Where its thresholds are from.
    pub source: &'static str,
    judge: fn(&Measures) -> Vec<Failed>,
}

impl Filter {
    /// The thresholds that a text with these measures fails, in the order in which they are tried.
    pub fn judge(&self, measures: &Measures) -> Vec<Failed> {
        (self.judge)(measures)
    }
}

/// All filters.
pub const FILTERS: &[Filter] = &[
    Filter { name: "gopher", source: gopher::SOURCE, judge: gopher::judge },
    Filter { name: "c4", source: c4::SOURCE, judge: c4::judge },
    Filter { name: "mc4", source: c4::SOURCE_PARAGRAPHS, judge: c4::judge_paragraphs },
    Filter { name: "fineweb2", source: fineweb2::SOURCE, judge: fineweb2::judge },
];

/// A threshold that a text fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// What it is of, as datatrove names the reason.
    pub threshold: &'static str,
    /// What the text has.
    pub value: Fixed,
    /// What it may have at most, or must have at least.
    pub limit: Fixed,
    /// Whether the value is above the limit rather than below.
    pub above: bool,
}

/// `top_2_gram 0.31 > 0.2`
impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.above { '>' } else { '<' };
        write!(f, "{} {} {sign} {}", self.threshold, self.value, self.limit)
    }
}

/// What filters measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measures {
    /// Of lines and paragraphs.
    pub lines: LineMeasures,
    /// Of runs of words.
    pub grams: GramMeasures,
    /// Words, marks and signs among them.
    pub words: u64,
    /// Words that are no marks.
    pub real_words: u64,
    /// The characters of these.
    pub word_characters: u64,
    /// Words with a letter in them, of all.
    pub alphabetic: Ratio,
    /// Different stop words.
    pub stop_words: u64,
    pub(super) c4: C4Measures,
}

/// The commonest words of Chinese, of which a text must have two: the stop words of FineWeb2 for Mandarin
/// (configs/cmn_Hani.yml in huggingface/fineweb-2).
const STOP_WORDS: [&str; 22] = [
    "的", "年", "在", "月", "是", "和", "日", "了", "於", "·", "為", "有", "被", "人", "中", "为", "他", "與", "後", "也", "而",
    "由",
];

/// What datatrove takes for punctuation (`PUNCTUATION` and `TERMINAL_PUNCTUATION` in datatrove/utils/text.py).
fn is_punctuation(c: char) -> bool {
    const MARKS: &str = "!/—”:％１〈&(、━\\【#%「」，】；+^]~“《„';’{|∶´[=-`*．（–？！：$～«〉,><》)?）。…@_.\"}►»";
    match c {
        '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => true,
        '\u{4E00}'..='\u{9FFF}' => false,
        c => MARKS.contains(c) || super::lines::is_terminal(c),
    }
}

impl Measures {
    /// Measures `text`, whose words are `words`.
    pub fn of(text: &str, words: &[Span], lexicon: &Lexicon) -> Measures {
        let lines = LineMeasures::of(text);
        let (mut real_words, mut word_characters, mut alphabetic, mut met) = (0, 0, 0, 0_u32);
        for word in words {
            let word = word.of(text);
            if word.chars().any(|c| !is_punctuation(c)) {
                real_words += 1;
                word_characters += super::lines::count(word);
            }
            alphabetic += u64::from(word.chars().any(char::is_alphabetic));
            if let Some(number) = STOP_WORDS.iter().position(|&stop| stop == word) {
                met |= 1 << number;
            }
        }
        let all = words.len() as u64;
        Measures {
            lines,
            grams: GramMeasures::of(text, words, lines.characters),
            words: all,
            real_words,
            word_characters,
            alphabetic: Ratio::new(alphabetic, all),
            stop_words: u64::from(met.count_ones()),
            c4: C4Measures::of(text, words, lexicon),
        }
    }
}

/// Tries thresholds one after another.
#[derive(Default)]
struct Trial(Vec<Failed>);

impl Trial {
    fn most(&mut self, threshold: &'static str, value: Ratio, limit: Fixed) {
        if value.exceeds(limit) {
            self.0.push(Failed { threshold, value: value.fixed(), limit, above: true });
        }
    }

    fn least(&mut self, threshold: &'static str, value: Ratio, limit: Fixed) {
        if value.falls_short(limit) {
            self.0.push(Failed { threshold, value: value.fixed(), limit, above: false });
        }
    }
}

/// So many things.
fn whole(count: u64) -> Ratio {
    Ratio::new(count, 1)
}
