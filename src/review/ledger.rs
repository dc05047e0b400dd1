//! The ledger: what was decided, kept in a folder beside the corpus.

use super::decision::{Decision, a_second_later};
use super::key::{Key, Mark, number};
use super::store::{LedgerError, Lock, SHARDS, append, cut, ends_well, read_shard, shard, write_shard};
use crate::corpus::absolute;
use crate::edit::{Decisions, Finding, Ruling, Verdict};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// What holds of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'l> {
    /// Nobody has decided.
    Open,
    /// This was decided; the newest, where several people say the same.
    Decided(&'l Decision),
    /// People decided differently, none in sight of the other: it is open until one decides anew.
    Contradicted(&'l [Decision]),
}

impl<'l> Standing<'l> {
    /// The decision, when there is one that holds.
    pub fn decision(self) -> Option<&'l Decision> {
        match self {
            Standing::Decided(decision) => Some(decision),
            Standing::Open | Standing::Contradicted(_) => None,
        }
    }

    /// The verdict, when there is one that holds.
    pub fn verdict(self) -> Option<Verdict> {
        self.decision().map(|decision| decision.verdict)
    }
}

/// What came of adding other people's decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// Decisions that were not known.
    pub new: usize,
    /// Those that were.
    pub known: usize,
}

/// A decision that was just made, and what was known of its finding before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    decision: Decision,
    before: Vec<Decision>,
}

impl Made {
    /// The finding it is about.
    pub fn key(&self) -> Key {
        self.decision.key
    }
}

/// What people decided, by the key of the finding.
///
/// A decision made in sight of others takes their place: it names them. Two that were made without sight of each other stand
/// side by side. Where they agree they are one; where they do not, [`Standing::Contradicted`] says so and neither holds. `later`
/// gives way to a verdict, and a baseline to whatever a person says.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    folder: PathBuf,
    entries: BTreeMap<Key, Vec<Decision>>,
    rules: HashSet<String>,
    /// Files that lines were added to, and that are not in order.
    untidy: BTreeSet<u8>,
}

impl Ledger {
    /// Reads the ledger of `folder`; one that is not there is empty.
    ///
    /// # Errors
    /// When a file cannot be read or a line is no decision.
    pub fn open(folder: &Path) -> Result<Ledger, LedgerError> {
        let shards: Result<Vec<_>, _> = (0..SHARDS).into_par_iter().map(|shard| Ok(live(read_shard(folder, shard)?))).collect();
        let mut ledger = Ledger { folder: folder.to_path_buf(), ..Ledger::default() };
        ledger.entries = shards?.into_iter().flatten().collect();
        for decision in ledger.entries.values().flatten() {
            if !ledger.rules.contains(&decision.rule) {
                ledger.rules.insert(decision.rule.clone());
            }
        }
        Ok(ledger)
    }

    /// A ledger of `decisions` that is kept nowhere.
    pub fn of(decisions: Vec<Decision>) -> Ledger {
        let mut ledger = Ledger { rules: decisions.iter().map(|one| one.rule.clone()).collect(), ..Ledger::default() };
        ledger.entries.extend(live(decisions));
        ledger
    }

    /// Where it is kept; nowhere when empty.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many findings anything was decided about.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// What is known of every finding, by key. Never empty: several are several opinions, see [`Ledger::standing`].
    pub fn entries(&self) -> impl Iterator<Item = (Key, &[Decision])> {
        self.entries.iter().map(|(&key, decisions)| (key, decisions.as_slice()))
    }

