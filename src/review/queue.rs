//! What is to be decided, in the order in which a person is asked: places that are alike together, the largest group first.

use super::item::{Item, ItemState};
use super::key::Key;
use super::ledger::Ledger;
use crate::edit::RuleId;
use std::cmp::Reverse;
use std::collections::HashMap;

/// One finding of the queue.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The finding, at the first place it was seen at.
    pub item: Item,
    /// Its document, by number: see [`Queue::document`].
    pub document: usize,
    /// The other places that are known by the same, and decided with it: document, line and column.
    pub others: Vec<(usize, usize, usize)>,
    group: usize,
}

impl Entry {
    /// Whether nobody has decided, or people disagree.
    pub fn is_open(&self) -> bool {
        !matches!(self.item.standing, ItemState::Decided(_))
    }
}

/// The findings of one rule that speak of the same text and would write the same.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Its findings by number, in the order of documents and places. Never empty.
    pub members: Vec<usize>,
    /// How many of them wait for a decision.
    pub open: usize,
}

/// Findings in groups, and the one that a person looks at. Findings are added while that goes on; the person stays where they are.
#[derive(Debug, Clone, Default)]
pub struct Queue {
    documents: Vec<String>,
    entries: Vec<Entry>,
    by_key: HashMap<Key, usize>,
    groups: Vec<Group>,
    by_sameness: HashMap<(RuleId, String, Option<String>), usize>,
    /// Groups in their order, and the place of each in it.
    order: Vec<usize>,
    ranks: Vec<usize>,
    open: usize,
    at: usize,
    /// Whether the person has moved or decided; before, they see what comes first.
    settled: bool,
}

impl Queue {
    /// Adds the findings of a document. They are in order after [`Queue::sort`].
    pub fn add(&mut self, document: &str, items: Vec<Item>) {
        if items.is_empty() {
            return;
        }
        let number = self.documents.len();
        self.documents.push(document.to_owned());
        for item in items {
            if let Some(&known) = self.by_key.get(&item.key) {
                self.entries[known].others.push((number, item.line, item.column));
                continue;
            }
            let same = (item.rule.clone(), item.old.clone(), item.readings.first().cloned());
            let group = *self.by_sameness.entry(same).or_insert(self.groups.len());
            if group == self.groups.len() {
                self.groups.push(Group::default());
            }
            let entry = Entry { item, document: number, others: Vec::new(), group };
            self.groups[group].members.push(self.entries.len());
            self.groups[group].open += usize::from(entry.is_open());
            self.open += usize::from(entry.is_open());
            self.by_key.insert(entry.item.key, self.entries.len());
            self.entries.push(entry);
        }
    }

