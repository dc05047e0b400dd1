//! Broken paragraphs: those that break off, and those that begin in mid-sentence. What is reported is what readers would see; the
//! halves that belong together are joined by [`super::wrap`].

use super::Detector;
use super::page::{End, Item, Line, Page, Setting, Start};
use super::seam::across;
use crate::edit::Finding;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_closer, is_han, is_line_start_forbidden, is_sentence_end};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

/// What a broken-off paragraph is reported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// The next paragraph begins in mid-sentence too, with something else.
    LostText,
    /// The article ends there.
    Truncated,
    /// A caption stands there.
    Caption,
    /// Another paragraph follows, or what may be the rest.
    CutTail,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TailParams {
    /// How much must speak for its breaking off, in bits.
    evidence: i32,
}

/// Paragraphs that break off.
pub(super) struct BrokenTail {
    rule: Arc<Rule>,
    kind: Broken,
    params: TailParams,
}

impl BrokenTail {
    pub(super) fn new(rule: Arc<Rule>, kind: Broken) -> Result<Self, RuleError> {
        Ok(BrokenTail { params: rule.params()?, kind, rule })
    }
}

/// So much for a paragraph's beginning in mid-sentence speaks for the breaking off of the one before it, in bits.
const ORPHAN: i32 = 4;
/// So much must speak for a paragraph's beginning in mid-sentence when the one before it breaks off, in bits.
const HEAD: i32 = 2;
/// A sentence of so few characters was only begun.
const BEGUN: usize = 8;
/// A shorter paragraph is no running text, in characters.
const SHORTEST: usize = 12;

/// How the paragraphs of a document end, as far as they are running text.
#[derive(Debug, Clone, Copy)]
struct Habit {
    /// Those that end as sentences do.
    ended: usize,
    /// All of them.
    all: usize,
}

impl Habit {
    fn of(page: &Page<'_>) -> Habit {
        let mut habit = Habit { ended: 0, all: 0 };
        for line in page.lines.iter().filter(|line| is_running(line)) {
            habit.all += 1;
            let ends = matches!(line.end, End::Sentence | End::Semicolon | End::Colon);
            habit.ended += usize::from(ends || line.closed || line.end_mark);
        }
        habit
    }

    /// Whether paragraphs end as they please: verse, lists and tables do.
    fn is_loose(self) -> bool {
        self.all >= 6 && self.ended * 4 < self.all * 3
    }

    /// Whether nearly all end as sentences do.
    fn is_strict(self) -> bool {
        self.all >= 8 && self.ended * 20 >= self.all * 17
    }
}

/// How the paragraphs of a page end: what several rules ask for.
pub(super) struct Tails {
    habit: Habit,
    /// Lines with how much speaks for their breaking off.
    evidence: Vec<(usize, i32)>,
}

impl Tails {
    pub(super) fn of(page: &Page<'_>) -> Tails {
        let habit = Habit::of(page);
        // In a hard-wrapped document, lines without a blank line between were left apart by the wrap rule, for review.
        let flows = page.profile.setting == Setting::Flowing;
        let is_last = |index: usize| page.lines.get(index + 1).is_none_or(|next| next.blanks > 0 || next.opener);
        let last = (0..page.lines.len()).filter(|&index| flows || is_last(index));
        Tails { habit, evidence: last.map(|index| (index, tail_evidence(page, index, habit))).collect() }
    }
}

/// Whether a line is long enough for running text, and punctuated like it.
fn is_running(line: &Line) -> bool {
    line.chars >= 20 && line.inner_marks && line.han && line.is_body()
}

