//! False alarms: what every rule may find in clean text, and what it does find in that of `corpus/clean/` and `corpus/held-out/`.

mod corpus;

use jiaokan::edit::Applicability;
use jiaokan::pass::Pipeline;
use jiaokan::report::Tally;
use jiaokan::report::alarms::{Alarms, Verdict};
use jiaokan::rule::{Pack, RuleNames};
use jiaokan::text::Source;

/// Rules that exceed the rate they state, with the findings that they make at most. Whoever makes a number smaller writes the smaller
/// one here, and takes the rule out when it keeps to its rate.
const KNOWN: &[(&str, usize)] = &[
    ("despace/gap", 3),
    ("despace/inside-word", 5),
    ("flag/cut-tail", 14),
    ("flag/lost-text", 3),
    ("flag/orphan-start", 6),
    ("flag/truncated-article", 17),
    ("flag/unbalanced-bracket", 3),
    ("profile/document", 4),
    ("strip/ad-block", 10),
    ("width/half-width-document", 5),
];

fn built_in() -> Pack {
    Pack::built_in().unwrap_or_else(|error| panic!("{error}"))
}

/// What the rules find in both folders, and for each finding in `corpus/clean/` a line that tells of it. The held-out documents are
/// there to be counted in, not to be read.
fn count(pack: &Pack) -> (Alarms, Vec<(String, String)>) {
    let pipeline = Pipeline::new(pack).unwrap_or_else(|error| panic!("{error}"));
    let (mut alarms, mut told) = (Alarms::default(), Vec::new());
    for folder in ["clean", "held-out"] {
        for (name, text) in corpus::documents(folder) {
            let revision = pipeline.revise(Source::from_text(&name, &text), Applicability::Auto);
            alarms.add(pack, &RuleNames::default(), text.chars().count(), &Tally::of(&revision.findings));
            for finding in revision.findings.iter().filter(|_| folder == "clean") {
                let line = text[..finding.span.start].matches('\n').count() + 1;
                let start: String = finding.span.of(&text).chars().take(30).collect();
                told.push((finding.rule.to_string(), format!("{name}:{line} {start:?}: {}", finding.message)));
            }
        }
    }
    (alarms, told)
}

#[test]
fn no_rule_exceeds_the_rate_that_it_states() {
    let pack = built_in();
    let (alarms, told) = count(&pack);
    let mut complaints = Vec::new();
    for (id, count) in &alarms.counts {
        let known = KNOWN.iter().find(|(name, _)| **id == **name).map(|known| known.1);
        match (count.verdict() == Verdict::Exceeds, known) {
            (true, Some(most)) if count.found() <= most => {}
            (false, None) => {}
            (false, Some(_)) => complaints.push(format!("{id} keeps to its rate: drop it from KNOWN")),
            (true, _) => {
                let places: Vec<&str> = told.iter().filter(|(rule, _)| **rule == **id).map(|(_, place)| &**place).collect();
                let hidden = count.found().saturating_sub(places.len());
                let stated = count.stated.unwrap_or_default();
                let places = places.join("\n    ");
                complaints
                    .push(format!("{id}: {} findings at a rate of {stated}\n    {places}\n    {hidden} held out", count.found()));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n{} characters\n", complaints.join("\n"), alarms.characters);
}

#[test]
fn there_is_much_clean_text() {
    let (alarms, _) = count(&built_in());
    assert!(alarms.characters >= 115_000, "{} characters", alarms.characters);
    let sizes = |folder| corpus::documents(folder).values().map(|text| text.chars().count()).sum::<usize>();
    assert!(sizes("held-out") * 7 >= alarms.characters, "{} of them are held out", sizes("held-out"));
}

#[test]
fn every_built_in_rule_states_a_rate() {
    let pack = built_in();
    let silent: Vec<&str> = pack.rules().iter().filter(|rule| rule.false_alarms.is_none()).map(|rule| &*rule.id).collect();
    assert!(silent.is_empty(), "no false_alarms in {}", silent.join(", "));
}
