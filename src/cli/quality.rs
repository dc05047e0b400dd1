//! `quality`: how much of each document and page is likely misread.

use super::Outcome;
use super::each::{each_document, written};
use super::error::Failure;
use super::options::{Color, ReadOptions};
use super::output::{for_people, for_programs};
use clap::{Args, ValueEnum};
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
        let inputs = self.read.gather()?;
        if self.format == Format::Human {
            quality::head(paint, &mut out)?;
        }
        let failed = each_document(
            &self.read,
            None,
            inputs,
            &mut out,
            |document, revision| {
                let found = document.setup.pipeline.quality(revision.cleaned());
                Ok(found.map_or_else(Vec::new, |(whole, pages)| {
                    written(|text| match self.format {
                        Format::Human => quality::rows(&document.name, &whole, &pages, text),
                        Format::Jsonl => quality::lines(&document.name, &whole, &pages, text),
                    })
                }))
            },
            |text, out| Ok(out.write_all(&text)?),
        )?;
        out.flush()?;
        Ok(if failed > 0 { Outcome::Failed } else { Outcome::Good })
    }
}
