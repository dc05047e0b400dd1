//! What speaks for and against an advertisement in a line, and how much. Points are hundredths of log-odds: whole numbers, so
//! that every machine gets the same sum.

use super::wording::Wording;
use crate::lexicon::{simplified, variants};
use crate::pass::account::Term;
use crate::pass::page::{Line, Page};
use crate::rule::{Regexes, Rule, RuleError, Sieve, Sifted};
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// Which side a kind of evidence is counted on, whatever its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Side {
    For,
    Against,
}

/// One kind of evidence.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Kind {
    /// What it is called.
    kind: String,
    /// Points for text that holds it, once.
    weight: i64,
    /// The side it is counted on; none for what says little alone.
    counts: Option<Side>,
    /// It sells: a record of a list does not.
    #[serde(default)]
    sells: bool,
    /// It says what a line is about, and news are about that too: by itself it tells nothing of an advertisement.
    #[serde(default)]
    subject: bool,
    /// A block holds it when every line does.
    #[serde(default)]
    throughout: bool,
    /// Any of these.
    patterns: Regexes,
}

/// Points for what is told by the length of a line, and by all its evidence together.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Together {
    /// It is longer than 40 characters.
    long: i64,
    /// It holds two kinds for an advertisement.
    two_kinds: i64,
    /// It holds three.
    three_kinds: i64,
    /// It holds a kind against one.
    against: i64,
    /// It holds two.
    two_against: i64,
    /// It sells, and holds nothing against.
    unopposed: i64,
}

/// The part of a rule's parameters that says how text is weighed.
pub(super) struct Weights {
    /// Points before anything is known.
    pub bias: i64,
    pub together: Together,
    /// Points for records: lines near others that hold the same kind, where none of them sells.
    pub records: BTreeMap<String, i64>,
    pub evidence: Vec<Kind>,
    /// Points of characters, and what those of a line must come to for its evidence to be looked for.
    pub wording: Wording,
    pub gate: i64,
}

/// A line of more characters is long.
const LONG: usize = 40;

/// How many lines apart two records of a list are at most.
const REACH: usize = 3;

/// What a line holds, or a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// A bit for each kind of evidence.
    kinds: u64,
    /// A bit for each kind of which it is a record.
    records: u64,
    long: bool,
    /// Points of its characters.
    wording: i64,
}

/// What a look at the characters of a line tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glance {
    wording: i64,
    /// Kinds of evidence that it may hold, and does.
    kinds: Sifted,
}

/// Weighs lines and blocks.
pub(super) struct Scale {
    weights: Weights,
    /// Bits of kinds: those that count for, those against, those that sell, those that only name a subject, those a block must hold
    /// throughout.
    counted: u64,
    against: u64,
    sells: u64,
    subject: u64,
    throughout: u64,
    /// Kinds that make records, with their points.
    records: Vec<(u64, i64)>,
    /// What they come to at most.
    most_of_records: i64,
    /// Which kinds a line may hold.
    sieve: Sieve,
    /// All kinds, those that change a sum most first.
    order: Vec<usize>,
}

impl Scale {
    pub(super) fn new(rule: &Rule, weights: Weights) -> Result<Scale, RuleError> {
        let kinds = &weights.evidence;
        if kinds.len() > 64 {
            return Err(rule.error("[[params.evidence]]", "more than 64 kinds of evidence", "put patterns of one kind together"));
        }
        let bits = |wanted: &dyn Fn(&Kind) -> bool| {
            kinds.iter().enumerate().filter(|(_, kind)| wanted(kind)).fold(0u64, |bits, (bit, _)| bits | 1 << bit)
        };
        let mut records = Vec::new();
        for (name, &points) in &weights.records {
            match bits(&|kind| kind.kind == *name) {
                0 => {
                    let title = format!("no evidence is of the kind `{name}`");
                    return Err(rule.error(name, title, "name a kind that is listed under [[params.evidence]]"));
                }
                bit => records.push((bit, points)),
            }
        }
        let (counted, against) = (bits(&|k| k.counts == Some(Side::For)), bits(&|k| k.counts == Some(Side::Against)));
        let (sells, subject, throughout) = (bits(&|k| k.sells), bits(&|k| k.subject), bits(&|k| k.throughout));
        let sieve = Regexes::sieve(kinds.iter().map(|kind| &kind.patterns), variants());
        let mut order: Vec<usize> = (0..kinds.len()).collect();
        order.sort_by_key(|&bit| std::cmp::Reverse(kinds[bit].weight.abs()));
        let most_of_records = records.iter().map(|record: &(u64, i64)| record.1.max(0)).sum();
        Ok(Scale { counted, against, sells, subject, throughout, records, most_of_records, sieve, order, weights })
    }

