//! `score`: how good documents are before and after repair, and which of them to keep.

use super::Outcome;
use super::clean_job::aside;
use super::each::{each_document, no_text, written};
use super::error::Failure;
use super::listed::Inputs;
use super::options::{Color, HoldingOptions, Level, ReadOptions};
use super::output::{complain, for_people, for_programs, tell};
use super::progress::{Meter, Progress};
use super::score_keep::{Kept, Target, Way, close, lines};
use clap::{Args, ValueEnum};
use jiaokan::corpus::{Document, Entry, STDIN, run, shown, write_atomically};
use jiaokan::edit::Revision;
use jiaokan::records::{Cleaned, Cleaner, ContainerError, Content, FieldPath, Identity, Item, Kind, Named, Output, Summary};
use jiaokan::report::Paint;
use jiaokan::report::{records, score};
use jiaokan::score::{Card, Distributions, Keep, Reason, Side};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

    /// Write the scores of each document to this file whole or not at all: JSON Lines, also .gz, .zst, .xz; .parquet
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

    /// How to tell how far it is: on the standard error
    #[arg(long, value_name = "HOW", value_enum, default_value_t, help_heading = "Collections")]
    progress: Progress,

    #[command(flatten)]
    holding: HoldingOptions,

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
#[derive(Default)]
struct Scored {
    /// None of a record without a text, or that cannot be read.
    card: Option<Box<Card>>,
    reasons: Vec<Reason>,
    /// For the standard output, and for the file of scores.
    told: Vec<u8>,
    line: Vec<u8>,
    /// Why it was dropped.
    why: Vec<u8>,
    /// What is to be written of the document, when it is a file, and where.
    bytes: Vec<u8>,
    landing: PathBuf,
    /// The same of a piece of a collection.
    content: Option<(Content, Option<Content>)>,
    aside: Vec<u8>,
    is_record: bool,
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
            return Err(Failure::Usage(
                "--apply accepted is not for scores: they are of what rules do, not of what people decided".into(),
            ));
        }
        let side = if self.cleaned { Side::After } else { Side::Before };
        let keep = self.keep.as_deref().map(|expression| Keep::parse(expression, side)).transpose()?;
        let to_stdout = self.output.as_deref().is_some_and(|output| output.as_os_str() == STDIN);
        if to_stdout && self.format == Format::Jsonl {
            return Err(Failure::Usage("the standard output is taken by what is kept: write scores with --scores FILE".into()));
        }
        if to_stdout {
            out = Box::new(io::sink());
        }
        let scores = self.scores.as_deref().map(|path| lines(path, score::columns)).transpose()?;
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
        let inputs = self.read.gather_collections(None)?;
        let kinds: Vec<Option<Kind>> = inputs.entries.iter().flatten().map(|entry| asked.kind(entry)).collect();
        let collections = kinds.iter().flatten().count();
        asked.each |= collections == 0 && kinds.len() <= FEW;
        if self.format == Format::Human && asked.each {
            score::head(paint, &mut out)?;
        }
        let outcome = match &self.output {
            Some(_) if collections > 0 && collections < kinds.len() => {
                return Err(Failure::Usage(
                    "documents are kept in a folder and records in a collection: give one or the other".into(),
                ));
            }
            Some(output) if collections > 0 => asked.collections(inputs.entries, output, &mut made, &mut out)?,
            _ => asked.documents(inputs, &mut made, &mut out)?,
        };
        if let Some(scores) = made.scores.take() {
            close(scores)?;
        }
        asked.finish(&made, &mut out)?;
        Ok(outcome)
    }
}

