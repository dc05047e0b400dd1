//! Character repair: characters that only look like the right ones.

use super::Detector;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::chars::is_han;
use crate::text::{Inventory, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// A wrong character and what it stands for, without a blank; blanks between the pairs.
    pairs: String,
}

/// Replaces characters one by one.
pub(super) struct CharacterMap {
    rule: Arc<Rule>,
    pairs: HashMap<char, String>,
    wrong: Inventory,
    /// First bytes of the wrong characters in UTF-8.
    leads: Vec<u8>,
    /// By first and second byte, whether wrong characters begin so.
    begins: Vec<bool>,
}

impl CharacterMap {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: Params = rule.params()?;
        let mut pairs = HashMap::new();
        for pair in params.pairs.split_whitespace() {
            let mut chars = pair.chars();
            match (chars.next(), chars.as_str()) {
                (Some(wrong), right) if !wrong.is_ascii() && !right.is_empty() && !right.contains(wrong) => {
                    pairs.insert(wrong, right.to_owned());
                }
                _ => {
                    return Err(rule.error(
                        "pairs",
                        format!("`{pair}` is no pair"),
                        "write the wrong character, which is not of ASCII, and then the right one",
                    ));
                }
            }
        }
        if let Some(wrong) = pairs.values().flat_map(|right| right.chars()).find(|right| pairs.contains_key(right)) {
            return Err(rule.error(
                "pairs",
                format!("`{wrong}` is wrong in one pair and right in another"),
                "leave one of them out",
            ));
        }
        if pairs.is_empty() {
            return Err(rule.error("pairs", "there is no pair", "give at least one"));
        }
        let wrong = Inventory::of_ranges(pairs.keys().map(|&c| (c, c)));
        let mut begins = vec![false; 0x1_0000];
        let mut leads: Vec<u8> = Vec::new();
        for wrong in pairs.keys() {
            let mut bytes = [0; 4];
            wrong.encode_utf8(&mut bytes);
            begins[usize::from(bytes[0]) << 8 | usize::from(bytes[1])] = true;
            leads.push(bytes[0]);
        }
        leads.sort_unstable();
        leads.dedup();
        Ok(CharacterMap { rule, pairs, wrong, leads, begins })
    }

    /// The wrong character at `at`, where a first byte of one stands.
    fn wrong(&self, text: &str, at: usize) -> Option<(Span, char, &str)> {
        let bytes = text.as_bytes();
        let second = usize::from(*bytes.get(at + 1)?);
        if !self.begins[usize::from(bytes[at]) << 8 | second] {
            return None;
        }
        let c = text[at..].chars().next()?;
        Some((Span::new(at, at + c.len_utf8()), c, self.pairs.get(&c)?))
    }
}

impl Detector for CharacterMap {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        if !self.wrong.meets(page.inventory()) {
            return Vec::new();
        }
        let bytes = page.text.as_bytes();
        let finding = |at: usize| {
            let (span, wrong, right) = self.wrong(page.text, at)?;
            let message = format!("`{wrong}` is U+{:04X}, a look-alike of `{right}`", wrong as u32);
            Some(self.rule.replace(span, right, Applicability::Auto, message))
        };
        match *self.leads.as_slice() {
            [a] => memchr::memchr_iter(a, bytes).filter_map(finding).collect(),
            [a, b] => memchr::memchr2_iter(a, b, bytes).filter_map(finding).collect(),
            [a, b, c] => memchr::memchr3_iter(a, b, c, bytes).filter_map(finding).collect(),
            _ => page.text.char_indices().map(|(at, _)| at).filter(|&at| at + 1 < bytes.len()).filter_map(finding).collect(),
        }
    }
}

/// Proposes the full width for half-width kana and their marks among Chinese.
pub(super) struct HalfWidthKana {
    pub rule: Arc<Rule>,
}

/// What stands at U+FF61 and after it, in full width.
const FULL_WIDTH: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

/// Kana that a voiced mark can follow; the voiced ones come next in Unicode.
const VOICED: &str = "カキクケコサシスセソタチツテトハヒフヘホ";

/// The full width of half-width characters, voiced marks joined to the kana before them.
fn full_width(text: &str) -> String {
    let mut full = String::new();
    for c in text.chars() {
        let Some(wide) = FULL_WIDTH.chars().nth((c as usize).wrapping_sub(0xFF61)) else { continue };
        let voiced = full.chars().next_back().and_then(|last| match (wide, last) {
            ('゛', 'ウ') => Some('ヴ'),
            ('゛', last) if VOICED.contains(last) => char::from_u32(last as u32 + 1),
            ('゜', last) if "ハヒフヘホ".contains(last) => char::from_u32(last as u32 + 2),
            _ => None,
        });
        match voiced {
            Some(voiced) => {
                full.pop();
                full.push(voiced);
            }
            None => full.push(wide),
        }
    }
    full
}

impl Detector for HalfWidthKana {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let is_half = |c: char| matches!(c, '\u{FF61}'..='\u{FF9F}');
        let wanted = Inventory::of_ranges([('\u{FF61}', '\u{FF9F}')].into_iter());
        if !wanted.meets(page.inventory()) {
            return Vec::new();
        }
        let mut findings = Vec::new();
        for line in &page.lines {
            let text = page.text_of(line);
            let is_chinese = text.contains(is_han) && !text.contains(|c| matches!(c, '\u{3041}'..='\u{30FA}'));
            if !is_chinese || !text.contains(is_half) {
                continue;
            }
            let mut rest = 0;
            while let Some(start) = text[rest..].find(is_half).map(|at| rest + at) {
                let end = text[start..].find(|c| !is_half(c)).map_or(text.len(), |at| start + at);
                let span = Span::new(line.span.start + start, line.span.start + end);
                let full = full_width(&text[start..end]);
                findings.push(self.rule.replace(span, full, Applicability::Auto, self.rule.title.clone()));
                rest = end;
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::full_width;

    #[test]
    fn voiced_marks_join_the_kana_before_them() {
        assert_eq!(full_width("ﾊﾞｽﾟｶﾞｳﾞﾌﾟﾞ｡｢｣､ｰ"), "バス゜ガヴプ゛。「」、ー");
    }
}
