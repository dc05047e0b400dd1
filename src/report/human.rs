//! Findings for people, by document.

use super::escape::visible;
use super::excerpt::excerpt;
use super::paint::Paint;
use super::tally::{Tally, by_rule};
use crate::edit::{Finding, Revision, State, Verdict};
use crate::text::lines::{CodePoints, LineIndex};
use crate::text::width::terminal_width;
use std::io::{self, Write};

/// Cells of an excerpt.
const CELLS: usize = 80;

/// What to show.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Colours or none.
    pub paint: Paint,
    /// Whether edits that need no person, and findings that lost their place, are listed too.
    pub all: bool,
}

/// Totals over documents.
#[derive(Debug, Clone, Default)]
pub struct Total {
    /// Documents read.
    pub documents: usize,
    /// Documents in which something was found.
    pub with_findings: usize,
    /// What was found.
    pub tally: Tally,
}

impl Total {
    /// Counts one document.
    pub fn add(&mut self, tally: Tally) {
        self.documents += 1;
        self.with_findings += usize::from(!tally.is_empty());
        self.tally.add(tally);
    }

    /// The closing lines.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
        let documents = super::counted(self.documents, "document");
        if self.tally.is_empty() {
            return writeln!(out, "{}", paint.bold(format!("{documents}: {}", self.tally.in_words())));
        }
        let found = self.tally.in_words();
        writeln!(out, "{}", paint.bold(format!("{documents}, {} with findings: {found}", self.with_findings)))
    }

    /// What was found, by rule.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_by_rule(&self, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
        for (name, counts) in
            [("edits", &self.tally.applied), ("proposed", &self.tally.proposed), ("flagged", &self.tally.flagged)]
        {
            let mut ranked: Vec<_> = counts.iter().collect();
            ranked.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
            let width = ranked.first().map_or(0, |(_, count)| count.to_string().len());
            if !ranked.is_empty() {
                writeln!(out, "{}", paint.bold(name))?;
            }
            for (rule, count) in ranked {
                writeln!(out, "  {count:width$}  {}", paint.rule(rule))?;
            }
        }
        Ok(())
    }
}

/// The findings of one document; nothing when there are none to tell of.
///
/// # Errors
/// Those of `out`.
pub fn document(path: &str, revision: &Revision, view: View, out: &mut dyn Write) -> io::Result<()> {
    let tally = Tally::of(&revision.findings);
    let known = |finding: &Finding| finding.decision == Some(Verdict::Later);
    let open = |finding: &Finding| matches!(finding.state, State::Proposed | State::Flagged) && !known(finding);
    let listed = |finding: &&Finding| view.all || open(finding);
    let mut findings: Vec<&Finding> = revision.findings.iter().filter(listed).collect();
    if tally.is_empty() && findings.is_empty() {
        return Ok(());
    }
    findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
    let paint = view.paint;
    writeln!(out, "{}  {}", paint.bold(visible(path)), tally.in_words())?;

    let rows = rows(revision, &findings);
    let place = rows.iter().map(|row| row.place.len()).max().unwrap_or(0);
    let severity = rows.iter().map(|row| row.severity.len()).max().unwrap_or(0);
    let rule = rows.iter().map(|row| terminal_width(&row.finding.rule)).max().unwrap_or(0);
    for row in &rows {
        let finding = row.finding;
        write!(out, "  {:>place$}  {}  ", row.place, paint.severity(finding.severity, format!("{:severity$}", row.severity)))?;
        write!(
            out,
            "{}{:pad$}  {}",
            paint.rule(&finding.rule),
            "",
            visible(&finding.message),
            pad = rule - terminal_width(&finding.rule)
        )?;
        match finding.state {
            State::Applied => write!(out, "  {}", paint.dim("edit"))?,
            State::Shadowed => write!(out, "  {}", paint.dim(overtaken(revision, finding)))?,
            State::Proposed | State::Flagged => {}
        }
        match finding.decision {
            Some(Verdict::Accept) => write!(out, "  {}", paint.dim("accepted"))?,
            Some(Verdict::Later) => write!(out, "  {}", paint.dim("later"))?,
            Some(Verdict::Reject) | None => {}
        }
        writeln!(out)?;
        if let Some(excerpt) = shown_excerpt(revision.source().text(), finding, paint) {
            writeln!(out, "  {:place$}  {excerpt}", "")?;
        }
    }
    if !view.all && !tally.applied.is_empty() {
        writeln!(out, "  {}", paint.dim(format!("edits: {}", by_rule(&tally.applied))))?;
    }
    writeln!(out)
}

/// One finding with its first columns.
struct Row<'a> {
    finding: &'a Finding,
    place: String,
    severity: &'static str,
}

fn rows<'a>(revision: &Revision, findings: &[&'a Finding]) -> Vec<Row<'a>> {
    let text = revision.source().text();
    if findings.is_empty() {
        return Vec::new();
    }
    let (lines, points) = (LineIndex::new(text), CodePoints::new(text));
    let row = |finding: &&'a Finding| Row {
        finding,
        place: super::place(&lines, &points, finding.span.start),
        severity: super::severity_name(finding.severity),
    };
    findings.iter().map(row).collect()
}

fn overtaken(revision: &Revision, finding: &Finding) -> String {
    match finding.shadowed_by.and_then(|by| revision.findings.get(by)) {
        Some(winner) => format!("lost to {}", winner.rule),
        None => "lost to another edit".into(),
    }
}

/// The place in its line. A finding about the whole document has none; of several changes the first is shown.
fn shown_excerpt(text: &str, finding: &Finding, paint: Paint) -> Option<String> {
    match finding.changes.as_slice() {
        [] if finding.span.is_empty() => None,
        [] => Some(excerpt(text, finding.span, None, CELLS, paint)),
        [first, others @ ..] => {
            let mut line = excerpt(text, first.span, Some(&first.text), CELLS, paint);
            if !others.is_empty() {
                line.push_str(&format!("  {}", paint.dim(format!("and {}", super::counted(others.len(), "more change")))));
            }
            if finding.choices.len() > 1 {
                let others =
                    finding.choices[1..].iter().map(|choice| if choice.is_empty() { "nothing".into() } else { visible(choice) });
                line.push_str(&format!("  {}", paint.dim(format!("or {}", others.collect::<Vec<_>>().join(" / ")))));
            }
            Some(line)
        }
    }
}

/// The summary of a cleaning: how many documents changed, and what was found by rule.
///
/// # Errors
/// Those of `out`.
pub fn summary(total: &Total, changed: usize, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let documents = super::counted(total.documents, "document");
    writeln!(out, "{}", paint.bold(format!("{documents}, {changed} changed: {}", total.tally.in_words())))?;
    total.write_by_rule(paint, out)
}
