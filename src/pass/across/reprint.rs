//! Reprints: what stands in several documents at length, paragraph after paragraph.

use super::{Closeness, Keep, known_lines, place, verify};
use crate::edit::{Applicability, Finding, RuleId};
use crate::index::{Copies, Here};
use crate::pass::Detector;
use crate::pass::dedupe::removal;
use crate::pass::page::Page;
use crate::rule::{Rule, RuleError};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Which copy stays.
    keep: Keep,
    /// So many paragraphs in a row make a reprint.
    paragraphs: usize,
    /// So many characters in all of them.
    characters: usize,
    /// Paragraphs of fewer characters do not count.
    least: usize,
    /// A paragraph of so many characters is one by itself.
    alone: usize,
    /// How far edits go where all is the same, blanks and marks aside.
    same: Applicability,
    /// How far edits go where characters differ.
    near: Applicability,
}

/// Takes reprints out of all documents but one.
pub(in crate::pass) struct Reprints {
    rule: Arc<Rule>,
    params: Params,
}

/// A paragraph of the page that stands elsewhere too.
struct Unit<'a> {
    line: usize,
    copies: Option<&'a Copies>,
    /// Paragraphs of other documents that it is a copy of.
    others: Vec<u32>,
    /// Of those, one that is nearly the same, and how many characters differ.
    near: Option<(u32, usize)>,
    /// One that is alike, but may be meant so.
    alike: Option<(u32, usize)>,
    chars: usize,
}

impl Unit<'_> {
    /// Whether it could be continued by a copy of `other`.
    fn is_copy_of(&self, other: u32) -> bool {
        self.others.binary_search(&other).is_ok()
    }
}

/// Near paragraphs that are compared, the most alike first.
const MOST_COMPARED: usize = 4;

impl Reprints {
    pub(in crate::pass) fn new(rule: Arc<Rule>, known: &mut Option<(RuleId, Keep)>) -> Result<Self, RuleError> {
        let params: Params = rule.params()?;
        params.keep.agree(&rule, known)?;
        Ok(Reprints { rule, params })
    }

    fn unit<'a>(&self, page: &Page<'_>, here: &Here, line: usize, copies: Option<&'a Copies>) -> Unit<'a> {
        let mut unit = Unit { line, copies, others: Vec::new(), near: None, alike: None, chars: page.lines[line].chars };
        let Some(copies) = copies else { return unit };
        let elsewhere = |number: u32| here.index.document_of(number) != here.document;
        unit.others.extend(copies.places.iter().copied().filter(|&place| elsewhere(place)));
        if self.kept_of_group(here, copies).is_some() {
            return unit;
        }
        let text = page.text_of(&page.lines[line]);
        for near in copies.near.iter().filter(|near| elsewhere(near.other)).take(MOST_COMPARED) {
            let Some(other) = here.text(near.other) else { continue };
            let verified = verify(page.lexicon, text, &other);
            match verified.closeness {
                Closeness::Copy | Closeness::Cut => {
                    unit.others.push(near.other);
                    unit.near.get_or_insert((near.other, verified.differing));
                }
                Closeness::Alike => {
                    unit.alike.get_or_insert((near.other, verified.differing));
                }
                Closeness::Different => {}
            }
        }
        unit.others.sort_unstable();
        unit
    }

    /// The paragraph of another document that stays of those that are the same; none when this one does.
    fn kept_of_group(&self, here: &Here, copies: &Copies) -> Option<u32> {
        let kept = self.params.keep.of_group(copies, &copies.group?);
        Some(kept).filter(|&kept| here.index.document_of(kept) != here.document)
    }

    /// The paragraph that stays when `unit` goes; none when `unit` stays itself.
    fn kept(&self, here: &Here, unit: &Unit<'_>) -> Option<u32> {
        let copies = unit.copies?;
        let near = || unit.near.map(|near| near.0).filter(|&other| self.params.keep.prefers(&here.index, other, copies.number));
        self.kept_of_group(here, copies).or_else(near)
    }

