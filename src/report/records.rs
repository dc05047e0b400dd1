//! The figures of a run over records, for people.

use super::counted;
use super::paint::Paint;
use crate::records::Summary;
use std::io::{self, Write};

/// What was done in `seconds`; `silent` rules found nothing.
///
/// # Errors
/// Those of `out`.
pub fn write(summary: &Summary, silent: usize, seconds: f64, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let Summary { records, without_text, changed, characters, removed, added, .. } = summary;
    let rate = *characters as f64 / seconds.max(0.001) / 1e6;
    writeln!(
        out,
        "{records} records, {changed} changed, {without_text} without text; {characters} characters, {removed} taken out, {added} put in"
    )?;
    let mut rules: Vec<_> = summary.rules.iter().collect();
    rules.sort_by_key(|(_, found)| std::cmp::Reverse(found.applied + found.proposed + found.flagged));
    for (rule, found) in rules {
        let parts = [(found.applied, "edits"), (found.proposed, "proposed"), (found.flagged, "flagged")];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        writeln!(out, "  {}  {}", paint.rule(rule), parts.join(", "))?;
    }
    writeln!(out, "{} found nothing; {seconds:.1} s, {rate:.2} million characters a second", counted(silent, "rule"))
}
