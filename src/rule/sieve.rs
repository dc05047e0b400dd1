//! Which of many lists of patterns can match a text, told by a glance at its characters.

use crate::text::CharMap;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};
use std::collections::BTreeMap;

/// What every match of a pattern holds one of; a text that holds none of them does not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marks {
    /// Any of these characters, as ranges, so many in all.
    singles: Vec<Mark>,
    times: u32,
    /// Or any of these next to each other.
    pairs: Vec<Mark>,
}

/// The first and the last character of a range, or two neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    ends: (char, char),
    /// What holds it matches.
    suffices: bool,
}

/// A range of so many characters says too little to be kept one by one.
const WIDEST: u32 = 2000;
/// Characters are counted up to so many.
const MOST_TIMES: u32 = 7;
/// So many pairs are made of two neighbouring classes at most.
const MOST_PAIRS: usize = 48;

impl Marks {
    /// Those of what never matches.
    pub fn none() -> Marks {
        Marks { singles: Vec::new(), times: MOST_TIMES, pairs: Vec::new() }
    }

    /// The marks of a pattern; none when it can match without any.
    pub fn of(hir: &Hir) -> Option<Marks> {
        match hir.kind() {
            HirKind::Literal(_) | HirKind::Class(_) => best_of(std::slice::from_ref(hir)),
            HirKind::Repetition(_) if repeated(hir).is_some() => best_of(std::slice::from_ref(hir)),
            HirKind::Repetition(repetition) if repetition.min > 0 => {
                let mut marks = Marks::of(&repetition.sub)?;
                if repetition.min > 1 {
                    marks.suffice(false);
                }
                Some(marks)
            }
            HirKind::Capture(capture) => Marks::of(&capture.sub),
            HirKind::Concat(parts) => best_of(parts),
            HirKind::Alternation(parts) => parts.iter().try_fold(Marks::none(), |mut any, part| {
                let own = Marks::of(part)?;
                any.times = any.times.min(own.times);
                any.singles.extend(own.singles);
                any.pairs.extend(own.pairs);
                Some(any)
            }),
            _ => None,
        }
    }

    /// How likely a text is to hold one, roughly.
    fn commonness(&self) -> u32 {
        let singles = self.singles.iter().map(|&Mark { ends: (first, last), .. }| match first {
            ' '..='~' => 40 * (last as u32 - first as u32 + 1).min(10),
            '\u{3000}'..='\u{3010}' | '\u{FF00}'..='\u{FF20}' => 100,
            '\u{4E00}'..='\u{9FFF}' => 10 * (last as u32 - first as u32 + 1),
            _ => 2,
        });
        self.pairs.len() as u32 + singles.sum::<u32>() / (self.times * self.times)
    }

    fn suffice(&mut self, suffices: bool) {
        self.singles.iter_mut().chain(&mut self.pairs).for_each(|mark| mark.suffices = suffices);
    }
}

/// A class that is repeated, and how often at least.
fn repeated(hir: &Hir) -> Option<(&ClassUnicode, u32)> {
    let HirKind::Repetition(repetition) = hir.kind() else { return None };
    match repetition.sub.kind() {
        HirKind::Class(Class::Unicode(class)) if repetition.min > 0 => Some((class, repetition.min)),
        _ => None,
    }
}

/// Characters that follow each other in every match: any of some ranges, so many times at least.
struct Part {
    class: Vec<(char, char)>,
    times: u32,
}

