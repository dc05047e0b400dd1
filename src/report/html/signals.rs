//! What can be told cheaply of a document before and after its edits.

use crate::edit::{Revision, State};
use crate::pass::Pipeline;
use crate::text::chars::{is_closer, is_han, is_sentence_end};
use serde::Serialize;

/// Characters of the shortest line that counts: shorter ones are headings and names, which end in no mark.
const LEAST: usize = 12;

/// A document in numbers. Pairs are before and after the edits that were made.
#[derive(Debug, Serialize)]
pub struct Signals {
    characters: [usize; 2],
    /// Han characters by which misreads were estimated, and the share of them that is likely misread; missing when no rule knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    misread: Option<[Misread; 2]>,
    lines: [Lines; 2],
    /// Copies that were taken out, and their characters.
    copies: [usize; 2],
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Misread {
    han: usize,
    share: f64,
}

/// Lines of text, and those of them that end where a sentence does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Lines {
    all: usize,
    ended: usize,
}

impl Lines {
    fn of(text: &str) -> Lines {
        let lines = text.lines().map(str::trim).filter(|line| line.chars().filter(|&c| is_han(c)).nth(LEAST - 1).is_some());
        lines.fold(Lines { all: 0, ended: 0 }, |count, line| {
            let last = line.chars().rev().find(|&c| !is_closer(c));
            Lines { all: count.all + 1, ended: count.ended + usize::from(last.is_some_and(is_sentence_end)) }
        })
    }
}

impl Signals {
    /// The signals of a revision made by `pipeline`.
    pub fn of(revision: &Revision, pipeline: &Pipeline) -> Signals {
        let (source, cleaned) = (revision.source().text(), revision.cleaned());
        let misread = |text: &str| {
            let (whole, _) = pipeline.quality(text)?;
            // As many digits as mean something, the same on every machine.
            Some(Misread { han: whole.characters, share: (whole.share * 10_000.0).round() / 10_000.0 })
        };
        let copied = revision.findings.iter().filter(|f| f.state == State::Applied && f.rule.starts_with("dedupe/"));
        let removed = copied.flat_map(|f| &f.changes).filter(|change| change.text.is_empty());
        let copies =
            removed.fold([0, 0], |[count, characters], change| [count + 1, characters + change.span.of(source).chars().count()]);
        Signals {
            characters: [source, cleaned].map(|text| text.chars().count()),
            misread: misread(source)
                .map(|before| if revision.is_changed() { [before, misread(cleaned).unwrap_or(before)] } else { [before; 2] }),
            lines: [source, cleaned].map(Lines::of),
            copies,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_end_a_sentence_are_counted() {
        let text = "第一章\n河道通了，水就来了，田里也浇上\n了。“河道通了，水就来了，田里也浇上了水。”\n";
        assert_eq!(Lines::of(text), Lines { all: 2, ended: 1 });
    }
}
