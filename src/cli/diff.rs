//! `diff`: the edits as a patch for programs, or one by one for people.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, ReadOptions};
use super::output::{complain, for_people, for_programs};
use clap::Args;
use jiaokan::corpus::{InputError, from_here, revise_each};
use jiaokan::report::{Paint, diff, inline};
use std::io::Write;

/// Print the edits as a unified diff that `git apply` and `patch -p1` take
///
/// Exit code: 0 no edits, 1 some, 2 some input could not be read or nothing could run.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// Show the edits to people: one at a time, what goes and what comes, and why; proposed ones too
    #[arg(long)]
    inline: bool,

    #[command(flatten)]
    read: ReadOptions,
}

impl Diff {
    pub fn color(&self) -> Color {
        self.read.rule.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let (paint, mut out) = if self.inline { for_people(self.color()) } else { (Paint::Plain, for_programs()) };
        let (entries, listed) = self.read.gather(None)?;
        let (mut changed, mut failed) = (false, false);
        revise_each(
            entries,
            self.read.reading(),
            |document, revision| {
                listed.note(revision.source());
                let text = if self.inline {
                    let mut text = Vec::new();
                    let written = inline::document(&document.name, &revision, paint, &mut text);
                    debug_assert!(written.is_ok());
                    text
                } else {
                    let label = diff::label(&from_here(&document.path));
                    let text = diff::of_bytes(&label, &revision);
                    text.map_err(|source| InputError::Unencodable { path: document.name.clone(), source })?
                };
                Ok((revision.is_changed(), text))
            },
            |result| -> Result<(), Failure> {
                match result {
                    Ok((is_changed, text)) => {
                        changed |= is_changed;
                        out.write_all(&text)?;
                    }
                    Err(error) => {
                        failed = true;
                        out.flush()?;
                        complain(&error.into(), self.read.rule.color);
                    }
                }
                Ok(())
            },
        )?;
        out.flush()?;
        listed.tell(self.read.rule.color);
        Ok(match (failed, changed) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Found,
            (false, false) => Outcome::Good,
        })
    }
}
