//! The ledger by itself.

use super::*;
use crate::edit::Verdict;
use std::fs;
use tempfile::TempDir;

fn key(base: u128) -> Key {
    Key { base: base << 120 | base, nth: 1 }
}

fn decision(base: u128, verdict: Verdict, who: &str) -> Decision {
    Decision {
        key: key(base),
        rule: "a/b".into(),
        rule_hash: String::new(),
        old: "and".into(),
        new: Some("和".into()),
        verdict,
        note: String::new(),
        time: "2026-01-01T00:00:00Z".into(),
        who: who.into(),
        document: "a.txt".into(),
        baseline: false,
        done: false,
        over: Vec::new(),
    }
}

fn verdict(ledger: &Ledger, base: u128) -> Option<Verdict> {
    ledger.standing(key(base)).verdict()
}

fn folder() -> (TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&folder.path().join(PLACE)).unwrap();
    (folder, ledger)
}

#[test]
fn decisions_are_on_disk_at_once_and_in_order() {
    let (folder, mut ledger) = folder();
    let all = [0x70, 0x13, 0x12].map(|base| decision(base, Verdict::Accept, "甲"));
    assert_eq!(ledger.record(all.to_vec()).unwrap(), 3);
    assert_eq!(ledger.record(all.to_vec()).unwrap(), 0, "the same person says the same");
    let read = Ledger::open(ledger.folder()).unwrap();
    assert_eq!(read.decided().collect::<Vec<_>>(), ledger.decided().collect::<Vec<_>>());
    let lines = fs::read_to_string(folder.path().join(PLACE).join("1.jsonl")).unwrap();
    assert!(lines.lines().next().unwrap().starts_with("{\"key\":\"12"));
    assert_eq!(ledger.forget(|one| one.key == key(0x70)).unwrap(), 1);
    assert!(!folder.path().join(PLACE).join("7.jsonl").exists());
    assert_eq!(Ledger::open(ledger.folder()).unwrap().len(), 2);
    assert_eq!(ledger.root(), folder.path());
    assert_eq!(ledger.document(&folder.path().join("in").join("a.txt")), "in/a.txt");
}

#[test]
fn what_was_not_in_sight_is_not_overruled() {
    let (_folder, mut mine) = folder();
    let mut theirs = mine.clone();
    mine.record(vec![decision(1, Verdict::Accept, "甲")]).unwrap();
    theirs.record(vec![decision(1, Verdict::Reject, "乙"), decision(2, Verdict::Reject, "乙")]).unwrap();
    assert_eq!((verdict(&theirs, 1), verdict(&theirs, 2)), (None, Some(Verdict::Reject)));
    assert_eq!(theirs.contradictions().count(), 1);
    // The first has not looked since, and says the same again: still two opinions.
    mine.record(vec![decision(1, Verdict::Accept, "甲")]).unwrap();
    assert_eq!(verdict(&Ledger::open(mine.folder()).unwrap(), 1), None);
    // Who has seen both decides.
    theirs.record(vec![decision(1, Verdict::Later, "乙")]).unwrap();
    let settled = Ledger::open(mine.folder()).unwrap();
    assert_eq!(verdict(&settled, 1), Some(Verdict::Later));
    // A copy of what was overruled does not bring it back.
    theirs.merge(vec![decision(1, Verdict::Accept, "甲")]).unwrap();
    assert_eq!(verdict(&theirs, 1), Some(Verdict::Later));
}

#[test]
fn whose_voice_counts() {
    let of = |decisions: &[Decision]| Ledger::of(decisions.to_vec());
    let accept = decision(1, Verdict::Accept, "甲");
    let reject = decision(1, Verdict::Reject, "乙");
    let later = decision(1, Verdict::Later, "丙");
    let baseline = Decision { baseline: true, ..decision(1, Verdict::Later, "") };
    assert_eq!(verdict(&of(&[accept.clone(), accept.clone()]), 1), Some(Verdict::Accept));
    assert_eq!(verdict(&of(&[accept.clone(), decision(1, Verdict::Accept, "丁")]), 1), Some(Verdict::Accept));
    assert_eq!(verdict(&of(&[later.clone(), reject.clone(), baseline.clone()]), 1), Some(Verdict::Reject));
    assert_eq!(verdict(&of(&[later, baseline.clone()]), 1), Some(Verdict::Later));
    assert_eq!(verdict(&of(&[accept.clone(), reject]), 1), None);
    let other = Decision { new: Some("与".into()), who: "乙".into(), ..accept.clone() };
    assert_eq!(verdict(&of(&[accept, other]), 1), None, "two texts are two opinions");
    assert_eq!(precision(&of(&[baseline])).len(), 0);
}

#[test]
fn rules_are_measured_by_what_was_decided() {
    let many = |accepted: u128, rejected: u128| {
        let accepts = (0..accepted).map(|base| decision(base, Verdict::Accept, ""));
        let rejects = (0..rejected).map(|base| decision(100 + base, Verdict::Reject, ""));
        Ledger::of(accepts.chain(rejects).collect())
    };
    assert_eq!(precision(&many(3, 1))["a/b"].right, crate::eval::Share { hits: 3, of: 4 });
    assert!(unproven(&many(0, 9), 0.95).is_empty(), "too few to tell");
    assert!(unproven(&many(0, 10), 0.95).contains("a/b"));
    assert!(unproven(&many(9, 1), 0.95).is_empty(), "0.95 lies in the interval of 9 of 10");
    assert!(unproven(&many(80, 20), 0.95).contains("a/b"));
}

