//! Pattern rules, and how all those of a pass are looked for together.

use super::check::{self, Problem};
use super::edge::{Side, edge};
use super::lazy::{Ends, Lazy, extent};
use super::needs::needs;
use super::sieve::{Marks, Sieve, Told, words};
use crate::text::{Inventory, Span, lines::lines};
use regex::{CaptureLocations, RegexSet, RegexSetBuilder};
use regex_syntax::hir::{ClassUnicode, Hir, HirKind};
use schemars::JsonSchema;
use serde::Deserialize;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

/// What a match may not reach beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// One line.
    Line,
    /// Lines with no blank line between them.
    #[default]
    Paragraph,
    /// The whole document.
    Document,
}

/// A checked pattern: the context before, the text to report, the context after.
#[derive(Debug, Clone)]
pub struct PatternRule {
    pub(super) scope: Scope,
    /// `(?:left)(text)(?:right)`
    pub(super) combined: String,
    pub(super) regex: Lazy,
    /// Whether something must stand before the text.
    pub(super) has_left: bool,
    /// What a text holds that matches: one character of each.
    pub(super) needs: Vec<Inventory>,
    /// What a line begins with that matches, where the pattern is tied to that place.
    pub(super) first: Option<Vec<RangeInclusive<char>>>,
    pub(super) unless: Option<Lazy>,
    pub(super) document: Option<Lazy>,
    /// The readings offered, the first being the edit; empty for a rule that only reports.
    pub choices: Vec<String>,
    /// The message of its findings, when the title will not do. `{text}` stands for the text found.
    pub message: Option<String>,
}

/// One place that a pattern matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Index of the rule in its set.
    pub rule: usize,
    /// The text to report, without context.
    pub span: Span,
}

/// What a line must begin with to match a pattern that is looked for in lines; none when it is not tied to their beginning.
pub(super) fn tied(pattern: &str) -> Option<Vec<RangeInclusive<char>>> {
    edge(&regex_syntax::parse(pattern).ok()?, Side::First).map(ranges)
}

fn ranges(class: ClassUnicode) -> Vec<RangeInclusive<char>> {
    class.iter().map(|range| range.start()..=range.end()).collect()
}

/// The pattern rules of a pass. Most cannot match for want of a character; a combined scan of the document tells which of the
/// others can match anywhere, and only those are looked at again. So a clean document costs one scan however many rules there
/// are.
#[derive(Debug, Clone)]
pub struct PatternSet {
    rules: Vec<std::sync::Arc<PatternRule>>,
    set: OnceLock<RegexSet>,
    /// Which rules are in the set: those that are tied to the beginning of a line need no search.
    in_set: Vec<usize>,
}

/// So many patterns are looked for one by one: each knows best what to look for first.
const FEW: usize = 2;

impl PatternSet {
    /// A set of `rules`.
    pub fn new(rules: Vec<std::sync::Arc<PatternRule>>) -> PatternSet {
        let in_set: Vec<usize> = (0..rules.len()).filter(|&index| rules[index].first.is_none()).collect();
        PatternSet { rules, set: OnceLock::new(), in_set }
    }

    fn set(&self) -> &RegexSet {
        self.set.get_or_init(|| {
            RegexSetBuilder::new(self.in_set.iter().map(|&index| self.rules[index].combined.as_str()))
                .multi_line(true)
                .crlf(true)
                .size_limit(usize::MAX)
                .dfa_size_limit(16 << 20)
                .build()
                .expect("each pattern can be compiled alone")
        })
    }

    /// All matches in `text`, which holds the characters of `inventory`, of the rules that `wanted` picks by their index, by rule
    /// and then by place.
    pub fn find(&self, text: &str, inventory: &Inventory, wanted: impl Fn(usize) -> bool) -> Vec<Match> {
        let mut found = Vec::new();
        let possible = |&index: &usize| wanted(index) && self.rules[index].needs.iter().all(|need| need.meets(inventory));
        let searched = self.in_set.iter().filter(|index| possible(index)).count();
        let matched = (searched > FEW).then(|| self.set().matches(text));
        for index in (0..self.rules.len()).filter(possible) {
            let rule = &self.rules[index];
            let matches = match (self.in_set.binary_search(&index), &matched) {
                (Ok(at), Some(matched)) => matched.matched(at),
                (Ok(_), None) => rule.regex.get().is_match(text),
                (Err(_), _) => true,
            };
            if matches && rule.document.as_ref().is_none_or(|needed| needed.get().is_match(text)) {
                rule.find(text, index, &mut found);
            }
        }
        found
    }
}

