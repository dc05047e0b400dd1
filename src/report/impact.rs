//! What other rules do differently with a corpus, for reviewers of a change of rules.

use super::edits::Ruler;
use super::escape::visible;
use super::paint::Paint;
use super::{columns, counted};
use crate::edit::{Revision, RuleId};
use crate::eval::{Sort, compare};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What is different in the findings of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleImpact {
    /// Findings that only the new rules make.
    pub appear: usize,
    /// Findings that only the old rules make.
    pub vanish: usize,
    /// Findings with another extent, edit or state.
    pub change: usize,
    /// The first of them, in the order of the documents.
    pub examples: Vec<Example>,
}

/// A finding that is not the same with both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// How it differs.
    pub sort: Sort,
    /// The document.
    pub document: String,
    /// `line:column`.
    pub place: String,
    /// The finding of the old rules, with its context.
    pub old: Option<String>,
    /// The finding of the new rules, with its context.
    pub new: Option<String>,
}

/// What two sets of rules do differently.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Impact {
    /// Documents read.
    pub documents: usize,
    /// Documents with a difference.
    pub different: usize,
    /// Documents of which something else becomes.
    pub cleaned_otherwise: usize,
    /// By rule.
    pub rules: BTreeMap<RuleId, RuleImpact>,
}

impl Impact {
    /// Compares what both sets of rules made of a document, keeping `examples` of each sort for each rule.
    pub fn of(document: &str, old: &Revision, new: &Revision, examples: usize) -> Impact {
        let mut impact =
            Impact { documents: 1, cleaned_otherwise: usize::from(old.cleaned() != new.cleaned()), ..Impact::default() };
        let (before, after) = (Ruler::new(old), Ruler::new(new));
        for difference in compare(old, new) {
            let rule = impact.rules.entry(difference.rule).or_default();
            let count = match difference.sort {
                Sort::Appears => &mut rule.appear,
                Sort::Vanishes => &mut rule.vanish,
                Sort::Changes => &mut rule.change,
            };
            *count += 1;
            if *count <= examples {
                let [x, y] = [difference.old.map(|at| &old.findings[at]), difference.new.map(|at| &new.findings[at])];
                let place = y.map(|finding| after.place(finding)).or_else(|| x.map(|finding| before.place(finding)));
                rule.examples.push(Example {
                    sort: difference.sort,
                    document: document.to_owned(),
                    place: place.unwrap_or_default(),
                    old: x.map(|finding| before.change(finding)),
                    new: y.map(|finding| after.change(finding)),
                });
            }
        }
        impact.different = usize::from(!impact.rules.is_empty());
        impact
    }

    /// Adds that of other documents, which come behind.
    pub fn add(&mut self, other: Impact, examples: usize) {
        self.documents += other.documents;
        self.different += other.different;
        self.cleaned_otherwise += other.cleaned_otherwise;
        for (id, more) in other.rules {
            let rule = self.rules.entry(id).or_default();
            rule.appear += more.appear;
            rule.vanish += more.vanish;
            rule.change += more.change;
            for example in more.examples {
                if rule.examples.iter().filter(|known| known.sort == example.sort).count() < examples {
                    rule.examples.push(example);
                }
            }
        }
    }

    fn rows(&self) -> Vec<[String; 4]> {
        let row = |(id, rule): (&RuleId, &RuleImpact)| {
            [id.to_string(), rule.appear.to_string(), rule.vanish.to_string(), rule.change.to_string()]
        };
        self.rules.iter().map(row).collect()
    }

    fn summary(&self) -> String {
        format!(
            "{} read, {} with other findings, {} cleaned otherwise",
            counted(self.documents, "document"),
            self.different,
            self.cleaned_otherwise
        )
    }
}

impl Example {
    /// The signs of a diff stand before what vanishes and what appears.
    fn lines(&self) -> Vec<(char, &str)> {
        let old = self.old.iter().map(|text| ('-', text.as_str()));
        old.chain(self.new.iter().map(|text| ('+', text.as_str()))).collect()
    }
}

const HEAD: [&str; 4] = ["rule", "appear", "vanish", "change"];

/// A table of the rules, and their examples.
///
/// # Errors
/// Those of `out`.
pub fn table(impact: &Impact, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    if !impact.rules.is_empty() {
        columns::write(HEAD, &impact.rows(), 1..4, paint, out)?;
        writeln!(out)?;
    }
    for (id, rule) in &impact.rules {
        writeln!(out, "{}", paint.rule(id))?;
        for example in &rule.examples {
            writeln!(out, "  {}:{}", visible(&example.document), example.place)?;
            for (sign, text) in example.lines() {
                let line = format!("{sign} {}", visible(text));
                let painted = if sign == '-' { paint.removed(line).to_string() } else { paint.added(line).to_string() };
                writeln!(out, "    {painted}")?;
            }
        }
    }
    writeln!(out, "{}", paint.bold(impact.summary()))
}

/// The same as Markdown, for the description of a change.
///
/// # Errors
/// Those of `out`.
pub fn markdown(impact: &Impact, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### What the rules do differently\n\n{}.\n", impact.summary())?;
    if impact.rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "| {} |\n|---|---:|---:|---:|", HEAD.join(" | "))?;
    for [rule, counts @ ..] in impact.rows() {
        writeln!(out, "| `{rule}` | {} |", counts.join(" | "))?;
    }
    for (id, rule) in &impact.rules {
        writeln!(out, "\n<details><summary><code>{id}</code></summary>\n")?;
        // A fence longer than any in the text.
        let longest = |text: &str| text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let texts = rule.examples.iter().flat_map(Example::lines).map(|(_, text)| text);
        let names = rule.examples.iter().map(|example| example.document.as_str());
        let fence = "`".repeat(texts.chain(names).map(longest).max().unwrap_or(0).max(2) + 1);
        writeln!(out, "{fence}diff")?;
        for example in &rule.examples {
            writeln!(out, "@@ {}:{}", visible(&example.document), example.place)?;
            example.lines().iter().try_for_each(|(sign, text)| writeln!(out, "{sign}{}", visible(text)))?;
        }
        writeln!(out, "{fence}\n\n</details>")?;
    }
    Ok(())
}

/// The same as one JSON object.
///
/// # Errors
/// Those of `out`.
pub fn json(impact: &Impact, out: &mut dyn Write) -> io::Result<()> {
    let example = |example: &Example| {
        let sort = match example.sort {
            Sort::Appears => "appears",
            Sort::Vanishes => "vanishes",
            Sort::Changes => "changes",
        };
        json!({ "difference": sort, "document": example.document, "place": example.place, "old": example.old, "new": example.new })
    };
    let rules: serde_json::Map<String, serde_json::Value> = impact
        .rules
        .iter()
        .map(|(id, rule)| {
            let examples: Vec<_> = rule.examples.iter().map(example).collect();
            let counts = json!({ "appear": rule.appear, "vanish": rule.vanish, "change": rule.change, "examples": examples });
            (id.to_string(), counts)
        })
        .collect();
    let report = json!({
        "documents": impact.documents, "different": impact.different, "cleaned_otherwise": impact.cleaned_otherwise, "rules": rules,
    });
    super::escape::pretty_json(&report, out)?;
    writeln!(out)
}
