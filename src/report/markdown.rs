//! Markdown for terminals: wrapped by what a terminal shows, lists hanging, code in its colour.

use super::escape::visible;
use super::paint::Paint;
use crate::text::chars::{is_cjk_punctuation, is_han};
use crate::text::width::terminal_width;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::io::{self, Write};

/// Marks that no line begins with.
const CLOSING: &str = "，。、；：！？”’）》】」』…,.;:!?)]}";
/// Marks that no line ends with.
const OPENING: &str = "“‘（《【「『([{";

/// Writes `markdown` in lines of at most `width` cells.
///
/// # Errors
/// Those of `out`.
pub fn write(markdown: &str, width: usize, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Typesetter {
        width: width.max(20),
        paint,
        out,
        indents: Vec::new(),
        mark: None,
        line: Line::default(),
        written: false,
        owed: false,
    };
    let (mut looks, mut lists, mut verbatim, mut targets) = (Vec::new(), Vec::new(), false, Vec::new());
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::List(first)) => {
                page.end_line()?;
                lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
                page.owed |= lists.is_empty();
            }
            Event::Start(Tag::Item) => {
                page.end_line()?;
                let mark = match lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "• ".into(),
                };
                page.indents.push(" ".repeat(terminal_width(&mark)));
                page.mark = Some(mark);
            }
            Event::End(TagEnd::Item) => {
                page.end_line()?;
                page.indents.pop();
            }
            Event::Start(Tag::BlockQuote(_)) => page.indents.push("│ ".into()),
            Event::End(TagEnd::BlockQuote(_)) => {
                page.indents.pop();
            }
            Event::Start(Tag::CodeBlock(_)) => {
                page.indents.push("    ".into());
                verbatim = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                verbatim = false;
                page.end_block()?;
                page.indents.pop();
            }
            Event::Start(Tag::Heading { .. } | Tag::Strong | Tag::Emphasis) => looks.push(()),
            Event::End(TagEnd::Heading(_)) => {
                looks.pop();
                page.end_block()?;
            }
            Event::End(TagEnd::Strong | TagEnd::Emphasis) => {
                looks.pop();
            }
            Event::Start(Tag::Link { dest_url, .. }) => targets.push(dest_url),
            Event::End(TagEnd::Link) => {
                let target = targets.pop().map_or(String::new(), |target| target.to_string());
                page.words(&format!(" ({target})"), Look::Plain)?;
            }
            Event::End(TagEnd::Paragraph) => page.end_block()?,
            Event::Text(text) if verbatim => {
                for line in text.lines() {
                    page.put(line, Look::Plain);
                    page.end_line()?;
                }
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                page.words(&text, if looks.is_empty() { Look::Plain } else { Look::Bold })?;
            }
            Event::Code(text) => page.word(&text, Look::Code)?,
            Event::SoftBreak => page.soft_break(),
            Event::HardBreak => page.end_line()?,
            Event::Rule => {
                page.put(&"─".repeat(20), Look::Plain);
                page.end_block()?;
            }
            _ => {}
        }
    }
    page.end_line()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Plain,
    Bold,
    Code,
}

/// A line in the making.
#[derive(Default)]
struct Line {
    shown: String,
    cells: usize,
    last: Option<char>,
    /// A blank that is owed before the next word.
    blank: bool,
}

struct Typesetter<'o> {
    width: usize,
    paint: Paint,
    out: &'o mut dyn Write,
    indents: Vec<String>,
    /// The mark of a list item, before its first line.
    mark: Option<String>,
    line: Line,
    /// Whether there is a line already, and whether a blank one is owed before the next.
    written: bool,
    owed: bool,
}

impl Typesetter<'_> {
    /// Sets text word by word. Between Chinese characters a line may end, but not before or after marks that hang together with them.
    fn words(&mut self, text: &str, look: Look) -> io::Result<()> {
        let mut word = String::new();
        for c in text.chars() {
            if c.is_whitespace() {
                self.word(&word, look)?;
                word.clear();
                self.line.blank |= self.line.last.is_some();
                continue;
            }
            if word.chars().next_back().is_some_and(|last| may_part(last, c)) {
                self.word(&word, look)?;
                word.clear();
            }
            word.push(c);
        }
        self.word(&word, look)
    }

    fn word(&mut self, word: &str, look: Look) -> io::Result<()> {
        let Some(first) = word.chars().next() else { return Ok(()) };
        let indent: usize = self.indents.iter().map(|indent| terminal_width(indent)).sum();
        let free = self.line.blank || self.line.last.is_some_and(|last| may_part(last, first));
        let cells = terminal_width(word) + usize::from(self.line.blank);
        if free && indent + self.line.cells + cells > self.width {
            self.end_line()?;
        }
        if std::mem::take(&mut self.line.blank) {
            self.line.shown.push(' ');
            self.line.cells += 1;
        }
        self.put(word, look);
        Ok(())
    }

    fn put(&mut self, text: &str, look: Look) {
        let text = match (look, self.paint) {
            (Look::Code, Paint::Plain) => format!("`{}`", visible(text)),
            _ => visible(text),
        };
        self.line.cells += terminal_width(&text);
        self.line.last = text.chars().next_back().or(self.line.last);
        self.line.shown += &match look {
            Look::Plain => text,
            Look::Bold => self.paint.bold(text).to_string(),
            Look::Code => self.paint.rule(text).to_string(),
        };
    }

    /// Where lines of the source end: a blank, but not between Chinese characters.
    fn soft_break(&mut self) {
        self.line.blank = !self.line.last.is_some_and(is_wide);
    }

    fn end_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        if line.last.is_none() {
            return Ok(());
        }
        let before = match self.mark.take() {
            Some(mark) => self.indents[..self.indents.len() - 1].concat() + &mark,
            None => self.indents.concat(),
        };
        if std::mem::take(&mut self.owed) && std::mem::replace(&mut self.written, true) {
            writeln!(self.out)?;
        }
        self.written = true;
        writeln!(self.out, "{}", format!("{before}{}", line.shown).trim_end())
    }

    fn end_block(&mut self) -> io::Result<()> {
        self.end_line()?;
        self.owed = true;
        Ok(())
    }
}

fn is_wide(c: char) -> bool {
    is_han(c) || is_cjk_punctuation(c)
}

/// Whether a line may end between two characters that no blank parts.
fn may_part(before: char, after: char) -> bool {
    (is_wide(before) || is_wide(after)) && !CLOSING.contains(after) && !OPENING.contains(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(markdown: &str, width: usize) -> String {
        let mut out = Vec::new();
        write(markdown, width, Paint::Plain, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn paragraphs_are_wrapped_by_cells() {
        assert_eq!(set("河道通了，水就来了。\n田里也浇上了水。", 20), "河道通了，水就来了。\n田里也浇上了水。\n");
        assert_eq!(set("one two three four five six\nseven", 20), "one two three four\nfive six seven\n");
        assert_eq!(set("一二三四五六七八九十，十\n\n又一段`and`。", 20), "一二三四五六七八九\n十，十\n\n又一段`and`。\n");
    }

    #[test]
    fn lists_hang_and_code_stays() {
        assert_eq!(
            set("看：\n\n- 一二三四五六七八九十\n- 二\n\n1. 甲\n2. 乙\n\n```\na  b\n```\n末", 20),
            "看：\n\n• 一二三四五六七八九\n  十\n• 二\n\n1. 甲\n2. 乙\n\n    a  b\n\n末\n"
        );
    }
}
