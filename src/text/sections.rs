//! Sections of very long texts, to be cleaned one by one: what a text takes while it is cleaned is many times its own length.

use super::Span;

/// About how many bytes a section has. Texts of up to twice as many are cleaned as a whole.
pub const SECTION: usize = 4 << 20;

/// The sections of `raw`: spans that follow each other. They end where a paragraph does, or else a line, or else a sentence, as far as
/// there are any within reach. In the spelling of JSON no escape is cut.
pub fn sections(raw: &str, json: bool) -> Vec<Span> {
    let (mut sections, mut at) = (Vec::new(), 0);
    while raw.len() - at > 2 * SECTION {
        let end = end(raw, at + SECTION, json);
        sections.push(Span::new(at, end));
        at = end;
    }
    sections.push(Span::new(at, raw.len()));
    sections
}

/// Where to cut at `from` or somewhat after it.
fn end(raw: &str, from: usize, json: bool) -> usize {
    let from = (from..).find(|&at| raw.is_char_boundary(at)).unwrap_or(raw.len());
    let most = (from + SECTION / 2..).find(|&at| raw.is_char_boundary(at)).unwrap_or(raw.len());
    let near = &raw[from..most];
    let marks: [&str; 4] = if json { ["\\n\\n", "\\r\\n\\r\\n", "\\n", "。"] } else { ["\n\n", "\r\n\r\n", "\n", "。"] };
    let found = marks.iter().find_map(|mark| {
        let mut all = near.match_indices(mark).map(|(at, _)| from + at);
        all.find(|&at| !json || !escaped(raw, at)).map(|at| at + mark.len())
    });
    found.or_else(|| (from..most).find(|&at| raw.is_char_boundary(at) && (!json || whole(raw, at)))).unwrap_or(raw.len())
}

/// Whether the character at `at` belongs to the escape that begins before it.
fn escaped(raw: &str, at: usize) -> bool {
    raw.as_bytes()[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

/// Whether no escape, nor a pair of them that stands for one character, lies across `at`.
fn whole(raw: &str, at: usize) -> bool {
    const LONGEST: usize = "\\ud83d\\ude00".len();
    let bytes = raw.as_bytes();
    let begins = bytes[at] == b'\\' && !escaped(raw, at);
    let second = matches!(bytes.get(at + 2..at + 4), Some([b'd' | b'D', b'c'..=b'f' | b'C'..=b'F']));
    begins && !second || !bytes[at.saturating_sub(LONGEST)..at].contains(&b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_end_at_paragraphs_and_cut_no_escape() {
        let long = |part: &str| part.repeat(5 * SECTION / 2 / part.len());
        assert_eq!(sections("短", true), [Span::new(0, 3)]);
        for (part, json, ends) in [
            ("一段文字。\\n又一行\\n\\n", true, "\\n\\n"),
            ("一段文字。\n又一行\n\n", false, "\n\n"),
            ("一行文字\\\\n\\n", true, "\\n"),
            ("一句话。两\\\\n", true, "。"),
            ("\\ud842\\udfb7", true, "\\udfb7"),
            ("\\u4e00", true, "\\u4e00"),
            ("\\\\", true, "\\\\"),
            ("字", false, "字"),
        ] {
            let raw = long(part);
            let cut = sections(&raw, json);
            assert!(cut.len() == 2 && cut[0].start == 0 && cut[0].end == cut[1].start && cut[1].end == raw.len(), "{part}");
            assert!(cut[0].of(&raw).ends_with(ends), "{part}");
            assert!((SECTION..2 * SECTION).contains(&cut[0].end), "{part}");
            if json {
                assert!(serde_json::from_str::<String>(&format!("\"{}\"", cut[0].of(&raw))).is_ok(), "{part}");
            }
        }
    }

    #[test]
    fn what_follows_paragraphs_is_linear() {
        // Of escaped backslashes without end, where every parity has to be counted.
        let raw = "\\".repeat(12 << 20);
        assert!(!sections(&raw, true).is_empty());
    }
}
