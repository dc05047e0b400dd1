//! Runs of text: what a reader takes in without a stop, as characters with their places.

use crate::pass::page::{Line, Page, Setting};
use crate::text::chars::{is_blank, is_han};

/// A character with its offset in the page.
pub(super) type Spot = (usize, char);

/// Calls `each` with every run of a page, and the index of its first line. A run is a line, or several that were wrapped.
pub(super) fn each_run(page: &Page<'_>, mut each: impl FnMut(&[Spot])) {
    let mut run: Vec<Spot> = Vec::new();
    for (index, line) in page.lines.iter().enumerate() {
        add(page, line, &mut run);
        if !goes_on(page, line, page.lines.get(index + 1)) {
            each(&run);
            run.clear();
        }
    }
}

/// Whether a line that is still wrapped goes on in the next.
fn goes_on(page: &Page<'_>, line: &Line, next: Option<&Line>) -> bool {
    let wrapped = page.profile.setting != Setting::Flowing;
    let next = next.filter(|next| wrapped && next.blanks == 0 && !next.list_item && !next.markup && next.indent <= line.indent);
    next.is_some() && !line.ends_with_mark() && line.cells + 8 >= page.profile.measure
}

/// Adds the characters of a line. Blanks part what stands around them, but not in a line that has one after every character.
fn add(page: &Page<'_>, line: &Line, run: &mut Vec<Spot>) {
    let text = page.text_of(line);
    let blanks = text.chars().filter(|&c| is_blank(c)).count();
    let spaced = blanks > 2 && blanks * 3 >= text.chars().filter(|&c| is_han(c)).count();
    run.reserve(text.len() / 3);
    let mut held = None;
    for (at, c) in text.char_indices() {
        if is_blank(c) {
            if !spaced {
                held = held.or(Some((line.span.start + at, ' ')));
            }
            continue;
        }
        run.extend(held.take());
        run.push((line.span.start + at, c));
    }
}
