//! `score`: how good documents are before and after repair, and which of them to keep.

use super::Outcome;
use super::clean_records::{is_collection, size};
use super::each::{each_document, written};
use super::error::Failure;
use super::options::{Color, Level, ReadOptions};
use super::output::{for_people, for_programs, tell};
use super::progress::{Meter, Progress};
use super::score_keep::{Kept, Target};
use clap::{Args, ValueEnum};
use jiaokan::corpus::{Setup, shown, write_atomically};
use jiaokan::edit::Revision;
use jiaokan::records::{Cleaned, Cleaner, ContainerError, FieldPath, Identity, Output, RunError, Summary, open, run};
use jiaokan::report::Paint;
use jiaokan::report::score::{self, Place};
use jiaokan::score::{Card, Distributions, Keep, Reason, Side};
use jiaokan::text::Source;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Score documents before and after repair, beside what common filters would say, and keep those that are good enough
///
/// Repair is what `clean` would do with the same options; nothing is written but what is asked for. See docs/score.md.
///
/// Exit code: 0 all scored, 1 all but some records, 2 some input could not be read or nothing could run.
#[derive(Debug, Args)]
pub(super) struct Score {
    /// The form of the scores on the standard output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    /// Write the scores of each document to this file (.jsonl; also .gz, .zst, .xz), whole or not at all
    #[arg(long, value_name = "FILE")]
    scores: Option<PathBuf>,

    /// A row for each document, also where there are many
    #[arg(long)]
    each: bool,

    /// Say of each document how its score comes about and by which thresholds filters drop it
    #[arg(long)]
    explain: bool,

    /// The distributions of all signals, not only of the usual ones
    #[arg(long)]
    all: bool,

    /// Write the distributions to this file, as JSON
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,

    /// Print all signals with their units and meanings
    #[arg(long, exclusive = true)]
    list_signals: bool,

    /// Keep the documents for which this holds, such as 'score >= 70 and not (errors.share > 2%)'
    #[arg(long, value_name = "EXPR", help_heading = "Keeping")]
    keep: Option<String>,

    /// Where the documents go that are kept: a collection for a collection, a new folder for other documents; those that are
    /// dropped go to OUT.dropped beside it, the reasons to OUT.reasons.jsonl
    #[arg(short, long, value_name = "OUT", requires = "keep", help_heading = "Keeping")]
    output: Option<PathBuf>,

    /// Write what is kept as repair leaves it, not as it was; signals in the expression are then those after repair
    #[arg(long, requires = "keep", help_heading = "Keeping")]
    cleaned: bool,

    /// Write over what is at OUT already
    #[arg(long, requires = "output", help_heading = "Keeping")]
    overwrite: bool,

    /// The field of records that holds the text; `meta.body` for a field of objects inside objects
    #[arg(long, value_name = "NAME", default_value = "text", help_heading = "Collections")]
    field: String,

    /// How much memory to take, about: batches are made accordingly
    #[arg(long, value_name = "SIZE", default_value = "512M", value_parser = size, help_heading = "Collections")]
    memory: u64,

    /// How to tell how far it is: on the standard error
    #[arg(long, value_name = "HOW", value_enum, default_value_t, help_heading = "Collections")]
    progress: Progress,

    #[command(flatten)]
    read: ReadOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people: how signals are distributed, and a row for each document where there are few.
    #[default]
    Human,
    /// One JSON object a document.
    Jsonl,
}

/// Documents that have a row of their own unasked.
const FEW: usize = 40;

/// What came of a document.
struct Scored {
    /// None of a record without a text, or that cannot be read.
    card: Option<Box<Card>>,
    reasons: Vec<Reason>,
    /// For the standard output, and for the file of scores.
    told: Vec<u8>,
    line: Vec<u8>,
    /// Why it was dropped.
    why: Vec<u8>,
    /// What is to be written of the document.
    content: Vec<u8>,
    landing: PathBuf,
    aside: Vec<u8>,
    characters: u64,
}

/// What is asked of each document.
struct Asked<'a> {
    options: &'a Score,
    keep: Option<Keep>,
    each: bool,
    paint: Paint,
}

/// What is made of all documents.
struct Made {
    found: Distributions,
    scores: Option<Output>,
    put_aside: u64,
    without_text: u64,
    kept: u64,
    dropped: u64,
    /// By each part of the expression.
    failed: Vec<u64>,
}

