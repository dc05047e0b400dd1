//! Text in the cells of a terminal: nothing in it steers the terminal, nothing in it is hidden, and rows end between graphemes.

use super::passage::{Mark, Passage};
use crate::report::visible;
use crate::text::chars::{is_cjk_punctuation, is_han};
use crate::text::width::terminal_width;
use unicode_segmentation::UnicodeSegmentation;

/// Longer graphemes, in bytes, are heaps of marks on one character.
const LONGEST: usize = 48;

/// How a part of a row looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Plain,
    Spoken,
    Removed,
    /// The brackets around what goes.
    Goes,
    Added,
    /// What stands for something that is not shown.
    Picture,
}

/// One row of a passage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The number of the line that begins here.
    pub number: Option<usize>,
    pub parts: Vec<(Look, String)>,
    /// Whether part of the finding is in it.
    pub marked: bool,
}

/// A grapheme as it is shown, and whether that is a picture of it. In marks blanks can be seen.
pub(super) fn shown(grapheme: &str, marked: bool) -> (String, bool) {
    let picture = match grapheme {
        "\n" | "\r" | "\r\n" => Some("⏎".into()),
        " " if marked => Some("␣".into()),
        "\u{3000}" if marked => Some("＿".into()),
        "\t" => Some(if marked { "⇥" } else { " " }.into()),
        _ if grapheme.len() > LONGEST => grapheme.chars().next().map(|first| {
            let more = grapheme.chars().count() - 1;
            format!("{}⟨+{more}⟩", shown(first.encode_utf8(&mut [0; 4]), marked).0)
        }),
        _ => hidden(grapheme),
    };
    match picture {
        Some(picture) => (picture, true),
        None => (grapheme.to_owned(), false),
    }
}

/// What stands for a grapheme that could not be seen, or would steer the terminal, or hides something.
fn hidden(grapheme: &str) -> Option<String> {
    let first = grapheme.chars().next()?;
    let number = |c: char| format!("⟨U+{:04X}⟩", c as u32);
    if terminal_width(grapheme) == 0 && !grapheme.chars().any(char::is_control) {
        return Some(grapheme.chars().map(number).collect());
    }
    // Emoji are joined so; behind other characters a joiner is no part of what is seen.
    let wide = is_han(first) || is_cjk_punctuation(first) || first.is_ascii();
    let joined = wide && grapheme.contains('\u{200D}');
    let picture = if joined { grapheme.replace('\u{200D}', &number('\u{200D}')) } else { visible(grapheme) };
    (picture != grapheme).then_some(picture)
}

/// `text` on one row, in at most `cells`; `…` at its end where it is longer.
pub(super) fn fit(text: &str, cells: usize) -> String {
    let (mut row, mut used, mut last) = (String::new(), 0, 0);
    for grapheme in text.graphemes(true) {
        let (shown, _) = shown(grapheme, false);
        let width = terminal_width(&shown);
        if used + width > cells {
            row.truncate(last);
            row.push_str(if cells > 0 { "…" } else { "" });
            return row;
        }
        row.push_str(&shown);
        used += width;
        if used < cells {
            last = row.len();
        }
    }
    row
}

/// `text` in rows of at most `cells`, broken where a line may end.
pub(super) fn folded(text: &str, cells: usize) -> Vec<String> {
    let (mut rows, mut row, mut used) = (Vec::new(), String::new(), 0);
    for word in text.split_word_bounds() {
        let word: String = word.graphemes(true).map(|grapheme| shown(grapheme, false).0).collect();
        if used > 0 && used + terminal_width(&word) > cells {
            rows.push(std::mem::take(&mut row));
            used = 0;
        }
        if used == 0 && word.trim().is_empty() {
            continue;
        }
        for grapheme in word.graphemes(true) {
            let width = terminal_width(grapheme);
            if used > 0 && used + width > cells {
                rows.push(std::mem::take(&mut row));
                used = 0;
            }
            row.push_str(grapheme);
            used += width;
        }
    }
    rows.extend(Some(row).filter(|row| !row.is_empty()));
    rows
}

