//! `apply`: what people accepted, and nothing else.

use super::Outcome;
use super::clean::Clean;
use super::error::Failure;
use super::options::Color;
use clap::Args;

/// Make the edits that people accepted, and no others: copies in a new folder, or in place
///
/// A document in which accepted edits are not to be found any more, because it was changed since, is named and left alone.
/// Exit code: 0 all done, 1 some documents were left alone, 2 nothing could be done.
#[derive(Debug, Args)]
pub(super) struct Apply {
    #[command(flatten)]
    clean: Clean,
}

impl Apply {
    pub fn color(&self) -> Color {
        self.clean.color()
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        self.clean.accepted_only().run()
    }
}
