//! How right rules are on labelled text, for people, for pull requests and for programs.

use super::alarms::{self, Alarms};
use super::escape::visible;
use super::paint::Paint;
use super::{columns, counted};
use crate::eval::{Breaks, Miss, MissKind, Removal, Share, Tally};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Tables: together, by kind of label, by rule; then removals and line breaks when they are labelled, and the most telling
/// errors, `errors` of each sort.
///
/// # Errors
/// Those of `out`.
pub fn tables(tally: &Tally, errors: usize, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let spans = &tally.spans;
    if spans.recall.of + spans.precision.of > 0 {
        let [precision, recall] = spans.characters;
        let rows = [
            row("spans", spans.precision, spans.recall, spans.f1()),
            row("characters", precision, recall, spans.f1_of_characters()),
        ];
        columns::write(HEAD, &rows, 1..6, paint, out)?;
        if spans.touched.of > 0 {
            writeln!(out, "{} of {} spans to keep are touched", spans.touched.hits, spans.touched.of)?;
        }
        writeln!(out)?;
        let shares = |name: &str, share: Share| [name.to_owned(), fraction(share), percent(share), interval(share)];
        let kinds: Vec<_> = spans.kinds.iter().map(|(kind, share)| shares(kind, *share)).collect();
        columns::write(["kind", "found", "recall", "95 %"], &kinds, 1..4, paint, out)?;
        writeln!(out)?;
        let rules: Vec<_> = spans.rules.iter().map(|(rule, share)| shares(rule, *share)).collect();
        columns::write(["rule", "on a mark", "precision", "95 %"], &rules, 1..4, paint, out)?;
        writeln!(out)?;
    }
    if tally.removed.recall.of > 0 {
        let named = [("removed", tally.removed), ("removed or proposed", tally.removed_or_proposed)];
        let rows = named.map(|(name, removal)| row(name, removal.precision, removal.recall, removal.f1()));
        columns::write(HEAD, &rows, 1..6, paint, out)?;
        for (name, removal) in named {
            let (marks, damaged) = (fraction(removal.marks), fraction(removal.damaged));
            writeln!(out, "{name}: {marks} of the marks, {damaged} of the spans to keep")?;
        }
        writeln!(out)?;
    }
    if !tally.breaks.is_empty() {
        breaks(&tally.breaks, paint, out)?;
    }
    for miss in spans.telling(errors) {
        let [before, shown, after] = miss.excerpt.each_ref().map(|part| visible(part).to_string());
        let place = format!("{}:{}:{}", visible(&miss.document), miss.line, miss.column);
        writeln!(
            out,
            "{}  {}  {}{}{}",
            paint.bold(place),
            what(miss),
            paint.dim(before),
            mark(&shown, miss, paint),
            paint.dim(after)
        )?;
    }
    writeln!(out, "{}, {} characters", counted(tally.documents, "labelled document"), tally.characters)
}

const HEAD: [&str; 6] = ["", "precision", "95 %", "recall", "95 %", "F1"];

fn row(name: &str, precision: Share, recall: Share, f1: f64) -> [String; 6] {
    let both = precision.share().and(recall.share());
    let f1 = both.map_or("-".into(), |_| format!("{f1:.4}"));
    [name.to_owned(), percent(precision), interval(precision), percent(recall), interval(recall), f1]
}

fn breaks(breaks: &Breaks, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let row = |name, precision: Share, recall: Share| {
        let [p, r] = [precision, recall].map(|share| share.share().unwrap_or(0.0));
        row(name, precision, recall, crate::eval::f1(p, r))
    };
    let rows = [
        row("boundaries", breaks.boundaries, breaks.kept),
        row("joins", breaks.joins, breaks.joined),
        row("blanks removed", breaks.removed_blanks, breaks.spurious_blanks),
    ];
    columns::write(HEAD, &rows, 1..6, paint, out)?;
    writeln!(out, "right glue {}, jumps joined {}\n", fraction(breaks.glue), fraction(breaks.jumps))
}

