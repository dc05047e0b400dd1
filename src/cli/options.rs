//! Options that several commands share.

use super::error::Failure;
use super::output::tell;
use anstream::ColorChoice;
use clap::{Args, ValueEnum};
use jiaokan::corpus::{Configs, Entry, Reading, STDIN, gather};
use jiaokan::edit::Applicability;
use jiaokan::index::{CorpusIndex, Unlisted};
use jiaokan::rule::{Pack, Rule};
use jiaokan::text::{Encoding, Source};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    pub fn choice(self) -> ColorChoice {
        match self {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// How far edits go without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Level {
    /// Make the edits that need nobody's consent.
    #[default]
    Auto,
    /// Make those that rules only propose, too.
    Review,
}

/// Which rules.
#[derive(Debug, Args)]
pub(super) struct RuleOptions {
    /// A folder of rules (pass/name.toml) to add to the built-in ones or put in their place; may be given more than once
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub rules: Vec<PathBuf>,

    /// The configuration to use, instead of the nearest jiaokan.toml of every input
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub config: Option<PathBuf>,

    /// When to colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
}

impl RuleOptions {
    /// The configurations and rules.
    pub fn configs(&self) -> Result<Configs, Failure> {
        Ok(Configs::new(&self.rules, self.config.as_deref())?)
    }

    /// The rules that hold in the current directory, configured.
    pub fn pack(&self) -> Result<Pack, Failure> {
        Ok(self.configs()?.setup(Path::new("."))?.pack.clone())
    }
}

/// The rule called `id`.
pub(super) fn find_rule<'a>(pack: &'a Pack, id: &str) -> Result<&'a Rule, Failure> {
    pack.get(id).ok_or_else(|| unknown_rule(pack, id))
}

/// No rule has this name; the nearest that do.
pub(super) fn unknown_rule(pack: &Pack, id: &str) -> Failure {
    let help = match pack.nearest(id).as_slice() {
        [] => "`jiaokan rules list` prints the ids".into(),
        nearest => format!("did you mean {}?", nearest.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" or ")),
    };
    Failure::Usage(format!("no rule is called `{id}`: {help}"))
}

/// What is known of the language.
#[derive(Debug, Args)]
pub(super) struct LexiconOptions {
    /// A file of words and text counts, made by `lexicon build`, to add to the built-in ones; may be given more than once
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub lexicon: Vec<PathBuf>,

    /// A model of characters in ARPA form, plain or packed by gzip, to judge misreads by beside the built-in one
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub lm: Option<PathBuf>,
}

impl LexiconOptions {
    /// `configs` with this data.
    pub fn add_to(&self, configs: Configs) -> Configs {
        configs.with_lexicons(&self.lexicon).with_model(self.lm.as_deref())
    }
}

/// Which documents, read how.
#[derive(Debug, Args)]
pub(super) struct ReadOptions {
    /// Files, folders, or - for the standard input
    #[arg(required = true, value_name = "PATHS")]
    pub paths: Vec<PathBuf>,

    #[command(flatten)]
    pub rule: RuleOptions,

    #[command(flatten)]
    pub data: LexiconOptions,

    /// An index of the corpus that the documents are part of, made by `jiaokan index`: copies across documents are found
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub index: Option<PathBuf>,

    /// The encoding of the inputs, instead of finding it for each: utf-8, utf-16le, utf-16be, gb18030 (gbk), big5
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    pub encoding: Option<Encoding>,

    /// Read on past bytes that cannot be decoded; they stay as they are
    #[arg(long, help_heading = "Reading")]
    pub lossy: bool,

    /// How many threads, 256 at most; 0 means all cores
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, help_heading = "Reading",
        value_parser = clap::value_parser!(u16).range(..=256))]
    pub threads: u16,

    /// Which edits to make: those that need nobody's consent, or also those that rules propose for review
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t, help_heading = "Rules")]
    pub apply: Level,
}

impl ReadOptions {
    /// The documents, found, and who tells which of them the index does not know. Sets up the threads too. Originals that are replaced
    /// while the run goes on are kept with the ending `backup`.
    pub fn gather(&self, backup: Option<&OsString>) -> Result<(Vec<Entry>, Listed), Failure> {
        if self.paths.len() > 1 && self.paths.iter().any(|path| path.as_os_str() == STDIN) {
            return Err(Failure::Usage(
                "`-` (the standard input) cannot be mixed with other paths: give one or the other".into(),
            ));
        }
        // Fails only where there are threads already, and they will do.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(self.threads.into()).build_global();
        let index = match &self.index {
            Some(path) => Some(Arc::new(CorpusIndex::open(path)?.with_backups(backup))),
            None => None,
        };
        let mut configs = self.data.add_to(self.rule.configs()?).with_index(index.clone());
        Ok((gather(&self.paths, &mut configs)?, Listed { index, unlisted: Mutex::default() }))
    }

    /// How to read them.
    pub fn reading(&self) -> Reading {
        let level = match self.apply {
            Level::Auto => Applicability::Auto,
            Level::Review => Applicability::Review,
        };
        Reading { encoding: self.encoding, lossy: self.lossy, level }
    }
}

/// Documents that an index does not know.
#[derive(Debug, Default)]
struct Names {
    count: usize,
    /// The first by name.
    first: BTreeSet<String>,
}

/// Documents that are told by name.
const MOST_NAMES: usize = 3;

/// Notes the documents that the index does not know: no copies are looked for in them.
pub(super) struct Listed {
    index: Option<Arc<CorpusIndex>>,
    /// Those that are not there, and those that were changed since.
    unlisted: Mutex<[Names; 2]>,
}

impl Listed {
    /// Looks a document up.
    pub fn note(&self, source: &Source) {
        let Some(problem) = self.index.as_ref().and_then(|index| index.number_of(source.name(), source.text()).err()) else {
            return;
        };
        let mut unlisted = self.unlisted.lock().unwrap_or_else(PoisonError::into_inner);
        let names = &mut unlisted[usize::from(problem == Unlisted::Changed)];
        names.count += 1;
        names.first.insert(source.name().to_owned());
        if names.first.len() > MOST_NAMES {
            names.first.pop_last();
        }
    }

    /// Tells of them.
    pub fn tell(&self, color: Color) {
        let Some(index) = &self.index else { return };
        let unlisted = self.unlisted.lock().unwrap_or_else(PoisonError::into_inner);
        for (names, what) in unlisted.iter().zip(["not in", "changed since it was put into"]).filter(|one| one.0.count > 0) {
            let mut listed = names.first.iter().cloned().collect::<Vec<_>>().join(", ");
            if names.count > names.first.len() {
                listed = format!("{listed} and {} more", names.count - names.first.len());
            }
            let verb = if names.count == 1 { "is" } else { "are" };
            tell(color, |paint, out| {
                writeln!(
                    out,
                    "{} {listed} {verb} {what} {}: copies across documents were not looked for; make the index again with `jiaokan index`",
                    paint.removed("warning:"),
                    index.name()
                )
            });
        }
    }
}
