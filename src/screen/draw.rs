//! What the screen looks like.

use super::cells::{Look, Row, fit, folded, rows, shown};
use super::{Mode, Screen, help};
use crate::edit::{Severity, State, Verdict};
use crate::report::counted;
use crate::review::{Decision, Entry, Group, Item, ItemState};
use crate::text::width::terminal_width;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

/// Screens at least so wide show the list of groups.
const WIDE: u16 = 100;
/// Cells of that list, its border among them.
const LIST: u16 = 36;
/// Nothing can be shown in less.
const LEAST: (u16, u16) = (24, 8);

/// The keys to remind of, the most wanted first.
const HINTS: [&str; 9] =
    ["a accept", "r reject", "l later", "A R L group", "e type", "u undo", "n p move", "Tab group", "/ search"];

const PLAIN: Style = Style::new();
const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
const DIM: Style = Style::new().add_modifier(Modifier::DIM);
const BAR: Style = Style::new().add_modifier(Modifier::REVERSED);

impl Screen {
    /// Draws the screen.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        if area.width < LEAST.0 || area.height < LEAST.1 {
            let note = fit("too small", area.width.into());
            frame.buffer_mut().set_string(area.x, area.y, note, PLAIN);
            return;
        }
        self.set_passage();
        let bar = Rect { height: 1, ..area };
        let last = Rect { y: area.bottom() - 1, height: 1, ..area };
        let mut body = Rect { y: area.y + 1, height: area.height - 2, ..area };
        self.bar(bar, frame.buffer_mut());
        if let Mode::Help(from) = self.mode {
            self.mode = Mode::Help(self.help(from, body, frame.buffer_mut()));
        } else {
            if area.width >= WIDE && !self.queue().is_empty() {
                let list = Rect { width: LIST, ..body };
                body = Rect { x: body.x + LIST, width: body.width - LIST, ..body };
                self.groups(list, frame.buffer_mut());
            }
            self.finding(body, frame.buffer_mut());
        }
        if let Some(cursor) = self.foot(last, frame.buffer_mut()) {
            frame.set_cursor_position((cursor, last.y));
        }
        if !self.colored {
            for cell in &mut frame.buffer_mut().content {
                (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
            }
        }
    }

    fn bar(&self, area: Rect, buffer: &mut Buffer) {
        buffer.set_style(area, BAR);
        let queue = self.queue();
        let (rank, place) = queue.place();
        let mut left = format!(" {} decided · {} waiting", queue.len() - queue.open(), queue.open());
        let (mut long, mut short) = (left.clone(), String::new());
        if queue.groups() > 0 {
            let (group, groups, place, members) = (rank + 1, queue.groups(), place + 1, queue.group(rank).members.len());
            long += &format!(" · group {group} of {groups} · {place} of {members} in it");
            short = format!(" · group {group}/{groups} · {place}/{members}");
        }
        let mut right = String::new();
        if !self.wanted.is_empty() {
            right += &format!("/{} ", self.wanted);
        }
        if self.progress.read < self.progress.all {
            right += &format!("reading {} of {} ", self.progress.read, self.progress.all);
        }
        if self.progress.failed > 0 {
            right += &format!("{} unread ", self.progress.failed);
        }
        let cells = usize::from(area.width);
        let right = fit(&right, cells / 2);
        let room = cells - terminal_width(&right);
        left = if terminal_width(&long) < room { long } else { left + &short };
        let left = fit(&left, room);
        buffer.set_string(area.x, area.y, left, BAR);
        buffer.set_string(area.right() - terminal_width(&right) as u16, area.y, right, BAR);
    }

    fn groups(&self, area: Rect, buffer: &mut Buffer) {
        let queue = self.queue();
        let (current, height) = (queue.place().0, usize::from(area.height));
        let first = current.saturating_sub(height / 2).min(queue.groups().saturating_sub(height));
        let cells = usize::from(area.width) - 3;
        // The first group is the largest.
        let digits = queue.group(0).members.len().to_string().len().max(2);
        for (row, rank) in (first..queue.groups()).take(height).enumerate() {
            let group = queue.group(rank);
            let line = self.group(group, rank == current, digits, cells);
            buffer.set_line(area.x, area.y + row as u16, &line, cells as u16);
        }
        for y in area.top()..area.bottom() {
            buffer.set_string(area.right() - 2, y, "│", DIM);
        }
    }

    /// A group in a row: how many of it wait, what it is about, and the rule.
    fn group(&self, group: &Group, is_current: bool, digits: usize, cells: usize) -> Line<'static> {
        let item = &self.queue().entry(group.members[0]).item;
        let count = if group.open == 0 { "✓".into() } else { group.open.to_string() };
        let head = format!("{} {count:>digits$}  ", if is_current { "▸" } else { " " });
        let room = cells.saturating_sub(terminal_width(&head));
        let text = match item.readings.first() {
            Some(new) => {
                let new = named(new, room / 2);
                format!("{} → {new}", named(&item.old, room.saturating_sub(3 + terminal_width(&new))))
            }
            None if item.old.is_empty() => fit(&item.message, room),
            None => named(&item.old, room),
        };
        let left = room.saturating_sub(terminal_width(&text) + 2);
        let style = match (is_current, group.open) {
            (true, _) => BOLD,
            (false, 0) => DIM,
            (false, _) => PLAIN,
        };
        let mut spans = vec![Span::styled(head + &text, style)];
        if left >= 8 {
            spans.push(Span::styled(format!("  {}", fit(&item.rule, left)), DIM));
        }
        Line::from(spans)
    }

    fn finding(&self, area: Rect, buffer: &mut Buffer) {
        let Some(entry) = self.desk.current() else {
            let done = self.progress.read >= self.progress.all;
            let note = if done { "Nothing waits for a decision." } else { "Reading …" };
            buffer.set_string(area.x + 1, area.y + 1, fit(note, usize::from(area.width) - 1), PLAIN);
            return;
        };
        let (cells, height) = (usize::from(area.width), usize::from(area.height));
        let roomy = height >= 20;
        let mut head = vec![self.place(entry, cells), standing(&entry.item, cells), self.rule(&entry.item, cells)];
        let mut tail = choices(&entry.item, cells);
        tail.extend(reasons(&entry.item, cells));
        // The text comes first: the reasons give way where there is little room.
        let most = (height - head.len()).saturating_sub(if roomy { 8 } else { 4 });
        if tail.len() > most {
            tail.truncate(most.saturating_sub(1));
            tail.push(Line::styled("…", DIM));
        }
        let edge = || Line::styled("─".repeat(cells), DIM);
        head.push(edge());
        if roomy && !tail.is_empty() {
            tail.insert(0, edge());
        }
        let middle = height.saturating_sub(head.len() + tail.len());
        let passage = self.passage(cells, middle);
        let blank = middle - passage.len();
        let lines = head.into_iter().chain(passage).chain((0..blank).map(|_| Line::default())).chain(tail);
        for (line, y) in lines.zip(area.top()..area.bottom()) {
            buffer.set_line(area.x, y, &line, area.width);
        }
    }

    /// Where the finding is, and where else it is.
    fn place(&self, entry: &Entry, cells: usize) -> Line<'static> {
        let at = format!(":{}:{}", entry.item.line, entry.item.column);
        let more = match entry.others.as_slice() {
            [] => String::new(),
            [(document, line, column)] => format!("  and {}:{line}:{column}", self.queue().document(*document)),
            others => format!("  and {} more places", others.len()),
        };
        let name = self.queue().document(entry.document);
        let room = cells.saturating_sub(terminal_width(&at));
        let name = last_fit(name, room);
        let room = room - terminal_width(&name);
        Line::from(vec![Span::styled(name + &at, BOLD), Span::styled(fit(&more, room), DIM)])
    }

    fn rule(&self, item: &Item, cells: usize) -> Line<'static> {
        let (word, color) = match item.severity {
            Severity::Error => ("error", Color::Red),
            Severity::Warning => ("warning", Color::Yellow),
            Severity::Info => ("info", Color::Blue),
        };
        let sure = format!("{:.0} % sure", item.confidence * 100.0);
        let title = self.manuals.get(&item.rule).map_or("", |manual| &manual.title);
        let room = cells.saturating_sub(terminal_width(&item.rule) + 2 + word.len() + 2 + sure.len());
        let title = if room > 8 && *title != *item.message { format!("  {}", fit(title, room - 2)) } else { String::new() };
        Line::from(vec![
            Span::styled(item.rule.to_string(), PLAIN.fg(Color::Cyan)),
            Span::raw("  "),
            Span::styled(word, PLAIN.fg(color)),
            Span::raw(format!("  {sure}")),
            Span::raw(title),
        ])
    }

    /// As many rows of the passage as there is room for, the finding in their middle.
    fn passage(&self, cells: usize, height: usize) -> Vec<Line<'static>> {
        let Some((_, _, passage)) = &self.passage else { return Vec::new() };
        let last = passage.line.map_or(0, |line| line + 200);
        let gutter = last.to_string().len().max(3) + 1;
        let rows = rows(passage, cells.saturating_sub(gutter + 1));
        let first = rows.iter().position(|row| row.marked).unwrap_or(0);
        let behind = rows.iter().rposition(|row| row.marked).map_or(first, |last| last + 1);
        let above = height.saturating_sub(behind - first) / 2;
        let highest = rows.len().saturating_sub(height);
        let from = first.saturating_sub(above.max(1)).min(highest).saturating_add_signed(self.shift).min(highest);
        let mut lines: Vec<Line<'static>> = rows.iter().skip(from).take(height).map(|row| self.row(row, gutter)).collect();
        if passage.line.is_none() && height > rows.len() {
            let note = "the document is not what it was: this is what was found";
            lines.extend(folded(note, cells).into_iter().take(height - rows.len()).map(|row| Line::styled(row, DIM)));
        }
        lines
    }

    fn row(&self, row: &Row, gutter: usize) -> Line<'static> {
        let number = row.number.map_or(String::new(), |number| number.to_string());
        let mut spans = vec![Span::styled(format!("{number:>gutter$} "), if row.marked { BOLD } else { DIM })];
        spans.extend(row.parts.iter().map(|(look, text)| Span::styled(text.clone(), styled(*look))));
        Line::from(spans)
    }

    /// The last row: what is typed, what was done, or the keys. Returns where the cursor is.
    fn foot(&self, area: Rect, buffer: &mut Buffer) -> Option<u16> {
        let cells = usize::from(area.width);
        let (label, editor) = match &self.mode {
            Mode::Type(editor) => ("write: ", editor),
            Mode::Search(editor) => ("look for: ", editor),
            Mode::Help(_) => {
                buffer.set_string(area.x, area.y, fit("j k scroll   Esc back", cells), DIM);
                return None;
            }
            Mode::Decide => {
                let (text, style) = if self.message.is_empty() { (hints(cells), DIM) } else { (self.message.clone(), BOLD) };
                buffer.set_string(area.x, area.y, fit(&text, cells), style);
                return None;
            }
        };
        let (text, cursor) = editor.view(cells.saturating_sub(label.len()));
        buffer.set_string(area.x, area.y, label, BOLD);
        buffer.set_string(area.x + label.len() as u16, area.y, &text, PLAIN);
        let rest = cells.saturating_sub(label.len() + terminal_width(&text) + 3);
        let note = "Enter keeps, Esc leaves";
        if rest >= note.len() {
            buffer.set_string(area.right() - note.len() as u16, area.y, note, DIM);
        }
        Some(area.x + (label.len() + cursor) as u16)
    }

    /// Draws the help from a row on, or as far as it goes; returns from which.
    fn help(&self, from: usize, area: Rect, buffer: &mut Buffer) -> usize {
        let rule = self.desk.current().map(|entry| entry.item.rule.clone());
        let manual = rule.as_ref().and_then(|rule| self.manuals.get(rule));
        let width = usize::from(area.width - 2).min(100);
        let lines = help::lines(rule.as_deref().unwrap_or_default(), manual, width, self.colored);
        let from = from.min(lines.len().saturating_sub(area.height.into()));
        for (line, y) in lines.iter().skip(from).zip(area.top()..area.bottom()) {
            buffer.set_line(area.x + 1, y, line, area.width - 2);
        }
        from
    }
}

