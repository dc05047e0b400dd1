//! What was done to a collection, in figures.

use crate::edit::{Revision, State};
use crate::rule::{PASSES, Pack};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The figures of a run over records. It is the same whatever the number of threads, and whether the run was interrupted or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Records read, blank lines left out.
    pub records: u64,
    /// Records without the text field, or with `null` in it.
    pub without_text: u64,
    /// Records that could not be read, and were put aside.
    pub put_aside: u64,
    /// Records of which the text is so long that it was cleaned in sections.
    #[serde(default)]
    pub in_sections: u64,
    /// Records whose text was changed.
    pub changed: u64,
    /// Characters of the texts, in code points.
    pub characters: u64,
    /// Characters that are gone, and that came in: what edits took away and what they put there.
    pub removed: u64,
    /// Characters that edits put in.
    pub added: u64,
    /// What each rule found.
    pub rules: BTreeMap<String, Found>,
}

/// What a rule found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Edits made.
    pub applied: u64,
    /// Edits proposed.
    pub proposed: u64,
    /// Places flagged.
    pub flagged: u64,
}

impl Summary {
    /// The figures of one revision.
    pub fn of(revision: &Revision) -> Summary {
        let count = |text: &str| text.chars().count() as u64;
        let mut summary = Summary {
            records: 1,
            in_sections: u64::from(revision.sections > 1),
            changed: u64::from(revision.is_changed()),
            characters: count(revision.source().text()),
            ..Summary::default()
        };
        for edit in &revision.edits {
            summary.removed += count(edit.source.of(revision.source().text()));
            summary.added += count(edit.cleaned.of(revision.cleaned()));
        }
        for finding in &revision.findings {
            let found = summary.rules.entry(finding.rule.to_string()).or_default();
            match finding.state {
                State::Applied => found.applied += 1,
                State::Proposed => found.proposed += 1,
                State::Flagged => found.flagged += 1,
                State::Shadowed => {}
            }
        }
        summary.rules.retain(|_, found| *found != Found::default());
        summary
    }

    /// Adds the figures of a section of the record that these are the figures of.
    pub fn add_section(&mut self, section: &Summary) {
        let changed = self.changed.max(section.changed);
        let in_sections = u64::from(self.records > 0);
        self.add(section);
        (self.records, self.changed, self.in_sections) = (1, changed, in_sections);
    }

    /// The rules of `pack` that run and found nothing.
    pub fn silent<'p>(&self, pack: &'p Pack) -> Vec<&'p str> {
        let rules = pack.rules().iter().filter(|rule| rule.enabled && !self.rules.contains_key(&*rule.id));
        rules.map(|rule| &*rule.id).collect()
    }

    /// The passes of which rules run, and none found anything.
    pub fn silent_passes(&self, pack: &Pack) -> Vec<&'static str> {
        let runs = |pass: &str| pack.rules().iter().any(|rule| rule.enabled && rule.pass() == pass);
        let found = |pass: &str| self.rules.keys().any(|id| id.split('/').next() == Some(pass));
        PASSES.into_iter().filter(|pass| runs(pass) && !found(pass)).collect()
    }

    /// Adds the figures of `other`.
    pub fn add(&mut self, other: &Summary) {
        self.records += other.records;
        self.without_text += other.without_text;
        self.put_aside += other.put_aside;
        self.in_sections += other.in_sections;
        self.changed += other.changed;
        self.characters += other.characters;
        self.removed += other.removed;
        self.added += other.added;
        for (rule, found) in &other.rules {
            let sum = self.rules.entry(rule.clone()).or_default();
            sum.applied += found.applied;
            sum.proposed += found.proposed;
            sum.flagged += found.flagged;
        }
    }
}
