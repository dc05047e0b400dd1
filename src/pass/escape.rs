//! Characters that were left written out for a program: entities of HTML (`&#24212;`), escapes of source code (`\u5e94`).

use super::Detector;
use super::page::{Line, Page};
use crate::edit::{Applicability, Finding};
use crate::rule::{Regexes, Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_closer, is_han, is_opener, is_unspaced};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes before a run that are looked at for the address it may stand in.
const NEAR: usize = 400;

/// How characters are written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// `&#24212;`, `&#x5e94;`, `&nbsp;`
    Entities,
    /// `\u5e94`, and bytes of UTF-8 as `\xe5\xba\x94`
    Escapes,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Entities with names, and what they stand for.
    #[serde(default)]
    names: BTreeMap<String, String>,
    /// Lines that make a document one in which they belong: mark-up, data, code.
    belongs: Regexes,
    /// So many such lines decide.
    least_lines: usize,
    /// And this share of all lines, in per cent.
    least_share: usize,
    /// Lines that speak of them.
    about: Regexes,
}

/// Finds written-out characters and writes them as they are.
pub(super) struct Escapes {
    rule: Arc<Rule>,
    notation: Notation,
    params: Params,
}

/// Characters written out one after another.
struct Run {
    span: Span,
    text: String,
    /// How many.
    count: usize,
    /// Whether they are only written by name.
    named: bool,
}

impl Escapes {
    pub(super) fn new(rule: Arc<Rule>, notation: Notation) -> Result<Self, RuleError> {
        Ok(Escapes { params: rule.params()?, notation, rule })
    }

    /// The character written out at the start of `text`, with its length and whether it has a name.
    fn written_out(&self, text: &str) -> Option<(String, usize, bool)> {
        match self.notation {
            Notation::Entities => self.entity(text, 0),
            Notation::Escapes => escape(text).map(|(text, length)| (text, length, false)),
        }
    }

    fn entity(&self, text: &str, depth: usize) -> Option<(String, usize, bool)> {
        let end = text.bytes().take(12).position(|byte| byte == b';')?;
        let body = text.get(1..end)?;
        if let Some(number) = body.strip_prefix('#') {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok().filter(|_| number.bytes().all(|byte| byte.is_ascii_digit()))?,
            };
            let c = match code {
                // By the HTML standard, what Windows has in their place.
                0x80..=0x9F => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[code as u8]).0.chars().next()?,
                0xA0 => ' ',
                code => char::from_u32(code).filter(|&c| !c.is_control() || c == '\n')?,
            };
            return Some((c.to_string(), end + 1, false));
        }
        let stands_for = self.params.names.get(body)?;
        // `&amp;#24212;` was written out twice.
        if stands_for == "&" && depth < 3 {
            let inner: String = std::iter::once('&').chain(text[end + 1..].chars().take(24)).collect();
            if let Some((c, length, named)) = self.entity(&inner, depth + 1) {
                return Some((c, end + length, named));
            }
        }
        Some((stands_for.clone(), end + 1, true))
    }

    /// Everything written out on a line.
    fn runs(&self, text: &str, line: &Line) -> Vec<Run> {
        let mark = if self.notation == Notation::Entities { b'&' } else { b'\\' };
        let content = line.span.of(text);
        let mut runs: Vec<Run> = Vec::new();
        let mut done = 0;
        for at in memchr::memchr_iter(mark, content.as_bytes()) {
            if at < done {
                continue;
            }
            let Some((written, length, named)) = self.written_out(&content[at..]) else { continue };
            done = at + length;
            let span = Span::new(line.span.start + at, line.span.start + done);
            match runs.last_mut().filter(|run| run.span.end == span.start) {
                Some(run) => {
                    run.span.end = span.end;
                    run.text += &written;
                    run.count += 1;
                    run.named &= named;
                }
                None => runs.push(Run { span, text: written, count: 1, named }),
            }
        }
        runs
    }

    /// How far the edit of a run goes; `None` where the author means what stands there.
    fn limit(&self, page: &Page<'_>, line: &Line, run: &Run) -> Option<Applicability> {
        let near = (run.span.start.saturating_sub(NEAR)..=run.span.start).find(|&at| page.text.is_char_boundary(at));
        let left = &page.text[near.unwrap_or(run.span.start).max(line.span.start)..run.span.start];
        let before = left.chars().next_back();
        let behind = page.text[run.span.end..line.span.end].chars().next();
        let quoted = |c: char| matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’' | '\\');
        // Quoted, in brackets, a class of a pattern, the value of a property: code, or the thing itself is meant.
        let meant = before.is_some_and(|c| quoted(c) || is_opener(c) || matches!(c, '=' | '-' | '^'))
            && behind.is_none_or(|c| quoted(c) || is_closer(c) || matches!(c, '-' | ';' | ','))
            && !(run.count > 3 && before.is_some_and(|c| matches!(c, '（' | '《' | '“' | '「')));
        let word = left.rsplit(char::is_whitespace).next().unwrap_or_default();
        if meant || word.contains("://") || word.contains("www.") {
            return None;
        }
        let beside = |c: Option<char>| c.is_some_and(is_unspaced);
        let chinese = run.text.chars().filter(|&c| is_unspaced(c)).count();
        let certain = match (run.named, run.count) {
            // Letters one by one, or Chinese.
            (false, 3..) => true,
            (false, 2) => chinese == 2,
            (false, _) => chinese == 1 && beside(before) && beside(behind),
            (true, _) => beside(before) || beside(behind) || run.text.trim().is_empty(),
        };
        Some(if certain { Applicability::Auto } else { Applicability::Review })
    }
}

