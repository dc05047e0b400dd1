//! Repeats: phrases that a model wrote twice, and loops that it did not find out of.

use super::Detector;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::lexicon::Lexicon;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_blank, is_closer, is_han, is_number_char, is_opener, is_sentence_end};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Characters of the phrase, at least.
    least: usize,
    /// Characters of the phrase, at most.
    most: usize,
    /// Characters between the brackets of `X（y）X`, at most.
    most_bracketed: usize,
    /// On the two sides of a bracket one character may differ when there are so many of them.
    least_noisy: usize,
    /// Phrases that are said twice by intent.
    spared: HashSet<String>,
    /// A doubled phrase that begins with one of these is said twice by intent.
    spared_starts: String,
    /// A doubled phrase that ends with one of these is said twice by intent.
    spared_ends: String,
    /// A doubled phrase of two characters is a verb's or an adjective's reduplication behind one of these.
    spared_before: String,
    /// The same before one of these.
    spared_after: String,
}

/// Finds `X、X、X`, `XX` and `X（y）X`.
pub(super) struct RepeatedPhrase {
    rule: Arc<Rule>,
    params: Params,
}

/// One character with its place in the page. A foreign word in place of a Chinese one counts as one character.
#[derive(Debug, Clone, Copy)]
struct Spot {
    start: usize,
    end: usize,
    c: char,
    /// How many spots ahead it may come again, at the earliest.
    again: u32,
}

/// Stands for a foreign word, which is like no character and may differ from any.
const FOREIGN: char = '\u{0}';

/// The ideographs that a phrase is looked for among, in a table by their lowest bits.
const TABLE: usize = 1 << 10;

/// A phrase that follows itself.
struct Repetition {
    /// Characters of the phrase.
    length: usize,
    /// How often it stands there.
    count: usize,
    /// The mark between, if there is one.
    separator: Option<char>,
    /// The spot after the last.
    end: usize,
}

