//! Which of many lists of patterns can match a text, told by a glance at its characters.

use super::edge::{Side, end};
use crate::text::CharMap;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Repetition};
use std::collections::{BTreeMap, BTreeSet};

/// The words that are all that a pattern matches, wherever they stand; none when it matches more than a few words, or asks for more
/// than a word.
pub(super) fn words(hir: &Hir) -> Option<Vec<String>> {
    /// Words of one pattern.
    const MOST: usize = 1000;
    if !hir.properties().look_set().is_empty() {
        return None;
    }
    let seq = Extractor::new().limit_class(64).limit_repeat(4).limit_total(MOST).extract(hir);
    let literals = seq.literals().filter(|literals| literals.iter().all(|word| word.is_exact() && !word.is_empty()))?;
    literals.iter().map(|word| String::from_utf8(word.as_bytes().to_vec()).ok()).collect()
}

/// Characters, as ranges.
type Ranges = Vec<(char, char)>;

/// What every match of a pattern holds one of; a text that holds none of them does not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marks {
    /// Any of these characters, so many in all.
    singles: Ranges,
    times: u32,
    /// Or any of some characters right before any of others.
    pairs: Vec<(Ranges, Ranges)>,
}

/// Ranges of more characters say too little to be kept one by one.
const WIDEST: u32 = 2000;
/// Characters are counted up to so many.
const MOST_TIMES: u32 = 7;
/// So many pairs are made of two neighbouring classes at most.
const MOST_PAIRS: u32 = 1000;

impl Marks {
    /// Those of what never matches.
    pub fn none() -> Marks {
        Marks { singles: Vec::new(), times: MOST_TIMES, pairs: Vec::new() }
    }

    /// The marks of a pattern; none when it can match without any.
    pub fn of(hir: &Hir) -> Option<Marks> {
        match hir.kind() {
            HirKind::Capture(capture) => Marks::of(&capture.sub),
            HirKind::Alternation(parts) => parts.iter().try_fold(Marks::none(), |mut any, part| {
                let own = Marks::of(part)?;
                any.times = any.times.min(own.times);
                any.singles.extend(own.singles);
                any.pairs.extend(own.pairs);
                Some(any)
            }),
            _ => best_of(&split(hir)),
        }
    }

    /// How many of a million places hold one, roughly.
    fn frequency(&self) -> u64 {
        let pairs = self.pairs.iter().map(|(left, right)| frequency(left) * frequency(right) / 1_000_000);
        pairs.sum::<u64>() + frequency(&self.singles) / u64::from(self.times * self.times)
    }
}

/// How many of a million characters of Chinese texts are of a class, roughly.
fn frequency(class: &[(char, char)]) -> u64 {
    let of_range = |&(first, last): &(char, char)| {
        let count = u64::from(last as u32 - first as u32 + 1);
        count
            * match first {
                '0'..='9' => 3000,
                ' '..='~' => 1000,
                '，' | '。' | '的' => 30_000,
                '\u{3000}'..='\u{3010}' | '“' | '”' => 10_000,
                '\u{FF00}'..='\u{FF20}' | '一' => 3000,
                '\u{4E00}'..='\u{9FFF}' => 400,
                _ => 1,
            }
    };
    class.iter().map(of_range).sum()
}

/// How many characters of a class are to be told apart, roughly: those of other scripts are as one.
fn size(class: &[(char, char)]) -> u32 {
    let is_near = |c: char| c.is_ascii() || matches!(c, '\u{3000}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}');
    class.iter().map(|&(first, last)| if is_near(first) { last as u32 - first as u32 + 1 } else { 1 }).sum()
}

/// The parts of a pattern that follow each other; literals and repetitions in as many as can be told apart.
fn split(hir: &Hir) -> Vec<Hir> {
    match hir.kind() {
        HirKind::Concat(parts) => parts.iter().flat_map(split).collect(),
        HirKind::Capture(capture) => split(&capture.sub),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => text.chars().map(|c| Hir::literal(c.to_string().into_bytes())).collect(),
            Err(_) => vec![hir.clone()],
        },
        HirKind::Repetition(repetition) if repetition.min > 1 && class_of(&repetition.sub).is_some() => {
            let rest = Repetition { min: repetition.min - 1, max: repetition.max.map(|max| max - 1), ..repetition.clone() };
            vec![(*repetition.sub).clone(), Hir::repetition(rest)]
        }
        _ => vec![hir.clone()],
    }
}