impl PatternRule {
    fn find(&self, text: &str, index: usize, found: &mut Vec<Match>) {
        let mut locations = self.regex.get().capture_locations();
        match self.scope {
            Scope::Document => self.find_in(text, Span::new(0, text.len()), index, &mut locations, found),
            Scope::Line => {
                for line in lines(text).filter(|line| self.may_begin(line.content.of(text))) {
                    self.find_in(text, line.content, index, &mut locations, found);
                }
            }
            Scope::Paragraph => {
                let mut block: Option<Span> = None;
                for line in lines(text) {
                    let blank = line.content.of(text).trim().is_empty();
                    match (&mut block, blank) {
                        (Some(open), false) => open.end = line.content.end,
                        (None, false) => block = Some(line.content),
                        (Some(open), true) => {
                            self.find_in(text, *open, index, &mut locations, found);
                            block = None;
                        }
                        (None, true) => {}
                    }
                }
                if let Some(open) = block {
                    self.find_in(text, open, index, &mut locations, found);
                }
            }
        }
    }

    fn may_begin(&self, line: &str) -> bool {
        self.first.as_ref().is_none_or(|first| line.starts_with(|c| first.iter().any(|range| range.contains(&c))))
    }

    /// Context is not consumed: what stood right of one match, or was its text, can stand left of the next.
    fn find_in(&self, text: &str, unit: Span, index: usize, locations: &mut CaptureLocations, found: &mut Vec<Match>) {
        let (slice, regex) = (unit.of(text), self.regex.get());
        let mut excluded: Option<Vec<Span>> = None;
        let (mut at, mut free) = (0, 0);
        while at <= slice.len() && regex.captures_read_at(locations, slice, at).is_some() {
            let (Some((whole, _)), Some((start, end))) = (locations.get(0), locations.get(1)) else { return };
            if end == start {
                return;
            }
            if start < free {
                at = whole + slice[whole..].chars().next().map_or(1, char::len_utf8);
                continue;
            }
            // A pattern that begins with a line feed means the line's end, whatever its terminator.
            let half = slice[start..].starts_with('\n') && slice[..start].ends_with('\r');
            let span = Span::new(unit.start + start - usize::from(half), unit.start + end);
            let excluded = excluded.get_or_insert_with(|| {
                let spans = self.unless.iter().flat_map(|unless| unless.get().find_iter(slice));
                spans.map(|m| Span::new(unit.start + m.start(), unit.start + m.end())).collect()
            });
            let next = excluded.partition_point(|e| e.end <= span.start);
            if excluded.get(next).is_none_or(|e| e.start >= span.end) {
                found.push(Match { rule: index, span });
            }
            free = end;
            at = end;
            if self.has_left {
                let before = slice[..end].char_indices().rev().nth(LEFT - 1).map_or(0, |(at, _)| at);
                at = before.max(whole + 1);
                while !slice.is_char_boundary(at) {
                    at += 1;
                }
            }
        }
    }
}

/// Characters of what was found that the context of the next match may reach back into: few enough that no text is gone over again
/// and again.
const LEFT: usize = 16;

/// A list of regular expressions from a rule's `[params]`, matched as one. `^` and `$` mean the ends of the text they are given,
/// so that a list of anchored expressions costs a glance at that end.
#[derive(Debug, Clone)]
pub struct Regexes {
    /// Any of them; none when there is none.
    whole: Option<(Lazy, Hir)>,
    parts: OnceLock<Parts>,
    needs: OnceLock<Vec<Inventory>>,
    first: Option<Vec<RangeInclusive<char>>>,
    last: Option<Vec<RangeInclusive<char>>>,
}

/// A list, taken apart.
#[derive(Debug, Clone)]
struct Parts {
    /// Expressions that are words and nothing more, in their order.
    words: Vec<String>,
    /// The same in the order of their letters.
    sorted: Vec<usize>,
    /// All others; none when there is none.
    rest: Option<Lazy>,
    /// What the others hold one of, when that is known.
    marks: Option<Marks>,
}

impl Parts {
    fn of(list: Option<&Hir>) -> Parts {
        let branches = match list.map(|list| (list, list.kind())) {
            Some((_, HirKind::Alternation(branches))) => branches.as_slice(),
            Some((list, _)) => std::slice::from_ref(list),
            None => &[],
        };
        let (mut all_words, mut rest) = (Vec::new(), Vec::new());
        for branch in branches {
            match words(branch) {
                Some(words) => all_words.extend(words),
                None => rest.push(branch.clone()),
            }
        }
        let mut sorted: Vec<usize> = (0..all_words.len()).collect();
        sorted.sort_by_key(|&word| &all_words[word]);
        let (rest, marks) = match rest.is_empty() {
            true => (None, Some(Marks::none())),
            false => {
                let rest = Hir::alternation(rest);
                // The list as a whole is not too large.
                (Lazy::new(rest.to_string(), Ends::Text, 0).ok(), Marks::of(&rest))
            }
        };
        Parts { words: all_words, sorted, rest, marks }
    }

    /// The first word in a text; of several that begin there, the one that is listed first.
    fn word(&self, text: &str) -> Option<Span> {
        text.char_indices().find_map(|(at, c)| {
            let from = self.sorted.partition_point(|&word| self.words[word].chars().next() < Some(c));
            let here = self.sorted[from..].iter().take_while(|word| self.words[**word].starts_with(c));
            let first = here.filter(|word| text[at..].starts_with(&self.words[**word])).min()?;
            Some(Span::new(at, at + self.words[*first].len()))
        })
    }
}

