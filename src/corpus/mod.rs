//! Collections of documents: finding the files, the configuration that governs each, reading, and writing that never leaves
//! half a file behind.

mod batch;
mod configs;
mod engine;
mod error;
mod form;
mod index;
mod mirror;
mod paths;
mod propose;
mod since;
mod snapshots;
mod walk;
mod write;

pub use batch::{Reading, UNDERWAY, revise_each};
pub use configs::{Configs, Setup};
pub use engine::run;
pub use error::{InputError, SetupError};
pub use form::Form;
pub use index::{CorpusError, index_documents, root_of};
pub use mirror::{Mirror, MirrorError};
pub use paths::{absolute, from_here, resolved, shown};
pub use propose::{Proposal, propose};
pub use since::{Since, SinceError};
pub use snapshots::{Kept, Snapshots};
pub use walk::{Document, Entry, STDIN, gather, gather_also};
pub use write::{Spool, back_up, keep_beside, unfinished, write_atomically, write_durably};
