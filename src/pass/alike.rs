//! How two texts that are nearly the same are laid side by side: the same characters, and the places where they differ.

use crate::text::chars::is_han;
use crate::text::kind::Kind;
use std::ops::Range;

/// Whether a character counts when texts are compared: letters, digits and Han do, blanks and marks do not.
#[inline]
pub(super) fn counts(c: char) -> bool {
    match Kind::at_once(c) {
        Some(kind) => kind.is(Kind::COUNTS),
        None => is_han(c) || c.is_alphanumeric(),
    }
}

/// Full-width letters and digits become ASCII.
#[inline]
pub(super) fn fold(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// A place where two texts differ: what the one has there, and what the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub a: Range<usize>,
    pub b: Range<usize>,
}

impl Edit {
    /// Characters of its longer side.
    pub fn size(&self) -> usize {
        self.a.len().max(self.b.len())
    }
}

/// Stretches of two texts that are the same but for `edits`.
#[derive(Debug, Clone)]
pub(super) struct Alignment {
    pub a: Range<usize>,
    pub b: Range<usize>,
    pub edits: Vec<Edit>,
}

/// Longest edit, in characters.
const LONGEST: usize = 6;
/// So many characters after an edit must be the same.
const RESUMED: usize = 3;
/// What an edit costs, in characters that are the same, and each of its characters.
const EDIT: i32 = 3;
/// It is over when the edits cost so much more than what was the same since.
const OVER: i32 = 16;

impl Alignment {
    /// The longest of two places `at` of one text, which hold the same character. The first stretch ends before `wall`, and the
    /// second begins after it ends. `border` tells where lines begin and end. Takes time in proportion to what it finds.
    pub fn around(text: &[char], at: (usize, usize), wall: usize, border: impl Fn(usize) -> bool) -> Alignment {
        let ahead = walk(
            |i| text.get(at.0 + i).copied().filter(|_| at.0 + i < wall),
            |j| text.get(at.1 + j).copied(),
            |i, j| border(at.0 + i) && border(at.1 + j),
        );
        let floor = at.0 + ahead.reach.0;
        let behind = walk(
            |i| (i < at.0).then(|| text[at.0 - 1 - i]),
            |j| (floor + j < at.1).then(|| text[at.1 - 1 - j]),
            |i, j| border(at.0 - i) && border(at.1 - j),
        );
        let before = |e: &Edit| Edit { a: at.0 - e.a.end..at.0 - e.a.start, b: at.1 - e.b.end..at.1 - e.b.start };
        let after = |e: &Edit| Edit { a: at.0 + e.a.start..at.0 + e.a.end, b: at.1 + e.b.start..at.1 + e.b.end };
        Alignment {
            a: at.0 - behind.reach.0..at.0 + ahead.reach.0,
            b: at.1 - behind.reach.1..at.1 + ahead.reach.1,
            edits: behind.edits.iter().rev().map(before).chain(ahead.edits.iter().map(after)).collect(),
        }
    }

    /// The same with the second stretch first.
    pub fn turned(&self) -> Alignment {
        let edits = self.edits.iter().map(|e| Edit { a: e.b.clone(), b: e.a.clone() }).collect();
        Alignment { a: self.b.clone(), b: self.a.clone(), edits }
    }

    /// Characters that differ within a stretch of the second. What the first has before and after it does not count.
    pub fn edited(&self, stretch: &Range<usize>) -> usize {
        let beyond = |e: &Edit| e.b.is_empty() && (e.b.start <= stretch.start || e.b.start >= stretch.end);
        let inside = self.edits.iter().filter(|e| e.b.end >= stretch.start && e.b.start <= stretch.end);
        inside.filter(|e| !beyond(e)).map(Edit::size).sum()
    }

    /// Where what stands at `at` in the first stretch is in the second.
    pub fn second(&self, at: usize) -> usize {
        let last = self.edits[..self.edits.partition_point(|e| e.a.start < at)].last();
        let (a, b) = last.map_or((self.a.start, self.b.start), |e| (e.a.end, e.b.end));
        (b + at.saturating_sub(a)).min(self.b.end)
    }
}

/// How far two texts go on alike.
struct Walk {
    reach: (usize, usize),
    edits: Vec<Edit>,
}

/// Adds the edits by which `x` characters from `i` become `y` from `j`, as small as they can be.
fn split(edits: &mut Vec<Edit>, (i, j): (usize, usize), (x, y): (usize, usize), same: impl Fn(usize, usize) -> bool) {
    // Edits from each place in the two to their ends.
    let mut least = [[0usize; LONGEST + 1]; LONGEST + 1];
    for m in (0..=x).rev() {
        for n in (0..=y).rev() {
            least[m][n] = match (m < x, n < y) {
                (true, true) if same(i + m, j + n) => least[m + 1][n + 1],
                (true, true) => 1 + least[m + 1][n + 1].min(least[m + 1][n]).min(least[m][n + 1]),
                _ => (x - m) + (y - n),
            };
        }
    }
    let (mut m, mut n) = (0, 0);
    while m < x || n < y {
        let now = least[m][n];
        let (p, q) = match (m < x, n < y) {
            (true, true) if same(i + m, j + n) => {
                (m, n) = (m + 1, n + 1);
                continue;
            }
            (true, true) if now == 1 + least[m + 1][n + 1] => (1, 1),
            (true, _) if now == 1 + least[m + 1][n] => (1, 0),
            _ => (0, 1),
        };
        let edit = Edit { a: i + m..i + m + p, b: j + n..j + n + q };
        match edits.last_mut() {
            // What stands side by side is one edit: a word for another.
            Some(last) if m + n > 0 && last.a.end == edit.a.start && last.b.end == edit.b.start => {
                (last.a.end, last.b.end) = (edit.a.end, edit.b.end);
            }
            _ => edits.push(edit),
        }
        (m, n) = (m + p, n + q);
    }
}

