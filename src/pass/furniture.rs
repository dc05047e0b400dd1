//! Furniture: what stands on the page and not in the text, between the halves of sentences. Removed before lines are joined.

use super::Detector;
use super::dedupe::removal;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::is_blank;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HeadParams {
    /// Pages that must carry the line.
    least: usize,
    /// Characters of the line, at most.
    longest: usize,
    /// Lines from the top or bottom of a page that can be furniture.
    depth: usize,
    /// The share of the pages that must carry furniture of this kind.
    share: f64,
}

/// Lines that stand at the top or bottom of page after page.
pub(super) struct RunningHeads {
    rule: Arc<Rule>,
    params: HeadParams,
    numbers: bool,
}

impl RunningHeads {
    /// Finds lines that repeat, or, with `numbers`, lines that only number the pages.
    pub(super) fn new(rule: Arc<Rule>, numbers: bool) -> Result<Self, RuleError> {
        Ok(RunningHeads { params: rule.params()?, rule, numbers })
    }

    /// The line without its numbers and blanks, and the last number in it.
    fn frame(text: &str) -> (String, Option<u32>) {
        let mut number = None;
        let mut digits = String::new();
        let mut frame = String::new();
        for c in text.chars().chain(std::iter::once(' ')) {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            if !digits.is_empty() {
                number = digits.parse().ok().or(number);
                digits.clear();
                frame.push('#');
            }
            if !is_blank(c) {
                frame.push(c);
            }
        }
        (frame, number)
    }

    /// Whether the frame of a line holds nothing but a page number.
    fn is_number(frame: &str) -> bool {
        let bare = frame.trim_matches(|c| matches!(c, '-' | '—' | '–' | '·' | '第' | '页' | '頁' | '/' | '共' | '~' | '_'));
        !frame.is_empty()
            && bare.chars().filter(|&c| c == '#').count() >= 1
            && bare.chars().all(|c| matches!(c, '#' | '/' | '共' | '页' | '頁' | '第'))
    }
}

/// The span that takes the line out and leaves a form feed before it where it is.
fn keeping_page_break(page: &Page<'_>, index: usize) -> Span {
    let span = removal(page, index, index);
    let line = &page.lines[index];
    if Span::new(span.start, line.span.start).of(page.text).contains('\u{C}') {
        Span::new(line.span.start, span.end)
    } else {
        span
    }
}

impl Detector for RunningHeads {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(HeadParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let tops: Vec<usize> = (0..page.lines.len()).filter(|&i| page.lines[i].page_top).collect();
        if tops.len() < 3 {
            return Vec::new();
        }
        // Candidates: the first and last lines of each page.
        let mut candidates: Vec<usize> = Vec::new();
        for (n, &top) in tops.iter().enumerate() {
            let end = tops.get(n + 1).copied().unwrap_or(page.lines.len());
            let depth = self.params.depth.min((end - top).div_ceil(2));
            candidates.extend(top..top + depth);
            candidates.extend(end - depth..end);
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|&i| page.lines[i].chars <= self.params.longest && !page.lines[i].markup);
        let frames: Vec<(usize, String, Option<u32>)> = candidates
            .into_iter()
            .map(|i| {
                let (frame, number) = Self::frame(page.text_of(&page.lines[i]));
                (i, frame, number)
            })
            .collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for (_, frame, _) in &frames {
            *counts.entry(frame).or_default() += 1;
        }
        let repeated = |frame: &str| counts[frame] >= self.params.least;
        let carrying = frames
            .iter()
            .filter(|f| if self.numbers { Self::is_number(&f.1) } else { !Self::is_number(&f.1) && repeated(&f.1) })
            .count();
        if (carrying as f64) < tops.len() as f64 * self.params.share {
            return Vec::new();
        }
        let numbers: Vec<u32> = frames.iter().filter(|f| Self::is_number(&f.1)).filter_map(|f| f.2).collect();
        let ascending = numbers.windows(2).all(|two| two[1] == two[0] + 1);
        let mut findings = Vec::new();
        for (i, frame, _) in &frames {
            let is_number = Self::is_number(frame);
            let found = if self.numbers {
                is_number && ascending && carrying >= self.params.least
            } else {
                !is_number
                    && !frame.contains(['：', ':'])
                    && frame.chars().filter(|c| c.is_alphabetic()).count() >= 2
                    && repeated(frame)
            };
            if found {
                let text = page.text_of(&page.lines[*i]);
                let message = if self.numbers {
                    format!("`{text}` numbers the page")
                } else {
                    format!("`{text}` stands on page after page")
                };
                findings.push(self.rule.replace(keeping_page_break(page, *i), "", Applicability::Auto, message));
            }
        }
        findings
    }
}
