//! The outcome of cases as JUnit XML, by the schema of the Jenkins xUnit plug-in: a suite a rule, a test a case.

use super::Score;
use crate::pass::cases::{CaseOutcome, Verdict};
use crate::report::xml::escaped;
use std::io::{self, Write};

/// Writes every rule as a suite; a known miss is a test that was skipped.
///
/// # Errors
/// Those of `out`.
pub fn write(outcomes: &[CaseOutcome], out: &mut dyn Write) -> io::Result<()> {
    let of = |outcomes: &[CaseOutcome]| {
        let score = Score::of(outcomes);
        let (tests, failures, skipped) = (outcomes.len(), score.failed, score.gaps);
        format!(r#"tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}""#)
    };
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="jiaokan test" {}>"#, of(outcomes))?;
    for suite in outcomes.chunk_by(|a, b| a.rule == b.rule) {
        let rule = escaped(&suite[0].rule);
        writeln!(out, r#"  <testsuite name="{rule}" {}>"#, of(suite))?;
        for outcome in suite {
            write!(out, r#"    <testcase classname="{rule}" name="{}""#, escaped(&outcome.case))?;
            match &outcome.verdict {
                Verdict::Pass => writeln!(out, "/>")?,
                Verdict::Gap(why) => writeln!(out, r#"><skipped message="{}"/></testcase>"#, escaped(why))?,
                Verdict::GapCloses => writeln!(out, r#"><skipped message="passes now: drop its `gap`"/></testcase>"#)?,
                Verdict::Fail(reason) => {
                    writeln!(out, r#"><failure message="{}">{}</failure></testcase>"#, escaped(reason), escaped(&body(outcome)))?;
                }
            }
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// What a person would see of a failure.
fn body(outcome: &CaseOutcome) -> String {
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = super::human::failure(outcome, "", crate::report::Paint::Plain, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
