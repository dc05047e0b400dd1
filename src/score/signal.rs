//! The signals: what each is called, what it means, and how it is read off a sheet.

use super::fixed::Fixed;
use super::part::PARTS;
use super::sheet::Sheet;

/// What the numbers of a signal are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 0 to 100.
    Points,
    /// A count.
    Count,
    /// From 0 to 1.
    Share,
    /// So many for a thousand Han characters.
    PerThousand,
    /// Bits a character.
    Bits,
    /// Characters, on the average.
    Characters,
    /// 1 for yes, 0 for no.
    YesNo,
}

impl Unit {
    /// Its name and range, for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Unit::Points => "points, 0 to 100",
            Unit::Count => "count",
            Unit::Share => "share, 0 to 1",
            Unit::PerThousand => "per 1,000 Han",
            Unit::Bits => "bits",
            Unit::Characters => "characters",
            Unit::YesNo => "yes or no",
        }
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More of it.
    More,
    /// Less of it.
    Less,
    /// Neither.
    Neither,
}

/// A signal.
#[derive(Debug)]
pub struct Signal {
    /// Its name, as expressions and columns have it.
    pub name: &'static str,
    /// What its numbers are.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    read: fn(&Sheet) -> Fixed,
}

impl Signal {
    /// Its value for one side of a document.
    pub fn of(&self, sheet: &Sheet) -> Fixed {
        (self.read)(sheet)
    }
}

const fn signal(name: &'static str, unit: Unit, better: Better, meaning: &'static str, read: fn(&Sheet) -> Fixed) -> Signal {
    Signal { name, unit, better, meaning, read }
}

use Better::{Less, More, Neither};
use Unit::{Bits, Characters, Count, PerThousand, Points, Share, YesNo};

