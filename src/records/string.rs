//! The text of a JSON string, and edits of it written back into the string as it is spelt.

use super::RecordError;
use crate::text::Span;
use std::borrow::Cow;
use std::fmt::Write;

/// A JSON string: its text, and where each part of the text is written.
pub(super) struct JsonString<'r> {
    /// As it is written, its quotes included.
    raw: &'r str,
    /// Its text.
    pub text: Cow<'r, str>,
    /// After each escape: the offset in the text, and that in `raw`. In between, both count alike.
    marks: Vec<(usize, usize)>,
    /// Whether it writes what is not ASCII as escapes.
    ascii: bool,
}

impl<'r> JsonString<'r> {
    /// Reads a string that is valid JSON (RFC 8259, section 7).
    ///
    /// # Errors
    /// When an escape stands for half a character.
    pub fn read(raw: &'r str) -> Result<JsonString<'r>, RecordError> {
        let inner = &raw[1..raw.len() - 1];
        if !inner.contains('\\') {
            return Ok(JsonString { raw, text: Cow::Borrowed(inner), marks: vec![(0, 1)], ascii: false });
        }
        let mut text = String::with_capacity(inner.len());
        let (mut marks, mut at, mut spelt) = (vec![(0, 1)], 0, false);
        while let Some(found) = memchr::memchr(b'\\', &inner.as_bytes()[at..]) {
            text.push_str(&inner[at..at + found]);
            at += found;
            let (c, length) = unescape(&inner[at..])?;
            spelt |= !c.is_ascii();
            text.push(c);
            at += length;
            marks.push((text.len(), at + 1));
        }
        text.push_str(&inner[at..]);
        Ok(JsonString { raw, text: Cow::Owned(text), marks, ascii: spelt && raw.is_ascii() })
    }

    /// The string with `edits` made, which are spans of the text, ascending and disjoint, and what is to stand there. All else is
    /// written as it was.
    pub fn spliced<'e>(&self, edits: impl Iterator<Item = (Span, &'e str)>, out: &mut String) {
        let mut at = 0;
        for (span, new) in edits {
            out.push_str(&self.raw[at..self.raw_offset(span.start)]);
            self.escape(new, out);
            at = self.raw_offset(span.end);
        }
        out.push_str(&self.raw[at..]);
    }

    fn raw_offset(&self, offset: usize) -> usize {
        let (text, raw) = self.marks[self.marks.partition_point(|&(text, _)| text <= offset) - 1];
        raw + (offset - text)
    }

    /// Adds `text` as it is written inside a string.
    fn escape(&self, text: &str, out: &mut String) {
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{C}' => out.push_str("\\f"),
                c if c < ' ' || self.ascii && !c.is_ascii() => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        let _ = write!(out, "\\u{unit:04x}");
                    }
                }
                c => out.push(c),
            }
        }
    }
}

/// The character that the escape at the beginning of `rest` stands for, and the escape's length.
fn unescape(rest: &str) -> Result<(char, usize), RecordError> {
    let simple = match rest.as_bytes().get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(&mark @ (b'"' | b'\\' | b'/')) => mark.into(),
        _ => {
            let unit = |at: usize| {
                let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
                u16::from_str_radix(digits, 16).ok()
            };
            let half = || RecordError::HalfCharacter(rest.chars().take(6).collect());
            let first = unit(0).ok_or_else(half)?;
            return match char::from_u32(first.into()) {
                Some(c) => Ok((c, 6)),
                None => {
                    let pair = char::decode_utf16([first, unit(6).ok_or_else(half)?]).next();
                    Ok((pair.and_then(Result::ok).ok_or_else(half)?, 12))
                }
            };
        }
    };
    Ok((simple, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(raw: &str, from: &str, to: &str) -> String {
        let string = JsonString::read(raw).unwrap();
        let start = string.text.find(from).unwrap();
        let mut out = String::new();
        string.spliced([(Span::new(start, start + from.len()), to)].into_iter(), &mut out);
        out
    }

    #[test]
    fn what_is_not_edited_stays_as_it_is_spelt() {
        assert_eq!(edited(r#""a\/b\u00e9甲and乙\u4e2d\n""#, "and", "\"和\""), r#""a\/b\u00e9甲\"和\"乙\u4e2d\n""#);
        assert_eq!(edited(r#""\u4e00and\ud842\udfb7""#, "and", "𠮷和\n"), r#""\u4e00\ud842\udfb7\u548c\n\ud842\udfb7""#);
        assert_eq!(edited(r#""一\n二\n三""#, "\n二\n", ""), r#""一三""#);
        assert_eq!(edited(r#""and""#, "and", ""), r#""""#);
    }

    #[test]
    fn half_characters_are_told() {
        for wrong in [r#""a\ud83d""#, r#""\ud83dx""#, r#""\ude00\ud83d""#, r#""\ud83d\u4e00""#] {
            assert!(matches!(JsonString::read(wrong), Err(RecordError::HalfCharacter(_))), "{wrong}");
        }
    }
}
