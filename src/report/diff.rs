//! Unified diffs that `git apply` and `patch -p1` take, made from the known edits. They speak of bytes, so they hold for any
//! encoding, and of lines that end at LF alone, as those tools do. What the documents hold stands in them byte for byte, control
//! characters too; `to_read` is for terminals.

use super::escape::visible;
use super::paint::Paint;
use crate::edit::{Hunk, Patch, Revision};
use crate::text::EncodeError;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Component, Path};

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// Whole lines that are replaced by whole lines.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    old: Range<usize>,
    new: Vec<u8>,
}

/// The diff of one document, nothing when it has no edits.
///
/// # Errors
/// When an edit writes a character that the document's encoding lacks.
pub fn of_bytes(label: &[u8], revision: &Revision) -> Result<Vec<u8>, EncodeError> {
    if !revision.is_changed() {
        return Ok(Vec::new());
    }
    Ok(unified(label, revision.source().bytes(), &revision.patch()?))
}

/// The diff of one document's decoded text as UTF-8, for outputs in another encoding than the input's.
pub fn of_text(label: &[u8], revision: &Revision) -> Vec<u8> {
    if !revision.is_changed() {
        return Vec::new();
    }
    let text = revision.source().text();
    let hunks = revision.edits.iter().map(|edit| Hunk {
        start: edit.source.start,
        old: edit.source.of(text).into(),
        new: edit.cleaned.of(revision.cleaned()).into(),
    });
    unified(label, text.as_bytes(), &Patch { hunks: hunks.collect() })
}

/// The same for people at a terminal: as text, in colours, with everything visible and nothing that steers the terminal. It can be
/// looked at but not applied.
///
/// # Errors
/// Those of `out`.
pub fn to_read(label: &[u8], revision: &Revision, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let diff = String::from_utf8_lossy(&of_text(label, revision)).into_owned();
    for line in diff.split_terminator('\n') {
        let shown = visible(line.strip_suffix('\r').unwrap_or(line));
        match line.as_bytes().first() {
            Some(b'+') => writeln!(out, "{}", paint.added(shown))?,
            Some(b'-') => writeln!(out, "{}", paint.removed(shown))?,
            Some(b'@') => writeln!(out, "{}", paint.dim(shown))?,
            _ => writeln!(out, "{shown}")?,
        }
    }
    Ok(())
}

/// The name of a file in a diff: the parts of its path with `/` between them, and nothing before the first.
pub fn label(path: &Path) -> Vec<u8> {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.as_encoded_bytes()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join(&b'/')
}

/// The unified diff between `original` and what `patch` makes of it.
fn unified(label: &[u8], original: &[u8], patch: &Patch) -> Vec<u8> {
    let blocks = blocks(original, &patch.hunks);
    let mut out = Vec::new();
    if blocks.is_empty() {
        return out;
    }
    header(&mut out, "--- ", b"a/", label);
    header(&mut out, "+++ ", b"b/", label);
    // Up to here lines of the old file are counted; the new file is ahead of it by `ahead`.
    let (mut counted_to, mut line, mut ahead) = (0, 0usize, 0isize);
    let mut rest = blocks.as_slice();
    while let Some(first) = rest.first() {
        let gap = |pair: &[Block]| count_lines(&original[pair[0].old.end..pair[1].old.start]) <= 2 * CONTEXT;
        let size = 1 + rest.windows(2).take_while(|pair| gap(pair)).count();
        let (group, later) = rest.split_at(size);
        rest = later;

        let start = lines_back(original, first.old.start, CONTEXT);
        let end = lines_forward(original, group[size - 1].old.end, CONTEXT);
        line += count_lines(&original[counted_to..start]);
        counted_to = start;

        let mut body = Vec::new();
        let (mut old_count, mut new_count) = (0, 0);
        let mut at = start;
        for block in group {
            let context = put(&mut body, b' ', &original[at..block.old.start]);
            let old = put(&mut body, b'-', &original[block.old.clone()]);
            let new = put(&mut body, b'+', &block.new);
            old_count += context + old;
            new_count += context + new;
            at = block.old.end;
        }
        let context = put(&mut body, b' ', &original[at..end]);
        let (old_count, new_count) = (old_count + context, new_count + context);

        let new_line = line.saturating_add_signed(ahead);
        out.extend(format!("@@ -{} +{} @@\n", range(line, old_count), range(new_line, new_count)).bytes());
        out.extend(body);
        ahead += new_count as isize - old_count as isize;
    }
    out
}

/// `line` counts the lines before; an empty range names the line before it, a range of one line has no count.
fn range(line: usize, count: usize) -> String {
    match count {
        0 => format!("{line},0"),
        1 => format!("{}", line + 1),
        _ => format!("{},{count}", line + 1),
    }
}

