//! Strip: blocks of advertisements. Notices, mastheads, credits and prompts are patterns in the rule files.

mod evidence;
mod lines;
mod wording;

use self::evidence::{Facts, Glance, Kind, Scale, Together, Weights};
pub(super) use self::lines::LineClass;
use self::wording::Wording;
use super::Detector;
use super::account::{Account, Term};
use super::dedupe::removal;
use super::page::{End, Line, Page};
use crate::edit::{Applicability, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::tree::probability;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

/// What a block needs for something to be done about it.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Bar {
    /// Points of the block as a whole.
    points: i64,
    /// Kinds of evidence that count for an advertisement.
    kinds: u32,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AdParams {
    /// Characters of a line at most.
    longest: usize,
    /// What it costs to begin a block.
    enter: i64,
    /// Points for a line next to another of the same block, when one has points of its own and the other might belong to it.
    beside: i64,
    /// A single line counts for no fewer points.
    least: i64,
    /// Nor for more.
    most: i64,
    /// What a block needs to be proposed.
    propose: Bar,
    /// What a block needs to be removed.
    apply: Bar,
    /// What lines that blank lines part from the rest need to be a block whatever each has by itself.
    group: Bar,
    /// The file of points for characters, from the folder of the rules.
    wording: String,
    /// What the points of a line's characters must come to for its evidence to be looked for.
    gate: i64,
    /// Points for each short line beside a block that is no advertisement: where all lines are short, few are.
    among: i64,
    /// Points of a line before anything is known.
    bias: i64,
    /// Points for length, and for what all evidence makes together.
    together: Together,
    /// Points for records: lines near others that hold the same kind, where none of them sells.
    records: BTreeMap<String, i64>,
    /// Kinds of evidence, each with its weight and what it looks like.
    evidence: Vec<Kind>,
}

/// How lines become blocks, and blocks findings.
struct Bounds {
    longest: usize,
    enter: i64,
    beside: i64,
    least: i64,
    most: i64,
    propose: Bar,
    apply: Bar,
    group: Bar,
    among: i64,
}

/// Finds advertisements.
pub(super) struct AdBlocks {
    rule: Arc<Rule>,
    bounds: Bounds,
    scale: Scale,
}

/// What a line has by itself.
#[derive(Debug, Clone, Copy)]
struct Own {
    /// Its points; none where it is no part of an advertisement whatever it holds.
    points: Option<i64>,
    /// It may be taken in beside a line of an advertisement: it is short, no sentence, and nothing speaks against it.
    weak: bool,
    /// It may stand in a group of lines that is one: nothing speaks against it.
    may: bool,
    /// It holds evidence of an advertisement.
    tells: bool,
}

/// Lines that were judged as one.
struct Block {
    from: usize,
    to: usize,
    facts: Facts,
    /// Short lines beside it that are none.
    among: usize,
    points: i64,
}

/// What a page is made of.
struct Reading {
    facts: Vec<Option<Facts>>,
    blocks: Vec<Block>,
    /// There is more of advertisements than of running text: the document was collected for them.
    collected: bool,
}

fn texts<'a>(page: &Page<'a>, from: usize, to: usize) -> Vec<&'a str> {
    page.lines[from..=to].iter().map(|line| page.text_of(line)).collect()
}

/// How many of the nearest lines are as short as those of a list, a poem or a table, and no advertisements.
fn short_beside(page: &Page<'_>, lines: &[Own], from: usize, to: usize) -> usize {
    /// Lines before a block and after it that are looked at.
    const REACH: usize = 2;
    let short = |index: &usize| {
        let line = &page.lines[*index];
        is_short(line) && line.end != End::Sentence && lines[*index].points.is_none_or(|points| points <= 0)
    };
    (from.saturating_sub(REACH)..from).chain(to + 1..page.lines.len().min(to + 1 + REACH)).filter(short).count()
}

/// Whether a line is as short as those of lists, poems and tables.
fn is_short(line: &Line) -> bool {
    line.chars <= 40
}

