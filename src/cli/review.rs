//! `review`: what there is to decide, and deciding it on the screen or without.

use super::Outcome;
use super::each::{each_document, written};
use super::error::Failure;
use super::options::{Color, ReadOptions, open_ledger};
use super::output::{complain, for_people, for_programs, is_colored};
use super::terminal::{Session, decide};
use clap::{Args, Subcommand, ValueEnum};
use jiaokan::corpus::{STDIN, shown};
use jiaokan::edit::Verdict;
use jiaokan::report::{Paint, counted, review};
use jiaokan::review::{Answer, Decision, Desk, Item, Key, Ledger, items};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Write, stdin, stdout};
use std::path::PathBuf;
use std::process::Command;

/// Decide about what the rules propose: accept it, reject it, or leave it for later
///
/// On a terminal a screen shows one finding after another, those that are alike together; ? shows its keys. Decisions are kept in `.jiaokan/decisions` beside the corpus, and every command heeds them. Exit code: 0 done, 1 something waits
/// for a decision (--list), 2 an input could not be read, an id matches nothing, or nothing could run; nothing is kept then.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Review {
    #[command(subcommand)]
    decide: Option<Decide>,

    /// List what waits for a decision, with the ids that `accept`, `reject` and `later` take
    #[arg(long)]
    list: bool,

    /// Show what was edited and what was decided before, too
    #[arg(long)]
    all: bool,

    /// The form of the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, requires = "list")]
    format: Format,

    /// Who decides; without it, the name that git knows or that of the account
    #[arg(long, value_name = "NAME", conflicts_with = "list")]
    who: Option<String>,

    #[command(flatten)]
    pick: Pick,

    #[command(flatten)]
    read: ReadOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people: two lines a finding.
    #[default]
    Human,
    /// One JSON object a line.
    Jsonl,
}

#[derive(Debug, Subcommand)]
enum Decide {
    /// Say that findings are right: `clean --apply accepted` makes their edits
    #[command(override_usage = USAGE_ACCEPT)]
    Accept(Accept),
    /// Say that findings are wrong: it will be as if no rule had found them
    #[command(override_usage = USAGE_REJECT)]
    Reject(Say),
    /// Say that findings are known and left for later: no check fails because of them, and no edit is made
    #[command(override_usage = USAGE_LATER)]
    Later(Say),
    /// Forget what was decided about findings
    #[command(override_usage = USAGE_FORGET)]
    Forget(Say),
}

const USAGE_ACCEPT: &str = "jiaokan review accept [OPTIONS] [ID]... PATHS...";
const USAGE_REJECT: &str = "jiaokan review reject [OPTIONS] [ID]... PATHS...";
const USAGE_LATER: &str = "jiaokan review later [OPTIONS] [ID]... PATHS...";
const USAGE_FORGET: &str = "jiaokan review forget [OPTIONS] [ID]... PATHS...";

/// Which findings.
#[derive(Debug, Args)]
struct Pick {
    /// Those of this rule
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,

    /// Those that speak of just this text
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
}

#[derive(Debug, Args)]
struct Accept {
    /// Which of the choices to write, from 1
    #[arg(long, value_name = "N", conflicts_with = "with")]
    choice: Option<usize>,

    /// What to write instead of what the rule would
    #[arg(long, value_name = "TEXT")]
    with: Option<String>,

    #[command(flatten)]
    say: Say,
}

#[derive(Debug, Args)]
struct Say {
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    note: String,

    /// Who decides; without it, the name that git knows or that of the account
    #[arg(long, value_name = "NAME")]
    who: Option<String>,

    #[command(flatten)]
    pick: Pick,

    /// Ids of findings, 4 or more digits of them, then files and folders; a path that looks like an id is written ./so
    #[command(flatten)]
    read: ReadOptions,
}

impl Pick {
    fn is_given(&self) -> bool {
        self.rule.is_some() || self.text.is_some()
    }

    fn takes(&self, item: &Item) -> bool {
        self.rule.as_ref().is_none_or(|rule| *rule == *item.rule) && self.text.as_ref().is_none_or(|text| *text == item.old)
    }
}

/// An item and the document as people are shown it.
type Shown = (String, Item);

impl Review {
    pub fn color(&self) -> Color {
        match &self.decide {
            None => self.read.rule.color,
            Some(Decide::Accept(accept)) => accept.say.read.rule.color,
            Some(Decide::Reject(say) | Decide::Later(say) | Decide::Forget(say)) => say.read.rule.color,
        }
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        match self.decide {
            None if self.list => self.list(),
            None => self.decide_on_screen(),
            Some(Decide::Accept(accept)) => accept.run(),
            Some(Decide::Reject(say)) => say.run(Verdict::Reject, |_| Ok(None)),
            Some(Decide::Later(say)) => say.run(Verdict::Later, |_| Ok(None)),
            Some(Decide::Forget(say)) => say.forget(),
        }
    }

