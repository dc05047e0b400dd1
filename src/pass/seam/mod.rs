//! Seams: what speaks for and against joining two lines. The wrap and column rules weigh it.

mod features;
mod reasons;
mod repeats;
pub(super) mod words;

pub(super) use features::{COUNT, FEATURES, Features, features, forget_measure};
pub(super) use reasons::reasons;
pub(super) use words::across;

use super::page::{End, Item, Line, Page, Setting, Start};
use crate::text::Span;
use crate::text::chars::{is_blank, is_han, is_line_start_forbidden, is_opener};
use crate::text::width::{column_cells, column_width};
use crate::tree::{Forest, TreeError};

/// Checks that trees ask for the features that breaks have, in their order.
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
    /// How the line ends.
    Ending,
    /// How the next line begins.
    Beginning,
    /// Whether the next unit would have fitted.
    Room,
    /// How wide the next line is.
    NextWidth,
    /// Blank lines and page breaks between.
    Blank,
    /// Indents.
    Indent,
    /// Brackets and quotes left open.
    Bracket,
    /// Words across the break.
    Word,
    /// How the lines around break.
    Neighbours,
    /// The block of lines.
    Block,
    /// The document as a whole.
    Document,
    /// Lists and numbers.
    List,
    /// Headlines, by-lines, captions, article openings and ends.
    Headline,
    /// Mark-up, code, tables and records.
    Markup,
    /// Latin text.
    Latin,
    /// Lengths of the two lines.
    Length,
}

/// One break of a text with what is known of it: what rules are fitted on.
#[derive(Debug, Clone)]
pub struct Seam {
    /// The white space between the two lines, in bytes.
    pub span: Span,
    /// How the document's lines are set.
    pub setting: Setting,
    /// A value for each of [`Seam::FEATURES`].
    pub values: Vec<i16>,
}

impl Seam {
    /// The names of the features, in order.
    pub const FEATURES: [&'static str; COUNT] = features::NAMES;
}

/// Every break of `page` that a rule may decide on.
pub(super) fn seams(page: &Page<'_>) -> Vec<Seam> {
    let view = View::new(page);
    let breaks = (0..page.lines.len().saturating_sub(1)).filter(|&index| !never_joined(page, index));
    breaks
        .map(|index| {
            let (a, b) = (&page.lines[index], &page.lines[index + 1]);
            let mut values = features(&view.at(index));
            words::fill(page, index, &mut values);
            forget_measure(&mut values);
            Seam { span: Span::new(a.span.end, b.span.start), setting: page.profile.setting, values: values.to_vec() }
        })
        .collect()
}

/// Breaks that no evidence outweighs: beside mark-up, before an article's opening, after its close, between speakers, records
/// and lines that end with a hard break of Markdown.
pub(super) fn never_joined(page: &Page<'_>, index: usize) -> bool {
    let (a, b) = (&page.lines[index], &page.lines[index + 1]);
    a.markup
        || b.markup
        || b.opener
        || a.end_mark
        || a.byline
        || b.byline
        || a.quoted != b.quoted
        || (a.speaker && b.speaker)
        || (a.trailing == 2 && page.profile.setting != Setting::Columns)
        || are_records(page.text_of(a), page.text_of(b))
}

/// Whether line `index` begins a headline: a few lines that could be one, parted from what comes before, and then an article
/// opens.
pub(super) fn heads_article(page: &Page<'_>, index: usize) -> bool {
    const MOST: usize = 4;
    let lines = &page.lines;
    let heads = (index..lines.len()).take(MOST).take_while(|&at| page.headline_like(at)).count();
    lines[index].blanks > 0 && heads > 0 && lines.get(index + heads).is_some_and(|line| line.opener)
}

/// Whether two lines begin with the same shape of digits and signs, as lines of a log, a table or data do.
fn are_records(a: &str, b: &str) -> bool {
    const SHAPE: usize = 5;
    let class = |c: char| match c {
        '0'..='9' => 'd',
        c if c.is_ascii_alphabetic() => 'a',
        c if is_han(c) => 'h',
        c => c,
    };
    let signs = |c: char| c == 'd' || c.is_ascii_punctuation();
    let shapes = a.chars().map(class).zip(b.chars().map(class)).take(SHAPE);
    let (mut same, mut telling) = (0, 0);
    for (x, y) in shapes {
        same += usize::from(x == y);
        telling += usize::from(x == y && signs(x));
    }
    let data = same == SHAPE && telling >= 3;
    let code = |text: &str| text.ends_with([';', '{', '}', ']']) || text.contains("//") && !text.contains("://");
    let listed = |text: &str| text.ends_with("},") || text.ends_with("],");
    data || (code(a) && code(b)) || (listed(a) && (listed(b) || b.ends_with('}')))
}

/// Lines that a measure is taken from, on either side.
const NEAR: usize = 6;

/// The widest edge that at least two of `lines` share within one cell. Falls back to the widest.
fn measure<'a>(lines: impl Iterator<Item = &'a Line>) -> usize {
    let mut edges = [0usize; NEAR];
    let mut count = 0;
    for line in lines.filter(|l| !l.markup && !l.spaced).take(NEAR) {
        edges[count] = line.edge();
        count += 1;
    }
    let edges = &mut edges[..count];
    edges.sort_unstable();
    let shared = edges.windows(2).rev().find(|pair| pair[1] - pair[0] <= 1).map(|pair| pair[1]);
    shared.or(edges.last().copied()).unwrap_or(0)
}

