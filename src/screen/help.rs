//! The keys, and what the rule says of itself.

use super::Manual;
use crate::report::{Paint, markdown};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

/// The keys and what they do.
const KEYS: [(&str, &str); 13] = [
    ("a r l", "accept, reject, or leave this one for later"),
    ("A R L", "the same for all of the group that wait"),
    ("1 … 9", "accept with that choice"),
    ("e", "type what is to stand there: Enter accepts it, Esc leaves"),
    ("u", "undo, step by step"),
    ("n p", "next, previous; also j k ↓ ↑"),
    ("Tab", "next group; Shift-Tab the one before"),
    ("Home End", "first, last"),
    ("PgDn PgUp", "more of the text around"),
    ("/", "look for a text, a rule or a file: then n and p go from one to the next"),
    ("Esc", "end the search"),
    ("?", "this help"),
    ("q", "quit; everything is kept as soon as it is decided"),
];

/// All of the help, in lines of at most `width` cells.
pub(super) fn lines(rule: &str, manual: Option<&Manual>, width: usize, colored: bool) -> Vec<Line<'static>> {
    let bold = Style::new().add_modifier(Modifier::BOLD);
    let mut lines = Vec::new();
    for (key, meaning) in KEYS {
        for (index, row) in super::cells::folded(meaning, width.saturating_sub(11)).into_iter().enumerate() {
            let key = if index == 0 { key } else { "" };
            lines.push(Line::from(vec![Span::styled(format!("{key:<11}"), bold), Span::raw(row)]));
        }
    }
    let Some(manual) = manual else { return lines };
    lines.push(Line::default());
    lines.push(Line::from(vec![Span::styled(format!("{rule}  "), bold), Span::raw(manual.title.to_string())]));
    lines.push(Line::default());
    let mut text = Vec::new();
    // Memory takes whatever is written to it.
    let _ = markdown::write(&manual.docs, width, if colored { Paint::Styled } else { Paint::Plain }, &mut text);
    lines.extend(String::from_utf8_lossy(&text).lines().map(unpainted));
    lines
}

/// A line with the codes of [`Paint`] in it. Text from outside has none: it was made visible.
fn unpainted(line: &str) -> Line<'static> {
    let (mut spans, mut style) = (Vec::new(), Style::new());
    for (index, part) in line.split("\u{1b}[").enumerate() {
        let text = if index == 0 {
            part
        } else {
            part.split_once('m').map_or(part, |(code, text)| {
                style = match code {
                    "1" => Style::new().add_modifier(Modifier::BOLD),
                    "2" => Style::new().add_modifier(Modifier::DIM),
                    "36" => Style::new().fg(Color::Cyan),
                    _ => Style::new(),
                };
                text
            })
        };
        spans.push(Span::styled(text.to_owned(), style));
    }
    Line::from(spans)
}