    fn decide_on_screen(self) -> Result<Outcome, Failure> {
        if !(stdin().is_terminal() && stdout().is_terminal()) || self.read.paths.iter().any(|path| path.as_os_str() == STDIN) {
            return Err(Failure::Usage(
                "the screen of `review` needs a terminal and documents in files: without them, `jiaokan review --list PATHS` shows what \
                 there is to decide, and `jiaokan review accept|reject|later ID... PATHS` decides it"
                    .into(),
            ));
        }
        let color = self.color();
        let ledger = open_ledger(self.read.ledger.as_deref(), &self.read.paths, true)?.unwrap_or_default();
        let inputs = self.read.gather_with(Some(ledger.clone()), None)?;
        let desk = Desk::new(ledger, self.who.unwrap_or_else(who));
        let (pick, all) = (self.pick, self.all);
        let wanted = move |item: &Item| pick.takes(item) && (all || item.is_pending());
        let Session { mut desk, failures } = decide(&self.read, inputs, desk, is_colored(color), wanted)?;
        desk.finish()?;
        let failed = !failures.is_empty();
        failures.into_iter().for_each(|failure| complain(&failure.into(), color));
        let (paint, mut out) = for_people(color);
        let (decided, open) = (counted(desk.decided(), "decision"), desk.queue().open());
        let kept = format!("{decided} kept in {}, {open} to decide", shown(desk.ledger().folder()));
        writeln!(out, "{}", paint.bold(kept))?;
        out.flush()?;
        Ok(if failed { Outcome::Failed } else { Outcome::Good })
    }

    fn list(self) -> Result<Outcome, Failure> {
        let (paint, mut out) = match self.format {
            Format::Human => for_people(self.color()),
            Format::Jsonl => (Paint::Plain, for_programs()),
        };
        let ledger = open_ledger(self.read.ledger.as_deref(), &self.read.paths, true)?;
        let inputs = self.read.gather_with(ledger.clone(), None)?;
        let ledger = ledger.unwrap_or_default();
        let (mut pending, mut documents) = (0, 0);
        let failed = each_document(
            &self.read,
            None,
            inputs,
            &mut out,
            |document, revision| {
                let all = items(&revision, &ledger.document(&document.path), &document.setup.pack, &ledger);
                let listed: Vec<&Item> =
                    all.iter().filter(|item| self.pick.takes(item) && (self.all || item.is_pending())).collect();
                let pending = listed.iter().filter(|item| item.is_pending()).count();
                let text = written(|text| match self.format {
                    Format::Human => review::items(&document.name, &listed, paint, text),
                    Format::Jsonl => review::item_lines(&document.name, &listed, text),
                });
                Ok((text, pending))
            },
            |(text, count), out| {
                pending += count;
                documents += 1;
                Ok(out.write_all(&text)?)
            },
        )?;
        if self.format == Format::Human {
            let open = paint.bold(format!("{}: {pending} to decide", counted(documents, "document")));
            writeln!(out, "{open}")?;
        }
        out.flush()?;
        Ok(match (failed > 0, pending > 0) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Found,
            (false, false) => Outcome::Good,
        })
    }
}

impl Accept {
    fn run(self) -> Result<Outcome, Failure> {
        let Accept { choice, with, say } = self;
        say.run(Verdict::Accept, |item| {
            let whole = |what: &str| Failure::Usage(format!("{} {what}; nothing was kept", item.key.short()));
            match (choice, &with) {
                (Some(number), _) => {
                    let reading = number.checked_sub(1).and_then(|index| item.readings.get(index)).cloned();
                    let count = counted(item.readings.len(), "choice");
                    reading.map(Some).ok_or_else(|| whole(&format!("has {count}, none of the number {number}")))
                }
                (None, Some(_)) if !item.takes_text() => {
                    Err(whole("has several changes that belong together: accept them as they are, without --with"))
                }
                (None, with) => Ok(with.clone()),
            }
        })
    }
}

impl Say {
    fn run(self, verdict: Verdict, new: impl Fn(&Item) -> Result<Option<String>, Failure>) -> Result<Outcome, Failure> {
        let (mut ledger, picked) = self.picked()?;
        let who = self.who.clone().unwrap_or_else(who);
        let mut decisions: BTreeMap<Key, Decision> = BTreeMap::new();
        for (_, item) in &picked {
            let answer = Answer { verdict, new: new(item)?, note: self.note.clone(), who: who.clone() };
            decisions.entry(item.key).or_insert_with(|| item.decide(answer));
        }
        ledger.record(decisions.values().cloned().collect())?;
        let (paint, mut out) = for_people(self.read.rule.color);
        for (name, item) in &picked {
            review::decided(name, item, &decisions[&item.key], paint, &mut out)?;
        }
        writeln!(out, "{}", paint.bold(format!("{} kept in {}", counted(decisions.len(), "decision"), shown(ledger.folder()))))?;
        out.flush()?;
        Ok(Outcome::Good)
    }

