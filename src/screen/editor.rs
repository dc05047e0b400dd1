//! One line of text that a person types, grapheme by grapheme.

use super::cells::shown;
use crate::text::width::terminal_width;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation;

/// The line, and where the cursor is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Editor {
    graphemes: Vec<String>,
    at: usize,
}

impl Editor {
    /// A line that begins with `text`, the cursor behind it.
    pub fn new(text: &str) -> Editor {
        let graphemes: Vec<String> = text.graphemes(true).map(str::to_owned).collect();
        Editor { at: graphemes.len(), graphemes }
    }

    pub fn text(&self) -> String {
        self.graphemes.concat()
    }

    /// Puts text where the cursor is. Of control characters it takes line ends.
    pub fn insert(&mut self, text: &str) {
        let text: String = text.replace("\r\n", "\n").replace('\r', "\n");
        let typed = text.chars().filter(|c| !c.is_control() || *c == '\n');
        let before: String = self.graphemes[..self.at].concat().chars().chain(typed).collect();
        let after = self.graphemes[self.at..].concat();
        // What was typed may join what stands there: a mark joins its letter.
        let end = before.len();
        let whole = before + &after;
        self.graphemes = whole.graphemes(true).map(str::to_owned).collect();
        self.at = whole.grapheme_indices(true).take_while(|(at, _)| *at < end).count();
    }

    /// Takes a key, unless it is none for a line.
    pub fn press(&mut self, key: KeyEvent) {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('a') if control => self.at = 0,
            KeyCode::Char('e') if control => self.at = self.graphemes.len(),
            KeyCode::Char('u') if control => {
                self.graphemes.drain(..self.at);
                self.at = 0;
            }
            KeyCode::Char('k') if control => self.graphemes.truncate(self.at),
            KeyCode::Char('w') if control => {
                let kept = self.graphemes[..self.at].concat();
                let kept =
                    kept.trim_end().unicode_word_indices().next_back().map_or(0, |(at, _)| kept[..at].graphemes(true).count());
                self.graphemes.drain(kept..self.at);
                self.at = kept;
            }
            KeyCode::Char(typed) if !control && !key.modifiers.contains(KeyModifiers::ALT) => {
                self.insert(typed.encode_utf8(&mut [0; 4]));
            }
            KeyCode::Backspace if self.at > 0 => {
                self.at -= 1;
                self.graphemes.remove(self.at);
            }
            KeyCode::Delete if self.at < self.graphemes.len() => {
                self.graphemes.remove(self.at);
            }
            KeyCode::Left => self.at = self.at.saturating_sub(1),
            KeyCode::Right => self.at = (self.at + 1).min(self.graphemes.len()),
            KeyCode::Home => self.at = 0,
            KeyCode::End => self.at = self.graphemes.len(),
            _ => {}
        }
    }

    /// What of the line fits into `cells`, and the cell of the cursor in that.
    pub fn view(&self, cells: usize) -> (String, usize) {
        let pictures: Vec<String> = self.graphemes.iter().map(|grapheme| shown(grapheme, false).0).collect();
        let widths: Vec<usize> = pictures.iter().map(|picture| terminal_width(picture)).collect();
        let room = cells.saturating_sub(1);
        let (mut from, mut cursor) = (self.at, 0);
        while from > 0 && cursor + widths[from - 1] <= room {
            from -= 1;
            cursor += widths[from];
        }
        let (mut row, mut used) = (String::new(), 0);
        for (picture, width) in pictures.iter().zip(&widths).skip(from) {
            if used + width > cells {
                break;
            }
            row.push_str(picture);
            used += width;
        }
        (row, cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(editor: &mut Editor, codes: &[KeyCode]) -> String {
        codes.iter().for_each(|&code| editor.press(code.into()));
        editor.text()
    }

    #[test]
    fn graphemes_are_typed_and_taken_away() {
        use KeyCode::{Backspace, Char, Delete, End, Home, Left, Right};
        let mut editor = Editor::new("甲乙");
        assert_eq!(typed(&mut editor, &[Left, Char('丙'), Right, Char('e'), Char('\u{301}')]), "甲丙乙e\u{301}");
        assert_eq!(typed(&mut editor, &[Backspace]), "甲丙乙");
        assert_eq!(typed(&mut editor, &[Home, Delete, End, Backspace, Backspace, Backspace, Delete]), "");
        editor.insert("\u{7}\r");
        assert_eq!(typed(&mut editor, &[Left, Delete]), "");
        editor.insert("一👨\u{200D}👩\u{200D}👧\n二");
        assert_eq!(typed(&mut editor, &[Left, Backspace, Backspace]), "一二");
        let control = |editor: &mut Editor, c| editor.press(KeyEvent::new(Char(c), KeyModifiers::CONTROL));
        control(&mut editor, 'k');
        assert_eq!(editor.text(), "一");
        editor.insert("two words");
        control(&mut editor, 'w');
        assert_eq!(editor.text(), "一two ");
        control(&mut editor, 'u');
        assert_eq!(editor.text(), "");
    }

    #[test]
    fn the_cursor_is_always_in_view() {
        let mut editor = Editor::new("一二三四五六");
        assert_eq!(editor.view(20), ("一二三四五六".into(), 12));
        assert_eq!(editor.view(7), ("四五六".into(), 6));
        editor.press(KeyCode::Home.into());
        assert_eq!(editor.view(7), ("一二三".into(), 0));
        assert_eq!(Editor::new("a b\u{202E}").view(20), ("a b⟨U+202E⟩".into(), 11));
    }
}
