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

    /// How many trees
    #[arg(long, default_value_t = 300)]
    trees: usize,

    /// Leaves of each tree
    #[arg(long, default_value_t = 8)]
    leaves: usize,

    /// Where the rule and its trees are written
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

impl Fit {
    pub fn color(&self) -> Color {
        Color::Auto
    }

    pub fn run(self) -> Result<Outcome, Failure> {
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
        let growth = Growth { trees: self.trees, leaves: self.leaves, ..Growth::default() };
        let (_, mut out) = for_people(self.color());
        if self.folds > 1 {
            let judged = cross_validate(&documents, &examples, self.folds, &growth);
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
        let trees = fit(&examples, |_| true, &growth, vec![]);
        std::fs::create_dir_all(self.output.join("wrap"))?;
        std::fs::write(self.output.join("wrap/joins.trees"), trees.to_string())?;
        out.flush()?;
        Ok(Outcome::Good)
    }
}
