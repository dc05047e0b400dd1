//! All that is measured on one side of a document: as it was, or as it is after repair.

use super::filter::{FILTERS, Failed, Measures};
use super::fixed::{Fixed, Ratio};
use super::fluency::FluencyMeasures;
use super::found::FoundMeasures;
use super::grams::repeated_han;
use super::part::score;
use super::structure::StructureMeasures;
use super::words::words;
use crate::edit::Revision;
use crate::pass::Pipeline;
use crate::text::chars::is_han;

/// The measures of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Han characters.
    pub han: u64,
    /// Letters of ASCII.
    pub latin: u64,
    /// What filters measure.
    pub measures: Measures,
    /// How paragraphs end.
    pub structure: StructureMeasures,
    /// What the rules found.
    pub found: FoundMeasures,
    /// Han characters in runs that came before.
    pub repeated: Ratio,
    /// How likely the characters are.
    pub fluency: FluencyMeasures,
    /// The share of misread Han characters as [`Pipeline::quality`] estimates it from this text alone.
    pub misread: Fixed,
    /// The same as the score takes it.
    pub expected: Fixed,
    /// The thresholds that each filter of [`FILTERS`] finds failed.
    pub failed: [Vec<Failed>; FILTERS.len()],
    /// The score, from 0 to 100.
    pub score: Fixed,
}

/// The share of wrong characters, of what the doubts about single characters say and of those that rules find misread. The doubts
/// are weighed for modern prose: much of what is classical is doubtful. Rules are sure, and find a half of what is misread, and
/// stretches of which a third is wrong. What both say comes short, as nobody knows of characters that are gone, and above eight of a
/// hundred says too much, where each misread character makes its neighbours doubtful. Set on clean text with errors put in.
fn expected(doubted: Fixed, (misread, senseless): (u64, u64), han: u64) -> Fixed {
    const UNSEEN: Fixed = Fixed::raw(10);
    const SHORT: Fixed = Fixed::raw(13_000);
    const MUCH: Fixed = Fixed::raw(800);
    const BEYOND: Fixed = Fixed::raw(3000);
    let most = Fixed::ratio((misread * 20 + senseless * 3) / 10, han).plus(UNSEEN);
    let share = doubted.min(most).by(SHORT);
    share.min(MUCH.plus(share.minus(MUCH).by(BEYOND))).max(Fixed::ZERO)
}

impl Sheet {
    /// Measures `text`, which is the source of `revision` or, with `after`, what repair made of it.
    pub fn of(pipeline: &Pipeline, revision: &Revision, after: bool) -> Sheet {
        let text = if after { revision.cleaned() } else { revision.source().text() };
        let lexicon = pipeline.lexicon();
        let (mut han, mut latin) = (0, 0);
        for c in text.chars() {
            han += u64::from(is_han(c));
            latin += u64::from(c.is_ascii_alphabetic());
        }
        let page = pipeline.page(text);
        let share = pipeline.misread_share(&page).unwrap_or_default();
        let measures = Measures::of(text, &words(text, lexicon), lexicon);
        let failed = std::array::from_fn(|filter| FILTERS[filter].judge(&measures));
        let found = FoundMeasures::of(revision, after);
        let misread = Fixed::raw((share * 10_000.0).round() as i64);
        let mut sheet = Sheet {
            han,
            latin,
            measures,
            structure: StructureMeasures::of(&page),
            found,
            repeated: repeated_han(text),
            fluency: FluencyMeasures::of(text, lexicon),
            misread,
            expected: expected(misread, found.misread, han),
            failed,
            score: Fixed::ZERO,
        };
        sheet.score = score(&sheet);
        sheet
    }

    /// The same, when repair has shown what blanks and breaks between characters hide: misreads do not go away with these.
    #[must_use]
    pub(super) fn knowing(mut self, after: &Sheet) -> Sheet {
        self.expected = self.expected.max(after.expected);
        self.score = score(&self);
        self
    }

    /// Code points of the text.
    pub fn characters(&self) -> u64 {
        self.measures.lines.characters
    }

    /// For a thousand Han characters; of a text without any, for a thousand of all.
    fn per_thousand(&self, count: u64) -> Fixed {
        FoundMeasures::per_thousand(count, if self.han > 0 { self.han } else { self.characters() })
    }

    /// Of all characters, at most all.
    fn share(&self, count: u64) -> Fixed {
        Fixed::ratio(count, self.characters()).min(Fixed::ONE)
    }

    /// Garbled characters for a thousand Han, by severity.
    pub fn garble(&self) -> [Fixed; 3] {
        self.found.garble.map(|count| self.per_thousand(count))
    }

    /// The same with errors in full, warnings by half, and a tenth of the rest.
    pub fn garble_weighted(&self) -> Fixed {
        let [error, warning, info] = self.found.garble;
        self.per_thousand((error * 10 + warning * 5 + info) / 10)
    }

    /// The estimated share of wrong characters: misread ones, and those that rules find garbled in other ways.
    pub fn errors(&self) -> Fixed {
        let beside = Fixed::ratio(self.found.garble_beside_misreads, self.han.max(self.found.garble_beside_misreads));
        self.expected.plus(beside).min(Fixed::ONE)
    }

    /// Of the paragraphs of prose, those that do not end as paragraphs do.
    pub fn broken(&self) -> Fixed {
        Fixed::ratio(self.structure.ended.whole - self.structure.ended.part, self.structure.ended.whole)
    }

    /// Breaks and blanks in the wrong places, for a thousand Han.
    pub fn breaks(&self) -> Fixed {
        self.per_thousand(self.found.breaks + self.found.spaces)
    }

    /// Places where text is missing or breaks off, for each paragraph.
    pub fn missing(&self) -> Fixed {
        Fixed::ratio(self.found.lost + self.found.dangling, self.structure.paragraphs).min(Fixed::ONE)
    }

    /// Characters that are there again: in exact runs, or in copies that rules find.
    pub fn repetition(&self) -> Fixed {
        self.repeated.fixed().max(self.share(self.found.copied))
    }

    /// Characters that do not belong to the text.
    pub fn contamination(&self) -> Fixed {
        self.share(self.found.ads + self.found.boilerplate + self.found.foreign)
    }

    /// Whether a filter, by its number in [`FILTERS`], lets the text pass.
    pub fn passes(&self, filter: usize) -> Fixed {
        if self.failed[filter].is_empty() { Fixed::ONE } else { Fixed::ZERO }
    }
}