/// The characters that a part is one of.
fn class_of(hir: &Hir) -> Option<Ranges> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let mut chars = std::str::from_utf8(&literal.0).ok()?.chars();
            let c = chars.next()?;
            chars.next().is_none().then(|| vec![(c, c)])
        }
        HirKind::Class(Class::Unicode(class)) => Some(ranges(class)),
        _ => None,
    }
}

/// The rarest marks of parts that follow each other.
fn best_of(parts: &[Hir]) -> Option<Marks> {
    // Characters of one class that follow each other, with how many they are at least.
    let classes: Vec<Option<(Ranges, u32)>> = parts
        .iter()
        .map(|part| match part.kind() {
            HirKind::Repetition(repetition) if repetition.min > 0 => Some((class_of(&repetition.sub)?, repetition.min)),
            _ => Some((class_of(part)?, 1)),
        })
        .collect();
    let mut candidates: Vec<Marks> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let narrow = |place: usize, parts: &[Hir], side| {
            let class = match classes.get(place) {
                Some(Some((class, _))) => Some(class.clone()),
                _ => end(parts, side).map(|class| ranges(&class)),
            };
            class.filter(|class| is_narrow(class))
        };
        if at > 0
            && let Some(left) = narrow(at - 1, &parts[..at], Side::Last)
            && let Some(right) = narrow(at, &parts[at..], Side::First)
            && size(&left).saturating_mul(size(&right)) <= MOST_PAIRS
        {
            candidates.push(Marks { pairs: vec![(left, right)], ..Marks::none() });
        }
        match (&classes[at], part.kind()) {
            (Some((class, _)), _) if is_narrow(class) => {
                let among = classes.iter().flatten().filter(|other| is_within(&other.0, class));
                let times = among.map(|other| other.1).fold(0, u32::saturating_add).min(MOST_TIMES);
                candidates.push(Marks { singles: class.clone(), times, ..Marks::none() });
            }
            (None, HirKind::Alternation(_)) => candidates.extend(Marks::of(part)),
            (None, HirKind::Repetition(repetition)) if repetition.min > 0 => {
                let each = Marks::of(&repetition.sub);
                candidates.extend(each.map(|marks| Marks { times: (marks.times * repetition.min).min(MOST_TIMES), ..marks }));
            }
            _ => {}
        }
    }
    candidates.into_iter().min_by_key(Marks::frequency)
}

fn is_narrow(class: &[(char, char)]) -> bool {
    class.iter().map(|range| range.1 as u32 - range.0 as u32 + 1).fold(0, u32::saturating_add) <= WIDEST
}

/// Whether all characters of `inner` are of `outer`.
fn is_within(inner: &[(char, char)], outer: &[(char, char)]) -> bool {
    inner.iter().all(|range| outer.iter().any(|other| other.0 <= range.0 && range.1 <= other.1))
}

fn ranges(class: &ClassUnicode) -> Ranges {
    class.iter().map(|range| (range.start(), range.end())).collect()
}

/// The letters of a word, each a class of its own.
type Letters = Vec<[(char, char); 1]>;

/// A list of patterns: words that match by themselves, and the marks of the others, none when they can match without any.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'a> {
    pub words: &'a [String],
    pub marks: Option<&'a Marks>,
}

/// Bits of the filter before the table of pairs: few enough for the nearest cache.
const FILTER_BITS: u32 = 17;