impl AdBlocks {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: AdParams = rule.params()?;
        let wording = Wording::parse(&rule.data("wording", &params.wording)?).map_err(|line| {
            let title = format!("{}: line {line} is no row of points", params.wording);
            rule.error("wording", title, "write a whole number, a blank, and the characters that have as many points")
        })?;
        let AdParams {
            longest,
            enter,
            beside,
            least,
            most,
            propose,
            apply,
            group,
            among,
            gate,
            bias,
            together,
            records,
            evidence,
            ..
        } = params;
        let scale = Scale::new(&rule, Weights { bias, together, records, evidence, wording, gate })?;
        Ok(AdBlocks { rule, bounds: Bounds { longest, enter, beside, least, most, propose, apply, group, among }, scale })
    }

    /// Looks only at lines that can make blocks, or at `all`, which finds the same.
    fn read(&self, page: &Page<'_>, all: bool) -> Reading {
        let mut glances = self.scale.glances(page, self.bounds.longest);
        let wanted = if all { std::iter::once(0..page.lines.len()).collect() } else { self.wanted(page, &mut glances) };
        if wanted.is_empty() {
            return Reading { facts: Vec::new(), blocks: Vec::new(), collected: false };
        }
        let facts = self.scale.read(page, &glances, &wanted);
        let own = |facts: &Option<Facts>| Own {
            points: facts.map(|facts| self.scale.points(facts)),
            weak: facts.is_some_and(|facts| self.scale.is_weak(facts)),
            may: facts.is_some_and(|facts| !self.scale.opposed(facts)),
            tells: facts.is_some_and(|facts| self.scale.counted(facts) > 0),
        };
        let lines: Vec<Own> = facts.iter().map(own).collect();
        let block = |from: usize, to: usize| {
            let facts = self.scale.together(&facts[from..=to], &texts(page, from, to));
            let among = short_beside(page, &lines, from, to);
            Block { from, to, facts, among, points: self.scale.points(facts) + among as i64 * self.bounds.among }
        };
        let mut found: Vec<(usize, usize)> =
            runs(&self.bounds, &lines).into_iter().filter_map(|run| settle_ends(page, &lines, run)).collect();
        let group = self.bounds.group;
        found.extend(groups(page, &lines).into_iter().filter(|&(from, to)| self.passes(group, &block(from, to))));
        found.sort_unstable();
        let mut blocks: Vec<Block> = Vec::new();
        for (from, to) in found {
            // A run that has grown over its group may hold the next one, or be held by it.
            match blocks.pop_if(|last| last.to >= from) {
                Some(last) => blocks.push(block(last.from, last.to.max(to))),
                None => blocks.push(block(from, to)),
            }
        }
        let proposed: Vec<&Block> = blocks.iter().filter(|block| self.passes(self.bounds.propose, block)).collect();
        let mut inside = vec![false; page.lines.len()];
        proposed.iter().for_each(|block| inside[block.from..=block.to].fill(true));
        let chars = |wanted: &dyn Fn(usize) -> bool| -> usize {
            page.lines.iter().enumerate().filter(|(index, _)| wanted(*index)).map(|(_, line)| line.chars).sum()
        };
        let running = |index: usize| !inside[index] && !is_short(&page.lines[index]);
        let collected = chars(&|index| inside[index]) > chars(&running);
        Reading { facts, blocks, collected }
    }

    /// The lines that can make blocks: those that the best of runs may hold, as many beside them, and those that may be a block together.
    fn wanted(&self, page: &Page<'_>, glances: &mut [Option<Glance>]) -> Vec<Range<usize>> {
        let hope = |(index, glance): (usize, &mut Option<Glance>)| {
            let hope = glance.as_mut().map(|glance| self.scale.hope(page, index, glance));
            Own { points: hope.map(|hope| hope.0), weak: hope.is_some_and(|hope| hope.1), may: false, tells: false }
        };
        let lines: Vec<Own> = glances.iter_mut().enumerate().map(hope).collect();
        let mut wanted = stretches(&self.bounds, &lines);
        let Bar { points, kinds } = self.bounds.group;
        wanted.extend(
            groups_of(page)
                .filter(|&(from, to)| {
                    let glances = &glances[from..=to];
                    glances.iter().all(Option::is_some)
                        && self.scale.may_have_together(points, kinds, || texts(page, from, to), glances)
                })
                .map(|(from, to)| from..to + 1),
        );
        wanted.sort_unstable_by_key(|lines| lines.start);
        wanted
    }

    fn passes(&self, bar: Bar, block: &Block) -> bool {
        block.points >= bar.points && self.scale.counted(block.facts) >= bar.kinds
    }

    /// Every term of a block's sum.
    fn terms(&self, page: &Page<'_>, block: &Block) -> Vec<Term> {
        let mut terms = self.scale.terms(block.facts, &texts(page, block.from, block.to));
        if block.among > 0 {
            terms.push(Term::new(block.among as i64 * self.bounds.among, "short lines beside it", &block.among.to_string()));
        }
        terms
    }

    /// How far an edit for `block` may go, if there is to be one.
    fn level(&self, block: &Block, collected: bool) -> Option<Applicability> {
        let sure = self.passes(self.bounds.apply, block) && !self.scale.opposed(block.facts) && !collected;
        match sure {
            true => Some(Applicability::Auto),
            false => self.passes(self.bounds.propose, block).then_some(Applicability::Review),
        }
    }

    /// The parts of a block that go the same way. A line that says nothing of an advertisement could be a headline between two of
    /// them: where the others are removed it is only proposed, unless no blank line parts it from them and one parts all of them from the
    /// rest.
    fn parts(&self, page: &Page<'_>, reading: &Reading, block: &Block, level: Applicability) -> Vec<(usize, usize, bool)> {
        if level != Applicability::Auto {
            return vec![(block.from, block.to, false)];
        }
        let opens = |index: usize| index == 0 || page.lines.get(index).is_none_or(|line| line.blanks > 0);
        let strong = |index: usize| reading.facts[index].is_some_and(|facts| self.scale.points(facts) > 0);
        let tells = |index: usize| reading.facts[index].is_some_and(|facts| self.scale.tells(facts));
        let mut parts: Vec<(usize, usize, bool)> = Vec::new();
        let mut from = block.from;
        while from <= block.to {
            let to = (from..block.to).find(|&index| opens(index + 1)).unwrap_or(block.to);
            let whole = opens(from) && opens(to + 1) && (from..=to).any(strong);
            let last = (from..=to).rev().find(|&index| tells(index));
            for index in from..=to {
                let bare = !(tells(index) || whole && last.is_some_and(|last| index < last));
                match parts.last_mut() {
                    Some(part) if part.2 == bare => part.1 = index,
                    _ => parts.push((index, index, bare)),
                }
            }
            from = to + 1;
        }
        parts
    }

    fn verdict(&self, block: &Block, collected: bool) -> String {
        let Bounds { propose, apply, .. } = self.bounds;
        let kinds = self.scale.counted(block.facts);
        let what = match self.level(block, collected) {
            Some(Applicability::Auto) => "removed",
            Some(_) if collected => "proposed: most of the document is advertisements",
            Some(_) => "proposed",
            None => "kept",
        };
        format!(
            "{what}; {kinds} kinds for it; proposed from {} with {} kinds, removed from {} with {} and nothing against",
            propose.points, propose.kinds, apply.points, apply.kinds
        )
    }
}

