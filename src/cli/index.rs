//! `index`: the fingerprints of a corpus, merged, counted and shown.

use super::Outcome;
use super::error::Failure;
use super::index_propose::Propose;
use super::index_show::{Show, Stats};
use super::options::{Color, RuleOptions};
use super::output::{complain, tell};
use clap::{Args, Subcommand};
use jiaokan::corpus::{CorpusError, Document, InputError, Spool, gather, index_documents, root_of, shown};
use jiaokan::index::{CorpusIndex, IndexError, IndexProblem, merge};
use jiaokan::report::counted;
use jiaokan::text::Encoding;
use std::path::{Path, PathBuf};

/// Take the fingerprints of a corpus, by which copies across documents are found
///
/// `jiaokan index PATHS -o FILE` makes an index; `clean`, `check` and `diff` use it with --index. The same documents make the same
/// file, byte for byte, on any number of threads, in any order, and when merged from parts. docs/index.md tells more. Exit code: 0 done,
/// 2 something could not be read or written; there is no index then.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Index {
    #[command(subcommand)]
    command: Option<IndexCommand>,

    #[command(flatten)]
    make: Make,
}

#[derive(Debug, Subcommand)]
enum IndexCommand {
    Merge(Merge),
    Stats(Stats),
    Show(Show),
    Propose(Propose),
}

#[derive(Debug, Args)]
struct Make {
    /// Files and folders
    #[arg(required = true, value_name = "PATHS")]
    paths: Vec<PathBuf>,

    /// The file to write
    #[arg(short, long, value_name = "FILE", required = true)]
    output: Option<PathBuf>,

    /// The folder from which documents are named, instead of the current one, or the deepest that holds them all when they lie elsewhere
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    /// The encoding of the inputs, instead of finding it for each: utf-8, utf-16le, utf-16be, gb18030 (gbk), big5
    #[arg(long, value_name = "NAME")]
    encoding: Option<Encoding>,

    /// Read on past bytes that cannot be decoded
    #[arg(long)]
    lossy: bool,

    /// How many threads, 256 at most; 0 means all cores
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true,
        value_parser = clap::value_parser!(u16).range(..=256))]
    threads: u16,

    #[command(flatten)]
    rule: RuleOptions,
}

/// Make one index of several, without reading the documents
///
/// The parts must be named from the same folder, and have no document in common. Exit code: 0 done, 2 something could not be read or
/// written; there is no index then.
#[derive(Debug, Args)]
struct Merge {
    /// Indexes
    #[arg(required = true, value_name = "FILES")]
    parts: Vec<PathBuf>,

    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// When to colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    color: Color,
}

impl Index {
    pub fn color(&self) -> Color {
        match &self.command {
            Some(IndexCommand::Merge(merge)) => merge.color,
            Some(IndexCommand::Stats(stats)) => stats.color,
            Some(IndexCommand::Show(show)) => show.color,
            Some(IndexCommand::Propose(propose)) => propose.color,
            None => self.make.rule.color,
        }
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        match self.command {
            Some(IndexCommand::Merge(merge)) => merge.run(),
            Some(IndexCommand::Stats(stats)) => stats.run(),
            Some(IndexCommand::Show(show)) => show.run(),
            Some(IndexCommand::Propose(propose)) => propose.run(),
            None => self.make.run(),
        }
    }
}

impl Make {
    fn run(self) -> Result<Outcome, Failure> {
        // Fails only where there are threads already, and they will do.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(self.threads.into()).build_global();
        let mut documents: Vec<Document> = Vec::new();
        let mut failed = false;
        for entry in gather(&self.paths, &mut self.rule.configs()?)? {
            match entry {
                Ok(document) if document.is_stdin() => {
                    return Err(Failure::Usage(
                        "`-` (the standard input) has no place in a corpus: name files and folders".into(),
                    ));
                }
                Ok(document) => documents.push(document),
                Err(error) => {
                    failed = true;
                    complain(&error.into(), self.rule.color);
                }
            }
        }
        if failed {
            return Ok(Outcome::Failed);
        }
        // The command line cannot be read without one.
        let output = self.output.unwrap_or_default();
        let name = shown(&output);
        let mut file = begin(&output)?;
        let root = root_of(&self.paths, self.root.as_deref());
        let builder = index_documents(&documents, &root, (self.encoding, self.lossy), file.folder(), &name)?;
        builder.finish(file.writer()).map_err(|error| unwritable(&name, error))?;
        end(file, &output, self.rule.color)
    }
}

impl Merge {
    fn run(self) -> Result<Outcome, Failure> {
        let parts: Vec<CorpusIndex> = self.parts.iter().map(|part| CorpusIndex::open(part)).collect::<Result<_, _>>()?;
        let name = shown(&self.output);
        let mut file = begin(&self.output)?;
        let folder = file.folder().to_path_buf();
        merge(&parts, &folder, &name, file.writer())?;
        end(file, &self.output, self.color)
    }
}

fn begin(output: &Path) -> Result<Spool, Failure> {
    Spool::create(output.to_path_buf()).map_err(|error| unwritable(&shown(output), error))
}

fn unwritable(name: &str, error: std::io::Error) -> Failure {
    IndexError::new(name, IndexProblem::Unwritable(error)).into()
}

/// Puts a finished index in its place, and tells what it holds.
fn end(file: Spool, output: &Path, color: Color) -> Result<Outcome, Failure> {
    file.finish().map_err(|error| unwritable(&shown(output), error))?;
    let index = CorpusIndex::open(output)?;
    tell(color, |_, out| {
        let count = |number: u64, what| counted(usize::try_from(number).unwrap_or(usize::MAX), what);
        writeln!(
            out,
            "{}: {}, {}, {} that stand in several places",
            shown(output),
            counted(index.documents().len(), "document"),
            count(index.paragraphs(), "paragraph"),
            index.groups()
        )
    });
    Ok(Outcome::Good)
}

impl From<CorpusError> for Failure {
    fn from(error: CorpusError) -> Failure {
        match error {
            CorpusError::Input(error) => error.into(),
            CorpusError::Index(error) => error.into(),
            other => Failure::Usage(other.to_string()),
        }
    }
}

/// Opens an index whose documents lie below `root`, or the current directory.
pub(super) fn open(path: &Path, root: Option<&Path>) -> Result<CorpusIndex, Failure> {
    let index = CorpusIndex::open(path)?;
    Ok(match root {
        Some(root) if !root.is_dir() => {
            return Err(InputError::Missing { path: shown(root) }.into());
        }
        Some(root) => index.below(root),
        None => index,
    })
}
