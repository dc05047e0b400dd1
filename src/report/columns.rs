//! Tables for terminals: columns aligned as they are shown there.

use super::paint::Paint;
use crate::text::width::terminal_width;
use std::io::{self, Write};
use std::ops::Range;

/// Writes a table with its head; the columns of `numbers` are set flush right.
pub(super) fn write<const COLUMNS: usize>(
    head: [&str; COLUMNS],
    rows: &[[String; COLUMNS]],
    numbers: Range<usize>,
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let head = head.map(String::from);
    let mut widths = head.each_ref().map(|cell| terminal_width(cell));
    for row in rows {
        widths.iter_mut().zip(row).for_each(|(width, cell)| *width = terminal_width(cell).max(*width));
    }
    let line = |row: &[String; COLUMNS]| {
        let cell = |(column, cell): (usize, &String)| {
            let pad = " ".repeat(widths[column] - terminal_width(cell));
            if numbers.contains(&column) { pad + cell } else { cell.to_owned() + &pad }
        };
        row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    writeln!(out, "{}", paint.bold(line(&head)))?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", line(row)))
}
