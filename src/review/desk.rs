//! Deciding about the findings of a queue, one step after another, each on disk at once.

use super::item::{Answer, Item, ItemState};
use super::key::Key;
use super::ledger::{Ledger, Made};
use super::queue::{Entry, Queue};
use super::store::LedgerError;
use crate::edit::Verdict;
use std::collections::BTreeSet;

/// What a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The finding that the person looks at.
    One,
    /// All of its group that wait.
    Group,
}

/// A queue and the ledger that takes what a person says of it.
#[derive(Debug)]
pub struct Desk {
    queue: Queue,
    ledger: Ledger,
    who: String,
    steps: Vec<Step>,
}

/// What undoing takes back.
#[derive(Debug)]
struct Step {
    made: Vec<Made>,
    /// The finding that the person looked at.
    at: usize,
}

impl Desk {
    /// An empty queue, about which `who` decides.
    pub fn new(ledger: Ledger, who: String) -> Desk {
        Desk { queue: Queue::default(), ledger, who, steps: Vec::new() }
    }

    /// The queue.
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// The queue, to move in it.
    pub fn queue_mut(&mut self) -> &mut Queue {
        &mut self.queue
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The finding that the person looks at.
    pub fn current(&self) -> Option<&Entry> {
        self.queue.current()
    }

    /// About how many findings something was decided that was not taken back.
    pub fn decided(&self) -> usize {
        let keys: BTreeSet<Key> = self.steps.iter().flat_map(|step| &step.made).map(Made::key).collect();
        keys.len()
    }

    /// Decides and keeps it. `new` is what is to stand there, where it is not what the rule
    /// would write. Returns about how many findings something new was said.
    ///
    /// # Errors
    /// When the ledger cannot be written; nothing is decided then.
    pub fn decide(&mut self, scope: Scope, verdict: Verdict, new: Option<String>) -> Result<usize, LedgerError> {
        let at = self.queue.at();
        let numbers = match scope {
            Scope::One if self.queue.current().is_none() => Vec::new(),
            Scope::One => vec![at],
            Scope::Group => self.queue.open_in_group(),
        };
        let decide = |item: &Item| item.decide(Answer { verdict, new: new.clone(), note: String::new(), who: self.who.clone() });
        let decisions = numbers.iter().map(|&number| decide(&self.queue.entry(number).item)).collect();
        let made = self.ledger.append(decisions)?;
        let count = made.len();
        self.refresh(&made);
        if count > 0 {
            self.steps.push(Step { made, at });
        }
        Ok(count)
    }

    /// Takes the last step back, and goes to where it was taken. Returns how many findings it was about; none when there is no step.
    ///
    /// # Errors
    /// When the ledger cannot be written; everything is as it was then.
    pub fn undo(&mut self) -> Result<Option<usize>, LedgerError> {
        let Some(step) = self.steps.last() else { return Ok(None) };
        self.ledger.take_back(&step.made)?;
        let Some(step) = self.steps.pop() else { return Ok(None) };
        self.refresh(&step.made);
        self.queue.go(step.at);
        Ok(Some(step.made.len()))
    }

    /// Puts the files of the ledger in order. Nothing is lost without it.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn finish(&mut self) -> Result<(), LedgerError> {
        self.ledger.tidy()
    }

    fn refresh(&mut self, made: &[Made]) {
        for made in made {
            self.queue.refresh(made.key(), &self.ledger);
        }
    }
}

impl Item {
    /// What stands there if its edit is made: what a person accepted, or else what the rule would write. None when there is no edit.
    pub fn outlook(&self) -> Option<&str> {
        match &self.standing {
            ItemState::Decided(decision) if decision.verdict == Verdict::Accept => decision.new.as_deref(),
            _ => self.readings.first().map(String::as_str),
        }
    }
}