    /// A glance at each line; none at lines that are no part of an advertisement whatever they hold.
    pub(super) fn glances(&self, page: &Page<'_>, longest: usize) -> Vec<Option<Glance>> {
        let glance = |line: &Line| {
            let open = !line.markup && !line.opener && line.chars <= longest;
            open.then(|| self.glance(page.text_of(line))).flatten()
        };
        page.lines.iter().map(glance).collect()
    }

    /// What a line comes to at most, and exactly if that is more than nothing; and whether it may be taken in beside a line of an
    /// advertisement. Looks for what changes the sum most first, and no longer than the sum can come to anything; what
    /// it saw, the glance tells from then on.
    pub(super) fn hope(&self, page: &Page<'_>, index: usize, glance: &mut Glance) -> (i64, bool) {
        let Glance { wording, kinds: Sifted { may, does } } = *glance;
        let line = &page.lines[index];
        let long = line.chars > LONG;
        let (mut held, mut open, mut text) = (does, may & !does, None);
        let mut order = self.order.iter();
        let mut sum = self.singly(wording, held, open);
        let most = loop {
            let most = sum + self.jointly(held, open, (long, false));
            let next = if most > 0 { order.find(|&&bit| open >> bit & 1 == 1) } else { None };
            let Some(&bit) = next else { break most };
            let text = text.get_or_insert_with(|| in_simplified(page.text_of(line)));
            let Kind { weight, patterns, .. } = &self.weights.evidence[bit];
            let holds = patterns.is_match_but_for_words(text);
            open &= !(1 << bit);
            held |= u64::from(holds) << bit;
            sum += if holds { (*weight).min(0) } else { -(*weight).max(0) };
        };
        glance.kinds = Sifted { may: held | open, does: held };
        (most, self.is_weak(Facts { kinds: held, long, ..Facts::default() }))
    }

