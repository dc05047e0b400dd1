//! The filters of FineWeb2 for Mandarin in Han characters: fineweb-2-pipeline.py with configs/cmn_Hani.yml in the repository
//! huggingface/fineweb-2, run by datatrove 0.10.1: repetition, then quality of lines, then quality of words. The identification of
//! the language (0.692 by GlotLID) and the deduplication across documents, which come before, are no matter of one document's text.

use super::gopher::{Quality, Repetition, quality, repetition};
use super::{Failed, Fixed, Measures, Ratio, Trial};

pub const SOURCE: &str = "FineWeb2, fineweb-2-pipeline.py with configs/cmn_Hani.yml";

const REPETITION: Repetition = Repetition {
    paragraphs: None,
    lines: Fixed::raw(2870),
    line_characters: None,
    top: [Fixed::raw(2560), Fixed::raw(2010), Fixed::raw(1710)],
    again: [Fixed::raw(1980), Fixed::raw(1820), Fixed::raw(1670), Fixed::raw(1540), Fixed::raw(1400), Fixed::raw(1270)],
};

const QUALITY: Quality = Quality { word_length: (Fixed::raw(10_000), Fixed::raw(50_000)), alphabetic: Fixed::raw(7350) };

pub(super) fn judge(measures: &Measures) -> Vec<Failed> {
    let mut trial = Trial::default();
    let lines = &measures.lines;
    repetition(measures, &REPETITION, &mut trial);
    trial.least("line_punct_ratio", lines.ended, Fixed::raw(1060));
    trial.most("char_dup_ratio", lines.repeated_text, Fixed::raw(1000));
    trial.most("list_ratio", Ratio::new(lines.newlines, measures.words), Fixed::raw(1780));
    quality(measures, &QUALITY, &mut trial);
    trial.0
}
