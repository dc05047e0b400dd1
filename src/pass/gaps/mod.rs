//! Gaps: what speaks for and against a blank between two Chinese characters inside a line. The despace rules weigh it.

mod around;
mod features;
mod reasons;

pub(super) use features::{COUNT, FEATURES, Features, features};
pub(super) use reasons::reasons;

use super::page::{Line, Page};
use crate::text::Span;
use crate::text::chars::{is_closer, is_han, is_opener, is_sentence_end};
use crate::text::kind::Kind as Character;
use crate::tree::{Forest, TreeError};
use around::Sides;
use std::collections::HashMap;

/// Checks that trees ask for the features that gaps have, in their order.
///
/// # Errors
/// When they were fitted for others.
pub(super) fn check(trees: &Forest) -> Result<(), TreeError> {
    let same = trees.features().iter().map(String::as_str).eq(FEATURES.iter().map(|(name, _)| *name));
    let problem = || "the trees were fitted for other features than this version weighs".to_owned();
    if same { Ok(()) } else { Err(TreeError { line: 1, problem: problem() }) }
}

/// What kind of evidence a feature belongs to. People are told the kinds that weigh most, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    /// How wide the gap is and what it is made of.
    Width,
    /// The characters on both sides.
    Sides,
    /// How far the gaps beside it are.
    Runs,
    /// Words across the gap and on its sides.
    Word,
    /// The same two characters elsewhere in the document.
    Elsewhere,
    /// The gaps of its line.
    Line,
    /// Whether the line reaches the edge of the text.
    Edge,
    /// What kind of line it is.
    Role,
    /// Names, offices, numbers of articles.
    Label,
    /// The lines above and below.
    Neighbours,
    /// The document as a whole.
    Document,
}

/// A blank between two Chinese characters with what is known of it: what rules are fitted on.
#[derive(Debug, Clone)]
pub struct Gap {
    /// The blanks, in bytes.
    pub span: Span,
    /// A value for each of [`Gap::FEATURES`].
    pub values: Vec<i16>,
}

impl Gap {
    /// The names of the features, in order.
    pub const FEATURES: [&'static str; COUNT] = features::NAMES;
}

/// Every gap of `page` that a rule may decide on.
pub(super) fn gaps(page: &Page<'_>) -> Vec<Gap> {
    let Some(view) = View::new(page) else { return Vec::new() };
    view.places().map(|place| Gap { span: place.blank().span, values: features(&place).to_vec() }).collect()
}

/// A run of blanks inside a line.
#[derive(Debug, Clone, Copy)]
struct Blank {
    span: Span,
    /// Code points, and cells.
    count: usize,
    cells: usize,
    /// 0 for spaces, 1 for no-break spaces, 2 for ideographic ones, 3 for tabs and mixtures.
    shape: i16,
    before: char,
    after: char,
    /// The column, in cells, at which the text goes on.
    column: usize,
    /// Whether Chinese characters or marks stand on both sides.
    decided: bool,
    /// Characters of the line before it, blanks aside.
    position: usize,
    /// Gaps of the line before it.
    index: usize,
    /// Brackets that the line has opened and not closed before it.
    depth: i16,
}

/// One line with its blanks.
#[derive(Debug, Clone, Default)]
struct Row {
    blanks: Vec<Blank>,
    /// What stands on the sides of each blank; nothing is known of those that are not decided on.
    sides: Vec<Sides>,
    /// Mean association across its gaps between Han, and in how many of a hundred a word runs across.
    association: i16,
    across: i16,
    /// Its right edge as it stands, and without the gaps, in cells.
    edge: usize,
    despaced: usize,
    /// Places where two Chinese characters touch.
    tight: usize,
    /// Gaps between Chinese characters.
    gaps: usize,
    /// Its characters, blanks aside, and how many of them are Chinese marks.
    chars: usize,
    marks: usize,
}

impl Row {
    /// Gaps of a hundred places where there might be one.
    fn share(&self) -> usize {
        self.gaps * 100 / (self.gaps + self.tight).max(1)
    }
}

/// Classes of characters beside a gap.
const CLASSES: usize = 8;

fn class(c: char) -> usize {
    match c {
        c if is_han(c) => 0,
        c if is_sentence_end(c) && c != '…' => 1,
        '，' | '、' | '；' | '：' => 2,
        '“' | '‘' | '「' | '『' => 3,
        '”' | '’' | '」' | '』' => 4,
        c if is_opener(c) => 5,
        c if is_closer(c) => 6,
        _ => 7,
    }
}

/// How often something has a blank between, and how often not.
#[derive(Debug, Clone, Copy, Default)]
struct Habit {
    gapped: u32,
    tight: u32,
}

impl Habit {
    fn share(self) -> i16 {
        (u64::from(self.gapped) * 100 / u64::from(self.gapped + self.tight).max(1)) as i16
    }
}

/// What is true of the document, in per cent unless said otherwise.
#[derive(Debug, Clone, Copy, Default)]
struct Whole {
    gaps: usize,
    lines: usize,
    /// Gaps of a thousand places where there might be one.
    rate: i16,
    /// Of the lines: those with gaps, those with many.
    gapped_lines: i16,
    spaced_lines: i16,
    indented: i16,
    /// Of the gaps: wider than one blank, ideographic, after a mark.
    wide: i16,
    ideographic: i16,
    after_mark: i16,
    /// Of the gaps between Han: words of the list end before and begin after; a single character stands on a side; a word runs
    /// across that is commoner than those beside it.
    words: i16,
    single: i16,
    across: i16,
    /// Mean association of the characters on both sides of gaps between Han.
    association: i16,
    /// Chinese marks of a hundred characters.
    marks: i16,
    /// The commonest right edge, how many lines reach it, and how many of the gaps stand in such lines.
    edge: usize,
    at_edge: i16,
    gaps_at_edge: i16,
    /// Of the blanks beside Latin letters and digits: those wider than one.
    latin_wide: i16,
    /// Of the places where Latin stands beside Han: those with a blank.
    latin_apart: i16,
}

/// A page prepared for features of its gaps.
pub(super) struct View<'p, 'a> {
    page: &'p Page<'a>,
    rows: Vec<Row>,
    whole: Whole,
    habits: [[Habit; CLASSES]; CLASSES],
    pairs: HashMap<(char, char), Habit>,
}

impl<'p, 'a> View<'p, 'a> {
    /// Reads the gaps of a page; none when there are none to decide on.
    pub(super) fn new(page: &'p Page<'a>) -> Option<Self> {
        let mut habits = [[Habit::default(); CLASSES]; CLASSES];
        let mut rows: Vec<Row> = page.lines.iter().map(|line| row(page, line, &mut habits)).collect();
        if rows.iter().all(|row| row.gaps == 0) {
            return None;
        }
        for (row, line) in rows.iter_mut().zip(&page.lines).filter(|(row, _)| row.gaps > 0) {
            read_sides(page, line, row);
        }
        let pairs = pairs(page, &rows);
        let whole = whole(page, &rows);
        Some(View { page, rows, whole, habits, pairs })
    }

