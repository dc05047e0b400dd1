//! What rules allow themselves on clean text: every built-in rule states a rate, and together they keep to what a reader can bear.

use jiaokan::edit::Applicability;
use jiaokan::rule::{Pack, Rule};

/// Findings in 100 000 characters of clean text, of rules that edit on their own, and of all others.
const EDITING: f64 = 0.5;
const OTHERS: f64 = 3.0;

#[test]
fn every_built_in_rule_states_a_rate_and_together_they_are_few() {
    let pack = Pack::built_in().unwrap_or_else(|error| panic!("{error}"));
    let silent: Vec<&str> = pack.rules().iter().filter(|rule| rule.false_alarms.is_none()).map(|rule| &*rule.id).collect();
    assert!(silent.is_empty(), "no false_alarms in {}", silent.join(", "));
    let sum =
        |wanted: &dyn Fn(&&Rule) -> bool| pack.rules().iter().filter(wanted).filter_map(|rule| rule.false_alarms).sum::<f64>();
    let editing = sum(&|rule| rule.applicability == Applicability::Auto);
    let others = sum(&|rule| rule.applicability != Applicability::Auto);
    assert!(editing < EDITING + 1e-9, "rules that edit on their own allow themselves {editing:.2} false alarms");
    assert!(others < OTHERS + 1e-9, "all other rules allow themselves {others:.2} false alarms");
}
