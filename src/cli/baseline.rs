//! `check --baseline`: what is open now is known, and may only become less.

use super::Outcome;
use super::each::each_document;
use super::error::Failure;
use super::options::{ReadOptions, open_ledger};
use super::output::tell;
use clap::ValueEnum;
use jiaokan::corpus::{STDIN, shown};
use jiaokan::edit::Verdict;
use jiaokan::report::counted;
use jiaokan::review::{Answer, Decision, Item, Key, Ledger, Seen, items};
use std::collections::{BTreeMap, HashSet};
use std::io::sink;

/// What to do where a baseline exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Mode {
    /// Take out what is gone.
    Shrink,
    /// Begin anew.
    Renew,
}

fn is_baseline(decision: &Decision) -> bool {
    decision.baseline
}

/// Brings the baseline up to date, and tells what was done. With a new one there is nothing left to check: that is the outcome.
pub(super) fn update(read: &ReadOptions, mode: Mode) -> Result<Option<Outcome>, Failure> {
    if read.paths.iter().any(|path| path.as_os_str() == STDIN) {
        return Err(Failure::Usage("a baseline is kept of files: name files or folders, not the standard input".into()));
    }
    let ledger = open_ledger(read.ledger.as_deref(), &read.paths, true)?.unwrap_or_default();
    let renew = mode == Mode::Renew || !ledger.entries().flat_map(|(_, decisions)| decisions).any(is_baseline);
    let message = if renew {
        let Some(count) = create(read, ledger.clone())? else { return Ok(Some(Outcome::Failed)) };
        format!("baseline: {} known from now on", counted(count, "open finding"))
    } else {
        let Some((gone, left)) = shrink(read, ledger.clone())? else { return Ok(Some(Outcome::Failed)) };
        format!("baseline: {} gone, {left} left", counted(gone, "finding"))
    };
    tell(read.rule.color, |_, out| writeln!(out, "{message}, in {}", shown(ledger.folder())));
    Ok(renew.then_some(Outcome::Good))
}

/// Keeps what is open as known; none when something could not be read.
fn create(read: &ReadOptions, mut ledger: Ledger) -> Result<Option<usize>, Failure> {
    let others = ledger.clone().without(is_baseline);
    let inputs = read.gather_with(Some(others.clone()), None)?;
    let mut open: BTreeMap<Key, Decision> = BTreeMap::new();
    let failed = each_document(
        read,
        None,
        inputs,
        &mut sink(),
        |document, revision| Ok(items(&revision, &others.document(&document.path), &document.setup.pack, &others)),
        |items: Vec<Item>, _| {
            for item in items.iter().filter(|item| item.is_pending()) {
                let answer = Answer { verdict: Verdict::Later, new: None, note: String::new(), who: String::new() };
                open.entry(item.key).or_insert_with(|| Decision { baseline: true, ..item.decide(answer) });
            }
            Ok(())
        },
    )?;
    if failed > 0 {
        return Ok(None);
    }
    ledger.forget(is_baseline)?;
    Ok(Some(ledger.record(open.into_values().collect())?))
}

/// Takes out what is gone, and counts it and what is left; none when something could not be read.
fn shrink(read: &ReadOptions, mut ledger: Ledger) -> Result<Option<(usize, usize)>, Failure> {
    let inputs = read.gather_with(Some(ledger.clone()), None)?;
    let mut seen = Seen::default();
    let failed = each_document(
        read,
        None,
        inputs,
        &mut sink(),
        |document, revision| Ok(Seen::of(&revision, &ledger.document(&document.path))),
        |one, _| {
            seen.add(one);
            Ok(())
        },
    )?;
    if failed > 0 {
        return Ok(None);
    }
    let baseline = ledger.entries().flat_map(|(_, decisions)| decisions).filter(|one| is_baseline(one));
    let (gone, left): (Vec<&Decision>, Vec<&Decision>) = baseline.partition(|one| seen.is_stale(one, &ledger));
    let left = left.len();
    let gone: HashSet<Key> = gone.iter().map(|decision| decision.key).collect();
    ledger.forget(|decision| is_baseline(decision) && gone.contains(&decision.key))?;
    Ok(Some((gone.len(), left)))
}