/// Less than any sum.
const NEVER: i64 = i64::MIN / 16;

/// What lines gain that stand beside each other in a run.
fn beside(bounds: &Bounds, a: &Own, b: &Own) -> i64 {
    let strong = |line: &Own| line.points.is_some_and(|points| points > 0);
    let gains = strong(a) && (strong(b) || b.weak) || strong(b) && a.weak;
    if gains { bounds.beside } else { 0 }
}

/// The lines that a run may hold when no line has more points than these, and as many beside them, in which it may end for good.
fn stretches(bounds: &Bounds, lines: &[Own]) -> Vec<Range<usize>> {
    let mut sums: Vec<i64> = Vec::with_capacity(lines.len());
    // The best that ends with each line, and then the best that begins with it.
    let best = |before: Option<(i64, &Own)>, line: &Own| {
        let own = line.points.map_or(NEVER, |points| points.clamp(bounds.least, bounds.most));
        own + before.map_or(0, |(sum, other)| (sum + beside(bounds, other, line)).max(0))
    };
    for (index, line) in lines.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| (sums[before], &lines[before]));
        sums.push(best(before, line));
    }
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let mut after = None;
    for (index, line) in lines.iter().enumerate().rev() {
        let sum = best(after, line);
        let own = best(None, line);
        after = Some((sum, line));
        if sum + sums[index] - own > bounds.enter {
            match stretches.last_mut() {
                Some(stretch) if stretch.start == index + 1 => stretch.start = index,
                _ => stretches.push(index..index + 1),
            }
        }
    }
    let widened = |stretch: Range<usize>| {
        let count = stretch.len();
        stretch.start.saturating_sub(count)..lines.len().min(stretch.end + count)
    };
    stretches.into_iter().rev().map(widened).collect()
}

/// The runs of lines that are likeliest advertisements: those whose points, less what each run costs to begin and with what lines
/// gain beside each other, make the greatest sum.
fn runs(bounds: &Bounds, lines: &[Own]) -> Vec<(usize, usize)> {
    let (mut outside, mut inside) = (0, NEVER);
    // For each line: whether a run that holds it held the line before, and whether one ended before it.
    let mut steps: Vec<(bool, bool)> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let beside = if index > 0 { beside(bounds, &lines[index - 1], line) } else { 0 };
        let (stay, enter) = (inside + beside, outside - bounds.enter);
        steps.push((stay >= enter, inside > outside));
        outside = outside.max(inside);
        inside = line.points.map_or(NEVER, |own| stay.max(enter) + own.clamp(bounds.least, bounds.most));
    }
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut held = inside > outside;
    let mut open = false;
    for (index, &(stayed, ended)) in steps.iter().enumerate().rev() {
        if held {
            match runs.last_mut().filter(|_| open) {
                Some(run) => run.0 = index,
                None => runs.push((index, index)),
            }
        }
        open = held && stayed;
        held = if held { stayed } else { ended };
    }
    runs.reverse();
    runs
}