/// The rarest marks of parts that follow each other.
fn best_of(hirs: &[Hir]) -> Option<Marks> {
    let mut candidates: Vec<Marks> = Vec::new();
    // None stands for what is more than characters.
    let mut parts: Vec<Option<Part>> = Vec::new();
    let mut bound = false;
    let part = |class, times| Some(Part { class, times });
    for hir in hirs {
        match hir.kind() {
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => parts.extend(text.chars().map(|c| part(vec![(c, c)], 1))),
                Err(_) => parts.push(None),
            },
            HirKind::Class(Class::Unicode(class)) => parts.push(part(ranges(class), 1)),
            HirKind::Class(Class::Bytes(_)) => parts.push(None),
            HirKind::Empty => {}
            HirKind::Look(_) => bound = true,
            _ => match repeated(hir) {
                Some((class, times)) => {
                    bound |= times > 1;
                    parts.push(part(ranges(class), times));
                }
                None => {
                    parts.push(None);
                    candidates.extend(Marks::of(hir));
                }
            },
        }
    }
    let whole = |length: usize| !bound && parts.len() == length;
    // What is one part tells itself whether its marks suffice.
    if bound || !matches!(&parts[..], [None]) {
        candidates.iter_mut().for_each(|marks| marks.suffice(false));
    }
    let marks = |ends: &[(char, char)], suffices| ends.iter().map(|&ends| Mark { ends, suffices }).collect();
    for (at, part) in parts.iter().enumerate() {
        let Some(part) = part else { continue };
        if let Some(Some(next)) = parts.get(at + 1)
            && let Some(pairs) = pairs(&part.class, &next.class)
        {
            candidates.push(Marks { pairs: marks(&pairs, whole(2)), ..Marks::none() });
        }
        if part.class.iter().all(|range| range.1 as u32 - range.0 as u32 <= WIDEST) {
            let among = parts.iter().flatten().filter(|other| is_within(&other.class, &part.class));
            let times = among.map(|other| other.times).fold(0, u32::saturating_add).min(MOST_TIMES);
            candidates.push(Marks { singles: marks(&part.class, whole(1)), times, ..Marks::none() });
        }
    }
    candidates.into_iter().min_by_key(Marks::commonness)
}

/// Whether all characters of `inner` are of `outer`.
fn is_within(inner: &[(char, char)], outer: &[(char, char)]) -> bool {
    inner.iter().all(|range| outer.iter().any(|other| other.0 <= range.0 && range.1 <= other.1))
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
    /// How many characters a list needs that speak for it: a bit of each number in each word, the lowest first.
    needed: [u64; 3],
    /// What a character speaks for.
    singles: CharMap,
    sets: Vec<Sifted>,
    filter: Vec<u64>,
    /// Pairs of characters, ascending, with what they speak for.
    pairs: Vec<(u64, Sifted)>,
}

/// What a look at the characters of a text tells of lists: a bit for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sifted {
    /// Those that may match.
    pub may: u64,
    /// Those of them that surely do.
    pub does: u64,
}

impl Sifted {
    fn add(&mut self, other: Sifted) {
        self.may |= other.may;
        self.does |= other.does;
    }
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
        let mut needed = [0; 3];
        let (mut always, mut singles, mut pairs) = (0, BTreeMap::<char, Sifted>::new(), BTreeMap::<u64, Sifted>::new());
        for (list, marks) in lists.take(64).enumerate() {
            let may = 1 << list;
            let Some(marks) = marks else {
                always |= may;
                continue;
            };
            for (bit, word) in needed.iter_mut().enumerate() {
                *word |= u64::from(marks.times >> bit & 1) << list;
            }
            let told = |mark: &Mark| Sifted { may, does: if mark.suffices { may } else { 0 } };
            for mark in &marks.singles {
                (mark.ends.0..=mark.ends.1).for_each(|c| singles.entry(c).or_default().add(told(mark)));
            }
            for mark in &marks.pairs {
                pairs.entry(key(mark.ends.0, mark.ends.1)).or_default().add(told(mark));
            }
        }
        let (mut map, mut sets) = (CharMap::new(), vec![Sifted::default()]);
        for (c, set) in singles {
            let place = sets.iter().position(|&known| known == set).unwrap_or_else(|| {
                sets.push(set);
                sets.len() - 1
            });
            // Sets are fewer than characters of patterns, which are bounded.
            match u16::try_from(place) {
                Ok(place) => map.set(c, place),
                Err(_) => always |= set.may,
            }
        }
        let mut filter = vec![0; 1 << (FILTER_BITS - 6)];
        for &pair in pairs.keys() {
            let (word, bit) = gate(pair);
            filter[word] |= bit;
        }
        Sieve { always, needed, singles: map, sets, filter, pairs: pairs.into_iter().collect() }
    }

    /// Which lists match a text of these characters, as far as a look at them tells.
    pub fn sift(&self, text: impl Iterator<Item = char>) -> Sifted {
        let (mut found, mut before) = (Sifted { may: self.always, does: 0 }, '\0');
        let mut counts = [0; 3];
        for c in text {
            let set = self.sets[usize::from(self.singles.get(c))];
            if set.may != 0 {
                found.does |= set.does;
                count(&mut counts, set.may);
            }
            let key = key(before, c);
            let (word, bit) = gate(key);
            if self.filter[word] & bit != 0
                && let Ok(at) = self.pairs.binary_search_by_key(&key, |pair| pair.0)
            {
                found.add(self.pairs[at].1);
            }
            before = c;
        }
        found.may |= reached(counts, self.needed);
        found
    }
}

