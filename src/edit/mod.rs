//! Edits and what becomes of them: proposed on a draft, merged, applied, and kept with their place in the source.

mod decision;
mod draft;
mod evidence;
mod finding;
mod merge;
mod patch;
mod revision;

pub use decision::{Consent, Decisions, Held, Ruling, Verdict};
pub use draft::{Draft, DraftEdit};
pub use evidence::{Evidence, Witness};
pub use finding::{Applicability, Change, Finding, RuleId, Severity, State};
pub use merge::{heed, settle};
pub use patch::{Hunk, Patch, PatchError};
pub use revision::{Base, Edit, Revision};
