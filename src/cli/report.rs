//! `report`: a page for the browser, to look through what was found and decide about it.

use super::Outcome;
use super::each::each_document;
use super::error::Failure;
use super::options::{Color, ReadOptions, open_ledger};
use super::output::for_people;
use clap::Args;
use jiaokan::corpus::{from_here, resolved, shown, write_atomically};
use jiaokan::report::counted;
use jiaokan::report::html::{Part, Report as Page};
use jiaokan::review::items;
use std::io;
use std::path::{Path, PathBuf};

/// Write a page for the browser to look through what the rules find and decide about it
///
/// The page is one file that needs no network. It keeps decisions in the browser and exports them for `jiaokan decisions merge`.
///
/// Exit code: 0 written, 1 written without inputs that could not be read, 2 not written.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    #[command(flatten)]
    read: ReadOptions,
}

impl Report {
    pub fn color(&self) -> Color {
        self.read.rule.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let ledger = open_ledger(self.read.ledger.as_deref(), &self.read.paths, true)?;
        let inputs = self.read.gather_with(ledger.clone(), None)?;
        let path = from_here(&self.output);
        let place = resolved(&path).ok();
        if inputs.entries.iter().flatten().any(|document| place.is_some() && resolved(&document.path).ok() == place) {
            let problem = "is one of the documents: name another file for the report, such as report.html";
            return Err(Failure::Usage(format!("{}: {problem}", shown(&path))));
        }
        let ledger = ledger.unwrap_or_default();
        let (paint, mut out) = for_people(self.color());
        let mut page = Page::default();
        let failed = each_document(
            &self.read,
            None,
            inputs,
            &mut out,
            |document, revision| {
                let items = items(&revision, &ledger.document(&document.path), &document.setup.pack, &ledger);
                let part = Part::new(&document.name, &revision, items, &ledger, &document.setup.pipeline);
                Ok((part, document.setup.clone()))
            },
            |(part, setup), _| {
                page.add(part, &setup.pack);
                Ok(())
            },
        )?;
        let (documents, findings, pending) = page.counts();
        if documents == 0 && failed > 0 {
            return Err(Failure::Usage("no report was written: no document could be read, see above".into()));
        }
        let mut bytes = Vec::new();
        page.write(&mut bytes)?;
        write_atomically(&path, &bytes, None).map_err(|error| Failure::Usage(unwritable(&path, &error)))?;
        let counts = format!("{}, {}: {pending} to decide", counted(documents, "document"), counted(findings, "finding"));
        writeln!(out, "{}", paint.bold(format!("{}: {counts}", shown(&path))))?;
        out.flush()?;
        Ok(if failed > 0 { Outcome::Found } else { Outcome::Good })
    }
}

fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("{}: the report cannot be written: {error}: check the permissions and the free space of its folder", shown(path))
}
