//! What the rules found, as shares of the text: before repair all of it, after it what is still open.

use super::fixed::{Fixed, Ratio};
use crate::edit::{Finding, Revision, Severity, State};
use crate::text::Span;

/// Kinds of damage that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Characters that are wrong or lost.
    Garble(Severity),
    /// Breaks inside paragraphs, and paragraphs that run into each other.
    Break,
    /// Blanks inside words.
    Space,
    /// Copies.
    Copy,
    /// Advertisements.
    Ad,
    /// What the producer or the site put around the text.
    Boilerplate,
    /// Words of another language where Chinese ones stood.
    Foreign,
    /// Places where text is missing.
    Lost,
    /// Paragraphs that begin or end in mid-sentence.
    Dangling,
}

/// Kinds, by number.
const KINDS: usize = 10;

impl Kind {
    fn number(self) -> usize {
        match self {
            Kind::Garble(Severity::Error) => 0,
            Kind::Garble(Severity::Warning) => 1,
            Kind::Garble(Severity::Info) => 2,
            Kind::Break => 3,
            Kind::Space => 4,
            Kind::Copy => 5,
            Kind::Ad => 6,
            Kind::Boilerplate => 7,
            Kind::Foreign => 8,
            Kind::Lost | Kind::Dangling => 9,
        }
    }

    /// What a finding of `rule` tells of, by the pass and, where passes have rules of several kinds, the rule.
    fn of(finding: &Finding) -> Option<Kind> {
        let (pass, name) = finding.rule.split_once('/')?;
        Some(match (pass, name) {
            ("garble", "foreign-word" | "stray-and" | "model-preface" | "invented-markup" | "kun-jin-kao") => Kind::Foreign,
            ("decode" | "repair" | "garble", _) => Kind::Garble(finding.severity),
            ("wrap" | "column" | "split", _) => Kind::Break,
            ("despace", _) => Kind::Space,
            ("dedupe", "boilerplate") | ("furniture", _) => Kind::Boilerplate,
            ("dedupe", _) => Kind::Copy,
            ("strip", "ad-block") => Kind::Ad,
            ("strip", _) => Kind::Boilerplate,
            ("flag", "lost-text" | "truncated-article" | "unbalanced-bracket" | "unbalanced-quote") => Kind::Lost,
            ("flag", "cut-tail" | "orphan-start") => Kind::Dangling,
            _ => return None,
        })
    }
}

/// What was found in a document, before or after repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FoundMeasures {
    /// Wrong or lost characters, by severity: error, warning, info.
    pub garble: [u64; 3],
    /// Of the garbled characters, those that the estimate of misreads does not know of.
    pub garble_beside_misreads: u64,
    /// Of the garbled characters, those that are misread, and those of stretches where nothing makes sense.
    pub misread: (u64, u64),
    /// Breaks in the wrong places.
    pub breaks: u64,
    /// Blanks in the wrong places.
    pub spaces: u64,
    /// Characters of copies.
    pub copied: u64,
    /// Characters of advertisements.
    pub ads: u64,
    /// Characters of boilerplate.
    pub boilerplate: u64,
    /// Characters of foreign words.
    pub foreign: u64,
    /// Places where text is missing.
    pub lost: u64,
    /// Paragraphs that begin or end in mid-sentence.
    pub dangling: u64,
}

/// Code points in the union of `spans`; an empty span counts as one.
fn covered(text: &str, spans: &mut [Span]) -> u64 {
    spans.sort_unstable();
    let (mut reach, mut sum) = (0, 0);
    for span in spans {
        let start = span.start.max(reach);
        if span.is_empty() {
            sum += 1;
        } else if start < span.end {
            sum += super::lines::count(&text[start..span.end]);
            reach = span.end;
        }
    }
    sum
}

impl FoundMeasures {
    /// What `revision` holds: with `after`, what repair has left open.
    pub fn of(revision: &Revision, after: bool) -> FoundMeasures {
        let text = revision.source().text();
        let mut spans: [Vec<Span>; KINDS] = Default::default();
        let (mut misread, mut senseless, mut beside) = (Vec::new(), Vec::new(), Vec::new());
        let mut found = FoundMeasures::default();
        let wanted = |finding: &&Finding| !after || matches!(finding.state, State::Proposed | State::Flagged);
        for finding in revision.findings.iter().filter(wanted) {
            let Some(kind) = Kind::of(finding) else { continue };
            let places = finding.changes.len().max(1) as u64;
            match kind {
                Kind::Break => found.breaks += places,
                Kind::Space => found.spaces += places,
                Kind::Lost => found.lost += 1,
                Kind::Dangling => found.dangling += 1,
                kind => {
                    let changed = || finding.changes.iter().map(|change| change.span);
                    let mut mine: Vec<Span> = changed().collect();
                    if mine.is_empty() {
                        mine.push(finding.span);
                    }
                    match (kind, &*finding.rule) {
                        (_, "garble/misread") => misread.extend(&mine),
                        (_, "garble/garbled-region") => senseless.extend(&mine),
                        (Kind::Garble(_), _) => beside.extend(&mine),
                        _ => {}
                    }
                    spans[kind.number()].append(&mut mine);
                }
            }
        }
        let mut count = |kind: Kind| covered(text, &mut spans[kind.number()]);
        found.garble = [Severity::Error, Severity::Warning, Severity::Info].map(|severity| count(Kind::Garble(severity)));
        found.copied = count(Kind::Copy);
        found.ads = count(Kind::Ad);
        found.boilerplate = count(Kind::Boilerplate);
        found.foreign = count(Kind::Foreign);
        found.misread = (covered(text, &mut misread), covered(text, &mut senseless));
        found.garble_beside_misreads = covered(text, &mut beside);
        found
    }

    /// So many for a thousand characters.
    pub(super) fn per_thousand(count: u64, characters: u64) -> Fixed {
        Ratio::new(count.saturating_mul(1000), characters).fixed()
    }
}