/// Widens the hunks to whole lines, joins those that meet in a line, and leaves out lines that stay as they are.
fn blocks(original: &[u8], hunks: &[Hunk]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut hunks = hunks.iter().peekable();
    while let Some(hunk) = hunks.next() {
        let start = line_start(original, hunk.start);
        let mut new = original[start..hunk.start].to_vec();
        new.extend(&hunk.new);
        let mut at = hunk.start + hunk.old.len();
        // The end of the line that `at` is in; looked for once a line, however many hunks the line holds.
        let mut reach = 0;
        let end = loop {
            if at >= reach {
                reach = line_end(original, at);
            }
            let whole = starts_line(original, at) && (new.is_empty() || new.ends_with(b"\n"));
            let end = if whole { at } else { reach };
            match hunks.next_if(|next| next.start < end || (next.start == end && !starts_line(original, end))) {
                Some(next) => {
                    new.extend(&original[at..next.start]);
                    new.extend(&next.new);
                    at = next.start + next.old.len();
                }
                None => break end,
            }
        };
        new.extend(&original[at..end]);
        blocks.extend(trimmed(original, Block { old: start..end, new }));
    }
    blocks
}

/// The block without the lines at its ends that are the same before and after; none when all are.
fn trimmed(original: &[u8], block: Block) -> Option<Block> {
    let (mut old, mut new) = (&original[block.old.clone()], block.new.as_slice());
    let mut start = block.old.start;
    while let (Some(a), Some(b)) = (old.split_inclusive(is_lf).next(), new.split_inclusive(is_lf).next()) {
        if a != b {
            break;
        }
        (old, new) = (&old[a.len()..], &new[b.len()..]);
        start += a.len();
    }
    while let (Some(a), Some(b)) = (old.split_inclusive(is_lf).next_back(), new.split_inclusive(is_lf).next_back()) {
        if a != b {
            break;
        }
        (old, new) = (&old[..old.len() - a.len()], &new[..new.len() - b.len()]);
    }
    (!old.is_empty() || !new.is_empty()).then(|| Block { old: start..start + old.len(), new: new.to_vec() })
}

fn is_lf(byte: &u8) -> bool {
    *byte == b'\n'
}

fn starts_line(bytes: &[u8], at: usize) -> bool {
    at == 0 || bytes[at - 1] == b'\n'
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    bytes[..at].iter().rposition(is_lf).map_or(0, |lf| lf + 1)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(is_lf).map_or(bytes.len(), |lf| at + lf + 1)
}

/// The start of the line `count` lines before the line start `at`.
fn lines_back(bytes: &[u8], mut at: usize, count: usize) -> usize {
    for _ in 0..count {
        if at > 0 {
            at = line_start(bytes, at - 1);
        }
    }
    at
}

fn lines_forward(bytes: &[u8], mut at: usize, count: usize) -> usize {
    for _ in 0..count {
        at = line_end(bytes, at);
    }
    at
}

fn count_lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| is_lf(b)).count()
}

/// Writes `lines` with `mark` before each; returns how many there are.
fn put(out: &mut Vec<u8>, mark: u8, lines: &[u8]) -> usize {
    let mut count = 0;
    for line in lines.split_inclusive(is_lf) {
        out.push(mark);
        out.extend(line);
        if !line.ends_with(b"\n") {
            out.extend(b"\n\\ No newline at end of file\n");
        }
        count += 1;
    }
    count
}