/// Cells of the first unit of `text` that cannot be broken: a Han character or a Latin word, with the marks that must follow.
fn first_unit(text: &str) -> usize {
    let mut chars = text.chars().peekable();
    let Some(first) = chars.next() else { return 0 };
    let mut cells = column_cells(first);
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
struct Block {
    first: usize,
    count: usize,
    /// Lines that end with a mark.
    marked: usize,
    /// Lines that hold a mark inside.
    inside: usize,
    /// The narrowest and the widest edge, the last line aside.
    edges: (usize, usize),
}

/// A page prepared for features of its breaks.
pub(super) struct View<'p, 'a> {
    page: &'p Page<'a>,
    /// For each line, the measure of the lines that end with it, in the same article.
    behind: Vec<usize>,
    /// For each line, the measure of the lines that begin with it.
    ahead: Vec<usize>,
    /// For each line, cells that the first unit of the next needs.
    units: Vec<usize>,
    /// For each line, brackets and quotes that are open at its end.
    depth: Vec<i32>,
    /// For each line, the block that holds it.
    block_of: Vec<u32>,
    blocks: Vec<Block>,
    /// For each line, how often its end and the next line's beginning stand together elsewhere.
    repeats: Vec<u8>,
    whole: Whole,
}

/// What is true of the document, in per cent of its lines unless said otherwise.
#[derive(Debug, Clone, Copy, Default)]
struct Whole {
    lines: i16,
    /// Lines that break off in a Han character or comma.
    cut: i16,
    sentence: i16,
    marked: i16,
    inside: i16,
    blanks: i16,
    indented: i16,
    wide_indent: i16,
    long: i16,
    list: i16,
    markup: i16,
    latin: i16,
    /// Lines within two cells of the commonest edge.
    common: i16,
    /// That edge, and the one that nineteen of twenty lines do not pass, in cells.
    edge: i16,
    most_edge: i16,
    /// Lines that break off within six cells of that edge, of all that break off.
    cut_at_edge: i16,
    spaced: i16,
}

impl<'p, 'a> View<'p, 'a> {
    pub(super) fn new(page: &'p Page<'a>) -> Self {
        let lines = &page.lines;
        let count = lines.len();
        let (mut behind, mut ahead, mut units, mut depth) =
            (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
        let (mut block_of, mut blocks): (Vec<u32>, Vec<Block>) = (Vec::with_capacity(count), Vec::new());
        let mut open = 0;
        for (index, line) in lines.iter().enumerate() {
            let near = &lines[(index + 1).saturating_sub(NEAR)..=index];
            behind.push(measure(near[near.iter().rposition(|l| l.opener).unwrap_or(0)..].iter()));
            let near = &lines[index..(index + NEAR).min(count)];
            let end = near.iter().skip(1).position(|l| l.opener).map_or(near.len(), |at| at + 1);
            ahead.push(measure(near[..end].iter()));
            units.push(lines.get(index + 1).map_or(0, |next| first_unit(page.text_of(next))));
            if line.opener || line.blanks > 0 && index > 0 && lines[index - 1].end == End::Sentence {
                open = 0;
            }
            open = (open + line.open).clamp(0, 9);
            depth.push(open);
            if index == 0 || line.blanks > 0 {
                blocks.push(Block { first: index, edges: (usize::MAX, 0), ..Block::default() });
            }
            let last = lines.get(index + 1).is_none_or(|next| next.blanks > 0);
            let block = blocks.last_mut().expect("the first line begins a block");
            block.count += 1;
            block.marked += usize::from(line.ends_with_mark());
            block.inside += usize::from(line.inner_marks);
            if !last || block.count == 1 {
                block.edges = (block.edges.0.min(line.edge()), block.edges.1.max(line.edge()));
            }
            block_of.push(blocks.len() as u32 - 1);
        }
        View { page, behind, ahead, units, depth, block_of, blocks, repeats: repeats::repeated_seams(page), whole: whole(page) }
    }

    pub(super) fn page(&self) -> &'p Page<'a> {
        self.page
    }

    /// The break after line `index`.
    pub(super) fn at<'v>(&'v self, index: usize) -> Break<'v, 'p, 'a> {
        let lines = &self.page.lines;
        let (a, b) = (&lines[index], &lines[index + 1]);
        let (left, right) = (self.behind[index], self.ahead[index + 1]);
        let around = if left.abs_diff(a.edge()) <= 2 || left > a.edge() { left } else { left.max(right) };
        let mut seam = Break { view: self, index, a, b, left, right, around, cuts: (0, 0), articles: (0, 0) };
        (seam.cuts, seam.articles) = (seam.cuts_near(), seam.articles());
        seam
    }
}

