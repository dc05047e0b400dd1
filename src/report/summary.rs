//! A summary in Markdown, for a pull request or the page of a workflow: what was found by rule, and the findings that matter most.

use super::escape::{markdown, visible};
use super::highlights::Highlights;
use super::human::Total;
use super::severity_name;
use crate::edit::RuleId;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Findings that are listed.
const MOST: usize = 30;

/// Characters of a path that are shown: a comment has no room for more than 65 536 in all.
const PATH: usize = 120;

/// The summary of `total` documents.
///
/// # Errors
/// Those of `out`.
pub fn write(total: &Total, highlights: &Highlights, out: &mut dyn Write) -> io::Result<()> {
    let documents = super::counted(total.documents, "document");
    writeln!(out, "### jiaokan\n")?;
    if total.tally.is_empty() {
        return writeln!(out, "{documents}: nothing found");
    }
    writeln!(out, "{documents}, {} with findings: {}\n", total.with_findings, total.tally.in_words())?;
    writeln!(out, "| rule | edits | proposed | flagged |\n|---|--:|--:|--:|")?;
    let mut rules: BTreeMap<&RuleId, [usize; 3]> = BTreeMap::new();
    for (index, counts) in [&total.tally.applied, &total.tally.proposed, &total.tally.flagged].into_iter().enumerate() {
        for (rule, count) in counts {
            rules.entry(rule).or_default()[index] = *count;
        }
    }
    let mut rules: Vec<_> = rules.into_iter().collect();
    rules.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().sum::<usize>()));
    for (rule, counts) in rules {
        let [edits, proposed, flagged] = counts.map(|count| if count == 0 { String::new() } else { count.to_string() });
        writeln!(out, "| {} | {edits} | {proposed} | {flagged} |", markdown(rule))?;
    }
    writeln!(out, "\n| place | severity | rule | finding |\n|---|---|---|---|")?;
    let shown: Vec<_> = highlights.groups().flat_map(|(_, _, shown)| shown).take(MOST).collect();
    for highlight in &shown {
        let place = format!("{}:{}:{}", ending(&highlight.path), highlight.start.0, highlight.start.1);
        let (severity, rule) = (severity_name(highlight.severity), markdown(&highlight.rule));
        writeln!(out, "| {} | {severity} | {rule} | {} |", markdown(&place), markdown(&highlight.sentence))?;
    }
    let more = highlights.count() - shown.len();
    if more > 0 {
        writeln!(out, "\nand {more} more")?;
    }
    Ok(())
}

/// The end of a long path, which says more than its beginning.
fn ending(path: &str) -> String {
    let path = visible(path);
    match path.char_indices().rev().nth(PATH - 1) {
        Some((at, _)) if at > 0 => format!("…{}", &path[at..]),
        _ => path,
    }
}