impl RepeatedPhrase {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(RepeatedPhrase { params: rule.params()?, rule })
    }

    fn phrase(spots: &[Spot]) -> String {
        spots.iter().map(|spot| spot.c).collect()
    }

    /// Whether the language repeats it.
    fn spared(&self, lexicon: &Lexicon, spots: &[Spot], at: usize, found: &Repetition) -> bool {
        let phrase = &spots[at..at + found.length];
        let first = phrase[0].c;
        let numbers = phrase.iter().filter(|spot| is_number_char(spot.c)).count();
        if phrase.iter().all(|spot| spot.c == first) || numbers * 2 >= phrase.len() {
            return true;
        }
        let (before, after) = (at.checked_sub(1).map(|at| spots[at].c), spots.get(found.end).map(|spot| spot.c));
        // What is said and nothing else is meant: an exclamation, an answer, a line of a song.
        let begins = |c: char| is_opener(c) || is_sentence_end(c) || matches!(c, '：' | ':' | '—' | '"');
        let ends = |c: char| is_closer(c) || is_sentence_end(c) || is_blank(c) || matches!(c, '—' | '~' | '～' | '"');
        let alone = before.is_none_or(begins) && after.is_none_or(ends);
        match found.separator {
            Some('、') => false,
            Some(_) => alone || before.is_some_and(is_opener),
            None => {
                let chosen = [(before, &self.params.spared_before), (after, &self.params.spared_after)];
                alone
                    || phrase.len() < 4 && !before.is_some_and(is_han)
                    || phrase.len() == 2 && chosen.iter().any(|(c, some)| c.is_some_and(|c| some.contains(c)))
                    || self.params.spared_starts.contains(first)
                    || self.params.spared_ends.contains(phrase[phrase.len() - 1].c)
                    || self.params.spared.contains(&Self::phrase(phrase))
                    || Self::meets_by_chance(lexicon, spots, at, found)
            }
        }
    }

    /// Whether the two belong to longer words: 学习学习方法 is learning how to learn, and in 中小企业创业创新 the 业创 is neither.
    fn meets_by_chance(lexicon: &Lexicon, spots: &[Spot], at: usize, found: &Repetition) -> bool {
        let phrase = Self::phrase(&spots[at..at + found.length]);
        if found.count != 2 {
            return false;
        }
        if lexicon.frequency(&phrase).is_none() {
            return lexicon.crossing(&phrase, &phrase).is_some();
        }
        let longer = |more: &[Spot], before: bool| {
            let more = Self::phrase(more);
            let word = if before { more + &phrase } else { phrase.clone() + &more };
            lexicon.frequency(&word).is_some()
        };
        let near = |n: usize| (at >= n).then(|| &spots[at - n..at]);
        let next = |n: usize| spots.get(found.end..found.end + n);
        (1..=2).any(|n| near(n).is_some_and(|more| longer(more, true)) || next(n).is_some_and(|more| longer(more, false)))
    }

    /// The shortest phrase at `at` that follows itself.
    fn repetition(&self, spots: &[Spot], at: usize) -> Option<Repetition> {
        for length in self.params.least..=self.params.most {
            let after = spots.get(at + length)?.c;
            let separated = matches!(after, '、' | '，' | ',' | ' ');
            let step = length + usize::from(separated);
            if !separated && after != spots[at].c {
                continue;
            }
            let phrase = &spots[at..at + length];
            if !phrase.iter().all(|spot| is_han(spot.c)) {
                return None;
            }
            let same =
                |from: usize| spots.get(from..from + length).is_some_and(|next| next.iter().zip(phrase).all(|(a, b)| a.c == b.c));
            let mut count = 1;
            while same(at + step * count) && (!separated || spots[at + step * count - 1].c == after) {
                count += 1;
            }
            let end = at + step * (count - 1) + length;
            // Of three the first may be misread.
            let noisy_first = separated && count == 2 && length > 2 && at > length && {
                let before = &spots[at - length - 1..at];
                let mut differ = before[..length].iter().zip(phrase).filter(|(a, b)| a.c != b.c);
                let once = differ.next().is_some_and(|(a, b)| is_han(a.c) && ![a.c, b.c].into_iter().any(is_number_char));
                before[length].c == after && once && differ.next().is_none()
            };
            if count >= if separated { 3 } else { 2 } || noisy_first {
                return Some(Repetition { length, count, separator: separated.then_some(after), end });
            }
        }
        None
    }

    /// `X（y）X` around the opening bracket at `at`: the length of X and the end of the second.
    fn around_bracket(&self, spots: &[Spot], at: usize) -> Option<(usize, usize)> {
        let close = spots[at + 1..].iter().take(self.params.most_bracketed + 1).position(|s| matches!(s.c, ')' | '）'))? + at + 1;
        let inner = &spots[at + 1..close];
        if inner.is_empty() || !inner.iter().all(|spot| is_han(spot.c)) {
            return None;
        }
        let most = at.min(spots.len() - close - 1).min(self.params.most + 4);
        (self.params.least..=most).rev().find_map(|length| {
            let (before, after) = (&spots[at - length..at], &spots[close + 1..close + 1 + length]);
            let is_text = |c: char| is_han(c) || c == FOREIGN;
            if !before.iter().chain(after).all(|spot| is_text(spot.c)) {
                return None;
            }
            let mut differ = before.iter().zip(after).filter(|(a, b)| a.c != b.c);
            let misread = |pair: (&Spot, &Spot)| ![pair.0.c, pair.1.c].into_iter().any(is_number_char);
            let alike = match (differ.next(), differ.next()) {
                (None, _) => before.iter().all(|spot| is_han(spot.c)),
                (Some(pair), None) => {
                    let least = if pair.0.c == FOREIGN { self.params.least + 1 } else { self.params.least_noisy };
                    length >= least && misread(pair)
                }
                _ => false,
            };
            alike.then_some((length, close + 1 + length))
        })
    }

    /// The spots of a line.
    fn read(text: &str, start: usize, spots: &mut Vec<Spot>) {
        spots.clear();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let mut spot = Spot { start: start + at, end: start + at + c.len_utf8(), c, again: 0 };
            let letter = |c: char| c.is_ascii_lowercase() || c == ' ';
            let after_han = spots.last().is_some_and(|spot| is_han(spot.c));
            if letter(c) && after_han {
                let word = text[at..].find(|c| !letter(c)).unwrap_or(text.len() - at);
                let next = text[at + word..].chars().next();
                // One word in blanks, between Chinese.
                if (2..=8).contains(&text[at..at + word].trim().len())
                    && !text[at..at + word].trim().contains(' ')
                    && next.is_some_and(|c| is_han(c) || matches!(c, '(' | '（'))
                {
                    spot.c = FOREIGN;
                    spot.end = spot.start + word;
                    while chars.next_if(|&(at, _)| start + at < spot.end).is_some() {}
                }
            }
            spots.push(spot);
        }
    }

    /// Finds out where the characters of a line come again.
    fn look_ahead(spots: &mut [Spot], recent: &mut Recent) {
        recent.forget(spots.len() as u32);
        for spot in spots.iter_mut().rev() {
            spot.again = recent.distance(spot.c as u32);
        }
    }

    /// Whether anything in `text` can be a repeat: an opening bracket, or an ideograph that comes again within the longest phrase
    /// and its separator, with its neighbour.
    fn possible(&self, text: &str, recent: &mut Recent) -> bool {
        let reach = self.params.most as u32 + 1;
        let mut ring = [0u32; 64];
        recent.forget(reach);
        let (mut at, mut ahead) = (0, 0);
        for c in text.chars() {
            let code = c as u32;
            at += 1;
            ring[at as usize % 64] = code;
            if code >= 0x3400 {
                if ahead != 0 && ring[(at - ahead) as usize % 64] == code || c == '（' {
                    return true;
                }
                let distance = recent.distance(code);
                ahead = if distance >= self.params.least as u32 && distance <= reach && distance < 64 { distance } else { 0 };
            } else if c == '(' {
                return true;
            } else {
                recent.clock += 1;
                ahead = 0;
            }
        }
        false
    }
}