impl Score {
    pub fn color(&self) -> Color {
        self.read.rule.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let (paint, mut out) = match self.format {
            Format::Human => for_people(self.color()),
            Format::Jsonl => (Paint::Plain, for_programs()),
        };
        if self.list_signals {
            score::signals(paint, &mut out)?;
            out.flush()?;
            return Ok(Outcome::Good);
        }
        if self.read.apply == Level::Accepted {
            return Err(Failure::Usage("--apply accepted is not for scores: they are of what rules do, not of what people decided".into()));
        }
        let side = if self.cleaned { Side::After } else { Side::Before };
        let keep = self.keep.as_deref().map(|expression| Keep::parse(expression, side)).transpose()?;
        let collections = self.read.paths.iter().filter(|path| is_collection(path)).count();
        if collections > 0 && collections < self.read.paths.len() {
            return Err(Failure::Usage(
                "collections (.jsonl, .ndjson) and other documents are scored one after the other: give one or the other".into(),
            ));
        }
        let scores = match &self.scores {
            Some(path) => Some(Output::open(path, 0)?),
            None => None,
        };
        let parts = keep.as_ref().map_or(0, |keep| keep.parts().count());
        let mut made = Made {
            found: Distributions::default(),
            scores,
            put_aside: 0,
            without_text: 0,
            kept: 0,
            dropped: 0,
            failed: vec![0; parts],
        };
        let mut asked = Asked { options: &self, keep, each: self.each || self.explain, paint };
        let outcome = if collections > 0 {
            asked.collections(&mut made, &mut out)?
        } else {
            asked.documents(&mut made, &mut out)?
        };
        if let Some(mut scores) = made.scores.take() {
            let length = scores.end_part()?;
            scores.finish(length)?;
        }
        asked.finish(&made, &mut out)?;
        Ok(outcome)
    }
}

