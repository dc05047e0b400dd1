//! What every detector reads: the lines of a draft with what a compositor would see in them, and the document's profile.

use super::broken::Tails;
use super::line::{Reader, describe};
use super::misread::{Doubter, Doubts};
use super::profile::profile_of;
use super::reread::{Before, Matcher};
use super::seam::Measures;
use super::wrap::Scores;
use crate::index::Here;
use crate::lexicon::Lexicon;
use crate::rule::Regexes;
use crate::text::chars::is_blank;
use crate::text::kind::Kind;
use crate::text::lines::lines;
use crate::text::width::column_cells;
use crate::text::{Inventory, Newline, Span};
use schemars::JsonSchema;
use serde::Deserialize;
use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

/// The words by which lines are told apart: the parameters of `profile/document`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// How an article opens, at the start of a line.
    pub openers: Regexes,
    /// How an article closes, at the end of a line.
    pub end_marks: Regexes,
    /// Lines that only name an author.
    pub bylines: Regexes,
    /// How a line begins that describes a picture.
    pub captions: Regexes,
    /// How a line ends that describes a picture: the photographer.
    pub photo_credits: Regexes,
    /// How an item of a list begins.
    pub list_items: Regexes,
    /// Lines that are mark-up, tables or code.
    pub markup: Regexes,
    /// The end of a line in a table of contents: leaders and a page number.
    pub leaders: Regexes,
    /// The end of a by-line, signature or credit in brackets.
    pub signatures: Regexes,
    /// Characters that no clause ends with: prepositions, conjunctions, those that need an object.
    pub not_last: String,
    /// Characters that no clause begins with: particles and suffixes.
    pub not_first: String,
    /// Fewer lines are never called hard-wrapped.
    pub least_lines: usize,
    /// The share of lines that must break off in mid-sentence at the measure.
    pub wrapped_share: f64,
    /// The share of the text that must stand in lines no longer than one and a half times the measure.
    pub text_at_measure: f64,
    /// The share of full lines that may end with punctuation: in prose about one in six does, in verse all.
    pub most_marks_last: f64,
    /// The share of full lines that must hold punctuation inside.
    pub least_marks_inside: f64,
    /// The share of lines in which a sentence must end: slogans, rules and modern verse do without.
    pub least_sentences: f64,
    /// The widest measure of a newspaper column, in cells.
    pub column_cells: usize,
}

/// What kind of producer made the document's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// One paragraph a line.
    Flowing,
    /// Hard-wrapped in narrow columns.
    Columns,
    /// Hard-wrapped at a wide measure or with indents that mean something: manuals, mail, books.
    Wide,
}

/// What is true of the document as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// How its lines are set.
    pub setting: Setting,
    /// Share of the adjacent lines that break off in mid-sentence at the measure.
    pub cut_share: f64,
    /// Adjacent lines counted for it.
    pub pairs: usize,
    /// The commonest measure, in cells.
    pub measure: usize,
    /// Whether articles open as in a newspaper.
    pub newspaper: bool,
    /// Whether the document sets blanks between Han and Latin letters.
    pub spaced_latin: bool,
    /// Whether a blank line follows nearly every line, so that it means nothing.
    pub double_spaced: bool,
    /// What share of full lines may end with punctuation in prose, and must hold some inside.
    pub marks: (f64, f64),
    /// The right edge of the whole document, in cells, where no line but a few goes beyond it and several of prose reach it.
    pub page_edge: Option<usize>,
}

/// How a line ends, closing quotes and brackets aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// `。！？…`
    Sentence,
    /// `，、`
    Comma,
    /// `；`
    Semicolon,
    /// `：`
    Colon,
    /// A Han character.
    Han,
    /// A Latin letter or digit.
    Alnum,
    /// An opening quote or bracket.
    Opener,
    /// Anything else.
    Other,
}

/// How a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// A mark that no line begins with: it belongs to the line before.
    Forbidden,
    /// An opening quote.
    Quote,
    /// An opening bracket.
    Bracket,
    /// A Han character.
    Han,
    /// A lower-case letter.
    Lower,
    /// An upper-case letter.
    Upper,
    /// A digit.
    Digit,
    /// Anything else.
    Other,
}

/// What kind of mark an item of a list begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// None.
    None,
    /// `（一）`, `(1)`
    Bracketed,
    /// `一、`
    Numeral,
    /// `①`
    Circled,
    /// `1.`, `1)`, `1、`
    Number,
    /// `1.2`
    Levels,
    /// `a)`
    Letter,
    /// `第三条`, `第一章`
    Clause,
    /// `•`, `-`, `*`
    Sign,
}

