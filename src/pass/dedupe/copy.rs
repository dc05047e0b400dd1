//! Which of two copies goes, and how sure that is.

use super::Params;
use super::reading::Readings;
use super::stream::Stream;
use crate::pass::alike::{Alignment, Edit, counts};
use crate::pass::page::{End, Item, Line, Page, Start};
use crate::pass::seam::across;
use crate::text::Span;
use crate::text::chars::{is_blank, is_cjk_punctuation, is_closer, is_number_char, is_sentence_end};
use std::ops::Range;

/// Lines, from the first to the last.
type Lines = (usize, usize);

/// A copy that may go.
pub(super) struct Copy {
    pub lines: Lines,
    /// Where the other copy stands.
    pub kept: Lines,
    /// It is no line, but the end of one.
    pub tail: Option<Span>,
    pub strength: Strength,
    /// How alike the copies are.
    pub how: &'static str,
    pub evidence: Vec<String>,
}

/// How sure it is that a copy is none that was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// It differs by what may be meant.
    Variant,
    /// Few texts that repeat something so are meant to, but some are.
    Likely,
    /// It stands near the other. Documents that repeat themselves may do that.
    Near,
    /// Nobody writes that.
    Sure,
}

/// What copies are judged by.
pub(super) struct Surroundings<'a> {
    pub page: &'a Page<'a>,
    pub stream: &'a Stream,
    pub readings: &'a Readings<'a>,
    pub params: &'a Params,
}

/// Characters at the edge of a copy that may be noise.
const EDGE: usize = 2;

/// One copy that reads worse by so many bits has more misreads.
const LEAST_WORSE: i32 = 5;

/// How one copy lacks what the other has at an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cut {
    /// It lacks nothing.
    None,
    /// What it lacks is a clause or more.
    Clause,
    /// It begins within a clause of the other.
    Within,
    /// It breaks off in mid-sentence, or begins within a word or a number.
    Broken,
}

/// One of two copies, seen as the one that goes.
struct Side {
    lines: Lines,
    kept: Lines,
    /// Characters that count.
    chars: usize,
    /// Characters that stand twice and are no part of it.
    beyond: usize,
    /// Those of its longest line.
    longest: usize,
    /// Characters of the other's first and last lines that it lacks.
    lacks: (usize, usize),
    /// Where in the other it begins and ends.
    cut: [Cut; 2],
    /// Places where they differ.
    edits: usize,
    /// How much worse it reads in all, in bits.
    worse: i32,
    /// How much more its differences look like noise than like words of its own, in points.
    noise: i32,
    /// How much the readings differ in all, in bits.
    differ: i32,
    /// Characters at an edge that the other does not have there.
    own: usize,
    /// Numbers that differ, and how much worse one of them reads, in bits.
    numbers: usize,
    malformed: i32,
    /// Blanks in it.
    blanks: usize,
    /// How well it reads on from its neighbours.
    reads_on: i32,
    word: Option<String>,
    /// Whether a word runs into it from the line before.
    joined: bool,
}

