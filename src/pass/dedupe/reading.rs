//! Which of two readings of one place is the worse one.

use crate::lexicon::model::{BIT, EDGE, Model, token};
use crate::lexicon::{LONGEST, Lexicon};
use crate::pass::alike::Edit;
use crate::pass::misread::Confusions;
use std::ops::Range;
use std::sync::Arc;

/// What is known of the language and of misreads.
pub(super) struct Readings<'a> {
    lexicon: &'a Lexicon,
    model: Arc<Model>,
    confusions: Option<&'a Confusions>,
}

/// What a character costs that stands where it belongs.
const USUAL: i32 = 6 * BIT;
/// What it says for a reading that characters there make a word, when those of the other make none.
const WORD: i32 = 3 * BIT;
/// What it says for a reading that the other is what it is misread as.
const MISREAD: i32 = 2 * BIT;
/// What it says for a reading that the other is a rare character, and what such a one costs wherever it stands.
const RARE: i32 = 5 * BIT;
const SELDOM: i32 = 15 * BIT;
/// Characters before and after an edit that tell how it reads.
const AROUND: usize = 2;

impl<'a> Readings<'a> {
    pub fn new(lexicon: &'a Lexicon, confusions: Option<&'a Confusions>) -> Self {
        Readings { lexicon, model: Model::builtin(), confusions }
    }

    /// How much worse the first reading of an edit is than the second, in bits, and whether the worse one makes a word all the same.
    /// `lines` are those that the two stand in.
    pub fn worse(&self, text: &[char], edit: &Edit, lines: (Range<usize>, Range<usize>)) -> (i32, bool) {
        let (a, b) = (&text[edit.a.clone()], &text[edit.b.clone()]);
        let longer = a.len() as i32 - b.len() as i32;
        let cost = self.cost(text, &edit.a, &lines.0) - self.cost(text, &edit.b, &lines.1) - longer * USUAL;
        let words = [(&edit.a, &lines.0), (&edit.b, &lines.1)].map(|(place, line)| i32::from(self.makes_word(text, place, line)));
        let rare = match (a, b) {
            (&[a], &[b]) => i32::from(self.is_rare(a)) - i32::from(self.is_rare(b)),
            _ => 0,
        };
        let misread = match (a, b, self.confusions) {
            (&[a], &[b], Some(table)) => {
                let taken = |read: char, truth: char| {
                    let seen = table.read_for(truth).is_some_and(|(seen, alike)| seen.contains(&read) || alike.contains(&read));
                    i32::from(seen)
                };
                taken(a, b) - taken(b, a)
            }
            _ => 0,
        };
        let bits = (cost + (words[1] - words[0]) * WORD + misread * MISREAD + rare * RARE) / BIT;
        (bits, words[usize::from(bits < 0)] == 1)
    }

    /// Whether a character is one that few texts have.
    fn is_rare(&self, c: char) -> bool {
        self.model.cost(&[], token(c)) >= SELDOM
    }

    /// What the characters of a place and those after it cost.
    fn cost(&self, text: &[char], place: &Range<usize>, line: &Range<usize>) -> i32 {
        // An edit may reach beyond the line that it is told of in.
        let from = place.start.saturating_sub(AROUND).max(line.start).min(place.start);
        let to = (place.end + AROUND).min(line.end).max(place.end);
        let mut tokens: Vec<char> = Vec::with_capacity(to - from + 2);
        tokens.extend((from == line.start).then_some(EDGE));
        let first = tokens.len() + place.start - from;
        tokens.extend(text[from..to].iter().map(|&c| token(c)));
        tokens.extend((to == line.end).then_some(EDGE));
        (first..tokens.len()).map(|at| self.model.cost(&tokens[at.saturating_sub(2)..at], tokens[at])).sum()
    }

    /// Whether a word of two characters or more covers a place, or the seam that it is.
    fn makes_word(&self, text: &[char], place: &Range<usize>, line: &Range<usize>) -> bool {
        let starts = (place.end + usize::from(place.is_empty())).saturating_sub(LONGEST).max(line.start)..=place.start;
        starts.into_iter().any(|start| {
            let least = (place.end + usize::from(place.is_empty())).max(start + 2);
            (least..=(start + LONGEST).min(line.end)).any(|end| {
                let word: String = text[start..end].iter().collect();
                self.lexicon.frequency(&word).is_some()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_may_lie_outside_the_line_it_is_told_of_in() {
        let text: Vec<char> = "今年疏浚河道十二公里今年疏浚河迺十二公里".chars().collect();
        let lexicon = Lexicon::builtin();
        let readings = Readings::new(&lexicon, None);
        let (right, wrong) = (5..6, 15..16);
        let there = Edit { a: right.clone(), b: wrong.clone() };
        let back = Edit { a: wrong, b: right };
        for (first, second) in [(0..10, 10..20), (7..10, 17..20), (0..3, 10..12)] {
            let (worse, _) = readings.worse(&text, &there, (first.clone(), second.clone()));
            assert_eq!(readings.worse(&text, &back, (second, first)).0, -worse);
        }
        assert!(readings.worse(&text, &there, (0..10, 10..20)).0 < 0);
    }
}
