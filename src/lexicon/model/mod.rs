//! How likely a character is after those before it: an n-gram model of characters.
//!
//! A built-in model of order three comes with the library; a user's own, of order two to five, is read from an ARPA file. All
//! costs are bits, in sixteenths. Digits are one character to a model, and so are Latin letters, traditional characters are the
//! simplified ones that stand for them, and [`EDGE`] stands where a line begins or ends.

mod arpa;
mod built_in;
mod error;
mod grams;
mod neighbours;

pub use error::{ModelError, ModelProblem};

use crate::lexicon::plain;
use built_in::{Between, Compact};
use grams::Table;
use neighbours::Neighbours;
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// What stands before the first character of a line and after the last.
pub const EDGE: char = '\n';

/// Orders that a model can have.
pub const ORDERS: std::ops::RangeInclusive<usize> = 2..=5;

/// One bit of cost.
pub const BIT: i32 = 16;

/// The dearest that a character can be.
const DEAREST: i32 = 30 * BIT;

/// How many likely neighbours of a character are kept.
const NEIGHBOURS: usize = 8;

/// A model. It holds what one file says.
pub struct Model {
    order: usize,
    grams: Grams,
    /// What often follows a character, and what often precedes it, likeliest first.
    after: Neighbours,
    before: Neighbours,
}

/// Where n-grams are kept.
enum Grams {
    /// The built-in ones.
    Compact(Compact),
    /// Those of a file.
    Table(Table),
}

/// The character that stands for `c` in a model.
pub fn token(c: char) -> char {
    if c == EDGE { EDGE } else { plain(c) }
}

impl Model {
    /// The built-in model. Read once, by the first who asks.
    pub fn builtin() -> Arc<Model> {
        static READ: LazyLock<Arc<Model>> = LazyLock::new(|| {
            let read = built_in::read();
            debug_assert!(read.is_some(), "the built-in model is damaged");
            Arc::new(read.unwrap_or_else(|| Model::of(2, Grams::Table(Table::default()))))
        });
        READ.clone()
    }

    /// Reads a model from an ARPA file: plain, or compressed with gzip.
    ///
    /// # Errors
    /// When the file cannot be read, is no ARPA file of characters, or is damaged; with the line.
    pub fn read(path: &Path) -> Result<Model, ModelError> {
        arpa::read(path)
    }

    fn of(order: usize, grams: Grams) -> Model {
        Model { order, grams, after: Neighbours::new(), before: Neighbours::new() }
    }

    /// How many characters it looks at, the one that it judges included.
    pub fn order(&self) -> usize {
        self.order
    }

    /// How many n-grams it holds.
    pub fn len(&self) -> usize {
        match &self.grams {
            Grams::Compact(compact) => compact.len(),
            Grams::Table(table) => table.len(),
        }
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What `c` costs after `history`, both as [`token`] has them: the negative logarithm of its probability.
    pub fn cost(&self, history: &[char], c: char) -> i32 {
        let history = &history[history.len().saturating_sub(self.order - 1)..];
        let cost = match &self.grams {
            Grams::Compact(compact) => compact.cost(history, c),
            Grams::Table(table) => table.cost(history, c),
        };
        capped(cost)
    }

    /// What the characters of `text` from `first` to `last` cost.
    fn sum(&self, text: &[char], first: usize, last: usize) -> i32 {
        let window = |at: usize| &text[at.saturating_sub(self.order - 1)..at];
        (first..=last).map(|at| self.cost(window(at), text[at])).sum()
    }

    /// What often follows `c`, likeliest first.
    pub fn after(&self, c: char) -> &[char] {
        self.after.get(c)
    }

    /// What often stands before `c`, likeliest first.
    pub fn before(&self, c: char) -> &[char] {
        self.before.get(c)
    }
}

/// A place in a text: which characters would fit there.
pub struct Trial<'m> {
    models: [Option<&'m Model>; 2],
    /// The text around it, for models that have no better way.
    window: Vec<char>,
    at: usize,
    place: Option<Between>,
}

impl Trial<'_> {
    /// What `c` would cost there, and what the two characters after it would, in each model.
    fn costs(&mut self, c: char) -> impl Iterator<Item = (i32, i32)> {
        let Trial { models, window, at, place } = self;
        if let Some(slot) = window.get_mut(*at) {
            *slot = c;
        }
        let cost_in = |model: &Model| match (&model.grams, place.as_ref()) {
            (Grams::Compact(compact), Some(place)) => {
                let [own, next, last] = compact.costs(place, c).map(capped);
                (own, next + last)
            }
            _ => (model.sum(window, *at, *at), model.sum(window, *at + 1, *at + 2)),
        };
        models.map(|model| model.map(cost_in)).into_iter().flatten()
    }

