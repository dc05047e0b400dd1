//! Options that several commands share.

use super::error::Failure;
use super::listed::{Inputs, Listed};
use super::output::tell;
use anstream::ColorChoice;
use clap::{Args, ValueEnum};
use jiaokan::corpus::{Configs, Reading, STDIN, from_here, gather_also};
use jiaokan::edit::{Applicability, Consent};
use jiaokan::index::CorpusIndex;
use jiaokan::records::{self, FieldPath, Holding, Kind, Named};
use jiaokan::report::counted;
use jiaokan::review::{Ledger, find, home, precision, unproven};
use jiaokan::rule::{Pack, Rule, RuleNames};
use jiaokan::text::Encoding;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    /// Make what people accepted, too.
    Accepted,
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
fn unknown_rule(pack: &Pack, id: &str) -> Failure {
    let file = Path::new("rules").join(id).with_extension("toml");
    if file.is_file() {
        return Failure::Usage(format!("no rule is called `{id}`: {} is there, so add --rules rules", file.display()));
    }
    let help = match pack.nearest(id).as_slice() {
        [] => "`jiaokan rules list` prints the ids".into(),
        nearest => format!("did you mean {}?", nearest.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" or ")),
    };
    Failure::Usage(format!("no rule is called `{id}`: {help}"))
}

/// Which rules count.
#[derive(Debug, Args)]
pub(super) struct OnlyOption {
    /// Count the findings of these rules only: ids with commas between, or pass/* for all of a pass
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    only: Vec<String>,
}

impl OnlyOption {
    /// The rules that are asked for, which `pack` must have.
    pub fn names(&self, pack: &Pack) -> Result<RuleNames, Failure> {
        known(&self.only, pack)
    }
}

/// `names` as names of rules, all of which `pack` must have.
pub(super) fn known(names: &[String], pack: &Pack) -> Result<RuleNames, Failure> {
    let names = RuleNames::new(names);
    match names.unknown(pack) {
        Some(name) => Err(unknown_rule(pack, name)),
        None => Ok(names),
    }
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

    /// Which edits to make: those that need nobody's consent; what people accepted, too; or all that rules propose
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t, help_heading = "Rules")]
    pub apply: Level,

    /// The folder of the ledger of decisions, instead of the nearest .jiaokan/decisions above the inputs
    #[arg(long, value_name = "DIR", help_heading = "Review")]
    pub ledger: Option<PathBuf>,

    /// Let rules that people agreed with less often than this, from 0 to 1, only propose what they would do on their own
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Review")]
    pub min_precision: Option<f64>,

    /// Whether nothing but edits is looked for: for the commands that offer it.
    #[arg(skip)]
    pub edits_only: bool,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "give a share from 0 to 1, such as 0.95".to_owned())
}

/// How documents lie in collections.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Collections (.jsonl, .ndjson, .parquet, .tar; also .gz, .zst, .xz)")]
pub(super) struct HoldingOptions {
    /// The field or column that holds the text; `meta.body` for a field of objects inside objects
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub field: String,

    /// What the inputs are, whatever their names say: needed to read a collection from the standard input
    #[arg(long, value_name = "WHAT", value_enum)]
    pub input_format: Option<InputFormat>,

    /// How much memory to take, about
    #[arg(long, value_name = "SIZE", default_value = "512M", value_parser = size)]
    pub memory: u64,
}

/// What inputs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    /// JSON Lines, plain or compressed.
    Jsonl,
    /// A Parquet table.
    Parquet,
    /// A tape archive, plain or compressed.
    Tar,
}

impl HoldingOptions {
    /// What the library makes of them.
    pub fn holding(&self) -> Holding {
        Holding { field: FieldPath::new(&self.field), inputs: self.inputs(), most: self.underway() }
    }

    /// What the inputs are.
    pub fn inputs(&self) -> records::Inputs {
        self.input_format.map_or(records::Inputs::Named, |format| {
            records::Inputs::Collections(match format {
                InputFormat::Jsonl => Kind::Lines,
                InputFormat::Parquet => Kind::Table,
                InputFormat::Tar => Kind::Archive,
            })
        })
    }

    /// How many bytes of documents are on their way at a time, about: what a document takes while it is looked at is many times its own.
    pub fn underway(&self) -> usize {
        usize::try_from(self.memory / 32).unwrap_or(usize::MAX)
    }
}

/// `64M` in bytes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let factor = match unit.trim_end_matches(['B', 'b', 'i']) {
        "" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        _ => return Err("write a number and K, M or G, such as 512M".into()),
    };
    let number: u64 = digits.parse().map_err(|_| "write a number and K, M or G, such as 512M".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "that is too much".into())
}

