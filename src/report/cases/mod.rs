//! The outcome of running the rules' cases: one file a format.

pub mod human;
pub mod json;
pub mod junit;
pub mod pairs;

use crate::pass::cases::{CaseOutcome, Compared, Verdict};
use crate::text::Span;
use serde::Serialize;

/// How the cases went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Cases that are as they should be.
    pub passed: usize,
    /// Cases that are not.
    pub failed: usize,
    /// Known misses, those that pass by now included.
    pub gaps: usize,
    /// Spans that should be found, and were.
    pub hits: usize,
    /// Spans that should be found, and were not.
    pub misses: usize,
    /// Spans that were found, and should not be.
    pub noise: usize,
    /// Cases in which nothing should be found, and nothing was.
    pub quiet: usize,
}

impl Score {
    /// Counts `outcomes`. The spans of known misses do not count.
    pub fn of(outcomes: &[CaseOutcome]) -> Score {
        let mut score = Score::default();
        for outcome in outcomes {
            match outcome.verdict {
                Verdict::Pass => score.passed += 1,
                Verdict::Fail(_) => score.failed += 1,
                Verdict::Gap(_) | Verdict::GapCloses => {
                    score.gaps += 1;
                    continue;
                }
            }
            score.quiet += usize::from(outcome.is_quiet());
            for (_, compared) in outcome.spans() {
                *match compared {
                    Compared::Hit => &mut score.hits,
                    Compared::Miss => &mut score.misses,
                    Compared::Noise => &mut score.noise,
                } += 1;
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
