//! A place in a text with a little of what stands around it, cut to a number of terminal cells between graphemes.

use super::escape::visible;
use super::paint::Paint;
use crate::text::{Span, width::terminal_width};
use unicode_segmentation::UnicodeSegmentation;

/// How far around a place to look, in bytes: enough for any excerpt, and no more work however long the line is.
const REACH: usize = 600;

/// How much of what surrounds a place belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// The rest of its line.
    Line,
    /// The lines before and after as far as the next blank line.
    Paragraph,
}

/// The text before and after `span`, no more than `cells` together, `…` where more was left out.
pub(super) fn context(text: &str, span: Span, around: Around, cells: usize) -> (String, String) {
    let mut low = span.start.saturating_sub(REACH);
    while !text.is_char_boundary(low) {
        low -= 1;
    }
    let mut high = (span.end + REACH).min(text.len());
    while !text.is_char_boundary(high) {
        high += 1;
    }
    let (mut before, mut after) = (&text[low..span.start], &text[span.end..high]);
    if let Some(at) = boundary_before(before, around) {
        before = &before[at..];
        low = 0;
    }
    if let Some(at) = boundary_after(after, around) {
        after = &after[..at];
        high = text.len();
    }
    let half = cells / 2;
    let spare = half.saturating_sub(visible_width(after));
    let left = last_cells(before, half + spare, low == 0);
    let right = first_cells(after, cells - terminal_width(&left).min(cells), high == text.len());
    (left, right)
}

/// `text` on one line in at most `cells`, its middle left out when it is longer.
pub(super) fn shortened(text: &str, cells: usize) -> String {
    if text.len() <= REACH {
        let whole = visible(text);
        if terminal_width(&whole) <= cells {
            return whole;
        }
    }
    let head = first_cells(text, cells * 2 / 3, false);
    let tail = last_cells(text, cells - (cells * 2 / 3), true);
    head + &tail
}

/// The excerpt of `span` in its line, the span marked. With `new`, the mark shows what it becomes.
pub(super) fn excerpt(text: &str, span: Span, new: Option<&str>, cells: usize, paint: Paint) -> String {
    let old = shortened(span.of(text), cells / 2);
    let new = new.map(|new| shortened(new, cells / 2));
    let used = terminal_width(&old) + new.as_deref().map_or(2, |new| terminal_width(new) + 5);
    let (before, after) = context(text, span, Around::Line, cells.saturating_sub(used));
    let marked = match (new, paint) {
        (Some(new), Paint::Plain) => format!("⟦{old} → {new}⟧"),
        (None, Paint::Plain) => format!("⟦{old}⟧"),
        (Some(new), Paint::Styled) => format!("⟦{} → {}⟧", paint.removed(old), paint.added(new)),
        (None, Paint::Styled) => paint.marked(old).to_string(),
    };
    format!("{before}{marked}{after}")
}

/// Where, in what comes before a place, its line or paragraph begins.
fn boundary_before(before: &str, around: Around) -> Option<usize> {
    match around {
        Around::Line => before.rfind(['\n', '\r']).map(|at| at + 1),
        Around::Paragraph => {
            ["\n\n", "\r\n\r\n", "\r\r"].iter().filter_map(|blank| before.rfind(blank).map(|at| at + blank.len())).max()
        }
    }
}

/// Where, in what comes after a place, its line or paragraph ends.
fn boundary_after(after: &str, around: Around) -> Option<usize> {
    match around {
        Around::Line => after.find(['\n', '\r']),
        Around::Paragraph => ["\n\n", "\r\n\r\n", "\r\r"].iter().filter_map(|blank| after.find(blank)).min(),
    }
}

fn visible_width(text: &str) -> usize {
    terminal_width(&visible(text))
}

/// As many graphemes from the start as fit; `complete` when nothing follows `text` that could be left out.
fn first_cells(text: &str, cells: usize, complete: bool) -> String {
    let (mut line, mut used) = (String::new(), 0);
    for grapheme in text.graphemes(true) {
        let piece = visible(grapheme);
        used += terminal_width(&piece);
        if used > cells {
            line.push('…');
            return line;
        }
        line.push_str(&piece);
    }
    if !complete {
        line.push('…');
    }
    line
}

/// As many graphemes from the end as fit; `complete` when nothing precedes `text` that could be left out.
fn last_cells(text: &str, cells: usize, complete: bool) -> String {
    let (mut pieces, mut used, mut cut) = (Vec::new(), 0, !complete);
    for grapheme in text.graphemes(true).rev() {
        let piece = visible(grapheme);
        used += terminal_width(&piece);
        if used > cells {
            cut = true;
            break;
        }
        pieces.push(piece);
    }
    if cut {
        pieces.push("…".into());
    }
    pieces.reverse();
    pieces.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span::new(start, start + part.len())
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        let text = "前一行\n苹果and香蕉\n后一行";
        assert_eq!(excerpt(text, at(text, "and"), Some("和"), 80, Paint::Plain), "苹果⟦and → 和⟧香蕉");
        assert_eq!(excerpt(text, at(text, "蕉\n后"), None, 80, Paint::Plain), "苹果and香⟦蕉⏎后⟧一行");
        assert_eq!(excerpt(text, Span::new(0, 0), Some("新"), 80, Paint::Plain), "⟦ → 新⟧前一行");
    }

    #[test]
    fn a_long_line_is_cut_between_graphemes() {
        let text = format!("{}and{}", "甲".repeat(500), "乙👨‍👩‍👧".repeat(500));
        let shown = excerpt(&text, at(&text, "and"), Some("和"), 40, Paint::Plain);
        assert!(terminal_width(&shown) <= 42, "{shown}");
        assert!(shown.starts_with("…甲") && shown.ends_with('…') && !shown.contains("\u{200D}…"), "{shown}");
    }

    #[test]
    fn a_long_span_loses_its_middle() {
        let text = "一二三四五六七八九十".repeat(200);
        let shown = excerpt(&text, Span::new(0, text.len()), None, 60, Paint::Plain);
        assert!(terminal_width(&shown) <= 62, "{shown}");
        assert!(shown.starts_with("⟦一二") && shown.ends_with("九十⟧") && shown.contains('…'), "{shown}");
    }

    #[test]
    fn control_characters_cannot_steer_a_terminal() {
        assert_eq!(shortened("a\x1b[2Jb\u{202E}\u{7f}", 40), "a␛[2Jb⟨U+202E⟩␡");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in ".{0,40}[\r\n甲a👨\u{200D}\u{300}]{0,400}.{0,40}", from in 0usize..500, to in 0usize..500) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (from, to) = (from.min(places.len() - 1), to.min(places.len() - 1));
            let span = Span::new(places[from.min(to)], places[from.max(to)]);
            for around in [Around::Line, Around::Paragraph] {
                context(&text, span, around, 30);
            }
            let shown = excerpt(&text, span, Some(&text), 40, Paint::Plain);
            proptest::prop_assert!(!shown.contains(['\n', '\r', '\x1b']));
            proptest::prop_assert!(terminal_width(&shown) <= 60, "{}", shown);
        }
    }
}
