//! One decision, as it is kept.

use super::key::Key;
use crate::edit::Verdict;
use crate::rule::Rule;
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};
use xxhash_rust::xxh3::xxh3_64;

/// What a person decided about a finding. The order of the fields is the order of the keys of its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// By what the finding is known.
    pub key: Key,
    /// The rule that found it.
    pub rule: String,
    /// A hash of the rule's file at that time: see [`rule_hash`].
    pub rule_hash: String,
    /// The text that the finding speaks of.
    pub old: String,
    /// What was accepted, or would have been: what stands there instead. None for a finding without an edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// What was decided.
    pub verdict: Verdict,
    /// Why, in the person's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// When, by RFC 3339 in UTC.
    pub time: String,
    /// Who; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub who: String,
    /// The document it was decided in, from the folder that holds the ledger. The decision holds in others as well.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// Whether it only says that the finding was there when a baseline was taken.
    #[serde(default, skip_serializing_if = "is_false")]
    pub baseline: bool,
    /// Whether the edit has been made in the document itself, where the finding is gone since.
    #[serde(default, skip_serializing_if = "is_false")]
    pub done: bool,
    /// The decisions it took the place of: see [`Decision::id`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<String>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl Decision {
    /// What this decision is called by those that take its place: a hash of what was decided, by whom and when. FNV-1a, which the
    /// script of a report can reckon in a few lines, too: it must name the decisions that it has exported.
    pub fn id(&self) -> String {
        let new = self.new.as_deref().map_or("-".into(), |new| format!("={new}"));
        let parts = [&self.key.to_string(), self.verdict.name(), &new, &self.who, &self.time, &self.note];
        let flags = format!("{}{}", u8::from(self.baseline), u8::from(self.done));
        let text = format!("{}\u{1F}{flags}", parts.join("\u{1F}"));
        let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
        format!("{hash:016x}")
    }

    /// What the decision comes to: whoever accepts that the text stays as it is rejects the finding.
    pub fn effect(&self) -> Verdict {
        let as_it_is = self.verdict == Verdict::Accept && self.new.as_ref() == Some(&self.old);
        if as_it_is { Verdict::Reject } else { self.verdict }
    }

    /// Whether both say the same of the finding.
    pub fn agrees(&self, other: &Decision) -> bool {
        self.verdict == other.verdict && (self.verdict != Verdict::Accept || self.new == other.new)
    }
}

/// The moment, as decisions keep it.
pub fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

/// A second behind `time`; the moment, where that is none.
pub(super) fn a_second_later(time: &str) -> String {
    let next = humantime::parse_rfc3339(time).ok().and_then(|time| time.checked_add(Duration::from_secs(1)));
    humantime::format_rfc3339_seconds(next.unwrap_or_else(SystemTime::now)).to_string()
}

/// A hash of a rule's file, to see whether the rule has changed since a decision.
pub fn rule_hash(rule: &Rule) -> String {
    format!("{:016x}", xxh3_64(rule.source.as_bytes()))
}
