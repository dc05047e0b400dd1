//! Lines of a text. A line ends at LF, CR LF or a lone CR; form feeds stay inside the line they open.

use super::Span;

/// Where one line stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawLine {
    /// The line without its terminator.
    pub content: Span,
    /// Offset of the next line: past the terminator, or the end of the text.
    pub next: usize,
}

/// All lines of `text`, in order. A text that ends in a terminator has no empty last line.
pub fn lines(text: &str) -> Lines<'_> {
    Lines { text, at: 0 }
}

/// Iterator over the lines of a text.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = RawLine;

    fn next(&mut self) -> Option<RawLine> {
        let rest = self.text.as_bytes().get(self.at..)?;
        if rest.is_empty() {
            return None;
        }
        let start = self.at;
        let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let terminator = match rest.get(length) {
            None => 0,
            Some(b'\r') if rest.get(length + 1) == Some(&b'\n') => 2,
            Some(_) => 1,
        };
        self.at = start + length + terminator;
        Some(RawLine { content: Span::new(start, start + length), next: self.at })
    }
}

/// Turns byte offsets of one text into line numbers and columns, for ascending and random access alike.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Reads the line starts of `text`.
    pub fn new(text: &str) -> Self {
        let mut starts: Vec<usize> = vec![0];
        starts.extend(lines(text).map(|line| line.next));
        if starts.len() > 1 && !text.ends_with(['\n', '\r']) {
            starts.pop();
        }
        LineIndex { starts }
    }

    /// The same for lines that end at LF alone, as git and all that is built on it counts them.
    pub fn at_line_feeds(text: &str) -> Self {
        LineIndex { starts: std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect() }
    }

    /// The line that holds `offset`, counted from 0.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// The offset at which a line, counted from 0, begins.
    pub fn start(&self, line: usize) -> usize {
        self.starts[line]
    }

    /// Line and column of `offset`, both counted from 1; the column counts code points.
    pub fn position(&self, text: &str, offset: usize) -> (usize, usize) {
        let line = self.line(offset);
        (line + 1, text[self.starts[line]..offset].chars().count() + 1)
    }
}

/// Turns ascending byte offsets into code point offsets without counting from the start each time.
#[derive(Debug, Clone)]
pub struct CodePoints<'a> {
    text: &'a str,
    marks: Vec<usize>,
}

const STRIDE: usize = 1024;

impl<'a> CodePoints<'a> {
    /// Counts the code points of `text` once, with a mark every kilobyte.
    pub fn new(text: &'a str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut count = 0;
        for chunk in text.as_bytes().chunks(STRIDE) {
            marks.push(count);
            count += chunk.iter().filter(|&&b| (b as i8) >= -0x40).count();
        }
        marks.push(count);
        CodePoints { text, marks }
    }

    /// The number of code points before the byte `offset`.
    pub fn at(&self, offset: usize) -> usize {
        let chunk = offset / STRIDE;
        let rest = &self.text.as_bytes()[chunk * STRIDE..offset];
        self.marks[chunk.min(self.marks.len() - 1)] + rest.iter().filter(|&&b| (b as i8) >= -0x40).count()
    }
}

/// Turns byte offsets into offsets in code units of UTF-16: two for every character beyond the Basic Multilingual Plane.
#[derive(Debug, Clone)]
pub struct Utf16Units<'a> {
    points: CodePoints<'a>,
    /// Where the characters that take two units begin.
    wide: Vec<usize>,
}

impl<'a> Utf16Units<'a> {
    /// Counts the units of `text` once.
    pub fn new(text: &'a str) -> Self {
        let wide = text.bytes().enumerate().filter(|&(_, byte)| byte >= 0xF0).map(|(at, _)| at).collect();
        Utf16Units { points: CodePoints::new(text), wide }
    }

    /// The number of units before the byte `offset`.
    pub fn at(&self, offset: usize) -> usize {
        self.points.at(offset) + self.wide.partition_point(|&at| at < offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Vec<&str> {
        lines(text).map(|line| line.content.of(text)).collect()
    }

    #[test]
    fn every_terminator_ends_a_line() {
        assert_eq!(contents("甲\n乙\r\n丙\r丁"), ["甲", "乙", "丙", "丁"]);
        assert_eq!(contents("甲\r\n\r\n"), ["甲", ""]);
        assert_eq!(contents(""), Vec::<&str>::new());
        assert_eq!(contents("\n"), [""]);
    }

    #[test]
    fn positions_count_code_points() {
        let text = "一𠮷\n三and\n";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 0), (1, 1));
        assert_eq!(index.position(text, text.find('三').unwrap()), (2, 1));
        assert_eq!(index.position(text, text.find("and").unwrap()), (2, 2));
        assert_eq!(CodePoints::new(text).at(text.find("and").unwrap()), 4);
        assert_eq!(CodePoints::new(text).at(text.len()), 8);
    }

    #[test]
    fn git_knows_line_feeds_alone() {
        let index = LineIndex::at_line_feeds("甲\r乙\r\n丙\n");
        assert_eq!([0, 4, 8, 9, 12, 13].map(|at| index.line(at)), [0, 0, 0, 1, 1, 2]);
        assert_eq!(LineIndex::at_line_feeds("").line(0), 0);
    }

    #[test]
    fn characters_beyond_the_basic_plane_are_two_units() {
        let text = "字a𠮷\n😀𠮷x".repeat(700);
        let units = Utf16Units::new(&text);
        let mut expected = 0;
        for (offset, c) in text.char_indices() {
            assert_eq!(units.at(offset), expected);
            expected += c.len_utf16();
        }
        assert_eq!(units.at(text.len()), expected);
    }

    #[test]
    fn code_points_over_many_chunks() {
        let text = "字a𠮷".repeat(1000);
        let points = CodePoints::new(&text);
        for (count, (offset, _)) in text.char_indices().enumerate().step_by(97) {
            assert_eq!(points.at(offset), count);
        }
    }
}
