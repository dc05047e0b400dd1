//! How much of a page is misread.

use super::doubts::Doubts;
use crate::text::Span;

/// Misreads come in clusters, and doubts are not quite as sure as they say: a page tells as much as one with so many fewer
/// characters whose misreads were independent. Set so that the interval holds the true share of four OCR pages of five.
const CLUSTERED: f64 = 20.0;

/// The deviate of a normal distribution within which four fifths of it lie.
const WITHIN: f64 = 1.2816;

/// The estimated share of misread characters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// The page, in bytes of the text.
    pub span: Span,
    /// Its Han characters.
    pub characters: usize,
    /// The share of them that is likely misread.
    pub share: f64,
    /// On OCR pages, four times of five the true share lies between these; clean text is taken for a little worse than it is.
    pub interval: (f64, f64),
}

impl Quality {
    /// The quality of the characters of `doubts` that stand in `span`.
    pub(super) fn of(doubts: &Doubts, span: Span) -> Quality {
        let letter = |at: usize| doubts.letters.at.partition_point(|&letter| (letter as usize) < at);
        let letters = letter(span.start)..letter(span.end);
        let characters = doubts.letters.han(letters.clone());
        let places = &doubts.places.list;
        let place = |at: usize| places.partition_point(|place| place.seq < at);
        let expected = doubts.here[place(letters.start)..place(letters.end)].iter().fold(0.0, |sum, p| sum + p);
        let share = f64::from(expected) / characters.max(1) as f64;
        Quality { span, characters, share, interval: wilson(share, characters as f64 / CLUSTERED) }
    }
}

/// Wilson's interval for a share of `count` trials.
fn wilson(share: f64, count: f64) -> (f64, f64) {
    if count <= 0.0 {
        return (0.0, 1.0);
    }
    let square = WITHIN * WITHIN;
    let middle = share + square / (2.0 * count);
    let reach = WITHIN * (share * (1.0 - share) / count + square / (4.0 * count * count)).sqrt();
    let all = 1.0 + square / count;
    (((middle - reach) / all).max(0.0), ((middle + reach) / all).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_narrow_with_evidence() {
        let (few, many) = (wilson(0.02, 50.0), wilson(0.02, 5000.0));
        assert!(few.0 < many.0 && many.0 < 0.02 && 0.02 < many.1 && many.1 < few.1);
        assert_eq!(wilson(0.0, 0.0), (0.0, 1.0));
        assert!(wilson(0.0, 100.0).0.abs() < 1e-9 && wilson(1.0, 100.0).1 > 0.99);
    }
}
