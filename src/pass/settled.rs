//! What comes of a text when the passes leave it alone, and of the sections of a very long one together.

use crate::edit::{DraftEdit, Finding, Held};
use crate::text::Span;

/// A text after the passes.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// The cleaned text; none when nothing has changed.
    pub cleaned: Option<String>,
    /// The edits that lead to it.
    pub changes: Vec<DraftEdit>,
    /// What was found, in the order of places.
    pub findings: Vec<Finding>,
    /// What people rejected.
    pub rejected: Vec<Finding>,
    /// What people keep as it is.
    pub held: Vec<Held>,
}

impl Settled {
    /// Goes on with the section `span` of `text`, of which `next` has come. All before it is in here already. What people decided is
    /// never asked about in sections.
    pub fn join(&mut self, text: &str, span: Span, next: Settled) {
        let (findings, cleaned) = (self.findings.len(), self.cleaned.as_ref().map_or(span.start, String::len));
        match (&mut self.cleaned, next.cleaned) {
            (Some(all), Some(new)) => all.push_str(&new),
            (Some(all), None) => all.push_str(span.of(text)),
            (None, Some(new)) => self.cleaned = Some([&text[..span.start], &new].concat()),
            (None, None) => {}
        }
        for mut finding in next.findings {
            finding.span = finding.span.moved(span.start);
            finding.changes.iter_mut().for_each(|change| change.span = change.span.moved(span.start));
            finding.shadowed_by = finding.shadowed_by.map(|by| by + findings);
            // Witnesses keep the section in mind.
            finding.evidence.take_down();
            self.findings.push(finding);
        }
        for change in next.changes {
            let (source, draft) = (change.source.moved(span.start), change.draft.moved(cleaned));
            let its = change.findings.into_iter().map(|finding| finding + findings);
            match self.changes.last_mut().filter(|last| last.source.end == source.start && last.draft.end == draft.start) {
                // No two changes touch each other.
                Some(last) => {
                    (last.source.end, last.draft.end) = (source.end, draft.end);
                    last.findings.extend(its);
                }
                None => self.changes.push(DraftEdit { source, draft, findings: its.collect() }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Applicability, Change, Draft, Revision, settle};
    use crate::rule::{Pack, Rule};
    use crate::text::Source;

    /// What becomes of `text` when every `x` in it is doubled and every `-` taken out.
    fn settled(text: &str, rule: &Rule) -> Settled {
        let new = |mark: &str| if mark == "x" { "xx" } else { "" };
        let marks =
            text.match_indices(['x', '-']).map(|(at, mark)| Change { span: Span::new(at, at + 1), text: new(mark).into() });
        let found = |change: Change| crate::edit::Finding {
            applicability: Applicability::Auto,
            changes: vec![change.clone()],
            ..rule.flag(change.span, "")
        };
        let (mut draft, mut findings) = (Draft::new(text), Vec::new());
        settle(&mut draft, marks.map(found).collect(), Applicability::Auto.into(), &mut findings);
        let (text, changes) = draft.into_parts();
        let cleaned = (!changes.is_empty()).then(|| text.into_owned());
        Settled { cleaned, changes, findings, ..Settled::default() }
    }

    #[test]
    fn sections_together_are_the_whole() {
        let revision = |text: &str, settled: Settled| {
            Revision::new(Source::from_text("a", text), settled.changes, settled.cleaned, settled.findings)
        };
        let pack = Pack::built_in().unwrap();
        let rule = pack.get("garble/stray-and").unwrap();
        for text in ["", "ab", "xab-", "ax-b", "a-x-xb", "abx", "--", "x"] {
            let whole = revision(text, settled(text, rule));
            for cut in 0..=text.len() {
                for last in cut..=text.len() {
                    let mut joined = Settled::default();
                    for span in [Span::new(0, cut), Span::new(cut, last), Span::new(last, text.len())] {
                        joined.join(text, span, settled(span.of(text), rule));
                    }
                    let joined = revision(text, joined);
                    assert_eq!(joined.cleaned(), whole.cleaned(), "{text} {cut} {last}");
                    assert_eq!((&joined.edits, &joined.findings), (&whole.edits, &whole.findings), "{text} {cut} {last}");
                }
            }
        }
    }
}
