//! Which of many lists of patterns can match a text, told by a glance at its characters.

use crate::text::CharMap;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};
use std::collections::BTreeMap;

/// What every match of a pattern holds one of; a text that holds none of them does not match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Any of these characters, as ranges.
    singles: Vec<(char, char)>,
    /// Or any of these next to each other.
    pairs: Vec<(char, char)>,
}

/// A range of so many characters says too little to be kept one by one.
const WIDEST: u32 = 2000;
/// So many pairs are made of two neighbouring classes at most.
const MOST_PAIRS: usize = 48;

impl Marks {
    /// The marks of a pattern; none when it can match without any.
    pub fn of(hir: &Hir) -> Option<Marks> {
        match hir.kind() {
            HirKind::Literal(_) | HirKind::Class(_) => best_of(std::slice::from_ref(hir)),
            HirKind::Repetition(repetition) if repetition.min > 0 => Marks::of(&repetition.sub),
            HirKind::Capture(capture) => Marks::of(&capture.sub),
            HirKind::Concat(parts) => best_of(parts),
            HirKind::Alternation(parts) => parts.iter().try_fold(Marks::default(), |mut any, part| {
                let own = Marks::of(part)?;
                any.singles.extend(own.singles);
                any.pairs.extend(own.pairs);
                Some(any)
            }),
            _ => None,
        }
    }

    /// How likely a text is to hold one, roughly.
    fn commonness(&self) -> u32 {
        let singles = self.singles.iter().map(|&(first, last)| match first {
            ' '..='~' => 40 * (last as u32 - first as u32 + 1).min(10),
            '\u{3000}'..='\u{3010}' | '\u{FF00}'..='\u{FF20}' => 100,
            '\u{4E00}'..='\u{9FFF}' => 10 * (last as u32 - first as u32 + 1),
            _ => 2,
        });
        self.pairs.len() as u32 + singles.sum::<u32>()
    }
}

/// The rarest marks of parts that follow each other.
fn best_of(parts: &[Hir]) -> Option<Marks> {
    let mut candidates: Vec<Marks> = Vec::new();
    let mut last: Option<Vec<(char, char)>> = None;
    let mut next = |class: Option<Vec<(char, char)>>, candidates: &mut Vec<Marks>| {
        if let Some(class) = &class {
            if let Some(pairs) = last.as_ref().and_then(|last| pairs(last, class)) {
                candidates.push(Marks { singles: Vec::new(), pairs });
            }
            if class.iter().map(|range| range.1 as u32 - range.0 as u32).max().is_some_and(|widest| widest < WIDEST) {
                candidates.push(Marks { singles: class.clone(), pairs: Vec::new() });
            }
        }
        last = class;
    };
    for part in parts {
        match part.kind() {
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => text.chars().for_each(|c| next(Some(vec![(c, c)]), &mut candidates)),
                Err(_) => next(None, &mut candidates),
            },
            HirKind::Class(Class::Unicode(class)) => next(Some(ranges(class)), &mut candidates),
            HirKind::Look(_) | HirKind::Empty => {}
            _ => {
                next(None, &mut candidates);
                candidates.extend(Marks::of(part));
            }
        }
    }
    candidates.into_iter().min_by_key(Marks::commonness)
}

fn ranges(class: &ClassUnicode) -> Vec<(char, char)> {
    class.iter().map(|range| (range.start(), range.end())).collect()
}

/// All characters of `left` before all of `right`, unless they are too many.
fn pairs(left: &[(char, char)], right: &[(char, char)]) -> Option<Vec<(char, char)>> {
    let count = |class: &[(char, char)]| class.iter().map(|range| (range.1 as usize - range.0 as usize) + 1).sum::<usize>();
    if count(left).saturating_mul(count(right)) > MOST_PAIRS {
        return None;
    }
    let all = |class: &[(char, char)]| class.iter().flat_map(|&(first, last)| first..=last).collect::<Vec<char>>();
    let right = all(right);
    Some(all(left).into_iter().flat_map(|a| right.iter().map(move |&b| (a, b))).collect())
}

/// Bits of the filter before the table of pairs: few enough for the nearest cache.
const FILTER_BITS: u32 = 15;

/// A look at each character of a text tells which of up to 64 lists can match it: the more a list says of what it looks for, the
/// seldomer it is let through in vain.
#[derive(Debug, Clone)]
pub struct Sieve {
    /// Lists of which nothing is known.
    always: u64,
    /// Which sets of lists a character speaks for.
    singles: CharMap,
    sets: Vec<u64>,
    filter: Vec<u64>,
    /// Pairs of characters, ascending, with the lists that they speak for.
    pairs: Vec<(u64, u64)>,
}