    /// How many units from the first on are copies of paragraphs that follow each other in one document.
    fn longest_run(here: &Here, units: &[Unit<'_>]) -> usize {
        let run = |&other: &u32| {
            let document = here.index.document_of(other);
            let follows = |(far, unit): (u32, &Unit<'_>)| {
                other.checked_add(far).is_some_and(|next| unit.is_copy_of(next) && here.index.document_of(next) == document)
            };
            (0..).zip(units).take_while(|&pair| follows(pair)).count()
        };
        units.first().map_or(0, |first| first.others.iter().map(run).max().unwrap_or(0))
    }

    /// Whether these paragraphs make a reprint.
    fn is_long(&self, units: &[Unit<'_>]) -> bool {
        let counted = || units.iter().map(|unit| unit.chars).filter(|&chars| chars >= self.params.least);
        counted().count() >= self.params.paragraphs && counted().sum::<usize>() >= self.params.characters
            || counted().any(|chars| chars >= self.params.alone)
    }

    /// The units that go, which are neighbours in the document and have all their copies elsewhere.
    fn judge(&self, page: &Page<'_>, here: &Here, units: &[Unit<'_>]) -> Option<Finding> {
        let (first, last) = (units.first()?, units.last()?);
        let kept = self.kept(here, first)?;
        let differing: usize = units.iter().filter_map(|unit| unit.near).map(|near| near.1).sum();
        let near = units.iter().any(|unit| unit.near.is_some());
        let limit = match (self.params.keep, near) {
            (Keep::All, _) => Applicability::Flag,
            (_, true) => self.params.near,
            (_, false) => self.params.same,
        };
        let what = match units.len() {
            1 => "this paragraph stands".to_owned(),
            count => format!("these {count} paragraphs stand"),
        };
        let stays = if self.params.keep == Keep::All { "first" } else { "kept" };
        let message = format!("{what} in another document too: {stays} in {}", place(&here.index, kept));
        let mut finding = self.rule.replace(removal(page, first.line, last.line), "", limit, message);
        let chars: usize = units.iter().map(|unit| unit.chars).sum();
        finding.evidence.push(match near {
            true => format!("{chars} characters, {differing} differ: they look misread here or there, or are missing here"),
            false => format!("{chars} characters, the same but for blanks and marks"),
        });
        let documents = units.iter().filter_map(|unit| unit.copies?.group).map(|group| group.documents).max();
        if let Some(documents) = documents.filter(|&documents| documents > 2) {
            finding.evidence.push(format!("stands in {documents} documents"));
        }
        Some(finding)
    }

    /// A paragraph that was made of another, or the other of it.
    fn report_alike(&self, page: &Page<'_>, here: &Here, unit: &Unit<'_>) -> Option<Finding> {
        let (other, differing) = unit.alike.filter(|_| unit.chars >= self.params.alone)?;
        if !self.params.keep.prefers(&here.index, other, unit.copies?.number) {
            return None;
        }
        let message = format!("this paragraph is nearly the same as one in {}", place(&here.index, other));
        let mut finding = self.rule.flag(page.lines[unit.line].span, message);
        finding.applicability = Applicability::Flag;
        finding.confidence *= 0.8;
        finding.evidence.push(format!("{} characters, {differing} differ and may be meant", unit.chars));
        Some(finding)
    }
}

impl Detector for Reprints {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let Some(here) = page.here.filter(|here| !here.copies.is_empty()) else { return Vec::new() };
        let units: Vec<Unit<'_>> =
            known_lines(page, here).into_iter().map(|(at, copies)| self.unit(page, here, at, copies)).collect();
        let mut findings = Vec::new();
        let mut at = 0;
        while at < units.len() {
            let length = Reprints::longest_run(here, &units[at..]).max(1);
            let run = &units[at..at + length];
            at += length;
            let stays = |unit: &Unit<'_>| self.kept(here, unit).is_none();
            if self.is_long(run) {
                // A paragraph that stays parts the others, and so do one that is kept elsewhere, for a finding names one document,
                // and a line that is no paragraph, which may stand nowhere else.
                let kept_in = |unit: &Unit<'_>| self.kept(here, unit).map(|kept| here.index.document_of(kept));
                let go_together = |a: &Unit<'_>, b: &Unit<'_>| kept_in(a) == kept_in(b) && b.line == a.line + 1;
                let parts = run.split(stays).flat_map(|part| part.chunk_by(go_together));
                let parts = parts.filter(|part| part.iter().any(|unit| unit.chars >= self.params.least));
                findings.extend(parts.filter_map(|goes| self.judge(page, here, goes)));
            }
            let alike = run.iter().filter(|unit| stays(unit)).filter_map(|unit| self.report_alike(page, here, unit));
            findings.extend(alike);
        }
        findings
    }
}
