//! Places where a character does not go with what stands around it, and what might have stood there instead.

use super::bonds::Bonds;
use super::letters::{Letters, Loose, UNSEEN, looser};
use super::table::{Confusions, Row};
use crate::lexicon::model::{BIT, EDGE, Model, token};
use crate::lexicon::{Lexicon, Number, Spelling, plain};
use crate::text::CharMap;
use crate::text::chars::is_han;
use schemars::JsonSchema;
use serde::Deserialize;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// Characters on either side that a place looks at.
const REACH: usize = 4;
const WINDOW: usize = 2 * REACH + 1;
/// The same for a first look.
const CLOSE: usize = 5;

/// A count says no more than this.
const MOST_COUNTED: i32 = 40;

/// Characters that are common in names taken over from other languages.
static NAMES: LazyLock<CharMap> = LazyLock::new(|| {
    let mut names = CharMap::new();
    OF_NAMES.chars().for_each(|c| names.set(c, 1));
    names
});

const OF_NAMES: &str = "阿埃艾安奥巴贝比宾波博布查达丹德蒂杜多尔法菲费弗夫福盖戈格古哈海赫霍基吉加杰卡凯柯科克库拉莱兰朗劳勒雷里利莉林鲁路伦罗洛马玛迈曼梅蒙米密莫默姆穆娜纳尼涅诺努欧帕佩皮珀普奇乔切茹瑞若萨塞赛桑沙莎山什圣史斯思苏索塔泰坦特提廷图托瓦威韦维温文沃乌西希夏谢辛雅亚娅扬耶伊依因英尤约泽扎詹兹佐";

/// Where a character may be misread.
pub(super) struct Place {
    /// Its offset in the page, and its number among the characters of the runs.
    pub at: usize,
    pub seq: usize,
    pub c: char,
    /// It and what stands around it, as written.
    around: [char; WINDOW],
    /// What may have stood there.
    pub choice: Option<char>,
    pub left: i16,
    pub right: i16,
    pub alone: i32,
    pub own: i32,
    pub next: i32,
    /// Savings: of all, and of its own cost alone.
    pub seen: (i32, i32),
    pub alike: (i32, i32),
    pub free: i32,
    pub rank: i32,
    pub better: i32,
    pub free_better: i32,
    pub word: (u8, u8),
    pub choice_word: (u8, u8),
    pub free_word: u8,
    pub word_before: u8,
    pub word_after: u8,
    pub counts: [i32; 8],
    pub foreign_script: bool,
    pub names: i32,
    pub choice_alone: i32,
    /// Characters within twenty that go well with neither neighbour.
    pub loose_around: i32,
}

impl Place {
    pub fn before(&self) -> char {
        self.around[REACH - 1]
    }

    pub fn after(&self) -> char {
        self.around[REACH + 1]
    }

    /// The pairs, triples and characters that are counted in the document: what stands there, then what may have.
    fn asked(&self) -> [Option<[char; 3]>; 8] {
        let (a, c) = (self.before(), self.after());
        let of = |b: char| [Some([a, b, '\0']), Some([b, c, '\0']), Some([a, b, c])];
        let [p, q, r] = of(self.c);
        let [s, t, u] = self.choice.map_or([None; 3], of);
        [p, q, r, s, t, u, Some([self.c, '\0', '\0']), self.choice.map(|c| [c, '\0', '\0'])]
    }
}

/// Doubtful places of a page.
pub(super) struct Places {
    pub list: Vec<Place>,
    /// Characters that stand beside others that they were never seen beside, of a thousand.
    pub density: i32,
}

/// Which places are looked at. Associations are in eighths of a bit, costs in sixteenths.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Gate {
    /// A character is looked at when it costs as much alone,
    pub alone: i32,
    /// goes with its neighbours no better than this, one of which it was never seen beside,
    pub loose: i16,
    /// what it may be misread for goes so well with one,
    pub strong: i16,
    /// it costs as much with what follows,
    pub cost: i32,
    /// and would save as much by being misread.
    pub gain: i32,
    /// Where so many of 1024 characters are expected to be misread,
    pub bad: f32,
    /// all are looked at that go no better with either neighbour.
    pub open: i16,
}

/// Characters of a stretch, which is as good or as bad as a whole.
pub(super) const STRETCH: usize = 1024;

/// Characters that were never seen beside their neighbours raise the level by three, others lower it by one. From this level on,
/// nothing makes sense.
const SENSELESS: i32 = 15;