fn key(left: char, right: char) -> u64 {
    u64::from(u32::from(left)) << 21 | u64::from(u32::from(right))
}

/// The word and bit of the filter that a pair owns.
#[inline]
fn gate(key: u64) -> (usize, u64) {
    let bit = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - FILTER_BITS);
    ((bit >> 6) as usize, 1 << (bit & 63))
}

impl Sieve {
    /// A sieve for lists with these marks, in their order; those beyond the 64th are not looked at.
    pub(super) fn new<'m>(lists: impl Iterator<Item = Option<&'m Marks>>) -> Sieve {
        let (mut always, mut singles, mut pairs) = (0, BTreeMap::<char, u64>::new(), BTreeMap::<u64, u64>::new());
        for (list, marks) in lists.take(64).enumerate() {
            let bit = 1 << list;
            let Some(marks) = marks else {
                always |= bit;
                continue;
            };
            for c in marks.singles.iter().flat_map(|&(first, last)| first..=last) {
                *singles.entry(c).or_default() |= bit;
            }
            for &(left, right) in &marks.pairs {
                *pairs.entry(key(left, right)).or_default() |= bit;
            }
        }
        let (mut map, mut sets) = (CharMap::new(), vec![0]);
        for (c, set) in singles {
            let place = sets.iter().position(|&known| known == set).unwrap_or_else(|| {
                sets.push(set);
                sets.len() - 1
            });
            // Sets are fewer than characters of patterns, which are bounded.
            match u16::try_from(place) {
                Ok(place) => map.set(c, place),
                Err(_) => always |= set,
            }
        }
        let mut filter = vec![0; 1 << (FILTER_BITS - 6)];
        for &pair in pairs.keys() {
            let (word, bit) = gate(pair);
            filter[word] |= bit;
        }
        Sieve { always, singles: map, sets, filter, pairs: pairs.into_iter().collect() }
    }

    /// A bit for each list that may match a text of these characters.
    pub fn may_match(&self, text: impl Iterator<Item = char>) -> u64 {
        let (mut found, mut before) = (self.always, '\0');
        for c in text {
            found |= self.sets[usize::from(self.singles.get(c))];
            let key = key(before, c);
            let (word, bit) = gate(key);
            if self.filter[word] & bit != 0
                && let Ok(at) = self.pairs.binary_search_by_key(&key, |pair| pair.0)
            {
                found |= self.pairs[at].1;
            }
            before = c;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_match(patterns: &[&str], text: &str) -> u64 {
        let marks: Vec<Option<Marks>> =
            patterns.iter().map(|pattern| Marks::of(&regex_syntax::parse(pattern).unwrap())).collect();
        Sieve::new(marks.iter().map(Option::as_ref)).may_match(text.chars())
    }

    #[test]
    fn what_lacks_its_marks_cannot_match() {
        let patterns = ["热线|(?:咨询|报名)[：:]", r"(?:^|\D)400[- ]?\d{3}", r"[千万]元|\d折", "(?i)vip", r"\p{Han}?", "."];
        assert_eq!(may_match(&patterns, "今天的天气很好，明天也是。"), 0b11_0000);
        assert_eq!(may_match(&patterns, "报名：热线"), 0b11_0001);
        assert_eq!(may_match(&patterns, "线热"), 0b11_0000);
        assert_eq!(may_match(&patterns, "400-123"), 0b11_0110);
        assert_eq!(may_match(&patterns, "三万元"), 0b11_0100);
        assert_eq!(may_match(&patterns, "Vip"), 0b11_1000);
        assert_eq!(may_match(&patterns, ""), 0b11_0000);
    }

    #[test]
    fn nothing_that_matches_is_held_back() {
        let patterns =
            ["a+b", "(?:甲|乙丙)+丁?", "x{2}y?", "[甲-乙]丙", "^甲$", "(甲)(乙)", "甲?乙", r"\d\d", "甲\\b", "丙(?:甲|乙)"];
        let letters: Vec<char> = "甲乙丙丁abxy1 ".chars().collect();
        let regexes: Vec<regex::Regex> = patterns.iter().map(|pattern| regex::Regex::new(pattern).unwrap()).collect();
        for number in 0..letters.len().pow(4) {
            let text: String = (0..4).map(|place| letters[number / letters.len().pow(place) % letters.len()]).collect();
            let matching = regexes.iter().enumerate().fold(0, |bits, (at, regex)| bits | u64::from(regex.is_match(&text)) << at);
            if number % 7 == 0 {
                assert_eq!(matching & !may_match(&patterns, &text), 0, "{text}");
            }
        }
    }
}
