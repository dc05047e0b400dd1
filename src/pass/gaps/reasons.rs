//! What weighed in a decision, in words.

use super::features::FEATURES;
use super::{Kind, Place};
use std::collections::BTreeMap;

/// Contributions below this many thousandths of log-odds are not worth a word.
const LEAST: i32 = 150;

/// What each kind of evidence adds to the log-odds that a gap is spurious, in thousandths, the greatest first.
pub(in crate::pass) fn reasons(place: &Place<'_, '_, '_>, contributions: &[i32]) -> Vec<(i32, String)> {
    let mut sums: BTreeMap<Kind, i32> = BTreeMap::new();
    for ((_, kind), share) in FEATURES.iter().zip(contributions) {
        *sums.entry(*kind).or_default() += share;
    }
    let mut said: Vec<(i32, Kind)> =
        sums.into_iter().map(|(kind, sum)| (sum, kind)).filter(|(sum, _)| sum.abs() >= LEAST).collect();
    said.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    said.into_iter().map(|(sum, kind)| (sum, say(place, kind))).collect()
}

fn say(place: &Place<'_, '_, '_>, kind: Kind) -> String {
    let (blank, row, whole, sides) = (place.blank(), place.row(), &place.view.whole, &place.around.sides);
    match kind {
        Kind::Width => match (blank.shape, blank.cells) {
            (2, _) => "an ideographic space".into(),
            (1, _) => "a no-break space".into(),
            (_, 1) => "a single blank".into(),
            (_, cells) => format!("a gap of {cells} cells"),
        },
        Kind::Sides => format!("it stands between `{}` and `{}`", blank.before, blank.after),
        Kind::Runs => match (sides.run, place.around.chain) {
            (_, 3..) => format!("{} gaps with one character between", place.around.chain),
            (run, _) => format!("{} and {} characters to the next blanks", run.0, run.1),
        },
        Kind::Word if sides.across > 0 => match sides.ends.max(sides.starts) {
            0 => "a word runs across it".into(),
            _ => "a word runs across it, and words stand beside it".into(),
        },
        Kind::Word => match (sides.ends > 0, sides.starts > 0) {
            (true, true) => "words stand on both sides".into(),
            (true, false) | (false, true) => "a word stands on one side".into(),
            _ => "how often the two characters stand together".into(),
        },
        Kind::Elsewhere => {
            let (pair, habit) = (place.pair(), place.habit());
            if pair.tight + pair.gapped > 1 {
                format!("elsewhere the two touch {} times, and are parted {} times", pair.tight, pair.gapped.saturating_sub(1))
            } else {
                format!("such characters are parted in {} % of the places", habit.share())
            }
        }
        Kind::Line => format!("{} gaps on a line of {} characters", row.gaps, row.chars),
        Kind::Edge => match whole.edge as i64 - row.edge as i64 {
            -1..=1 => format!("the line fills the measure of {} cells", whole.edge),
            2.. => format!("the line ends {} cells before the measure", whole.edge - row.edge),
            _ => "the line goes beyond the measure".into(),
        },
        Kind::Role => "what kind of line it is".into(),
        Kind::Label => match place.around.ordinal {
            1 => "the number of a part ends before it".into(),
            2 => "it stands inside the number of a part".into(),
            _ => "names and offices beside it".into(),
        },
        Kind::Neighbours => "gaps on the lines around".into(),
        Kind::Document => format!("the document parts {:.1} % of its characters", f32::from(whole.rate) / 10.0),
    }
}
