//! Whole documents that were read in the wrong encoding.

use super::channel::CHANNELS;
use super::codes::Code;
use super::decode::DEEPEST;
use super::language::Language;
use super::{AllKnown, Known};
use crate::edit::{Applicability, Change, Finding};
use crate::pass::Detector;
use crate::pass::page::Page;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::is_unspaced;
use crate::text::lines::lines;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// The file that says how common characters are, from the folder of the rules.
    characters: String,
    /// Characters that must have been read wrongly.
    least: usize,
    /// The share of the text beyond ASCII, in per cent, that must be right after the repair.
    least_share: usize,
    /// How much likelier the repaired text must be, in bits for each character of it.
    gain: i32,
}

/// Finds documents of which nearly every line was read in the same wrong encoding, and repairs them whole.
pub(in crate::pass) struct WholeDocument {
    rule: Arc<Rule>,
    params: Params,
    known: Arc<Known>,
}

impl WholeDocument {
    pub(in crate::pass) fn new(rule: Arc<Rule>, all: &mut AllKnown) -> Result<Self, RuleError> {
        let params: Params = rule.params()?;
        let known = Known::read(&rule, &params.characters, all)?;
        Ok(WholeDocument { rule, params, known })
    }

    /// The lines of a document that change when bytes of `wrong` are read as `right`, with what becomes of them; `None` unless
    /// that is clearly what happened to the document.
    fn repaired(&self, all: &[(Span, String)], right: Code, wrong: Code) -> Option<Vec<(Span, String)>> {
        let language = &self.known.language;
        let (mut whole, mut broken, mut count, mut gain) = (0, 0, 0, 0i64);
        let mut repaired = Vec::with_capacity(all.len());
        for (span, text) in all {
            let odd = text.chars().filter(|c| !c.is_ascii()).count();
            match read_again(text, right, wrong).filter(|_| odd > 0) {
                Some(new) => {
                    whole += odd;
                    count += new.chars().filter(|&c| is_unspaced(c)).count();
                    gain += alone(language, text) - alone(language, &new);
                    repaired.push((*span, new));
                }
                None => {
                    broken += odd;
                    repaired.push((*span, text.clone()));
                }
            }
            // No need to read on when it cannot be any more.
            if broken > 1000 && broken > whole {
                return None;
            }
        }
        let clear = whole >= self.params.least
            && whole * 100 >= (whole + broken) * self.params.least_share
            && gain >= i64::from(self.params.gain) * 8 * count as i64;
        clear.then_some(repaired)
    }
}

impl Detector for WholeDocument {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        if !self.known.gate.doubts(page.text) {
            return Vec::new();
        }
        let original: Vec<(Span, String)> =
            lines(page.text).map(|line| (line.content, line.content.of(page.text).to_owned())).collect();
        let mut current = original.clone();
        let mut names: Vec<String> = Vec::new();
        for _ in 0..DEEPEST {
            let readings = CHANNELS.iter().filter(|channel| !channel.stripped);
            let found = readings.filter_map(|channel| {
                let repaired = self.repaired(&current, channel.right, channel.wrong)?;
                let cost: i64 = repaired.iter().map(|(_, text)| alone(&self.known.language, text)).sum();
                Some((cost, channel.name(), repaired))
            });
            let Some((_, name, repaired)) = found.min_by_key(|(cost, ..)| *cost) else { break };
            current = repaired;
            names.push(name);
        }
        if names.is_empty() {
            return Vec::new();
        }
        let changes: Vec<Change> = original
            .iter()
            .zip(current)
            .filter(|((_, old), (_, new))| old != new)
            .map(|(_, (span, text))| Change { span, text })
            .collect();
        let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return Vec::new() };
        let span = Span::new(first.span.start, last.span.end);
        let message = format!("the whole document is {}", names.join(" of "));
        let count = changes.len();
        let mut finding = self.rule.change(span, changes, Applicability::Auto, message);
        finding.evidence.push(format!("{count} lines are the same bytes in both readings"));
        vec![finding]
    }
}

/// `text` with its bytes in `wrong` read as `right`; `None` when that is not to be had without loss, or changes nothing.
fn read_again(text: &str, right: Code, wrong: Code) -> Option<String> {
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    for c in text.chars() {
        let (first, second) = wrong.bytes(c)[0]?;
        bytes.push(first);
        bytes.extend(second);
    }
    let new = match right {
        Code::Utf8 => String::from_utf8(bytes).ok()?,
        Code::Latin => return None,
        code => {
            let mut new = String::with_capacity(text.len());
            let mut rest = bytes.as_slice();
            while let [first, after @ ..] = rest {
                (new, rest) = match (first, after) {
                    (0..=0x7F, _) => (new + char::from(*first).encode_utf8(&mut [0; 4]), after),
                    (lead, [trail, after @ ..]) => (new + code.char(*lead, *trail)?.encode_utf8(&mut [0; 4]), after),
                    _ => return None,
                };
            }
            new
        }
    };
    let sound = new.chars().all(|c| !matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}') && (!c.is_control() || c == '\t'));
    (sound && new != text && !new.contains(['\n', '\r'])).then_some(new)
}

/// What the characters of `text` cost, each by itself.
fn alone(language: &Language, text: &str) -> i64 {
    text.chars().map(|c| i64::from(language.alone(c))).sum()
}