impl Surroundings<'_> {
    /// The longest run of lines that lie within the first stretch, but for [`EDGE`], and are much the same in the second.
    pub fn lines_within(&self, alignment: &Alignment) -> Option<Lines> {
        let stretch = &alignment.a;
        let lines = self.stream.line_at(stretch.start)..=self.stream.line_at(stretch.end.checked_sub(1)?);
        let mut best: Option<(usize, Lines)> = None;
        let mut run: Option<(usize, Lines)> = None;
        let mut edits = alignment.edits.as_slice();
        for index in lines {
            let line = self.stream.line(index);
            edits = &edits[edits.partition_point(|e| e.a.end < line.start)..];
            let edited: usize = edits.iter().take_while(|e| e.a.start < line.end).map(Edit::size).sum();
            let inside = line.end.min(stretch.end).saturating_sub(line.start.max(stretch.start));
            let fits = inside + EDGE >= line.len() && inside * 2 > line.len() && edited * 3 <= line.len();
            run = fits.then(|| match run {
                Some((chars, (from, _))) => (chars + line.len(), (from, index)),
                None => (line.len(), (index, index)),
            });
            if run.map(|run| run.0) > best.map(|best| best.0) {
                best = run;
            }
        }
        best.map(|(_, lines)| lines)
            .filter(|lines| (lines.0..=lines.1).map(|l| self.stream.line(l).len()).max() >= Some(self.params.least))
    }

    /// The copy of two that should go, if any.
    pub fn judge(&self, alignment: &Alignment) -> Option<Copy> {
        let first = self.lines_within(alignment).map(|lines| self.side(alignment, lines));
        let turned = alignment.turned();
        let second = self.lines_within(&turned).map(|lines| self.side(&turned, lines));
        let (goes, reason) = match (first, second) {
            (Some(first), Some(second)) => Surroundings::choose(first, second),
            (Some(side), None) if self.tail_of(&side).is_some() => return self.tail(&side),
            (Some(side), None) | (None, Some(side)) => (side, "the other copy is complete".to_owned()),
            (None, None) => return None,
        };
        let (how, strength) = self.limit(&goes, reason.ends_with("across)"))?;
        let mut evidence = vec![reason];
        evidence.push(format!("{} characters, {} differ", goes.longest, goes.edits));
        if goes.edits > 0 {
            let which = if goes.worse < 0 { "the other" } else { "this" };
            evidence.push(format!("{which} copy reads worse by {} bits; {} points for noise", goes.worse.abs(), goes.noise));
        }
        Some(Copy { lines: goes.lines, kept: goes.kept, tail: None, strength, how, evidence })
    }

    /// The end of a longer line in which a paragraph before it stands again, as after two columns were joined.
    fn tail_of(&self, side: &Side) -> Option<Span> {
        let page = self.page;
        let line = &page.lines[side.kept.0];
        if side.lines.0 != side.lines.1
            || side.kept.0 != side.kept.1
            || side.lacks.0 == 0
            || side.lacks.1 > 0
            || line.end != End::Sentence
        {
            return None;
        }
        let text = page.text_of(line);
        // What stands before it may happen to be the same for a few characters more.
        let begins = text.char_indices().filter(|(_, c)| counts(*c)).skip(side.lacks.0 - 1).take(1 + EDGE);
        let from = begins.map(|(at, before)| {
            let rest = &text[at + before.len_utf8()..];
            text.len() - rest.trim_start_matches(|c| is_sentence_end(c) || is_closer(c)).len()
        });
        let from = from.into_iter().find(|&from| text[..from].trim_end_matches(is_closer).ends_with(is_sentence_end))?;
        Some(Span::new(line.span.start + from, line.span.end))
    }

    fn tail(&self, side: &Side) -> Option<Copy> {
        let Params { alone, near, .. } = *self.params;
        let near = side.kept.0.saturating_sub(side.lines.1 + 1) <= near;
        (near && side.edits <= usize::from(side.own > 0) && side.own <= EDGE && side.chars >= alone).then(|| Copy {
            lines: side.kept,
            kept: side.lines,
            tail: self.tail_of(side),
            strength: Strength::Likely,
            how: "the same",
            evidence: vec![
                "the other copy is a paragraph by itself, and stands first".to_owned(),
                format!("{} characters", side.chars),
            ],
        })
    }

    /// Continuity with the neighbours first, then completeness, then defects; else the earlier copy stays.
    fn choose(first: Side, second: Side) -> (Side, String) {
        // A copy that lacks more than noise would take text with it that stands nowhere else.
        let lacks = |side: &Side| side.lacks.0 + side.lacks.1;
        if lacks(&first) + lacks(&second) > 0 {
            // That it breaks off says nothing; only a word that runs into it speaks for it.
            let (goes, stays) = if lacks(&first) > 0 { (first, second) } else { (second, first) };
            return match &goes.word {
                Some(word) if lacks(&goes) <= EDGE && stays.word.is_none() => {
                    let reason = format!("the other copy reads on from its neighbours (`{word}` runs across)");
                    (stays, reason)
                }
                _ => (goes, "the other copy is complete".to_owned()),
            };
        }
        if first.reads_on != second.reads_on {
            let (goes, stays) = if first.reads_on > second.reads_on { (second, first) } else { (first, second) };
            let word = stays.word.map_or_else(String::new, |word| format!(" (`{word}` runs across)"));
            return (goes, format!("the other copy reads on from its neighbours{word}"));
        }
        if first.beyond.abs_diff(second.beyond) > EDGE * 2 {
            let goes = if first.beyond < second.beyond { first } else { second };
            return (goes, "the other copy is part of a longer paragraph".to_owned());
        }
        if first.worse.abs() >= LEAST_WORSE {
            let goes = if first.worse > 0 { first } else { second };
            return (goes, "the other copy has fewer misreads".to_owned());
        }
        let lines = |side: &Side| side.lines.1 - side.lines.0;
        if lines(&first) != lines(&second) {
            let goes = if lines(&first) > lines(&second) { first } else { second };
            return (goes, "the other copy is in one piece".to_owned());
        }
        if first.blanks > second.blanks {
            return (first, "the other copy has fewer blanks".to_owned());
        }
        (second, "the other copy stands first".to_owned())
    }

    /// What speaks for and against taking out `lines`, which lie in the first stretch. A short line at their edge that goes on in the
    /// other copy is no part of it.
    fn side(&self, alignment: &Alignment, lines: Lines) -> Side {
        let side = self.side_of(alignment, lines);
        let short = |line: usize| self.stream.line(line).len() < self.params.least;
        match side.lacks {
            (1.., _) if lines.0 < lines.1 && short(lines.0) => self.side(alignment, (lines.0 + 1, lines.1)),
            (_, 1..) if lines.0 < lines.1 && short(lines.1) => self.side(alignment, (lines.0, lines.1 - 1)),
            _ => side,
        }
    }

    fn side_of(&self, alignment: &Alignment, lines: Lines) -> Side {
        let stream = self.stream;
        let own = stream.line(lines.0).start..stream.line(lines.1).end;
        let mut other = alignment.second(own.start)..alignment.second(own.end).max(alignment.second(own.start) + 1);
        let mut kept = (stream.line_at(other.start), stream.line_at(other.end - 1));
        let mut rests = (alignment.a.start.saturating_sub(own.start), own.end.saturating_sub(alignment.a.end));
        // A character or two at the end of the line before, or at the start of the next, are the same by chance.
        let before = stream.line(kept.0).end - other.start;
        if kept.0 < kept.1 && before <= EDGE {
            other.start += before;
            (kept.0, rests.0) = (stream.line_at(other.start), rests.0 + before);
        }
        let after = other.end - stream.line(kept.1).start;
        if kept.0 < kept.1 && after <= EDGE {
            other.end -= after;
            (kept.1, rests.1) = (stream.line_at(other.end - 1), rests.1 + after);
        }
        let lacks = (other.start - stream.line(kept.0).start, stream.line(kept.1).end - other.end.min(stream.line(kept.1).end));
        let mut edits: Vec<Edit> =
            alignment.edits.iter().filter(|e| e.a.start >= own.start && e.a.end <= own.end).cloned().collect();
        let mut numbers = 0;
        let numbers_in = |stretch: Range<usize>| usize::from(stream.chars[stretch].iter().copied().any(is_number_char));
        let mut lacks = lacks;
        // What only the other has at its edge was cut off.
        if let Some(edit) = edits
            .first()
            .filter(|e| e.a.end == own.start && lacks.0 == 0 && stream.is_border(e.b.start) && !stream.is_border(e.b.end))
        {
            lacks.0 = edit.b.len();
            edits.remove(0);
        }
        // What only it has there would go with it and stands nowhere else.
        let beyond = |e: &&Edit| e.b.is_empty() && (e.a.start == own.start || e.a.end == own.end);
        let extra: usize = edits.iter().filter(beyond).map(Edit::size).filter(|&size| size > EDGE).sum();
        if let Some(edit) =
            edits.last().filter(|e| e.a.start == own.end && stream.is_border(e.b.end) && !stream.is_border(e.b.start))
        {
            lacks.1 = edit.b.len();
            edits.pop();
        }
        // What each has of its own at an edge is noise there, or what was cut off.
        if rests.0 > 0 && lacks.0 <= EDGE {
            edits.push(Edit { a: own.start..own.start + rests.0, b: other.start - lacks.0..other.start });
            lacks.0 = 0;
        }
        if rests.1 > 0 && lacks.1 <= EDGE {
            edits.push(Edit { a: own.end - rests.1..own.end, b: other.end..other.end + lacks.1 });
            lacks.1 = 0;
        }
        // A number there is an item's own.
        numbers += numbers_in(own.start..own.start + rests.0) + numbers_in(own.end - rests.1..own.end);
        let (reads_on, word) = self.reads_on(lines);
        let mut side = Side {
            lines,
            kept,
            chars: own.len(),
            beyond: alignment.a.len().saturating_sub(own.len()),
            longest: (lines.0..=lines.1).map(|line| stream.line(line).len()).max().unwrap_or(0),
            lacks,
            cut: [Cut::None; 2],
            edits: edits.len(),
            worse: 0,
            differ: 0,
            own: if lacks.0 > 0 { rests.0 } else { 0 } + if lacks.1 > 0 { rests.1 } else { 0 } + extra,
            noise: 0,
            numbers,
            malformed: 0,
            blanks: self.page.lines[lines.0..=lines.1].iter().map(|line| self.page.text_of(line).matches(is_blank).count()).sum(),
            reads_on,
            joined: word.as_ref().is_some_and(|_| self.runs_into(lines.0)),
            word,
        };
        side.cut = self.cut(&side);
        for edit in &edits {
            let line = |at: usize, limit: &Range<usize>| stream.line(stream.line_at(at.clamp(limit.start, limit.end - 1)));
            let lines = (line(edit.a.start, &own), line(edit.b.start, &(other.start..other.end)));
            let (bits, word) = self.readings.worse(&stream.chars, edit, lines);
            side.worse += bits;
            side.differ += bits.abs();
            if self.is_number(edit, &own) {
                side.numbers += 1;
                side.malformed = side.malformed.max(bits.abs());
            } else {
                let points = noise(edit, bits.abs());
                side.noise += if word { points.min(0) } else { points };
            }
        }
        side
    }

    /// Whether an edit makes another number: both have digits or number words there, or one has one more beside others.
    fn is_number(&self, edit: &Edit, own: &Range<usize>) -> bool {
        let has = |range: Range<usize>| self.stream.chars[range].iter().copied().any(is_number_char);
        let around =
            |r: &Range<usize>| has(r.start.saturating_sub(1)..r.start) || has(r.end..(r.end + 1).min(self.stream.chars.len()));
        match (edit.a.is_empty(), edit.b.is_empty()) {
            (true, _) => has(edit.b.clone()) && around(&edit.b),
            (_, true) => has(edit.a.clone()) && around(&edit.a),
            _ if edit.a.start == own.start => has(edit.a.clone()) || has(edit.b.clone()),
            _ => has(edit.a.clone()) && has(edit.b.clone()),
        }
    }

    /// Where in the other a copy begins and ends that lacks its head or tail.
    fn cut(&self, side: &Side) -> [Cut; 2] {
        let page = self.page;
        let (first, last) = (&page.lines[side.lines.0], &page.lines[side.lines.1]);
        let text = page.text_of(&page.lines[side.kept.0]);
        let counted = |n: usize| text.char_indices().filter(|(_, c)| counts(*c)).nth(n).map(|(at, c)| (at, c));
        let head = side.lacks.0.checked_sub(1).and_then(counted).map_or(Cut::None, |(at, before)| {
            let (left, right) = text.split_at(at + before.len_utf8());
            let Some(next) = right.chars().next() else { return Cut::Clause };
            let in_number = is_number_char(before) && is_number_char(next);
            let in_word = || matches!(across(page.lexicon, left, right), ([_, strong], _) if strong > 0.0);
            match () {
                () if first.start == Start::Forbidden && !page.text_of(first).starts_with('"')
                    || first.begins_open
                    || in_number
                    || in_word() =>
                {
                    Cut::Broken
                }
                () if counts(next) => Cut::Within,
                () => Cut::Clause,
            }
        });
        let tail = match last.end {
            _ if side.lacks.1 == 0 => Cut::None,
            End::Han | End::Alnum | End::Comma | End::Opener => Cut::Broken,
            _ => Cut::Clause,
        };
        [head, tail]
    }

    /// Whether a word runs into a line from the one before, beyond doubt.
    fn runs_into(&self, line: usize) -> bool {
        let page = self.page;
        let before = line.checked_sub(1).map(|index| &page.lines[index]).filter(|before| before.end == End::Han);
        before.is_some_and(|before| {
            matches!(across(page.lexicon, page.text_of(before), page.text_of(&page.lines[line])), ([_, strong], _) if strong > 0.0)
        })
    }

    /// How well lines read on from what stands before and into what stands after.
    fn reads_on(&self, (from, to): Lines) -> (i32, Option<String>) {
        let page = self.page;
        let mut score = 0;
        let mut word = None;
        let mut seam = |a: usize, b: usize| {
            let (left, right) = (&page.lines[a], &page.lines[b]);
            let unfinished = matches!(left.end, End::Han | End::Comma | End::Alnum) && !left.caption && !left.byline;
            if !unfinished {
                return;
            }
            score += if page.headline_like(a) { 0 } else { 2 };
            if let ([_, strong], Some(found)) = across(page.lexicon, page.text_of(left), page.text_of(right)) {
                score += 1 + (strong as i32) * 2;
                word.get_or_insert(found);
            }
        };
        if from > 0 {
            seam(from - 1, from);
        }
        if to + 1 < page.lines.len() {
            seam(to, to + 1);
        }
        (score, word)
    }

    /// How alike a copy is and how sure its removal. None when the text is likely meant to stand twice.
    fn limit(&self, side: &Side, joined: bool) -> Option<(&'static str, Strength)> {
        let Params { alone, close, near, apart, least_noisy, .. } = *self.params;
        let page = self.page;
        let (earlier, later) = if side.lines < side.kept { (side.lines, side.kept) } else { (side.kept, side.lines) };
        let between = page.lines[later.0].raw.start.saturating_sub(page.lines[earlier.1].raw.end) / '一'.len_utf8();
        if between > apart {
            return None;
        }
        let paragraphs = later.0.saturating_sub(earlier.1 + 1);
        let (is_close, is_near) = (paragraphs <= close, paragraphs <= near);
        let lines = &page.lines[side.lines.0..=side.lines.1];
        let asks = |line: &Line| page.text_of(line).ends_with(['？', '?']);
        let sentence = lines.iter().any(|line| matches!(line.end, End::Sentence | End::Semicolon) && !asks(line));
        let item = lines[0].list_item;
        let marks = lines.iter().flat_map(|line| page.text_of(line).chars()).filter(|&c| is_cjk_punctuation(c)).count();
        let prose = marks > 0 || side.chars >= alone;
        // Clauses of verse are short, and its refrains are meant.
        let verse = marks * VERSE >= side.chars * 2 && side.chars < alone * 2;
        // Two articles of a law do not have the same number.
        let numbered = lines[0].item == Item::Clause && lines[0].chars >= least_noisy;
        // A term and what it means, an option and what it does: the next one may do the same.
        let entry = !item && self.is_entry(earlier.0) && self.is_entry(later.0);
        if side.own > EDGE {
            return None;
        }
        if side.lacks != (0, 0) {
            if is_heading_of(page, side) || side.numbers > 0 || side.noise < -2 || side.edits * 7 > side.chars {
                return None;
            }
            let noise_only = side.own == 0 && side.noise >= side.edits as i32 * 4;
            let ends = side.cut[1] != Cut::Clause && side.lacks.0 + side.lacks.1 <= side.chars;
            let strength = match side.cut[0].max(side.cut[1]) {
                _ if side.chars < least_noisy || !prose => return None,
                _ if side.lacks.0 > 0 && side.joined => Strength::Likely,
                Cut::Broken
                    if noise_only && ends && (is_near || side.lacks.1 > EDGE) && (!item || side.cut[1] == Cut::Broken) =>
                {
                    Strength::Sure
                }
                Cut::Within | Cut::Clause if noise_only && ends && side.lacks.0 <= PREFIX && paragraphs <= close + 2 => {
                    Strength::Near
                }
                _ if side.edits == 0 && (is_near || side.chars >= alone) => Strength::Likely,
                _ => return None,
            };
            return Some(("the same, cut short", strength));
        }
        if side.edits == 0 {
            // Footers and formulas stand everywhere; a question may be put again.
            let meant = (side.lines.0..=side.lines.1).all(|line| self.stream.stands_often(line) || asks(&page.lines[line]));
            if meant && paragraphs > 0 {
                return None;
            }
            let strength = match () {
                () if !prose || verse || entry && !numbered => Strength::Likely,
                () if is_close && (sentence && side.chars * 2 >= alone || side.chars >= alone) => Strength::Near,
                () if is_near && (numbered || sentence && side.longest * 5 >= alone * 4) => Strength::Near,
                () if side.longest >= alone && lines.len() > 1 && side.chars >= alone * 3 => Strength::Near,
                () => Strength::Likely,
            };
            let least = if is_close {
                0
            } else if is_near {
                least_noisy
            } else {
                alone
            };
            return (side.chars >= least).then_some(("the same", strength));
        }
        if side.chars < least_noisy || side.edits * 4 > side.chars {
            return None;
        }
        // Noise makes one copy worse; where each is worse in its turn, both may be as they should.
        let one_sided = side.worse.abs() * 2 >= side.differ;
        let long = side.chars >= alone;
        const MISREAD: &str = "the same but for misread characters";
        const DOUBTFUL: &str = "the same but for characters that may be misread";
        Some(match (side.numbers, side.noise) {
            (_, 0..) if verse => (DOUBTFUL, Strength::Likely),
            (0, 8..) if one_sided || side.noise >= 24 => (MISREAD, Strength::Sure),
            (0, 4..) if one_sided && is_near => (MISREAD, Strength::Near),
            (0, noise @ 1..) if one_sided && is_near && long && (noise > 1 || side.worse.abs() >= 30) => {
                (MISREAD, Strength::Near)
            }
            (0, 0..) if is_near && (lines.len() > 1 && side.chars >= alone * 2 * side.edits || joined) => {
                (MISREAD, Strength::Near)
            }
            (0, 0..) => (DOUBTFUL, Strength::Likely),
            (1.., noise) if noise >= 8 * side.numbers as i32 => (DOUBTFUL, Strength::Likely),
            (1, 0) if side.edits == 1 && side.malformed >= 10 => (DOUBTFUL, Strength::Likely),
            (0, -2..) if long => (DOUBTFUL, Strength::Likely),
            (0, -9..) if long && side.edits == 1 && is_near => ("nearly the same, and both read well", Strength::Variant),
            (0, _) if long && is_near && one_sided && side.edits > 4 && side.worse.abs() >= 8 * side.edits as i32 => {
                (DOUBTFUL, Strength::Likely)
            }
            _ => return None,
        })
    }

    /// Whether a line stands under a headline or a term.
    fn is_entry(&self, line: usize) -> bool {
        line > 0 && self.page.headline_like(line - 1) && self.page.lines[line - 1].chars < self.params.least_noisy
    }
}