    /// What holds of the finding of `key`.
    pub fn standing(&self, key: Key) -> Standing<'_> {
        let Some(all) = self.entries.get(&key) else { return Standing::Open };
        let strongest = all.iter().map(rank).min().unwrap_or_default();
        let mut heard = all.iter().filter(|decision| rank(decision) == strongest);
        let Some(first) = heard.next() else { return Standing::Open };
        let mut newest = first;
        for decision in heard {
            if !first.agrees(decision) {
                return Standing::Contradicted(all);
            }
            if decision.time > newest.time {
                newest = decision;
            }
        }
        Standing::Decided(newest)
    }

    /// The decisions that hold, by key.
    pub fn decided(&self) -> impl Iterator<Item = &Decision> {
        self.entries.keys().filter_map(|&key| self.standing(key).decision())
    }

    /// The findings on which people disagree.
    pub fn contradictions(&self) -> impl Iterator<Item = (Key, &[Decision])> {
        let several = self.entries().filter(|(_, decisions)| decisions.len() > 1);
        several.filter(|&(key, _)| matches!(self.standing(key), Standing::Contradicted(_)))
    }

    /// What a decision about the finding of `key` takes the place of, when it is made in sight of this ledger.
    pub fn in_sight(&self, key: Key) -> Vec<String> {
        let known = self.entries.get(&key).map_or(&[][..], Vec::as_slice);
        let over: BTreeSet<String> = known.iter().flat_map(|old| old.over.iter().cloned().chain([old.id()])).collect();
        over.into_iter().collect()
    }

    /// Keeps `decisions`, at once and on disk. Each takes the place of what this ledger knows of its finding; what another
    /// process has written meanwhile stands beside it. One that only repeats what its person said is passed over. Returns how
    /// many were kept.
    ///
    /// # Errors
    /// When the ledger cannot be read again or written.
    pub fn record(&mut self, decisions: Vec<Decision>) -> Result<usize, LedgerError> {
        let fresh = self.fresh(decisions);
        let count = fresh.len();
        self.add(fresh)?;
        Ok(count)
    }

    /// Keeps `decisions` as [`Ledger::record`] does, but only adds to the ends of the files, which takes the same time however much
    /// is in them. What another process has written meanwhile is on disk as well, and is not known here before [`Ledger::tidy`].
    ///
    /// # Errors
    /// When the ledger cannot be written; nothing is kept then.
    pub fn append(&mut self, decisions: Vec<Decision>) -> Result<Vec<Made>, LedgerError> {
        let fresh = self.fresh(decisions);
        if let Some(folder) = self.on_disk().filter(|_| !fresh.is_empty()) {
            let added = by_shard(&fresh);
            let broken: BTreeSet<u8> = added.keys().copied().filter(|&at| !ends_well(&folder, at)).collect();
            self.rewrite(&broken, |_, _| {})?;
            Lock::of(&folder)?.hold(&folder, || append(&folder, &added))?;
            self.untidy.extend(added.keys());
        }
        self.rules.extend(fresh.iter().map(|decision| decision.rule.clone()));
        let make = |decision: Decision| {
            let before = self.entries.insert(decision.key, vec![decision.clone()]).unwrap_or_default();
            Made { decision, before }
        };
        Ok(fresh.into_iter().map(make).collect())
    }

    /// Unmakes the last decisions that [`Ledger::append`] made: it is as if they had never been.
    ///
    /// # Errors
    /// As [`Ledger::record`].
    pub fn take_back(&mut self, made: &[Made]) -> Result<(), LedgerError> {
        if let Some(folder) = self.on_disk().filter(|_| !made.is_empty()) {
            let decisions: Vec<Decision> = made.iter().map(|made| made.decision.clone()).collect();
            Lock::of(&folder)?.hold(&folder, || {
                for (at, gone) in by_shard(&decisions) {
                    if cut(&folder, at, &gone)? {
                        continue;
                    }
                    // Somebody else has written since.
                    let mut lines = read_shard(&folder, at)?;
                    lines.retain(|line| !gone.contains(&line));
                    lines.extend(made.iter().flat_map(|made| &made.before).filter(|line| shard(line.key) == at).cloned());
                    let lines = live(lines);
                    let kept: Vec<&Decision> = lines.iter().flat_map(|(_, decisions)| decisions).collect();
                    write_shard(&folder, at, &kept)?;
                }
                Ok(())
            })?;
        }
        for made in made {
            match made.before.is_empty() {
                true => self.entries.remove(&made.decision.key),
                false => self.entries.insert(made.decision.key, made.before.clone()),
            };
        }
        Ok(())
    }

    /// Puts the files that were added to in order, as [`Ledger::record`] leaves them.
    ///
    /// # Errors
    /// As [`Ledger::record`]; every decision is on disk all the same.
    pub fn tidy(&mut self) -> Result<(), LedgerError> {
        let untidy = self.untidy.clone();
        self.rewrite(&untidy, |_, _| {})?;
        self.untidy.clear();
        Ok(())
    }

    /// Those of `decisions` that say something new, each in the place of what this ledger knows of its finding.
    fn fresh(&self, decisions: Vec<Decision>) -> Vec<Decision> {
        let mut fresh: Vec<Decision> = Vec::new();
        for mut decision in decisions {
            let known = self.entries.get(&decision.key).map_or(&[][..], Vec::as_slice);
            let same = |old: &Decision| {
                old.agrees(&decision)
                    && (&old.who, &old.note, old.baseline, old.done)
                        == (&decision.who, &decision.note, decision.baseline, decision.done)
            };
            if matches!(known, [old] if same(old)) {
                continue;
            }
            let over: BTreeSet<String> = self.in_sight(decision.key).into_iter().collect();
            // Whoever comes back to an earlier decision within a second would make the same one, whose place is taken.
            while over.contains(&decision.id()) {
                decision.time = a_second_later(&decision.time);
            }
            decision.over.extend(over);
            fresh.push(decision);
        }
        fresh
    }

    /// Adds what others decided, in sight of nothing here.
    ///
    /// # Errors
    /// As [`Ledger::record`].
    pub fn merge(&mut self, decisions: Vec<Decision>) -> Result<Merged, LedgerError> {
        let known = |decision: &Decision| {
            let id = decision.id();
            let here = self.entries.get(&decision.key).map_or(&[][..], Vec::as_slice);
            here.iter().any(|old| old.over.contains(&id) || old.id() == id)
        };
        let (old, new): (Vec<Decision>, Vec<Decision>) = decisions.into_iter().partition(known);
        let merged = Merged { new: new.len(), known: old.len() };
        self.add(new)?;
        Ok(merged)
    }

    /// The same without the decisions that are `gone`; on disk they stay.
    #[must_use]
    pub fn without(mut self, gone: impl Fn(&Decision) -> bool) -> Ledger {
        for decisions in self.entries.values_mut() {
            decisions.retain(|decision| !gone(decision));
        }
        self.entries.retain(|_, decisions| !decisions.is_empty());
        self
    }

    /// Forgets the decisions that are `gone`. Returns how many this ledger knew.
    ///
    /// # Errors
    /// As [`Ledger::record`].
    pub fn forget(&mut self, gone: impl Fn(&Decision) -> bool) -> Result<usize, LedgerError> {
        let going: Vec<u8> = self.entries.values().flatten().filter(|&one| gone(one)).map(|one| shard(one.key)).collect();
        let shards = going.iter().copied().collect();
        self.rewrite(&shards, |_, lines| lines.retain(|decision| !gone(decision)))?;
        Ok(going.len())
    }

    /// The folder, unless the ledger is kept nowhere.
    fn on_disk(&self) -> Option<PathBuf> {
        Some(self.folder.clone()).filter(|folder| !folder.as_os_str().is_empty())
    }

    fn add(&mut self, fresh: Vec<Decision>) -> Result<(), LedgerError> {
        let shards = fresh.iter().map(|decision| shard(decision.key)).collect();
        self.rules.extend(fresh.iter().map(|decision| decision.rule.clone()));
        self.rewrite(&shards, |at, lines| lines.extend(fresh.iter().filter(|decision| shard(decision.key) == at).cloned()))
    }

    /// Reads files again, changes and writes them, while nobody else does.
    fn rewrite(&mut self, shards: &BTreeSet<u8>, change: impl Fn(u8, &mut Vec<Decision>)) -> Result<(), LedgerError> {
        if shards.is_empty() {
            return Ok(());
        }
        let Some(folder) = self.on_disk() else {
            let mut lines: Vec<Decision> = std::mem::take(&mut self.entries).into_values().flatten().collect();
            shards.iter().for_each(|&at| change(at, &mut lines));
            self.entries.extend(live(lines));
            return Ok(());
        };
        Lock::of(&folder)?.hold(&folder, || {
            for &at in shards {
                let mut lines = read_shard(&folder, at)?;
                change(at, &mut lines);
                let lines = live(lines);
                let kept: Vec<&Decision> = lines.iter().flat_map(|(_, decisions)| decisions).collect();
                write_shard(&folder, at, &kept)?;
                let first = Key { base: u128::from(at) << 124, nth: 0 };
                let old: Vec<Key> =
                    self.entries.range(first..).map(|(&key, _)| key).take_while(|&key| shard(key) == at).collect();
                old.iter().for_each(|key| drop(self.entries.remove(key)));
                self.entries.extend(lines);
            }
            Ok(())
        })
    }

    /// The folder that documents are named from: the one that holds the ledger's `.jiaokan`, or the ledger.
    pub fn root(&self) -> PathBuf {
        let folder = absolute(&self.folder);
        let root = if folder.ends_with(super::PLACE) { folder.ancestors().nth(2) } else { folder.parent() };
        root.unwrap_or(&folder).to_path_buf()
    }

    /// What decisions call the document at `path`; `-` for the standard input.
    pub fn document(&self, path: &Path) -> String {
        if path.as_os_str() == crate::corpus::STDIN {
            return crate::corpus::STDIN.into();
        }
        let full = absolute(path);
        let below = full.strip_prefix(self.root()).unwrap_or(&full);
        below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// Whose voice counts: people's verdicts before their `later`, and a baseline last.
fn rank(decision: &Decision) -> u8 {
    match decision {
        Decision { baseline: true, .. } => 2,
        Decision { verdict: Verdict::Later, .. } => 1,
        _ => 0,
    }
}

/// Decisions by the file that they belong to, in their order.
fn by_shard(decisions: &[Decision]) -> BTreeMap<u8, Vec<&Decision>> {
    let mut shards: BTreeMap<u8, Vec<&Decision>> = BTreeMap::new();
    for decision in decisions {
        shards.entry(shard(decision.key)).or_default().push(decision);
    }
    shards
}

/// Lines by key, in order, each once, without those whose place another has taken.
fn live(mut lines: Vec<Decision>) -> Vec<(Key, Vec<Decision>)> {
    lines.sort_by_key(|decision| decision.key);
    let mut entries: Vec<(Key, Vec<Decision>)> = Vec::with_capacity(lines.len());
    for decision in lines {
        match entries.last_mut() {
            Some((key, decisions)) if *key == decision.key => decisions.push(decision),
            _ => entries.push((decision.key, vec![decision])),
        }
    }
    for (_, decisions) in entries.iter_mut().filter(|(_, decisions)| decisions.len() > 1) {
        let over: HashSet<String> = decisions.iter().flat_map(|decision| decision.over.iter().cloned()).collect();
        let by_id: BTreeMap<String, Decision> = decisions.drain(..).map(|decision| (decision.id(), decision)).collect();
        decisions.extend(by_id.into_iter().filter(|(id, _)| !over.contains(id)).map(|(_, decision)| decision));
    }
    entries.retain(|(_, decisions)| !decisions.is_empty());
    entries
}

impl Decisions for Ledger {
    fn rulings(&self, source: &str, findings: &[Finding]) -> Vec<Option<Ruling>> {
        let mut rulings = vec![None; findings.len()];
        if !findings.iter().any(|finding| self.concern(&finding.rule)) {
            return rulings;
        }
        let known = |mark: &Mark| {
            let keys = Key { base: mark.base, nth: 1 }..=Key { base: mark.base, nth: u32::MAX };
            self.entries.range(keys).next().is_some()
        };
        let marks = findings.iter().enumerate().filter(|(_, finding)| self.concern(&finding.rule));
        let marks = marks.map(|(index, finding)| (index, Mark::of(source, finding))).filter(|(_, mark)| known(mark));
        let (indexes, marks): (Vec<usize>, Vec<Mark>) = marks.unzip();
        for (index, key) in indexes.into_iter().zip(number(source, &marks)) {
            let ruling = |decision: &Decision| Ruling { verdict: decision.effect(), new: decision.new.clone() };
            rulings[index] = self.standing(key).decision().map(ruling);
        }
        rulings
    }

    fn concern(&self, rule: &str) -> bool {
        self.rules.contains(rule)
    }
}