fn styled(look: Look) -> Style {
    match look {
        Look::Plain => PLAIN,
        Look::Spoken => BOLD.fg(Color::Yellow).add_modifier(Modifier::UNDERLINED),
        Look::Removed => PLAIN.fg(Color::Red).add_modifier(Modifier::CROSSED_OUT),
        Look::Goes => PLAIN.fg(Color::Red),
        Look::Added => BOLD.fg(Color::Green),
        Look::Picture => DIM,
    }
}

/// The keys, as many as fit.
fn hints(cells: usize) -> String {
    let end = "? help  q quit";
    let mut row = String::new();
    for hint in HINTS {
        if terminal_width(&row) + hint.len() + 2 + end.len() > cells {
            break;
        }
        row += hint;
        row += "  ";
    }
    row + end
}

/// A text of an edit in a word or two.
fn named(text: &str, cells: usize) -> String {
    match text {
        "" => fit("(nothing)", cells),
        text if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) => fit(&blanks_shown(text), cells),
        text => fit(text, cells),
    }
}

/// A text with blanks that can be seen.
fn blanks_shown(text: &str) -> String {
    text.graphemes(true).map(|grapheme| shown(grapheme, true).0).collect()
}

/// The end of a text in at most `cells`, `…` before it where it is longer.
fn last_fit(text: &str, cells: usize) -> String {
    let whole = fit(text, usize::MAX);
    let width = terminal_width(&whole);
    if width <= cells {
        return whole;
    }
    let mut gone = 0;
    let kept: String = whole
        .chars()
        .skip_while(|c| {
            let skip = gone + cells < width + 1;
            gone += terminal_width(c.encode_utf8(&mut [0; 4]));
            skip
        })
        .collect();
    format!("…{kept}")
}

