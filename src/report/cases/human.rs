//! The outcome of cases for people: what should have been found above what was, aligned under the text.

use super::Score;
use crate::pass::cases::{CaseOutcome, Compared, Verdict};
use crate::report::counted;
use crate::report::escape::visible;
use crate::report::paint::Paint;
use crate::rule::Expectation;
use crate::text::Span;
use crate::text::lines::lines;
use crate::text::width::terminal_width;
use std::io::{self, Write};

/// Failures with what should have been found above what was, then gaps, then the score. The last line is always
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
            Verdict::Gap(why) if outcome.expectation == Expectation::Silent => format!("known false finding: {why}"),
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
        writeln!(out, "{}", counted(score.gaps, "gap"))?;
    }
    let spans = format!("{}, {} missed, {} noise, {} quiet", counted(score.hits, "hit"), score.misses, score.noise, score.quiet);
    writeln!(out, "{}", paint.dim(spans))?;
    writeln!(out, "{} passed, {} failed", score.passed, score.failed)
}

/// One failure: the case, what is wrong with it, and where.
pub(super) fn failure(outcome: &CaseOutcome, reason: &str, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} {}  {}", paint.removed("FAIL"), paint.rule(&outcome.rule), paint.bold(visible(&outcome.case)))?;
    writeln!(out, "  {}", visible(reason))?;
    let spans = outcome.spans();
    if spans.iter().any(|(_, compared)| *compared != Compared::Hit) {
        found(&outcome.text, &spans, paint, out)?;
    }
    if let Some(expected) = outcome.becomes_expected.as_ref().filter(|expected| **expected != outcome.becomes_found) {
        becomes(expected, &outcome.becomes_found, paint, out)?;
    }
    writeln!(out)
}

/// The lines in which something was missed or found too much, and under each what should have been found and what was.
fn found(text: &str, spans: &[(Span, Compared)], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let several = lines(text).count() > 1;
    for (number, line) in lines(text).enumerate() {
        let reach = Span::new(line.content.start, line.next);
        let last = line.next == text.len();
        let here = |span: &Span| span.start < reach.end && reach.start < span.end || holds(reach, *span, last);
        let within: Vec<_> = spans.iter().filter(|(span, _)| here(span)).collect();
        if within.iter().all(|(_, compared)| *compared == Compared::Hit) {
            continue;
        }
        let head = if several { format!("line {}", number + 1) } else { "text".into() };
        let shown = if line.next > line.content.end && several { "⏎" } else { "" };
        writeln!(out, "  {head:<10}{}{}", visible(line.content.of(text)), paint.dim(shown))?;
        for (word, without) in [("expected", Compared::Noise), ("found", Compared::Miss)] {
            let wanted = within.iter().filter(|(_, compared)| *compared != without);
            let carets = carets(text, reach, wanted.map(|(span, compared)| (*span, *compared)), paint);
            writeln!(out, "  {}", format!("{word:<10}{carets}").trim_end())?;
        }
    }
    Ok(())
}

/// Whether an empty span stands in `reach`.
fn holds(reach: Span, span: Span, last: bool) -> bool {
    span.is_empty() && (reach.start <= span.start && span.start < reach.end || last && span.start == reach.end)
}

/// Carets under `spans` as far as they stand in the line `reach`, at the cells where a terminal shows them.
fn carets(text: &str, reach: Span, spans: impl Iterator<Item = (Span, Compared)>, paint: Paint) -> String {
    let (mut row, mut at) = (String::new(), 0);
    for (span, compared) in spans {
        let (start, end) = (span.start.max(reach.start), span.end.min(reach.end));
        let from = terminal_width(&visible(&text[reach.start..start])).max(at);
        let width = terminal_width(&visible(text[start..end].trim_end_matches(['\r', '\n']))).max(1);
        let marks = "^".repeat(width);
        let marks = if compared == Compared::Hit { paint.added(marks) } else { paint.removed(marks) };
        row.push_str(&format!("{}{marks}", " ".repeat(from - at)));
        at = from + width;
    }
    row
}

/// The lines that differ between what the text should become and what it becomes, and from where on.
fn becomes(expected: &str, found: &str, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let split = |text: &str| text.split_inclusive('\n').map(visible).collect::<Vec<String>>();
    let (expected, found) = (split(expected), split(found));
    let first = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let rest = expected.len().min(found.len()) - first;
    let last = (0..rest).take_while(|n| expected[expected.len() - 1 - n] == found[found.len() - 1 - n]).count();
    let (expected, found) = (&expected[first..expected.len() - last], &found[first..found.len() - last]);
    for (word, lines) in [("should become", expected), ("becomes", found)] {
        for (number, line) in lines.iter().enumerate() {
            writeln!(out, "  {:<14}{line}", if number == 0 { word } else { "" })?;
        }
    }
    if let ([expected], [found]) = (expected, found) {
        let common = expected.char_indices().zip(found.chars()).find(|((_, a), b)| a != b);
        let at = common.map_or(expected.len().min(found.len()), |((at, _), _)| at);
        writeln!(out, "  {:<14}{}{}", "", " ".repeat(terminal_width(&expected[..at])), paint.removed("^"))?;
    }
    Ok(())
}
