//! Mojibake: text whose bytes were read in the wrong encoding. [`gate`] finds suspicious places in one quick walk, [`decode`]
//! finds their likeliest reading, here findings are made of it. [`document`] reads whole documents again.

mod channel;
mod codes;
mod decode;
mod document;
mod gate;
mod language;

pub(super) use document::WholeDocument;

use super::Detector;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::lexicon::Lexicon;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::is_unspaced;
use codes::Code;
use decode::{Decoder, Stretch};
use gate::Gate;
use language::Language;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::Arc;

/// Characters on either side of a place that tell whether it is Japanese.
const AROUND: usize = 100;

/// A longer place is read in parts.
const LONGEST: usize = 4000;

/// Characters of another language than Chinese that Chinese characters must have come from.
const LEAST_FOREIGN: i32 = 8;

/// What is known of right text.
struct Known {
    language: Language,
    gate: Gate,
}

/// What was read of right text, by the data it was read from: several rules ask for the same.
#[derive(Default)]
pub(super) struct AllKnown(Vec<(Cow<'static, str>, Arc<Known>)>);

impl Known {
    /// Reads the data file that the parameter `characters` names.
    fn read(rule: &Rule, path: &str, all: &mut AllKnown) -> Result<Arc<Known>, RuleError> {
        let characters = rule.data("characters", path)?;
        if let Some((_, known)) = all.0.iter().find(|known| known.0 == characters) {
            return Ok(known.clone());
        }
        let language = Language::new(&characters, Lexicon::builtin()).ok_or_else(|| {
            rule.error("characters", "the file of characters is damaged", "write a cost and characters on each line")
        })?;
        let known = Arc::new(Known { gate: Gate::new(&language), language });
        all.0.push((characters, known.clone()));
        Ok(known)
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// The file that says how common characters are, from the folder of the rules.
    characters: String,
    /// Where UTF-8 was read as Latin-1, or characters stand that only wrong readings have.
    utf8_as_latin: Bounds,
    /// Where Chinese encodings were.
    chinese_as_latin: Bounds,
    /// Where text was read as Chinese of another encoding, which could be Chinese.
    as_chinese: Bounds,
}

/// What it takes for an edit, and for a proposal.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Bounds {
    apply: Bound,
    propose: Bound,
}

/// What it takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Bound {
    /// How much likelier the repaired text must be, in bits.
    gain: i32,
    /// The same for every character of what stood there; where characters were lost, a third of it.
    each: i32,
    /// What a character of the repaired text may cost on average, in bits.
    most: i32,
    /// How many it must have.
    least: i32,
}

/// Finds wrongly decoded text and repairs it.
pub(super) struct Mojibake {
    rule: Arc<Rule>,
    params: Params,
    known: Arc<Known>,
}

impl Mojibake {
    pub(super) fn new(rule: Arc<Rule>, all: &mut AllKnown) -> Result<Self, RuleError> {
        let params: Params = rule.params()?;
        let known = Known::read(&rule, &params.characters, all)?;
        Ok(Mojibake { rule, params, known })
    }

    fn finding(&self, chars: &[(usize, char)], end: usize, stretch: Stretch) -> Option<Finding> {
        let at = |index: usize| chars.get(index).map_or(end, |c| c.0);
        let span = Span::new(at(stretch.start), at(stretch.end));
        let wrong = &chars[stretch.start..stretch.end];
        let Tally { count, chinese, lost } = Tally::of(&stretch.text);
        let told = wrong.iter().any(|c| self.known.language.is_telltale(c.1));
        let (bounds, fitting) = match (stretch.channel.right, stretch.channel.wrong) {
            (Code::Utf8, Code::Latin) => (&self.params.utf8_as_latin, true),
            (_, Code::Latin) => (&self.params.chinese_as_latin, chinese * 8 >= count * 7),
            // Chinese characters come of Chinese text, or of a long one in another language.
            _ if chinese * 8 < count * 7 => (&self.params.as_chinese, chinese == 0 && count >= LEAST_FOREIGN),
            (Code::Utf8, _) if told => (&self.params.utf8_as_latin, true),
            _ => (&self.params.as_chinese, true),
        };
        // Of each character a byte or two are left; with hardly more than one of them, anything could have been there.
        let guessed = stretch.channel.stripped && wrong.len() as i32 * 5 < count * 6;
        if !fitting || guessed || lost * 4 > count {
            return None;
        }
        let gain = stretch.gain / 8;
        let damaged = wrong.iter().any(|c| c.1 == '\u{FFFD}');
        let reaches = |bound: &Bound| {
            let each = if damaged { bound.each / 3 } else { bound.each };
            gain >= bound.gain.max(each * wrong.len() as i32) && stretch.cost <= count * 8 * bound.most && count >= bound.least
        };
        let limit = match () {
            () if stretch.whole && reaches(&bounds.apply) => Applicability::Auto,
            () if reaches(&bounds.propose) => Applicability::Review,
            () => return None,
        };
        let channels = std::iter::once(&stretch.channel).chain(&stretch.earlier);
        let message = channels.map(|channel| channel.name()).collect::<Vec<_>>().join(" of ");
        let mut finding = self.rule.replace(span, stretch.text.clone(), limit, message);
        finding.evidence.push(format!("the repaired text is likelier by {gain} bits"));
        if lost > 0 {
            finding.evidence.push(format!("{lost} characters cannot be recovered"));
        }
        finding.choices = vec![stretch.text];
        if limit == Applicability::Review {
            finding.confidence = finding.confidence.min(0.8);
        }
        Some(finding)
    }
}

impl Detector for Mojibake {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let Known { language, gate } = &*self.known;
        let mut decoder = Decoder::new(language);
        let mut findings = Vec::new();
        for place in gate.places(page.text) {
            let chars: Vec<(usize, char)> = place.of(page.text).char_indices().map(|(at, c)| (place.start + at, c)).collect();
            let mut rest = chars.as_slice();
            while !rest.is_empty() {
                let (part, after) = rest.split_at(part(rest));
                let text: Vec<char> = part.iter().map(|c| c.1).collect();
                let stretches = decoder.read(&text);
                if stretches.is_empty() || is_japanese(page.text, place) {
                    break;
                }
                let known = findings.len();
                let end = after.first().map_or(place.end, |c| c.0);
                for mut stretch in stretches {
                    decoder.deepen(&mut stretch, gate);
                    findings.extend(self.finding(part, end, stretch));
                }
                // What begins so long without one reading that makes sense is no text at all.
                if findings.len() == known {
                    break;
                }
                rest = after;
            }
        }
        findings
    }
}

