//! Document profile: what kind of producer made a document's lines, measured on the lines, and said once.

use super::Detector;
use super::page::{End, Line, Page, Profile, Setting, Vocabulary};
use crate::edit::Finding;
use crate::rule::Rule;
use crate::text::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::sync::Arc;

/// Reports the kind of producer that made the document's lines.
pub(super) struct DocumentProfile {
    pub rule: Arc<Rule>,
}

impl Detector for DocumentProfile {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Vocabulary::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let profile = &page.profile;
        let kind = match profile.setting {
            Setting::Flowing => return Vec::new(),
            Setting::Columns => "columns",
            Setting::Wide => "lines",
        };
        let message = format!("hard-wrapped in {kind} of about {} Han characters", profile.measure.div_ceil(2));
        let mut finding = self.rule.flag(Span::new(0, 0), message);
        finding.evidence.push(format!(
            "{:.0} % of {} adjacent lines stop in mid-sentence at the measure",
            profile.cut_share * 100.0,
            profile.pairs
        ));
        vec![finding]
    }
}

/// Whether full lines look cut from prose: few end with a mark, and enough hold one inside (the two shares of `marks`).
fn is_cut_anywhere<'l>(full: impl Iterator<Item = &'l Line>, marks: (f64, f64)) -> bool {
    let (mut count, mut last, mut inside) = (0.0, 0.0, 0.0);
    for line in full {
        count += 1.0;
        last += f64::from(u8::from(line.ends_with_mark()));
        inside += f64::from(u8::from(line.inner_marks));
    }
    last <= count * marks.0 && inside >= count * marks.1
}

/// Whether sentences end in enough of the lines.
fn has_sentences(lines: &[Line], vocabulary: &Vocabulary) -> bool {
    let ending = lines.iter().filter(|line| line.end == End::Sentence || line.inner_sentence).count();
    ending as f64 >= lines.len() as f64 * vocabulary.least_sentences
}

/// Where a typewritten page ends: manuals and mail are wrapped at 40 to 120 cells, give or take a word.
fn page_edge(lines: &[Line], vocabulary: &Vocabulary, marks: (f64, f64)) -> Option<usize> {
    const WORD: usize = 6;
    let mut edges: Vec<usize> = lines.iter().map(Line::edge).collect();
    if edges.is_empty() {
        return None;
    }
    let rank = edges.len().saturating_sub(1 + edges.len() / 50);
    let edge = *edges.select_nth_unstable(rank).1;
    if !(40..=120).contains(&edge) {
        return None;
    }
    let reaching = || lines.iter().filter(|l| !l.markup && (edge.saturating_sub(WORD)..=edge).contains(&l.edge()));
    let count = reaching().count();
    let common = count >= 4 && count * 25 >= lines.len();
    (common && has_sentences(lines, vocabulary) && is_cut_anywhere(reaching(), marks)).then_some(edge)
}

/// Measures `lines`.
pub(super) fn profile_of(lines: &[Line], vocabulary: &Vocabulary) -> Profile {
    let (mut pairs, mut cuts) = (0usize, 0usize);
    let mut widths: Vec<usize> = Vec::new();
    let cells: Vec<u32> = lines.iter().map(|line| line.cells as u32).collect();
    let parted = lines.iter().skip(1).filter(|line| line.blanks > 0).count();
    let double_spaced = parted * 5 >= lines.len().saturating_sub(1) * 4;
    for (index, pair) in lines.windows(2).enumerate() {
        let (a, b) = (&pair[0], &pair[1]);
        if (b.blanks > 0 && !double_spaced) || a.markup || b.markup {
            continue;
        }
        pairs += 1;
        let unfinished = matches!(a.end, End::Han | End::Comma | End::Alnum | End::Opener) && !a.closed || a.open > 0;
        let alike = || {
            let window = &cells[index.saturating_sub(4)..(index + 6).min(cells.len())];
            window.iter().filter(|&&other| other.abs_diff(cells[index]) <= 2).count() >= 3
        };
        if a.cells >= 18 && a.cells <= 120 && unfinished && !b.list_item && alike() {
            cuts += 1;
            widths.push(a.cells);
        }
    }
    let middle = widths.len() / 2;
    let measure = if widths.is_empty() { 0 } else { *widths.select_nth_unstable(middle).1 };
    let cut_share = if pairs == 0 { 0.0 } else { cuts as f64 / pairs as f64 };
    // Once lines are joined, most of the text stands in lines far longer than the measure.
    let (mut short, mut all) = (0, 0);
    for line in lines {
        all += line.cells;
        short += if line.cells * 2 <= measure * 3 { line.cells } else { 0 };
    }
    let at_measure = short as f64 >= all as f64 * vocabulary.text_at_measure;
    // Verse and lists of equal lines end with their clauses and hold few marks inside; prose is cut anywhere.
    let marks = (vocabulary.most_marks_last, vocabulary.least_marks_inside);
    let full = lines.iter().filter(|line| measure > 0 && line.cells.abs_diff(measure) <= 2 && !line.markup);
    let prose = is_cut_anywhere(full, marks) && has_sentences(lines, vocabulary);
    let wrapped =
        lines.len() >= vocabulary.least_lines && cuts >= 2 && cut_share >= vocabulary.wrapped_share && at_measure && prose;
    let indented = lines.iter().filter(|line| line.indent >= 2 && line.indent != 4 || line.indent > 4).count();
    let setting = match wrapped {
        false => Setting::Flowing,
        true if measure <= vocabulary.column_cells && indented * 3 < lines.len() => Setting::Columns,
        true => Setting::Wide,
    };
    let (loose, tight) = lines.iter().fold((0, 0), |(loose, tight), line| {
        (loose + usize::from(line.latin_beside_han.0), tight + usize::from(line.latin_beside_han.1))
    });
    Profile {
        setting,
        cut_share,
        pairs,
        measure,
        newspaper: lines.iter().any(|line| line.opener),
        spaced_latin: loose > tight,
        double_spaced: double_spaced && wrapped,
        marks,
        page_edge: page_edge(lines, vocabulary, marks),
    }
}
