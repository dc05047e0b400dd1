//! Strip rules for what a source prints on all it prints, made of what was seen.

use crate::index::{CorpusIndex, Shape, skeleton};
use crate::text::chars::{is_blank, is_number_char};
use serde_json::to_string as quoted;
use std::collections::BTreeSet;
use std::fmt::Write;

/// A rule file, to be read by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What its paragraphs read, the first of them.
    pub text: String,
    /// The rule, as TOML.
    pub rule: String,
    /// In how many documents it was seen.
    pub documents: u32,
    /// How often.
    pub count: u32,
}

/// Digits of both widths.
const DIGITS: &str = "[0-9０-９]+";
/// Numbers in any writing.
const NUMBERS: &str = "[0-9０-９〇零一二三四五六七八九十百千万亿两]+";
/// Places that a rule's documentation lists.
const PLACES: usize = 5;
/// A form needs so many letters or Han beside its numbers.
const LEAST: usize = 4;
/// More ways in which the same gap is written become a class of their marks.
const MOST_WAYS: usize = 4;

/// A character that counts or a number, with what stands before it: blanks and marks.
struct Item {
    gap: String,
    text: String,
    number: bool,
}

/// The strip rule for a form; none when fewer than two of its texts are at hand, or they are headings or nothing but numbers.
pub fn propose(index: &CorpusIndex, shape: &Shape) -> Option<Proposal> {
    let texts: Vec<(u32, String)> = shape
        .examples
        .iter()
        .filter_map(|&number| Some((number, index.text(number)?)))
        .filter(|(_, text)| is_plain(text))
        .collect();
    let [(first, text), _, ..] = texts.as_slice() else { return None };
    let words = skeleton(text).filter(|&c| !is_number_char(c)).count();
    if words < LEAST || is_heading(text) {
        return None;
    }
    let pattern = pattern(&texts.iter().map(|(_, text)| items(text)).collect::<Vec<_>>())?;
    let silent = neighbour(index, *first, text, &pattern)?;
    let fires = texts.iter().map(|(_, text)| text).collect::<BTreeSet<_>>();
    let mut rule = String::new();
    let title: String = text.chars().take(24).collect();
    let _ = writeln!(rule, "schema     = 1\ntitle      = {}", json(&format!("套话：{title}")));
    rule.push_str("severity   = \"info\"\napply      = \"review\"\nconfidence = 0.8\nsince      = \"0.1.0\"\n");
    rule.push_str("tags       = [\"boilerplate\", \"proposed\"]\n");
    let mut docs = format!(
        "Seen {} times in {} of {} documents, {} of the times among the first or last four paragraphs. Read it before you use it: what a \
         genre always says looks the same as what a source prints on everything.\n\nSeen in:\n\n",
        shape.count,
        shape.documents,
        index.documents().len(),
        shape.at_edge
    );
    for (number, text) in texts.iter().take(PLACES) {
        let (path, line) = index.place(*number);
        let _ = writeln!(docs, "- {path} line {line}: {text}");
    }
    let _ = writeln!(rule, "docs       = {}\n", literal(&docs, "\n"));
    let _ = writeln!(rule, "[find]\nscope = \"line\"\ntext  = {}", literal(&pattern, ""));
    rule.push_str("left  = '^[ \\t\\u3000]*'\nright = '[ \\t\\u3000]*$'\n\n[fix]\nchoices = [\"\"]\n");
    for (at, text) in fires.iter().take(3).enumerate() {
        let _ =
            writeln!(rule, "\n[[case]]\nname = \"见过的第 {} 种写法\"\ntext = {}", at + 1, json(&format!("⟦{text}⟧\n{silent}")));
    }
    let _ = writeln!(
        rule,
        "\n[[case]]\nname = \"旁边的段落，和一句话里的同样的字\"\ntext = {}",
        json(&format!("{silent}\n他们念道：{text}，念完就走了。"))
    );
    Some(Proposal { text: text.clone(), rule, documents: shape.documents, count: shape.count })
}