/// How much speaks for a line's breaking off in mid-sentence, in bits; none for one that ends as lines may.
fn tail_evidence(page: &Page<'_>, index: usize, habit: Habit) -> i32 {
    let line = &page.lines[index];
    let text = page.text_of(line);
    // A closing bracket ends a signature or a caption; a closing quote may stand anywhere in a sentence.
    let bracketed = line.closed && text.ends_with(['）', ')', '】', ']', '〕', '》', '〉', '」', '』']);
    let unfinished = matches!(line.end, End::Han | End::Alnum | End::Comma | End::Opener) && !bracketed;
    if !unfinished || !line.is_body() || !line.han || line.chars < SHORTEST || line.end_mark || line.signature {
        return 0;
    }
    let core = text.trim_end_matches(is_closer);
    // An editor's or author's name behind the last sentence.
    let last = core.rfind(is_sentence_end).map_or(core, |at| core[at..].trim_start_matches(is_sentence_end));
    if last.trim_start_matches(is_closer).starts_with(['—', '－', '-', '（', '(', '【', ' ', '\u{3000}']) {
        return 0;
    }
    // What stands above a dateline or a name is a headline.
    let named = |line: &Line| line.opener || line.byline || line.chars <= 4 && line.han;
    if !line.inner_sentence && (page.lines.get(index + 1).is_some_and(named) || core.contains("——")) {
        return 0;
    }
    // Some people leave out the last full stop: the words themselves must say that it is no end. Less is needed where nobody does.
    let closes = i32::from(page.lexicon.closes(core));
    let open_end = line.ends_open || line.end == End::Opener;
    let half_word = line.end == End::Han && page.lexicon.word_at_end(core).is_none();
    let orphan_next = index + 1 < page.lines.len() && head_evidence(page, index + 1) >= ORPHAN;
    let begun = line.inner_sentence && (1..=BEGUN).contains(&last.chars().count());
    let says = [(open_end, 2), (half_word, 2), (line.open > 0, 2), (orphan_next, 3), (begun, 2)];
    let words = says.iter().filter(|(holds, _)| *holds).map(|(_, bits)| bits).sum::<i32>() - (closes / 8).clamp(-5, 4);
    let running = line.inner_sentence || line.opener;
    if words < if habit.is_strict() || line.opener { 0 } else { 3 } {
        return 0;
    }
    // Between a paragraph that ends and one that is no headline's, headlines stand as well, but not in all documents.
    let flows = |line: &Line| line.ends_with_mark() && (line.inner_marks || line.item != Item::None) && !line.opener;
    let endless = |line: &Line| matches!(line.end, End::Han | End::Comma) && line.chars >= 15 && !line.closed;
    let around = || [index.checked_sub(1), Some(index + 1)].map(|at| at.and_then(|at| page.lines.get(at)));
    let in_flow = habit.is_strict() && around().iter().all(|line| line.is_some_and(flows));
    if line.end == End::Comma && !in_flow {
        return 0;
    }
    let mut bits = words
        + match (running, line.commas) {
            (true, _) if habit.is_strict() => 4,
            (true, _) => 3,
            (false, 0) => -3,
            (false, 1) => 0,
            (false, _) => 1,
        };
    bits += match line.chars {
        ..20 => -1,
        20..40 => 0,
        _ => 1,
    };
    bits += match closes {
        ..=-16 if in_flow => 3,
        ..=-8 if in_flow => 2,
        _ => 0,
    };
    bits += match habit {
        habit if habit.is_strict() => 1,
        habit if habit.is_loose() => -4,
        _ => 0,
    };
    bits -= if around().into_iter().flatten().any(endless) { 2 } else { 0 };
    bits -= if line.end == End::Alnum { 3 } else { 0 };
    bits -= if page.headline_like(index) { 2 } else { 0 };
    bits -= if line.list_item && !habit.is_strict() { 3 } else { 0 };
    bits -= if line.headline_zone { 3 } else { 0 };
    bits -= if line.speaker && !line.inner_sentence { 1 } else { 0 };
    bits
}

/// How much speaks for a line's beginning in mid-sentence, in bits.
fn head_evidence(page: &Page<'_>, index: usize) -> i32 {
    let line = &page.lines[index];
    let text = page.text_of(line);
    if !line.is_body() || line.opener || line.item != Item::None || line.start != Start::Han || line.chars < 8 || !line.han {
        return 0;
    }
    let mut bits = -(i32::from(page.lexicon.opens(text)) / 8).clamp(-5, 3);
    bits += if page.lexicon.word_at_start(text).is_none() { 1 } else { 0 };
    bits += if line.begins_open { 2 } else { 0 };
    bits -= if page.headline_like(index) { 3 } else { 0 };
    bits -= if line.speaker { 3 } else { 0 };
    bits -= if line.headline_zone { 3 } else { 0 };
    if index > 0 {
        let before = page.text_of(&page.lines[index - 1]);
        let ([_, strong], _) = across(page.lexicon, before, text);
        bits += if strong > 0.0 { 2 } else { 0 };
    }
    bits
}

/// The last `count` characters of a span.
fn last_chars(page: &Page<'_>, span: Span, count: usize) -> Span {
    let start = span.of(page.text).char_indices().rev().nth(count - 1).map_or(span.start, |(at, _)| span.start + at);
    Span::new(start, span.end)
}

/// The first `count` characters of a span.
fn first_chars(page: &Page<'_>, span: Span, count: usize) -> Span {
    let end = span.of(page.text).char_indices().nth(count).map_or(span.end, |(at, _)| span.start + at);
    Span::new(span.start, end)
}