fn whole(page: &Page<'_>) -> Whole {
    let lines = &page.lines;
    let count = lines.len().max(1);
    let share = |holds: &dyn Fn(&Line) -> bool| (lines.iter().filter(|l| holds(l)).count() * 100 / count) as i16;
    let mut edges: Vec<usize> = lines.iter().filter(|l| !l.markup).map(|l| l.edge().min(400)).collect();
    edges.sort_unstable();
    let most_edge = edges.get((edges.len() * 19 / 20).min(edges.len().saturating_sub(1))).copied().unwrap_or(0);
    let mut histogram = [0usize; 401];
    edges.iter().for_each(|&edge| histogram[edge] += 1);
    let about = |edge: usize| histogram[edge.saturating_sub(2)..=(edge + 2).min(400)].iter().sum::<usize>();
    let edge = (0..=400).rev().max_by_key(|&edge| (about(edge), histogram[edge])).unwrap_or(0);
    let cut = |l: &Line| matches!(l.end, End::Han | End::Comma) && !l.closed;
    let cuts = lines.iter().filter(|l| cut(l)).count();
    let at_edge = lines.iter().filter(|l| cut(l) && l.edge() + 6 >= most_edge && l.edge() <= most_edge + 2).count();
    Whole {
        lines: lines.len().min(3000) as i16,
        cut: share(&cut),
        sentence: share(&|l| l.end == End::Sentence),
        marked: share(&Line::ends_with_mark),
        inside: share(&|l| l.inner_marks),
        blanks: share(&|l| l.blanks > 0),
        indented: share(&|l| l.indent > 0),
        wide_indent: share(&|l| l.wide_indent),
        long: share(&|l| l.cells > 90),
        list: share(&|l| l.list_item),
        markup: share(&|l| l.markup),
        latin: share(&|l| l.latin > 50),
        common: (about(edge) * 100 / count) as i16,
        edge: edge as i16,
        most_edge: most_edge as i16,
        cut_at_edge: (at_edge * 100 / cuts.max(1)) as i16,
        spaced: share(&|l| l.spaced),
    }
}

/// One break, ready to be asked for features.
pub(super) struct Break<'v, 'p, 'a> {
    view: &'v View<'p, 'a>,
    pub index: usize,
    pub a: &'p Line,
    pub b: &'p Line,
    /// The measure of the lines behind, ahead, and the one that counts for the line before the break, in cells.
    pub left: usize,
    pub right: usize,
    pub around: usize,
    cuts: (i16, i16),
    articles: (i16, i16),
}

