//! Whether the order of two rules matters.
//!
//! Rules of one pass look at the same text at once, and where they want the same place one merge decides between them. Where one
//! rule makes or spoils the work of another, the outcome hangs on that decision, and on how many rounds there are: an author should
//! know.

use super::Pipeline;
use crate::edit::{Applicability, RuleId};
use crate::rule::{Pack, Rule, RuleError};
use crate::text::Source;
use rayon::prelude::*;
use std::collections::HashMap;

/// Two rules of one pass, and a text on which their order matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The two rules; the first is the lesser id.
    pub rules: [RuleId; 2],
    /// The rule whose case it is, and the case's name.
    pub case: (RuleId, String),
    /// The case's text, without marks.
    pub text: String,
    /// What becomes of it when the first rule runs before the second, and the other way round.
    pub becomes: [String; 2],
}

/// How many pairs were tried, and where their order matters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Pairs of rules of one pass of which one rule at least is wanted.
    pub tried: usize,
    /// By rules, then in the order of cases.
    pub disagreements: Vec<Disagreement>,
}

/// Runs every pair of enabled rules of one pass, one of them picked by `wanted`, in both orders on all cases of all enabled rules,
/// with proposals applied.
///
/// # Errors
/// When a rule cannot be made to run.
pub fn run_pairs(pack: &Pack, wanted: impl Fn(&Rule) -> bool + Sync) -> Result<Pairs, RuleError> {
    let rules: Vec<&Rule> = pack.rules().iter().filter(|rule| rule.enabled).collect();
    let alone: Result<Vec<Pipeline>, RuleError> =
        rules.par_iter().map(|rule| Pipeline::with(pack, |other| other.id == rule.id)).collect();
    let alone = alone?;
    let mut pairs = Vec::new();
    for first in 0..rules.len() {
        for second in first + 1..rules.len() {
            if rules[first].pass() == rules[second].pass() && (wanted(rules[first]) || wanted(rules[second])) {
                pairs.push((first, second));
            }
        }
    }
    let cases: Vec<_> = rules.iter().flat_map(|&rule| rule.cases.iter().map(move |case| (rule, case))).collect();
    let mut disagreements: Vec<(usize, usize, Disagreement)> = cases
        .par_iter()
        .enumerate()
        .flat_map_iter(|(number, (owner, case))| {
            let mut outcomes = Outcomes { alone: &alone, known: HashMap::new() };
            let mut found = Vec::new();
            for (place, &(first, second)) in pairs.iter().enumerate() {
                let [forth, back] = [[first, second], [second, first]].map(|order| outcomes.after(&case.text, &order));
                if forth != back {
                    let rules = [rules[first].id.clone(), rules[second].id.clone()];
                    let case_of = (owner.id.clone(), case.name.clone());
                    found.push((
                        place,
                        number,
                        Disagreement { rules, case: case_of, text: case.text.clone(), becomes: [forth, back] },
                    ));
                }
            }
            found
        })
        .collect();
    disagreements.sort_by_key(|(place, number, _)| (*place, *number));
    Ok(Pairs { tried: pairs.len(), disagreements: disagreements.into_iter().map(|(.., found)| found).collect() })
}

/// What rules, each alone, make of texts; nothing is worked out twice.
struct Outcomes<'a> {
    alone: &'a [Pipeline],
    known: HashMap<(usize, String), String>,
}

impl Outcomes<'_> {
    /// What becomes of `text` when the rules run one after the other.
    fn after(&mut self, text: &str, order: &[usize]) -> String {
        order.iter().fold(text.to_owned(), |text, &rule| self.of(rule, text))
    }

    fn of(&mut self, rule: usize, text: String) -> String {
        let run =
            |text: &str| self.alone[rule].revise(Source::from_text("case", text), Applicability::Review).cleaned().to_owned();
        self.known.entry((rule, text)).or_insert_with_key(|(_, text)| run(text)).clone()
    }
}