    /// What `c` would cost there, and what the two characters after it would.
    pub fn cost(&mut self, c: char) -> (i32, i32) {
        self.costs(c).fold((i32::MAX, i32::MAX), |least, cost| (least.0.min(cost.0), least.1.min(cost.1)))
    }

    /// The same for each of `chars`, added to `costs` in their order: faster than one by one, as one look-up need not wait for the other.
    pub fn each(&mut self, mut chars: impl Iterator<Item = char>, costs: &mut Vec<(i32, i32)>) {
        match (self.models, &self.place) {
            ([Some(Model { grams: Grams::Compact(compact), .. }), None], Some(place)) => {
                compact.each(place, &mut chars, |[own, next, last]| costs.push((capped(own), capped(next) + capped(last))));
            }
            _ => chars.for_each(|c| costs.push(self.cost(c))),
        }
    }

    /// What it and they would cost together.
    pub fn together(&mut self, c: char) -> i32 {
        self.costs(c).map(|cost| cost.0 + cost.1).min().unwrap_or(DEAREST)
    }
}

fn capped(cost: Option<i32>) -> i32 {
    cost.map_or(DEAREST, |cost| cost.min(DEAREST))
}

/// The built-in model, and perhaps one of the user's: what either finds likely is.
#[derive(Debug, Clone, Default)]
pub struct Models {
    own: Option<Arc<Model>>,
}

impl Models {
    /// The built-in model, and `own`.
    pub fn with(own: Arc<Model>) -> Models {
        Models { own: Some(own) }
    }

    /// What the characters of `text` from `first` to `last` cost in it.
    pub fn cost(&self, builtin: &Model, text: &[char], first: usize, last: usize) -> i32 {
        let cost = builtin.sum(text, first, last);
        self.own.as_ref().map_or(cost, |own| own.sum(text, first, last).min(cost))
    }

    /// Tries characters in the place `at` of `text`, which has two characters before it and two after.
    pub fn trial<'m>(&'m self, builtin: &'m Model, text: &[char], at: usize) -> Trial<'m> {
        let place = match &builtin.grams {
            Grams::Compact(compact) => Some(compact.between([text[at - 2], text[at - 1]], [text[at + 1], text[at + 2]])),
            Grams::Table(_) => None,
        };
        let alone = place.is_some() && self.own.is_none();
        let window = if alone { Vec::new() } else { text.to_vec() };
        Trial { models: [Some(builtin), self.own.as_deref()], window, at, place }
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("order", &self.order).field("grams", &self.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_model_knows_its_language() {
        let model = Model::builtin();
        assert_eq!(model.order(), 3);
        let cost = |text: &str| {
            let text: Vec<char> = std::iter::once(EDGE).chain(text.chars().map(token)).collect();
            (1..text.len()).map(|at| model.cost(&text[..at], text[at])).sum::<i32>()
        };
        assert!(cost("克服困难") + 10 * BIT < cost("克服因难"));
        assert_eq!(cost("經濟發展"), cost("经济发展"));
        assert_eq!(model.cost(&[], '\u{E000}'), DEAREST);
        assert!(model.after('困').contains(&'难') && model.before('难').contains(&'困'));
    }

    #[test]
    fn what_is_not_known_costs_what_is_known_of_less() {
        let model = Model::builtin();
        let alone = model.cost(&[], '人');
        assert!(model.cost(&['\u{E000}', '\u{E001}'], '人') == alone && alone < 12 * BIT);
    }
}