    /// The places that a rule may decide on, line by line.
    pub(super) fn places<'v>(&'v self) -> impl Iterator<Item = Place<'v, 'p, 'a>> {
        (0..self.rows.len()).flat_map(move |line| self.places_of(line))
    }

    /// The places of one line. Mark-up, tables and code have none.
    fn places_of<'v>(&'v self, line: usize) -> impl Iterator<Item = Place<'v, 'p, 'a>> {
        let row = &self.rows[line];
        let open = row.gaps > 0 && !self.page.lines[line].markup;
        let count = if open { row.blanks.len() } else { 0 };
        (0..count).filter(|&at| row.blanks[at].decided).map(move |at| Place::new(self, line, at))
    }
}

/// One gap, ready to be asked for features.
pub(super) struct Place<'v, 'p, 'a> {
    view: &'v View<'p, 'a>,
    line: usize,
    /// Which of the line's blanks it is.
    at: usize,
    around: around::Around,
}

impl<'v, 'p, 'a> Place<'v, 'p, 'a> {
    fn new(view: &'v View<'p, 'a>, line: usize, at: usize) -> Self {
        let around = around::Around::of(view, line, at);
        Place { view, line, at, around }
    }

    fn blank(&self) -> &'v Blank {
        &self.row().blanks[self.at]
    }

    /// The number of its line on the page.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// The blanks.
    pub(super) fn span(&self) -> Span {
        self.blank().span
    }

    fn row(&self) -> &'v Row {
        &self.view.rows[self.line]
    }

    fn here(&self) -> &'p Line {
        &self.view.page.lines[self.line]
    }

    fn row_at(&self, offset: isize) -> Option<&'v Row> {
        self.line.checked_add_signed(offset).and_then(|at| self.view.rows.get(at))
    }

    /// How often the two characters touch in the document, and are parted.
    fn pair(&self) -> Habit {
        let blank = self.blank();
        self.view.pairs.get(&(blank.before, blank.after)).copied().unwrap_or_default()
    }

    /// The same for characters of their classes.
    fn habit(&self) -> Habit {
        let blank = self.blank();
        self.view.habits[class(blank.before)][class(blank.after)]
    }

    /// Cells by which it is wider than the narrowest gap within three.
    fn excess(&self) -> i16 {
        let blanks = &self.row().blanks;
        let near = &blanks[self.at.saturating_sub(3)..(self.at + 4).min(blanks.len())];
        let narrowest = near.iter().filter(|b| b.decided).map(|b| b.cells).min().unwrap_or(0);
        (self.blank().cells - narrowest).min(60) as i16
    }

    /// The rows near this one, itself aside.
    fn near(&self, reach: usize) -> impl Iterator<Item = &'v Row> {
        let line = self.line;
        let range = line.saturating_sub(reach)..(line + reach + 1).min(self.view.rows.len());
        let rows = &self.view.rows;
        range.filter(move |&at| at != line).map(move |at| &rows[at])
    }

    /// Whether a blank of the row `offset` lines away ends in the same column.
    fn aligned(&self, offset: isize) -> bool {
        let column = self.blank().column;
        self.row_at(offset).is_some_and(|row| {
            let next = row.blanks.partition_point(|b| b.column + 1 < column);
            row.blanks.get(next).is_some_and(|b| b.column <= column + 1)
        })
    }
}

