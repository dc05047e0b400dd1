//! How alike two paragraphs of different documents are, and in what way: the same, noisy, cut short, or different by intent.

use crate::index::skeleton;
use crate::lexicon::{LONGEST, Lexicon};
use crate::text::chars::is_number_char;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A paragraph as dedupe compares it: letters, digits and Han only, full-width forms folded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Skeleton(pub Vec<char>);

impl Skeleton {
    /// Drops blanks and marks, folds full-width letters and digits to ASCII.
    pub(super) fn of(text: &str) -> Skeleton {
        Skeleton(skeleton(text).collect())
    }

    /// Characters that count.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// In what way one paragraph repeats another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The same characters.
    Same,
    /// The same but for single characters that look like noise.
    Noisy,
    /// The same but for characters that may be noise.
    Unsure,
    /// The same but for a place or two that read well both ways: perhaps meant.
    Variant,
    /// One of them lacks its beginning or its end.
    Cut,
    /// Not alike.
    Different,
}

/// What a comparison found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comparison {
    pub likeness: Likeness,
    /// How many of the differing places read worse in the first than in the second, less the other way round.
    pub first_worse: i32,
}

/// Longest edit block, in characters, that can be a misread.
const LONGEST_NOISE: usize = 1;

/// Compares two skeletons.
pub(super) fn compare(lexicon: &Lexicon, a: &Skeleton, b: &Skeleton) -> Comparison {
    let none = |likeness| Comparison { likeness, first_worse: 0 };
    if a == b {
        return none(Likeness::Same);
    }
    let (x, y) = (&a.0, &b.0);
    let (short, long) = (x.len().min(y.len()), x.len().max(y.len()));
    if short * 100 < long * 45 {
        return none(Likeness::Different);
    }
    let ops = capture_diff_slices(Algorithm::Myers, x, y);
    let is_edit = |op: &&DiffOp| !matches!(op, DiffOp::Equal { .. });
    let size = |op: &DiffOp| op.old_range().len().max(op.new_range().len());
    let inner = match (ops.first(), ops.last()) {
        (Some(first), Some(last)) => {
            // At an edge a character that one copy has and the other lacks was cut off; one that differs is noise.
            let cut = |op: &DiffOp| is_edit(&op) && (size(op) > LONGEST_NOISE + 1 || one_sided(op));
            let head = cut(first);
            let tail = cut(last) && ops.len() > 1;
            // A cut leaves one side with nothing there, and at both ends the same side; two different texts are no cut.
            let cuts = [head.then_some(first), tail.then_some(last)];
            // A number there is an item's own.
            let lacks = |text: &[char], range: fn(&DiffOp) -> std::ops::Range<usize>| {
                let rests = cuts.iter().flatten().map(|op| &text[range(op)]);
                rests.into_iter().all(|rest| rest.len() <= LONGEST_NOISE && !rest.iter().copied().any(is_number_char))
            };
            if (head || tail) && !lacks(x, DiffOp::old_range) && !lacks(y, DiffOp::new_range) {
                return none(Likeness::Different);
            }
            (usize::from(head), ops.len() - usize::from(tail), head || tail)
        }
        _ => return none(Likeness::Different),
    };
    let edits: Vec<&DiffOp> = ops[inner.0..inner.1].iter().filter(is_edit).collect();
    let rate = edits.len() as f64 / short as f64;
    // Whoever changes a word means it.
    if edits.iter().any(|op| size(op) > LONGEST_NOISE) {
        return none(Likeness::Different);
    }
    let numeric = touches_number(x, y, &edits);
    let first_worse: i32 = edits.iter().map(|op| worse(lexicon, x, y, op)).sum();
    // Noise makes nonsense, and in one copy only; what reads well both ways may be meant.
    let nonsense = edits.iter().filter(|op| worse(lexicon, x, y, op) != 0).count();
    let one_sided = first_worse.unsigned_abs() as usize == nonsense && nonsense > 0;
    let likeness = match () {
        () if inner.2 && (rate > 0.15 || numeric) => Likeness::Different,
        () if inner.2 => Likeness::Cut,
        () if rate > 0.25 || (numeric && !one_sided) => Likeness::Different,
        () if one_sided && !numeric && nonsense * 2 >= edits.len() => Likeness::Noisy,
        () if nonsense > 0 || edits.len() > 2 => Likeness::Unsure,
        () => Likeness::Variant,
    };
    Comparison { likeness, first_worse }
}

fn one_sided(op: &DiffOp) -> bool {
    op.old_range().is_empty() || op.new_range().is_empty()
}

fn touches_number(x: &[char], y: &[char], edits: &[&DiffOp]) -> bool {
    edits.iter().any(|op| x[op.old_range()].iter().chain(&y[op.new_range()]).copied().any(is_number_char))
}

/// Whether a differing place reads worse in the first text (1), in the second (-1), or alike (0).
fn worse(lexicon: &Lexicon, x: &[char], y: &[char], op: &DiffOp) -> i32 {
    let reads = |text: &[char], range: std::ops::Range<usize>| -> i32 {
        let from = range.start.saturating_sub(3);
        let to = (range.end + 3).min(text.len());
        let mut best = 0;
        for start in from..=range.start.min(text.len()) {
            for end in range.end.max(start + 2)..=to {
                if end - start >= 2 && end - start <= LONGEST {
                    let word: String = text[start..end].iter().collect();
                    best = best.max(lexicon.frequency(&word).map_or(0, i32::from));
                }
            }
        }
        best
    };
    let (a, b) = (reads(x, op.old_range()), reads(y, op.new_range()));
    match a.cmp(&b) {
        std::cmp::Ordering::Less if a == 0 => 1,
        std::cmp::Ordering::Greater if b == 0 => -1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(a: &str, b: &str) -> Likeness {
        compare(&Lexicon::builtin(), &Skeleton::of(a), &Skeleton::of(b)).likeness
    }

    #[test]
    fn kinds_of_likeness() {
        let text = "柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水，村民都说好。";
        assert_eq!(likeness(text, "柳河镇今年疏浚河道十二公里,两岸的农田 都能浇上水,村民都说好."), Likeness::Same);
        assert_eq!(likeness(text, "柳河镇今年疏浚河迺十二公里，两岸的农田都能浇上水，村民都说妤。"), Likeness::Noisy);
        assert_eq!(likeness(text, "柳河镇今年疏浚河道十三公里，两岸的农田都能浇上水，村民都说好。"), Likeness::Different);
        assert_eq!(likeness(text, "柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水，村民都叫好。"), Likeness::Variant);
        assert_eq!(likeness(text, "柳河镇今年疏浚河道十二公里，两岸的果园都能浇上水，村民都说好。"), Likeness::Different);
        assert_eq!(likeness(text, "河镇今年疏浚河道十二公里，两岸的农田都能浇上水，村民"), Likeness::Cut);
        assert_eq!(likeness(text, "今年疏浚河道十二公里，两岸的农田都能浇上水"), Likeness::Cut);
        let later = "今年疏浚河道十二公里，两岸的农田都能浇上水，村民都说好。来年还要加宽河堤。";
        assert_eq!(likeness(text, later), Likeness::Different);
        assert_eq!(likeness(text, "县图书馆上月重新开放，来借书的孩子比往年多了一倍。"), Likeness::Different);
    }
}