/// Where characters stood last, by their lowest bits: what shares them with another may be told of too early, never too late.
struct Recent {
    last: [u32; TABLE],
    clock: u32,
}

impl Recent {
    /// Nothing that was seen before is nearer than `reach`.
    fn forget(&mut self, reach: u32) {
        self.clock = self.clock.saturating_add(reach + 1);
        if self.clock > u32::MAX / 2 {
            self.last.fill(0);
            self.clock = reach + 1;
        }
    }

    /// How many characters ago `code` was seen.
    #[inline]
    fn distance(&mut self, code: u32) -> u32 {
        self.clock += 1;
        let place = &mut self.last[code as usize % TABLE];
        let distance = self.clock - *place;
        *place = self.clock;
        distance
    }
}

impl Detector for RepeatedPhrase {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut spots: Vec<Spot> = Vec::new();
        let mut recent = Recent { last: [0; TABLE], clock: 0 };
        let reach = self.params.most as u32 + 1;
        for line in page.lines.iter().filter(|line| !line.markup) {
            let text = page.text_of(line);
            if !self.possible(text, &mut recent) {
                continue;
            }
            Self::read(text, line.span.start, &mut spots);
            Self::look_ahead(&mut spots, &mut recent);
            let mut at = 0;
            while at < spots.len() {
                let c = spots[at].c;
                if matches!(c, '(' | '（') {
                    if let Some((length, end)) = self.around_bracket(&spots, at) {
                        let span = Span::new(spots[at - length].start, spots[end - 1].end);
                        // Of two that differ, one is misread: which one is a person's to say.
                        let (first, second) =
                            (Span::new(span.start, spots[at].start), Span::new(spots[end - length].start, span.end));
                        let phrase = first.of(page.text).to_owned();
                        let message = format!("`{phrase}` stands on both sides of a bracket");
                        let mut finding = self.rule.replace(span, phrase.as_str(), Applicability::Review, message);
                        finding.choices =
                            vec![phrase, second.of(page.text).to_owned(), page.text[span.start..second.start].to_owned()];
                        finding.choices.dedup();
                        findings.push(finding);
                        at = end;
                        continue;
                    }
                } else if spots[at].again <= reach
                    && is_han(c)
                    && let Some(found) = self.repetition(&spots, at)
                {
                    if !self.spared(page.lexicon, &spots, at, &found) {
                        let span = Span::new(spots[at].start, spots[found.end - 1].end);
                        let phrase = Self::phrase(&spots[at..at + found.length]);
                        let message = format!("`{phrase}` stands {} times in a row", found.count);
                        let mut finding = self.rule.replace(span, phrase.as_str(), Applicability::Review, message);
                        finding.choices = vec![phrase];
                        findings.push(finding);
                    }
                    at = found.end;
                    continue;
                }
                at += 1;
            }
        }
        findings
    }
}