/// What was decided, by whom.
fn standing(item: &Item, cells: usize) -> Line<'static> {
    let said = |decision: &Decision| {
        let who = if decision.who.is_empty() { String::new() } else { format!(" by {}", decision.who) };
        let note = if decision.note.is_empty() { String::new() } else { format!(": {}", decision.note) };
        format!("{who}, {}{note}", decision.time.get(..10).unwrap_or(&decision.time))
    };
    let (text, style) = match &item.standing {
        ItemState::Decided(decision) => match decision.verdict {
            Verdict::Accept => {
                let new = decision.new.as_ref().map_or(String::new(), |new| format!(" {}", named(new, cells / 3)));
                (format!("✓ accepted{new}{}", said(decision)), PLAIN.fg(Color::Green))
            }
            Verdict::Reject => (format!("✗ rejected{}", said(decision)), PLAIN.fg(Color::Red)),
            Verdict::Later => (format!("… left for later{}", said(decision)), PLAIN.fg(Color::Yellow)),
        },
        ItemState::Contradicted(decisions) => {
            let say = |decision: &Decision| {
                let who = if decision.who.is_empty() { "somebody" } else { &decision.who };
                format!("{who}: {}", decision.verdict.name())
            };
            let said: Vec<String> = decisions.iter().map(say).collect();
            (format!("! people differ: {}", said.join(", ")), PLAIN.fg(Color::Red))
        }
        ItemState::Open if item.state == State::Applied => ("· edited without asking".into(), PLAIN),
        ItemState::Open => ("· waiting".into(), PLAIN),
    };
    Line::styled(fit(&text, cells), style)
}