fn what(miss: &Miss) -> String {
    match &miss.kind {
        MissKind::False(rule, confidence) => format!("false {rule} ({confidence:.2})"),
        MissKind::Missed(kind) => format!("missed {kind}"),
        MissKind::Touched(rule) => format!("touched by {rule}"),
    }
}

fn mark(shown: &str, miss: &Miss, paint: Paint) -> String {
    let marked = format!("⟦{shown}⟧");
    match miss.kind {
        MissKind::Missed(_) => paint.added(marked).to_string(),
        _ => paint.removed(marked).to_string(),
    }
}

fn fraction(share: Share) -> String {
    format!("{}/{}", share.hits, share.of)
}

fn percent(share: Share) -> String {
    share.share().map_or("-".into(), |share| format!("{share:.4}"))
}

fn interval(share: Share) -> String {
    share.interval().map_or(String::new(), |(low, high)| format!("{low:.3}–{high:.3}"))
}

/// The same as one JSON object, with the false alarms in clean text when they were counted.
///
/// # Errors
/// Those of `out`.
pub fn json(tally: &Tally, alarms: Option<&Alarms>, errors: usize, out: &mut dyn Write) -> io::Result<()> {
    let spans = &tally.spans;
    let named = |pairs: &mut dyn Iterator<Item = (String, Share)>| -> Value {
        Value::Object(pairs.map(|(name, share)| (name, record(share))).collect())
    };
    let errors: Vec<Value> = spans
        .telling(errors)
        .into_iter()
        .map(|miss| {
            let [before, text, after] = &miss.excerpt;
            let (sort, name) = match &miss.kind {
                MissKind::False(rule, _) => ("false", rule.to_string()),
                MissKind::Missed(kind) => ("missed", kind.clone()),
                MissKind::Touched(rule) => ("touched", rule.to_string()),
            };
            json!({
                "error": sort, "name": name, "document": miss.document, "line": miss.line, "column": miss.column,
                "before": before, "text": text, "after": after,
            })
        })
        .collect();
    let breaks = &tally.breaks;
    let report = json!({
        "documents": tally.documents,
        "characters": tally.characters,
        "spans": { "precision": record(spans.precision), "recall": record(spans.recall), "f1": rounded(spans.f1()) },
        "spans_of_characters": {
            "precision": record(spans.characters[0]), "recall": record(spans.characters[1]), "f1": rounded(spans.f1_of_characters()),
        },
        "touched": record(spans.touched),
        "kinds": named(&mut spans.kinds.iter().map(|(kind, share)| (kind.clone(), *share))),
        "rules": named(&mut spans.rules.iter().map(|(rule, share)| (rule.to_string(), *share))),
        "removed": removal(&tally.removed),
        "removed_or_proposed": removal(&tally.removed_or_proposed),
        "breaks": {
            "boundaries": { "precision": record(breaks.boundaries), "recall": record(breaks.kept) },
            "joins": { "precision": record(breaks.joins), "recall": record(breaks.joined) },
            "glue": record(breaks.glue), "jumps_joined": record(breaks.jumps),
            "blanks": { "precision": record(breaks.removed_blanks), "recall": record(breaks.spurious_blanks) },
        },
        "errors": errors,
        "false_alarms": alarms.map(alarms::value),
    });
    super::escape::pretty_json(&report, out)?;
    writeln!(out)
}

fn removal(removal: &Removal) -> Value {
    json!({
        "precision": record(removal.precision), "recall": record(removal.recall), "f1": rounded(removal.f1()),
        "marks": record(removal.marks), "damaged": record(removal.damaged),
    })
}

fn record(share: Share) -> Value {
    json!({
        "hits": share.hits, "of": share.of, "share": share.share().map(rounded),
        "interval": share.interval().map(|(low, high)| [rounded(low), rounded(high)]),
    })
}

fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}
