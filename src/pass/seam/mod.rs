//! Seams: what speaks for and against joining two lines. The wrap and column rules weigh it.

mod features;
mod reasons;
mod repeats;
mod view;
mod words;

use features::{COUNT, FEATURES, Features, KIND_COUNT, features, forget_measure};
pub(super) use reasons::{Facts, KindShares, kind_shares};
pub(super) use view::{Break, Measures, View};
pub(super) use words::across;

use super::page::{End, Item, Line, Page, Setting, Start};
use crate::text::Span;
use crate::text::chars::is_han;
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

/// All features of a break.
pub(super) fn weighed(seam: &Break<'_, '_>) -> Features {
    let mut values = features(seam);
    words::fill(seam.page, seam.index, &mut values);
    forget_measure(&mut values);
    values
}

/// Every break of `page` that a rule may decide on.
pub(super) fn seams(page: &Page<'_>) -> Vec<Seam> {
    let view = View::new(page);
    let breaks = (0..page.lines.len().saturating_sub(1)).filter(|&index| !never_joined(page, index));
    breaks
        .map(|index| {
            let (a, b) = (&page.lines[index], &page.lines[index + 1]);
            let values = weighed(&view.at(index));
            Seam { span: Span::new(a.span.end, b.span.start), setting: page.profile.setting, values: values.to_vec() }
        })
        .collect()
}

/// Works out the features of every break, and returns how many there are.
pub(super) fn count_weighed(page: &Page<'_>) -> usize {
    let view = View::new(page);
    let breaks = (0..page.lines.len().saturating_sub(1)).filter(|&index| !never_joined(page, index));
    breaks
        .inspect(|&index| {
            std::hint::black_box(weighed(&view.at(index)));
        })
        .count()
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
        || are_records(page, a, b)
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
fn are_records(page: &Page<'_>, a: &Line, b: &Line) -> bool {
    let code = |line: &Line, text: &str| {
        text.ends_with([';', '{', '}', ']']) || line.slashes && text.contains("//") && !text.contains("://")
    };
    let listed = |text: &str| text.ends_with("},") || text.ends_with("],");
    let (first, second) = (page.text_of(a), page.text_of(b));
    is_data(first, second) || (code(a, first) && code(b, second)) || (listed(first) && (listed(second) || second.ends_with('}')))
}

/// Whether the first five characters of two lines are alike in kind, and three of them digits or signs.
fn is_data(a: &str, b: &str) -> bool {
    const SHAPE: usize = 5;
    let class = |c: char| match c {
        '0'..='9' => 'd',
        c if c.is_ascii_alphabetic() => 'a',
        c if is_han(c) => 'h',
        c => c,
    };
    let signs = |c: char| c == 'd' || c.is_ascii_punctuation();
    let (mut same, mut mute) = (0, 0);
    for (x, y) in a.chars().zip(b.chars()).take(SHAPE) {
        let x = class(x);
        mute += usize::from(!signs(x));
        if x != class(y) || mute > SHAPE - 3 {
            return false;
        }
        same += 1;
    }
    same == SHAPE
}

/// Stands for what is not there.
const NONE: i16 = 120;

fn clip(value: i64) -> i16 {
    value.clamp(-99, 99) as i16
}

/// How a line ends, as a feature: what goes on first, what ends last.
pub(super) fn end_code(line: Option<&Line>) -> i16 {
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
