//! Wrong-width punctuation: ASCII marks in Chinese prose. One edit for a document that uses them throughout, one a mark for a
//! document that mixes both.

use super::Detector;
use super::page::{Line, Page};
use crate::edit::{Applicability, Change, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_blank, is_closer, is_han, is_unspaced};
use crate::text::kind::Kind;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

/// Which documents a detector speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Those that use half-width marks throughout.
    Document,
    /// Those that use full-width marks, with a few exceptions.
    Strays,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// From this share of half-width marks on, the document is set in them.
    share: f64,
    /// Fewer marks say nothing about a document.
    least: usize,
}

/// Widens half-width marks.
pub(super) struct HalfWidth {
    rule: Arc<Rule>,
    extent: Extent,
    params: Params,
}

/// A half-width mark and what it becomes.
struct Mark {
    change: Change,
    /// A bracket, a colon that ends its line, or a mark with a blank behind it: there are authors who set these so among full-width
    /// marks. None of it is style in a line that has more half-width marks of other kinds than full-width ones.
    styled: bool,
}

/// The full-width form of an ASCII mark.
fn widened(c: char) -> Option<&'static str> {
    Some(match c {
        ',' => "，",
        ';' => "；",
        ':' => "：",
        '?' => "？",
        '!' => "！",
        '(' => "（",
        ')' => "）",
        '.' => "。",
        _ => return None,
    })
}

fn is_wide(c: char) -> bool {
    matches!(c, '，' | '；' | '：' | '？' | '！' | '（' | '）')
}

/// Whether a line holds half-width marks at all.
fn may_be_narrow(line: &Line) -> bool {
    line.kinds.is(Kind::SIGN)
}

impl HalfWidth {
    pub(super) fn new(rule: Arc<Rule>, extent: Extent) -> Result<Self, RuleError> {
        Ok(HalfWidth { params: rule.params()?, extent, rule })
    }

    /// Half-width marks that belong to Chinese prose, and the number of full-width ones in their lines.
    fn marks(page: &Page<'_>) -> (Vec<Mark>, usize) {
        let mut narrow: Vec<Mark> = Vec::new();
        let mut wide = 0;
        for line in page.lines.iter().filter(|line| !line.markup && may_be_narrow(line)) {
            let text = page.text_of(line);
            let (first_of_line, wide_before) = (narrow.len(), wide);
            let mut depth = 0usize;
            let mut previous = None;
            let mut chars = text.char_indices().peekable();
            while let Some((at, c)) = chars.next() {
                let next = chars.peek().map(|&(_, c)| c);
                wide += usize::from(is_wide(c));
                if let Some(full) = widened(c) {
                    let chinese = |c: Option<char>| c.is_some_and(is_unspaced);
                    let neither_latin = |c: Option<char>| c.is_none_or(|c| is_unspaced(c) || is_blank(c) || widened(c).is_some());
                    let belongs = match c {
                        '.' => previous.is_some_and(|p| is_han(p) || is_closer(p)) && neither_latin(next) && next != Some('.'),
                        '(' => chinese(previous) || chinese(next),
                        ')' => depth > 0,
                        _ => {
                            chinese(previous) && next != Some('/')
                                || chinese(next) && !previous.is_some_and(|p| p.is_ascii_punctuation())
                        }
                    };
                    match c {
                        '(' if belongs => depth += 1,
                        ')' if belongs => depth -= 1,
                        _ => {}
                    }
                    if belongs {
                        let start = line.span.start + at;
                        let change = Change { span: Span::new(start, start + 1), text: full.to_owned() };
                        let announces = c == ':' && next.is_none();
                        narrow.push(Mark { change, styled: matches!(c, '(' | ')') || announces || next.is_some_and(is_blank) });
                    }
                }
                previous = Some(c);
            }
            let of_line = &mut narrow[first_of_line..];
            if of_line.iter().filter(|mark| !mark.styled).count() > wide - wide_before {
                of_line.iter_mut().for_each(|mark| mark.styled = false);
            }
        }
        (narrow, wide)
    }
}

impl Detector for HalfWidth {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let (narrow, beside) = HalfWidth::marks(page);
        // Of a house that only sets its brackets so nothing is said.
        let plain = narrow.iter().filter(|mark| !mark.styled).count();
        if plain == 0 {
            return Vec::new();
        }
        let others = page.lines.iter().filter(|line| !line.markup && !may_be_narrow(line));
        let wide = beside + others.map(|line| page.text_of(line).chars().filter(|&c| is_wide(c)).count()).sum::<usize>();
        let all = plain + wide;
        if all < self.params.least {
            return Vec::new();
        }
        let share = plain as f64 / all as f64;
        let why = format!("{plain} of {all} marks beside Chinese are half-width");
        match self.extent {
            Extent::Document if share >= self.params.share => {
                let span = Span::new(narrow[0].change.span.start, narrow[narrow.len() - 1].change.span.end);
                let message = format!("{} half-width marks throughout", narrow.len());
                let changes = narrow.into_iter().map(|mark| mark.change).collect();
                let mut finding = self.rule.change(span, changes, Applicability::Review, message);
                finding.evidence.push(why);
                vec![finding]
            }
            Extent::Strays if share < self.params.share => {
                let make = |change: Change| {
                    let message = format!("`{}` among full-width marks", change.span.of(page.text));
                    let mut finding = self.rule.replace(change.span, change.text, Applicability::Review, message);
                    finding.evidence.push(why.clone());
                    finding
                };
                narrow.into_iter().filter(|mark| !mark.styled).map(|mark| make(mark.change)).collect()
            }
            _ => Vec::new(),
        }
    }
}
