//! What the lexicon says of a break.

use super::Features;
use crate::lexicon::Lexicon;
use crate::pass::page::Page;
use crate::text::chars::is_han;

/// Fills in the lexical features of the break after line `index`.
pub(in crate::pass) fn fill(page: &Page<'_>, index: usize, values: &mut Features) {
    let (a, b) = (page.text_of(&page.lines[index]), page.text_of(&page.lines[index + 1]));
    let lexicon = page.lexicon;
    let (mut tail, mut head) = (a.chars().rev(), b.chars());
    let (Some(last), Some(first)) = (tail.next(), head.next()) else { return };
    values[3] = lexicon.closes(a);
    values[4] = lexicon.opens(b);
    if !is_han(last) || !is_han(first) {
        return;
    }
    values[2] = lexicon.association(last, first);
    if let Some(crossing) = lexicon.crossing(a, b) {
        values[0] = i16::from(crossing.frequency);
        values[1] = i16::from(lexicon.word_at_start(b).unwrap_or(0));
    }
}

/// Whether a word runs from the end of `left` into `right`: weakly, and beyond doubt.
pub(in crate::pass) fn across(lexicon: &Lexicon, left: &str, right: &str) -> ([f32; 2], Option<String>) {
    if !left.ends_with(is_han) || !right.starts_with(is_han) {
        return ([0.0; 2], None);
    }
    match lexicon.word_across(left, right) {
        None => ([0.0; 2], None),
        Some((word, frequency)) => {
            let rival = lexicon.word_at_start(right).unwrap_or(0);
            let strong = frequency > rival;
            ([1.0, f32::from(u8::from(strong))], Some(word))
        }
    }
}
