//! False alarms: how much each rule finds in clean text, against the rate that its file states.

use super::paint::Paint;
use super::{apply_name, columns, tally::Tally};
use crate::edit::{Applicability, RuleId};
use crate::rule::{Pack, RuleNames};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Rates are findings in this many characters.
pub const PER: f64 = 100_000.0;

/// A rule exceeds its rate when so many findings would come by chance less often than this, and keeps to it when its rate can only
/// be higher with less than this chance.
const CHANCE: f64 = 0.05;

/// What rules found in documents that are clean, so that whatever was found is a false alarm.
#[derive(Debug, Clone, Default)]
pub struct Alarms {
    /// Documents read.
    pub documents: usize,
    /// Their characters, in code points.
    pub characters: usize,
    /// By rule; every rule that ran is there.
    pub counts: BTreeMap<RuleId, Count>,
}

/// What one rule found, or several together.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// How far the rule goes.
    pub applicability: Applicability,
    /// Code points of the documents in which it ran.
    pub characters: usize,
    /// Edits that it made.
    pub applied: usize,
    /// Edits that it proposed.
    pub proposed: usize,
    /// Places that it only reported.
    pub flagged: usize,
    /// The findings in 100 000 characters that its file allows.
    pub stated: Option<f64>,
}

/// What a count says of the rate that is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The true rate is not higher, as far as can be told from a sample.
    Keeps,
    /// The text is too short to tell.
    Open,
    /// So many findings do not come by chance.
    Exceeds,
    /// No rate is stated.
    Unstated,
}

impl Alarms {
    /// Counts one document: its code points, the rules that ran, as far as `names` hold them, and what they found.
    pub fn add(&mut self, pack: &Pack, names: &RuleNames, characters: usize, tally: &Tally) {
        self.documents += 1;
        self.characters += characters;
        let found = |counts: &BTreeMap<RuleId, usize>, id: &RuleId| counts.get(id).copied().unwrap_or_default();
        for rule in pack.rules().iter().filter(|rule| rule.enabled && names.hold(&rule.id)) {
            let count = self.counts.entry(rule.id.clone()).or_insert_with(|| Count {
                applicability: rule.applicability,
                stated: rule.false_alarms,
                ..Count::none(rule.applicability)
            });
            count.characters += characters;
            count.applied += found(&tally.applied, &rule.id);
            count.proposed += found(&tally.proposed, &rule.id);
            count.flagged += found(&tally.flagged, &rule.id);
        }
    }

    /// The rules that edit on their own, taken together, or all others.
    pub fn together(&self, editing: bool) -> Count {
        let applicability = if editing { Applicability::Auto } else { Applicability::Review };
        let mut sum = Count { characters: self.characters, ..Count::none(applicability) };
        let counts = self.counts.values().filter(|count| (count.applicability == Applicability::Auto) == editing);
        let mut rates = Vec::new();
        for count in counts {
            sum.applied += count.applied;
            sum.proposed += count.proposed;
            sum.flagged += count.flagged;
            rates.push(count.stated);
        }
        // Where a rule states none, no sum says what they allow themselves together.
        sum.stated = if rates.is_empty() { None } else { rates.into_iter().sum() };
        sum
    }

    /// Whether a rule exceeds its rate.
    pub fn exceeds(&self) -> bool {
        self.counts.values().any(|count| count.verdict() == Verdict::Exceeds)
    }
}

impl Count {
    fn none(applicability: Applicability) -> Count {
        Count { applicability, characters: 0, applied: 0, proposed: 0, flagged: 0, stated: None }
    }

    /// All findings.
    pub fn found(&self) -> usize {
        self.applied + self.proposed + self.flagged
    }

    /// Findings in 100 000 characters.
    pub fn rate(&self) -> f64 {
        self.found() as f64 * self.scale()
    }

    /// The rate that the true one is below with 95 % confidence: the exact bound for a Poisson count (Garwood 1936).
    pub fn at_most(&self) -> f64 {
        let (mut low, mut high) = (0.0, 3.0 + 3.0 * self.found() as f64);
        while poisson(self.found(), high) > CHANCE {
            high *= 2.0;
        }
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            *if poisson(self.found(), middle) > CHANCE { &mut low } else { &mut high } = middle;
        }
        high * self.scale()
    }

    /// What it says of the rate that is stated.
    pub fn verdict(&self) -> Verdict {
        let Some(stated) = self.stated else { return Verdict::Unstated };
        let expected = stated / self.scale();
        if self.found().checked_sub(1).is_some_and(|fewer| 1.0 - poisson(fewer, expected) < CHANCE) {
            Verdict::Exceeds
        } else if self.at_most() <= stated {
            Verdict::Keeps
        } else {
            Verdict::Open
        }
    }

    fn scale(&self) -> f64 {
        PER / self.characters.max(1) as f64
    }
}

impl Verdict {
    fn name(self) -> &'static str {
        match self {
            Verdict::Keeps => "keeps to it",
            Verdict::Open => "open",
            Verdict::Exceeds => "exceeds it",
            Verdict::Unstated => "-",
        }
    }
}

