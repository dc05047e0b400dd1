//! Misread characters: what speaks for and against another character having stood where one was read.

mod bonds;
mod doubts;
mod features;
mod letters;
mod places;
mod quality;
mod region;
mod report;
mod table;

pub(super) use doubts::{Doubter, Doubts};
pub use quality::Quality;
pub(super) use region::GarbledRegions;
pub(super) use report::Misreads;
pub use table::Confusions;

use crate::text::Span;
use features::{COUNT, NAMES};

/// A character that may be misread, with what is known of it: what rules are fitted on.
#[derive(Debug, Clone)]
pub struct Misread {
    /// The character.
    pub span: Span,
    /// What may have stood there.
    pub choice: Option<char>,
    /// A value for each of [`Misread::FEATURES`].
    pub values: Vec<i16>,
}

impl Misread {
    /// The names of the features, in order.
    pub const FEATURES: [&'static str; COUNT] = NAMES;
}
