//! Text from documents, made harmless for whoever reads a report: terminals, logs of continuous integration, XML, Markdown, JSON.

use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, Write};

/// What a runner of workflows obeys wherever it stands in a line of a log.
const COMMANDS: [&str; 2] = ["##[", "##vso["];

/// Whether `c` cannot be seen, or turns the order of what can: marks and overrides of direction, zero widths, separators of lines,
/// tags, and what is no character. The joiner of emoji is none of them.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}' | '\u{E0000}'..='\u{E007F}')
        || c as u32 & 0xFFFE == 0xFFFE
}

/// A character that is shown by its number.
fn numbered(c: char, out: &mut String) {
    // Writing to a string does not fail.
    let _ = write!(out, "⟨U+{:04X}⟩", c as u32);
}

/// `c` as it is shown: control characters as their pictures, what is hidden by its number.
fn show(c: char, out: &mut String) {
    match c {
        '\0'..='\x1F' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{FFFD}')),
        '\x7F' => out.push('␡'),
        c if c.is_control() || is_hidden(c) => numbered(c, out),
        c => out.push(c),
    }
}

/// `text` as one line in which everything can be seen and nothing steers a terminal or a runner: line ends become ⏎, control
/// characters their pictures, and what is hidden is shown by its number.
pub(crate) fn visible(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '\r' if after.starts_with('\n') => {}
            '\n' | '\r' => line.push('⏎'),
            '\t' => line.push(' '),
            '#' if COMMANDS.iter().any(|command| rest.starts_with(command)) => numbered(c, &mut line),
            c => show(c, &mut line),
        }
        rest = after;
    }
    line
}

/// Lines for people, made harmless whatever they hold: nothing steers the terminal but colours, and these only when the text is
/// `styled`; no runner of workflows takes a line for a command.
pub fn harmless(text: &str, styled: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let colour = if styled && c == '\x1b' { colour(after) } else { None };
        if let Some(length) = colour {
            out.push_str(&rest[..=length]);
            rest = &after[length..];
            continue;
        }
        match c {
            '\n' | '\t' => out.push(c),
            ':' if blank && after.starts_with(':') => numbered(c, &mut out),
            '#' if COMMANDS.iter().any(|command| rest.starts_with(command)) => numbered(c, &mut out),
            c => show(c, &mut out),
        }
        blank = c == '\n' || (blank && c.is_whitespace());
        rest = after;
    }
    out
}

/// The length of the colour that `text` begins with, behind its escape character.
fn colour(text: &str) -> Option<usize> {
    let codes = text.strip_prefix('[')?;
    let end = codes.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    codes[end..].starts_with('m').then_some(end + 2)
}

/// `text` as code in Markdown, in a table too. Every mark that could mean something is an entity, which never does.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::from("<code>");
    let mut last = ' ';
    for c in visible(text).chars() {
        // `www.` would become a link.
        let plain = matches!(c, ',' | '-' | '/' | '=' | '%' | '\'') || (c == '.' && !matches!(last, 'w' | 'W'));
        match c {
            c if c.is_ascii_punctuation() && !plain => {
                let _ = write!(out, "&#{};", c as u32);
            }
            c => out.push(c),
        }
        last = c;
    }
    out + "</code>"
}

/// `text` as the message of a workflow command.
pub(super) fn message(text: &str) -> String {
    visible(text).replace('%', "%25")
}

/// `text` as the value of a property of a workflow command.
pub(super) fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

/// Writes `value` as JSON on one line. What could steer a terminal or a log is written by its number, which is the same to whoever
/// reads JSON.
pub(super) fn json<T: Serialize + ?Sized>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(by_numbers(&serde_json::to_string(value)?, &[]).as_bytes())
}

/// The same inside an element of HTML: nothing in it ends the element or opens another.
pub(super) fn json_in_markup<T: Serialize + ?Sized>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(by_numbers(&serde_json::to_string(value)?, &['<', '>', '&']).as_bytes())
}