/// The ledger of `inputs`, or the one in `named`; none when there is none. With `make`, one that is not there yet is empty.
pub(super) fn open_ledger(named: Option<&Path>, inputs: &[PathBuf], make: bool) -> Result<Option<Ledger>, Failure> {
    let folder = match named {
        Some(folder) if folder.is_dir() || make => Some(folder.to_path_buf()),
        Some(folder) => {
            return Err(Failure::Usage(format!("{}: no ledger is there: check the spelling of --ledger", folder.display())));
        }
        None => find(inputs)?.or_else(|| make.then(|| home(inputs))),
    };
    Ok(folder.map(|folder| Ledger::open(&from_here(&folder))).transpose()?)
}

impl ReadOptions {
    /// The documents, found. Sets up the threads too.
    pub fn gather(&self) -> Result<Inputs, Failure> {
        self.gather_replaced(None)
    }

    /// The same when the originals are replaced while the run goes on, and kept with the ending `backup`.
    pub fn gather_replaced(&self, backup: Option<&OsString>) -> Result<Inputs, Failure> {
        self.gather_with(open_ledger(self.ledger.as_deref(), &self.paths, false)?, backup)
    }

    /// The same with a ledger that was read.
    pub fn gather_with(&self, ledger: Option<Ledger>, backup: Option<&OsString>) -> Result<Inputs, Failure> {
        self.gather_paths(&self.paths, ledger, backup)
    }

    /// The same with just these paths.
    pub fn gather_paths(&self, paths: &[PathBuf], ledger: Option<Ledger>, backup: Option<&OsString>) -> Result<Inputs, Failure> {
        self.gather_where(paths, ledger, backup, false)
    }

    /// The documents and collections, found.
    pub fn gather_collections(&self, backup: Option<&OsString>) -> Result<Inputs, Failure> {
        self.gather_where(&self.paths, open_ledger(self.ledger.as_deref(), &self.paths, false)?, backup, true)
    }

    fn gather_where(
        &self,
        paths: &[PathBuf],
        ledger: Option<Ledger>,
        backup: Option<&OsString>,
        collections: bool,
    ) -> Result<Inputs, Failure> {
        if paths.len() > 1 && paths.iter().any(|path| path.as_os_str() == STDIN) {
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
        let ledger = ledger.map(Arc::new);
        if let Some(ledger) = &ledger {
            self.tell_of(ledger);
        }
        let inputs = Inputs { entries: Vec::new(), listed: Listed::new(index.clone()), ledger };
        let mut configs = self.configs()?.with_index(index).with_decisions(inputs.decisions());
        if let (Some(least), Some(ledger)) = (self.min_precision, &inputs.ledger) {
            configs = configs.with_unproven(unproven(ledger, least));
        }
        let entries = gather_also(paths, &mut configs, |path| collections && Named::of(path).is_some())?;
        Ok(Inputs { entries, ..inputs })
    }

    /// The configurations, rules and language data.
    pub fn configs(&self) -> Result<Configs, Failure> {
        let level = self.edits_only.then(|| self.reading().consent.level);
        Ok(self.data.add_to(self.rule.configs()?).with_edits_only(level))
    }

    /// Says what in a ledger bears on the run and does not show in it.
    fn tell_of(&self, ledger: &Ledger) {
        let disputed = ledger.contradictions().count();
        let held = self.min_precision.map_or_else(Default::default, |least| unproven(ledger, least));
        if disputed == 0 && held.is_empty() {
            return;
        }
        let counts = precision(ledger);
        tell(self.rule.color, |paint, out| {
            if disputed > 0 {
                let findings = counted(disputed, "finding");
                writeln!(
                    out,
                    "{} people decided differently about {findings}, which count as undecided: see `jiaokan decisions contradictions`",
                    paint.removed("warning:")
                )?;
            }
            let mut held: Vec<_> = held.iter().collect();
            held.sort();
            for rule in held {
                let right = counts.get(&**rule).map(|counts| counts.right).unwrap_or_default();
                writeln!(out, "{rule} only proposes: {} of {} accepted", right.hits, right.of)?;
            }
            Ok(())
        });
    }

    /// How to read them.
    pub fn reading(&self) -> Reading {
        let consent = match self.apply {
            Level::Auto => Applicability::Auto.into(),
            Level::Accepted => Consent { level: Applicability::Auto, accepted: true },
            Level::Review => Consent { level: Applicability::Review, accepted: true },
        };
        Reading { encoding: self.encoding, lossy: self.lossy, consent }
    }
}
