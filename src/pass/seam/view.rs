//! A page prepared for questions about its breaks: what many breaks ask is worked out once a line.

use super::repeats::repeats;
use super::{NONE, clip};
use crate::pass::page::{End, Line, Page};
use crate::text::chars::{is_blank, is_han, is_line_start_forbidden, is_opener};
use crate::text::kind::Kind;
use crate::text::width::{column_cells, column_width};

/// Lines that a measure is taken from, on either side.
const NEAR: usize = 6;

/// The widest edge that at least two of `edges` share within one cell. Falls back to the widest. Edges are two cells more than
/// they are, so that lines that do not count are 0.
fn measure(edges: &[u32]) -> u32 {
    let most = edges.iter().copied().max().unwrap_or(0);
    let near = |edge: u32| edges.iter().filter(|&&other| other <= edge && other + 1 >= edge).count();
    if near(most) >= 2 {
        return most.saturating_sub(2);
    }
    let shared = edges.iter().copied().filter(|&edge| edge > 0 && near(edge) >= 2).max();
    shared.unwrap_or(most).saturating_sub(2)
}

/// Cells of the first unit of `text` that cannot be broken: a Han character or a Latin word, with the marks that must follow.
fn first_unit(text: &str) -> usize {
    let mut chars = text.chars().peekable();
    let Some(first) = chars.next() else { return 0 };
    let mut cells = Kind::of(first).cells();
    let opens = is_opener(first);
    if opens || first.is_ascii_graphic() {
        let mut previous = first;
        while let Some(&c) = chars.peek() {
            if (opens && previous == first) || (c.is_ascii_graphic() && previous.is_ascii()) {
                cells += column_cells(c);
                previous = c;
                chars.next();
            } else {
                break;
            }
        }
    }
    while let Some(c) = chars.next_if(|&c| is_line_start_forbidden(c)) {
        cells += column_cells(c);
    }
    cells
}

/// A block of lines without blank lines between.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Block {
    pub first: usize,
    pub count: usize,
    /// Lines that end with a mark, and that hold a mark inside; in per cent once the block is complete.
    pub marked: usize,
    pub inside: usize,
    /// The narrowest and the widest edge, the last line aside.
    edges: (usize, usize),
}

impl Block {
    pub fn spread(&self) -> i16 {
        clip(self.edges.1 as i64 - self.edges.0 as i64)
    }
}

/// What is known of a line beside the line itself.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spot {
    /// The measure of the lines that end with it, in the same article, and of those that begin with it.
    pub behind: u32,
    pub ahead: u32,
    /// Cells that the first unit of the next line needs.
    pub unit: u32,
    /// Its block.
    pub block: u32,
    /// Lines before it that break off at their measure, and before it.
    pub cuts: (u32, u32),
    /// Brackets and quotes that are open at its end.
    pub depth: u8,
    /// How often its end and the next line's beginning stand together elsewhere.
    pub repeated: u8,
    /// How much of it the lines after the next one repeat, in per cent.
    pub repeated_ahead: u8,
    /// Lines to the next that opens an article, this one included, and since the last that closed one; at most ten.
    pub opener: u8,
    pub closer: u8,
    pub headline: bool,
    pub alone: bool,
    /// Cells left on it after the first unit of the next; [`NONE`] on the last line.
    pub spare: i16,
}

/// What a [`View`] knows of a page.
pub struct Measures {
    spots: Vec<Spot>,
    blocks: Vec<Block>,
    whole: Whole,
}

/// What is true of the document, in per cent of its lines unless said otherwise.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Whole {
    pub lines: i16,
    /// Lines that break off in a Han character or comma.
    pub cut: i16,
    pub sentence: i16,
    pub marked: i16,
    pub inside: i16,
    pub blanks: i16,
    pub indented: i16,
    pub wide_indent: i16,
    pub long: i16,
    pub list: i16,
    pub markup: i16,
    pub latin: i16,
    /// Lines within two cells of the commonest edge.
    pub common: i16,
    /// That edge, and the one that nineteen of twenty lines do not pass, in cells.
    pub edge: i16,
    pub most_edge: i16,
    /// Lines that break off within six cells of that edge, of all that break off.
    pub cut_at_edge: i16,
    pub spaced: i16,
}

