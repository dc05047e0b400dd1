//! One score, as the product of what speaks against a document.
//!
//! Each part is one where a document has no more of a damage than clean ones have, falls in a straight line as there is more of it, and
//! is at its least where there is so much that more makes no difference. The score is a hundred times the product of the parts: what
//! is spoilt in one way is not made good by being well in others. docs/score.md has the table.

use super::fixed::Fixed;
use super::sheet::Sheet;

/// A part of the score.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// What signals call it, behind `part.`.
    pub name: &'static str,
    /// The signal that it is made of.
    pub of: &'static str,
    value: fn(&Sheet) -> Fixed,
    /// So much costs nothing.
    pub free: Fixed,
    /// So much costs all that this part can cost.
    pub full: Fixed,
    /// What is left of the score then.
    pub least: Fixed,
}

/// All parts.
pub const PARTS: &[Part] = &[
    Part {
        name: "errors",
        of: "errors.share",
        value: |s| s.errors(),
        free: Fixed::raw(50),
        full: Fixed::raw(1500),
        least: Fixed::raw(1000),
    },
    Part {
        name: "garble",
        of: "garble.weighted",
        value: |s| s.garble_weighted(),
        free: Fixed::raw(10_000),
        full: Fixed::raw(2_000_000),
        least: Fixed::raw(2000),
    },
    Part {
        name: "structure",
        of: "structure.broken",
        value: |s| s.broken(),
        free: Fixed::raw(1000),
        full: Fixed::raw(10_000),
        least: Fixed::raw(5000),
    },
    Part {
        name: "breaks",
        of: "structure.breaks",
        value: |s| s.breaks(),
        free: Fixed::raw(10_000),
        full: Fixed::raw(500_000),
        least: Fixed::raw(6000),
    },
    Part {
        name: "completeness",
        of: "completeness.missing",
        value: |s| s.missing(),
        free: Fixed::ZERO,
        full: Fixed::raw(5000),
        least: Fixed::raw(5000),
    },
    Part {
        name: "repetition",
        of: "repetition.share",
        value: |s| s.repetition(),
        free: Fixed::raw(500),
        full: Fixed::raw(8000),
        least: Fixed::raw(1000),
    },
    Part {
        name: "contamination",
        of: "contamination.share",
        value: |s| s.contamination(),
        free: Fixed::raw(100),
        full: Fixed::raw(8000),
        least: Fixed::raw(1000),
    },
    Part {
        name: "fluency",
        of: "fluency.bits",
        value: |s| s.fluency.bits(),
        free: Fixed::raw(125_000),
        full: Fixed::raw(170_000),
        least: Fixed::raw(2000),
    },
];

impl Part {
    /// What is left of the score when nothing else is wrong: from [`Part::least`] to one.
    pub fn left(&self, sheet: &Sheet) -> Fixed {
        let value = (self.value)(sheet).max(self.free).min(self.full).minus(self.free);
        let lost = Fixed::ONE.minus(self.least);
        let share =
            Fixed::ratio(value.ten_thousandths().unsigned_abs(), self.full.minus(self.free).ten_thousandths().unsigned_abs());
        Fixed::ONE.minus(lost.by(share))
    }
}

/// The score, from 0 to 100, in tenths.
pub fn score(sheet: &Sheet) -> Fixed {
    let product = PARTS.iter().fold(Fixed::ONE, |product, part| product.by(part.left(sheet)));
    // Tenths are all that it means.
    Fixed::raw((product.ten_thousandths() + 5) / 10 * 1000)
}
