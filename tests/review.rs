//! The promises hold whatever people decide: every edit is on record and can be taken back, what was rejected is as if no rule had
//! found it, and cleaned text with the decisions that go with it stays as it is.

use jiaokan::edit::{Applicability, Consent, Revision, State, Verdict};
use jiaokan::pass::Pipeline;
use jiaokan::review::{Answer, Decision, Key, Ledger, carried, items, keys};
use jiaokan::rule::Pack;
use jiaokan::text::Source;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::built_in().unwrap());

/// The specimens.
static SPECIMENS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect();
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
});

/// A pipeline is made once; only the decisions differ.
static PLAIN: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::new(&PACK).unwrap());

const AUTO: Consent = Consent { level: Applicability::Auto, accepted: false };
const ACCEPTED: Consent = Consent { level: Applicability::Auto, accepted: true };

fn with(ledger: &Ledger) -> Pipeline {
    Pipeline::new(&PACK).unwrap().with_decisions(Some(Arc::new(ledger.clone())))
}

fn decide(revision: &Revision, verdict: impl Fn(usize) -> Option<(Verdict, Option<String>)>) -> Vec<Decision> {
    let items = items(revision, "page.txt", &PACK, &Ledger::default());
    let decided = items.iter().enumerate().filter_map(|(index, item)| verdict(index).map(|answer| (item, answer)));
    let answer = |verdict, new| Answer { verdict, new, note: String::new(), who: "读者".into() };
    decided.map(|(item, (verdict, new))| item.decide(answer(verdict, new.filter(|_| item.takes_text())))).collect()
}

fn lines() -> impl Strategy<Value = String> {
    let piece =
        select(&["甲and乙", "⼈民", "。", "（下转第二版）", "广告", "　", "责任编辑 李木", "\n", "本报讯（记者李木）"][..]);
    let part = (any::<Index>(), any::<Index>(), 1..40usize, piece, any::<Index>());
    vec(part, 1..3).prop_map(|parts| {
        let mut lines: Vec<String> = Vec::new();
        for (which, from, count, piece, into) in parts {
            let all: Vec<&str> = which.get(&SPECIMENS).lines().collect();
            let from = from.index(all.len());
            lines.extend(all[from..all.len().min(from + count)].iter().map(|&line| line.to_owned()));
            let at = into.index(lines.len());
            lines[at].push_str(piece);
        }
        lines.join("\n")
    })
}

type Said = Vec<Option<(Verdict, Option<String>)>>;

fn said() -> impl Strategy<Value = Said> {
    let new = prop_oneof![5 => Just(None), 1 => select(&["", "丙", "和", "\n"][..]).prop_map(|text| Some(text.to_owned()))];
    let verdict = select(&[Verdict::Accept, Verdict::Reject, Verdict::Later][..]);
    vec(prop_oneof![1 => Just(None), 3 => (verdict, new).prop_map(Some)], 1..24)
}