/// Lines that blank lines part from the rest, a few in each group.
fn groups_of(page: &Page<'_>) -> impl Iterator<Item = (usize, usize)> {
    /// Lines of a group.
    const LINES: RangeInclusive<usize> = 2..=12;
    let ends = (0..page.lines.len()).filter(|&to| page.lines.get(to + 1).is_none_or(|line| line.blanks > 0));
    let mut next = 0;
    let groups = ends.map(move |to| (std::mem::replace(&mut next, to + 1), to));
    groups.filter(|(from, to)| LINES.contains(&(to - from + 1)))
}

/// Those of them where each line may be of an advertisement and one says so.
fn groups(page: &Page<'_>, lines: &[Own]) -> Vec<(usize, usize)> {
    let may_be = |&(from, to): &(usize, usize)| {
        lines[from..=to].iter().all(|line| line.may) && lines[from..=to].iter().any(|line| line.tells)
    };
    groups_of(page).filter(may_be).collect()
}

/// Where a run begins and ends for good. Lines at its end that say nothing of an advertisement go: headlines stand before what they
/// head, and look the same. If it is at least half of the lines that blank lines part from the rest, and each of the others may belong
/// to it, it takes in all of them.
fn settle_ends(page: &Page<'_>, lines: &[Own], run: (usize, usize)) -> Option<(usize, usize)> {
    let to = (run.0..=run.1).rev().find(|&index| lines[index].tells)?;
    let count = to - run.0 + 1;
    let opens = |index: usize| index == 0 || page.lines.get(index).is_none_or(|line| line.blanks > 0);
    let first = (run.0.saturating_sub(count)..=run.0).rev().find(|&index| opens(index));
    let last = (to..lines.len().min(to + count)).find(|&index| opens(index + 1));
    let (first, last) = (first.unwrap_or(run.0), last.unwrap_or(to));
    let joins = (first..run.0).chain(to + 1..=last).all(|index| lines[index].weak);
    let whole = opens(first) && opens(last + 1) && last - first < 2 * count && joins;
    Some(if whole { (first, last) } else { (run.0, to) })
}

impl Detector for AdBlocks {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(AdParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let reading = self.read(page, false);
        let mut findings = Vec::new();
        // The last lines of a page are removed with the line end before them, which the lines before may want too.
        let mut reached = 0;
        for block in &reading.blocks {
            let Some(level) = self.level(block, reading.collected) else { continue };
            let mut terms = self.terms(page, block);
            terms.sort_by_key(|term| -term.points.abs());
            for (from, to, bare) in self.parts(page, &reading, block, level) {
                let what = if bare { "nothing but its place tells".into() } else { self.scale.names(block.facts).join(", ") };
                let lines = match to - from + 1 {
                    1 => "a line".into(),
                    count => format!("{count} lines"),
                };
                let level = if bare { Applicability::Review } else { level };
                let message = format!("{lines} of an advertisement: {what}");
                let span = removal(page, from, to);
                let span = Span::new(span.start.max(reached), span.end);
                reached = span.end;
                let mut finding = self.rule.replace(span, "", level, message);
                if level == Applicability::Review {
                    finding.confidence = probability(block.points.clamp(-900, 900) as i32 * 10).min(0.9);
                }
                terms.iter().for_each(|term| finding.evidence.push(term.to_string()));
                findings.push(finding);
            }
        }
        findings
    }

    fn accounts(&self, page: &Page<'_>) -> Vec<Account> {
        let reading = self.read(page, true);
        let mut accounts = Vec::new();
        for (index, line) in page.lines.iter().enumerate() {
            let block = reading.blocks.iter().find(|block| (block.from..=block.to).contains(&index));
            let verdict = match block {
                Some(block) if block.from == block.to => "a block by itself".into(),
                Some(block) => format!("one of the {} lines of a block", block.to - block.from + 1),
                None => "in no block".into(),
            };
            let (terms, points) = match reading.facts[index] {
                Some(facts) => (self.scale.terms(facts, &[page.text_of(line)]), self.scale.points(facts)),
                None => (vec![Term::new(0, "running text, mark-up, or the opening of an article", "")], 0),
            };
            accounts.push(Account { span: line.span, block: false, terms, points, verdict });
            if let Some(block) = block.filter(|block| block.to == index) {
                accounts.push(Account {
                    span: Span::new(page.lines[block.from].span.start, line.span.end),
                    block: true,
                    terms: self.terms(page, block),
                    points: block.points,
                    verdict: self.verdict(block, reading.collected),
                });
            }
        }
        accounts
    }
}
