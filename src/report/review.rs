//! What is to be decided, what was, and how often people agreed, for people and for programs.

use super::columns;
use super::escape::visible;
use super::excerpt::shortened;
use super::paint::Paint;
use crate::edit::{Applicability, Severity, State, Verdict};
use crate::review::{Decision, Item, ItemState, Key, Precision};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Cells of one text in a table.
const CELLS: usize = 24;

/// What became of an item in a word: what was decided, or that nothing was.
fn standing(item: &Item) -> &'static str {
    match &item.standing {
        ItemState::Decided(decision) => decision.verdict.name(),
        ItemState::Contradicted(_) => "contradiction",
        ItemState::Open if item.state == State::Applied => "edit",
        ItemState::Open => "open",
    }
}

/// Items for people: two lines each.
///
/// # Errors
/// Those of `out`.
pub fn items(path: &str, items: &[&Item], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for item in items {
        let place = format!("{}:{}:{}", visible(path), item.line, item.column);
        writeln!(
            out,
            "{}  {}  {}  {}  {}",
            paint.bold(item.key.short()),
            standing(item),
            paint.bold(place),
            paint.rule(&item.rule),
            visible(&item.message)
        )?;
        write!(out, "  {}", tail(&item.before))?;
        match item.readings.first() {
            Some(new) => {
                write!(out, "{}", paint.marked(format!("⟦{} → {}⟧", shortened(&item.old, CELLS), shortened(new, CELLS))))?
            }
            None => write!(out, "{}", paint.marked(format!("⟦{}⟧", shortened(&item.old, CELLS))))?,
        }
        write!(out, "{}", head(&item.after))?;
        let others: Vec<String> = item.readings.iter().skip(1).map(|text| format!("“{}”", shortened(text, CELLS))).collect();
        if !others.is_empty() {
            write!(out, "  {}", paint.dim(format!("or {}", others.join(" / "))))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The last characters of a text.
fn tail(text: &str) -> String {
    let skip = text.chars().count().saturating_sub(CELLS / 2);
    visible(&text.chars().skip(skip).collect::<String>())
}

/// The first.
fn head(text: &str) -> String {
    visible(&text.chars().take(CELLS / 2).collect::<String>())
}

/// One item. The order of the fields is the order of the keys.
#[derive(Debug, Serialize)]
struct ItemRecord<'a> {
    id: Key,
    path: &'a str,
    document: &'a str,
    rule: &'a str,
    rule_hash: &'a str,
    severity: Severity,
    apply: Applicability,
    state: State,
    line: usize,
    column: usize,
    before: &'a str,
    text: &'a str,
    after: &'a str,
    replacement: Option<&'a str>,
    choices: &'a [String],
    confidence: f32,
    message: &'a str,
    evidence: &'a [String],
    decision: Option<Verdict>,
    contradictions: &'a [Decision],
}

/// Items for programs: one JSON object a line.
///
/// # Errors
/// Those of `out`.
pub fn item_lines(path: &str, items: &[&Item], out: &mut dyn Write) -> io::Result<()> {
    for item in items {
        let (decision, contradictions) = match &item.standing {
            ItemState::Open => (None, &[][..]),
            ItemState::Decided(decision) => (Some(decision.verdict), &[][..]),
            ItemState::Contradicted(decisions) => (None, decisions.as_slice()),
        };
        let record = ItemRecord {
            id: item.key,
            path,
            document: &item.document,
            rule: &item.rule,
            rule_hash: &item.rule_hash,
            severity: item.severity,
            apply: item.applicability,
            state: item.state,
            line: item.line,
            column: item.column,
            before: &item.before,
            text: &item.old,
            after: &item.after,
            replacement: item.readings.first().map(String::as_str),
            choices: &item.readings,
            confidence: item.confidence,
            message: &item.message,
            evidence: &item.evidence,
            decision,
            contradictions,
        };
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// What a decision speaks of: the text, and what comes instead.
fn change(decision: &Decision) -> String {
    let old = shortened(&decision.old, CELLS);
    match decision.new.as_ref().filter(|_| decision.verdict != Verdict::Reject) {
        Some(new) => format!("⟦{old} → {}⟧", shortened(new, CELLS)),
        None => format!("⟦{old}⟧"),
    }
}

/// A decision as a person is told of it, once made.
///
/// # Errors
/// Those of `out`.
pub fn decided(path: &str, item: &Item, decision: &Decision, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let place = format!("{}:{}:{}", visible(path), item.line, item.column);
    let verdict = decision.verdict.name();
    writeln!(out, "{verdict}  {}  {place}  {}  {}", paint.bold(item.key.short()), paint.rule(&item.rule), change(decision))
}

/// Decisions for people: a table.
///
/// # Errors
/// Those of `out`.
pub fn decisions(decisions: &[&Decision], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let row = |decision: &&Decision| {
        let mut remarks = vec![shortened(&decision.note, CELLS)];
        remarks.extend(decision.baseline.then(|| "baseline".to_owned()));
        remarks.extend(decision.done.then(|| "done".to_owned()));
        remarks.retain(|remark| !remark.is_empty());
        [
            decision.key.short(),
            decision.verdict.name().to_owned(),
            decision.rule.clone(),
            change(decision),
            visible(&decision.document),
            visible(&decision.who),
            visible(decision.time.get(..10).unwrap_or(&decision.time)),
            remarks.join(", "),
        ]
    };
    let rows: Vec<[String; 8]> = decisions.iter().map(row).collect();
    columns::write(["id", "verdict", "rule", "text", "document", "who", "day", "remarks"], &rows, 0..0, paint, out)
}

/// Decisions for programs, as the ledger has them: one JSON object a line.
///
/// # Errors
/// Those of `out`.
pub fn decision_lines(decisions: &[&Decision], out: &mut dyn Write) -> io::Result<()> {
    for decision in decisions {
        serde_json::to_writer(&mut *out, decision)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// How often people agreed with rules, for people: a table.
///
/// # Errors
/// Those of `out`.
pub fn precision(rules: &BTreeMap<String, Precision>, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let percent = |share: f64| format!("{:.1}%", share * 100.0);
    let row = |(rule, counts): (&String, &Precision)| {
        let share = counts.right.share().map_or_else(|| "-".into(), percent);
        let interval =
            counts.right.interval().map_or_else(String::new, |(low, high)| format!("{} … {}", percent(low), percent(high)));
        let [accepted, decided, later, contradicted] =
            [counts.right.hits, counts.right.of, counts.later, counts.contradicted].map(|count| count.to_string());
        [rule.clone(), accepted, decided, share, interval, later, contradicted]
    };
    let rows: Vec<[String; 7]> = rules.iter().map(row).collect();
    columns::write(["rule", "accepted", "decided", "share", "95 %", "later", "contradicted"], &rows, 1..7, paint, out)
}

/// One rule. The order of the fields is the order of the keys.
#[derive(Debug, Serialize)]
struct PrecisionRecord<'a> {
    rule: &'a str,
    accepted: usize,
    decided: usize,
    share: Option<f64>,
    interval: Option<[f64; 2]>,
    later: usize,
    contradicted: usize,
}

/// How often people agreed with rules, for programs: one JSON object a line.
///
/// # Errors
/// Those of `out`.
pub fn precision_lines(rules: &BTreeMap<String, Precision>, out: &mut dyn Write) -> io::Result<()> {
    let rounded = |share: f64| (share * 10_000.0).round() / 10_000.0;
    for (rule, counts) in rules {
        let record = PrecisionRecord {
            rule,
            accepted: counts.right.hits,
            decided: counts.right.of,
            share: counts.right.share().map(rounded),
            interval: counts.right.interval().map(|(low, high)| [rounded(low), rounded(high)]),
            later: counts.later,
            contradicted: counts.contradicted,
        };
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