/// How far around a place others tell of it.
const BESIDE: usize = 2;

/// What is looked at closely.
#[derive(Default)]
pub(super) struct Suspects {
    /// Characters that are doubtful wherever they stand, ascending.
    pub doubtful: Vec<usize>,
    /// Stretches in which hardly anything goes with anything, ascending.
    pub senseless: Vec<Range<usize>>,
    /// How many characters were never seen beside their neighbours.
    pub unseen: usize,
}

/// What places are judged by.
pub(super) struct Judge<'j> {
    pub table: &'j Confusions,
    pub lexicon: &'j Lexicon,
    /// Of these two and the gate.
    pub bonds: &'j Bonds,
    pub gate: Gate,
}

impl Judge<'_> {
    /// The characters of which neither neighbour goes with them.
    pub fn loose<'l>(&'l self, letters: &'l Letters, range: Range<usize>) -> Loose<'l> {
        letters.loose(range, self.bonds, self.gate.open)
    }

    /// The characters that are looked at anywhere: few where the text is good.
    pub fn suspects(&self, letters: &Letters) -> Suspects {
        let mut suspects = Suspects::default();
        let mut model: Option<Arc<Model>> = None;
        let (mut level, mut next) = (0, 0);
        for (index, sides) in self.loose(letters, 0..letters.chars.len()) {
            let is_unseen = looser(sides) < UNSEEN;
            suspects.unseen += usize::from(is_unseen);
            level -= i32::try_from(index - next).unwrap_or(i32::MAX).min(level);
            level = if is_unseen { (level + 3).min(2 * SENSELESS) } else { (level - 1).max(0) };
            next = index + 1;
            if level >= SENSELESS {
                let start = index.saturating_sub(SENSELESS as usize);
                match suspects.senseless.last_mut() {
                    Some(stretch) if stretch.end >= start => stretch.end = index + 1,
                    _ => suspects.senseless.push(start..index + 1),
                }
            }
            let is_loose = looser(sides) <= self.gate.loose && sides.0.min(sides.1) < UNSEEN;
            if is_loose && self.is_doubtful(model.get_or_insert_with(Model::builtin), letters, index) {
                suspects.doubtful.push(index);
            }
        }
        suspects
    }

    /// The characters that are looked at where the text is bad: `stretches` tells where.
    pub fn open(&self, letters: &Letters, stretches: impl Fn(usize) -> bool) -> Vec<usize> {
        let bad = (0..letters.chars.len()).step_by(STRETCH).filter(|start| stretches(start / STRETCH));
        let inside = bad.flat_map(|start| self.loose(letters, start..(start + STRETCH).min(letters.chars.len())));
        inside.map(|(index, _)| index).collect()
    }

    /// What is known of the characters at `wanted`, ascending, and of those beside them, which tell of them. So many characters
    /// of the page are `unseen` beside their neighbours. Of some it may be `known` already.
    pub fn places(&self, letters: &Letters, wanted: &[usize], unseen: usize, known: Vec<Place>) -> Places {
        let mut places = Places { list: Vec::new(), density: (unseen * 1000 / (letters.han + 50)) as i32 };
        if wanted.is_empty() {
            return places;
        }
        let model = Model::builtin();
        let mut known = known.into_iter().peekable();
        let mut next = 0;
        for &index in wanted {
            let beside = index.saturating_sub(BESIDE).max(next)..(index + BESIDE + 1).min(letters.chars.len());
            next = next.max(beside.end);
            places.list.extend(self.loose(letters, beside).map(|(near, _)| {
                while known.next_if(|place| place.seq < near).is_some() {}
                known.next_if(|place| place.seq == near).unwrap_or_else(|| self.place(&model, letters, near))
            }));
        }
        let written = letters.chars.iter().step_by(letters.chars.len() / 250 + 1).filter(|&&c| is_han(c));
        let (traditional, simplified): (Vec<char>, Vec<char>) = written.partition(|&&c| plain(c) != c);
        let is_traditional = traditional.len() * 8 > simplified.len();
        for place in &mut places.list {
            place.foreign_script = !is_traditional && plain(place.c) != place.c;
        }
        count(letters, &mut places.list);
        places
    }

    /// Whether a character costs much where it stands, and far more than one that it may be misread for and that goes well with
    /// a neighbour.
    fn is_doubtful(&self, model: &Model, letters: &Letters, index: usize) -> bool {
        let Some((number, row)) = self.table.find(letters.chars[index]) else { return false };
        if model.cost(&[], token(letters.chars[index])) < self.gate.alone {
            return false;
        }
        let (before, after) = letters.beside(index);
        let goes_well =
            |left, right| self.bonds.may_be_strong(left, right) && self.lexicon.goes_well(left, right, self.gate.strong);
        let fits = |rival: Number| {
            before.is_some_and(|before| goes_well(before, rival)) || after.is_some_and(|after| goes_well(rival, after))
        };
        // Few have a rival that fits, and finding that out is cheaper than what it costs.
        let rivals = row.all().zip(self.bonds.rivals(number));
        let mut fitting = rivals.filter(|&(_, &number)| fits(number)).map(|(rival, _)| rival).peekable();
        if fitting.peek().is_none() {
            return false;
        }
        let window = around::<CLOSE>(letters, index).map(token);
        let mut trial = self.lexicon.models().trial(model, &window, CLOSE / 2);
        let cost = trial.together(window[CLOSE / 2]);
        cost >= self.gate.cost && fitting.any(|rival| cost - trial.together(token(rival)) >= self.gate.gain)
    }

    /// What the character at `index` costs after those before it.
    pub(super) fn own_cost(&self, model: &Model, letters: &Letters, index: usize) -> i32 {
        self.lexicon.models().cost(model, &around::<CLOSE>(letters, index).map(token), CLOSE / 2, CLOSE / 2)
    }

    /// What is known of the character at `index`.
    fn place(&self, model: &Model, letters: &Letters, index: usize) -> Place {
        let around = around(letters, index);
        let spelled = self.spelled(&around);
        let (left, right) = letters.sides(index);
        let c = around[REACH];
        let mut trial = self.lexicon.models().trial(model, &around.map(token), REACH);
        let (own, next) = trial.cost(token(c));
        let mut place = Place {
            at: letters.at[index] as usize,
            seq: index,
            c,
            around,
            choice: None,
            left,
            right,
            alone: model.cost(&[], token(c)),
            own,
            next,
            seen: (-30 * BIT, 0),
            alike: (-30 * BIT, 0),
            free: 0,
            rank: 99,
            better: 0,
            free_better: 0,
            word: self.word(&spelled, c),
            choice_word: (0, 0),
            free_word: 0,
            word_before: self.beside(&spelled[..REACH], true),
            word_after: self.beside(&spelled[REACH + 1..], false),
            counts: [0; 8],
            foreign_script: false,
            names: around.iter().enumerate().filter(|&(at, &c)| at != REACH && NAMES.get(plain(c)) != 0).count() as i32,
            choice_alone: 0,
            loose_around: letters.loose(near(index, letters), self.bonds, UNSEEN - 1).count() as i32,
        };
        let empty = Row::default();
        let row = self.table.get(c).unwrap_or(&empty);
        let rivals = || row.all();
        let neighbours = || model.after(token(around[REACH - 1])).iter().chain(model.before(token(around[REACH + 1]))).copied();
        let mut costs = Vec::with_capacity(64);
        trial.each(rivals().map(token).chain(neighbours().map(token)), &mut costs);
        let mut gains = costs.into_iter().map(|(first, rest)| (own + next - first - rest, own - first));
        let mut best = -30 * BIT;
        for ((rank, y), gain) in rivals().enumerate().zip(&mut gains) {
            let kind = if rank < row.seen.len() { &mut place.seen } else { &mut place.alike };
            if gain.0 > kind.0 {
                *kind = gain;
            }
            place.better += i32::from(gain.0 > BIT);
            if gain.0 > best {
                (best, place.rank, place.choice) = (gain.0, rank as i32, Some(y));
            }
        }
        let mut freest = None;
        for (y, (gain, _)) in neighbours().zip(gains) {
            place.free_better += i32::from(gain > 3 * BIT);
            if gain > place.free {
                (place.free, freest) = (gain, Some(y));
            }
        }
        if let Some(choice) = place.choice {
            place.choice_word = self.word(&spelled, choice);
            place.choice_alone = model.cost(&[], token(choice));
        }
        place.free_word = freest.map_or(0, |y| self.word(&spelled, y).0);
        place
    }

    /// The characters around a place as words are spelled with them.
    fn spelled(&self, around: &[char; WINDOW]) -> [Spelling; WINDOW] {
        around.map(|c| self.spelling(c))
    }

    fn spelling(&self, c: char) -> Spelling {
        if is_han(c) { self.lexicon.spelling(c) } else { Spelling::NONE }
    }

    /// The longest word that `c` in the middle is part of, and how common it is.
    fn word(&self, around: &[Spelling; WINDOW], c: char) -> (u8, u8) {
        let mut letters = *around;
        letters[REACH] = self.spelling(c);
        for length in (2..=4).rev() {
            let words = (REACH + 1 - length..=REACH).map(|start| &letters[start..start + length]);
            let found = words.filter_map(|word| self.lexicon.frequency_spelled(word)).max();
            if let Some(frequency) = found {
                return (length as u8, frequency);
            }
        }
        (0, 0)
    }

    /// How common the commonest word is that ends, or begins, right beside it.
    fn beside(&self, letters: &[Spelling], ends: bool) -> u8 {
        let words = (2..=4).map(|length| if ends { &letters[REACH - length..] } else { &letters[..length] });
        words.filter_map(|word| self.lexicon.frequency_spelled(word)).max().unwrap_or(0)
    }
}

