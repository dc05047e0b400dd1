//! Where each character of a decoded text stood among the original bytes, for every encoding that is not plain UTF-8.

use super::encoding::{DecodeError, Encoding};

/// One step of decoding: this many bytes made this text.
struct Segment {
    bytes: usize,
    text: [u8; 8],
    length: usize,
    bad: bool,
}

/// Length in bytes of the sequence that begins at `bytes[0]`, by the syntax of the encoding alone.
fn sequence_length(encoding: Encoding, bytes: &[u8]) -> usize {
    let length = match (encoding, bytes) {
        (Encoding::Utf8, _) => utf8_sequence(bytes),
        (Encoding::Utf16Le, [_, high, ..]) if (0xD8..0xDC).contains(high) => 4,
        (Encoding::Utf16Be, [high, ..]) if (0xD8..0xDC).contains(high) => 4,
        (Encoding::Utf16Le | Encoding::Utf16Be, _) => 2,
        (Encoding::Gb18030, [0x81..=0xFE, 0x30..=0x39, ..]) => 4,
        (Encoding::Gb18030 | Encoding::Big5, [0x81..=0xFE, ..]) => 2,
        _ => 1,
    };
    length.min(bytes.len())
}

/// A valid UTF-8 sequence, or the bytes that one replacement character stands for.
fn utf8_sequence(bytes: &[u8]) -> usize {
    let window = &bytes[..bytes.len().min(4)];
    let Some(chunk) = window.utf8_chunks().next() else { return 1 };
    match chunk.valid().chars().next() {
        Some(c) => c.len_utf8(),
        None => chunk.invalid().len().max(1),
    }
}

fn segment(encoding: Encoding, bytes: &[u8]) -> Segment {
    let mut length = sequence_length(encoding, bytes);
    let mut text = [0; 8];
    let wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    if length == 1 && bytes[0].is_ascii() && !wide {
        text[0] = bytes[0];
        return Segment { bytes: 1, text, length: 1, bad: false };
    }
    let decoder = encoding.decoder();
    loop {
        let decoded = decoder.decode_without_bom_handling_and_without_replacement(&bytes[..length]);
        if let Some(decoded) = decoded.filter(|d| d.len() <= 8 && !d.is_empty()) {
            text[..decoded.len()].copy_from_slice(decoded.as_bytes());
            return Segment { bytes: length, text, length: decoded.len(), bad: false };
        }
        // A bad long sequence may hide a good short one behind its first byte.
        let shorter = match (encoding, length) {
            (Encoding::Gb18030 | Encoding::Big5, 2..) => 1,
            (Encoding::Utf16Le | Encoding::Utf16Be, 4) => 2,
            _ => length,
        };
        let replacement = "\u{FFFD}".as_bytes();
        text[..replacement.len()].copy_from_slice(replacement);
        if shorter == length || wide || !bytes[0].is_ascii() {
            return Segment { bytes: shorter, text, length: replacement.len(), bad: true };
        }
        length = shorter;
    }
}

/// Checkpoints between a decoded text and its bytes.
#[derive(Debug, Clone)]
pub(super) struct ByteMap {
    encoding: Encoding,
    /// (offset in the text, offset in the bytes), ascending, the first at the start of the text.
    marks: Vec<(usize, usize)>,
}

const STRIDE: usize = 512;

impl ByteMap {
    /// Decodes `bytes` from `start` on. Bad sequences become U+FFFD when `lossy`, else the first is the error.
    pub(super) fn decode(encoding: Encoding, bytes: &[u8], start: usize, lossy: bool) -> Result<(String, ByteMap), DecodeError> {
        let mut text = String::with_capacity(bytes.len() * 3 / 2);
        let mut marks = vec![(0, start)];
        let mut at = start;
        while at < bytes.len() {
            let step = segment(encoding, &bytes[at..]);
            if step.bad && !lossy {
                return Err(DecodeError::Undecodable { offset: at, byte: bytes[at], encoding });
            }
            if at - marks[marks.len() - 1].1 >= STRIDE {
                marks.push((text.len(), at));
            }
            match std::str::from_utf8(&step.text[..step.length]) {
                Ok(piece) => text.push_str(piece),
                Err(_) => text.push('\u{FFFD}'),
            }
            at += step.bytes;
        }
        Ok((text, ByteMap { encoding, marks }))
    }

    /// The offset in `bytes` of the character at `offset` of the decoded text.
    pub(super) fn byte_offset(&self, bytes: &[u8], offset: usize) -> usize {
        let mark = self.marks.partition_point(|&(text, _)| text <= offset).saturating_sub(1);
        let (mut text, mut at) = self.marks[mark];
        while text < offset && at < bytes.len() {
            let step = segment(self.encoding, &bytes[at..]);
            text += step.length;
            at += step.bytes;
        }
        at
    }
}