/// The same on many lines, for people too.
pub(super) fn pretty_json<T: Serialize + ?Sized>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(by_numbers(&serde_json::to_string_pretty(value)?, &[]).as_bytes())
}

/// Whether a character could do harm that begins with a byte.
const MAY_HARM: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, 0..=0x1F | b'#' | b'<' | b'>' | b'&' | 0x7F | 0xC2 | 0xD8 | 0xE1 | 0xE2 | 0xEF..);
        byte += 1;
    }
    table
};

/// JSON in which what could do harm, and `more`, all of which stands inside strings alone, is written by its number.
fn by_numbers(json: &str, more: &[char]) -> String {
    let mut out = String::with_capacity(json.len());
    let mut written = 0;
    let mut read = 0;
    while let Some(length) = json.as_bytes()[read..].iter().position(|&byte| MAY_HARM[usize::from(byte)]) {
        let at = read + length;
        read = at + 1;
        let Some(c) = json[at..].chars().next() else { break };
        let command = c == '#' && COMMANDS.iter().any(|command| json[at..].starts_with(command));
        if command || (c.is_control() && c != '\n') || is_hidden(c) || more.contains(&c) {
            out.push_str(&json[written..at]);
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
            written = at + c.len_utf8();
        }
    }
    out + &json[written..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_can_be_seen() {
        assert_eq!(visible("a\r\nb\rc\n\t\0\x1b\x7f"), "a⏎b⏎c⏎ ␀␛␡");
        assert_eq!(visible("\u{9b}\u{202E}\u{2066}\u{2028}\u{200B}\u{FEFF}"), "⟨U+009B⟩⟨U+202E⟩⟨U+2066⟩⟨U+2028⟩⟨U+200B⟩⟨U+FEFF⟩");
        assert_eq!(visible("\u{FFFE}\u{1FFFF}\u{E0041}"), "⟨U+FFFE⟩⟨U+1FFFF⟩⟨U+E0041⟩");
        assert_eq!(visible("a ##[b] ##"), "a ⟨U+0023⟩#[b] ##");
        assert_eq!(visible("汉𠮷👨\u{200D}👩é"), "汉𠮷👨\u{200D}👩é");
    }

    #[test]
    fn a_log_obeys_nothing() {
        assert_eq!(harmless("::error::x\n  ::set-env\na::b", false), "⟨U+003A⟩:error::x\n  ⟨U+003A⟩:set-env\na::b");
        assert_eq!(harmless("甲 ##[error]x ##vso[y] ## [z]", false), "甲 ⟨U+0023⟩#[error]x ⟨U+0023⟩#vso[y] ## [z]");
        assert_eq!(harmless("\x1b[31m红\x1b[0m\x1b[2J\x1b[1", true), "\x1b[31m红\x1b[0m␛[2J␛[1");
        assert_eq!(harmless("\x1b[31m红\x1b[0m\r\n", false), "␛[31m红␛[0m␍\n");
    }

    #[test]
    fn all_that_does_harm_is_looked_at() {
        let harmful = |c: &char| c.is_control() || is_hidden(*c) || matches!(c, '#' | '<' | '>' | '&');
        assert!(('\0'..=char::MAX).filter(harmful).all(|c| MAY_HARM[usize::from(c.encode_utf8(&mut [0; 4]).as_bytes()[0])]));
    }

    #[test]
    fn every_form_has_its_escapes() {
        assert_eq!(markdown("a|`b`@c\n"), "<code>a&#124;&#96;b&#96;&#64;c⏎</code>");
        assert_eq!(markdown("www.x/y.txt"), "<code>www&#46;x/y.txt</code>");
        assert_eq!(message("50%0A::x\n"), "50%250A::x⏎");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
        let mut out = Vec::new();
        json("\u{9b}\u{202E}\u{E0041}\x7f\n\"##[x]汉", &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, r##""\u009b\u202e\udb40\udc41\u007f\n\"\u0023#[x]汉""##);
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), "\u{9b}\u{202E}\u{E0041}\x7f\n\"##[x]汉");
    }
}
