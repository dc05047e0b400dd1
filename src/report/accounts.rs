//! How a rule weighed the lines of a document, term by term, for people.

use super::escape::visible;
use super::paint::Paint;
use crate::edit::Revision;
use crate::pass::Account;
use crate::text::lines::LineIndex;
use std::io::{self, Write};

/// Characters of a line that are shown.
const SHOWN: usize = 60;

/// What `accounts` tell of the cleaned text of `revision`, with the lines of its source: of line `only`, counted from 1, or else of
/// all that were judged as parts of a block. Returns whether there was anything to tell.
///
/// # Errors
/// Those of `out`.
pub fn write(
    revision: &Revision,
    accounts: &[Account],
    only: Option<usize>,
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<bool> {
    let source = revision.source();
    let index = LineIndex::new(source.text());
    let blocks: Vec<&Account> = accounts.iter().filter(|account| account.block).collect();
    let mut told = false;
    for account in accounts {
        let span = revision.to_source(account.span);
        let (first, last) = (index.line(span.start) + 1, index.line(span.end) + 1);
        let inside = |block: &&&Account| block.span.start <= account.span.start && account.span.end <= block.span.end;
        let wanted = match only {
            Some(line) => (first..=last).contains(&line),
            None => account.block || blocks.iter().any(|block| inside(&block)),
        };
        if !wanted {
            continue;
        }
        told = true;
        let lines = if first == last { first.to_string() } else { format!("{first}-{last}") };
        let what = match account.block {
            true => "together".into(),
            false => {
                let text = account.span.of(revision.cleaned());
                let shown: String = text.chars().take(SHOWN).collect();
                visible(&if shown.len() < text.len() { format!("{shown}…") } else { shown }).to_string()
            }
        };
        writeln!(out, "{}:{lines}  {}", source.name(), paint.bold(what))?;
        for term in &account.terms {
            let text = if term.text.is_empty() { String::new() } else { format!("  {}", visible(term.text.trim())) };
            writeln!(out, "  {:+5}  {}{text}", term.points, term.name)?;
        }
        writeln!(out, "  {:5}  {}\n", account.points, paint.bold(&account.verdict))?;
    }
    Ok(told)
}
