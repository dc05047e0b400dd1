//! Which doubts a person is told of.

use super::doubts::{Doubter, Params};
use super::places::Place;
use crate::edit::{Applicability, Finding};
use crate::lexicon::model::BIT;
use crate::pass::Detector;
use crate::pass::page::Page;
use crate::rule::{Rule, RuleError};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::sync::Arc;

/// Characters that were likely misread. On a good page these are the sure ones; on a bad one there are more, but none next to
/// another, and none where the text falls apart.
pub(in crate::pass) struct Misreads {
    rule: Arc<Rule>,
    params: Params,
    doubter: Arc<Doubter>,
}

impl Misreads {
    pub(in crate::pass) fn new(rule: Arc<Rule>, doubter: Arc<Doubter>) -> Result<Self, RuleError> {
        Ok(Misreads { params: rule.params()?, doubter, rule })
    }

    fn finding(&self, place: &Place, probability: f32, sure: bool) -> Finding {
        let limit = if sure { Applicability::Review } else { Applicability::Flag };
        let mut finding = match place.choice.filter(|_| place.table_gain() > 0) {
            Some(choice) => {
                let message = format!("`{}` may be a misread `{choice}`", place.c);
                let mut finding = self.rule.replace(place.span(), choice.to_string(), limit, message);
                finding.choices = vec![choice.to_string()];
                finding
            }
            None => self.rule.flag(place.span(), format!("`{}` may be misread", place.c)),
        };
        finding.confidence = probability;
        place.reasons().into_iter().for_each(|reason| finding.evidence.push(reason));
        finding
    }
}

impl Place {
    /// What speaks for another character, in words.
    fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        let around = |c: char| format!("{}{c}{}", shown(self.before()), shown(self.after()));
        if let Some(choice) = self.choice {
            if self.table_gain() >= BIT {
                let times = self.table_gain() / BIT;
                reasons.push(format!("`{}` is 2^{times} times as likely as `{}`", around(choice), around(self.c)));
            }
            if self.choice_word.0 > self.word.0 {
                reasons.push(format!("with `{choice}` it is part of a word of {} characters", self.choice_word.0));
            }
            if self.counts[5] > 0 {
                reasons.push(format!("`{}` stands elsewhere in the document", around(choice)));
            }
        }
        reasons
    }
}

fn shown(c: char) -> String {
    if c.is_control() { String::new() } else { c.to_string() }
}

impl Detector for Misreads {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let doubts = page.doubts(&self.doubter);
        let [anywhere, here] = self.params.sure;
        let is_sure = |index: usize| doubts.probabilities[index] >= anywhere && doubts.here[index] >= here;
        let places = &doubts.places.list;
        let proofs = (0..places.len()).filter(|&index| is_sure(index)).count();
        let is_bad = proofs >= self.params.proofs
            && proofs * self.params.proved >= doubts.letters.han
            && f64::from(doubts.expected()) >= self.params.bad * doubts.letters.han as f64;
        let is_told = |index: usize| is_sure(index) || is_bad && doubts.here[index] >= self.params.likely;
        // A character that is spoken of goes with nothing around it: 没有一个罚字.
        let is_named = |index: usize| places[index].after() == '字';
        let clear = |index: &usize| is_told(*index) && !is_named(*index) && !doubts.in_region(places[*index].seq);
        let likely: Vec<usize> = (0..places.len()).filter(clear).collect();
        // The likeliest of two next to each other stands for both.
        let beaten = |at: usize| {
            let rank = |at: usize| (doubts.here[likely[at]], std::cmp::Reverse(at));
            let rivals = [at.wrapping_sub(1), at + 1].into_iter().filter(|&rival| rival < likely.len());
            let near = |rival: &usize| places[likely[*rival]].seq.abs_diff(places[likely[at]].seq) <= self.params.apart;
            rivals.filter(near).any(|rival| rank(rival) > rank(at))
        };
        let told = (0..likely.len()).filter(|&at| !beaten(at)).map(|at| likely[at]);
        told.map(|index| self.finding(&places[index], doubts.here[index], is_sure(index))).collect()
    }
}
