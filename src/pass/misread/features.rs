//! What is asked of a place where a character may be misread.

use super::places::{Place, Places};
use crate::lexicon::model::BIT;
use crate::text::chars::{is_han, is_number_char};

/// How many features there are.
pub(in crate::pass) const COUNT: usize = 39;

/// The values of the features of a place.
pub(in crate::pass) type Features = [i16; COUNT];

/// The names of the features, in order.
pub(super) const NAMES: [&str; COUNT] = [
    // How well the two characters beside it go with it, in eighths of a bit; 200 where none stands.
    "left",
    "right",
    "weaker",
    // Costs in sixteenths of a bit: of it alone, after what stands before it, of the two that follow, of all.
    "alone",
    "own",
    "next",
    "all",
    // What would be saved by the best of the characters that were seen to be misread for it, of those that look like it, of all.
    "seen",
    "alike",
    "free",
    "seen-own",
    "alike-own",
    // Where the best of them stands in its list; how many save a bit; how many of all save three.
    "place",
    "better",
    "free-better",
    // The longest word that it is part of, and how common; the same for what may stand for it.
    "word",
    "frequency",
    "choice-word",
    "choice-frequency",
    "free-word",
    // Whether words end before it and begin after it.
    "word-before",
    "word-after",
    // Elsewhere in the document: with what stands before it, after it, both; the same for what may stand for it; alone.
    "pair-before",
    "pair-after",
    "triple",
    "choice-before",
    "choice-after",
    "choice-triple",
    "count",
    "choice-count",
    // The best savings beside it, one character away and two.
    "beside",
    "near",
    // Characters around that go well with neither neighbour; the same of a thousand of the document.
    "around",
    "document",
    // Whether it is written as the rest is: simplified or traditional.
    "script",
    "number",
    "name",
    "edges",
    "choice-alone",
];

/// Works out the features of a place.
pub(super) fn features(places: &Places, index: usize) -> Features {
    let place = &places.list[index];
    let gain = |index: Option<usize>| index.map_or(0, |index| places.list[index].free.max(places.list[index].table_gain()));
    let beside = gain(places.at_distance(index, -1)).max(gain(places.at_distance(index, 1)));
    let near = gain(places.at_distance(index, -2)).max(gain(places.at_distance(index, 2)));
    let edge = |c: char| i32::from(!is_han(c));
    let counts = &place.counts;
    let values = [
        i32::from(place.left),
        i32::from(place.right),
        i32::from(place.left.min(place.right)),
        place.alone,
        place.own,
        place.next,
        place.own + place.next,
        place.seen.0,
        place.alike.0,
        place.free,
        place.seen.1,
        place.alike.1,
        place.rank,
        place.better,
        place.free_better,
        i32::from(place.word.0),
        i32::from(place.word.1),
        i32::from(place.choice_word.0),
        i32::from(place.choice_word.1),
        i32::from(place.free_word),
        i32::from(place.word_before),
        i32::from(place.word_after),
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        counts[4],
        counts[5],
        counts[6],
        counts[7],
        beside,
        near,
        place.loose_around,
        places.density,
        i32::from(place.foreign_script),
        i32::from(is_number_char(place.c)),
        place.names,
        edge(place.before()) + 2 * edge(place.after()),
        place.choice_alone,
    ];
    values.map(|value| value.clamp(-30 * BIT, 30 * BIT).clamp(-2000, 2000) as i16)
}

impl Place {
    /// The greater saving of the characters that may be misread for it.
    pub(super) fn table_gain(&self) -> i32 {
        self.seen.0.max(self.alike.0)
    }
}