    fn forget(self) -> Result<Outcome, Failure> {
        let (mut ledger, picked) = self.picked()?;
        let keys: BTreeSet<Key> = picked.iter().map(|(_, item)| item.key).collect();
        let count = ledger.forget(|decision| keys.contains(&decision.key))?;
        let (paint, mut out) = for_people(self.read.rule.color);
        writeln!(out, "{}", paint.bold(format!("{} forgotten in {}", counted(count, "decision"), shown(ledger.folder()))))?;
        out.flush()?;
        Ok(Outcome::Good)
    }

    /// The findings that were named, and the ledger they belong to.
    fn picked(&self) -> Result<(Ledger, Vec<Shown>), Failure> {
        let (ids, paths): (Vec<&PathBuf>, Vec<&PathBuf>) =
            self.read.paths.iter().partition(|word| is_id(&word.to_string_lossy()));
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string_lossy().into_owned()).collect();
        let paths: Vec<PathBuf> = paths.into_iter().cloned().collect();
        if paths.is_empty() {
            return Err(Failure::Usage("which documents? Name files or folders behind the ids".into()));
        }
        if ids.is_empty() && !self.pick.is_given() {
            return Err(Failure::Usage(
                "which findings? Name ids, as `jiaokan review --list` shows them, or --rule or --text".into(),
            ));
        }
        let ledger = open_ledger(self.read.ledger.as_deref(), &paths, true)?.unwrap_or_default();
        let inputs = self.read.gather_paths(&paths, Some(ledger.clone()), None)?;
        let mut all: Vec<Shown> = Vec::new();
        let failed = each_document(
            &self.read,
            None,
            inputs,
            &mut std::io::sink(),
            |document, revision| {
                let items = items(&revision, &ledger.document(&document.path), &document.setup.pack, &ledger);
                Ok(items.into_iter().map(|item| (document.name.clone(), item)).collect::<Vec<Shown>>())
            },
            |more, _| {
                all.extend(more);
                Ok(())
            },
        )?;
        if failed > 0 {
            return Err(Failure::Usage("nothing was kept: not every document could be read, see above".into()));
        }
        let wanted: BTreeSet<Key> = ids.iter().map(|id| resolve(id, &all)).collect::<Result<_, _>>()?;
        let named = |item: &Item| if ids.is_empty() { item.is_pending() } else { wanted.contains(&item.key) };
        let picked: Vec<Shown> = all.into_iter().filter(|(_, item)| named(item) && self.pick.takes(item)).collect();
        if picked.is_empty() {
            return Err(Failure::Usage("nothing that waits for a decision matches: nothing was kept".into()));
        }
        Ok((ledger, picked))
    }
}

/// Whether a word is an id, or the beginning of one.
fn is_id(word: &str) -> bool {
    let (base, nth) = word.split_once('.').unwrap_or((word, "1"));
    let digits = base.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (4..=32).contains(&base.len()) && digits && !nth.is_empty() && nth.bytes().all(|byte| byte.is_ascii_digit())
}

/// The one finding that an id means.
fn resolve(id: &str, all: &[Shown]) -> Result<Key, Failure> {
    let (base, nth) = id.split_once('.').map_or((id, None), |(base, nth)| (base, nth.parse::<u32>().ok()));
    let matches = |key: &Key| format!("{:032x}", key.base).starts_with(base) && nth.is_none_or(|nth| key.nth == nth);
    let keys: BTreeSet<Key> = all.iter().map(|(_, item)| item.key).filter(matches).collect();
    let mut found = keys.iter();
    match (found.next(), keys.len()) {
        (None, _) => Err(Failure::Usage(format!(
            "no finding has the id {id}: `jiaokan review --list --all` shows the ids of these documents; nothing was kept"
        ))),
        (Some(key), 1) => Ok(*key),
        (Some(key), _) if base.len() == 32 && nth.is_none() && key.nth == 1 => Ok(*key),
        (_, count) => {
            let few: Vec<String> = keys.iter().take(4).map(Key::to_string).collect();
            let first = if keys.iter().all(|key| Some(key.base) == keys.first().map(|first| first.base)) {
                "; add .1 for the first place that looks the same, .2 for the second"
            } else {
                ""
            };
            let more = if count > few.len() { " …" } else { "" };
            Err(Failure::Usage(format!("{id} may be any of {count} findings: {}{more}{first}; nothing was kept", few.join(", "))))
        }
    }
}

/// Who decides, when nobody says: the name that git knows, or that of the account.
fn who() -> String {
    let git = Command::new("git").args(["config", "user.name"]).output().ok().filter(|output| output.status.success());
    let name = git.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).filter(|name| !name.is_empty());
    name.or_else(|| std::env::var("USER").ok()).unwrap_or_default()
}
