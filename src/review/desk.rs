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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Applicability;
    use crate::pass::Pipeline;
    use crate::review::items;
    use crate::rule::Pack;
    use crate::text::Source;
    use std::fs;
    use std::path::Path;

    /// A desk with the findings of documents, each with its name.
    fn desk(folder: &Path, documents: &[(&str, &str)]) -> Desk {
        let mut desk = Desk::new(Ledger::open(folder).unwrap(), "甲".into());
        let pack = Pack::built_in().unwrap();
        let pipeline = Pipeline::with(&pack, |rule| rule.pass() == "garble").unwrap();
        for (name, text) in documents {
            let revision = pipeline.revise(Source::from_text(*name, *text), Applicability::Auto);
            let items = items(&revision, name, &pack, &desk.ledger);
            desk.queue_mut().add(name, items);
        }
        desk.queue_mut().sort();
        desk
    }

    const PAGES: [(&str, &str); 2] = [
        ("a.txt", "苹果 of 香蕉。\n入冬以前新修的河道 and 河堤由各村轮流巡查。\n"),
        ("b.txt", "学校 and 医院都开了门。\n茶园 and 果园也开了门。\n入冬以前新修的河道 and 河堤由各村轮流巡查。\n"),
    ];

    fn here(desk: &Desk) -> String {
        let entry = desk.current().unwrap();
        format!("{}:{}:{}", desk.queue().document(entry.document), entry.item.line, entry.item.column)
    }

    #[test]
    fn what_is_alike_comes_together_the_most_first() {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = desk(folder.path(), &PAGES);
        let queue = desk.queue();
        assert_eq!((queue.groups(), queue.len(), queue.open()), (2, 4, 4));
        assert_eq!(queue.group(0).members.len(), 3);
        assert_eq!(desk.current().unwrap().others, [(1, 3, 10)], "the same finding in another document");
        let mut way = vec![here(&desk)];
        while desk.queue_mut().next_place() {
            way.push(here(&desk));
        }
        assert_eq!(way, ["a.txt:2:10", "b.txt:1:3", "b.txt:2:3", "a.txt:1:3"]);
        assert!(!desk.queue_mut().next_group());
        assert!(desk.queue_mut().previous());
        assert_eq!((here(&desk).as_str(), desk.queue().place()), ("b.txt:2:3", (0, 2)));
        assert!(desk.queue_mut().next_group() && desk.queue_mut().previous_group());
        assert_eq!((here(&desk).as_str(), desk.queue().place()), ("a.txt:2:10", (0, 0)));
        assert!(!desk.queue_mut().previous() && !desk.queue_mut().previous_group());
        let found = |text: &'static str| move |_: &Queue, entry: &Entry| entry.item.before.ends_with(text);
        assert!(desk.queue_mut().find(found("茶园")));
        assert_eq!(here(&desk), "b.txt:2:3");
        assert!(desk.queue_mut().find(found("河道")) && here(&desk) == "a.txt:2:10");
        assert!(desk.queue_mut().find_back(found("茶园")) && here(&desk) == "b.txt:2:3");
        assert!(desk.queue_mut().find_back(found("苹果")) && here(&desk) == "a.txt:1:3");
        assert!(!desk.queue_mut().find(found("无")) && !desk.queue_mut().find_back(found("无")));
    }

    #[test]
    fn whoever_has_not_moved_sees_what_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let mut empty = desk(folder.path(), &[]);
        assert!(empty.current().is_none() && !empty.queue_mut().next_place() && !empty.queue_mut().next_open());
        assert_eq!(empty.decide(Scope::Group, Verdict::Accept, None).unwrap(), 0);
        assert_eq!(empty.decide(Scope::One, Verdict::Accept, None).unwrap(), 0);
        let mut some = desk(folder.path(), &PAGES[..1]);
        assert_eq!(some.queue().groups(), 2);
        let first = here(&some);
        let more = desk(folder.path(), &PAGES[1..]);
        let items: Vec<Item> = (0..more.queue().len()).map(|number| more.queue().entry(number).item.clone()).collect();
        let mut moved = desk(folder.path(), &PAGES[..1]);
        moved.queue_mut().next_place();
        let place = here(&moved);
        for desk in [&mut some, &mut moved] {
            desk.queue_mut().add("b.txt", items.clone());
            desk.queue_mut().sort();
        }
        assert_eq!(here(&some), "a.txt:2:10", "not {first}");
        assert_eq!(here(&moved), place);
    }

    #[test]
    fn steps_are_kept_and_taken_back_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = desk(folder.path(), &PAGES);
        let on_disk = || Ledger::open(folder.path()).unwrap();
        assert_eq!(desk.decide(Scope::One, Verdict::Reject, None).unwrap(), 1);
        assert!(desk.queue_mut().next_open());
        assert_eq!((here(&desk).as_str(), on_disk().len()), ("b.txt:1:3", 1));
        assert_eq!(desk.decide(Scope::Group, Verdict::Accept, None).unwrap(), 2, "what is rejected stays so");
        assert_eq!(on_disk().decided().filter(|one| one.verdict == Verdict::Accept).count(), 2);
        assert!(desk.queue_mut().next_open() && here(&desk) == "a.txt:1:3");
        assert_eq!(desk.decide(Scope::One, Verdict::Accept, Some("与".into())).unwrap(), 1);
        assert!(!desk.queue_mut().next_open());
        assert_eq!((desk.queue().open(), desk.decided(), on_disk().len()), (0, 4, 4));
        assert_eq!(desk.current().unwrap().item.outlook(), Some("与"));
        assert_eq!(desk.undo().unwrap(), Some(1));
        assert_eq!(desk.undo().unwrap(), Some(2));
        assert_eq!((here(&desk).as_str(), on_disk().len(), desk.queue().open()), ("b.txt:1:3", 1, 3));
        assert_eq!(desk.undo().unwrap(), Some(1));
        assert_eq!((here(&desk).as_str(), on_disk().len(), desk.queue().open()), ("a.txt:2:10", 0, 4));
        assert_eq!(desk.undo().unwrap(), None);
        desk.finish().unwrap();
        assert!(fs::read_dir(folder.path()).unwrap().all(|file| !file.unwrap().file_name().to_string_lossy().contains("jsonl")));
    }

    #[test]
    fn nothing_is_decided_that_cannot_be_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = desk(&folder.path().join("ledger"), &PAGES);
        fs::write(folder.path().join("ledger"), "in the way").unwrap();
        assert!(desk.decide(Scope::Group, Verdict::Accept, None).is_err());
        assert_eq!((desk.queue().open(), desk.undo().unwrap()), (4, None));
        fs::remove_file(folder.path().join("ledger")).unwrap();
        assert_eq!(desk.decide(Scope::Group, Verdict::Accept, None).unwrap(), 3);
    }
}
