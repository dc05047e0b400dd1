//! Pairs: one text in two states, as it was wrapped and as it should read. The breaks are labelled by finding each one's
//! surroundings in the clean text.

use super::document::{Document, Label, Labelled};
use std::collections::HashMap;

/// Characters on each side of a break by which its place in the clean text is known.
const SIDE: usize = 6;

/// The visible characters of a text, and before which of them a line ends.
struct Visible {
    chars: Vec<char>,
    /// Byte offset of each character's end.
    ends: Vec<usize>,
    /// Whether a line ends between a character and the next.
    line_ends: Vec<bool>,
}

fn visible(text: &str) -> Visible {
    let mut found = Visible { chars: Vec::new(), ends: Vec::new(), line_ends: Vec::new() };
    for (at, c) in text.char_indices() {
        if !c.is_whitespace() {
            found.chars.push(c);
            found.ends.push(at + c.len_utf8());
            found.line_ends.push(false);
        } else if matches!(c, '\n' | '\r' | '\u{C}')
            && let Some(last) = found.line_ends.last_mut()
        {
            *last = true;
        }
    }
    found
}

/// Labels the breaks of `wrapped` by `clean`: a join where the clean text runs on, the end of a paragraph where it has a line
/// break too, unknown where the place is not found.
pub fn from_pair(name: String, wrapped: &str, clean: &str) -> Document {
    let (from, to) = (visible(wrapped), visible(clean));
    let mut places: HashMap<&[char], Vec<u32>> = HashMap::new();
    for (at, window) in to.chars.windows(2 * SIDE).enumerate() {
        places.entry(window).or_default().push((at + SIDE) as u32);
    }
    let same = from.chars == to.chars;
    let mut breaks = Vec::new();
    let mut near = 0u32;
    for at in 1..from.chars.len() {
        if !from.line_ends[at - 1] {
            continue;
        }
        let place = if same {
            Some(at as u32)
        } else {
            let window = from.chars.get(at.wrapping_sub(SIDE)..at + SIDE);
            let known = window.and_then(|window| places.get(window));
            known.and_then(|known| known.iter().copied().min_by_key(|&place| (place.abs_diff(near), place)))
        };
        let label = match place {
            None => Label::Ignore,
            Some(place) => {
                near = place;
                if to.line_ends[place as usize - 1] { Label::Keep } else { Label::Join }
            }
        };
        breaks.push(Labelled { at: from.ends[at - 1], label });
    }
    Document { name, kind: "pairs".into(), text: wrapped.to_owned(), breaks, weight: 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(wrapped: &str, clean: &str) -> Vec<Label> {
        from_pair("a".into(), wrapped, clean).breaks.iter().map(|b| b.label).collect()
    }

    #[test]
    fn breaks_are_labelled_by_the_clean_text() {
        let clean = "柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水。\n村民说好。";
        let wrapped = "柳河镇今年疏浚河道十\n二公里，两岸的农田都\n能浇上水。\n村民说好。";
        assert_eq!(labels(wrapped, clean), [Label::Join, Label::Join, Label::Keep]);
    }

    #[test]
    fn texts_that_differ_are_matched_piece_by_piece() {
        let clean = "柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水。\n村民说这是好事，大家都高兴。";
        let wrapped = "第3版\n柳河镇今年疏浚河道十\n二公里，两岸的农田都\n能浇上水。\n村民说这是好事，大家都高兴。";
        assert_eq!(labels(wrapped, clean), [Label::Ignore, Label::Join, Label::Join, Label::Keep]);
    }

    #[test]
    fn empty_texts_have_no_breaks() {
        assert!(labels("", "").is_empty());
        assert!(labels("\n\n", "甲").is_empty());
    }
}