impl Asked<'_> {
    /// Scores documents that are files.
    fn documents(&mut self, made: &mut Made, out: &mut dyn Write) -> Result<Outcome, Failure> {
        let options = self.options;
        let inputs = options.read.gather()?;
        self.each |= inputs.entries.len() <= FEW;
        let mut kept = match &options.output {
            Some(output) => Some(Kept::folder(output, &options.read.paths, &inputs.entries, options.overwrite)?),
            None => None,
        };
        if self.options.format == Format::Human && self.each {
            score::head(self.paint, out)?;
        }
        let asked = &*self;
        let failed = each_document(
            &options.read,
            inputs,
            out,
            |document, revision| {
                let place = Place { path: &document.name, line: None };
                let mut scored = asked.score(place, &document.setup, &revision);
                scored.landing.clone_from(&document.landing);
                if options.output.is_some() {
                    scored.content = if options.cleaned {
                        revision.cleaned_bytes().unwrap_or_else(|_| revision.source().bytes().to_vec())
                    } else {
                        revision.source().bytes().to_vec()
                    };
                }
                Ok(scored)
            },
            |scored, out| asked.take(&scored, made, kept.as_mut(), out),
        )?;
        if let Some(kept) = kept {
            kept.finish()?;
        }
        Ok(if failed > 0 { Outcome::Failed } else { Outcome::Good })
    }

    /// Scores the records of collections.
    fn collections(&mut self, made: &mut Made, out: &mut dyn Write) -> Result<Outcome, Failure> {
        let options = self.options;
        let _ = rayon::ThreadPoolBuilder::new().num_threads(options.read.threads.into()).build_global();
        let paths = &options.read.paths;
        if options.format == Format::Human && self.each {
            score::head(self.paint, out)?;
        }
        for input in paths {
            let mut configs = options.read.data.add_to(options.read.rule.configs()?);
            let folder = input.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let setup = configs.setup(folder)?;
            let mut kept = match &options.output {
                Some(output) => {
                    let path = if paths.len() == 1 && is_collection(output) {
                        output.clone()
                    } else {
                        output.join(input.file_name().unwrap_or_default())
                    };
                    Some(Kept::collection(&path, input, options.overwrite)?)
                }
                None => None,
            };
            let name = shown(input);
            let length = Identity::of(input)?.length;
            let (stream, consumed) = open(input)?;
            let mut meter = Meter::new(options.progress, options.color(), name.clone(), length, consumed);
            let cleaner = Cleaner { field: FieldPath::new(&options.field), annotate: None };
            let batch = usize::try_from(options.memory / 128).unwrap_or(usize::MAX).clamp(1 << 14, 8 << 20);
            let mut summary = Summary::default();
            let asked = &*self;
            let done = run(
                stream,
                0,
                batch,
                |number, line| asked.record(&cleaner, &setup, &name, number, line),
                |batch| -> Result<(), Failure> {
                    for scored in batch {
                        summary.records += 1;
                        summary.characters += scored.characters;
                        asked.take(&scored, made, kept.as_mut(), out)?;
                    }
                    meter.show(&summary);
                    Ok(())
                },
            );
            meter.end();
            done.map_err(|error| match error {
                RunError::Read(error) => ContainerError::read(input, error).into(),
                RunError::Deliver(failure) => failure,
            })?;
            if let Some(kept) = kept {
                kept.finish()?;
            }
        }
        let useless = made.found.documents == 0 && made.without_text > 0;
        Ok(if made.put_aside > 0 || useless { Outcome::Found } else { Outcome::Good })
    }

    fn record(&self, cleaner: &Cleaner, setup: &Arc<Setup>, name: &str, number: u64, line: &[u8]) -> Scored {
        let consent = self.options.read.reading().consent;
        let revise = |text: String| setup.pipeline.revise(Source::from_text(format!("{name}:{}", number + 1), text), consent);
        let mut nothing = Scored {
            card: None,
            reasons: Vec::new(),
            told: Vec::new(),
            line: Vec::new(),
            why: Vec::new(),
            content: Vec::new(),
            landing: PathBuf::new(),
            aside: Vec::new(),
            characters: 0,
        };
        match cleaner.clean(line, revise) {
            Ok(Cleaned { line: cleaned, revision: Some(revision) }) => {
                let mut scored = self.score(Place { path: name, line: Some(number + 1) }, setup, &revision);
                scored.content = if self.options.cleaned { cleaned } else { line.to_vec() };
                if !scored.content.ends_with(b"\n") {
                    scored.content.push(b'\n');
                }
                scored
            }
            // A line without a record is no document.
            Ok(_) if line.iter().all(u8::is_ascii_whitespace) => nothing,
            Ok(_) => {
                nothing.content = line.to_vec();
                nothing
            }
            Err(problem) => {
                nothing.aside = super::clean_records::aside(name, number, &problem, line);
                nothing
            }
        }
    }

    /// Scores a document.
    fn score(&self, place: Place<'_>, setup: &Setup, revision: &Revision) -> Scored {
        let card = Box::new(Card::of(&setup.pipeline, revision));
        let reasons = self.keep.as_ref().map_or_else(Vec::new, |keep| keep.reasons(&card));
        let kept = self.keep.as_ref().map(|_| reasons.is_empty());
        let options = self.options;
        let told = written(|text| {
            match options.format {
                Format::Jsonl => score::line(place, &card, kept, text)?,
                Format::Human if self.each => score::row(place, &card, text)?,
                Format::Human => {}
            }
            if options.explain && options.format == Format::Human { score::explain(&card, self.paint, text) } else { Ok(()) }
        });
        let line = if options.scores.is_some() { written(|text| score::line(place, &card, kept, text)) } else { Vec::new() };
        let why = match &self.keep {
            Some(keep) if !reasons.is_empty() && options.output.is_some() => {
                let parts: Vec<&str> = keep.parts().collect();
                written(|text| score::reasons(place, &parts, &reasons, text))
            }
            _ => Vec::new(),
        };
        let characters = card.before.characters();
        let (content, landing, aside) = (Vec::new(), PathBuf::new(), Vec::new());
        Scored { card: Some(card), reasons, told, line, why, content, landing, aside, characters }
    }

    /// Puts what came of a document where it belongs.
    fn take(&self, scored: &Scored, made: &mut Made, kept: Option<&mut Kept>, out: &mut dyn Write) -> Result<(), Failure> {
        let target = match &scored.card {
            Some(card) => {
                made.found.add(card);
                out.write_all(&scored.told)?;
                if let Some(scores) = &mut made.scores {
                    scores.write(&scored.line)?;
                }
                if scored.reasons.is_empty() {
                    made.kept += 1;
                    Target::Kept
                } else {
                    made.dropped += 1;
                    scored.reasons.iter().for_each(|reason| made.failed[reason.part] += 1);
                    Target::Dropped
                }
            }
            None => {
                made.put_aside += u64::from(!scored.aside.is_empty());
                // What has no text is nothing that could be kept.
                made.without_text += u64::from(!scored.content.is_empty());
                Target::Dropped
            }
        };
        if let Some(kept) = kept {
            kept.add(target, &scored.landing, &scored.content)?;
            kept.reason(&scored.why)?;
            kept.put_aside(&scored.aside)?;
        }
        Ok(())
    }

    /// Tells how signals are distributed, and what was kept.
    fn finish(&self, made: &Made, out: &mut dyn Write) -> Result<(), Failure> {
        let options = self.options;
        if let Some(path) = &options.summary {
            let text = format!("{:#}\n", score::summary(&made.found));
            write_atomically(path, text.as_bytes(), None)
                .map_err(|source| ContainerError::Unwritable { path: shown(path), source })?;
        }
        if options.format == Format::Human {
            if self.each && made.found.documents > 0 {
                writeln!(out)?;
            }
            score::distributions(&made.found, options.all, self.paint, out)?;
        }
        out.flush()?;
        tell(options.color(), |paint, out| {
            if let Some(keep) = &self.keep {
                let parts: Vec<(&str, u64)> = keep.parts().zip(made.failed.iter().copied()).collect();
                score::kept(made.kept, made.dropped, &parts, paint, out)?;
            }
            let warning = paint.removed("warning:");
            if made.put_aside > 0 {
                let aside = if options.output.is_some() { "put aside" } else { "passed over" };
                writeln!(out, "{warning} {} records could not be read and were {aside}", made.put_aside)?;
            }
            if made.without_text > 0 {
                let (count, field) = (made.without_text, &options.field);
                let help = if made.found.documents == 0 { ": name the right one with --field" } else { "" };
                writeln!(out, "{warning} {count} records have no text in the field `{field}`{help}")?;
            }
            Ok(())
        });
        Ok(())
    }
}