fn row(page: &Page<'_>, line: &Line, habits: &mut [[Habit; CLASSES]; CLASSES]) -> Row {
    let mut row = Row::default();
    let mut column = line.indent;
    let mut run: Option<(usize, usize, usize, i16)> = None;
    // The last character that is no blank, and its class if it is a Chinese one.
    let mut before: Option<(char, Option<usize>)> = None;
    let (mut wide, mut depth) = (0, 0i16);
    for (at, c) in page.text_of(line).char_indices() {
        let kind = Character::of(c);
        if kind.is(Character::BLANK) {
            let cells = if c == '\t' { 8 - column % 8 } else { kind.cells() }.max(1);
            let shape = match c {
                ' ' => 0,
                '\u{A0}' => 1,
                '\u{3000}' => 2,
                _ => 3,
            };
            let (start, count, sum, old) = run.unwrap_or((at, 0, 0, shape));
            run = Some((start, count + 1, sum + cells, if old == shape { shape } else { 3 }));
            column += cells;
            continue;
        }
        let here = kind.is(Character::UNSPACED).then(|| if kind.is(Character::HAN) { 0 } else { class(c) });
        if let Some((previous, there)) = before {
            let both = there.zip(here);
            if let Some((start, count, cells, shape)) = run.take() {
                row.blanks.push(Blank {
                    span: Span::new(line.span.start + start, line.span.start + at),
                    count,
                    cells,
                    shape,
                    before: previous,
                    after: c,
                    column,
                    decided: both.is_some(),
                    position: row.chars,
                    index: row.gaps,
                    depth,
                });
                if let Some((there, here)) = both {
                    row.gaps += 1;
                    wide += cells;
                    habits[there][here].gapped += 1;
                }
            } else if let Some((there, here)) = both {
                row.tight += 1;
                habits[there][here].tight += 1;
            }
        }
        if kind.is(Character::OPENER | Character::CLOSES) {
            depth = (depth + i16::from(kind.is(Character::OPENER)) - i16::from(kind.is(Character::CLOSES))).clamp(-3, 3);
        }
        row.chars += 1;
        row.marks += usize::from(here.is_some() && !kind.is(Character::HAN));
        column += kind.cells();
        before = Some((c, here));
    }
    (row.edge, row.despaced) = (column, column - wide);
    row
}

/// Reads what stands on the sides of a row's gaps.
fn read_sides(page: &Page<'_>, line: &Line, row: &mut Row) {
    let read = |at: usize| if row.blanks[at].decided { around::sides(page, line, row, at) } else { Sides::default() };
    row.sides = (0..row.blanks.len()).map(read).collect();
    let between_han = |blank: &Blank| is_han(blank.before) && is_han(blank.after);
    let (mut count, mut association, mut across) = (0, 0, 0);
    for sides in row.blanks.iter().zip(&row.sides).filter(|(blank, _)| between_han(blank)).map(|(_, sides)| sides) {
        count += 1;
        association += i64::from(sides.association);
        across += i64::from(sides.across > 0);
    }
    if count > 0 {
        (row.association, row.across) = ((association / count) as i16, (across * 100 / count) as i16);
    }
}