impl Measures {
    pub(in crate::pass) fn new(page: &Page<'_>) -> Measures {
        let lines = &page.lines;
        let count = lines.len();
        let mut spots: Vec<Spot> = Vec::with_capacity(count);
        let mut blocks: Vec<Block> = Vec::new();
        let edges: Vec<u32> = lines.iter().map(|l| if l.markup || l.spaced { 0 } else { l.edge() as u32 + 2 }).collect();
        let (mut open, mut article, mut closer, mut cuts) = (0, 0, 10, (0, 0));
        for (index, line) in lines.iter().enumerate() {
            let next = lines.get(index + 1);
            if line.opener {
                article = index;
            }
            let behind = measure(&edges[article.max((index + 1).saturating_sub(NEAR))..=index]);
            if line.opener || line.blanks > 0 && index > 0 && lines[index - 1].end == End::Sentence {
                open = 0;
            }
            open = (open + line.open).clamp(0, 9);
            closer = if line.end_mark || line.signature { 0 } else { (closer + 1).min(10) };
            if index == 0 || line.blanks > 0 {
                blocks.push(Block { first: index, edges: (usize::MAX, 0), ..Block::default() });
            }
            let last = next.is_none_or(|next| next.blanks > 0);
            let block = blocks.last_mut().expect("the first line begins a block");
            block.count += 1;
            block.marked += usize::from(line.ends_with_mark());
            block.inside += usize::from(line.inner_marks);
            if !last || block.count == 1 {
                block.edges = (block.edges.0.min(line.edge()), block.edges.1.max(line.edge()));
            }
            let unit = next.map_or(0, |next| first_unit(page.text_of(next)));
            let spare = i64::from(behind) - line.edge() as i64 - unit as i64;
            spots.push(Spot {
                behind,
                unit: unit as u32,
                block: blocks.len() as u32 - 1,
                cuts,
                depth: open as u8,
                closer,
                headline: page.headline_like(index),
                alone: page.stands_alone(index),
                spare: if next.is_some() { clip(spare) } else { NONE },
                ..Spot::default()
            });
            if next.is_some_and(|next| next.blanks == 0) && is_cut(line) {
                *(if spare <= 0 { &mut cuts.0 } else { &mut cuts.1 }) += 1;
            }
        }
        look_ahead(lines, &edges, &mut spots);
        for block in &mut blocks {
            (block.marked, block.inside) = (block.marked * 100 / block.count, block.inside * 100 / block.count);
        }
        repeats(page, &mut spots);
        Measures { spots, blocks, whole: whole(page) }
    }
}

/// Whether a line breaks off as lines do that were cut.
fn is_cut(line: &Line) -> bool {
    matches!(line.end, End::Han | End::Comma | End::Alnum) && !line.closed
}

/// Fills in what depends on the lines that follow.
fn look_ahead(lines: &[Line], edges: &[u32], spots: &mut [Spot]) {
    // The line that opens the next article, or the end.
    let (mut article, mut opener) = (lines.len(), 10u8);
    for index in (0..lines.len()).rev() {
        let end = article.min(index + NEAR);
        // Six lines of one article measure the same from either end.
        spots[index].ahead = if end == index + NEAR { spots[end - 1].behind } else { measure(&edges[index..end]) };
        opener = if lines[index].opener { 0 } else { (opener + 1).min(10) };
        spots[index].opener = opener;
        if lines[index].opener {
            article = index;
        }
    }
}

fn whole(page: &Page<'_>) -> Whole {
    /// Wider edges count as this one.
    const WIDEST: usize = 400;
    let lines = &page.lines;
    let count = lines.len().max(1);
    let mut histogram = [0usize; WIDEST + 1];
    // The same of the lines that break off, mark-up or not, with three cells more than are asked for.
    let mut cut_edges = [0usize; WIDEST + 4];
    let mut sums = [0usize; 13];
    for line in lines {
        let cut = matches!(line.end, End::Han | End::Comma) && !line.closed;
        histogram[line.edge().min(WIDEST)] += usize::from(!line.markup);
        cut_edges[line.edge().min(WIDEST + 3)] += usize::from(cut);
        let holds = [
            cut,
            line.end == End::Sentence,
            line.ends_with_mark(),
            line.inner_marks,
            line.blanks > 0,
            line.indent > 0,
            line.wide_indent,
            line.cells > 90,
            line.list_item,
            line.markup,
            line.latin > 50,
            line.spaced,
            !line.markup,
        ];
        sums.iter_mut().zip(holds).for_each(|(sum, holds)| *sum += usize::from(holds));
    }
    let [cuts, .., measured] = sums;
    let rank = (measured * 19 / 20).min(measured.saturating_sub(1));
    let mut passed = 0;
    let reaches = |at: &usize| {
        passed += histogram[*at];
        passed > rank
    };
    let most_edge = (0..=WIDEST).find(reaches).unwrap_or(0);
    let about = |edge: usize| histogram[edge.saturating_sub(2)..=(edge + 2).min(WIDEST)].iter().sum::<usize>();
    let edge = (0..=WIDEST).rev().max_by_key(|&edge| (about(edge), histogram[edge])).unwrap_or(0);
    let at_edge: usize = cut_edges[most_edge.saturating_sub(6)..=most_edge + 2].iter().sum();
    let share = sums.map(|sum| (sum * 100 / count) as i16);
    let [cut, sentence, marked, inside, blanks, indented, wide_indent, long, list, markup, latin, spaced, _] = share;
    Whole {
        lines: lines.len().min(3000) as i16,
        cut,
        sentence,
        marked,
        inside,
        blanks,
        indented,
        wide_indent,
        long,
        list,
        markup,
        latin,
        common: (about(edge) * 100 / count) as i16,
        edge: edge as i16,
        most_edge: most_edge as i16,
        cut_at_edge: (at_edge * 100 / cuts.max(1)) as i16,
        spaced,
    }
}

