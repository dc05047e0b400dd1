//! The data of a page. What many findings share stands in it once: rules, passages, messages.

use super::Part;
use super::guide::{Node, guide};
use super::passages::{Units, passages};
use super::signals::Signals;
use crate::edit::{Applicability, Change, RuleId, Severity, State, Verdict};
use crate::review::{Decision, Item, ItemState, Key};
use crate::rule::Pack;
use crate::text::Span;
use crate::text::lines::{CodePoints, LineIndex};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;

/// Everything a page shows.
#[derive(Debug, Serialize)]
pub struct Data {
    id: String,
    version: &'static str,
    documents: Vec<DocumentRecord>,
    rules: Vec<RuleRecord>,
    /// Messages and reasons, which findings name by their index.
    words: Vec<String>,
    passages: Vec<PassageRecord>,
    findings: Vec<FindingRecord>,
}

#[derive(Debug, Serialize)]
struct DocumentRecord {
    name: String,
    /// What decisions call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    path: String,
    signals: Signals,
}

/// A rule as one of its configurations has it.
#[derive(Debug, Serialize)]
struct RuleRecord {
    id: String,
    hash: String,
    title: String,
    guide: Vec<Node>,
}

/// A part of a document as it was.
#[derive(Debug, Serialize)]
struct PassageRecord {
    document: usize,
    /// Where it begins, from 1; the column in code points.
    line: usize,
    column: usize,
    /// Whether the document goes on behind it.
    more: bool,
    text: String,
}

/// A finding. Offsets are in units of UTF-16 from the start of its passage.
#[derive(Debug, Serialize)]
struct FindingRecord {
    key: Key,
    rule: usize,
    passage: usize,
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    severity: Severity,
    apply: Applicability,
    state: State,
    confidence: f32,
    message: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    readings: Vec<String>,
    /// Several replacements that belong together, or one that is not the whole of the place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<(usize, usize, String)>,
    /// What people decided; more than one where they disagree.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    decisions: Vec<DecisionRecord>,
    /// The decisions that a new one takes the place of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    over: Vec<String>,
}

/// A decision of the ledger, without what its finding tells.
#[derive(Debug, Serialize)]
struct DecisionRecord {
    id: String,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<String>,
    who: String,
    time: String,
    note: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    baseline: bool,
}

impl DecisionRecord {
    fn of(decision: &Decision) -> DecisionRecord {
        let Decision { new, who, time, note, baseline, .. } = decision.clone();
        DecisionRecord { id: decision.id(), verdict: decision.effect(), new, who, time, note, baseline }
    }
}

/// The rules that found something, each as often as its file differs: documents may be configured otherwise.
#[derive(Debug, Default)]
pub struct Rules {
    records: Vec<RuleRecord>,
    places: HashMap<(RuleId, Arc<str>), usize>,
}

impl Rules {
    /// Adds the rule of an item.
    pub fn add(&mut self, item: &Item, pack: &Pack) {
        let key = (item.rule.clone(), item.rule_hash.clone());
        if self.places.contains_key(&key) {
            return;
        }
        let rule = pack.get(&item.rule);
        self.places.insert(key, self.records.len());
        self.records.push(RuleRecord {
            id: item.rule.to_string(),
            hash: item.rule_hash.to_string(),
            title: rule.map_or_else(String::new, |rule| rule.title.to_string()),
            guide: rule.map_or_else(Vec::new, |rule| guide(&rule.docs)),
        });
    }
}

/// Texts, each once.
#[derive(Default)]
struct Words {
    list: Vec<String>,
    places: HashMap<String, usize>,
}

impl Words {
    fn place(&mut self, text: &str) -> usize {
        if let Some(&place) = self.places.get(text) {
            return place;
        }
        self.places.insert(text.to_owned(), self.list.len());
        self.list.push(text.to_owned());
        self.list.len() - 1
    }
}

impl Data {
    /// The data of `parts`, with so much around every finding.
    pub fn of(id: String, parts: Vec<Part>, rules: Rules, reach: usize) -> Data {
        let Rules { records: rules, places } = rules;
        let (mut words, mut findings) = (Words::default(), Vec::new());
        let (mut documents, mut passages_of_all) = (Vec::new(), Vec::new());
        for (document, part) in parts.into_iter().enumerate() {
            let Part { name, source, items, sight, signals } = part;
            let path = items.first().map_or_else(String::new, |item| item.document.to_string());
            documents.push(DocumentRecord { name, path, signals });
            let text = source.as_ref().map_or("", |source| source.text());
            let (lines, points) = (LineIndex::new(text), CodePoints::new(text));
            let (spans, homes) = passages(text, &items, reach);
            let first = passages_of_all.len();
            for span in &spans {
                let line = lines.line(span.start);
                passages_of_all.push(PassageRecord {
                    document,
                    line: line + 1,
                    column: points.at(span.start) - points.at(lines.start(line)) + 1,
                    more: span.end < text.len(),
                    text: span.of(text).to_owned(),
                });
            }
            let units: Vec<Units<'_>> = spans.iter().map(|span| Units::new(span.of(text))).collect();
            for ((item, sight), home) in items.into_iter().zip(sight).zip(homes) {
                let rule = places.get(&(item.rule.clone(), item.rule_hash.clone())).copied().unwrap_or_default();
                let at = |offset: usize| units[home].at(offset - spans[home].start);
                findings.push(finding(item, sight, rule, first + home, at, &mut words));
            }
        }
        Data { id, version: env!("CARGO_PKG_VERSION"), documents, rules, words: words.list, passages: passages_of_all, findings }
    }
}

fn finding(
    item: Item,
    over: Vec<String>,
    rule: usize,
    passage: usize,
    at: impl Fn(usize) -> usize,
    words: &mut Words,
) -> FindingRecord {
    let place = |span: Span| (at(span.start), at(span.end));
    let (start, end) = place(item.span);
    let whole = matches!(item.changes.as_slice(), [change] if change.span == item.span);
    let changes = if whole { Vec::new() } else { item.changes };
    let change = |Change { span, text }: Change| {
        let (start, end) = place(span);
        (start, end, text)
    };
    let decisions = match &item.standing {
        ItemState::Open => Vec::new(),
        ItemState::Decided(decision) => vec![DecisionRecord::of(decision)],
        ItemState::Contradicted(decisions) => decisions.iter().map(DecisionRecord::of).collect(),
    };
    FindingRecord {
        key: item.key,
        rule,
        passage,
        start,
        end,
        line: item.line,
        column: item.column,
        severity: item.severity,
        apply: item.applicability,
        state: item.state,
        confidence: item.confidence,
        message: words.place(&item.message),
        evidence: item.evidence.iter().map(|reason| words.place(reason)).collect(),
        readings: item.readings,
        changes: changes.into_iter().map(change).collect(),
        decisions,
        over,
    }
}
