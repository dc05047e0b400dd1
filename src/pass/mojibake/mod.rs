//! Mojibake: text whose bytes were read in the wrong encoding. [`gate`] finds suspicious places in one quick walk, [`decode`]
//! finds their likeliest reading, here findings are made of it.

mod codes;
mod decode;
mod gate;
mod language;

use super::Detector;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::lexicon::Lexicon;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use decode::{Decoder, Stretch};
use gate::Gate;
use language::Language;
use serde::Deserialize;
use std::sync::{Arc, LazyLock};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    /// The file that says how common characters are, from the folder of the rules.
    characters: String,
    /// How much likelier the repaired text must be for an edit, and for a proposal, in bits.
    apply: i32,
    propose: i32,
}

/// Characters on either side of a place that tell whether it is Japanese.
const AROUND: usize = 100;

/// Finds wrongly decoded text and repairs it.
pub(super) struct Mojibake {
    rule: Arc<Rule>,
    params: Params,
    known: LazyLock<Known, Box<dyn FnOnce() -> Known + Send + Sync>>,
}

struct Known {
    language: Language,
    gate: Gate,
}

impl Mojibake {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: Params = rule.params()?;
        let characters = rule.data("characters", &params.characters)?.into_owned();
        let language = Language::new(&characters, Lexicon::builtin());
        let language = language.ok_or_else(|| {
            rule.error("characters", "the file of characters is damaged", "write a cost and characters on each line")
        })?;
        let known = LazyLock::new(Box::new(move || Known { gate: Gate::new(&language), language }) as Box<_>);
        Ok(Mojibake { rule, params, known })
    }

    fn finding(&self, chars: &[(usize, char)], end: usize, stretch: Stretch) -> Option<Finding> {
        let at = |index: usize| chars.get(index).map_or(end, |c| c.0);
        let span = Span::new(at(stretch.start), at(stretch.end));
        let count = stretch.text.chars().count() as i32;
        let gain = stretch.gain / 8;
        let lost = stretch.text.chars().filter(|&c| c == '\u{FFFD}').count() as i32;
        if gain < self.params.propose || stretch.cost > count * 8 * 12 || lost * 2 >= count {
            return None;
        }
        let limit = if stretch.whole && gain >= self.params.apply { Applicability::Auto } else { Applicability::Review };
        let channel = stretch.channel;
        let message = format!("{} read as {}", channel.right.name(), channel.wrong.name());
        let mut finding = self.rule.replace(span, stretch.text.clone(), limit, message);
        finding.choices = vec![stretch.text];
        if limit == Applicability::Review {
            finding.confidence = finding.confidence.min(0.8);
        }
        Some(finding)
    }
}

impl Detector for Mojibake {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        if std::env::var_os("MJDEBUG").is_some() { self.debug(page.text); }
        let Known { language, gate } = &*self.known;
        let mut decoder = Decoder::new(language);
        let mut findings = Vec::new();
        for place in gate.places(page.text) {
            let chars: Vec<(usize, char)> = place.of(page.text).char_indices().map(|(at, c)| (place.start + at, c)).collect();
            let text: Vec<char> = chars.iter().map(|c| c.1).collect();
            let stretches = decoder.read(&text);
            if stretches.is_empty() || is_japanese(page.text, place) {
                continue;
            }
            findings.extend(stretches.into_iter().filter_map(|stretch| self.finding(&chars, place.end, stretch)));
        }
        findings
    }
}

/// Whether kana follow each other around `place` as they do in Japanese. Wrong readings have them one by one.
fn is_japanese(text: &str, place: Span) -> bool {
    let before = text[..place.start].chars().rev().take(AROUND);
    let behind = text[place.start..].chars().take(AROUND + text[place.start..place.end].chars().count());
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
#[doc(hidden)]
impl Mojibake { pub(super) fn debug(&self, t: &str) { let s=std::time::Instant::now(); let p=self.known.gate.places(t); let g=s.elapsed(); let n:usize=p.iter().map(|s| s.of(t).chars().count()).sum(); let s=std::time::Instant::now(); let mut d=Decoder::new(&self.known.language); for q in &p { let c:Vec<char>=q.of(t).chars().collect(); d.read(&c);} let dd=s.elapsed(); eprintln!("places {} chars {} of {} gate {:?} dp {:?} = {} ns/char", p.len(), n, t.chars().count(), g, dd, dd.as_nanos() as f64/n as f64);
 for q in p.iter().take(30) { eprintln!("  {}", q.of(t)); } } }
