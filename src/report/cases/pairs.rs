//! Pairs of rules whose order matters, for people.

use crate::pass::pairs::Pairs;
use crate::report::counted;
use crate::report::escape::visible;
use crate::report::paint::Paint;
use std::io::{self, Write};

/// Every pair with the text on which its rules disagree and what becomes of it, then how many pairs were tried.
///
/// # Errors
/// Those of `out`.
pub fn write(pairs: &Pairs, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for found in &pairs.disagreements {
        let [first, second] = &found.rules;
        writeln!(out, "{} {} and {}", paint.removed("ORDER MATTERS"), paint.rule(first), paint.rule(second))?;
        writeln!(out, "  on        {}  {}", visible(&found.text), paint.dim(format!("({}: {})", found.case.0, found.case.1)))?;
        for (rule, becomes) in found.rules.iter().zip(&found.becomes) {
            writeln!(out, "  {}  {}", visible(becomes), paint.dim(format!("with {rule} first")))?;
        }
        writeln!(out)?;
    }
    let (tried, found) = (counted(pairs.tried, "pair"), pairs.disagreements.len());
    writeln!(out, "{tried} of rules tried in either order, {} found where it matters", counted(found, "case"))
}