impl Regexes {
    /// What tells at a glance which of up to 64 lists can match a text, in which the characters of `variants` are read as others.
    pub fn sieve<'r>(lists: impl Iterator<Item = &'r Regexes>, variants: impl Iterator<Item = (char, char)>) -> Sieve {
        let told = |list: &'r Regexes| Told { words: &list.parts().words, marks: list.parts().marks.as_ref() };
        Sieve::new(lists.map(told), variants)
    }

    fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| Parts::of(self.whole.as_ref().map(|whole| &whole.1)))
    }

    /// Whether any of them matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.whole.as_ref().is_some_and(|(regex, _)| regex.get().is_match(text))
    }

    /// Whether any of them matches a text in which a sieve has found none of their words.
    pub fn is_match_but_for_words(&self, text: &str) -> bool {
        self.parts().rest.as_ref().is_some_and(|regex| regex.get().is_match(text))
    }

    /// The first match in a text, in bytes.
    pub fn find(&self, text: &str) -> Option<Span> {
        let parts = self.parts();
        let rest = parts.rest.as_ref().and_then(|rest| rest.get().find(text)).map(|m| Span::new(m.start(), m.end()));
        match (parts.word(text), rest) {
            // Of two that begin at the same place, their order in the list decides.
            (Some(word), Some(rest)) if word.start == rest.start => self.find_iter(text).next(),
            (word, rest) => word.into_iter().chain(rest).min_by_key(|found| found.start),
        }
    }

    /// Whether a text of these characters can match.
    pub fn may_match(&self, inventory: &Inventory) -> bool {
        let needs = self.needs.get_or_init(|| self.whole.as_ref().map_or_else(Vec::new, |whole| needs(&whole.1)));
        needs.iter().all(|need| need.meets(inventory))
    }

    /// All matches that do not overlap, in bytes.
    pub fn find_iter<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Span> + 't {
        self.whole.iter().flat_map(|(regex, _)| regex.get().find_iter(text)).map(|m| Span::new(m.start(), m.end()))
    }

    /// The characters one of which begins every text that matches; none when the expressions do not tell.
    pub fn first(&self) -> Option<&[RangeInclusive<char>]> {
        self.first.as_deref()
    }

    /// The characters one of which ends every text that matches; none when the expressions do not tell.
    pub fn last(&self) -> Option<&[RangeInclusive<char>]> {
        self.last.as_deref()
    }
}

impl JsonSchema for Regexes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Patterns".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "array", "items": { "type": "string" } })
    }

    fn inline_schema() -> bool {
        true
    }
}

impl<'de> Deserialize<'de> for Regexes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let patterns = Vec::<String>::deserialize(deserializer)?;
        if patterns.is_empty() {
            let (first, last) = (Some(Vec::new()), Some(Vec::new()));
            return Ok(Regexes { whole: None, parts: OnceLock::new(), needs: OnceLock::new(), first, last });
        }
        let read = |pattern: &String| {
            let problem = |problem: Problem| serde::de::Error::custom(format!("`{pattern}`: {}", problem.title));
            check::meaning(pattern, Ends::Text).map_err(problem)
        };
        let parsed = Hir::alternation(patterns.iter().map(read).collect::<Result<_, D::Error>>()?);
        let joined = patterns.iter().map(|p| format!("(?:{p})")).collect::<Vec<_>>().join("|");
        let at = |side| edge(&parsed, side).map(ranges);
        let (first, last) = (at(Side::First), at(Side::Last));
        let whole = Lazy::new(joined, Ends::Text, extent(&parsed)).map_err(serde::de::Error::custom)?;
        Ok(Regexes { whole: Some((whole, parsed)), parts: OnceLock::new(), needs: OnceLock::new(), first, last })
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::{PatternSet, Rule, RuleKind, template};
    use crate::text::Inventory;

    /// The texts found in `text` by a pattern with a left context.
    fn found(left: &str, find: &str, text: &str) -> Vec<usize> {
        let rule = template("garble/a").unwrap().replace("text  = '占位'", &format!("text = '{find}'\nleft = '{left}'"));
        let rule = rule.replace("在⟦占位⟧召开", "在〇⟦○⟧○召开").replace("becomes = \"会议昨天在某地召开。\"\n", "");
        let rule = Rule::parse("garble/a", "a", &rule).unwrap_or_else(|error| panic!("{error}"));
        let RuleKind::Pattern(pattern) = rule.kind else { panic!() };
        let matches = PatternSet::new(vec![pattern]).find(text, &Inventory::of(text), |_| true);
        matches.into_iter().map(|found| text[..found.span.start].chars().count()).collect()
    }

    #[test]
    fn what_was_found_can_stand_left_of_the_next() {
        assert_eq!(found("[一二○]", "○", "二○○八年，○○○，一○"), [1, 2, 7, 8, 11]);
        assert_eq!(found("[一二○]{2}", "○", "一二○○○，二○○"), [2, 3, 4, 8]);
        assert_eq!(found("一", "○+", "一○○一○"), [1, 4]);
    }
}
