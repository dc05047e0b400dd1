//! Flags: what looks wrong and cannot be repaired from the text alone.

use super::Detector;
use super::column::breaks_off;
use super::page::{End, Page, Setting, Start};
use super::seam::across;
use crate::edit::Finding;
use crate::lexicon::Lexicon;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::is_han;
use serde::Deserialize;
use std::sync::Arc;

/// What a broken-off paragraph is reported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// The next paragraph goes on with something else.
    LostText,
    /// The article ends there.
    Truncated,
    /// A caption stands there.
    Caption,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TailParams {
    /// A paragraph must be at least this long to be running text, in characters.
    least: usize,
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

/// Whether a text may stop after its last character: a word ends there, or something that is no Han.
fn whole_word_last(lexicon: &Lexicon, text: &str) -> bool {
    !text.ends_with(is_han) || lexicon.word_at_end(text).is_some()
}

/// Whether a text may begin with its first character.
fn whole_word_first(lexicon: &Lexicon, text: &str) -> bool {
    !text.starts_with(is_han) || lexicon.word_at_start(text).is_some()
}

impl Detector for BrokenTail {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for index in 0..page.lines.len() {
            if !breaks_off(page, index, self.params.least) {
                continue;
            }
            let line = &page.lines[index];
            let next = page.lines.get(index + 1);
            // In a hard-wrapped document, lines without a blank line between were left apart by the wrap rule, for review.
            if page.profile.setting != Setting::Flowing && next.is_some_and(|n| n.blanks == 0 && !n.opener) {
                continue;
            }
            let kind = match next {
                None => Broken::Truncated,
                Some(n) if n.caption => Broken::Caption,
                Some(n) if n.opener || n.markup || n.byline || (n.end != End::Sentence && page.headline_like(index + 1)) => {
                    Broken::Truncated
                }
                Some(_) => Broken::LostText,
            };
            if kind != self.kind {
                continue;
            }
            let tail = last_chars(page, line.span, 8);
            match (kind, next) {
                (Broken::Truncated, _) => {
                    findings.push(self.rule.flag(tail, format!("the article breaks off at `{}`", tail.of(page.text))));
                }
                (Broken::Caption, Some(n)) => {
                    let message = format!("this caption stands where the sentence `…{}` should go on", tail.of(page.text));
                    findings.push(self.rule.flag(n.span, message));
                }
                (_, Some(n)) => {
                    let text = page.text_of(line);
                    let goes_on = across(page.lexicon, text, page.text_of(n)).0[1] > 0.0
                        || line.ends_open
                        || n.begins_open
                        || n.start == Start::Forbidden;
                    // Lines right under each other are the wrap rule's to judge.
                    if n.blanks > 0
                        && !goes_on
                        && (!whole_word_last(page.lexicon, text) || !whole_word_first(page.lexicon, page.text_of(n)))
                    {
                        let head = first_chars(page, n.span, 4);
                        let message =
                            format!("`{}` does not go on with `{}`: text may be missing", tail.of(page.text), head.of(page.text));
                        findings.push(self.rule.flag(Span::new(tail.start, head.end), message));
                    }
                }
                _ => {}
            }
        }
        findings
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StartParams {
    /// Characters that no paragraph begins with.
    particles: String,
    /// What paragraphs begin with all the same.
    words: Vec<String>,
    /// Shorter paragraphs are labels, in characters.
    least: usize,
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
}

impl Detector for OrphanStart {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (index, line) in page.lines.iter().enumerate() {
            let text = page.text_of(line);
            let exempt = self.params.words.iter().any(|word| text.starts_with(word.as_str()));
            let particle = text.starts_with(|c| self.params.particles.contains(c));
            let mark = line.start == Start::Forbidden && text.chars().nth(1).is_some_and(is_han);
            let alone = line.blanks > 0 || index == 0 || page.profile.setting == Setting::Flowing;
            if (particle || mark) && !exempt && alone && line.is_body() && !line.list_item && line.chars >= self.params.least {
                let span = first_chars(page, line.span, 6);
                findings.push(self.rule.flag(span, format!("the paragraph begins in mid-sentence: `{}`", span.of(page.text))));
            }
        }
        findings
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PairParams {
    /// Opening and closing marks, in pairs: `“”‘’`. Several forms of one mark are written as pairs of their own.
    pairs: String,
}

/// Marks that can be open at once; more of them are no nesting but damage, and would take time to match.
const DEEPEST: usize = 32;

/// Quotes or brackets without their other half.
pub(super) struct Unbalanced {
    rule: Arc<Rule>,
    open: Vec<char>,
    close: Vec<char>,
}

impl Unbalanced {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: PairParams = rule.params()?;
        let marks: Vec<char> = params.pairs.chars().filter(|c| !c.is_whitespace()).collect();
        if !marks.len().is_multiple_of(2) || marks.is_empty() {
            return Err(rule.error("pairs", "a mark lacks its other half", "write opening and closing marks in turn"));
        }
        Ok(Unbalanced {
            rule,
            open: marks.iter().step_by(2).copied().collect(),
            close: marks.iter().skip(1).step_by(2).copied().collect(),
        })
    }

    /// A bracket of either width closes one of either width.
    fn family(c: char) -> char {
        match c {
            '（' => '(',
            '）' => ')',
            '［' => '[',
            '］' => ']',
            c => c,
        }
    }

    fn report(&self, span: Span, page: &Page<'_>, what: &str) -> Finding {
        self.rule.flag(span, format!("`{}` is never {what}", span.of(page.text)))
    }
}

impl Detector for Unbalanced {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut open: Vec<(char, Span)> = Vec::new();
        for (index, line) in page.lines.iter().enumerate() {
            if line.markup {
                continue;
            }
            let text = page.text_of(line);
            // The bracket of `1)` and `（一）`-like markers at a line's start opens nothing.
            let marker = text.char_indices().take(4).find(|(_, c)| matches!(c, ')' | '）')).map(|(at, _)| at);
            let marker = marker.filter(|&at| text[..at].chars().all(char::is_alphanumeric));
            for (at, c) in text.char_indices() {
                let span = Span::new(line.span.start + at, line.span.start + at + c.len_utf8());
                if self.open.contains(&c) {
                    if open.len() == DEEPEST {
                        findings.push(self.report(open.remove(0).1, page, "closed"));
                    }
                    open.push((Self::family(c), span));
                } else if let Some(which) = self.close.iter().position(|&close| close == c) {
                    if marker == Some(at) {
                        continue;
                    }
                    match open.iter().rposition(|o| o.0 == Self::family(self.open[which])) {
                        Some(found) => {
                            findings.extend(open.drain(found..).skip(1).map(|(_, span)| self.report(span, page, "closed")));
                        }
                        None => findings.push(self.report(span, page, "opened")),
                    }
                }
            }
            let next = page.lines.get(index + 1);
            let paragraph_goes_on = next.is_some_and(|n| n.blanks == 0) && page.profile.setting != Setting::Flowing;
            if !paragraph_goes_on {
                // A quotation of several paragraphs opens anew with each and closes with the last.
                let resumed = next.is_some_and(|n| n.start == Start::Quote);
                let quoted = |c: char| matches!(c, '“' | '「' | '『');
                findings.extend(
                    open.drain(..).filter(|o| !(resumed && quoted(o.0))).map(|(_, span)| self.report(span, page, "closed")),
                );
            }
        }
        findings.extend(open.drain(..).map(|(_, span)| self.report(span, page, "closed")));
        findings
    }
}
