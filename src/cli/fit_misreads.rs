//! `fit --misreads`: trees that tell misread characters, made from a user's own material.

use super::Outcome;
use super::error::Failure;
use super::fit::write;
use super::options::Color;
use super::output::for_people;
use jiaokan::fit::{Document, Proofread, Ranking, cross_validate, fit, misread_examples};
use jiaokan::pass::{Misread, Pipeline};
use jiaokan::report;
use jiaokan::rule::Pack;
use jiaokan::tree::Growth;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The rule whose trees are made.
const RULE: &str = "garble/misread";

/// What is asked for: see the options of `fit`.
pub(super) struct Request<'r> {
    pub labelled: &'r [PathBuf],
    pub text: &'r [PathBuf],
    pub kept: &'r [PathBuf],
    pub pages: usize,
    pub folds: usize,
    pub errors: Option<&'r Path>,
    pub growth: Growth,
    pub output: &'r Path,
    pub color: Color,
}

pub(super) fn run(request: &Request<'_>) -> Result<Outcome, Failure> {
    let pack = Pack::built_in()?;
    let pipeline = Pipeline::with(&pack, |rule| rule.enabled && rule.pass() != "garble")?;
    let mut pages = Vec::new();
    for dir in request.labelled {
        pages.extend(Proofread::labelled(dir, &pipeline)?);
    }
    for dir in request.kept {
        pages.extend(Proofread::kept(dir)?);
    }
    let mut texts = Vec::new();
    for dir in request.text {
        texts.extend(Document::texts(dir)?);
    }
    if let Some(confusions) = pipeline.confusions() {
        pages.extend(Proofread::made(&texts, request.pages, confusions));
    }
    let examples = misread_examples(&pipeline, &pages);
    let (paint, mut out) = for_people(request.color);
    if request.folds > 1 {
        let judged = cross_validate(
            &Misread::FEATURES,
            &examples,
            request.folds,
            |index| pages[index].fold(request.folds),
            &request.growth,
        );
        let rankings: Vec<(&str, Ranking)> =
            by_kind(&pages).into_iter().map(|(kind, pages)| (kind, Ranking::of(&pages, &judged))).collect();
        report::fit::rankings(&rankings, paint, &mut out)?;
        if let Some(path) = request.errors {
            let mut list = Vec::new();
            report::fit::misreads(&pages, &judged, &mut list)?;
            write(path, &list)?;
        }
    }
    let trees = fit(&Misread::FEATURES, &examples, |_| true, &request.growth, Vec::new());
    write(&request.output.join("garble/misreads.trees"), trees.to_string().as_bytes())?;
    for rule in pack.rules().iter().filter(|rule| *rule.id == *RULE) {
        write(&request.output.join(format!("{RULE}.toml")), rule.source.as_bytes())?;
    }
    out.flush()?;
    Ok(Outcome::Good)
}

fn by_kind(pages: &[Proofread]) -> BTreeMap<&str, Vec<(usize, &Proofread)>> {
    let mut kinds: BTreeMap<&str, Vec<(usize, &Proofread)>> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        kinds.entry(&page.kind).or_default().push((index, page));
    }
    kinds
}
