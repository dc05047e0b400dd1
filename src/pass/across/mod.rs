//! Copies across documents: what an index of the corpus knows of a document, turned into findings. Without an index these rules are
//! silent and cost nothing.

mod boilerplate;
mod compare;
mod repost;
mod reprint;
mod verify;

pub(super) use boilerplate::Boilerplate;
pub(super) use repost::Reposts;
pub(super) use reprint::Reprints;
pub use verify::{Closeness, Verified, verify};

use super::page::Page;
use crate::edit::RuleId;
use crate::index::{Copies, CorpusIndex, Group, Here, hash, skeleton};
use crate::rule::{Rule, RuleError};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashMap;

/// The detectors that ask an index.
pub(super) const ACROSS: [&str; 3] = ["boilerplate", "reprints", "reposts"];

/// Which of several copies stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Keep {
    /// The first in corpus order.
    First,
    /// The one with the fewest signs of damage; of several, the most complete; then the first.
    Best,
    /// All of them: copies are only reported.
    All,
}

impl Keep {
    /// Checks that all rules keep the same copy: two that do not would each take the one that the other keeps.
    fn agree(self, rule: &Rule, known: &mut Option<(RuleId, Keep)>) -> Result<Keep, RuleError> {
        match known {
            Some((other, keep)) if self != Keep::All && *keep != self => Err(rule.error(
                "keep",
                format!("`{other}` keeps another copy, so that of two copies both could go"),
                "give the rules about copies across documents the same `keep`, or \"all\" to those that shall only report",
            )),
            _ if self == Keep::All => Ok(self),
            _ => {
                known.get_or_insert((rule.id.clone(), self));
                Ok(self)
            }
        }
    }

    /// The member of a group that stays.
    fn of_group(self, copies: &Copies, group: &Group) -> u32 {
        match self {
            Keep::First | Keep::All => copies.places.first().copied().unwrap_or(copies.number),
            Keep::Best => group.best,
        }
    }

    /// Whether the paragraph `other` is better than `number`, which is not the same: then that one stays.
    fn prefers(self, index: &CorpusIndex, other: u32, number: u32) -> bool {
        if self != Keep::Best {
            return other < number;
        }
        let key = |number: u32| index.paragraph(number).map(|p| (p.defects, std::cmp::Reverse(p.chars), number));
        key(other) < key(number)
    }
}

/// The lines of a page that hold letters or Han, each with what the index knows of it.
fn known_lines<'a>(page: &Page<'_>, here: &'a Here) -> Vec<(usize, Option<&'a Copies>)> {
    // The second of two paragraphs that are the same in one document is the second there too.
    let mut seen: HashMap<u64, usize> = HashMap::new();
    let mut lines = Vec::new();
    for (at, line) in page.lines.iter().enumerate() {
        let text = page.text_of(line);
        if skeleton(text).next().is_none() {
            continue;
        }
        let hash = hash(skeleton(text));
        let copies = here.copies.get(&hash).and_then(|all| {
            let place = seen.entry(hash).or_default();
            *place += 1;
            all.get(*place - 1).or(all.last())
        });
        lines.push((at, copies));
    }
    lines
}

/// Where a paragraph stands, for people.
fn place(index: &CorpusIndex, paragraph: u32) -> String {
    let (path, line) = index.place(paragraph);
    format!("{path} line {line}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::alike::{counts, fold};

    #[test]
    fn skeletons_are_what_counts_within_a_document() {
        for text in ["柳河镇今年疏浚河道１２公里，ＡＢ。", "  > 引文 x²½ ㈠ ｶﾅ々〇 \u{20000}", "——", "ſ ß İ", "！～", "第①条 ℃"]
        {
            assert!(text.chars().map(fold).filter(|&c| counts(c)).eq(skeleton(text)), "{text}");
        }
    }
}
