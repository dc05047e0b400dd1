//! Misread characters: what speaks for and against another character having stood where one was read.

mod features;
mod places;
mod runs;
mod table;

use super::page::Page;
use crate::model::Models;
use crate::text::Span;
use features::{COUNT, NAMES, features};
use places::Judge;
use table::Table;

/// A character that may be misread, with what is known of it: what rules are fitted on.
#[derive(Debug, Clone)]
pub struct Misread {
    /// The character.
    pub span: Span,
    /// What may have stood there.
    pub choice: Option<char>,
    /// A value for each of [`Misread::FEATURES`].
    pub values: Vec<i16>,
}

impl Misread {
    /// The names of the features, in order.
    pub const FEATURES: [&'static str; COUNT] = NAMES;
}

/// Every doubtful character of `page`.
pub(super) fn misreads(page: &Page<'_>, models: &Models) -> Vec<Misread> {
    let text = include_str!("../../../rules/garble/confusions.txt");
    let table = Table::parse(text).unwrap_or_default();
    let judge = Judge { table: &table, models, lexicon: page.lexicon, association: GATE.0, cost: GATE.1 };
    let places = judge.places(page);
    (0..places.list.len())
        .map(|index| {
            let place = &places.list[index];
            let span = Span::new(place.at, place.at + place.c.len_utf8());
            Misread { span, choice: place.choice, values: features(&places, index).to_vec() }
        })
        .collect()
}

const GATE: (i16, i32) = (40, 0);