/// All signals, in the order of columns.
#[rustfmt::skip]
pub const SIGNALS: &[Signal] = &[
    signal("score", Points, More, "the parts below multiplied", |s| s.score),
    signal("part.errors", Share, More, "what errors.share leaves of the score", |s| PARTS[0].left(s)),
    signal("part.garble", Share, More, "what garble.weighted leaves of it", |s| PARTS[1].left(s)),
    signal("part.structure", Share, More, "what structure.broken leaves of it", |s| PARTS[2].left(s)),
    signal("part.breaks", Share, More, "what structure.breaks leaves of it", |s| PARTS[3].left(s)),
    signal("part.completeness", Share, More, "what completeness.missing leaves of it", |s| PARTS[4].left(s)),
    signal("part.repetition", Share, More, "what repetition.share leaves of it", |s| PARTS[5].left(s)),
    signal("part.contamination", Share, More, "what contamination.share leaves of it", |s| PARTS[6].left(s)),
    signal("part.fluency", Share, More, "what fluency.bits leaves of it", |s| PARTS[7].left(s)),
    signal("size.characters", Count, Neither, "characters, blanks and line ends too", |s| Fixed::whole(s.characters())),
    signal("size.han", Count, Neither, "Han characters", |s| Fixed::whole(s.han)),
    signal("size.words", Count, Neither, "words, marks too", |s| Fixed::whole(s.measures.words)),
    signal("size.paragraphs", Count, Neither, "lines that are not blank", |s| Fixed::whole(s.structure.paragraphs)),
    signal("errors.share", Share, Less, "estimated share of wrong characters, of the Han: misread, or garbled in another way", |s| s.errors()),
    signal("errors.misread", Share, Less, "share of Han characters that doubts about single characters say is misread", |s| s.misread),
    signal("garble.error", PerThousand, Less, "characters that rules of severity error find wrong or lost", |s| s.garble()[0]),
    signal("garble.warning", PerThousand, Less, "the same of severity warning", |s| s.garble()[1]),
    signal("garble.info", PerThousand, Less, "the same of severity info", |s| s.garble()[2]),
    signal("garble.weighted", PerThousand, Less, "errors in full, warnings by half, and a tenth of the rest", |s| s.garble_weighted()),
    signal("structure.ended", Share, More, "paragraphs of prose that end as paragraphs do, of all of prose; 1 where there are none", |s| Fixed::ONE.minus(s.broken())),
    signal("structure.broken", Share, Less, "paragraphs of prose that do not", |s| s.broken()),
    signal("structure.cut", Share, Less, "pairs of lines that break off in mid-sentence at the measure", |s| s.structure.cut.fixed()),
    signal("structure.breaks", PerThousand, Less, "breaks and blanks in the wrong places", |s| s.breaks()),
    signal("structure.dangling", Count, Less, "paragraphs that begin or end in mid-sentence", |s| Fixed::whole(s.found.dangling)),
    signal("structure.lost", Count, Less, "places where text is missing", |s| Fixed::whole(s.found.lost)),
    signal("completeness.missing", Share, Less, "such places and paragraphs, for each paragraph", |s| s.missing()),
    signal("completeness.share", Share, More, "1 less that", |s| Fixed::ONE.minus(s.missing())),
    signal("repetition.share", Share, Less, "characters that are there again: the greater of the next two", |s| s.repetition()),
    signal("repetition.runs", Share, Less, "Han characters in runs of sixteen that stood before", |s| s.repeated.fixed()),
    signal("repetition.copies", Share, Less, "characters of copies that rules find, exact or not", |s| Fixed::ratio(s.found.copied, s.characters()).min(Fixed::ONE)),
    signal("repetition.lines", Share, Less, "characters of lines that stood before", |s| s.measures.lines.repeated_text.fixed()),
    signal("contamination.share", Share, Less, "characters that do not belong to the text: the next three", |s| s.contamination()),
    signal("contamination.ads", Share, Less, "characters of advertisements", |s| Fixed::ratio(s.found.ads, s.characters()).min(Fixed::ONE)),
    signal("contamination.boilerplate", Share, Less, "characters of mastheads, page numbers, notices, credits, prompts", |s| Fixed::ratio(s.found.boilerplate, s.characters()).min(Fixed::ONE)),
    signal("contamination.foreign", Share, Less, "characters of foreign words where Chinese ones stood", |s| Fixed::ratio(s.found.foreign, s.characters()).min(Fixed::ONE)),
    signal("contamination.latin", Share, Neither, "Latin letters, of these and Han", |s| Fixed::ratio(s.latin, s.latin + s.han)),
    signal("fluency.bits", Bits, Less, "what a Han character costs after those before it, by the model of characters", |s| s.fluency.bits()),
    signal("fluency.dear", Share, Less, "Han characters that cost more than 16 bits", |s| s.fluency.dear.fixed()),
    signal("words.length", Characters, Neither, "characters of a word, marks not counted", |s| Fixed::ratio(s.measures.word_characters, s.measures.real_words)),
    signal("words.letters", Share, More, "words with a letter in them, of all and marks", |s| s.measures.alphabetic.fixed()),
    signal("words.stop", Count, More, "different words of the commonest of Chinese", |s| Fixed::whole(s.measures.stop_words)),
    signal("words.newlines", Share, Less, "line ends, for each word", |s| Fixed::ratio(s.measures.lines.newlines, s.measures.words)),
    signal("lines.ended", Share, More, "lines that end with an end mark, of those that are not blank", |s| s.measures.lines.ended.fixed()),
    signal("lines.bullets", Share, Less, "lines that begin with a bullet", |s| s.measures.lines.bullets.fixed()),
    signal("lines.ellipses", Share, Less, "lines that end with an ellipsis", |s| s.measures.lines.ellipses.fixed()),
    signal("lines.repeated", Share, Less, "lines that stood before", |s| s.measures.lines.repeated_lines.fixed()),
    signal("grams.top2", Share, Less, "what the commonest two words in a row come to, of all characters", |s| s.measures.grams.top[0].unwrap_or_default().fixed()),
    signal("grams.top3", Share, Less, "the same of three", |s| s.measures.grams.top[1].unwrap_or_default().fixed()),
    signal("grams.top4", Share, Less, "the same of four", |s| s.measures.grams.top[2].unwrap_or_default().fixed()),
    signal("grams.again5", Share, Less, "characters of runs of five words that stood before", |s| s.measures.grams.again[0].fixed()),
    signal("grams.again10", Share, Less, "the same of ten", |s| s.measures.grams.again[5].fixed()),
    signal("gopher.passes", YesNo, More, "the filter of Gopher keeps it", |s| s.passes(0)),
    signal("c4.passes", YesNo, More, "the filter of C4 keeps it", |s| s.passes(1)),
    signal("mc4.passes", YesNo, More, "the filter of mC4 keeps it", |s| s.passes(2)),
    signal("fineweb2.passes", YesNo, More, "the filters of FineWeb2 for Mandarin keep it", |s| s.passes(3)),
];

/// The signal called `name`.
pub fn signal_of(name: &str) -> Option<&'static Signal> {
    SIGNALS.iter().find(|signal| signal.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::filter::FILTERS;

    #[test]
    fn parts_and_filters_have_signals_in_their_order() {
        let named = |prefix: &str| SIGNALS.iter().filter_map(|s| s.name.strip_prefix(prefix)).collect::<Vec<_>>();
        assert_eq!(named("part."), PARTS.iter().map(|part| part.name).collect::<Vec<_>>());
        let passes: Vec<&str> = SIGNALS.iter().filter_map(|s| s.name.strip_suffix(".passes")).collect();
        assert_eq!(passes, FILTERS.iter().map(|filter| filter.name).collect::<Vec<_>>());
        assert!(PARTS.iter().all(|part| signal_of(part.of).is_some()));
        let mut names: Vec<&str> = SIGNALS.iter().map(|s| s.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SIGNALS.len());
    }
}
