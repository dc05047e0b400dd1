//! What keys do.

use super::editor::Editor;
use super::{Flow, Mode, Screen};
use crate::edit::Verdict;
use crate::report::counted;
use crate::review::{LedgerError, Queue, Scope};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

impl Screen {
    /// Takes a key. What it decides is on disk when this returns; where that cannot be, the screen says why and nothing is decided.
    pub fn press(&mut self, key: KeyEvent) -> Flow {
        self.message.clear();
        if key.modifiers.contains(KeyModifiers::CONTROL) && matches!(key.code, KeyCode::Char('c' | 'C')) {
            return Flow::Quit;
        }
        match std::mem::replace(&mut self.mode, Mode::Decide) {
            Mode::Decide => return self.press_deciding(key),
            Mode::Help(row) => self.mode = read_on(row, key),
            Mode::Type(editor) => match key.code {
                KeyCode::Esc => {}
                KeyCode::Enter => self.decide(Scope::One, Verdict::Accept, Some(editor.text())),
                _ => self.mode = Mode::Type(pressed(editor, key)),
            },
            Mode::Search(editor) => match key.code {
                KeyCode::Esc => {}
                KeyCode::Enter => {
                    self.wanted = editor.text().to_lowercase();
                    self.seek(false);
                }
                _ => self.mode = Mode::Search(pressed(editor, key)),
            },
        }
        Flow::Stay
    }

    /// Takes text that comes at once.
    pub fn paste(&mut self, text: &str) {
        if let Mode::Type(editor) | Mode::Search(editor) = &mut self.mode {
            editor.insert(text);
        }
    }

    fn press_deciding(&mut self, key: KeyEvent) -> Flow {
        use KeyCode::{BackTab, Char, Down, End, Esc, Home, PageDown, PageUp, Tab, Up};
        if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            return Flow::Stay;
        }
        match key.code {
            Char('q') => return Flow::Quit,
            Char('a') => self.decide(Scope::One, Verdict::Accept, None),
            Char('r') => self.decide(Scope::One, Verdict::Reject, None),
            Char('l') => self.decide(Scope::One, Verdict::Later, None),
            Char('A') => self.decide(Scope::Group, Verdict::Accept, None),
            Char('R') => self.decide(Scope::Group, Verdict::Reject, None),
            Char('L') => self.decide(Scope::Group, Verdict::Later, None),
            Char(digit @ '1'..='9') => self.choose(digit as usize - '1' as usize),
            Char('e') => self.begin_typing(),
            Char('u') => self.undo(),
            Char('n') if !self.wanted.is_empty() => self.seek(false),
            Char('p') if !self.wanted.is_empty() => self.seek(true),
            Char('n' | 'j') | Down => self.go(Queue::next, "this is the last finding"),
            Char('p' | 'k') | Up => self.go(Queue::previous, "this is the first finding"),
            Tab => self.go(Queue::next_group, "this is the last group"),
            BackTab => self.go(Queue::previous_group, "this is the first group"),
            PageDown => self.shift += 5,
            PageUp => self.shift -= 5,
            Home | End => self.go_far(key.code == End),
            Char('/') => self.mode = Mode::Search(Editor::default()),
            Char('?') => self.mode = Mode::Help(0),
            Esc => self.wanted.clear(),
            _ => self.message = "? shows the keys".into(),
        }
        Flow::Stay
    }

    fn decide(&mut self, scope: Scope, verdict: Verdict, new: Option<String>) {
        let (open, alone) = (self.queue().open_in_group().len(), scope == Scope::One);
        if self.queue().is_empty() {
            return;
        }
        if !alone && open == 0 {
            self.message = "all of this group is decided: decide one by one, or go on with Tab".into();
            return;
        }
        let done = self.desk.decide(scope, verdict, new);
        let word = match verdict {
            Verdict::Accept => "accepted",
            Verdict::Reject => "rejected",
            Verdict::Later => "left for later",
        };
        self.tell(done.map(|count| match count {
            0 => format!("{word} already"),
            1 => format!("{word}; u undoes it"),
            _ => format!("{word}: {count} findings; u undoes it"),
        }));
        self.moved();
    }

    fn choose(&mut self, index: usize) {
        let Some(entry) = self.desk.current() else { return };
        match entry.item.readings.get(index).cloned() {
            Some(reading) => self.decide(Scope::One, Verdict::Accept, Some(reading)),
            None if entry.item.readings.is_empty() => self.message = "there is no choice: e types a replacement".into(),
            None => self.message = format!("there is no choice {}", index + 1),
        }
    }

    fn begin_typing(&mut self) {
        let Some(entry) = self.desk.current() else { return };
        if entry.item.takes_text() {
            self.mode = Mode::Type(Editor::new(entry.item.outlook().unwrap_or(&entry.item.old)));
        } else {
            self.message = "these changes belong together: accept or reject them as they are".into();
        }
    }

    fn undo(&mut self) {
        let undone = self.desk.undo();
        self.tell(undone.map(|count| match count {
            None => "there is nothing to undo".into(),
            Some(count) => format!("undone: {} as before", counted(count, "finding")),
        }));
        self.moved();
    }

    fn seek(&mut self, back: bool) {
        if self.wanted.is_empty() {
            return;
        }
        // What looks at the findings must not hold the queue that moves.
        let mut queue = std::mem::take(self.desk.queue_mut());
        let wanted = |queue: &Queue, entry: &crate::review::Entry| self.is_wanted(queue, entry);
        let found = if back { queue.find_back(wanted) } else { queue.find(wanted) };
        *self.desk.queue_mut() = queue;
        if !found {
            self.message = format!("nothing has “{}” in it", self.wanted);
            self.wanted.clear();
        }
        self.moved();
    }

    fn go(&mut self, way: impl FnOnce(&mut Queue) -> bool, end: &str) {
        if !way(self.desk.queue_mut()) {
            self.message = end.into();
        }
        self.moved();
    }

    fn go_far(&mut self, last: bool) {
        let queue = self.desk.queue_mut();
        let rank = if last { queue.groups().saturating_sub(1) } else { 0 };
        if rank < queue.groups() {
            let members = &queue.group(rank).members;
            let number = if last { members[members.len() - 1] } else { members[0] };
            queue.go(number);
        }
        self.moved();
    }

    fn moved(&mut self) {
        self.shift = 0;
    }

    fn tell(&mut self, done: Result<String, LedgerError>) {
        self.message = done.unwrap_or_else(|error| format!("error: {error}"));
    }
}

fn pressed(mut editor: Editor, key: KeyEvent) -> Editor {
    editor.press(key);
    editor
}

/// Where a key leads in the help.
fn read_on(row: usize, key: KeyEvent) -> Mode {
    match key.code {
        KeyCode::Down | KeyCode::Char('j' | 'n') => Mode::Help(row + 1),
        KeyCode::Up | KeyCode::Char('k' | 'p') => Mode::Help(row.saturating_sub(1)),
        KeyCode::PageDown | KeyCode::Char(' ') => Mode::Help(row + 10),
        KeyCode::PageUp => Mode::Help(row.saturating_sub(10)),
        KeyCode::Home => Mode::Help(0),
        _ => Mode::Decide,
    }
}