#[test]
fn a_new_ledger_is_made_beside_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b");
    fs::create_dir_all(&deep).unwrap();
    assert_eq!(home(std::slice::from_ref(&deep)), deep.join(PLACE));
    assert_eq!(find(std::slice::from_ref(&deep)).unwrap(), None);
    fs::write(folder.path().join("a/jiaokan.toml"), "").unwrap();
    assert_eq!(home(std::slice::from_ref(&deep)), folder.path().join("a").join(PLACE));
    fs::create_dir_all(folder.path().join("a").join(PLACE)).unwrap();
    assert_eq!(find(&[deep]).unwrap(), Some(folder.path().join("a").join(PLACE)));
}

#[test]
fn lines_that_are_added_hold_at_once_and_are_put_in_order_later() {
    let (folder, mut ledger) = folder();
    let file = folder.path().join(PLACE).join("1.jsonl");
    ledger.append([0x13, 0x12].map(|base| decision(base, Verdict::Accept, "甲")).to_vec()).unwrap();
    let changed = ledger.append(vec![decision(0x13, Verdict::Reject, "甲")]).unwrap();
    assert_eq!((changed.len(), fs::read_to_string(&file).unwrap().lines().count()), (1, 3), "nothing is written anew");
    assert!(ledger.append(vec![decision(0x13, Verdict::Reject, "甲")]).unwrap().is_empty(), "the same person says the same");
    let read = Ledger::open(ledger.folder()).unwrap();
    assert_eq!(read.decided().collect::<Vec<_>>(), ledger.decided().collect::<Vec<_>>());
    assert_eq!(verdict(&read, 0x13), Some(Verdict::Reject));
    ledger.tidy().unwrap();
    let lines = fs::read_to_string(&file).unwrap();
    assert_eq!(lines.lines().map(|line| &line[8..10]).collect::<Vec<_>>(), ["12", "13"]);
}

#[test]
fn what_is_taken_back_leaves_no_trace() {
    let (folder, mut ledger) = folder();
    let place = folder.path().join(PLACE);
    ledger.record(vec![decision(0x13, Verdict::Accept, "甲")]).unwrap();
    let before = fs::read(place.join("1.jsonl")).unwrap();
    let made = ledger.append([0x13, 0x12, 0x70].map(|base| decision(base, Verdict::Reject, "乙")).to_vec()).unwrap();
    ledger.take_back(&made).unwrap();
    assert_eq!(fs::read(place.join("1.jsonl")).unwrap(), before);
    assert!(!place.join("7.jsonl").exists());
    assert_eq!((verdict(&ledger, 0x13), verdict(&ledger, 0x12), ledger.len()), (Some(Verdict::Accept), None, 1));

    // Another process has written behind it: what it says stays.
    let made = ledger.append(vec![decision(0x13, Verdict::Reject, "乙")]).unwrap();
    Ledger::open(ledger.folder()).unwrap().append(vec![decision(0x11, Verdict::Later, "丙")]).unwrap();
    ledger.take_back(&made).unwrap();
    let read = Ledger::open(ledger.folder()).unwrap();
    assert_eq!((verdict(&read, 0x13), verdict(&read, 0x11)), (Some(Verdict::Accept), Some(Verdict::Later)));

    let mut nowhere = Ledger::default();
    let made = nowhere.append(vec![decision(0x13, Verdict::Reject, "乙")]).unwrap();
    assert_eq!(verdict(&nowhere, 0x13), Some(Verdict::Reject));
    nowhere.take_back(&made).unwrap();
    nowhere.tidy().unwrap();
    assert!(nowhere.is_empty());
}

#[test]
fn a_mind_can_be_changed_back_and_forth_within_a_second() {
    let (_folder, mut ledger) = folder();
    for verdicts in [[Verdict::Accept, Verdict::Reject], [Verdict::Accept, Verdict::Reject], [Verdict::Accept, Verdict::Later]] {
        for one in verdicts {
            ledger.append(vec![decision(0x13, one, "甲")]).unwrap();
            assert_eq!(verdict(&Ledger::open(ledger.folder()).unwrap(), 0x13), Some(one));
        }
    }
    ledger.record(vec![decision(0x13, Verdict::Accept, "甲")]).unwrap();
    assert_eq!(verdict(&Ledger::open(ledger.folder()).unwrap(), 0x13), Some(Verdict::Accept));
}

#[test]
fn a_line_that_breaks_off_is_no_decision() {
    let (folder, mut ledger) = folder();
    let file = folder.path().join(PLACE).join("1.jsonl");
    ledger.append(vec![decision(0x13, Verdict::Accept, "甲"), decision(0x12, Verdict::Accept, "甲")]).unwrap();
    let whole = fs::read(&file).unwrap();
    for length in whole.len() / 2 + 2..whole.len() {
        fs::write(&file, &whole[..length]).unwrap();
        let mut read = Ledger::open(ledger.folder()).unwrap();
        // Without the end of its line, the last decision is whole all the same.
        assert_eq!(read.len(), if length == whole.len() - 1 { 2 } else { 1 });
        read.append(vec![decision(0x14, Verdict::Later, "乙")]).unwrap();
        let again = Ledger::open(ledger.folder()).unwrap();
        assert_eq!((again.len(), verdict(&again, 0x14)), (read.len(), Some(Verdict::Later)));
    }
    fs::write(&file, b"{\"key\":1}").unwrap();
    assert!(Ledger::open(ledger.folder()).is_err(), "what is wrong in itself does not break off");
}