/// A look at each character of a text tells which of up to 64 lists can match it: the more a list says of what it looks for, the
/// seldomer it is let through in vain. Words are found by it at once.
#[derive(Debug, Clone)]
pub struct Sieve {
    /// Lists of which nothing is known.
    always: u64,
    /// How many characters a list needs that speak for it: a bit of each number in each word, the lowest first.
    needed: [u64; 3],
    /// Characters that no list tells apart share a number; those that none asks for have none.
    atoms: CharMap,
    /// What a character speaks for, by its number.
    singles: Vec<Sifted>,
    filter: Vec<u64>,
    /// Pairs of characters, ascending, with what must stand before them and what they speak for.
    pairs: Vec<(u32, Box<[u16]>, Sifted)>,
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

#[inline]
fn key(left: u16, right: u16) -> u32 {
    u32::from(left) << 16 | u32::from(right)
}

/// The word and bit of the filter that a pair owns.
#[inline]
fn gate(key: u32) -> (usize, u64) {
    let bit = key.wrapping_mul(0x9E37_79B1) >> (32 - FILTER_BITS);
    ((bit >> 6) as usize, 1 << (bit & 63))
}

/// Numbers for characters, the same for those that are in the same classes, and the numbers of each class.
#[derive(Default)]
struct Atoms<'a> {
    classes: BTreeMap<&'a [(char, char)], usize>,
    of_class: Vec<Vec<u16>>,
}

impl<'a> Atoms<'a> {
    fn add(&mut self, class: &'a [(char, char)]) {
        let next = self.classes.len();
        self.classes.entry(class).or_insert(next);
    }

    fn of(&self, class: &[(char, char)]) -> &[u16] {
        self.classes.get(class).map_or(&[], |&class| &self.of_class[class])
    }

    /// Gives each character its number. Returns how many there are, 0 for no character included.
    fn number(&mut self, map: &mut CharMap) -> usize {
        self.of_class = vec![Vec::new(); self.classes.len()];
        let borders = self.classes.iter().flat_map(|(ranges, &class)| {
            ranges.iter().flat_map(move |&(first, last)| [(first as u32, class, true), (last as u32 + 1, class, false)])
        });
        let mut borders: Vec<(u32, usize, bool)> = borders.collect();
        borders.sort_unstable();
        let (mut numbers, mut open) = (BTreeMap::<Vec<usize>, u16>::new(), BTreeSet::new());
        for (at, &(code, class, opens)) in borders.iter().enumerate() {
            if opens {
                open.insert(class);
            } else {
                open.remove(&class);
            }
            let next = borders.get(at + 1).map_or(code, |border| border.0);
            if next == code || open.is_empty() {
                continue;
            }
            // Characters beyond so many sets of classes, which no rule has, are as one.
            let free = u16::try_from(numbers.len() + 1).unwrap_or(u16::MAX);
            let number = *numbers.entry(open.iter().copied().collect()).or_insert_with(|| {
                open.iter().for_each(|&class| self.of_class[class].push(free));
                free
            });
            (code..next).filter_map(char::from_u32).for_each(|c| map.set(c, number));
        }
        numbers.len() + 1
    }
}