impl BrokenTail {
    fn kind_of(&self, page: &Page<'_>, index: usize) -> Broken {
        let Some(next) = page.lines.get(index + 1) else { return Broken::Truncated };
        if next.caption {
            return Broken::Caption;
        }
        let heads = next.opener || next.markup || next.byline;
        if heads || next.end != End::Sentence && page.headline_like(index + 1) {
            return Broken::Truncated;
        }
        let (line, after) = (page.text_of(&page.lines[index]), page.text_of(next));
        let goes_on =
            across(page.lexicon, line, after).0[1] > 0.0 || next.start == Start::Forbidden || page.lines[index].ends_open;
        match () {
            () if !goes_on && head_evidence(page, index + 1) >= HEAD => Broken::LostText,
            () => Broken::CutTail,
        }
    }
}

impl Detector for BrokenTail {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(TailParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for &(index, evidence) in &page.tails().evidence {
            if evidence < self.params.evidence || self.kind_of(page, index) != self.kind {
                continue;
            }
            let (line, next) = (&page.lines[index], page.lines.get(index + 1));
            let shown = last_chars(page, line.span, 8).of(page.text);
            let tail = last_chars(page, line.span, 2);
            let finding = match (self.kind, next) {
                (Broken::Truncated, _) => self.rule.flag(tail, format!("the article breaks off at `{shown}`")),
                (Broken::Caption, Some(next)) => {
                    self.rule.flag(next.span, format!("this caption stands where the sentence `…{shown}` should go on"))
                }
                (Broken::LostText, Some(next)) => {
                    let head = first_chars(page, next.span, 4).of(page.text);
                    let gap = Span::new(last_chars(page, line.span, 1).start, first_chars(page, next.span, 1).end);
                    self.rule.flag(gap, format!("`{shown}` does not go on with `{head}`: text may be missing"))
                }
                _ => self.rule.flag(tail, format!("the paragraph breaks off at `{shown}`")),
            };
            findings.push(finding);
        }
        findings
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct StartParams {
    /// Characters that no paragraph begins with.
    particles: String,
    /// What paragraphs begin with all the same.
    words: Vec<String>,
    /// Shorter paragraphs are labels, in characters.
    least: usize,
    /// How much must speak for its beginning in mid-sentence, in bits, behind a paragraph that breaks off.
    evidence: i32,
    /// How much must speak for that one's breaking off, in bits.
    tail_evidence: i32,
}

/// Paragraphs that begin in mid-sentence.
pub(super) struct OrphanStart {
    rule: Arc<Rule>,
    params: StartParams,
}

impl OrphanStart {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(OrphanStart { params: rule.params()?, rule })
    }

    /// Whether a line begins with what nothing begins with.
    fn begins_within(&self, page: &Page<'_>, line: &Line) -> bool {
        let text = page.text_of(line);
        let mut chars = text.chars();
        let first = chars.next().unwrap_or_default();
        let han_next = chars.next().is_some_and(is_han);
        let word = || {
            let known = |chars: usize| text.char_indices().nth(chars).map_or(text, |(at, _)| &text[..at]);
            (2..=3).any(|chars| page.lexicon.frequency(known(chars)).is_some())
        };
        // A straight quote has no side, and a bracket may be an item's.
        let mark =
            line.start == Start::Forbidden && han_next && is_line_start_forbidden(first) && !matches!(first, '"' | ')' | ']');
        let exempt = || self.params.words.iter().any(|word| text.starts_with(word.as_str()));
        (mark || self.params.particles.contains(first) && !word()) && !exempt()
    }
}

impl Detector for OrphanStart {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(StartParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let habit = page.tails().habit;
        for (index, line) in page.lines.iter().enumerate() {
            let alone = line.blanks > 0 || index == 0 || page.profile.setting == Setting::Flowing;
            if !alone || !line.is_body() || line.list_item || line.chars < self.params.least {
                continue;
            }
            // Most paragraphs end as they should, which is told at a glance.
            let behind_tail = || index > 0 && tail_evidence(page, index - 1, habit) >= self.params.tail_evidence;
            if self.begins_within(page, line) || behind_tail() && head_evidence(page, index) >= self.params.evidence {
                let shown = first_chars(page, line.span, 6).of(page.text);
                let message = format!("the paragraph begins in mid-sentence: `{shown}`");
                findings.push(self.rule.flag(first_chars(page, line.span, 2), message));
            }
        }
        findings
    }
}
