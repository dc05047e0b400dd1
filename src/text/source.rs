//! A document's original bytes with the text they decode to. Never changed once made.

use super::Span;
use super::encoding::{DecodeError, EncodeError, Encoding};
use super::segments::ByteMap;

/// The original of a document.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    body: Body,
    bom: usize,
    encoding: Encoding,
}

#[derive(Debug, Clone)]
enum Body {
    /// Valid UTF-8: bytes and text are the same memory.
    Utf8(String),
    /// Anything else: the text is decoded, and a map leads back to the bytes.
    Mapped { bytes: Vec<u8>, text: String, map: ByteMap },
}

/// How the lines of a text end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newline {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r`
    Cr,
}

impl Newline {
    /// The characters of the line end.
    pub fn as_str(self) -> &'static str {
        match self {
            Newline::Lf => "\n",
            Newline::CrLf => "\r\n",
            Newline::Cr => "\r",
        }
    }

    /// The line end that `text` uses most; LF when it has none.
    pub fn of(text: &str) -> Newline {
        let (mut lf, mut crlf, mut cr) = (0, 0, 0);
        for line in super::lines::lines(text) {
            match &text[line.content.end..line.next] {
                "\n" => lf += 1,
                "\r\n" => crlf += 1,
                "\r" => cr += 1,
                _ => {}
            }
        }
        if crlf > lf && crlf >= cr {
            Newline::CrLf
        } else if cr > lf {
            Newline::Cr
        } else {
            Newline::Lf
        }
    }
}

impl Source {
    /// A source that is already text.
    pub fn from_text(name: impl Into<String>, text: impl Into<String>) -> Source {
        let text = text.into();
        let bom = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
        Source { name: name.into(), body: Body::Utf8(text), bom, encoding: Encoding::Utf8 }
    }

    /// Decodes a file. Without `encoding` it is found by byte order mark, validity and likelihood.
    ///
    /// # Errors
    /// When the bytes are not text, or not text in that encoding; with `lossy` undecodable bytes become U+FFFD instead, and
    /// stay as they were in anything written from this source.
    pub fn decode(
        name: impl Into<String>,
        bytes: Vec<u8>,
        encoding: Option<Encoding>,
        lossy: bool,
    ) -> Result<Source, DecodeError> {
        let name = name.into();
        let encoding = match encoding.map_or_else(|| Encoding::detect(&bytes), Ok) {
            Ok(encoding) => encoding,
            Err(DecodeError::Unknown { .. }) if lossy => Encoding::Utf8,
            Err(error) => return Err(error),
        };
        let mark = encoding.bom();
        let bom = if !mark.is_empty() && bytes.starts_with(mark) { mark.len() } else { 0 };
        let bytes = match encoding {
            Encoding::Utf8 => match String::from_utf8(bytes) {
                Ok(text) => return Ok(Source { name, body: Body::Utf8(text), bom, encoding }),
                Err(error) => error.into_bytes(),
            },
            _ => bytes,
        };
        let (text, map) = ByteMap::decode(encoding, &bytes, bom, lossy)?;
        Ok(Source { name, body: Body::Mapped { bytes, text, map }, bom, encoding })
    }

    /// The document's name: a path, or `-` for the standard input.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text, without a byte order mark.
    pub fn text(&self) -> &str {
        match &self.body {
            Body::Utf8(text) => &text[self.bom..],
            Body::Mapped { text, .. } => text,
        }
    }

    /// The original bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.body {
            Body::Utf8(text) => text.as_bytes(),
            Body::Mapped { bytes, .. } => bytes,
        }
    }

    /// The encoding the bytes are in.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Length of the byte order mark, in bytes; 0 when there is none.
    pub fn bom_len(&self) -> usize {
        self.bom
    }

    /// Where `offset` of the text stands among the original bytes.
    pub fn byte_offset(&self, offset: usize) -> usize {
        match &self.body {
            Body::Utf8(_) => offset + self.bom,
            Body::Mapped { bytes, map, .. } => map.byte_offset(bytes, offset),
        }
    }

    /// Where a span of the text stands among the original bytes.
    pub fn byte_span(&self, span: Span) -> Span {
        Span::new(self.byte_offset(span.start), self.byte_offset(span.end))
    }

    /// Bytes of `text` in this source's encoding.
    ///
    /// # Errors
    /// When the encoding lacks a character of `text`.
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, EncodeError> {
        self.encoding.encode(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "柳河镇的水利工程已经完成，今年春天开始放水。A1\r\n第二段";

    fn round_trip(encoding: Encoding, named: Option<Encoding>) {
        let mut bytes = encoding.bom().to_vec();
        if encoding == Encoding::Gb18030 {
            bytes.clear();
        }
        bytes.extend(encoding.encode(PROSE).unwrap());
        let source = Source::decode("x", bytes, named, false).unwrap();
        assert_eq!(source.encoding(), encoding);
        assert_eq!(source.text(), PROSE);
        for (offset, c) in PROSE.char_indices() {
            let span = source.byte_span(Span::new(offset, offset + c.len_utf8()));
            assert_eq!(source.bytes()[span.start..span.end], encoding.encode(&c.to_string()).unwrap(), "{encoding} {c}");
        }
    }

    #[test]
    fn marks_name_the_encoding() {
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
            round_trip(encoding, None);
        }
    }

    #[test]
    fn legacy_chinese_is_detected() {
        round_trip(Encoding::Gb18030, None);
        round_trip(Encoding::Gb18030, Some(Encoding::Gb18030));
        let text = "這個學校的學生今年開始學習新的課程，老師們都說很好。";
        let source = Source::decode("x", Encoding::Big5.encode(text).unwrap(), None, false).unwrap();
        assert_eq!((source.encoding(), source.text()), (Encoding::Big5, text));
    }

    #[test]
    fn utf16_without_a_mark() {
        let bytes = Encoding::Utf16Le.encode(PROSE).unwrap();
        let source = Source::decode("x", bytes, None, false).unwrap();
        assert_eq!((source.encoding(), source.text()), (Encoding::Utf16Le, PROSE));
    }

    #[test]
    fn bad_bytes_are_an_error_with_their_place() {
        let mut bytes = "好的\n".as_bytes().to_vec();
        bytes.extend(b"\xFFabc\n");
        let error = Source::decode("x", bytes.clone(), None, false).unwrap_err();
        assert_eq!(error, DecodeError::Unknown { offset: 7, byte: 0xFF });
        let source = Source::decode("x", bytes, None, true).unwrap();
        assert_eq!(source.text(), "好的\n\u{FFFD}abc\n");
        assert_eq!(source.byte_span(Span::new(7, 10)), Span::new(7, 8));
        assert_eq!(source.byte_offset(source.text().len()), source.bytes().len());
    }

    #[test]
    fn half_a_utf16_unit_is_an_error() {
        let bytes = b"\xFF\xFE\x2D\x4E\x41".to_vec();
        let error = Source::decode("x", bytes.clone(), None, false).unwrap_err();
        assert_eq!(error, DecodeError::Undecodable { offset: 4, byte: 0x41, encoding: Encoding::Utf16Le });
        assert_eq!(Source::decode("x", bytes, None, true).unwrap().text(), "中\u{FFFD}");
    }

    #[test]
    fn images_are_binary() {
        let error = Source::decode("x", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), None, false).unwrap_err();
        assert!(matches!(error, DecodeError::Binary { .. }), "{error}");
    }

    #[test]
    fn a_character_the_encoding_lacks_is_named() {
        let error = Encoding::Big5.encode("和这").unwrap_err();
        assert_eq!(error.character, '这');
    }
}