fn forth_and_back(revision: &Revision) -> Result<(), TestCaseError> {
    let (patch, cleaned) = (revision.patch().unwrap(), revision.cleaned_bytes().unwrap());
    prop_assert_eq!(&patch.apply(revision.source().bytes()).unwrap(), &cleaned);
    prop_assert_eq!(&patch.revert(&cleaned).unwrap(), revision.source().bytes());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(60),
        max_shrink_iters: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_promises_hold_whatever_people_decide(text in lines(), said in said()) {
        let source = Source::from_text("page.txt", text.as_str());
        let plain = PLAIN.revise(source.clone(), AUTO);
        let decisions = decide(&plain, |index| said[index % said.len()].clone());
        let rejected: HashSet<Key> =
            decisions.iter().filter(|one| one.effect() == Verdict::Reject).map(|one| one.key).collect();
        let ledger = Ledger::of(decisions);
        let pipeline = with(&ledger);
        for consent in [AUTO, ACCEPTED] {
            let revision = pipeline.revise(source.clone(), consent);
            forth_and_back(&revision)?;
            let known = keys(source.text(), &revision.findings);
            prop_assert!(known.iter().all(|key| !rejected.contains(key)), "something rejected is reported");
            for (finding, key) in revision.findings.iter().zip(known) {
                let verdict = ledger.standing(key).decision().map(Decision::effect);
                prop_assert!(finding.decision.is_none() || finding.decision == verdict, "{:?} {:?}", finding, verdict);
                if finding.decision == Some(Verdict::Later) {
                    prop_assert!(finding.state != State::Applied, "{:?}", finding);
                }
            }
            // What was cleaned stays clean with the decisions that go with it.
            let kept = Ledger::of(carried(&revision, &ledger, "page.txt"));
            let again = with(&kept).revise(Source::from_text("page.txt", revision.cleaned()), consent);
            prop_assert_eq!(again.cleaned(), revision.cleaned());
        }
        let only = pipeline.revise(source.clone(), AUTO).accepted_only();
        forth_and_back(&only)?;
        prop_assert!(only.findings.iter().all(|finding| finding.decision == Some(Verdict::Accept)));
    }
}

/// Rejecting everything that a rule finds comes to the same as having no such rule.
#[test]
fn what_was_rejected_is_as_if_no_rule_had_found_it() {
    for rule in ["wrap/lines", "garble/stray-and", "repair/radicals", "column/blocks", "despace/inside-line", "strip/folio-mark"]
    {
        if PACK.get(rule).is_none() {
            continue;
        }
        let without = Pipeline::with(&PACK, |other| other.enabled && &*other.id != rule).unwrap();
        let mut fired = 0;
        for text in SPECIMENS.iter() {
            let source = Source::from_text("page.txt", text.as_str());
            let mut ledger = Ledger::default();
            let revision = loop {
                let revision = with(&ledger).revise(source.clone(), AUTO);
                let keys = keys(text, &revision.findings);
                let found = revision.findings.iter().zip(keys).filter(|(finding, _)| &*finding.rule == rule);
                let new: Vec<Decision> = found.map(|(_, key)| reject(key, rule)).collect();
                if new.is_empty() {
                    break revision;
                }
                fired += new.len();
                ledger.record(new).unwrap();
            };
            assert_eq!(revision.cleaned(), without.revise(source, AUTO).cleaned(), "{rule}");
        }
        assert!(fired > 0, "{rule} never fires");
    }
}

fn reject(key: Key, rule: &str) -> Decision {
    Decision {
        key,
        rule: rule.into(),
        rule_hash: String::new(),
        old: String::new(),
        new: None,
        verdict: Verdict::Reject,
        note: String::new(),
        time: "2026-01-01T00:00:00Z".into(),
        who: String::new(),
        document: String::new(),
        baseline: false,
        done: false,
        over: Vec::new(),
    }
}

/// A line end that a person types where a rule would join stays in the next run too.
#[test]
fn what_was_typed_stays_as_it_was_typed() {
    let page = SPECIMENS.iter().find(|text| text.contains("hydrau-\nlics")).unwrap();
    let from = page.lines().skip_while(|line| !line.starts_with("夫不种田"));
    let lines: Vec<String> = from.take(7).map(|line| line.replace("路过此地的", "路过此地的。")).collect();
    let source = Source::from_text("page.txt", lines.join("\n"));
    let decisions = decide(&PLAIN.revise(source.clone(), AUTO), |_| Some((Verdict::Accept, Some("\n".to_owned()))));
    let ledger = Ledger::of(decisions);
    for consent in [AUTO, ACCEPTED] {
        let revision = with(&ledger).revise(source.clone(), consent);
        let kept = Ledger::of(carried(&revision, &ledger, "page.txt"));
        let again = with(&kept).revise(Source::from_text("page.txt", revision.cleaned()), consent);
        assert_eq!(again.cleaned(), revision.cleaned());
    }
}
