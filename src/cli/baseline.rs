//! `check --baseline`: what is open now is known, and may only become less.

use super::error::Failure;
use super::listed::Inputs;
use super::options::{Color, ReadOptions, open_ledger};
use super::output::tell;
use clap::ValueEnum;
use jiaokan::corpus::{Document, shown};
use jiaokan::edit::{Revision, Verdict};
use jiaokan::report::counted;
use jiaokan::review::{Answer, Decision, Item, Key, Ledger, Seen, items};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What to do where a baseline exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Mode {
    /// Take out what is gone.
    Shrink,
    /// Begin anew.
    Renew,
}

/// A baseline in the making.
pub(super) struct Baseline {
    ledger: Arc<Ledger>,
    new: bool,
    seen: Seen,
    open: BTreeMap<Key, Decision>,
}

/// Opens the ledger and finds the documents.
pub(super) fn begin(read: &ReadOptions, mode: Mode) -> Result<(Inputs, Option<Baseline>), Failure> {
    let ledger = open_ledger(read.ledger.as_deref(), &read.paths, true)?
        .ok_or_else(|| Failure::Usage("there is no place for a ledger: name one with --ledger".into()))?;
    let ledger = if mode == Mode::Renew { ledger.without(|decision| decision.baseline) } else { ledger };
    let new = !ledger.entries().flat_map(|(_, decisions)| decisions).any(|decision| decision.baseline);
    let inputs = read.gather_with(Some(ledger.clone()), None)?;
    Ok((inputs, Some(Baseline { ledger: Arc::new(ledger), new, seen: Seen::default(), open: BTreeMap::new() })))
}

/// Makes of each document what a baseline needs.
pub(super) struct Taker {
    ledger: Arc<Ledger>,
    new: bool,
}

impl Taker {
    pub fn take(&self, document: &Document, revision: &Revision) -> (Seen, Vec<Item>) {
        let name = self.ledger.document(&document.path);
        let open = if self.new { items(revision, &name, &document.setup.pack, &self.ledger) } else { Vec::new() };
        (Seen::of(revision, &name), open)
    }
}

impl Baseline {
    /// Whether there was none before.
    pub fn is_new(&self) -> bool {
        self.new
    }

    pub fn taker(&self) -> Taker {
        Taker { ledger: self.ledger.clone(), new: self.new }
    }

    /// Adds what is open in one document.
    pub fn add(&mut self, (seen, items): (Seen, Vec<Item>)) {
        self.seen.add(seen);
        for item in items.iter().filter(|item| item.is_pending()) {
            let answer = Answer { verdict: Verdict::Later, new: None, note: String::new(), who: String::new() };
            self.open.entry(item.key).or_insert_with(|| Decision { baseline: true, ..item.decide(answer) });
        }
    }

    /// Writes it, and tells what was done.
    pub fn write(self, color: Color) -> Result<(), Failure> {
        let Baseline { ledger, new, seen, open } = self;
        let folder = shown(ledger.folder());
        let message = if new {
            // What is left of an old one goes only now that everything could be read.
            let mut ledger = Ledger::open(ledger.folder())?;
            ledger.forget(|decision| decision.baseline)?;
            let count = ledger.record(open.into_values().collect())?;
            format!("baseline: {} known from now on, in {folder}", counted(count, "open finding"))
        } else {
            let mut ledger = Ledger::clone(&ledger);
            let gone = ledger.entries().flat_map(|(_, decisions)| decisions);
            let gone: HashSet<Key> = gone.filter(|one| one.baseline && seen.is_stale(one, &ledger)).map(|one| one.key).collect();
            let count = ledger.forget(|decision| decision.baseline && gone.contains(&decision.key))?;
            let left = ledger.entries().flat_map(|(_, decisions)| decisions).filter(|decision| decision.baseline).count();
            format!("baseline: {} gone, {left} left, in {folder}", counted(count, "finding"))
        };
        tell(color, |_, out| writeln!(out, "{message}"));
        Ok(())
    }
}
