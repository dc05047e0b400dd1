//! The text of a JSON string, and edits of it written back into the string as it is spelt.

use super::RecordError;
use std::borrow::Cow;
use std::fmt::Write;

/// A JSON string or a section of one: its text, and where each part of the text is written.
pub(super) struct JsonString<'r> {
    /// Its text.
    pub text: Cow<'r, str>,
    /// After each escape: the offset in the text, and that in what is written. In between, both count alike.
    marks: Vec<(usize, usize)>,
}

impl<'r> JsonString<'r> {
    /// Reads what is between the quotes of a string that is valid JSON (RFC 8259, section 7).
    ///
    /// # Errors
    /// When an escape stands for half a character.
    pub fn read(inner: &'r str) -> Result<JsonString<'r>, RecordError> {
        if !inner.contains('\\') {
            return Ok(JsonString { text: Cow::Borrowed(inner), marks: vec![(0, 0)] });
        }
        let mut text = String::with_capacity(inner.len());
        let (mut marks, mut at) = (vec![(0, 0)], 0);
        while let Some(found) = memchr::memchr(b'\\', &inner.as_bytes()[at..]) {
            text.push_str(&inner[at..at + found]);
            at += found;
            let (c, length) = unescape(&inner[at..])?;
            text.push(c);
            at += length;
            marks.push((text.len(), at));
        }
        text.push_str(&inner[at..]);
        Ok(JsonString { text: Cow::Owned(text), marks })
    }

    /// Where what stands at `offset` of the text is written.
    pub fn raw_offset(&self, offset: usize) -> usize {
        let (text, raw) = self.marks[self.marks.partition_point(|&(text, _)| text <= offset) - 1];
        raw + (offset - text)
    }
}

/// Whether a string, written as `inner`, has characters beyond ASCII and writes all of them as escapes.
pub(super) fn is_ascii(inner: &str) -> bool {
    let beyond = |(at, _): (usize, &str)| {
        let odd = inner.as_bytes()[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1;
        !odd && inner.get(at + 2..at + 6).and_then(|digits| u16::from_str_radix(digits, 16).ok()).is_some_and(|unit| unit > 0x7F)
    };
    inner.is_ascii() && inner.match_indices("\\u").any(beyond)
}

/// `text` as it is written inside a string.
pub(super) fn escaped(text: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            c if c < ' ' || ascii && !c.is_ascii() => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out
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
        let inner = &raw[1..raw.len() - 1];
        let string = JsonString::read(inner).unwrap();
        let start = string.text.find(from).unwrap();
        let [start, end] = [start, start + from.len()].map(|at| string.raw_offset(at));
        format!("\"{}{}{}\"", &inner[..start], escaped(to, is_ascii(inner)), &inner[end..])
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
            assert!(matches!(JsonString::read(&wrong[1..wrong.len() - 1]), Err(RecordError::HalfCharacter(_))), "{wrong}");
        }
    }
}
