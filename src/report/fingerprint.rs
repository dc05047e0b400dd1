//! What a finding is known by from one run to the next, wherever its line has moved to.

use crate::edit::Finding;
use std::collections::HashMap;
use xxhash_rust::xxh3::Xxh3Default;

/// Characters of its line on either side that tell a finding from another of the same text, blanks not counted.
const AROUND: usize = 16;

/// How far they are looked for, in characters.
const REACH: usize = 64;

/// The fingerprints of `findings`, which come in the order of their places in `text`: the rule, what was found and what stands around
/// it, and which of those that are alike in all this it is.
pub(super) fn of(text: &str, findings: &[&Finding]) -> Vec<String> {
    let mut seen: HashMap<u128, usize> = HashMap::new();
    let one = |finding: &&Finding| {
        let hash = hash(text, finding);
        let occurrence = seen.entry(hash).or_default();
        *occurrence += 1;
        format!("{hash:032x}:{occurrence}")
    };
    findings.iter().map(one).collect()
}

fn hash(text: &str, finding: &Finding) -> u128 {
    let span = finding.span;
    let mut hasher = Xxh3Default::new();
    hasher.update(finding.rule.as_bytes());
    hasher.update(b"\0");
    // The same with whatever line ends.
    for line in span.of(text).split('\n') {
        hasher.update(line.strip_suffix('\r').unwrap_or(line).as_bytes());
        hasher.update(b"\n");
    }
    let mut around = String::from("\0");
    around.extend(beside(text[..span.start].chars().rev()));
    around.push('\0');
    around.extend(beside(text[span.end..].chars()));
    hasher.update(around.as_bytes());
    hasher.digest128()
}

/// What stands beside a finding in its line. Lines may come and go before and behind it.
fn beside(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    chars.take(REACH).take_while(|c| !matches!(c, '\n' | '\r')).filter(|c| !c.is_whitespace()).take(AROUND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::Pipeline;
    use crate::rule::Pack;
    use crate::text::Source;

    fn fingerprints(text: &str) -> Vec<String> {
        let pipeline = Pipeline::new(&Pack::built_in().unwrap()).unwrap();
        let revision = pipeline.revise(Source::from_text("x", text), crate::edit::Applicability::Auto);
        let findings = super::super::reported(&revision);
        of(text, &findings)
    }

    #[test]
    fn lines_may_move_and_end_otherwise() {
        let page = "河道 and 河堤由各村巡查。\n\n全镇的苹果 and 香蕉都熟了。\n";
        let before = fingerprints(page);
        assert_eq!(before.len(), 2);
        assert_ne!(before[0], before[1]);
        assert_eq!(fingerprints(&format!("新的一段在前面。\n\n\n{page}")), before);
        assert_eq!(fingerprints(&page.replace('\n', "\r\n")), before);
    }

    #[test]
    fn what_is_alike_is_counted() {
        let same = "河道 and 河堤由各村的人天天去看一看水涨了多少，";
        let found = fingerprints(&format!("{same}夜里也有人守着闸门。\n\n{same}下雨的时候田里的人都回了家。\n"));
        let (hash, first) = found[0].split_once(':').unwrap();
        assert_eq!((first, found[1].as_str()), ("1", &*format!("{hash}:2")));
    }
}
