//! Copies across documents: what an index of the corpus knows of a document, turned into findings. Without an index these rules are
//! silent.

mod verify;

pub use verify::{Closeness, Verified, verify};
