//! `index stats` and `index show`: what an index holds, in numbers and in places.

use super::Outcome;
use super::error::Failure;
use super::index::open;
use super::options::Color;
use super::output::{for_people, for_programs};
use super::rules::Format;
use clap::Args;
use jiaokan::report::index::{self, Listing};
use std::path::PathBuf;

/// Count what an index holds
///
/// Exit code: 0 counted, 2 the index cannot be read.
#[derive(Debug, Args)]
pub(super) struct Stats {
    /// The index
    #[arg(value_name = "FILE")]
    index: PathBuf,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    /// When to colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
}

/// List the paragraphs that stand most often in a corpus, and where
///
/// Their texts are read from the documents, which are looked for below the current directory or --root; without them, the places are
/// listed all the same. Exit code: 0 listed, 2 the index cannot be read.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The index
    #[arg(value_name = "FILE")]
    index: PathBuf,

    /// How many paragraphs; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,

    /// How many places of each, the first in corpus order; 0 for all
    #[arg(long, value_name = "N", default_value_t = 5)]
    places: u32,

    /// Pairs of paragraphs that are nearly the same, compared in their documents, the most alike first
    #[arg(long)]
    near: bool,

    /// The folder from which the index names its documents
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// The form of the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    /// When to colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
}

impl Stats {
    pub fn run(self) -> Result<Outcome, Failure> {
        let summary = open(&self.index, None)?.summary();
        let mut out = match self.format {
            Format::Human => {
                let (paint, mut out) = for_people(self.color);
                index::stats(&summary, paint, &mut out)?;
                out
            }
            Format::Json => {
                let mut out = for_programs();
                index::stats_json(&summary, &mut out)?;
                out
            }
        };
        out.flush()?;
        Ok(Outcome::Good)
    }
}

impl Show {
    pub fn run(self) -> Result<Outcome, Failure> {
        let corpus = open(&self.index, self.root.as_deref())?;
        let all = |number: usize| if number == 0 { usize::MAX } else { number };
        let listing = Listing { most: all(self.top), places: all(self.places as usize) as u64 };
        let (paint, mut out) = match self.format {
            Format::Human => for_people(self.color),
            Format::Json => (jiaokan::report::Paint::Plain, for_programs()),
        };
        match (self.near, self.format) {
            (false, Format::Human) => index::groups(&corpus, listing, paint, &mut out)?,
            (false, Format::Json) => index::groups_json(&corpus, listing, &mut out)?,
            (true, Format::Human) => index::near(&corpus, listing, paint, &mut out)?,
            (true, Format::Json) => index::near_json(&corpus, listing, &mut out)?,
        }
        out.flush()?;
        Ok(Outcome::Good)
    }
}