impl<'p> Break<'_, 'p, '_> {
    fn line(&self, offset: isize) -> Option<&'p Line> {
        let at = self.index as isize + offset;
        usize::try_from(at).ok().and_then(|at| self.view.page.lines.get(at))
    }

    fn text(&self, line: &Line) -> &str {
        self.view.page.text_of(line)
    }

    fn block(&self, index: usize) -> &Block {
        &self.view.blocks[self.view.block_of[index] as usize]
    }

    /// Cells that were left on the line before the break after the first unit of the next; negative when it did not fit.
    pub(super) fn spare(&self) -> i64 {
        self.around as i64 - self.a.edge() as i64 - self.view.units[self.index] as i64
    }

    /// Brackets and quotes that are open at the break.
    fn depth(&self) -> i32 {
        self.view.depth[self.index]
    }

    /// The same for the break `offset` lines away.
    fn spare_at(&self, offset: isize) -> i16 {
        let at = self.index as isize + offset;
        match usize::try_from(at) {
            Ok(at) if at + 1 < self.view.page.lines.len() => {
                let line = &self.view.page.lines[at];
                clip(self.view.behind[at] as i64 - line.edge() as i64 - self.view.units[at] as i64)
            }
            _ => NONE,
        }
    }

    /// How many of the lines around break off at their measure, and how many break off before it.
    fn cuts_near(&self) -> (i16, i16) {
        let lines = &self.view.page.lines;
        let (mut full, mut loose) = (0, 0);
        for at in self.index.saturating_sub(6)..(self.index + 7).min(lines.len().saturating_sub(1)) {
            let line = &lines[at];
            let cut = matches!(line.end, End::Han | End::Comma | End::Alnum) && !line.closed && lines[at + 1].blanks == 0;
            if at != self.index && cut {
                let spare = self.view.behind[at] as i64 - line.edge() as i64 - self.view.units[at] as i64;
                *(if spare <= 0 { &mut full } else { &mut loose }) += 1;
            }
        }
        (full, loose)
    }

    /// Lines to the next that opens an article, and since the last that closed one; at most ten.
    fn articles(&self) -> (i16, i16) {
        let lines = &self.view.page.lines;
        let ahead = lines[self.index + 1..].iter().take(10).position(|l| l.opener).unwrap_or(10);
        let behind = lines[..=self.index].iter().rev().take(10).position(|l| l.end_mark || l.signature).unwrap_or(10);
        (ahead as i16, behind as i16)
    }

    /// Cells by which the next line's indent misses the column of the text after the item's mark.
    fn hang(&self) -> i16 {
        let text = self.text(self.a);
        let mark = text.find(|c: char| is_blank(c) || is_han(c)).unwrap_or(0);
        let rest = text[mark..].trim_start_matches(is_blank);
        let column = self.a.indent + column_width(&text[..text.len() - rest.len()]);
        clip(self.b.indent as i64 - column as i64)
    }
}

/// Stands for what is not there.
const NONE: i16 = 120;

fn clip(value: i64) -> i16 {
    value.clamp(-99, 99) as i16
}

fn end_code(line: Option<&Line>) -> i16 {
    line.map_or(8, |line| match line.end {
        End::Opener => 0,
        End::Comma => 1,
        End::Han => 2,
        End::Alnum => 3,
        End::Other => 4,
        End::Semicolon => 5,
        End::Colon => 6,
        End::Sentence => 7,
    })
}

fn start_code(line: Option<&Line>) -> i16 {
    line.map_or(8, |line| match line.start {
        Start::Forbidden => 0,
        Start::Han => 1,
        Start::Lower => 2,
        Start::Upper => 3,
        Start::Digit => 4,
        Start::Quote => 5,
        Start::Bracket => 6,
        Start::Other => 7,
    })
}

fn item_code(line: &Line) -> i16 {
    match line.item {
        Item::None => 0,
        Item::Bracketed => 1,
        Item::Numeral => 2,
        Item::Circled => 3,
        Item::Number => 4,
        Item::Levels => 5,
        Item::Letter => 6,
        Item::Clause => 7,
        Item::Sign => 8,
    }
}
