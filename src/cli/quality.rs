//! `quality`: how much of each document and page is likely misread.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, ReadOptions};
use super::output::{complain, for_people, for_programs};
use clap::{Args, ValueEnum};
use jiaokan::corpus::revise_each;
use jiaokan::report::{Paint, quality};
use std::io::Write;

/// Estimate how many characters of each document, and of each page, are misread
///
/// Pages are parted by form feeds. On OCR pages, four times of five the true share lies within the
/// interval; clean text is taken for a little worse than it is.
///
/// Exit code: 0 everything estimated, 2 some input could not be read or nothing could run.
#[derive(Debug, Args)]
pub(super) struct Quality {
    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    #[command(flatten)]
    read: ReadOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people: a table.
    #[default]
    Human,
    /// One JSON object a line: the document, then its pages where there are several.
    Jsonl,
}

impl Quality {
    pub fn color(&self) -> Color {
        self.read.rule.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let (paint, mut out) = match self.format {
            Format::Human => for_people(self.color()),
            Format::Jsonl => (Paint::Plain, for_programs()),
        };
        let (entries, _) = self.read.gather(None)?;
        if self.format == Format::Human {
            quality::head(paint, &mut out)?;
        }
        let mut failed = false;
        revise_each(
            entries,
            self.read.reading(),
            |document, revision| {
                let mut text = Vec::new();
                if let Some((whole, pages)) = document.setup.pipeline.quality(revision.cleaned()) {
                    let written = match self.format {
                        Format::Human => quality::rows(&document.name, &whole, &pages, &mut text),
                        Format::Jsonl => quality::lines(&document.name, &whole, &pages, &mut text),
                    };
                    // Memory takes whatever is written to it.
                    debug_assert!(written.is_ok());
                }
                Ok(text)
            },
            |result| -> Result<(), Failure> {
                match result {
                    Ok(text) => out.write_all(&text)?,
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
        Ok(if failed { Outcome::Failed } else { Outcome::Good })
    }
}
