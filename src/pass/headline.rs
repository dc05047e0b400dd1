//! Headlines out of place: behind their articles, where reading a page column by column leaves them. What an article is about tells
//! whose headline it is.

use super::Detector;
use super::page::{End, Page, Setting};
use crate::edit::Finding;
use crate::rule::{Rule, RuleError};
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Characters of a headline at most.
    longest: usize,
    /// Characters of an article that are looked at.
    window: usize,
    /// The article before must share so many times more pairs of characters with the headline than the one after.
    times: usize,
}

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
        let plain = !line.list_item && !line.caption && !line.byline && !line.markup && line.commas == 0;
        plain && (2..=self.params.longest).contains(&line.chars) && page.headline_like(index)
    }

    /// How many of `pairs` stand in the lines `indices`, up to the next line that could be a headline.
    fn shared(&self, page: &Page<'_>, pairs: &HashSet<[char; 2]>, heads: &[bool], indices: impl Iterator<Item = usize>) -> usize {
        let mut found = HashSet::new();
        let mut left = self.params.window;
        for (nth, index) in indices.enumerate() {
            // The line right before a headline may be a short last line.
            if left == 0 || heads[index] && nth > 0 {
                break;
            }
            left = left.saturating_sub(page.lines[index].chars);
            found.extend(pairs_of(page.text_of(&page.lines[index])).filter(|pair| pairs.contains(pair)));
        }
        found.len()
    }
}

/// All pairs of letters, digits or Han that follow each other, whatever marks and blanks stand between.
fn pairs_of(text: &str) -> impl Iterator<Item = [char; 2]> {
    let mut letters = text.chars().filter(|c| c.is_alphanumeric());
    let mut last = letters.next();
    letters.filter_map(move |c| last.replace(c).map(|before| [before, c]))
}

impl Detector for MisplacedHeadline {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        if page.profile.setting != Setting::Columns {
            return Vec::new();
        }
        let lines = &page.lines;
        let heads: Vec<bool> = (0..lines.len()).map(|index| self.could_head(page, index)).collect();
        let mut findings = Vec::new();
        for index in (1..lines.len()).filter(|&index| heads[index]) {
            let alone = lines.get(index + 1).is_none_or(|next| next.blanks > 0);
            if !alone || !matches!(lines[index - 1].end, End::Sentence | End::Semicolon) {
                continue;
            }
            let title = page.text_of(&lines[index]);
            let pairs: HashSet<[char; 2]> = pairs_of(title).collect();
            let before = self.shared(page, &pairs, &heads, (0..index).rev());
            let after = match heads.get(index + 1) {
                Some(false) => self.shared(page, &pairs, &heads, index + 1..lines.len()),
                _ => 0,
            };
            if before == 0 || before < self.params.times * after {
                continue;
            }
            let mut finding = self.rule.flag(lines[index].span, format!("`{title}` stands behind its article"));
            let all = pairs.len();
            finding
                .evidence
                .push(format!("of its {all} pairs of characters, {before} stand in the text before, {after} in that after"));
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
