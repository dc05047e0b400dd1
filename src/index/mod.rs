//! The index of a corpus: what is kept of every paragraph of every document, so that copies across documents are found without
//! reading them again. docs/index.md tells what it is for and how the file is laid out.
//!
//! A [`Builder`] takes documents in corpus order and derives what can be known of them together; a [`CorpusIndex`] is the finished
//! thing, asked by rules and reports; [`merge`] makes one of several.

mod build;
mod derive;
mod error;
mod fingerprint;
mod format;
mod merge;
mod near;
mod query;
mod shapes;
mod sketch;
mod sort;
mod summary;

pub use build::Builder;
pub use error::{IndexError, IndexProblem};
pub use fingerprint::Paragraph;
pub(crate) use fingerprint::{Printer, hash, skeleton};
pub use format::{Group, Indexed};
pub use merge::merge;
pub use query::{Copies, CorpusIndex, Here, Near, Unlisted};
pub use shapes::Shape;
pub use sketch::ROWS;
pub use summary::Summary;