/// Adds one to the numbers of the lists in `set`, up to the greatest that there is room for.
#[inline]
fn count(counts: &mut [u64; 3], set: u64) {
    let mut carry = set & !(counts[0] & counts[1] & counts[2]);
    for bit in counts {
        (*bit, carry) = (*bit ^ carry, *bit & carry);
    }
}

/// The lists whose number has reached what is needed.
fn reached(counts: [u64; 3], needed: [u64; 3]) -> u64 {
    let (mut more, mut same) = (0, u64::MAX);
    for (count, needed) in counts.into_iter().zip(needed).rev() {
        more |= same & count & !needed;
        same &= !(count ^ needed);
    }
    // Of what nothing was seen, there is nothing.
    (more | same) & counts.iter().fold(0, |any, count| any | count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sift(patterns: &[&str], text: &str) -> Sifted {
        let marks: Vec<Option<Marks>> =
            patterns.iter().map(|pattern| Marks::of(&regex_syntax::parse(pattern).unwrap())).collect();
        Sieve::new(marks.iter().map(Option::as_ref)).sift(text.chars())
    }

    fn may_match(patterns: &[&str], text: &str) -> u64 {
        sift(patterns, text).may
    }

    #[test]
    fn what_lacks_its_marks_cannot_match() {
        let patterns = ["热线|(?:咨询|报名)[：:]", r"(?:^|\D)400[- ]?\d{3}", r"[千万]元|\d折", "(?i)vip", r"\p{Han}?", "."];
        assert_eq!(may_match(&patterns, "今天的天气很好，明天也是。"), 0b11_0000);
        assert_eq!(may_match(&patterns, "报名：热线"), 0b11_0001);
        assert_eq!(may_match(&patterns, "线热"), 0b11_0000);
        assert_eq!(may_match(&patterns, "400-123"), 0b11_0010);
        assert_eq!(may_match(&patterns, "三万元"), 0b11_0100);
        assert_eq!(may_match(&patterns, "Vip"), 0b11_1000);
        assert_eq!(may_match(&patterns, ""), 0b11_0000);
    }

    #[test]
    fn nothing_that_matches_is_held_back() {
        let patterns = [
            "a+b",
            "[ab]{3}",
            "(?:a|甲甲)[ab]{2}b?",
            "a[甲a].a",
            "(?:甲乙){2}",
            "(甲+)",
            "a|甲{2}",
            "(?:甲|a)b",
            "^甲|^乙丙",
            "(?:甲|乙)$",
            "(?:甲|乙丙)+丁?",
            "x{2}y?",
            "[乙甲]丙",
            "^甲$",
            "(?:甲丙|乙)+",
            "[ab]x",
            "(甲)(乙)",
            "甲?乙",
            r"\d\d",
            "甲\\b",
            "丙(?:甲|乙)",
        ];
        let letters: Vec<char> = "甲乙丙丁abxy1 ".chars().collect();
        let regexes: Vec<regex::Regex> = patterns.iter().map(|pattern| regex::Regex::new(pattern).unwrap()).collect();
        for number in 0..letters.len().pow(4) {
            let text: String = (0..4).map(|place| letters[number / letters.len().pow(place) % letters.len()]).collect();
            let matching = regexes.iter().enumerate().fold(0, |bits, (at, regex)| bits | u64::from(regex.is_match(&text)) << at);
            if number % 3 == 0 {
                let Sifted { may, does } = sift(&patterns, &text);
                assert_eq!((matching & !may, does & !matching), (0, 0), "{text}");
            }
        }
    }
}