/// How many characters are read at a time: to a character of ASCII, if there is one.
fn part(chars: &[(usize, char)]) -> usize {
    if chars.len() <= LONGEST {
        return chars.len();
    }
    (LONGEST / 2..LONGEST).rev().find(|&at| chars[at].1.is_ascii()).map_or(LONGEST, |at| at + 1)
}

/// Whether kana follow each other around `place` as they do in Japanese. Wrong readings have them one by one.
fn is_japanese(text: &str, place: Span) -> bool {
    let before = text[..place.start].chars().rev().take(AROUND);
    let behind = text[place.start..].chars().take(2 * AROUND);
    let (mut count, mut pairs) = (0, 0);
    for half in [&mut before.into_iter() as &mut dyn Iterator<Item = char>, &mut behind.into_iter()] {
        let mut last = false;
        for c in half {
            let kana = matches!(c, '\u{3041}'..='\u{30FF}');
            count += 1;
            pairs += usize::from(kana && last);
            last = kana;
        }
    }
    pairs * 8 > count
}

/// What a repaired text consists of.
struct Tally {
    count: i32,
    /// Of Chinese text, and ASCII.
    chinese: i32,
    lost: i32,
}

impl Tally {
    fn of(text: &str) -> Tally {
        let count = |matches: &dyn Fn(char) -> bool| text.chars().filter(|&c| matches(c)).count() as i32;
        let is_kana = |c: char| matches!(c, '\u{3040}'..='\u{30FF}');
        Tally {
            count: count(&|_| true),
            chinese: count(&|c| c.is_ascii() || c == '\u{3000}' || is_unspaced(c) && !is_kana(c)),
            lost: count(&|c| c == '\u{FFFD}'),
        }
    }
}

#[cfg(test)]
mod tests;
