//! `lexicon`: language data of one's own, and a look at what there is.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, LexiconOptions, RuleOptions};
use super::output::{for_people, tell};
use clap::{Args, Subcommand};
use jiaokan::corpus::{Configs, Document, InputError, gather, shown, write_atomically};
use jiaokan::lexicon::{self, Counts};
use jiaokan::text::Encoding;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Look at what is known of the language, or add to it
#[derive(Debug, Args)]
pub(super) struct Lexicon {
    #[command(subcommand)]
    command: LexiconCommand,
}

#[derive(Debug, Subcommand)]
enum LexiconCommand {
    Build(Build),
    Show(Show),
}

/// Count words and text, and write what comes of it as a file for `--lexicon` and the key `lexicon` in jiaokan.toml
///
/// Exit code: 0 written, 2 something could not be read or written.
#[derive(Debug, Args)]
struct Build {
    /// A list of words: one a line, and after a blank how often it was counted; may be given more than once
    #[arg(long, value_name = "FILE", num_args = 1.., required_unless_present = "text")]
    words: Vec<PathBuf>,

    /// Text with every paragraph on a line of its own: files and folders; may be given more than once
    #[arg(long, value_name = "PATHS", num_args = 1..)]
    text: Vec<PathBuf>,

    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// The encoding of what is read, instead of finding it for each file: utf-8, utf-16le, utf-16be, gb18030 (gbk), big5
    #[arg(long, value_name = "NAME")]
    encoding: Option<Encoding>,

    /// When to colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    color: Color,
}

/// Tell what is known of a word or a pair of characters
///
/// Weights are logarithms of ratios, in bits: 3 is eight times as often as chance has it, -3 an eighth. Exit code: 0 it is listed
/// as a word or a pair, 1 it is not, 2 nothing could run.
#[derive(Debug, Args)]
struct Show {
    /// A word, or any text
    #[arg(value_name = "WORD")]
    text: String,

    #[command(flatten)]
    data: LexiconOptions,

    #[command(flatten)]
    rule: RuleOptions,
}

impl Lexicon {
    pub fn color(&self) -> Color {
        match &self.command {
            LexiconCommand::Build(build) => build.color,
            LexiconCommand::Show(show) => show.rule.color,
        }
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        match self.command {
            LexiconCommand::Build(build) => build.run(),
            LexiconCommand::Show(show) => show.run(),
        }
    }
}

impl Build {
    fn run(self) -> Result<Outcome, Failure> {
        let mut counts = Counts::default();
        // The rules do not matter here, but a configuration says which files of a folder are text.
        let mut configs = Configs::new(&[], None)?;
        for path in &self.words {
            for document in documents(path, &mut configs)? {
                counts.words(&document.name, document.read(self.encoding, false)?.text())?;
            }
        }
        for path in &self.text {
            for document in documents(path, &mut configs)? {
                counts.text(document.read(self.encoding, false)?.text());
            }
        }
        let file = counts.lexicon();
        write_atomically(&self.output, file.as_bytes(), None)
            .map_err(|source| InputError::Unwritable { path: shown(&self.output), source })?;
        let (listed, rare) = counts.listed();
        tell(self.color, |_, out| {
            writeln!(
                out,
                "{}: {listed} words, {} characters of text, {} bytes",
                shown(&self.output),
                counts.characters(),
                file.len()
            )?;
            if rare > 0 {
                writeln!(out, "{rare} words of two to four characters are too rare to be listed")?;
            }
            Ok(())
        });
        Ok(Outcome::Good)
    }
}

/// All there is at `path`, or the first thing that is wrong.
fn documents(path: &PathBuf, configs: &mut Configs) -> Result<Vec<Document>, Failure> {
    Ok(gather(std::slice::from_ref(path), configs)?.into_iter().collect::<Result<_, _>>()?)
}

impl Show {
    fn run(self) -> Result<Outcome, Failure> {
        let text = self.text.trim();
        if text.is_empty() {
            return Err(Failure::Usage("nothing to look up: give a word or a pair of characters".into()));
        }
        let setup = self.data.add_to(self.rule.configs()?).setup(Path::new("."))?;
        let known = &setup.lexicon;
        let (_, mut out) = for_people(self.rule.color);
        let frequency = known.frequency(text);
        match frequency {
            Some(frequency) => writeln!(out, "word           {text}  frequency {frequency} of 9")?,
            None => writeln!(out, "word           {text}  not listed: words have two to {} characters", lexicon::LONGEST)?,
        }
        let mut found = frequency.is_some();
        let chars: Vec<char> = text.chars().collect();
        for pair in chars.windows(2) {
            let weight = known.association(pair[0], pair[1]);
            found |= known.has_pair(pair[0], pair[1]);
            writeln!(out, "side by side   {}{}  {}", pair[0], pair[1], bits(weight))?;
        }
        writeln!(out, "first          {}  {}", chars.iter().take(2).collect::<String>(), bits(known.opens(text)))?;
        let last = &chars[chars.len().saturating_sub(2)..];
        writeln!(out, "last           {}  {}", last.iter().collect::<String>(), bits(known.closes(text)))?;
        out.flush()?;
        Ok(if found { Outcome::Good } else { Outcome::Found })
    }
}

/// A weight in bits.
fn bits(weight: i16) -> String {
    format!("{:+.1}", f64::from(weight) / 8.0)
}