fn walk(a: impl Fn(usize) -> Option<char>, b: impl Fn(usize) -> Option<char>, border: impl Fn(usize, usize) -> bool) -> Walk {
    let (mut i, mut j, mut score) = (0, 0, 0);
    let (mut best, mut best_edits, mut reach) = (0, 0, (0, 0));
    let mut edits: Vec<Edit> = Vec::new();
    // Where both lines end, the last edit need not be made up for, unless it stands beyond the end of both.
    let mut excused = true;
    let same = |i: usize, j: usize| a(i).is_some_and(|c| b(j) == Some(c));
    loop {
        if score > best {
            excused = true;
        }
        let near_enough = || excused && score + EDIT + LONGEST as i32 >= best && border(i, j);
        if score > best || near_enough() {
            (best, best_edits, reach) = (score.max(best), edits.len(), (i, j));
        }
        if same(i, j) {
            (i, j, score) = (i + 1, j + 1, score + 1);
            continue;
        }
        if a(i).is_none() || b(j).is_none() {
            break;
        }
        // The shortest edit first, and one that replaces as much as it takes before one that does not.
        let mut sizes = (1..=LONGEST).flat_map(|long| {
            std::iter::once((long, long)).chain((0..long).rev().flat_map(move |short| [(long, short), (short, long)]))
        });
        let resumes = |i: usize, j: usize| {
            let ends = (0..RESUMED).find(|&n| border(i + n, j + n) || !same(i + n, j + n));
            ends.is_none_or(|n| border(i + n, j + n))
        };
        let within = |x: usize, y: usize| (x == 0 || a(i + x - 1).is_some()) && (y == 0 || b(j + y - 1).is_some());
        let Some((x, y)) = sizes.find(|&(x, y)| within(x, y) && resumes(i + x, j + y)) else { break };
        excused &= !border(i, j);
        split(&mut edits, (i, j), (x, y), same);
        (i, j, score) = (i + x, j + y, score - EDIT - x.max(y) as i32);
        if score + OVER < best {
            break;
        }
    }
    edits.truncate(best_edits);
    Walk { reach, edits }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The alignment of two lines that begin alike, the one after the other in one text.
    fn aligned(a: &str, b: &str) -> (Alignment, usize) {
        let text: Vec<char> = a.chars().chain(b.chars()).filter(|&c| counts(c)).collect();
        let wall = a.chars().filter(|&c| counts(c)).count();
        (Alignment::around(&text, (0, wall), wall, |at| at == 0 || at == wall || at == text.len()), wall)
    }

    fn sizes(a: &str, b: &str) -> Vec<(usize, usize)> {
        aligned(a, b).0.edits.iter().map(|e| (e.a.len(), e.b.len())).collect()
    }

    #[test]
    fn edits_are_as_small_as_they_can_be() {
        let text = "柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水，村民都说好。";
        assert_eq!(sizes(text, "柳河镇今年疏浚河道十二公里,两岸的农田 都能浇上水,村民都说好."), []);
        assert_eq!(sizes(text, "柳河镇今年疏浚河迺十二公里，两岸的田都能浇上水了，村民都说好。"), [(1, 1), (1, 0), (0, 1)]);
        // A word for another is one edit; two characters with one between them that is the same are two.
        assert_eq!(sizes(text, "柳河镇今年疏浚河道十二公里，两岸的果园都能浇上水，村民都说好。"), [(2, 2)]);
        assert_eq!(sizes(text, "柳河镇今年疏俊河迺十二公里，两岸的农田都能浇上水，村民都说好。"), [(1, 1), (1, 1)]);
    }

    #[test]
    fn lines_are_alike_to_their_ends() {
        let text = "柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水，村民都说好。";
        let (last, wall) = aligned(text, "柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水，村民都说妤。");
        assert_eq!((last.a.clone(), last.b.len()), (0..wall, wall));
        assert_eq!(last.second(3), wall + 3);
        assert_eq!(last.turned().second(wall + 3), 3);
        let (cut, wall) = aligned(text, "柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水，村");
        assert_eq!(cut.b.end, wall + 24);
        let (other, _) = aligned(text, "柳河镇今年疏浚河道，是县里的大事，明年要把北边的三条支渠也都挖通。");
        assert_eq!(other.a, 0..9);
    }

    #[test]
    fn the_second_stretch_begins_after_the_first() {
        let text = vec!['长'; 50_000];
        let found = Alignment::around(&text, (10, 20), 20, |at| at == 0 || at == 20 || at == text.len());
        assert!(found.a.end <= 20 && found.b.start >= found.a.end);
    }
}