/// `text` as a literal string of TOML, on lines of its own when these are parted by `newline`.
fn literal(text: &str, newline: &str) -> String {
    let quote = if newline.is_empty() { "'" } else { "'''" };
    if text.contains('\'') { json(text) } else { format!("{quote}{newline}{text}{quote}") }
}

/// `text` as a basic string of TOML, which what JSON writes is.
fn json(text: &str) -> String {
    quoted(text).unwrap_or_default().replace('\u{7F}', "\\u007f")
}

/// Whether a text can stand in a rule file: without control characters and the marks of cases.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() || matches!(c, '⟦' | '⟧'))
}

/// Whether a text is the numbered heading of a part.
fn is_heading(text: &str) -> bool {
    let after = text.strip_prefix('第').map(|rest| rest.trim_start_matches(|c: char| is_number_char(c) || is_blank(c)));
    after.is_some_and(|rest| rest.starts_with(['章', '节', '節', '编', '編', '条', '條', '回', '卷', '部', '篇', '课', '課']))
}

/// A paragraph that stands beside `number` and that the pattern does not match.
fn neighbour(index: &CorpusIndex, number: u32, text: &str, pattern: &str) -> Option<String> {
    let regex = regex::Regex::new(&format!("^(?:{pattern})$")).ok()?;
    let document = index.documents().get(index.document_of(number) as usize)?;
    let inside = |at: &u32| (document.first..document.first + document.count).contains(at);
    let beside = (1..=4).flat_map(|far| [number.checked_sub(far), number.checked_add(far)]).flatten().filter(inside);
    let found = beside.filter_map(|at| index.text(at)).find(|other| is_plain(other) && other != text && !regex.is_match(other));
    Some(found.unwrap_or_else(|| "另一段文字。".into()))
}

/// The characters that count of a text; numbers as one item with the marks inside them.
fn items(text: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut gap = String::new();
    for c in text.trim().chars() {
        if skeleton(c.encode_utf8(&mut [0; 4])).next().is_none() {
            gap.push(c);
            continue;
        }
        let number = is_number_char(c);
        match items.last_mut() {
            Some(last) if number && last.number => {
                last.text.push_str(&gap);
                last.text.push(c);
                gap.clear();
            }
            _ => items.push(Item { gap: std::mem::take(&mut gap), text: c.into(), number }),
        }
    }
    items.push(Item { gap, text: String::new(), number: false });
    items
}

/// A pattern that matches all of the texts; none when their forms differ after all.
fn pattern(texts: &[Vec<Item>]) -> Option<String> {
    let first = texts.first()?;
    if texts.iter().any(|text| text.len() != first.len()) {
        return None;
    }
    let mut pattern = String::new();
    for at in 0..first.len() {
        let all = || texts.iter().map(|text| &text[at]);
        pattern.push_str(&gaps(&all().map(|item| item.gap.as_str()).collect()));
        let ways: BTreeSet<&str> = all().map(|item| item.text.as_str()).collect();
        if all().any(|item| item.number) {
            pattern.push_str(&numbers(&ways));
        } else if ways.len() == 1 {
            pattern.push_str(&regex::escape(&first[at].text));
        } else {
            let _ = write!(pattern, "[{}]", ways.iter().map(|way| regex::escape(way)).collect::<String>());
        }
    }
    Some(pattern)
}

/// A pattern for what stands between two characters that count.
fn gaps(ways: &BTreeSet<&str>) -> String {
    let escaped = || ways.iter().filter(|way| !way.is_empty()).map(|way| regex::escape(way)).collect::<Vec<_>>();
    match ways.len() {
        1 => escaped().concat(),
        _ if ways.iter().all(|way| way.chars().all(is_blank)) => "[ \\t\\u3000\\u00A0]*".into(),
        2..=MOST_WAYS => format!("(?:{}){}", escaped().join("|"), if ways.contains("") { "?" } else { "" }),
        _ => {
            let marks: BTreeSet<char> = ways.iter().flat_map(|way| way.chars()).collect();
            let most = ways.iter().map(|way| way.chars().count()).max().unwrap_or(0);
            format!("[{}]{{0,{most}}}", marks.iter().map(|mark| regex::escape(mark.encode_utf8(&mut [0; 4]))).collect::<String>())
        }
    }
}