/// A page with what is known of its lines.
pub(in crate::pass) struct View<'p, 'a> {
    page: &'p Page<'a>,
    measures: &'p Measures,
}

impl<'p, 'a> View<'p, 'a> {
    pub(in crate::pass) fn new(page: &'p Page<'a>) -> Self {
        View { page, measures: page.measures() }
    }

    /// The break after line `index`.
    pub(in crate::pass) fn at(&self, index: usize) -> Break<'p, 'a> {
        let (lines, spots) = (&self.page.lines, &self.measures.spots);
        let (a, b, here, next) = (&lines[index], &lines[index + 1], &spots[index], &spots[index + 1]);
        let (left, right) = (here.behind as usize, next.ahead as usize);
        let around = if left.abs_diff(a.edge()) <= 2 || left > a.edge() { left } else { left.max(right) };
        let blocks = &self.measures.blocks;
        let (block, next_block) = (&blocks[here.block as usize], &blocks[next.block as usize]);
        Break { page: self.page, measures: self.measures, index, a, b, here, next, block, next_block, left, right, around }
    }
}

/// One break, ready to be asked for features.
pub(in crate::pass) struct Break<'p, 'a> {
    pub(super) page: &'p Page<'a>,
    measures: &'p Measures,
    pub(super) index: usize,
    pub(super) a: &'p Line,
    pub(super) b: &'p Line,
    pub(super) here: &'p Spot,
    pub(super) next: &'p Spot,
    pub(super) block: &'p Block,
    pub(super) next_block: &'p Block,
    /// The measure of the lines behind, ahead, and the one that counts for the line before the break, in cells.
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) around: usize,
}

impl<'p> Break<'p, '_> {
    pub(super) fn line(&self, offset: isize) -> Option<&'p Line> {
        self.page.lines.get(self.index.wrapping_add_signed(offset))
    }

    pub(super) fn text(&self, line: &Line) -> &'p str {
        line.span.of(self.page.text)
    }

    pub(super) fn whole(&self) -> &'p Whole {
        &self.measures.whole
    }

    /// Cells that were left on the line before the break after the first unit of the next; negative when it did not fit.
    pub(super) fn spare(&self) -> i64 {
        self.around as i64 - self.a.edge() as i64 - i64::from(self.here.unit)
    }

    /// The same, by the lines behind alone, for the break `offset` lines away.
    pub(super) fn spare_at(&self, offset: isize) -> i16 {
        self.measures.spots.get(self.index.wrapping_add_signed(offset)).map_or(NONE, |spot| spot.spare)
    }

    /// How many of the lines around break off at their measure, and how many break off before it.
    pub(super) fn cuts(&self) -> (i16, i16) {
        let spots = &self.measures.spots;
        let first = spots[self.index.saturating_sub(6)].cuts;
        let last = spots[(self.index + 7).min(spots.len() - 1)].cuts;
        let own = (self.next.cuts.0 - self.here.cuts.0, self.next.cuts.1 - self.here.cuts.1);
        ((last.0 - first.0 - own.0) as i16, (last.1 - first.1 - own.1) as i16)
    }

    /// How many characters the two lines begin with alike, at most nine.
    pub(super) fn same_start(&self) -> usize {
        self.text(self.a).chars().zip(self.text(self.b).chars()).take(9).take_while(|(x, y)| x == y).count()
    }

    /// Cells by which the next line's indent misses the column of the text after the item's mark.
    pub(super) fn hang(&self) -> i16 {
        let text = self.text(self.a);
        let mark = text.find(|c: char| is_blank(c) || is_han(c)).unwrap_or(0);
        let rest = text[mark..].trim_start_matches(is_blank);
        let column = self.a.indent + column_width(&text[..text.len() - rest.len()]);
        clip(self.b.indent as i64 - column as i64)
    }
}
