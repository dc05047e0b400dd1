//! The inputs of a command, and which of them an index of the corpus does not know.

use super::options::Color;
use super::output::tell;
use jiaokan::corpus::Entry;
use jiaokan::edit::Decisions;
use jiaokan::index::{CorpusIndex, Unlisted};
use jiaokan::review::Ledger;
use jiaokan::text::Source;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The documents of a command.
pub(super) struct Inputs {
    /// The documents, found.
    pub entries: Vec<Entry>,
    /// Who tells which of them the index does not know.
    pub listed: Listed,
    /// What people decided.
    pub ledger: Option<Arc<Ledger>>,
}

impl Inputs {
    /// The ledger, as pipelines ask it.
    pub fn decisions(&self) -> Option<Arc<dyn Decisions>> {
        self.ledger.clone().map(|ledger| ledger as Arc<dyn Decisions>)
    }
}

/// Documents that an index does not know.
#[derive(Debug, Default)]
struct Names {
    count: usize,
    /// The first by name.
    first: BTreeSet<String>,
}

/// Documents that are told by name.
const MOST_NAMES: usize = 3;

/// Notes the documents that the index does not know: no copies are looked for in them.
pub(super) struct Listed {
    index: Option<Arc<CorpusIndex>>,
    /// Those that are not there, and those that were changed since.
    unlisted: Mutex<[Names; 2]>,
}

impl Listed {
    /// Of an index, when there is one.
    pub fn new(index: Option<Arc<CorpusIndex>>) -> Listed {
        Listed { index, unlisted: Mutex::default() }
    }

    /// The index.
    pub fn index(&self) -> Option<Arc<CorpusIndex>> {
        self.index.clone()
    }

    /// Looks a document up.
    pub fn note(&self, source: &Source) {
        let Some(problem) = self.index.as_ref().and_then(|index| index.number_of(source.name(), source.text()).err()) else {
            return;
        };
        let mut unlisted = self.unlisted.lock().unwrap_or_else(PoisonError::into_inner);
        let names = &mut unlisted[usize::from(problem == Unlisted::Changed)];
        names.count += 1;
        names.first.insert(source.name().to_owned());
        if names.first.len() > MOST_NAMES {
            names.first.pop_last();
        }
    }

    /// Tells of them.
    pub fn tell(&self, color: Color) {
        let Some(index) = &self.index else { return };
        let unlisted = self.unlisted.lock().unwrap_or_else(PoisonError::into_inner);
        for (names, what) in unlisted.iter().zip(["not in", "changed since it was put into"]).filter(|one| one.0.count > 0) {
            let mut listed = names.first.iter().cloned().collect::<Vec<_>>().join(", ");
            if names.count > names.first.len() {
                listed = format!("{listed} and {} more", names.count - names.first.len());
            }
            let verb = if names.count == 1 { "is" } else { "are" };
            tell(color, |paint, out| {
                writeln!(
                    out,
                    "{} {listed} {verb} {what} {}: copies across documents were not looked for; make the index again with `jiaokan index`",
                    paint.removed("warning:"),
                    index.name()
                )
            });
        }
    }
}