/// The character that an escape of source code stands for, with the escape's length.
fn escape(text: &str) -> Option<(String, usize)> {
    let unit = |at: usize| u16::from_str_radix(text.get(at..at + 6)?.strip_prefix("\\u")?, 16).ok();
    if let Some(first) = unit(0) {
        let second = if (0xD800..0xDC00).contains(&first) { unit(6) } else { None };
        let units: Vec<u16> = std::iter::once(first).chain(second).collect();
        let c = String::from_utf16(&units).ok().filter(|c| !c.is_ascii() && !c.chars().all(char::is_control))?;
        return Some((c, 6 * units.len()));
    }
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 4)?.strip_prefix("\\x")?, 16).ok();
    let lead = byte(0)?;
    let length = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let bytes: Vec<u8> = (0..length).map_while(|i| byte(4 * i)).collect();
    String::from_utf8(bytes).ok().filter(|c| !c.is_empty()).map(|c| (c, 4 * length))
}

impl Detector for Escapes {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mark = if self.notation == Notation::Entities { b'&' } else { b'\\' };
        if memchr::memchr(mark, page.text.as_bytes()).is_none() {
            return Vec::new();
        }
        let found: Vec<(&Line, Run)> = page
            .lines
            .iter()
            .filter(|line| !line.markup)
            .flat_map(|line| self.runs(page.text, line).into_iter().map(move |run| (line, run)))
            .collect();
        if found.is_empty() {
            return Vec::new();
        }
        let matching = |patterns: &Regexes| page.lines.iter().filter(|line| patterns.is_match(page.text_of(line))).count();
        let belonging = matching(&self.params.belongs);
        if belonging >= self.params.least_lines && belonging * 100 >= page.lines.len() * self.params.least_share {
            return Vec::new();
        }
        let is_topic = matching(&self.params.about) > 0;
        let findings = found.into_iter().filter_map(|(line, run)| {
            if self.params.about.is_match(page.text_of(line)) {
                return None;
            }
            let limit = self.limit(page, line, &run)?;
            let limit = if is_topic { limit.max(Applicability::Review) } else { limit };
            let han = run.text.chars().filter(|&c| is_han(c)).count();
            let message = format!("{} written out, {han} of them Han", plural(run.count));
            let mut finding = self.rule.replace(run.span, run.text.clone(), limit, message);
            finding.choices = vec![run.text];
            Some(finding)
        });
        findings.collect()
    }
}

fn plural(count: usize) -> String {
    if count == 1 { "a character is".to_owned() } else { format!("{count} characters are") }
}
