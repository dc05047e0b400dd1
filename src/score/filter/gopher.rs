//! The rules of Gopher (Rae and others, "Scaling Language Models: Methods, Analysis & Insights from Training Gopher", arXiv 2112.11446,
//! section A1.1 and table A1), as datatrove has them in `GopherQualityFilter` and `GopherRepetitionFilter`, version 0.10.1.
//!
//! Two of them speak of English: a mean length of words from 3 to 10 and two of eight English stop words. No Chinese text passes
//! either. In their place stand the length and the stop words that FineWeb2 found for Mandarin; all else is as published.

use super::{Failed, Fixed, Measures, Ratio, Trial, whole};
use crate::score::grams::{AGAIN, TOP};

pub const SOURCE: &str =
    "Gopher (arXiv 2112.11446, table A1) as in datatrove 0.10.1; length of words and stop words of FineWeb2 cmn_Hani";

/// The thresholds of quality.
pub(super) struct Quality {
    /// Mean characters of a word.
    pub word_length: (Fixed, Fixed),
    /// Words with a letter.
    pub alphabetic: Fixed,
}

/// The thresholds of repetition. What is none is not tried.
pub(super) struct Repetition {
    pub paragraphs: Option<(Fixed, Fixed)>,
    pub lines: Fixed,
    pub line_characters: Option<Fixed>,
    pub top: [Fixed; 3],
    pub again: [Fixed; 6],
}

const REPETITION: Repetition = Repetition {
    paragraphs: Some((Fixed::raw(3000), Fixed::raw(2000))),
    lines: Fixed::raw(3000),
    line_characters: Some(Fixed::raw(2000)),
    top: [Fixed::raw(2000), Fixed::raw(1800), Fixed::raw(1600)],
    again: [Fixed::raw(1500), Fixed::raw(1400), Fixed::raw(1300), Fixed::raw(1200), Fixed::raw(1100), Fixed::raw(1000)],
};

const QUALITY: Quality = Quality { word_length: (Fixed::raw(10_000), Fixed::raw(50_000)), alphabetic: Fixed::raw(8000) };

const TOP_NAMES: [&str; TOP.len()] = ["top_2_gram", "top_3_gram", "top_4_gram"];
const AGAIN_NAMES: [&str; AGAIN.len()] = [
    "duplicated_5_n_grams",
    "duplicated_6_n_grams",
    "duplicated_7_n_grams",
    "duplicated_8_n_grams",
    "duplicated_9_n_grams",
    "duplicated_10_n_grams",
];

pub(super) fn judge(measures: &Measures) -> Vec<Failed> {
    let mut trial = Trial::default();
    quality(measures, &QUALITY, &mut trial);
    repetition(measures, &REPETITION, &mut trial);
    trial.0
}

pub(super) fn quality(measures: &Measures, limits: &Quality, trial: &mut Trial) {
    let Measures { lines, words, real_words, .. } = measures;
    trial.least("gopher_short_doc", whole(*real_words), Fixed::raw(500_000));
    trial.most("gopher_long_doc", whole(*real_words), Fixed::raw(1_000_000_000));
    let length = Ratio::new(measures.word_characters, *real_words);
    trial.least("gopher_below_avg_threshold", length, limits.word_length.0);
    trial.most("gopher_above_avg_threshold", length, limits.word_length.1);
    let (ellipses, hashes) = lines.symbols;
    trial.most("gopher_too_many_hashes", Ratio::new(hashes, *words), Fixed::raw(1000));
    trial.most("gopher_too_many_ellipsis", Ratio::new(ellipses, *words), Fixed::raw(1000));
    trial.most("gopher_too_many_bullets", lines.bullets, Fixed::raw(9000));
    trial.most("gopher_too_many_end_ellipsis", lines.ellipses, Fixed::raw(3000));
    trial.least("gopher_below_alpha_threshold", measures.alphabetic, limits.alphabetic);
    trial.least("gopher_enough_stop_words", whole(measures.stop_words), Fixed::raw(20_000));
}

pub(super) fn repetition(measures: &Measures, limits: &Repetition, trial: &mut Trial) {
    let Measures { lines, grams, .. } = measures;
    if lines.characters == 0 {
        trial.least("empty", Ratio::new(0, 1), Fixed::ONE);
    }
    if let Some((paragraphs, characters)) = limits.paragraphs {
        trial.most("dup_para_frac", lines.repeated_paragraphs, paragraphs);
        trial.most("dup_para_char_frac", lines.repeated_paragraph_characters, characters);
    }
    trial.most("dup_line_frac", lines.repeated_lines, limits.lines);
    if let Some(characters) = limits.line_characters {
        trial.most("dup_line_char_frac", lines.repeated_line_characters, characters);
    }
    for ((name, value), limit) in TOP_NAMES.into_iter().zip(grams.top).zip(limits.top) {
        trial.most(name, value.unwrap_or_default(), limit);
    }
    for ((name, value), limit) in AGAIN_NAMES.into_iter().zip(grams.again).zip(limits.again) {
        trial.most(name, value, limit);
    }
}
