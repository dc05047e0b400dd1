//! The outcome of cases for programs, as one JSON document.

use super::Score;
use crate::pass::cases::{CaseOutcome, Verdict};
use crate::text::lines::{CodePoints, LineIndex};
use serde_json::json;
use std::io::{self, Write};

/// Every case with its verdict and its spans, in code points of its text, and the score.
///
/// # Errors
/// Those of `out`.
pub fn write(outcomes: &[CaseOutcome], out: &mut dyn Write) -> io::Result<()> {
    let cases: Vec<_> = outcomes.iter().map(case).collect();
    crate::report::escape::pretty_json(&json!({ "cases": cases, "summary": Score::of(outcomes) }), out)?;
    writeln!(out)
}

fn case(outcome: &CaseOutcome) -> serde_json::Value {
    let (verdict, reason) = match &outcome.verdict {
        Verdict::Pass => ("pass", None),
        Verdict::Fail(reason) => ("fail", Some(reason)),
        Verdict::Gap(why) => ("gap", Some(why)),
        Verdict::GapCloses => ("gap-closes", None),
    };
    let (lines, points) = (LineIndex::new(&outcome.text), CodePoints::new(&outcome.text));
    let spans: Vec<_> = outcome
        .spans()
        .into_iter()
        .map(|(span, compared)| {
            let (line, column) = lines.position(&outcome.text, span.start);
            json!({
                "start": points.at(span.start), "end": points.at(span.end), "line": line, "column": column,
                "text": span.of(&outcome.text), "is": compared,
            })
        })
        .collect();
    json!({
        "rule": &*outcome.rule, "case": outcome.case, "verdict": verdict, "reason": reason, "text": outcome.text, "spans": spans,
        "should_become": outcome.becomes_expected, "becomes": outcome.becomes_found,
    })
}