/// One line that is not blank.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// The line without blanks at its ends.
    pub span: Span,
    /// The line with them, without its terminator.
    pub raw: Span,
    /// Where the next line begins.
    pub next: usize,
    /// Blank lines before it; one less in a double-spaced document.
    pub blanks: usize,
    /// Whether a form feed or the document's start comes before it.
    pub page_top: bool,
    /// Cells of the blanks at its start.
    pub indent: usize,
    /// Cells of its text.
    pub cells: usize,
    /// Code points of its text.
    pub chars: usize,
    /// How it ends.
    pub end: End,
    /// Whether closing quotes or brackets follow that end.
    pub closed: bool,
    /// How it begins.
    pub start: Start,
    /// It opens an article.
    pub opener: bool,
    /// It closes an article: a folio mark, a continuation notice.
    pub end_mark: bool,
    /// It closes with a signature in brackets.
    pub signature: bool,
    /// It only names an author.
    pub byline: bool,
    /// It describes a picture.
    pub caption: bool,
    /// It begins an item of a list.
    pub list_item: bool,
    /// The mark it begins with, if it is one of an item.
    pub item: Item,
    /// Its indent is made of ideographic spaces.
    pub wide_indent: bool,
    /// Depth of the mail quote (`> `) it stands in. The quote's marks belong to the indent.
    pub quoted: u8,
    /// The classes of all its characters together: what it holds at all. Of the common ideographs the first counts.
    pub kinds: Kind,
    /// Share of ASCII letters in it, in per cent.
    pub latin: u8,
    /// Share of ASCII punctuation in it, in per cent.
    pub signs: u8,
    /// Places inside it where two blanks or a tab stand, up to nine.
    pub gaps: u8,
    /// Two slashes stand in it.
    pub slashes: bool,
    /// It is mark-up, a table or code.
    pub markup: bool,
    /// Single blanks stand between most of its characters.
    pub spaced: bool,
    /// It begins with a short name and a colon, as speakers do.
    pub speaker: bool,
    /// At least half of it is Han.
    pub han: bool,
    /// Punctuation stands inside it, not only at its end.
    pub inner_marks: bool,
    /// Blanks after its text.
    pub trailing: usize,
    /// It ends with a character that no clause ends with.
    pub ends_open: bool,
    /// It begins with a character that no clause begins with.
    pub begins_open: bool,
    /// Commas of either width in it.
    pub commas: usize,
    /// Whether it holds any punctuation of prose.
    pub punctuated: bool,
    /// Brackets and quotes that it opens and does not close; negative when it closes more.
    pub open: i32,
    /// Whether a sentence ends somewhere before its end.
    pub inner_sentence: bool,
    /// It stands between the close of one article and the opening of the next, where headlines stand.
    pub headline_zone: bool,
    /// Places where Latin letters stand beside Han with a blank between, and without.
    pub latin_beside_han: (u16, u16),
}

impl Line {
    /// The right edge of its text, in cells.
    pub fn edge(&self) -> usize {
        self.indent + self.cells
    }

    /// Whether it ends with punctuation rather than within a sentence.
    pub fn ends_with_mark(&self) -> bool {
        !matches!(self.end, End::Han | End::Alnum | End::Opener)
    }

    /// Whether it could be running text, by what it is not.
    pub fn is_body(&self) -> bool {
        !(self.byline || self.caption || self.markup)
    }
}

/// A draft, read for detectors.
pub struct Page<'a> {
    /// The draft's text.
    pub text: &'a str,
    /// Its lines that are not blank.
    pub lines: Vec<Line>,
    /// What is true of it as a whole, as it was before lines were joined.
    pub profile: Profile,
    /// How its lines end.
    pub newline: Newline,
    /// What is known of the language.
    pub lexicon: &'a Arc<Lexicon>,
    /// What its lines were read by.
    reader: &'a Arc<Reader>,
    measures: OnceCell<Measures>,
    /// How likely its breaks are none.
    pub(super) scores: RefCell<Scores>,
    doubts: OnceCell<Doubts>,
    tails: OnceCell<Tails>,
    inventory: OnceCell<Inventory>,
    /// What an index of the corpus knows of the document, when there is one and the document is in it.
    pub(super) here: Option<&'a Here>,
}

