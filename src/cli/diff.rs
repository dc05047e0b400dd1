//! `diff`: the edits as a patch for programs, or one by one for people.

use super::Outcome;
use super::each::{each_document, written};
use super::error::Failure;
use super::options::{Color, HoldingOptions, ReadOptions};
use super::output::{for_people, for_programs};
use clap::Args;
use jiaokan::corpus::{InputError, from_here};
use jiaokan::report::{Paint, diff, inline};
use std::io::{self, IsTerminal, Write};

/// Print the edits as a unified diff that `git apply` and `patch -p1` take
///
/// The patch holds the bytes of the documents as they are, in their encoding, control characters too. On a terminal it is shown as text
/// with everything visible instead: send it to a file to apply it.
///
/// Exit code: 0 no edits, 1 some, 2 some input could not be read or nothing could run.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// Show the edits to people: one at a time, what goes and what comes, and why; proposed ones too
    #[arg(long)]
    inline: bool,

    /// Look for edits and nothing else: what rules would only propose or flag is not looked for, which is faster
    #[arg(long)]
    edits_only: bool,

    #[command(flatten)]
    holding: HoldingOptions,

    #[command(flatten)]
    read: ReadOptions,
}

impl Diff {
    pub fn color(&self) -> Color {
        self.read.rule.color
    }

    pub fn run(mut self) -> Result<Outcome, Failure> {
        self.read.edits_only = self.edits_only;
        // A patch holds the bytes of the documents, which may steer a terminal.
        let to_read = !self.inline && io::stdout().is_terminal();
        let people = self.inline || to_read;
        let (paint, mut out) = if people { for_people(self.color()) } else { (Paint::Plain, for_programs()) };
        let inputs = self.read.gather_collections(None)?;
        let mut changed = false;
        let failed = each_document(
            &self.read,
            Some(&self.holding),
            inputs,
            &mut out,
            |document, revision| {
                let text = if self.inline {
                    written(|text| inline::document(&document.name, &revision, paint, text))
                } else if to_read {
                    let label = diff::label(&from_here(&document.path));
                    written(|text| diff::to_read(&label, &revision, paint, text))
                } else {
                    let label = diff::label(&from_here(&document.path));
                    let text = diff::of_bytes(&label, &revision);
                    text.map_err(|source| InputError::Unencodable { path: document.name.clone(), source })?
                };
                Ok((revision.is_changed(), text))
            },
            |(is_changed, text), out| {
                changed |= is_changed;
                Ok(out.write_all(&text)?)
            },
        )?;
        out.flush()?;
        Ok(match (failed > 0, changed) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Found,
            (false, false) => Outcome::Good,
        })
    }
}
