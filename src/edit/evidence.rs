//! Why a rule thinks what it thinks.

use std::fmt;
use std::sync::Arc;

/// What can be asked for reasons later. A rule that makes thousands of edits keeps what it knew, and finds the words when
/// somebody reads them.
pub trait Witness: Send + Sync {
    /// The reasons for one of the decisions it has witnessed, strongest first.
    fn reasons(&self, decision: usize) -> Vec<String>;
}

/// The reasons for a finding, strongest first.
#[derive(Clone, Default)]
pub struct Evidence(
    // Most findings have none, and there may be many.
    Option<Box<Reasons>>,
);

#[derive(Clone, Default)]
struct Reasons {
    witnessed: Option<(Arc<dyn Witness>, usize)>,
    said: Vec<String>,
}

impl Evidence {
    /// What `witness` will tell of one of its decisions.
    pub fn witnessed(witness: Arc<dyn Witness>, decision: usize) -> Evidence {
        Evidence(Some(Box::new(Reasons { witnessed: Some((witness, decision)), said: Vec::new() })))
    }

    /// Adds a reason, after all others.
    pub fn push(&mut self, reason: String) {
        self.0.get_or_insert_default().said.push(reason);
    }

    /// Takes down what the witness tells, which is not needed any more.
    pub fn take_down(&mut self) {
        *self = self.reasons().into();
    }

    /// The reasons in words.
    pub fn reasons(&self) -> Vec<String> {
        let Some(known) = &self.0 else { return Vec::new() };
        let mut reasons = known.witnessed.as_ref().map_or_else(Vec::new, |(witness, decision)| witness.reasons(*decision));
        reasons.extend_from_slice(&known.said);
        reasons
    }
}

impl From<Vec<String>> for Evidence {
    fn from(said: Vec<String>) -> Self {
        Evidence((!said.is_empty()).then(|| Box::new(Reasons { witnessed: None, said })))
    }
}

impl PartialEq for Evidence {
    fn eq(&self, other: &Self) -> bool {
        self.reasons() == other.reasons()
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.reasons()).finish()
    }
}