/// The probability of `most` events or fewer where `expected` are to be expected.
fn poisson(most: usize, expected: f64) -> f64 {
    if expected <= 0.0 {
        return 1.0;
    }
    // From the likeliest count outward, where no term vanishes before it matters.
    let peak = most.min(expected as usize);
    let factorial: f64 = (2..=peak).map(|k| (k as f64).ln()).sum();
    let highest = (peak as f64 * expected.ln() - expected - factorial).exp();
    let fewer = (1..=peak).rev().scan(highest, |term, k| {
        *term *= k as f64 / expected;
        Some(*term)
    });
    let more = (peak + 1..=most).scan(highest, |term, k| {
        *term *= expected / k as f64;
        Some(*term)
    });
    let sum = highest + fewer.sum::<f64>() + more.sum::<f64>();
    sum.min(1.0)
}

/// The table of `all` rules, or of those that found something, with the rules that edit on their own and all others summed up at
/// its end.
///
/// # Errors
/// Those of `out`.
pub fn table(alarms: &Alarms, all: bool, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let head = ["rule", "apply", "edits", "proposed", "flagged", "rate", "at most", "stated", "verdict"];
    let rule = |(id, count): (&RuleId, &Count)| row(id, apply_name(count.applicability), count);
    let rows: Vec<[String; 9]> = alarms.counts.iter().filter(|(_, count)| all || count.found() > 0).map(rule).collect();
    let sums = [("rules that edit", true), ("all others", false)].map(|(name, editing)| row(name, "", &alarms.together(editing)));
    let rows: Vec<[String; 9]> = rows.into_iter().chain(sums).collect();
    columns::write(head, &rows, 2..8, paint, out)?;
    let documents = super::counted(alarms.documents, "document");
    let text = format!("{documents}, {} characters; rates are findings in 100 000 characters", alarms.characters);
    writeln!(out, "{}", paint.bold(text))
}

fn row(name: &str, apply: &str, count: &Count) -> [String; 9] {
    [
        name.into(),
        apply.into(),
        count.applied.to_string(),
        count.proposed.to_string(),
        count.flagged.to_string(),
        format!("{:.2}", count.rate()),
        format!("{:.2}", count.at_most()),
        count.stated.map_or("-".into(), |stated| format!("{stated:.2}")),
        count.verdict().name().into(),
    ]
}

/// Thousandths are more than a count of false alarms can tell.
fn rounded(rate: f64) -> f64 {
    (rate * 1000.0).round() / 1000.0
}

/// The same as one JSON object, with `findings` if there are any to list.
///
/// # Errors
/// Those of `out`.
pub fn json(alarms: &Alarms, findings: Option<Vec<Value>>, out: &mut dyn Write) -> io::Result<()> {
    let mut report = value(alarms);
    if let Some(findings) = findings {
        report["findings"] = findings.into();
    }
    super::escape::pretty_json(&report, out)?;
    writeln!(out)
}

/// The same as a JSON value.
pub(super) fn value(alarms: &Alarms) -> Value {
    let record = |count: &Count| {
        json!({
            "apply": count.applicability, "characters": count.characters, "applied": count.applied,
            "proposed": count.proposed, "flagged": count.flagged, "rate": rounded(count.rate()),
            "at_most": rounded(count.at_most()), "stated": count.stated.map(rounded), "verdict": count.verdict().name(),
        })
    };
    let mut rules = serde_json::Map::new();
    for (id, count) in &alarms.counts {
        rules.insert(id.to_string(), record(count));
    }
    json!({
        "documents": alarms.documents, "characters": alarms.characters, "rules": rules,
        "editing": record(&alarms.together(true)), "others": record(&alarms.together(false)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(characters: usize, flagged: usize, stated: Option<f64>) -> Count {
        Count { characters, flagged, stated, ..Count::none(Applicability::Flag) }
    }

    #[test]
    fn bounds_are_those_of_the_tables() {
        // Garwood's one-sided 95 % bounds for 0, 1, 5, 10 and 50 events.
        for (events, bound) in [(0, 2.996), (1, 4.744), (5, 10.513), (10, 16.962), (50, 63.287)] {
            let at_most = count(100_000, events, None).at_most();
            assert!((at_most - bound).abs() < 0.001, "{events}: {at_most}");
        }
        let many = count(100_000, 100_000, None).at_most();
        assert!((100_000.0..100_600.0).contains(&many), "{many}");
    }

    #[test]
    fn a_rate_is_judged_beyond_chance() {
        assert_eq!(count(150_000, 0, Some(0.5)).verdict(), Verdict::Open);
        assert_eq!(count(1_000_000, 0, Some(0.5)).verdict(), Verdict::Keeps);
        assert_eq!(count(150_000, 2, Some(0.5)).verdict(), Verdict::Open);
        assert_eq!(count(150_000, 4, Some(0.5)).verdict(), Verdict::Exceeds);
        assert_eq!(count(150_000, 1, Some(0.01)).verdict(), Verdict::Exceeds);
        assert_eq!(count(150_000, 1, Some(0.0)).verdict(), Verdict::Exceeds);
        assert_eq!(count(150_000, 0, Some(0.0)).verdict(), Verdict::Open);
        assert_eq!(count(150_000, 9, None).verdict(), Verdict::Unstated);
        assert_eq!(count(0, 0, Some(0.5)).verdict(), Verdict::Open);
    }
}
