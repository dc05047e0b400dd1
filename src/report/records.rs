//! The figures of a run over records, for people.

use super::counted;
use super::paint::Paint;
use crate::records::Summary;
use crate::rule::Pack;
use std::io::{self, Write};

/// Characters from which on it is odd when a whole pass finds nothing.
const MANY: u64 = 1_000_000;

/// So many records could not be read, and what the sentence goes on with.
pub fn unread(count: u64) -> String {
    format!("{} could not be read and {}", counted(count as usize, "record"), if count == 1 { "was" } else { "were" })
}

/// What was done in `seconds` with the rules of `pack`.
///
/// # Errors
/// Those of `out`.
pub fn write(summary: &Summary, pack: &Pack, seconds: f64, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let Summary { records, without_text, changed, characters, removed, added, .. } = summary;
    let (records, characters) = (counted(*records as usize, "record"), counted(*characters as usize, "character"));
    writeln!(
        out,
        "{records}, {changed} changed, {without_text} without text; {characters}, {removed} taken out, {added} put in"
    )?;
    if summary.in_sections > 0 {
        let (warning, texts) = (paint.removed("warning:"), counted(summary.in_sections as usize, "text"));
        writeln!(out, "{warning} {texts} of more than 8 MB cleaned in sections: no rule saw the whole of it")?;
    }
    let mut rules: Vec<_> = summary.rules.iter().collect();
    rules.sort_by_key(|(_, found)| std::cmp::Reverse(found.applied + found.proposed + found.flagged));
    for (rule, found) in rules {
        let edits = if found.applied == 1 { "edit" } else { "edits" };
        let parts = [(found.applied, edits), (found.proposed, "proposed"), (found.flagged, "flagged")];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        writeln!(out, "  {}  {}", paint.rule(rule), parts.join(", "))?;
    }
    end(summary, pack, seconds, paint, out)
}

/// What the rules did not find, and how long it took.
///
/// # Errors
/// Those of `out`.
pub fn end(summary: &Summary, pack: &Pack, seconds: f64, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let rate = summary.characters as f64 / seconds.max(0.001) / 1e6;
    let silent = counted(summary.silent(pack).len(), "rule");
    writeln!(out, "{silent} found nothing; {seconds:.1} s, {rate:.2} million characters a second")?;
    let passes = summary.silent_passes(pack);
    if summary.characters >= MANY && !passes.is_empty() {
        let (warning, passes) = (paint.removed("warning:"), passes.join(", "));
        writeln!(out, "{warning} in so much text no rule at all of these passes found anything: {passes}")?;
    }
    Ok(())
}