/// The rows of a passage, of at most `cells`.
pub(super) fn rows(passage: &Passage, cells: usize) -> Vec<Row> {
    let mut setter = Setter { cells: cells.max(4), rows: Vec::new(), row: Row::default(), used: 0 };
    let mut line = passage.line;
    setter.row.number = line;
    if passage.cut.0 {
        setter.put(&[(Look::Picture, "…")]);
    }
    for piece in &passage.pieces {
        let (look, open, close) = match piece.mark {
            Mark::Around | Mark::Kept => (Look::Plain, "", ""),
            Mark::Spoken => (Look::Spoken, "⟦", "⟧"),
            Mark::Removed => (Look::Removed, "[-", "-]"),
            Mark::Added => (Look::Added, "{+", "+}"),
            Mark::Gap { graphemes, lines } => {
                setter.put(&[(Look::Picture, &format!("⟨… {graphemes} …⟩"))]);
                line = line.map(|line| line + lines);
                continue;
            }
        };
        let marked = is_mark(look);
        let mut graphemes = piece.text.graphemes(true).peekable();
        if graphemes.peek().is_none() {
            setter.put(&[(bracket(look), open), (bracket(look), close)]);
        }
        let mut open = open;
        while let Some(grapheme) = graphemes.next() {
            let close = if graphemes.peek().is_none() { close } else { "" };
            let before = (bracket(look), std::mem::take(&mut open));
            if !matches!(grapheme, "\n" | "\r" | "\r\n") {
                let (shown, picture) = shown(grapheme, marked);
                let look = if picture && !marked { Look::Picture } else { look };
                setter.put(&[before, (look, &shown), (bracket(look), close)]);
                continue;
            }
            if marked {
                setter.put(&[before, (look, "⏎"), (bracket(look), close)]);
            }
            setter.end();
            if look != Look::Added {
                line = line.map(|line| line + 1);
                setter.row.number = line;
            }
        }
    }
    if passage.cut.1 {
        setter.put(&[(Look::Picture, "…")]);
    }
    if !setter.row.parts.is_empty() || setter.rows.is_empty() {
        setter.end();
    }
    setter.rows
}

fn is_mark(look: Look) -> bool {
    matches!(look, Look::Spoken | Look::Removed | Look::Added)
}

/// How the brackets around a mark look.
fn bracket(look: Look) -> Look {
    if look == Look::Removed { Look::Goes } else { look }
}

struct Setter {
    cells: usize,
    rows: Vec<Row>,
    row: Row,
    used: usize,
}

impl Setter {
    /// Sets texts that stay together.
    fn put(&mut self, texts: &[(Look, &str)]) {
        let width: usize = texts.iter().map(|(_, text)| terminal_width(text)).sum();
        if self.used + width > self.cells && self.used > 0 {
            self.end();
        }
        self.used += width;
        self.row.marked |= texts.iter().any(|(look, _)| is_mark(*look));
        for &(look, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
            match self.row.parts.last_mut() {
                Some((last, row)) if *last == look => row.push_str(text),
                _ => self.row.parts.push((look, text.to_owned())),
            }
        }
    }

    fn end(&mut self) {
        self.rows.push(std::mem::take(&mut self.row));
        self.used = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::passage::Piece;

    #[test]
    fn everything_can_be_seen() {
        let seen = |text: &str| fit(text, 100);
        assert_eq!(seen("a\u{1b}[2J\u{202E}b\u{200B}\u{9b}\t|\r\n"), "a␛[2J⟨U+202E⟩b⟨U+200B⟩⟨U+009B⟩ |⏎");
        assert_eq!(seen("甲\u{200D}乙\u{E0041}"), "甲⟨U+200D⟩乙⟨U+E0041⟩");
        assert_eq!(seen("👨\u{200D}👩 e\u{301}"), "👨\u{200D}👩 e\u{301}");
        assert_eq!(seen("\u{301}"), "⟨U+0301⟩");
        assert_eq!(seen(&format!("a{}b", "\u{301}".repeat(1000))), "a⟨+1000⟩b");
        assert_eq!(shown("\u{200D}", true).0, "⟨U+200D⟩");
        assert_eq!([shown(" ", true).0, shown("\u{3000}", true).0, shown("\t", true).0].concat(), "␣＿⇥");
    }

    #[test]
    fn rows_end_between_graphemes() {
        assert_eq!(fit("一二三四", 8), "一二三四");
        assert_eq!(fit("一二三四", 7), "一二三…");
        assert_eq!([fit("一二三四", 6), fit("一二", 1), fit("一", 0)], ["一二…", "…", ""]);
        assert_eq!(folded("one two three", 8), ["one two ", "three"]);
        assert_eq!(folded("一二三四五", 4), ["一二", "三四", "五"]);
    }

    #[test]
    fn brackets_stay_with_what_they_hold() {
        let piece = |mark, text: &str| Piece { mark, text: text.into() };
        let pieces = vec![
            piece(Mark::Around, "前\n一二三四五"),
            piece(Mark::Removed, "甲\n"),
            piece(Mark::Added, "乙丙\n"),
            piece(Mark::Around, "后\n"),
            piece(Mark::Spoken, ""),
        ];
        let passage = Passage { line: Some(7), cut: (false, false), pieces };
        let shown = |row: &Row| {
            let text: String = row.parts.iter().map(|(_, text)| text.as_str()).collect();
            (row.number, text, row.marked)
        };
        let expected = [
            (Some(7), "前", false),
            (Some(8), "一二三四五", false),
            (None, "[-甲⏎-]", true),
            (Some(9), "{+乙丙⏎+}", true),
            (None, "后", false),
            (Some(10), "⟦⟧", true),
        ];
        assert_eq!(
            rows(&passage, 12).iter().map(shown).collect::<Vec<_>>(),
            expected.map(|(line, text, marked)| (line, text.into(), marked))
        );
        let widest = |cells| rows(&passage, cells).iter().map(|row| terminal_width(&shown(row).1)).max();
        assert!((6..40).all(|cells| widest(cells).is_some_and(|widest| widest <= cells)));
    }
}