/// For the pairs of characters that stand on the sides of gaps: how often they stand so, and how often they touch.
fn pairs(page: &Page<'_>, rows: &[Row]) -> HashMap<(char, char), Habit> {
    /// Bits of a filter that most pairs of a text do not pass.
    const FILTER: u32 = 14;
    let gate = |a: char, b: char| {
        let hash = (a as u32).wrapping_mul(0x9E37_79B1) ^ (b as u32).wrapping_mul(0x85EB_CA77);
        let bit = hash >> (u32::BITS - FILTER);
        (bit as usize / 64, 1u64 << (bit % 64))
    };
    let mut found: HashMap<(char, char), Habit> = HashMap::new();
    let mut filter = [0u64; 1 << (FILTER - 6)];
    for blank in rows.iter().flat_map(|row| &row.blanks).filter(|blank| blank.decided) {
        found.entry((blank.before, blank.after)).or_default().gapped += 1;
        let (word, bit) = gate(blank.before, blank.after);
        filter[word] |= bit;
    }
    for line in &page.lines {
        let mut previous = '\0';
        for c in page.text_of(line).chars() {
            let (word, bit) = gate(previous, c);
            if filter[word] & bit != 0
                && let Some(habit) = found.get_mut(&(previous, c))
            {
                habit.tight += 1;
            }
            previous = c;
        }
    }
    found
}

fn whole(page: &Page<'_>, rows: &[Row]) -> Whole {
    let per = |part: usize, all: usize| (part * 100 / all.max(1)) as i16;
    let lines = rows.len();
    let counted = |holds: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| holds(row)).count();
    let (gaps, tight) = rows.iter().fold((0, 0), |(gaps, tight), row| (gaps + row.gaps, tight + row.tight));
    let mut histogram = [0usize; 402];
    rows.iter().for_each(|row| histogram[row.edge.min(400)] += 1);
    let about = |edge: usize| histogram[edge.saturating_sub(1)..=edge + 1].iter().sum::<usize>();
    let edge = (0..=400).rev().max_by_key(|&edge| (about(edge), histogram[edge])).unwrap_or(0);
    let reaches = |row: &Row| row.edge.abs_diff(edge) <= 1;
    let mut whole = Whole {
        gaps,
        lines,
        rate: (gaps * 1000 / (gaps + tight).max(1)) as i16,
        gapped_lines: per(counted(&|row| row.gaps > 0), lines),
        spaced_lines: per(counted(&|row| row.gaps >= 3 && row.share() >= 25), lines),
        indented: per(page.lines.iter().filter(|line| line.indent > 0).count(), lines),
        edge,
        at_edge: per(counted(&reaches), lines),
        gaps_at_edge: per(rows.iter().filter(|row| reaches(row)).map(|row| row.gaps).sum(), gaps),
        ..Whole::default()
    };
    let (mut wide, mut ideographic, mut after_mark, mut latin, mut latin_wide) = (0, 0, 0, 0, 0);
    let (mut han, mut words, mut single, mut across, mut association) = (0usize, 0, 0, 0, 0i64);
    for (blank, sides) in rows.iter().flat_map(|row| row.blanks.iter().zip(&row.sides)) {
        wide += usize::from(blank.decided && blank.cells > 1 && blank.shape != 2);
        ideographic += usize::from(blank.decided && blank.shape == 2);
        after_mark += usize::from(blank.decided && class(blank.before) != 0);
        if is_han(blank.before) && is_han(blank.after) {
            han += 1;
            words += usize::from(sides.ends > 0 && sides.starts > 0);
            single += usize::from(sides.single());
            across += usize::from(sides.across > sides.ends.max(sides.starts));
            association += i64::from(sides.association);
        }
    }
    for blank in rows.iter().flat_map(|row| &row.blanks).filter(|blank| !blank.decided) {
        latin += 1;
        latin_wide += usize::from(blank.cells > 1);
    }
    let (chars, marks) = rows.iter().fold((0, 0), |(chars, marks), row| (chars + row.chars, marks + row.marks));
    whole.marks = per(marks, chars);
    whole.wide = per(wide, gaps);
    whole.ideographic = per(ideographic, gaps);
    whole.after_mark = per(after_mark, gaps);
    whole.latin_wide = per(latin_wide, latin);
    whole.words = per(words, han);
    whole.single = per(single, han);
    whole.across = per(across, han);
    whole.association = (association / han.max(1) as i64) as i16;
    let (loose, tight) = page.lines.iter().fold((0, 0), |(loose, tight), line| {
        (loose + usize::from(line.latin_beside_han.0), tight + usize::from(line.latin_beside_han.1))
    });
    whole.latin_apart = if loose + tight == 0 { -1 } else { per(loose, loose + tight) };
    whole
}
