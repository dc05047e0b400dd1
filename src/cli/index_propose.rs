//! `index propose`: strip rules for the boilerplate of a source, for review.

use super::Outcome;
use super::error::Failure;
use super::index::open;
use super::options::Color;
use super::output::{complain, tell};
use clap::Args;
use jiaokan::corpus::{InputError, Proposal, propose, shown, write_atomically};
use jiaokan::report::counted;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Propose strip rules for what a source prints on everything: running heads, mastheads, notices, advertisements
///
/// Paragraphs that come in many documents, numbers aside, become rules in DIR/strip, each with its pattern, where it was seen, and cases
/// made of what was seen. Read them, throw away what is text, and try the rest with `jiaokan test --rules DIR`. Texts are read from the
/// documents, below the current directory or --root. Exit code: 0 rules written, 1 nothing comes often enough, 2 something could not be
/// read or written.
#[derive(Debug, Args)]
pub(super) struct Propose {
    /// The index
    #[arg(value_name = "FILE")]
    index: PathBuf,

    /// The folder for the rules; it must be new or empty
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// In how many documents a paragraph must stand
    #[arg(long, value_name = "N", default_value_t = 10)]
    documents: u32,

    /// How many rules at most, for what stands in the most documents
    #[arg(long, value_name = "N", default_value_t = 50)]
    top: usize,

    /// The folder from which the index names its documents
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// When to colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
}

/// Shorter paragraphs are passed over, in characters that count.
const LEAST: u32 = 4;

impl Propose {
    pub fn run(self) -> Result<Outcome, Failure> {
        let unwritable = |path: &Path, source: io::Error| Failure::from(InputError::Unwritable { path: shown(path), source });
        if fs::read_dir(&self.output).is_ok_and(|mut content| content.next().is_some()) {
            return Err(Failure::Usage(format!("{} is not empty: name a new folder for the rules", shown(&self.output))));
        }
        let corpus = open(&self.index, self.root.as_deref())?;
        // Some of what comes often is a heading, or nothing but numbers.
        let shapes = corpus
            .shapes(&std::env::temp_dir(), LEAST, self.documents.max(2), self.top.saturating_mul(4))
            .map_err(|error| unwritable(&std::env::temp_dir(), error))?;
        let proposals: Vec<Proposal> = shapes.iter().filter_map(|shape| propose(&corpus, shape)).take(self.top).collect();
        if proposals.is_empty() && shapes.iter().any(|shape| shape.examples.iter().all(|&number| corpus.text(number).is_none())) {
            let problem = "the documents of the index are not here, or were changed: name the folder they lie in with --root";
            complain(&Failure::Usage(problem.into()), self.color);
            return Ok(Outcome::Failed);
        }
        for (at, proposal) in proposals.iter().enumerate() {
            let path = self.output.join(format!("strip/boilerplate-{:03}.toml", at + 1));
            write_atomically(&path, proposal.rule.as_bytes(), None).map_err(|error| unwritable(&path, error))?;
        }
        tell(self.color, |paint, out| {
            for proposal in &proposals {
                let text: String = proposal.text.chars().take(40).collect();
                writeln!(out, "{:>6} documents {:>7} times  {}", proposal.documents, proposal.count, paint.dim(text))?;
            }
            match proposals.len() {
                0 => writeln!(out, "nothing stands in {} documents: no rules", self.documents),
                count => writeln!(
                    out,
                    "{} in {}: read them, then `jiaokan test --rules {}`",
                    counted(count, "rule"),
                    shown(&self.output.join("strip")),
                    shown(&self.output)
                ),
            }
        });
        Ok(if proposals.is_empty() { Outcome::Found } else { Outcome::Good })
    }
}