    /// Whether lines may have as many points together, as many kinds of evidence that count for an advertisement, and none against.
    pub(super) fn may_have_together<'t>(
        &self,
        points: i64,
        kinds: u32,
        texts: impl FnOnce() -> Vec<&'t str>,
        glances: &[Option<Glance>],
    ) -> bool {
        let (possible, sure) =
            glances.iter().flatten().fold((0, 0), |all, glance| (all.0 | glance.kinds.may, all.1 | glance.kinds.does));
        sure & self.against == 0
            && (possible & self.counted).count_ones() >= kinds
            && self.singly(self.weights.wording.points(&texts()), 0, possible) + self.jointly(0, possible, (false, true))
                >= points
    }

    /// What text comes to at most that holds some kinds and may hold those that are open, but for what these tell together.
    fn singly(&self, wording: i64, held: u64, open: u64) -> i64 {
        let mut sum = self.weights.bias + wording + self.most_of_records;
        let mut bits = held | open;
        while bits != 0 {
            let bit = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let weight = self.weights.evidence[bit].weight;
            sum += if held >> bit & 1 == 1 { weight } else { weight.max(0) };
        }
        sum
    }

    /// What kinds that it holds, and those that are open, tell together at most of text that is or may be long.
    fn jointly(&self, held: u64, open: u64, long: (bool, bool)) -> i64 {
        let t = &self.weights.together;
        // What holds, what may hold, and what is told by it.
        let count =
            |side: u64, number: u32| ((held & side).count_ones() >= number, ((held | open) & side).count_ones() >= number);
        let sells = (held | open) & self.sells != 0 && held & self.against == 0;
        let terms = [
            (long, t.long),
            (count(self.counted, 2), t.two_kinds),
            (count(self.counted, 3), t.three_kinds),
            (count(self.against, 1), t.against),
            (count(self.against, 2), t.two_against),
            ((false, sells), t.unopposed),
        ];
        let at_most = |((holds, may), points): ((bool, bool), i64)| match (holds, may) {
            (true, _) => points,
            (_, true) => points.max(0),
            _ => 0,
        };
        terms.into_iter().map(at_most).sum()
    }

    /// What each of the `wanted` lines holds, and those near them; none for others, and for lines that are no part of an advertisement
    /// whatever they hold.
    pub(super) fn read(&self, page: &Page<'_>, glances: &[Option<Glance>], wanted: &[Range<usize>]) -> Vec<Option<Facts>> {
        let mut read: Vec<Option<Facts>> = vec![None; page.lines.len()];
        let mut next = 0;
        for lines in wanted {
            for index in next.max(lines.start.saturating_sub(REACH))..page.lines.len().min(lines.end + REACH) {
                let line = &page.lines[index];
                read[index] = glances[index].map(|glance| self.facts(page.text_of(line), line.chars, glance));
                next = index + 1;
            }
        }
        let records = self.records.iter().fold(0, |all, record| all | record.0);
        let quiet = |facts: &Facts| facts.kinds & self.sells == 0;
        for index in 0..read.len() {
            let Some(own) = read[index].filter(quiet) else { continue };
            let (before, after) = (index.saturating_sub(REACH)..index, index + 1..read.len().min(index + 1 + REACH));
            let beside = before.chain(after).filter_map(|other| read[other]).filter(quiet);
            let shared = beside.fold(0, |all, facts| all | facts.kinds) & own.kinds & records;
            read[index] = Some(Facts { records: shared, ..own });
        }
        read
    }

    /// None for what is worded like nothing that is ever an advertisement, as most running text is.
    fn glance(&self, text: &str) -> Option<Glance> {
        let wording = self.weights.wording.points(&[text]);
        if wording < self.weights.gate {
            return None;
        }
        Some(Glance { wording, kinds: self.sieve.sift(text) })
    }

    fn facts(&self, text: &str, chars: usize, Glance { wording, kinds: Sifted { may, does } }: Glance) -> Facts {
        let (mut kinds, mut open) = (does, may & !does);
        let text = if open == 0 { Cow::Borrowed("") } else { in_simplified(text) };
        while open != 0 {
            let bit = open.trailing_zeros();
            open &= open - 1;
            kinds |= u64::from(self.weights.evidence[bit as usize].patterns.is_match_but_for_words(&text)) << bit;
        }
        Facts { kinds, records: 0, long: chars > LONG, wording }
    }

    /// What the lines of a block hold together.
    pub(super) fn together(&self, lines: &[Option<Facts>], texts: &[&str]) -> Facts {
        let lines: Vec<Facts> = lines.iter().copied().flatten().collect();
        let any = lines.iter().fold(0, |bits, facts| bits | facts.kinds);
        let all = lines.iter().fold(u64::MAX, |bits, facts| bits & facts.kinds);
        let recorded = |bit: u64| {
            let count = lines.iter().filter(|facts| facts.records & bit != 0).count();
            count > 0 && count * 5 >= lines.len() * 2
        };
        Facts {
            kinds: any & !self.throughout | all & self.throughout,
            records: self.records.iter().filter(|record| recorded(record.0)).fold(0, |bits, record| bits | record.0),
            long: lines.iter().all(|facts| facts.long),
            wording: self.weights.wording.points(texts),
        }
    }

    /// Kinds that count for an advertisement.
    pub(super) fn counted(&self, facts: Facts) -> u32 {
        (facts.kinds & self.counted).count_ones()
    }

    /// Whether a line says something of an advertisement by itself: more than what it is about.
    pub(super) fn tells(&self, facts: Facts) -> bool {
        facts.kinds & self.counted & !self.subject != 0
    }

    /// Whether anything counts against one.
    pub(super) fn opposed(&self, facts: Facts) -> bool {
        facts.kinds & self.against != 0
    }

    /// Whether it may be taken in beside a line of an advertisement: short, no sentence, nothing against it.
    pub(super) fn is_weak(&self, facts: Facts) -> bool {
        !facts.long && facts.kinds & (self.against | self.throughout) == 0
    }

    /// The sum of all that it holds.
    pub(super) fn points(&self, facts: Facts) -> i64 {
        let kinds = self.weights.evidence.iter().enumerate().filter(|(bit, _)| facts.kinds >> bit & 1 == 1);
        let kinds: i64 = kinds.map(|(_, kind)| kind.weight).sum();
        let records: i64 = self.records.iter().filter(|record| facts.records & record.0 != 0).map(|record| record.1).sum();
        let shown: i64 = self.terms_together(facts).iter().filter(|term| term.0).map(|term| term.1).sum();
        self.weights.bias + facts.wording + kinds + records + shown
    }

    /// What holds of all evidence together, with its points and its name.
    fn terms_together(&self, facts: Facts) -> [(bool, i64, &'static str); 6] {
        let t = &self.weights.together;
        let (counted, against) = (self.counted(facts), (facts.kinds & self.against).count_ones());
        [
            (facts.long, t.long, "long"),
            (counted >= 2, t.two_kinds, "two kinds for"),
            (counted >= 3, t.three_kinds, "three kinds for"),
            (against >= 1, t.against, "a kind against"),
            (against >= 2, t.two_against, "two kinds against"),
            (facts.kinds & self.sells != 0 && against == 0, t.unopposed, "sells, nothing against"),
        ]
    }

    /// Every term of the sum, with the text that gave rise to it.
    pub(super) fn terms(&self, facts: Facts, lines: &[&str]) -> Vec<Term> {
        let mut terms = vec![Term::new(self.weights.bias, "bias", "")];
        terms.push(Term::new(facts.wording, "wording", &self.weights.wording.strongest(lines)));
        for (_, kind) in self.weights.evidence.iter().enumerate().filter(|(bit, _)| facts.kinds >> bit & 1 == 1) {
            let found = lines.iter().find_map(|line| {
                let text = in_simplified(line);
                let span = kind.patterns.find(&text)?;
                let (before, found) = (text[..span.start].chars().count(), span.of(&text).chars().count());
                Some(line.chars().skip(before).take(found).collect::<String>())
            });
            terms.push(Term::new(kind.weight, &kind.kind, &found.unwrap_or_default()));
        }
        for (bit, points) in self.records.iter().filter(|record| facts.records & record.0 != 0) {
            let kind = &self.weights.evidence[bit.trailing_zeros() as usize].kind;
            terms.push(Term::new(*points, &format!("records of {kind}"), ""));
        }
        terms.extend(
            self.terms_together(facts).iter().filter(|term| term.0).map(|&(_, points, name)| Term::new(points, name, "")),
        );
        terms
    }

    /// Names of the kinds that count for an advertisement.
    pub(super) fn names(&self, facts: Facts) -> Vec<&str> {
        let held = facts.kinds & self.counted;
        self.weights.evidence.iter().enumerate().filter(|(bit, _)| held >> bit & 1 == 1).map(|(_, kind)| &*kind.kind).collect()
    }
}

/// `text` with simplified characters for traditional ones, each for one, as the patterns are written.
fn in_simplified(text: &str) -> Cow<'_, str> {
    match text.chars().any(|c| simplified(c) != c) {
        true => text.chars().map(simplified).collect(),
        false => text.into(),
    }
}
