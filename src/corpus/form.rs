//! The bytes of a cleaned document, in the input's form or another.

use crate::edit::Revision;
use crate::text::{EncodeError, Encoding, Newline};
use std::borrow::Cow;

/// What of the form to change. By default nothing: encoding, byte order mark and line ends stay as they were.
#[derive(Debug, Clone, Copy, Default)]
pub struct Form {
    /// The encoding to write.
    pub encoding: Option<Encoding>,
    /// The line end to write.
    pub newline: Option<Newline>,
}

impl Form {
    /// Whether `revision` goes to another encoding than it came from.
    pub fn transcodes(&self, revision: &Revision) -> bool {
        self.encoding.is_some_and(|encoding| encoding != revision.source().encoding())
    }

    /// The cleaned file.
    ///
    /// # Errors
    /// When the encoding lacks a character of it.
    pub fn bytes<'a>(&self, revision: &'a Revision) -> Result<Cow<'a, [u8]>, EncodeError> {
        let source = revision.source();
        let (bytes, encoding) = match self.encoding {
            Some(encoding) if self.transcodes(revision) => (Cow::Owned(transcoded(revision, encoding)?), encoding),
            _ if revision.is_changed() => (Cow::Owned(revision.cleaned_bytes()?), source.encoding()),
            _ => (Cow::Borrowed(source.bytes()), source.encoding()),
        };
        Ok(match (self.newline, encoding) {
            (None, _) => bytes,
            (Some(newline), Encoding::Utf16Le) => with_newlines(&bytes, newline, u16::from_le_bytes, u16::to_le_bytes).into(),
            (Some(newline), Encoding::Utf16Be) => with_newlines(&bytes, newline, u16::from_be_bytes, u16::to_be_bytes).into(),
            // In all the others CR and LF are single bytes that are part of no other character.
            (Some(newline), _) => with_newlines(&bytes, newline, |[byte]: [u8; 1]| byte.into(), |unit| [unit as u8]).into(),
        })
    }
}

/// The cleaned text in `encoding`. UTF-16 always gets a byte order mark, UTF-8 only when the source had one.
fn transcoded(revision: &Revision, encoding: Encoding) -> Result<Vec<u8>, EncodeError> {
    let marked = match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => true,
        Encoding::Utf8 => revision.source().bom_len() > 0,
        Encoding::Gb18030 | Encoding::Big5 => false,
    };
    let mut bytes = if marked { encoding.bom().to_vec() } else { Vec::new() };
    bytes.extend(encoding.encode(revision.cleaned())?);
    Ok(bytes)
}

/// Every line end becomes `newline`. Works on units of `N` bytes, so that what cannot be decoded stays as it is.
fn with_newlines<const N: usize>(bytes: &[u8], newline: Newline, read: fn([u8; N]) -> u16, write: fn(u16) -> [u8; N]) -> Vec<u8> {
    let (cr, lf) = (u16::from(b'\r'), u16::from(b'\n'));
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    let (units, rest) = bytes.as_chunks::<N>();
    let mut units = units.iter().peekable();
    while let Some(unit) = units.next() {
        let value = read(*unit);
        if value != cr && value != lf {
            out.extend(unit);
            continue;
        }
        if value == cr {
            units.next_if(|next| read(**next) == lf);
        }
        out.extend(newline.as_str().bytes().flat_map(|byte| write(byte.into())));
    }
    out.extend(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_any_kind_and_width() {
        let utf8 = |text: &str, newline| {
            String::from_utf8(with_newlines(text.as_bytes(), newline, |[b]: [u8; 1]| b.into(), |unit| [unit as u8])).unwrap()
        };
        assert_eq!(utf8("a\nb\r\nc\rd\r", Newline::CrLf), "a\r\nb\r\nc\r\nd\r\n");
        assert_eq!(utf8("a\nb\r\nc\rd\n\r", Newline::Lf), "a\nb\nc\nd\n\n");
        // U+0A0D holds both bytes and is no line end.
        let text = "甲\u{0A0D}\r\n";
        let bytes = with_newlines(&Encoding::Utf16Le.encode(text).unwrap(), Newline::Lf, u16::from_le_bytes, u16::to_le_bytes);
        assert_eq!(bytes, Encoding::Utf16Le.encode("甲\u{0A0D}\n").unwrap());
    }
}
