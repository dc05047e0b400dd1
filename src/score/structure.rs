//! How paragraphs end, and how many break off.

use super::fixed::Ratio;
use crate::pass::{End, Line, Page};

/// What is counted of the paragraphs of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StructureMeasures {
    /// Lines that are not blank.
    pub paragraphs: u64,
    /// Of the paragraphs of prose, those that end as paragraphs do.
    pub ended: Ratio,
    /// Of pairs of lines with nothing between, those that break off in mid-sentence at the measure, in ten-thousandths.
    pub cut: Ratio,
}

/// A line of fewer characters may be anything.
const PROSE: usize = 20;

/// Whether a line is a paragraph of prose: long enough, with marks inside, and nothing else that looks like one.
fn is_prose(page: &Page<'_>, index: usize) -> bool {
    let line = &page.lines[index];
    line.is_body() && line.han && line.chars >= PROSE && line.inner_marks && !line.list_item && !page.headline_like(index)
}

/// Whether a paragraph ends as paragraphs do.
fn is_ended(line: &Line) -> bool {
    line.end_mark
        || line.signature
        || matches!(line.end, End::Sentence | End::Colon | End::Semicolon)
        || line.closed && line.open <= 0
}

impl StructureMeasures {
    /// Counts them in a page.
    pub fn of(page: &Page<'_>) -> StructureMeasures {
        let prose = (0..page.lines.len()).filter(|&index| is_prose(page, index));
        let (mut all, mut ended) = (0, 0);
        for index in prose {
            all += 1;
            ended += u64::from(is_ended(&page.lines[index]));
        }
        let cut = (page.profile.cut_share * 10_000.0).round() as u64;
        StructureMeasures { paragraphs: page.lines.len() as u64, ended: Ratio::new(ended, all), cut: Ratio::new(cut, 10_000) }
    }
}
