//! Whether two paragraphs whose sketches agree are copies indeed.

use super::compare::{Likeness, Skeleton, compare};
use crate::lexicon::Lexicon;
use crate::text::chars::is_number_char;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;

/// How close two paragraphs are that may be copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closeness {
    /// The same, or the same but for misread characters.
    Copy,
    /// The first lacks its beginning or its end.
    Cut,
    /// So few characters differ that one was made of the other, yet what differs may be meant.
    Alike,
    /// Two paragraphs of their own: too much differs, or a number does.
    Different,
}

/// What a comparison found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// How close they are.
    pub closeness: Closeness,
    /// Characters that differ; of paragraphs that are different, not counted.
    pub differing: usize,
    /// Characters of the longer one.
    pub chars: usize,
    /// How many places read worse in the first than in the second, less the other way round.
    pub first_worse: i32,
}

/// At most one of so many characters may differ between paragraphs that are alike.
const ALIKE: usize = 5;
/// Longer paragraphs are not compared character by character.
const LONGEST: usize = 4000;

/// Compares two paragraphs, blanks and marks aside.
pub fn verify(lexicon: &Lexicon, one: &str, other: &str) -> Verified {
    let (one, other) = (Skeleton::of(one), Skeleton::of(other));
    let (short, chars) = (one.len().min(other.len()), one.len().max(other.len()));
    let different = Verified { closeness: Closeness::Different, differing: 0, chars, first_worse: 0 };
    if one == other {
        return Verified { closeness: Closeness::Copy, ..different };
    }
    if chars > LONGEST || short * 100 < chars * 45 {
        return different;
    }
    let compared = compare(lexicon, &one, &other);
    let ops = capture_diff_slices(Algorithm::Myers, &one.0, &other.0);
    let edits: Vec<&DiffOp> = ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. })).collect();
    let differing = edits.iter().map(|op| op.old_range().len().max(op.new_range().len())).sum();
    let verified = Verified { differing, first_worse: compared.first_worse, ..different };
    match compared.likeness {
        Likeness::Same | Likeness::Noisy => return Verified { closeness: Closeness::Copy, ..verified },
        Likeness::Cut if one.len() < other.len() => return Verified { closeness: Closeness::Cut, ..verified },
        Likeness::Cut | Likeness::Unsure | Likeness::Variant | Likeness::Different => {}
    }
    let numeric = edits.iter().any(|op| differs_in_number([(&one.0, op.old_range()), (&other.0, op.new_range())]));
    if numeric || differing * ALIKE > chars {
        return different;
    }
    Verified { closeness: Closeness::Alike, ..verified }
}

/// Whether a place that differs makes another number: one number stands for another, or there is more of one than of the other. A letter
/// for a numeral is noise, and so is 一 more or less where there is no number.
fn differs_in_number(sides: [(&[char], Range<usize>); 2]) -> bool {
    let [old, new] = sides.clone().map(|(text, range)| text[range].iter().copied().any(is_number_char));
    let beside = |(text, range): &(&[char], Range<usize>)| {
        let neighbours = [range.start.checked_sub(1).and_then(|at| text.get(at)), text.get(range.end)];
        text[range.clone()].iter().any(char::is_ascii_digit) || neighbours.into_iter().flatten().copied().any(is_number_char)
    };
    match (old, new) {
        (true, true) => true,
        (true, false) if sides[1].1.is_empty() => beside(&sides[0]),
        (false, true) if sides[0].1.is_empty() => beside(&sides[1]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_variants_and_others() {
        let text = "柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水，村民都说好。";
        let closeness = |other: &str| verify(&Lexicon::builtin(), text, other).closeness;
        assert_eq!(closeness("柳河镇 今年疏浚河道十二公里，两岸的农田都能浇上水，村民都说好"), Closeness::Copy);
        assert_eq!(closeness("柳河镇今年疏浚河迺十二公里，两岸的农田都能浇上水，村民都说妤。"), Closeness::Copy);
        assert_eq!(closeness("柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水，村民都说好。来年还要加宽河堤。"), Closeness::Cut);
        assert_eq!(closeness("柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水"), Closeness::Alike);
        assert_eq!(closeness("柳河镇今年疏浚河道十二公里，两岸的果园都能浇上水，村民都说好。"), Closeness::Alike);
        assert_eq!(closeness("柳河镇今年疏浚河道十三公里，两岸的农田都能浇上水，村民都说好。"), Closeness::Different);
        assert_eq!(closeness("柳河镇今年疏浚河道十二公里，两岸的果园都能浇上雪，干部却不说坏。"), Closeness::Different);
    }
}
