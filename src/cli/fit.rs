//! `fit`: trees that weigh line breaks, made from a user's own material.

use super::Outcome;
use super::error::Failure;
use super::options::Color;
use super::output::for_people;
use clap::Args;
use jiaokan::fit::{Document, Judged, Tally, cross_validate, examples, fit};
use jiaokan::pass::Pipeline;
use jiaokan::rule::Pack;
use jiaokan::tree::Growth;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// Fit the trees that decide which lines are joined
#[derive(Debug, Args)]
pub(super) struct Fit {
    /// Folders of labelled pages (JSON)
    #[arg(long, value_name = "DIR", num_args = 1..)]
    labelled: Vec<PathBuf>,

    /// Folders of texts none of whose lines are to be joined
    #[arg(long, value_name = "DIR", num_args = 1..)]
    kept: Vec<PathBuf>,

    /// Folders of clean text, one paragraph a line, from which pages are made
    #[arg(long, value_name = "DIR", num_args = 1..)]
    text: Vec<PathBuf>,

    /// How many pages are made
    #[arg(long, default_value_t = 900)]
    pages: usize,

    /// Parts for cross-validation
    #[arg(long, default_value_t = 5)]
    folds: usize,

    /// Leave this part out of the fit, and list its documents in DIR/held-out.txt
    #[arg(long, value_name = "PART")]
    hold_out: Option<usize>,

    /// How many trees
    #[arg(long, default_value_t = 300)]
    trees: usize,

    /// Leaves of each tree
    #[arg(long, default_value_t = 8)]
    leaves: usize,

    /// Fit the trees that decide which blanks inside lines are spurious instead
    #[arg(long)]
    despace: bool,

    /// Where the rule and its trees are written
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

impl Fit {
    pub fn color(&self) -> Color {
        Color::Auto
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        if self.despace {
            return super::fit_gaps::run(&super::fit_gaps::Request {
                labelled: &self.labelled,
                kept: &self.kept,
                folds: self.folds,
                hold_out: self.hold_out,
                growth: Growth { trees: self.trees, leaves: self.leaves, ..Growth::default() },
                output: &self.output,
                color: self.color(),
            });
        }
        let mut documents = Vec::new();
        for dir in &self.labelled {
            documents.extend(Document::labelled(dir).unwrap());
        }
        for dir in &self.kept {
            documents.extend(Document::kept(dir).unwrap());
        }
        let joined: Vec<Document> = documents.iter().map(Document::joined).collect();
        let mut texts = Vec::new();
        for dir in &self.text {
            texts.extend(Document::texts(dir).unwrap());
        }
        documents.extend(jiaokan::fit::make_pages(&texts, self.pages, 1));
        documents.extend(joined);
        let pack = Pack::built_in()?;
        let pipeline = Pipeline::with(&pack, |_| false)?;
        let examples = examples(&pipeline, &documents);
        let lost: usize = documents.iter().zip(&examples).map(|(d, e)| {
            let seen: std::collections::HashSet<usize> = e.iter().map(|e| e.at).collect();
            d.breaks.iter().filter(|b| b.label == jiaokan::fit::Label::Join && !seen.contains(&b.at)).inspect(|b| if std::env::var("LOST").is_ok() {
                let t=&d.text; let s=t[..b.at].rfind('\n').map_or(0,|x|x+1); let e=t[b.at..].trim_start(); let e=&e[..e.find('\n').unwrap_or(e.len())];
                eprintln!("{}\t{:?}\t{:?}", d.name, &t[s..b.at], e);
            }).count()
        }).sum();
        println!("joins never considered: {lost}");
        let env = |k: &str, d: f64| std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
        let growth = Growth { trees: self.trees, leaves: self.leaves, rate: env("RATE", 0.1), least_weight: env("LEAST", 3.0), pull: env("PULL", 2.0) };
        let (_, mut out) = for_people(self.color());
        if self.folds > 1 && self.hold_out.is_none() {
            let judged = cross_validate(&documents, &examples, self.folds, &growth);
            let mut errors = String::new();
            for j in judged.iter().filter(|j| (j.score >= 0) != j.join) {
                let d = &documents[j.document];
                let t = &d.text;
                let line = t[..j.at].matches('\n').count() + 1;
                let start = t[..j.at].rfind('\n').map_or(0, |x| x + 1);
                let rest = &t[j.at..];
                let next = rest.trim_start();
                let blanks = rest[..rest.len() - next.len()].matches('\n').count();
                errors.push_str(&format!("{}\t{}:{}\t{}\t{:.2}\t{}\t{}{}\n", d.kind, d.name, line, if j.join { "missed" } else { "wrong" }, jiaokan::tree::probability(j.score), &t[start..j.at], "⏎".repeat(blanks), next.lines().next().unwrap_or("")));
            }
            std::fs::create_dir_all(&self.output)?;
            std::fs::write(self.output.join("errors.txt"), errors)?;
            let mut kinds: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
            for one in &judged {
                kinds.entry(&documents[one.document].kind).or_default().push(one);
                kinds.entry("all").or_default().push(one);
                let set = match &*documents[one.document].kind { "pdf-columns" => "all news", "hardwrap" | "man" | "pdf" | "txt" => "all docs", _ => "all made" };
                kinds.entry(set).or_default().push(one);
            }
            for (kind, judged) in kinds {
                let tally = Tally::of(judged, 0.5);
                writeln!(
                    out,
                    "{kind:24} {:6} breaks  boundary {:.3}  join {:.3}  wrong joins {}  missed {}",
                    tally.count(),
                    tally.boundary_f1(),
                    tally.join_f1(),
                    tally.joined_wrongly,
                    tally.kept_wrongly
                )?;
            }
        }
        let held = |index: usize| self.hold_out.is_some_and(|part| documents[index].fold(self.folds) + 1 == part);
        let trees = fit(&examples, |index| !held(index), &growth, vec![]);
        std::fs::create_dir_all(self.output.join("wrap"))?;
        std::fs::create_dir_all(self.output.join("column"))?;
        std::fs::write(self.output.join("wrap/joins.trees"), trees.to_string())?;
        for rule in pack.rules().iter().filter(|rule| ["wrap/lines", "wrap/column-break", "column/join"].contains(&&*rule.id)) {
            std::fs::write(self.output.join(format!("{}.toml", rule.id)), &*rule.source)?;
        }
        if self.hold_out.is_some() {
            let mut names: Vec<&str> = (0..documents.len()).filter(|&i| held(i)).map(|i| &*documents[i].name).collect();
            names.dedup();
            std::fs::write(self.output.join("held-out.txt"), names.join("\n"))?;
        }
        out.flush()?;
        Ok(Outcome::Good)
    }
}
