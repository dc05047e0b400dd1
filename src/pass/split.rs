//! Article split: an article's opening, or its headline, in the middle of a line.

use super::Detector;
use super::page::{End, Line, Page, Setting};
use crate::edit::{Applicability, Finding};
use crate::rule::{Regexes, Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_blank, is_closer, is_han, is_sentence_end};
use crate::text::width::column_cells;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// How an article opens, wherever it stands.
    openers: Regexes,
}

/// Splits a line before an opener.
pub(super) struct GluedOpener {
    rule: Arc<Rule>,
    params: Params,
}

impl GluedOpener {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(GluedOpener { params: rule.params()?, rule })
    }
}

impl Detector for GluedOpener {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let (mut line_start, mut read) = (0, 0);
        for opener in self.params.openers.find_iter(page.text) {
            if let Some(at) = page.text[read..opener.start].rfind(['\n', '\r']) {
                line_start = read + at + 1;
            }
            read = opener.start;
            let before = &page.text[line_start..opener.start];
            let kept = before.trim_end_matches(is_blank);
            let Some(last) = kept.chars().next_back() else { continue };
            let parted = kept.len() < before.len();
            let closes = is_sentence_end(last) || (is_closer(last) && last != '”') || last.is_ascii_digit();
            if !(closes || parted && (is_han(last) || is_closer(last))) {
                continue;
            }
            let span = Span::new(line_start + kept.len(), opener.start);
            let mut finding = self.rule.replace(span, page.newline.as_str(), Applicability::Auto, self.rule.title.clone());
            finding.evidence.push(format!("`{}` opens an article", opener.of(page.text)));
            findings.push(finding);
        }
        findings
    }
}

/// Reports a line in which the end of one article and the beginning of the next are glued together.
pub(super) struct GluedArticle {
    pub rule: Arc<Rule>,
}

impl GluedArticle {
    /// Cells by which a line may exceed the measure: a mark that hangs in the margin.
    const HANGING: usize = 2;
    /// The same for lines with Latin letters, which are narrower in print than their cells.
    const UNEVEN: usize = 4;
    /// Lines on each side that show how wide the column is.
    const AROUND: usize = 6;

    /// Where in `text` something new may begin: after a sentence's end and what closes it. Ascending.
    fn seams(text: &str) -> impl Iterator<Item = usize> {
        let mut chars = text.char_indices().peekable();
        let mut ended = false;
        std::iter::from_fn(move || {
            for (at, c) in chars.by_ref() {
                let here = ended && !is_sentence_end(c) && !is_closer(c);
                ended = is_sentence_end(c) || ended && is_closer(c);
                if here && !matches!(c, '，' | '、' | '；' | '：') {
                    return Some(at);
                }
            }
            None
        })
    }

    /// Where the next article begins in line `index`: the line runs over the edge of its column, or what follows the sentence's end
    /// stops short of the edge without a mark and a blank line or an indent follows, as after headlines.
    fn seam(page: &Page<'_>, index: usize) -> Option<usize> {
        let lines = &page.lines;
        let line = &lines[index];
        let text = page.text_of(line);
        // Blanks that an extractor left between characters make no line wider.
        let cells = |text: &str| text.chars().filter(|&c| c != ' ').map(column_cells).sum::<usize>();
        let around = index.saturating_sub(Self::AROUND)..(index + 1 + Self::AROUND).min(lines.len());
        // Headlines are set as wide as they please.
        let body = around.filter(|&other| other != index && !page.headline_like(other));
        let edge = body.map(|other| lines[other].indent + cells(page.text_of(&lines[other]))).max().unwrap_or(0);
        let measure = page.profile.measure.max(edge);
        let parted = |next: &Line| next.blanks > 0 || next.indent > line.indent || next.list_item;
        let parted = lines.get(index + 1).is_none_or(parted);
        let reach = measure + if line.latin == 0 { Self::HANGING } else { Self::UNEVEN };
        if line.indent + cells(text) > reach {
            // What is glued is a headline, or a line as full as the others. A line of a wider column goes on anywhere.
            let begins = |at: usize| parted || cells(&text[at..]) + 2 * Self::UNEVEN >= page.profile.measure;
            return Self::seams(text).take_while(|&at| cells(&text[..at]) <= reach).find(|&at| begins(at));
        }
        let last = index.checked_sub(1).map(|last| &lines[last]);
        let full = last.is_some_and(|last| last.cells + Self::UNEVEN >= page.profile.measure);
        let short = line.indent + line.cells + Self::UNEVEN < page.profile.measure;
        if full && short && parted && line.end == End::Han { Self::seams(text).last() } else { None }
    }
}

impl Detector for GluedArticle {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        if page.profile.setting != Setting::Columns {
            return Vec::new();
        }
        let spared = |line: &Line| line.markup || line.list_item || line.end_mark || line.signature || line.caption;
        let wanted = |line: &Line| line.inner_sentence && !spared(line);
        let found = (0..page.lines.len()).filter(|&index| wanted(&page.lines[index])).filter_map(|index| {
            let text = page.text_of(&page.lines[index]);
            let at = Self::seam(page, index)?;
            let last = text[..at].chars().next_back().map_or(0, char::len_utf8);
            let next = text[at..].chars().next().map_or(0, char::len_utf8);
            let start = page.lines[index].span.start;
            let span = Span::new(start + at - last, start + at + next);
            let mut finding = self.rule.flag(span, self.rule.title.clone());
            finding
                .evidence
                .push(format!("the column is {} cells wide, the line {}", page.profile.measure, page.lines[index].cells));
            Some(finding)
        });
        found.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seams_stand_after_sentences() {
        let seams = |text: &str| GluedArticle::seams(text).map(|at| text[at..].to_owned()).collect::<Vec<_>>();
        assert_eq!(seams("是什么。水渠"), ["水渠"]);
        assert_eq!(seams("“走吧！”他说。水渠……又通了"), ["他说。水渠……又通了", "水渠……又通了", "又通了"]);
        assert_eq!(seams("是什么。　　水渠"), ["　　水渠"]);
        assert!(seams("是什么。").is_empty() && seams("").is_empty() && seams("。，水").is_empty());
    }
}