impl<'a> Page<'a> {
    /// Reads `text`. The profile is taken from it unless one is given.
    pub(super) fn read(
        text: &'a str,
        reader: &'a Arc<Reader>,
        profile: Option<Profile>,
        newline: Newline,
        lexicon: &'a Arc<Lexicon>,
    ) -> Page<'a> {
        Page::read_after(None, text, reader, profile, newline, lexicon)
    }

    /// The same where the text was read before it was edited.
    pub(super) fn read_after(
        before: Option<&Before>,
        text: &'a str,
        reader: &'a Arc<Reader>,
        profile: Option<Profile>,
        newline: Newline,
        lexicon: &'a Arc<Lexicon>,
    ) -> Page<'a> {
        let mut found = Vec::new();
        let mut matcher = Matcher::new(before);
        let feeds = text.contains('\u{C}');
        let (mut blanks, mut page_top, mut fenced) = (0, true, false);
        for raw in lines(text) {
            let content = raw.content.of(text);
            let trimmed = content.trim_matches(is_white);
            page_top |= feeds && content.contains('\u{C}');
            if trimmed.is_empty() {
                blanks += 1;
                continue;
            }
            // A longer row of tildes underlines a heading.
            let fence =
                trimmed.starts_with("```") || trimmed.starts_with("~~~") && (trimmed.len() == 3 || !trimmed.starts_with("~~~~"));
            let (trimmed, quoted) = without_quote(trimmed);
            let start = trimmed.as_ptr() as usize - text.as_ptr() as usize;
            let indent = &text[raw.content.start..start];
            let mut line = matcher.find(trimmed, start).unwrap_or_else(|| describe(trimmed, reader));
            line.span = Span::new(start, start + trimmed.len());
            (line.raw, line.next, line.blanks, line.page_top) = (raw.content, raw.next, blanks, page_top);
            line.indent =
                indent.chars().fold(0, |cells, c| if c == '\t' { (cells / 8 + 1) * 8 } else { cells + column_cells(c) });
            line.wide_indent = indent.starts_with('\u{3000}');
            line.quoted = quoted;
            line.trailing = raw.content.end - line.span.end;
            line.markup |= fenced || fence;
            fenced ^= fence;
            (blanks, page_top) = (0, false);
            found.push(line);
        }
        mark_tables(text, &mut found);
        mark_headline_zones(&mut found);
        let profile = profile.unwrap_or_else(|| profile_of(&found, &reader.vocabulary));
        if profile.double_spaced {
            found.iter_mut().for_each(|line| line.blanks = line.blanks.saturating_sub(1));
        }
        let known = Known { lines: found, profile, measures: OnceCell::new(), scores: RefCell::default() };
        Page::of(text, known, reader, newline, lexicon)
    }

    /// A page of text of which something is `known` from an earlier page of it.
    pub(super) fn of(
        text: &'a str,
        known: Known,
        reader: &'a Arc<Reader>,
        newline: Newline,
        lexicon: &'a Arc<Lexicon>,
    ) -> Page<'a> {
        let Known { lines, profile, measures, scores } = known;
        Page {
            text,
            lines,
            profile,
            newline,
            lexicon,
            reader,
            measures,
            scores,
            doubts: OnceCell::new(),
            tails: OnceCell::new(),
            inventory: OnceCell::new(),
            here: None,
        }
    }

    /// What is known of it, for another page of the same text.
    pub(super) fn into_known(self) -> Known {
        Known { lines: self.lines, profile: self.profile, measures: self.measures, scores: self.scores }
    }

    /// What it was read from, for who wants to read it again later.
    pub(super) fn copy(&self) -> PageCopy {
        PageCopy {
            text: self.text.to_owned(),
            reader: self.reader.clone(),
            profile: self.profile,
            newline: self.newline,
            lexicon: self.lexicon.clone(),
        }
    }

    /// What several detectors ask of its breaks: found once, when the first asks.
    pub(super) fn measures(&self) -> &Measures {
        self.measures.get_or_init(|| Measures::new(self))
    }

    /// Its doubtful characters: found once, when the first asks. All rules of a pipeline have the same doubter.
    pub(super) fn doubts(&self, doubter: &Doubter) -> &Doubts {
        self.doubts.get_or_init(|| doubter.doubts(self, false))
    }

    /// How its paragraphs end: found once, when the first asks.
    pub(super) fn tails(&self) -> &Tails {
        self.tails.get_or_init(|| Tails::of(self))
    }

    /// Which characters it holds.
    pub(super) fn inventory(&self) -> &Inventory {
        self.inventory.get_or_init(|| Inventory::of(self.text))
    }

    /// The same with what is known of its characters.
    pub(super) fn with_inventory(self, inventory: Inventory) -> Page<'a> {
        Page { inventory: OnceCell::from(inventory), ..self }
    }

    /// The text of a line.
    pub fn text_of(&self, line: &Line) -> &'a str {
        line.span.of(self.text)
    }

    /// Whether a line stands alone between blank lines (or the document's ends).
    pub fn stands_alone(&self, index: usize) -> bool {
        self.lines[index].blanks > 0 && self.lines.get(index + 1).is_none_or(|next| next.blanks > 0)
            || self.lines.len() == 1
            || index == 0 && self.lines.get(1).is_some_and(|next| next.blanks > 0)
    }

    /// Whether a line looks like a headline: short, without a sentence end, and no list item.
    pub fn headline_like(&self, index: usize) -> bool {
        let line = &self.lines[index];
        let exclaims = || self.text_of(line).ends_with(['!', '！', '?', '？']);
        line.cells <= 90
            && !line.inner_sentence
            && (line.end != End::Sentence || line.closed || exclaims())
            && !matches!(line.end, End::Comma | End::Semicolon | End::Opener)
            && line.commas <= 2
            && !line.opener
            && line.start != Start::Forbidden
            && line.open == 0
    }
}

