//! What people decide about findings: a ledger beside the corpus, in which every decision is found again by what the finding
//! says, not by where it stands.
//!
//! - A [`Ledger`] is read from a folder, `.jiaokan/decisions` beside the corpus ([`find()`] looks for it, [`home`] says where a new
//!   one belongs), asked by [`Key`], and written at every [`Ledger::record`].
//! - Given to a pipeline ([`Pipeline::with_decisions`](crate::pass::Pipeline::with_decisions)) it bears on what is edited.
//! - [`items`] lists what a revision leaves to decide, and what was decided before; [`Item::decide`] makes a [`Decision`] of one.
//! - A [`Queue`] groups items for a person to go through, and a [`Desk`] keeps what is decided and takes it back; `jiaokan review`
//!   shows it on the [`screen`](crate::screen).
//! - [`Seen`] and [`Expected`] compare a ledger with the documents as they are now: what is stale, and what was accepted and is
//!   gone. [`carried`] and [`done`] say what a ledger needs when cleaned text takes the place of a source.
//! - [`precision`] counts how often people agreed with each rule.
//!
//! ```
//! use jiaokan::edit::{Applicability, Consent, Verdict};
//! use jiaokan::pass::Pipeline;
//! use jiaokan::review::{Answer, Ledger, items};
//! use jiaokan::rule::Pack;
//! use jiaokan::text::Source;
//! use std::sync::Arc;
//!
//! let folder = tempfile::tempdir()?;
//! let mut ledger = Ledger::open(folder.path())?;
//! let pack = Pack::built_in()?;
//! let page = Source::from_text("page", "河道 and 河堤由各村巡查。\n");
//!
//! let revision = Pipeline::new(&pack)?.revise(page.clone(), Applicability::Auto);
//! let open = items(&revision, "page.txt", &pack, &ledger);
//! let answer = Answer { verdict: Verdict::Accept, new: open[0].readings.first().cloned(), note: String::new(), who: "李木".into() };
//! ledger.record(vec![open[0].decide(answer)])?;
//!
//! let pipeline = Pipeline::new(&pack)?.with_decisions(Some(Arc::new(ledger)));
//! let consent = Consent { level: Applicability::Auto, accepted: true };
//! assert_eq!(pipeline.revise(page, consent).cleaned(), "河道和河堤由各村巡查。\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decision;
mod desk;
mod item;
mod key;
mod ledger;
mod place;
mod precision;
mod queue;
mod seen;
mod store;
#[cfg(test)]
mod tests;

pub use decision::{Decision, now, rule_hash};
pub use desk::{Desk, Scope};
pub use item::{Answer, Item, ItemState, items};
pub use key::{Key, KeyError, keys, surroundings};
pub use ledger::{Ledger, Made, Merged, Standing};
pub use place::{PLACE, find, home};
pub use precision::{LEAST_DECIDED, Precision, precision, unproven};
pub use queue::{Entry, Group, Queue};
pub use seen::{Expected, Seen, carried, done};
pub use store::{LedgerError, read_decisions};