impl Sieve {
    /// A sieve for lists, in their order; those beyond the 64th are not looked at. Characters of `variants` are read as others.
    pub(super) fn new<'t>(lists: impl Iterator<Item = Told<'t>>, variants: impl Iterator<Item = (char, char)>) -> Sieve {
        let lists: Vec<Told> = lists.take(64).collect();
        let letters: Vec<Vec<Letters>> =
            lists.iter().map(|list| list.words.iter().map(|word| word.chars().map(|c| [(c, c)]).collect()).collect()).collect();
        let mut atoms = Atoms::default();
        for (list, letters) in lists.iter().zip(&letters) {
            letters.iter().flatten().for_each(|c| atoms.add(c));
            if let Some(marks) = list.marks {
                atoms.add(&marks.singles);
                marks.pairs.iter().for_each(|(left, right)| [left, right].into_iter().for_each(|class| atoms.add(class)));
            }
        }
        let mut map = CharMap::new();
        let mut singles = vec![Sifted::default(); atoms.number(&mut map)];
        let mut pairs = BTreeMap::<(u32, Box<[u16]>), Sifted>::new();
        let (mut always, mut needed) = (0, [0; 3]);
        for (list, (told, letters)) in lists.iter().zip(&letters).enumerate() {
            let (may, does) = (1 << list, 1 << list);
            for word in letters {
                let word: Vec<u16> = word.iter().flat_map(|c| atoms.of(c)).copied().collect();
                match &*word {
                    [] => always |= may,
                    [only] => singles[usize::from(*only)].does |= does,
                    [before @ .., left, right] => {
                        pairs.entry((key(*left, *right), before.into())).or_default().add(Sifted { may, does });
                    }
                }
            }
            let Some(marks) = told.marks else {
                always |= may;
                continue;
            };
            for (bit, word) in needed.iter_mut().enumerate() {
                *word |= u64::from(marks.times >> bit & 1) << list;
            }
            atoms.of(&marks.singles).iter().for_each(|&atom| singles[usize::from(atom)].may |= may);
            for (left, right) in &marks.pairs {
                for left in atoms.of(left) {
                    for right in atoms.of(right) {
                        pairs.entry((key(*left, *right), Box::default())).or_default().may |= may;
                    }
                }
            }
        }
        let mut filter = vec![0; 1 << (FILTER_BITS - 6)];
        for (pair, _) in pairs.keys() {
            let (word, bit) = gate(*pair);
            filter[word] |= bit;
        }
        let variants: Vec<(char, u16)> = variants.map(|(c, read)| (c, map.get(read))).collect();
        variants.into_iter().for_each(|(c, atom)| map.set(c, atom));
        let pairs = pairs.into_iter().map(|((pair, before), told)| (pair, before, told)).collect();
        Sieve { always, needed, atoms: map, singles, filter, pairs }
    }

    /// Which lists match a text, as far as a look at its characters tells.
    pub fn sift(&self, text: &str) -> Sifted {
        let (mut found, mut before) = (Sifted { may: self.always, does: 0 }, 0);
        let mut counts = [0; 3];
        for (at, c) in text.char_indices() {
            let atom = self.atoms.get(c);
            if atom != 0 {
                let set = self.singles[usize::from(atom)];
                if set.may != 0 {
                    count(&mut counts, set.may);
                }
                found.does |= set.does;
                let pair = key(before, atom);
                let (word, bit) = gate(pair);
                if self.filter[word] & bit != 0 {
                    self.look_up(pair, &text[..at], &mut found);
                }
            }
            before = atom;
        }
        found.may |= reached(counts, self.needed) | found.does;
        found
    }

    /// Adds what a pair of characters tells, of which the first ends `text`.
    fn look_up(&self, pair: u32, text: &str, found: &mut Sifted) {
        let from = self.pairs.partition_point(|known| known.0 < pair);
        for (_, before, told) in self.pairs[from..].iter().take_while(|known| known.0 == pair) {
            let mut chars = text.chars().rev().skip(1);
            if before.iter().rev().all(|&atom| chars.next().is_some_and(|c| self.atoms.get(c) == atom)) {
                found.add(*told);
            }
        }
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

    fn sieve(patterns: &[&str]) -> Sieve {
        let told = |pattern: &&str| {
            let hir = regex_syntax::parse(pattern).unwrap();
            match words(&hir) {
                Some(words) => (words, Some(Marks::none())),
                None => (Vec::new(), Marks::of(&hir)),
            }
        };
        let lists: Vec<(Vec<String>, Option<Marks>)> = patterns.iter().map(told).collect();
        let lists = lists.iter().map(|(words, marks)| Told { words, marks: marks.as_ref() });
        Sieve::new(lists, std::iter::empty())
    }

    fn sift(patterns: &[&str], text: &str) -> Sifted {
        sieve(patterns).sift(text)
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
        let sieve = sieve(&patterns);
        let regexes: Vec<regex::Regex> = patterns.iter().map(|pattern| regex::Regex::new(pattern).unwrap()).collect();
        for number in 0..letters.len().pow(4) {
            let text: String = (0..4).map(|place| letters[number / letters.len().pow(place) % letters.len()]).collect();
            let matching = regexes.iter().enumerate().fold(0, |bits, (at, regex)| bits | u64::from(regex.is_match(&text)) << at);
            let Sifted { may, does } = sieve.sift(&text);
            assert_eq!((matching & !may, does & !matching), (0, 0), "{text}");
        }
    }
}