/// A header line. Names that hold control characters, quotes or backslashes are quoted as in C; those with a blank end in a
/// tab, without which `patch` would cut them short.
fn header(out: &mut Vec<u8>, start: &str, side: &[u8], label: &[u8]) {
    out.extend(start.bytes());
    if label.iter().any(|&b| b < b' ' || matches!(b, b'"' | b'\\' | 0x7F)) {
        out.push(b'"');
        out.extend(side);
        for &byte in label {
            match byte {
                b'"' | b'\\' => out.extend([b'\\', byte]),
                b'\n' => out.extend(b"\\n"),
                b'\t' => out.extend(b"\\t"),
                b'\r' => out.extend(b"\\r"),
                0..b' ' | 0x7F => out.extend(format!("\\{byte:03o}").bytes()),
                _ => out.push(byte),
            }
        }
        out.push(b'"');
    } else {
        out.extend(side);
        out.extend(label);
        if label.contains(&b' ') {
            out.push(b'\t');
        }
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(original: &str, hunks: &[(usize, &str, &str)]) -> String {
        let hunks = hunks.iter().map(|&(start, old, new)| Hunk { start, old: old.into(), new: new.into() }).collect();
        String::from_utf8(unified(b"x", original.as_bytes(), &Patch { hunks })).unwrap()
    }

    #[test]
    fn a_terminal_sees_what_a_patch_holds() {
        use crate::text::Source;
        let pipeline = crate::pass::Pipeline::new(&crate::rule::Pack::built_in().unwrap()).unwrap();
        let source = Source::from_text("x", "⼈民\u{1b}[2J\u{202E}\r\n");
        let revision = pipeline.revise(source, crate::edit::Applicability::Auto);
        let mut out = Vec::new();
        to_read(b"x", &revision, Paint::Plain, &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert!(shown.starts_with("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-⼈民␛[2J⟨U+202E⟩\n+人民␛[2J"), "{shown}");
    }

    #[test]
    fn a_removed_line_end_joins_two_lines() {
        assert_eq!(diff("ab\ncd\nef\n", &[(2, "\n", "")]), "--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@\n-ab\n-cd\n+abcd\n ef\n");
        assert_eq!(
            diff("ab\ncd\nef\n", &[(2, "\n", ""), (5, "\n", "")]),
            "--- a/x\n+++ b/x\n@@ -1,3 +1 @@\n-ab\n-cd\n-ef\n+abcdef\n"
        );
    }

    #[test]
    fn whole_lines_stay_whole() {
        assert_eq!(diff("a\nb\nc\n", &[(2, "b\n", "")]), "--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@\n a\n-b\n c\n");
        assert_eq!(diff("a\nb\nc\n", &[(1, "\nb", "")]), "--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@\n a\n-b\n c\n");
        assert_eq!(diff("a\nc\n", &[(2, "", "b\n")]), "--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n a\n+b\n c\n");
        assert_eq!(diff("", &[(0, "", "b\n")]), "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+b\n");
        assert_eq!(diff("b\n", &[(0, "b\n", "")]), "--- a/x\n+++ b/x\n@@ -1 +0,0 @@\n-b\n");
    }

    #[test]
    fn a_missing_last_line_end_is_told() {
        assert_eq!(
            diff("a\nb", &[(2, "b", "c")]),
            "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"
        );
        assert_eq!(
            diff("a\nb", &[(2, "b", "c"), (3, "", "d\n")]),
            "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+cd\n"
        );
    }

    #[test]
    fn distant_changes_are_hunks_of_their_own() {
        let text: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let at = text.find("\n20").unwrap() + 1;
        assert_eq!(
            diff(&text, &[(0, "1", "x\ny"), (at, "20", "z")]),
            "--- a/x\n+++ b/x\n@@ -1,4 +1,5 @@\n-1\n+x\n+y\n 2\n 3\n 4\n@@ -17,4 +18,4 @@\n 17\n 18\n 19\n-20\n+z\n"
        );
    }

    #[test]
    fn awkward_names_are_quoted() {
        let mut out = Vec::new();
        header(&mut out, "--- ", b"a/", "一 二.txt".as_bytes());
        header(&mut out, "--- ", b"a/", b"q\"\\\n\x01.txt");
        assert_eq!(String::from_utf8(out).unwrap(), "--- a/一 二.txt\t\n--- \"a/q\\\"\\\\\\n\\001.txt\"\n");
    }

    /// What `patch` would make of a diff, strictly: every context and removed line must be there.
    fn patched(original: &[u8], diff: &[u8]) -> Vec<u8> {
        let old: Vec<&[u8]> = original.split_inclusive(is_lf).collect();
        let lines: Vec<&[u8]> = diff.split_inclusive(is_lf).collect();
        let (mut out, mut at) = (Vec::new(), 0);
        for (index, line) in lines.iter().enumerate().skip(2) {
            let bare = lines.get(index + 1).is_some_and(|next| next.starts_with(b"\\"));
            let content = &line[1..line.len() - usize::from(bare)];
            match line[0] {
                b'@' => {
                    let numbers = std::str::from_utf8(line).unwrap();
                    let (start, count) = numbers[4..].split(' ').next().map(|r| r.split_once(',').unwrap_or((r, "1"))).unwrap();
                    let first = start.parse::<usize>().unwrap() - usize::from(count != "0");
                    out.extend(old[at..first].concat());
                    at = first;
                }
                b'+' => out.extend(content),
                b'\\' => {}
                mark => {
                    assert_eq!(old[at], content);
                    at += 1;
                    if mark == b' ' {
                        out.extend(content);
                    }
                }
            }
        }
        out.extend(old[at..].concat());
        out
    }

    proptest::proptest! {
        #[test]
        fn a_diff_leads_to_what_the_patch_does(
            original in "[ab\n]{0,80}",
            cuts in proptest::collection::vec((0usize..80, 0usize..6, "[ab\n]{0,4}"), 0..6),
        ) {
            let mut hunks: Vec<Hunk> = Vec::new();
            let mut cuts = cuts;
            cuts.sort();
            for (start, length, new) in cuts {
                let free = hunks.last().is_none_or(|last| last.start + last.old.len() < start);
                if free && start + length <= original.len() {
                    hunks.push(Hunk { start, old: original.as_bytes()[start..start + length].into(), new: new.into() });
                }
            }
            let patch = Patch { hunks };
            let cleaned = patch.apply(original.as_bytes()).unwrap();
            let diff = unified(b"x", original.as_bytes(), &patch);
            proptest::prop_assert_eq!(diff.is_empty(), cleaned == original.as_bytes());
            proptest::prop_assert_eq!(patched(original.as_bytes(), &diff), cleaned);
        }
    }
}