/// Clauses of fewer half characters are those of verse.
const VERSE: usize = 11;
/// A copy lacks at most so many characters at its head that it begins a line too late, or a word.
const PREFIX: usize = 12;

/// Points for an edit's being noise, by how much worse one of its readings is, in bits: logarithms of how much more often that is
/// so between noisy copies than between clauses of laws that resemble each other.
fn noise(edit: &Edit, bits: i32) -> i32 {
    match (edit.a.len(), edit.b.len(), bits) {
        (1, 1, ..5) => -5,
        (1, 1, 5..10) => -2,
        (1, 1, 10..15) => 0,
        (1, 1, 15..20) => 4,
        (1, 1, _) => 8,
        (0, 1, ..15) | (1, 0, ..15) => 0,
        (0, 1, 15..20) | (1, 0, 15..20) => 1,
        (0, 1, _) | (1, 0, _) => 2,
        (a, b, ..30) => -2 * a.max(b) as i32,
        _ => 2,
    }
}

/// Whether what goes is the headline that the kept line repeats: a clause of it.
fn is_heading_of(page: &Page<'_>, side: &Side) -> bool {
    let line = side.lines.0;
    if side.lines.0 != side.lines.1 || side.lacks.0 > 0 || !page.headline_like(line) || side.kept.0 != line + 1 {
        return false;
    }
    let mut lead = page.text_of(&page.lines[side.kept.0]).chars();
    lead.by_ref().filter(|&c| counts(c)).nth(side.chars - 1);
    lead.next().is_some_and(|c| !counts(c))
}