/// A pattern for a number that is the same everywhere or changes.
fn numbers(ways: &BTreeSet<&str>) -> String {
    if let (1, Some(way)) = (ways.len(), ways.first()) {
        return regex::escape(way);
    }
    let class = |text: &str| if text.contains(|c: char| is_number_char(c) && !is_digit(c)) { NUMBERS } else { DIGITS };
    let class = if ways.iter().any(|way| class(way) == NUMBERS) { NUMBERS } else { DIGITS };
    // The marks inside, such as those of a date, when they are always the same.
    let marks = |way: &&str| way.split(is_number_char).filter(|mark| !mark.is_empty()).map(regex::escape).collect::<Vec<_>>();
    let inside: BTreeSet<Vec<String>> = ways.iter().map(marks).collect();
    match (inside.len(), inside.first()) {
        (1, Some(marks)) => marks.iter().fold(class.to_owned(), |all, mark| all + mark + class),
        _ => {
            let marks: BTreeSet<char> = ways.iter().flat_map(|way| way.chars()).filter(|&c| !is_number_char(c)).collect();
            let marks: String = marks.iter().map(|mark| regex::escape(mark.encode_utf8(&mut [0; 4]))).collect();
            format!("{class}(?:[{marks}]+{class})*")
        }
    }
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rule;

    fn proposals(heads: &[&str]) -> Vec<Proposal> {
        let document = |(at, head): (usize, &&str)| {
            (format!("{at:02}.txt"), format!("{head}\n镇上的第{at}个村子今天开秤，头一车稻谷过了磅。\n"))
        };
        let index = CorpusIndex::of_texts(heads.iter().enumerate().map(document).collect()).unwrap();
        let shapes = index.shapes(&std::env::temp_dir(), 4, 3, 10).unwrap();
        shapes.iter().filter_map(|shape| propose(&index, shape)).filter(|proposal| proposal.text.contains('报')).collect()
    }

    fn pattern_of(heads: &[&str]) -> String {
        let found = proposals(heads);
        let rule: toml::Table = toml::from_str(&found[0].rule).unwrap();
        rule["find"]["text"].as_str().unwrap().to_owned()
    }

    #[test]
    fn what_varies_becomes_a_class() {
        assert_eq!(pattern_of(&["青川日报", "青川日报", "青川日报"]), "青川日报");
        assert_eq!(
            pattern_of(&["青川日报 2019年3月", "青川日报　2019年11月", "青川日报2019年4月"]),
            "青川日报[ \\t\\u3000\\u00A0]*2019年[0-9０-９]+月"
        );
        assert_eq!(
            pattern_of(&["青川日报2019-3-4版", "青川日报2019-11-4版", "青川日报2020-1-14版"]),
            "青川日报[0-9０-９]+\\-[0-9０-９]+\\-[0-9０-９]+版"
        );
        assert!(pattern_of(&["青川日报第三版", "青川日报第十二版", "青川日报第4版"]).starts_with("青川日报第[0-9０-９〇"));
        assert_eq!(pattern_of(&["《青川日报》社", "青川日报社", "“青川日报”社"]), "(?:“|《)?青川日报(?:”|》)?社");
    }

    #[test]
    fn rules_load_and_keep_to_their_cases() {
        for heads in [
            ["青川日报 2019年3月", "青川日报 2019年4月", "青川日报2019年12月"],
            ["A\\b\"青川日报\"[1]", "A\\b\"青川日报\"[2]", "A\\b\"青川日报\"[3]"],
        ] {
            for proposal in proposals(&heads) {
                assert!(Rule::parse("strip/boilerplate", "here", &proposal.rule).is_ok(), "{}", proposal.rule);
            }
        }
        assert!(proposals(&["第一章 报告", "第二章 报告", "第三章 报告"]).is_empty());
    }
}
