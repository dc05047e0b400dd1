//! The outcome of running the rules' cases.

use super::escape::visible;
use super::paint::Paint;
use crate::pass::cases::{CaseOutcome, Verdict};
use crate::text::Span;
use std::io::{self, Write};

/// How the cases went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// Cases that are as they should be.
    pub passed: usize,
    /// Cases that are not.
    pub failed: usize,
    /// Known misses, those that pass by now included.
    pub gaps: usize,
}

impl Score {
    /// Counts `outcomes`.
    pub fn of(outcomes: &[CaseOutcome]) -> Score {
        let mut score = Score { passed: 0, failed: 0, gaps: 0 };
        for outcome in outcomes {
            match outcome.verdict {
                Verdict::Pass => score.passed += 1,
                Verdict::Fail(_) => score.failed += 1,
                Verdict::Gap(_) | Verdict::GapCloses => score.gaps += 1,
            }
        }
        score
    }
}

/// `text` with ⟦ ⟧ around `spans`, which are ascending.
pub fn with_marks(text: &str, spans: &[Span]) -> String {
    let mut marked = String::with_capacity(text.len() + spans.len() * 6);
    let mut at = 0;
    for span in spans.iter().filter(|span| span.end <= text.len()) {
        let start = span.start.max(at);
        marked.push_str(&text[at..start]);
        marked.push('⟦');
        at = span.end.max(start);
        marked.push_str(&text[start..at]);
        marked.push('⟧');
    }
    marked.push_str(&text[at..]);
    marked
}

/// Failures with what was expected above what was found, then gaps, then the score. The last line is always
/// `N passed, N failed`.
///
/// # Errors
/// Those of `out`.
pub fn write(outcomes: &[CaseOutcome], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for outcome in outcomes {
        if let Verdict::Fail(reason) = &outcome.verdict {
            failure(outcome, reason, paint, out)?;
        }
    }
    let mut any = false;
    for outcome in outcomes {
        let word = match &outcome.verdict {
            Verdict::Gap(why) => format!("known miss: {why}"),
            Verdict::GapCloses => "passes now: drop its `gap`".into(),
            Verdict::Pass | Verdict::Fail(_) => continue,
        };
        writeln!(out, "{} {}  {}  {}", paint.dim("gap"), paint.rule(&outcome.rule), visible(&outcome.case), paint.dim(word))?;
        any = true;
    }
    if any {
        writeln!(out)?;
    }
    let score = Score::of(outcomes);
    if score.gaps > 0 {
        writeln!(out, "{}", super::counted(score.gaps, "gap"))?;
    }
    writeln!(out, "{} passed, {} failed", score.passed, score.failed)
}

fn failure(outcome: &CaseOutcome, reason: &str, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} {}  {}", paint.removed("FAIL"), paint.rule(&outcome.rule), paint.bold(visible(&outcome.case)))?;
    writeln!(out, "  {}", visible(reason))?;
    // A case without marks that becomes another text expects no spans in particular.
    let anywhere =
        outcome.expected.is_empty() && outcome.becomes_expected.as_ref().is_some_and(|becomes| *becomes != outcome.text);
    if outcome.expected != outcome.found && !anywhere {
        writeln!(out, "  expected  {}", visible(&with_marks(&outcome.text, &outcome.expected)))?;
        writeln!(out, "  found     {}", visible(&with_marks(&outcome.text, &outcome.found)))?;
    }
    match &outcome.becomes_expected {
        Some(expected) if *expected != outcome.becomes_found => {
            writeln!(out, "  should become  {}", visible(expected))?;
            writeln!(out, "  becomes        {}", visible(&outcome.becomes_found))?;
        }
        _ => {}
    }
    writeln!(out)
}
