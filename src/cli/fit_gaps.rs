//! `fit --despace`: trees that weigh blanks inside lines, made from a user's own material.

use super::Outcome;
use super::error::Failure;
use super::fit::write;
use super::options::Color;
use super::output::for_people;
use jiaokan::fit::{Judged, Parted, Tally, cross_validate, fit, gap_examples};
use jiaokan::pass::{Gap, Pipeline};
use jiaokan::rule::Pack;
use jiaokan::tree::{Growth, probability};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The rule whose trees are made.
const RULE: &str = "despace/gap";

/// What is asked for: see the options of `fit`.
pub(super) struct Request<'r> {
    pub labelled: &'r [PathBuf],
    pub kept: &'r [PathBuf],
    pub folds: usize,
    pub hold_out: Option<usize>,
    pub errors: Option<&'r Path>,
    pub growth: Growth,
    pub output: &'r Path,
    pub color: Color,
}

pub(super) fn run(request: &Request<'_>) -> Result<Outcome, Failure> {
    let mut documents = Vec::new();
    for dir in request.labelled {
        documents.extend(Parted::labelled(dir)?);
    }
    let joined: Vec<Parted> = documents.iter().flat_map(|parted| [parted.joined(false), parted.joined(true)]).collect();
    for dir in request.kept {
        documents.extend(Parted::kept(dir)?);
    }
    let excerpts: Vec<Parted> = documents.iter().flat_map(Parted::excerpts).collect();
    documents.extend(joined);
    documents.extend(excerpts);
    let pack = Pack::built_in()?;
    let pipeline = Pipeline::with(&pack, |_| false)?;
    let examples = gap_examples(&pipeline, &documents);
    let folder = request.output.join("despace");
    let (_, mut out) = for_people(request.color);
    if request.folds > 1 && request.hold_out.is_none() {
        let judged = cross_validate(
            &Gap::FEATURES,
            &examples,
            request.folds,
            |index| documents[index].document.fold(request.folds),
            &request.growth,
        );
        for (kind, judged) in by_kind(&documents, &judged) {
            let line = |least: f32| {
                let tally = Tally::of(judged.iter().copied(), least);
                let share = |part: usize, other: usize| part as f64 / (part + other).max(1) as f64;
                format!(
                    "at {least}: precision {:.3} recall {:.3} kept {:.3}",
                    share(tally.joined, tally.joined_wrongly),
                    share(tally.joined, tally.kept_wrongly),
                    share(tally.kept, tally.joined_wrongly)
                )
            };
            let spurious = judged.iter().filter(|j| j.join).count();
            writeln!(out, "{kind:32} {spurious:6} of {:6}  {}   {}", judged.len(), line(0.5), line(0.9))?;
        }
        if let Some(path) = request.errors {
            write(path, errors(&documents, &judged).as_bytes())?;
        }
    }
    let held = |index: usize| request.hold_out.is_some_and(|part| documents[index].document.fold(request.folds) + 1 == part);
    let trees = fit(&Gap::FEATURES, &examples, |index| !held(index), &request.growth, Vec::new());
    write(&folder.join("gaps.trees"), trees.to_string().as_bytes())?;
    for rule in pack.rules().iter().filter(|rule| *rule.id == *RULE) {
        write(&request.output.join(format!("{RULE}.toml")), rule.source.as_bytes())?;
    }
    if request.hold_out.is_some() {
        let mut names: Vec<&str> = (0..documents.len()).filter(|&i| held(i)).map(|i| &*documents[i].document.name).collect();
        names.sort_unstable();
        names.dedup();
        write(&request.output.join("held-out.txt"), names.join("\n").as_bytes())?;
    }
    out.flush()?;
    Ok(Outcome::Good)
}

fn by_kind<'d>(documents: &'d [Parted], judged: &'d [Judged]) -> BTreeMap<&'d str, Vec<&'d Judged>> {
    let mut kinds: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for one in judged {
        kinds.entry(&documents[one.document].document.kind).or_default().push(one);
    }
    kinds
}

/// What was judged wrongly, a gap a line: document, what was done, how sure, and the line with a mark at the gap.
fn errors(documents: &[Parted], judged: &[Judged]) -> String {
    let mut listed = String::new();
    for one in judged.iter().filter(|j| (j.score >= 0) != j.join) {
        let document = &documents[one.document].document;
        let (before, after) = document.text.split_at(one.at);
        let before: String = before.rsplit('\n').next().unwrap_or("").chars().rev().take(60).collect();
        let before: String = before.chars().rev().collect();
        let after: String = after.split('\n').next().unwrap_or("").chars().take(60).collect();
        let what = if one.join { "left" } else { "removed" };
        let sure = probability(one.score);
        let _ = writeln!(listed, "{}\t{}\t{what}\t{sure:.2}\t{before}◆{after}", document.kind, document.name);
    }
    listed
}