impl Asked<'_> {
    /// What holds documents at the place of `entry`.
    fn kind(&self, entry: &Document) -> Option<Kind> {
        self.options.holding.inputs().kind(&entry.path)
    }

    /// Scores documents, whatever holds them; those that are files may be kept.
    fn documents(&self, inputs: Inputs, made: &mut Made, out: &mut dyn Write) -> Result<Outcome, Failure> {
        let options = self.options;
        let mut kept = match &options.output {
            Some(output) => Some(Kept::folder(output, &options.read.paths, &inputs.entries, options.overwrite)?),
            None => None,
        };
        let holding = options.output.is_none().then_some(&options.holding);
        let failed = each_document(
            &options.read,
            holding,
            inputs,
            out,
            |document, revision| {
                let mut scored = self.score(document, &revision);
                scored.landing.clone_from(&document.landing);
                if options.output.is_some() {
                    let encoded = if options.cleaned { revision.cleaned_bytes().ok() } else { None };
                    scored.bytes = encoded.unwrap_or_else(|| revision.source().bytes().to_vec());
                }
                Ok(scored)
            },
            |scored, out| self.take(&scored, made, kept.as_mut(), out),
        )?;
        if let Some(kept) = kept {
            kept.finish()?;
        }
        Ok(if failed > 0 { Outcome::Failed } else { Outcome::Good })
    }

    /// Scores the records of collections, and keeps some.
    fn collections(&self, entries: Vec<Entry>, output: &Path, made: &mut Made, out: &mut dyn Write) -> Result<Outcome, Failure> {
        let (mut outcome, one) = (Outcome::Good, entries.len() == 1);
        for entry in entries {
            let worst = match entry {
                Ok(document) => self.collection(&document, output, one, made, out)?,
                Err(error) => {
                    complain(&error.into(), self.options.color());
                    Outcome::Failed
                }
            };
            outcome = if outcome as u8 >= worst as u8 { outcome } else { worst };
        }
        Ok(outcome)
    }

    fn collection(
        &self,
        input: &Document,
        output: &Path,
        one: bool,
        made: &mut Made,
        out: &mut dyn Write,
    ) -> Result<Outcome, Failure> {
        let options = self.options;
        let from = self.kind(input).unwrap_or(Kind::Lines);
        let is_place = one && (output.as_os_str() == STDIN || Named::of(output).is_some() && !output.is_dir());
        let path = if is_place { output.to_owned() } else { output.join(&input.landing) };
        let way = Way::new(from, &path)?;
        let mut kept = Kept::collection(&way, &path, input, &options.holding, options.overwrite)?;
        let items = way.items(input)?;
        let length = if input.is_stdin() { 0 } else { Identity::of(&input.path)?.length };
        let mut meter = Meter::new(options.progress, options.color(), input.name.clone(), length);
        meter.watch(items.consumed.clone());
        let field = if way.makes_records() { "text" } else { &options.holding.field };
        let cleaner = Cleaner { field: FieldPath::new(field), annotate: None };
        let (mut summary, mut put_aside) = (Summary::default(), 0);
        let done = run(
            items.map(|item| item.map_err(Failure::from)),
            |item| item.content.weight(),
            options.holding.underway(),
            |item| self.record(&way, &cleaner, input, item),
            |scored| -> Result<(), Failure> {
                summary.records += u64::from(scored.is_record);
                summary.without_text += u64::from(scored.is_record && scored.card.is_none() && scored.aside.is_empty());
                summary.characters += scored.characters;
                put_aside += u64::from(!scored.aside.is_empty());
                meter.show(&summary);
                self.take(&scored, made, Some(&mut kept), out)
            },
        );
        meter.end();
        if let Err(failure) = done {
            kept.discard();
            return Err(failure);
        }
        kept.finish()?;
        out.flush()?;
        let useless = summary.records > 0 && summary.without_text == summary.records;
        if useless {
            complain(&Failure::Usage(no_text(&input.path, &options.holding.field)), options.color());
        }
        Ok(if put_aside > 0 || useless { Outcome::Found } else { Outcome::Good })
    }

    fn record(&self, way: &Way, cleaner: &Cleaner, input: &Document, item: Item) -> Scored {
        let reading = self.options.read.reading();
        let name = item.name(&input.name);
        let aside =
            |item: &Item, problem| Scored { aside: aside(&input.name, item, &problem), is_record: true, ..Scored::default() };
        let item = if way.makes_records() {
            match item.into_line(reading) {
                Ok(item) => item,
                Err(failed) => return aside(&failed.0, failed.1),
            }
        } else {
            item
        };
        let is_record = item.is_record();
        let revise = |source| input.setup.pipeline.revise(source, reading.consent);
        let document = Document { name: name.clone(), ..input.clone() };
        let mut scored = Vec::new();
        let cleaned = cleaner.clean(&item, &name, reading, revise, |revision, _| {
            if scored.len() < 2 {
                scored.push(self.score(&document, revision));
            }
        });
        let new = match cleaned {
            Ok(Cleaned { content, .. }) => content.filter(|_| self.options.cleaned),
            Err(problem) => return aside(&item, problem),
        };
        // What is very long is cleaned in sections, and scored as a whole.
        let whole = if scored.len() > 1 { item.source(&name, &cleaner.field, reading).ok().flatten() } else { None };
        let whole = whole.map(|source| self.score(&document, &revise(source)));
        let scored = whole.or_else(|| scored.pop()).unwrap_or_default();
        Scored { content: Some((item.content, new)), is_record, ..scored }
    }

    /// Scores a document.
    fn score(&self, document: &Document, revision: &Revision) -> Scored {
        let place = document.name.as_str();
        let card = Box::new(Card::of(&document.setup.pipeline, revision));
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
        let is_table = |path: &Path| Named::of(path).is_some_and(|named| named.kind == Kind::Table);
        let line = options.scores.as_deref().map_or_else(Vec::new, |path| {
            written(
                |text| if is_table(path) { score::flat(place, &card, kept, text) } else { score::line(place, &card, kept, text) },
            )
        });
        let why = match &self.keep {
            Some(keep) if !reasons.is_empty() && options.output.is_some() => {
                let parts: Vec<&str> = keep.parts().collect();
                written(|text| score::reasons(place, &parts, &reasons, text))
            }
            _ => Vec::new(),
        };
        let characters = card.before.characters();
        Scored { card: Some(card), reasons, told, line, why, characters, ..Scored::default() }
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
                // What has no text is nothing that could be kept; what is between documents belongs with them.
                let no_text = scored.is_record && scored.aside.is_empty();
                made.without_text += u64::from(no_text);
                if no_text { Target::Dropped } else { Target::Kept }
            }
        };
        if let Some(kept) = kept {
            match &scored.content {
                Some((content, new)) => kept.add(target, content, new.as_ref())?,
                None if scored.card.is_some() => kept.add_file(target, &scored.landing, &scored.bytes)?,
                None => {}
            }
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
                writeln!(out, "{warning} {} {aside}", records::unread(made.put_aside))?;
            }
            if made.without_text > 0 {
                let (count, field) = (made.without_text, &options.holding.field);
                let help = if made.found.documents == 0 { ": name the right one with --field" } else { "" };
                writeln!(out, "{warning} {count} records have no text in the field `{field}`{help}")?;
            }
            Ok(())
        });
        Ok(())
    }
}