    /// Puts the groups in order: the largest first, then by rule, text and what would be written.
    pub fn sort(&mut self) {
        let (groups, entries) = (&self.groups, &self.entries);
        self.order.extend(self.ranks.len()..groups.len());
        let rank = |&group: &usize| {
            let first = &entries[groups[group].members[0]].item;
            (Reverse(groups[group].members.len()), &first.rule, &first.old, first.readings.first())
        };
        self.order.sort_by(|a, b| rank(a).cmp(&rank(b)));
        self.ranks.resize(groups.len(), 0);
        for (rank, &group) in self.order.iter().enumerate() {
            self.ranks[group] = rank;
        }
        if let Some(&first) = self.order.first().filter(|_| !self.settled) {
            self.at = self.groups[first].members[0];
        }
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many wait for a decision.
    pub fn open(&self) -> usize {
        self.open
    }

    /// The finding that the person looks at; none before anything is in order.
    pub fn current(&self) -> Option<&Entry> {
        self.entries.get(self.at).filter(|_| !self.order.is_empty())
    }

    /// Its number.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The finding of a number.
    pub fn entry(&self, number: usize) -> &Entry {
        &self.entries[number]
    }

    /// What a document is called.
    pub fn document(&self, number: usize) -> &str {
        &self.documents[number]
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        self.order.len()
    }

    /// The group at a place in the order.
    pub fn group(&self, rank: usize) -> &Group {
        &self.groups[self.order[rank]]
    }

    /// The place in the order of the group that the person looks at, and the place of the finding in it, both from 0.
    pub fn place(&self) -> (usize, usize) {
        self.current().map_or((0, 0), |entry| {
            let members = &self.groups[entry.group].members;
            (self.ranks[entry.group], members.partition_point(|&member| member < self.at))
        })
    }

    /// Findings that wait in the group that the person looks at.
    pub fn open_in_group(&self) -> Vec<usize> {
        let members = self.current().map_or(&[][..], |entry| &self.groups[entry.group].members);
        members.iter().copied().filter(|&member| self.entries[member].is_open()).collect()
    }

    /// Goes to a finding.
    pub fn go(&mut self, number: usize) {
        if number < self.entries.len() {
            self.at = number;
            self.settled = true;
        }
    }

    /// Goes to the next finding, or says that there is none.
    pub fn next_place(&mut self) -> bool {
        self.step(|queue| {
            let (rank, place) = queue.place();
            let within = queue.group(rank).members.get(place + 1).copied();
            within.or_else(|| Some(queue.group((rank + 1 < queue.groups()).then_some(rank + 1)?).members[0]))
        })
    }

    /// Goes to the finding before, or says that there is none.
    pub fn previous(&mut self) -> bool {
        self.step(|queue| {
            let (rank, place) = queue.place();
            match place.checked_sub(1) {
                Some(before) => Some(queue.group(rank).members[before]),
                None => queue.group(rank.checked_sub(1)?).members.last().copied(),
            }
        })
    }

    /// Goes to the next group, or says that there is none.
    pub fn next_group(&mut self) -> bool {
        self.step(|queue| {
            let rank = queue.place().0 + 1;
            (rank < queue.groups()).then(|| queue.group(rank).members[0])
        })
    }

    /// Goes to the group before, or says that there is none.
    pub fn previous_group(&mut self) -> bool {
        self.step(|queue| Some(queue.group(queue.place().0.checked_sub(1)?).members[0]))
    }

    /// Goes to the next finding that waits, round to the first of all behind the last; says whether any does.
    pub fn next_open(&mut self) -> bool {
        self.step(|queue| queue.onward(|entry| entry.is_open(), |group| group.open > 0))
    }

    /// Goes to the next finding that `wanted` takes, round to the first of all behind the last; says whether there is one.
    pub fn find(&mut self, wanted: impl Fn(&Queue, &Entry) -> bool) -> bool {
        self.step(|queue| queue.onward(|entry| wanted(queue, entry), |_| true))
    }

    /// The same, to the one before.
    pub fn find_back(&mut self, wanted: impl Fn(&Queue, &Entry) -> bool) -> bool {
        self.step(|queue| {
            let (rank, place) = queue.place();
            let all = queue.order.iter().rev().flat_map(|&group| queue.groups[group].members.iter().rev());
            let behind = queue.order[rank + 1..].iter().map(|&group| queue.groups[group].members.len()).sum::<usize>();
            let here = behind + queue.group(rank).members.len() - place;
            let mut round = all.clone().skip(here).chain(all.take(here));
            round.find(|&&number| wanted(queue, &queue.entries[number])).copied()
        })
    }

    /// Takes over what a ledger has about a finding.
    pub fn refresh(&mut self, key: Key, ledger: &Ledger) {
        let Some(&number) = self.by_key.get(&key) else { return };
        let entry = &mut self.entries[number];
        let before = entry.is_open();
        entry.item.standing = ledger.standing(key).into();
        let (open, group) = (entry.is_open(), &mut self.groups[entry.group].open);
        for count in [group, &mut self.open] {
            *count = *count + usize::from(open) - usize::from(before);
        }
    }

    fn step(&mut self, to: impl FnOnce(&Queue) -> Option<usize>) -> bool {
        if self.order.is_empty() {
            return false;
        }
        self.settled = true;
        match to(self) {
            Some(number) => {
                self.at = number;
                true
            }
            None => false,
        }
    }

    /// The first finding behind the current one that `wanted` takes, in a group that `within` takes; the current one comes last.
    fn onward(&self, wanted: impl Fn(&Entry) -> bool, within: impl Fn(&Group) -> bool) -> Option<usize> {
        let (rank, place) = self.place();
        let rest = self.group(rank).members[place + 1..].iter();
        let behind = self.order[rank + 1..].iter().chain(&self.order[..rank]);
        let others = behind.map(|&group| &self.groups[group]).filter(|group| within(group)).flat_map(|group| &group.members);
        let before = self.group(rank).members[..=place].iter();
        rest.chain(others).chain(before).copied().find(|&number| wanted(&self.entries[number]))
    }
}
