//! Fitting: how the trees that weigh line breaks are made from labelled pages, from clean text, and from texts in two states.

mod document;
mod gaps;
mod measure;
mod misreads;
mod pairs;
mod ranking;
mod wraps;

pub use document::{Document, FitError, Label, Labelled};
pub use gaps::{LabelledGap, Parted, gap_examples};
pub use measure::{Decided, Judged, Tally, decided};
pub use misreads::{Proofread, misread_examples};
pub use pairs::from_pair;
pub use ranking::Ranking;
pub use wraps::make_pages;

use crate::pass::Pipeline;
use crate::rule::{Pack, Rule};
use crate::tree::{Forest, Growth, Sample, grow};
use rayon::prelude::*;

/// The data file that fitting makes, within a folder of rules.
pub const TREES: &str = "wrap/joins.trees";

/// The rules of `pack` that use it: beside new trees they take the place of the built-in ones.
pub fn rules_with_trees(pack: &Pack) -> impl Iterator<Item = &Rule> {
    let line = format!("\"{TREES}\"");
    pack.rules().iter().filter(move |rule| rule.source.contains(&line))
}

/// One break or gap of a document: where it stands, in bytes, and what trees learn from.
#[derive(Debug, Clone)]
pub struct Example {
    /// Offset of the white space in the document.
    pub at: usize,
    /// Its features, and whether it is to go: the break is a join, the gap spurious.
    pub sample: Sample,
}

/// The breaks of each document.
pub fn examples(pipeline: &Pipeline, documents: &[Document]) -> Vec<Vec<Example>> {
    documents.par_iter().map(|document| examples_of(pipeline, document)).collect()
}

fn examples_of(pipeline: &Pipeline, document: &Document) -> Vec<Example> {
    let mut found = Vec::new();
    let mut breaks = document.breaks.iter().peekable();
    for seam in pipeline.seams(&document.text) {
        while breaks.next_if(|b| b.at < seam.span.start).is_some() {}
        let Some(label) = breaks.peek().filter(|b| b.at == seam.span.start).map(|b| b.label) else { continue };
        if label != Label::Ignore {
            let sample = Sample { values: seam.values, label: label == Label::Join, weight: document.weight };
            found.push(Example { at: seam.span.start, sample });
        }
    }
    found
}

/// Grows trees that weigh `features` on all examples of the documents for which `wanted` holds.
pub fn fit(
    features: &[&str],
    examples: &[Vec<Example>],
    wanted: impl Fn(usize) -> bool,
    growth: &Growth,
    remarks: Vec<String>,
) -> Forest {
    let picked = examples.iter().enumerate().filter(|(index, _)| wanted(*index));
    let samples: Vec<&Sample> = picked.flat_map(|(_, list)| list.iter().map(|e| &e.sample)).collect();
    grow(features, &samples, growth, remarks)
}

/// Fits as many times as there are folds, each time on the documents of the other folds, and judges every example by trees that
/// have not seen its document. `fold_of` tells the fold of a document by its index.
pub fn cross_validate(
    features: &[&str],
    examples: &[Vec<Example>],
    folds: usize,
    fold_of: impl Fn(usize) -> usize,
    growth: &Growth,
) -> Vec<Judged> {
    let mut judged = Vec::new();
    for fold in 0..folds {
        let trees = fit(features, examples, |index| fold_of(index) != fold, growth, Vec::new());
        for (index, list) in examples.iter().enumerate().filter(|(index, _)| fold_of(*index) == fold) {
            judged.extend(list.iter().map(|example| Judged {
                document: index,
                at: example.at,
                score: trees.score(&example.sample.values),
                join: example.sample.label,
            }));
        }
    }
    judged.sort_by_key(|j| (j.document, j.at));
    judged
}
