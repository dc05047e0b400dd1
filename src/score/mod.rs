//! How good documents are: signals before and after repair, one score, and what the filters that people use would say.
//!
//! Everything is counted in whole numbers and told with four decimals, so that it is the same on every machine. Nothing is learnt
//! from a collection: a document's signals are its own.

mod distribution;
mod filter;
mod fixed;
mod fluency;
mod found;
mod grams;
mod keep;
mod lines;
mod part;
mod sheet;
mod signal;
mod structure;
mod words;

pub use distribution::{Collected, Distribution, Distributions, LADDER, Verdicts};
pub use filter::{FILTERS, Failed, Filter, Measures};
pub use fixed::{Fixed, Ratio};
pub use found::FoundMeasures;
pub use grams::GramMeasures;
pub use keep::{Keep, KeepError, Reason, Side};
pub use lines::LineMeasures;
pub use part::{PARTS, Part};
pub use sheet::Sheet;
pub use signal::{Better, SIGNALS, Signal, Unit, signal_of};
pub use structure::StructureMeasures;
pub use words::words;

use crate::edit::Revision;
use crate::pass::Pipeline;

/// A document's sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// As it was.
    pub before: Sheet,
    /// As repair left it; none when it changed nothing, and it is as before.
    after: Option<Sheet>,
}

impl Card {
    /// Measures a document with what `pipeline` made of it.
    pub fn of(pipeline: &Pipeline, revision: &Revision) -> Card {
        let before = Sheet::of(pipeline, revision, false);
        if !revision.is_changed() {
            return Card { before, after: None };
        }
        let after = Sheet::of(pipeline, revision, true);
        Card { before: before.knowing(&after), after: Some(after) }
    }

    /// As repair left it.
    pub fn after(&self) -> &Sheet {
        self.after.as_ref().unwrap_or(&self.before)
    }

    /// Whether repair changed it.
    pub fn is_changed(&self) -> bool {
        self.after.is_some()
    }
}
