//! What keys do.

use super::editor::Editor;
use super::{Flow, Mode, Screen};
use crate::edit::Verdict;
use crate::report::counted;
use crate::review::{Entry, LedgerError, Queue, Scope};
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
            Char('n' | 'j') | Down => self.go(Queue::next_place, "this is the last finding"),
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
        if self.desk.current().is_none() {
            return;
        }
        if scope == Scope::Group && self.queue().open_in_group().is_empty() {
            self.message = "all of this group is decided: decide one by one, or go on with Tab".into();
            return;
        }
        let word = match verdict {
            Verdict::Accept => "accepted",
            Verdict::Reject => "rejected",
            Verdict::Later => "left for later",
        };
        match self.desk.decide(scope, verdict, new) {
            Ok(count) => {
                self.message = match count {
                    0 => format!("{word} already"),
                    1 => format!("{word}; u undoes it"),
                    _ => format!("{word}: {count} findings; u undoes it"),
                };
                self.go_on();
            }
            Err(error) => self.message = format!("error: {error}"),
        }
    }

    /// Goes to the next finding that waits, among those that have what is looked for while there are any.
    fn go_on(&mut self) {
        let (wanted, queue) = (self.wanted.clone(), self.desk.queue_mut());
        let sought = !wanted.is_empty() && queue.find(|queue, entry| entry.is_open() && has(queue, entry, &wanted));
        if !sought {
            queue.next_open();
        }
        self.shift = 0;
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
        let (wanted, queue) = (self.wanted.clone(), self.desk.queue_mut());
        let is_wanted = |queue: &Queue, entry: &Entry| has(queue, entry, &wanted);
        let found = if back { queue.find_back(is_wanted) } else { queue.find(is_wanted) };
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

/// Whether a finding has what is looked for in its text, its rule or the name of its document.
fn has(queue: &Queue, entry: &Entry, wanted: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(wanted);
    let item = &entry.item;
    has(&format!("{}{}{}", item.before, item.old, item.after))
        || item.readings.iter().any(|reading| has(reading))
        || [&*item.rule, &*item.message, queue.document(entry.document)].into_iter().any(has)
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