impl Places {
    /// The place so many characters before or after the place at `index`.
    pub fn at_distance(&self, index: usize, distance: isize) -> Option<usize> {
        let seq = self.list[index].seq.checked_add_signed(distance)?;
        let near = index.saturating_sub(2)..(index + 3).min(self.list.len());
        near.into_iter().find(|&other| self.list[other].seq == seq)
    }
}

/// A character and those around it, `SIZE` in all.
fn around<const SIZE: usize>(letters: &Letters, index: usize) -> [char; SIZE] {
    let reach = SIZE / 2;
    let mut around = [EDGE; SIZE];
    let first = index.saturating_sub(reach);
    let near = &letters.chars[first..(index + reach + 1).min(letters.chars.len())];
    around[first + reach - index..][..near.len()].copy_from_slice(near);
    around
}

/// The characters within twenty of one.
fn near(index: usize, letters: &Letters) -> std::ops::Range<usize> {
    index.saturating_sub(20)..(index + 21).min(letters.chars.len())
}

/// Counts how often what stands at the places, and what may have, stands elsewhere in the document.
fn count(letters: &Letters, places: &mut [Place]) {
    let key = |[a, b, c]: [char; 3]| u64::from(u32::from(a)) << 42 | u64::from(u32::from(b)) << 21 | u64::from(u32::from(c));
    let mut keys: Vec<u64> = places.iter().flat_map(Place::asked).flatten().map(key).collect();
    if keys.is_empty() {
        return;
    }
    keys.sort_unstable();
    keys.dedup();
    let mut counts = vec![0; keys.len()];
    // Most pairs are not asked for: bits tell, of which few are set.
    let bits = (keys.len() * 32).next_power_of_two().max(1 << 12);
    let mut asked = vec![0u64; bits / 64];
    let bit = |key: u64| {
        let bit = ((key >> 21).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & (bits - 1);
        (bit / 64, 1u64 << (bit % 64))
    };
    for &key in &keys {
        let (word, mask) = bit(key);
        asked[word] |= mask;
    }
    let is_asked = |key: u64| {
        let (word, mask) = bit(key);
        asked[word] & mask != 0
    };
    let mut add = |key: u64| {
        if let Ok(at) = keys.binary_search(&key) {
            counts[at] += 1;
        }
    };
    let following = |more: usize| letters.chars.iter().copied().skip(more).chain([EDGE; 2]);
    for ((&a, b), c) in letters.chars.iter().zip(following(1)).zip(following(2)) {
        if is_asked(key([a, '\0', '\0'])) {
            add(key([a, '\0', '\0']));
        }
        if is_asked(key([a, b, '\0'])) {
            add(key([a, b, '\0']));
            add(key([a, b, c]));
        }
    }
    for place in places {
        // What stands at the place is not elsewhere.
        let own = [1, 1, 1, 0, 0, 0, 1, 0];
        let asked = place.asked();
        let elsewhere = |(asked, own): (Option<[char; 3]>, i32)| {
            let count = asked.and_then(|asked| keys.binary_search(&key(asked)).ok()).map_or(0, |at| counts[at]);
            (count - own).clamp(0, MOST_COUNTED)
        };
        for (slot, asked) in place.counts.iter_mut().zip(asked.into_iter().zip(own)) {
            *slot = elsewhere(asked);
        }
    }
}