/// Blanks of all kinds. No character beyond the ideographic space is one.
fn is_white(c: char) -> bool {
    c <= '\u{3000}' && (is_blank(c) || c.is_whitespace())
}

/// What was found out of a text, and holds as long as the text stays as it is.
pub(super) struct Known {
    lines: Vec<Line>,
    profile: Profile,
    measures: OnceCell<Measures>,
    scores: RefCell<Scores>,
}

impl Known {
    /// Its lines.
    pub(super) fn into_lines(self) -> Vec<Line> {
        self.lines
    }
}

/// All that a page is read from. Far smaller than what was read.
pub(super) struct PageCopy {
    text: String,
    reader: Arc<Reader>,
    profile: Profile,
    newline: Newline,
    lexicon: Arc<Lexicon>,
}

impl PageCopy {
    /// The page as it was.
    pub(super) fn page(&self) -> Page<'_> {
        Page::read(&self.text, &self.reader, Some(self.profile), self.newline, &self.lexicon)
    }
}

/// A line of a mail quote without its `> `, and the depth of the quote. A line of nothing else stays as it is.
fn without_quote(line: &str) -> (&str, u8) {
    if !line.starts_with('>') {
        return (line, 0);
    }
    let (mut rest, mut depth) = (line, 0u8);
    while let Some(inner) = rest.strip_prefix('>') {
        rest = inner.strip_prefix(' ').unwrap_or(inner);
        depth = depth.saturating_add(1);
    }
    let rest = rest.trim_start_matches(is_blank);
    if rest.is_empty() { (line, 0) } else { (rest, depth) }
}

/// Lines between the close of one article and the opening of the next, when they are few and none holds a sentence: the
/// headlines that a page read column by column has behind its articles. An article closes with an end mark, or with a sentence
/// before a blank line.
fn mark_headline_zones(lines: &mut [Line]) {
    const MOST: usize = 6;
    let wordless =
        |line: &Line| !line.inner_sentence && !matches!(line.end, End::Sentence | End::Comma) && !line.opener && !line.end_mark;
    for index in 0..lines.len() {
        let closes = lines[index].end_mark;
        let parted = closes || lines[index].end == End::Sentence && lines.get(index + 1).is_some_and(|line| line.blanks > 0);
        if !parted {
            continue;
        }
        let run = lines[index + 1..].iter().take(MOST + 1).take_while(|line| wordless(line)).count();
        let after = lines.get(index + 1 + run);
        let opens = after.is_some_and(|line| line.opener);
        let ends = closes && after.is_none();
        if (1..=MOST).contains(&run) && (opens || ends) {
            lines[index + 1..index + 1 + run].iter_mut().for_each(|line| line.headline_zone = true);
        }
    }
}

/// Columns, in cells, at which something begins again after two or more blanks inside a line.
fn wide_gaps(line: &str) -> Vec<usize> {
    let (mut cells, mut blanks) = (0, 0);
    let mut found = Vec::new();
    for c in line.chars() {
        if is_blank(c) {
            blanks += if c == ' ' || c == '\u{A0}' { 1 } else { 2 };
        } else {
            if blanks >= 2 {
                found.push(cells);
            }
            blanks = 0;
        }
        cells += if c == '\t' { 8 - cells % 8 } else { column_cells(c) };
    }
    found
}

/// Lines that stand in aligned columns, one under the other, are a table: no text runs from one to the next.
fn mark_tables(text: &str, lines: &mut [Line]) {
    let gaps_of = |line: &Line| {
        let content = line.span.of(text);
        // Blanks of other kinds make gaps too, but no columns.
        let may_hold = line.gaps > 0 && line.end != End::Sentence && !line.inner_sentence;
        let holds = may_hold && (content.contains("  ") || content.contains(['\t', '\u{3000}']));
        if holds { wide_gaps(content) } else { Vec::new() }
    };
    let mut above: Vec<usize> = Vec::new();
    for index in 0..lines.len() {
        let here = gaps_of(&lines[index]);
        // Justified lines have wide gaps too, but not as many, one under the other.
        let same = here.iter().filter(|column| above.contains(column)).count();
        let aligned = lines[index].blanks == 0 && same > 0 && same * 2 >= here.len().max(above.len());
        if index > 0 && aligned {
            lines[index - 1].markup = true;
            lines[index].markup = true;
        }
        above = here;
    }
}
