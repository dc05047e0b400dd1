//! One finding a line, for reviews and snapshots: place, rule, what became of it, and the change in its context.

use crate::edit::{Finding, Revision, State};
use crate::text::lines::{CodePoints, LineIndex};
use std::fmt::Write;

/// Characters of context on either side.
const AROUND: usize = 4;
/// Characters of a changed text that are shown whole.
const LONGEST: usize = 40;

/// The findings of a document by place, but for those that lost theirs to others.
pub fn lines(revision: &Revision) -> String {
    let mut findings: Vec<&Finding> = revision.findings.iter().filter(|finding| finding.state != State::Shadowed).collect();
    findings.sort_by(|a, b| (a.span, &a.rule).cmp(&(b.span, &b.rule)));
    let ruler = Ruler::new(revision);
    findings.iter().fold(String::new(), |lines, finding| lines + &ruler.line(finding) + "\n")
}

/// Writes findings of one document.
pub(super) struct Ruler<'r> {
    text: &'r str,
    lines: LineIndex,
    points: CodePoints<'r>,
}

impl<'r> Ruler<'r> {
    pub fn new(revision: &'r Revision) -> Self {
        let text = revision.source().text();
        Ruler { text, lines: LineIndex::new(text), points: CodePoints::new(text) }
    }

    /// `line:column`, both from 1, the column in code points.
    pub fn place(&self, finding: &Finding) -> String {
        super::place(&self.lines, &self.points, finding.span.start)
    }

    /// What becomes of a finding, how sure it is, and the change in its context.
    pub fn change(&self, finding: &Finding) -> String {
        let span = finding.span;
        let text = middle_left_out(&shown(span.of(self.text)));
        let change = match (finding.replacement(), finding.changes.len()) {
            (Some(new), _) => format!("{text} → {}", shown(new)),
            (None, 0) => text,
            (None, count) => format!("{text} → {count} changes"),
        };
        let before = self.text[..span.start].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let after = self.text[span.end..].char_indices().nth(AROUND).map_or(self.text.len(), |(at, _)| span.end + at);
        let (left, right) = (shown(&self.text[before..span.start]), shown(&self.text[span.end..after]));
        let state = match finding.state {
            State::Applied => "applied",
            State::Proposed => "proposed",
            State::Flagged => "flagged",
            State::Shadowed => "shadowed",
        };
        format!("{state} {:.2} {left}⟦{change}⟧{right}", finding.confidence)
    }

    fn line(&self, finding: &Finding) -> String {
        format!("{} {} {}", self.place(finding), finding.rule, self.change(finding))
    }
}

/// A text on one line. What cannot be seen, and what a terminal would obey, is written out.
fn shown(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => line.push('⏎'),
            '\u{C}' => line.push('␌'),
            '\t' => line.push('⇥'),
            '\u{200B}' => line.push('␣'),
            c if c.is_control()
                || matches!(c, '\u{200C}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}') =>
            {
                // Writing to a string does not fail.
                let _ = write!(line, "<{:04X}>", c as u32);
            }
            c => line.push(c),
        }
    }
    line
}

fn middle_left_out(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    match chars.len() {
        0..=LONGEST => text.to_owned(),
        all => chars[..18].iter().chain(&['…']).chain(&chars[all - 18..]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_show_what_cannot_be_seen() {
        assert_eq!(shown("甲\r\n乙\t\u{1B}[1m\u{202E}丙"), "甲⏎乙⇥<001B>[1m<202E>丙");
        assert_eq!(middle_left_out(&"甲".repeat(41)).chars().count(), 37);
    }
}
