//! Headlines out of place: behind their articles, where reading a page column by column leaves them. What an article is about tells
//! whose headline it is.

use super::Detector;
use super::page::{End, Item, Page, Setting};
use crate::edit::Finding;
use crate::rule::{Rule, RuleError};
use crate::text::kind::Kind;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Characters of a headline at most.
    longest: usize,
    /// Characters of an article that are looked at.
    window: usize,
    /// The article before must share so many times more pairs of characters with the headline than the one after.
    times: usize,
}

/// What a pair of characters adds at most, however often it stands there.
const OFTEN: usize = 3;
/// Fewer pairs that are shared are chance.
const LEAST: usize = 2;
/// Cells by which a full line may miss the measure.
const HANGING: usize = 2;
/// Lines with this share of Latin letters, in per cent, are no Chinese headlines.
const MOSTLY_LATIN: u8 = 60;

/// Reports a headline that fits the article before it, and not the one after.
pub(super) struct MisplacedHeadline {
    rule: Arc<Rule>,
    params: Params,
}

impl MisplacedHeadline {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(MisplacedHeadline { params: rule.params()?, rule })
    }

    /// Whether line `index` could be a headline of one line.
    fn could_head(&self, page: &Page<'_>, index: usize) -> bool {
        let line = &page.lines[index];
        let plain = line.item == Item::None && !line.list_item && !line.caption && !line.byline && !line.markup && !line.end_mark;
        let plain = plain && line.commas == 0 && line.end != End::Colon && line.latin < MOSTLY_LATIN;
        plain && (2..=self.params.longest).contains(&line.chars) && page.headline_like(index)
    }

    /// How often `pairs` stand in the lines `indices`, up to the next line that could be a headline.
    fn shared(&self, page: &Page<'_>, pairs: &HashSet<[char; 2]>, heads: &[bool], indices: impl Iterator<Item = usize>) -> usize {
        let mut counts: HashMap<[char; 2], usize> = HashMap::new();
        let mut left = self.params.window;
        for (nth, index) in indices.enumerate() {
            // The line right before a headline may be a short last line.
            if left == 0 || heads[index] && nth > 0 {
                break;
            }
            left = left.saturating_sub(page.lines[index].chars);
            for pair in pairs_of(page.text_of(&page.lines[index])).filter(|pair| pairs.contains(pair)) {
                *counts.entry(pair).or_default() += 1;
            }
        }
        counts.values().map(|&count| count.min(OFTEN)).sum()
    }
}

/// All pairs of letters, digits or Han that follow each other, whatever marks and blanks stand between.
fn pairs_of(text: &str) -> impl Iterator<Item = [char; 2]> {
    let mut letters = text.chars().filter(|&c| Kind::is_common(c) || c.is_alphanumeric());
    let mut last = letters.next();
    letters.filter_map(move |c| last.replace(c).map(|before| [before, c]))
}

impl Detector for MisplacedHeadline {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        if page.profile.setting != Setting::Columns {
            return Vec::new();
        }
        let lines = &page.lines;
        let heads: Vec<bool> = (0..lines.len()).map(|index| self.could_head(page, index)).collect();
        let mut findings = Vec::new();
        for index in (1..lines.len()).filter(|&index| heads[index]) {
            // What stands over a table is its caption.
            let alone = lines.get(index + 1).is_none_or(|next| next.blanks > 0 && !next.markup);
            if !alone || !matches!(lines[index - 1].end, End::Sentence | End::Semicolon) {
                continue;
            }
            let title = page.text_of(&lines[index]);
            let pairs: HashSet<[char; 2]> = pairs_of(title).collect();
            let before = self.shared(page, &pairs, &heads, (0..index).rev());
            // A headline over a headline heads the same article.
            let next = (index + 1..lines.len()).find(|&next| !heads[next]).unwrap_or(lines.len());
            let after = self.shared(page, &pairs, &heads, next..lines.len());
            // A line of the body that wrap has left alone fills its column, and what follows goes on with it.
            let body = lines[index].cells.abs_diff(page.profile.measure) <= HANGING && after > 0;
            if body || before < LEAST || before < self.params.times * after {
                continue;
            }
            let mut finding = self.rule.flag(lines[index].span, format!("`{title}` stands behind its article"));
            let text = format!("its pairs of characters stand {before} times in the text before, {after} times in that after");
            finding.evidence.push(text);
            findings.push(finding);
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_run_over_marks() {
        let pairs: Vec<[char; 2]> = pairs_of("森林，法 A").collect();
        assert_eq!(pairs, [['森', '林'], ['林', '法'], ['法', 'A']]);
        assert_eq!(pairs_of("").count() + pairs_of("林").count(), 0);
    }
}