/// What may stand there, by number.
fn choices(item: &Item, cells: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    let (mut spans, mut used) = (Vec::new(), 0);
    for (index, reading) in item.readings.iter().enumerate().take(9) {
        let text = match item.changes.len() {
            several @ 2.. => format!("all {several} changes"),
            _ => named(reading, cells.saturating_sub(3).min(40)),
        };
        let width = terminal_width(&text) + 4;
        if used > 0 && used + width > cells {
            lines.push(Line::from(std::mem::take(&mut spans)));
            used = 0;
        }
        let is_outlook = item.outlook() == Some(reading);
        spans.push(Span::styled((index + 1).to_string(), BOLD));
        spans.push(Span::styled(format!(" {text}  "), if is_outlook { BOLD.fg(Color::Green) } else { PLAIN }));
        used += width;
    }
    if !spans.is_empty() {
        lines.push(Line::from(spans));
    }
    if item.readings.len() > 9 {
        lines.push(Line::styled(fit(&format!("{} more", counted(item.readings.len() - 9, "choice")), cells), DIM));
    }
    lines
}

/// What is wrong, and why the rule thinks so.
fn reasons(item: &Item, cells: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = folded(&item.message, cells).into_iter().map(|row| Line::styled(row, BOLD)).collect();
    for reason in &item.evidence {
        for (index, row) in folded(reason, cells.saturating_sub(2)).into_iter().enumerate() {
            lines.push(Line::from(format!("{} {row}", if index == 0 { "·" } else { " " })));
        }
    }
    lines
}
