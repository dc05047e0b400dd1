//! Places where a character does not go with what stands around it, and what might have stood there instead.

use super::runs::{Spot, each_run};
use super::table::{Row, Table};
use crate::lexicon::{Lexicon, plain};
use crate::model::{BIT, EDGE, Model, Models, token};
use crate::pass::page::Page;
use crate::text::chars::is_han;
use std::collections::HashMap;

/// Characters on either side that a place looks at.
const REACH: usize = 4;
const WINDOW: usize = 2 * REACH + 1;

/// The association of a character that has no Han beside it.
const ALONE: i16 = 200;

/// Characters that are common in names taken over from other languages.
const NAMES: &str = "阿埃艾安奥巴贝比宾波博布查达丹德蒂杜多尔法菲费弗夫福盖戈格古哈海赫霍基吉加杰卡凯柯科克库拉莱兰朗劳勒雷里利莉林鲁路伦罗洛马玛迈曼梅蒙米密莫默姆穆娜纳尼涅诺努欧帕佩皮珀普奇乔切茹瑞若萨塞赛桑沙莎山什圣史斯思苏索塔泰坦特提廷图托瓦威韦维温文沃乌西希夏谢辛雅亚娅扬耶伊依因英尤约泽扎詹兹佐";

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

/// All doubtful places of a page.
pub(super) struct Places {
    pub list: Vec<Place>,
    /// Han characters of the page.
    pub han: usize,
    /// Doubtful places of a thousand Han characters.
    pub density: i32,
}

/// What places are judged by.
pub(super) struct Judge<'j> {
    pub table: &'j Table,
    pub models: &'j Models,
    pub lexicon: &'j Lexicon,
    /// Doubtful is what goes no better with either neighbour than this, in eighths of a bit,
    pub association: i16,
    /// and costs as much, in sixteenths of a bit.
    pub cost: i32,
}

impl Judge<'_> {
    /// The doubtful places of a page.
    pub fn places(&self, page: &Page<'_>) -> Places {
        let mut places = Places { list: Vec::new(), han: 0, density: 0 };
        let mut model: Option<std::sync::Arc<Model>> = None;
        let (mut seq, mut traditional, mut simplified) = (0, 0usize, 0usize);
        each_run(page, |run| {
            let mut before: Option<(i16, char)> = None;
            for (index, &(_, c)) in run.iter().enumerate() {
                if !is_han(c) {
                    before = None;
                    continue;
                }
                places.han += 1;
                let next = run.get(index + 1).map(|spot| spot.1).filter(|&c| is_han(c));
                let right = next.map_or(ALONE, |next| self.lexicon.association(c, next));
                let left = before.map_or(ALONE, |(left, _)| left);
                before = next.map(|_| (right, c));
                if self.is_loose(left) && self.is_loose(right) && (left, right) != (ALONE, ALONE) {
                    let model = model.get_or_insert_with(|| self.models.builtin());
                    places.list.extend(self.place(model, run, index, (left, right)).map(|place| Place { seq: seq + index, ..place }));
                }
            }
            seq += run.len() + 2 * REACH;
            // A sample tells which script it is.
            for &(_, c) in run.iter().take(40) {
                if is_han(c) {
                    if plain(c) == c { simplified += 1 } else { traditional += 1 }
                }
            }
        });
        let is_traditional = traditional * 8 > simplified;
        for place in places.list.iter_mut() {
            place.foreign_script = !is_traditional && plain(place.c) != place.c;
        }
        places.density = (places.list.len() * 1000 / (places.han + 50)) as i32;
        count(page, &mut places.list);
        places
    }

    fn is_loose(&self, association: i16) -> bool {
        association <= self.association || association == ALONE
    }

    /// What is known of the character at `index` of a run; none when it is likely enough where it stands.
    fn place(&self, model: &Model, run: &[Spot], index: usize, (left, right): (i16, i16)) -> Option<Place> {
        let mut around = [EDGE; WINDOW];
        let first = index.saturating_sub(REACH);
        for (offset, spot) in run[first..(index + REACH + 1).min(run.len())].iter().enumerate() {
            let c = if spot.1 == ' ' { EDGE } else { spot.1 };
            around[first + offset + REACH - index] = c;
        }
        let c = around[REACH];
        let mut window = around.map(token);
        let own = self.models.cost(model, &window, REACH, REACH);
        let next = self.models.cost(model, &window, REACH + 1, REACH + 2);
        if own + next < self.cost {
            return None;
        }
        let mut saved = |y: char| {
            window[REACH] = token(y);
            let first = self.models.cost(model, &window, REACH, REACH);
            (own + next - first - self.models.cost(model, &window, REACH + 1, REACH + 2), own - first)
        };
        let mut place = Place {
            at: run[index].0,
            seq: 0,
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
            word: self.word(&around, c),
            choice_word: (0, 0),
            free_word: 0,
            word_before: self.beside(&around[..REACH], true),
            word_after: self.beside(&around[REACH + 1..], false),
            counts: [0; 8],
            foreign_script: false,
            names: around.iter().enumerate().filter(|&(at, &c)| at != REACH && NAMES.contains(plain(c))).count() as i32,
            choice_alone: 0,
        };
        let empty = Row::default();
        let row = self.table.get(c).unwrap_or(&empty);
        let mut best = -30 * BIT;
        for (rank, &y) in row.seen.iter().chain(&row.alike).enumerate() {
            let gain = saved(y);
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
        for &y in model.after(token(around[REACH - 1])).iter().chain(model.before(token(around[REACH + 1]))) {
            let gain = saved(y).0;
            place.free_better += i32::from(gain > 3 * BIT);
            if gain > place.free {
                (place.free, freest) = (gain, Some(y));
            }
        }
        if let Some(choice) = place.choice {
            place.choice_word = self.word(&around, choice);
            place.choice_alone = model.cost(&[], token(choice));
        }
        place.free_word = freest.map_or(0, |y| self.word(&around, y).0);
        Some(place)
    }

    /// The longest word that `c` in the middle is part of, and how common it is.
    fn word(&self, around: &[char; WINDOW], c: char) -> (u8, u8) {
        let mut chars = *around;
        chars[REACH] = c;
        for length in (2..=4).rev() {
            let found = (REACH + 1 - length..=REACH).filter_map(|start| self.listed(&chars[start..start + length])).max();
            if let Some(frequency) = found {
                return (length as u8, frequency);
            }
        }
        (0, 0)
    }

    /// How common the commonest word is that ends, or begins, right beside it.
    fn beside(&self, chars: &[char], ends: bool) -> u8 {
        let words = (2..=4).filter_map(|length| {
            self.listed(if ends { &chars[REACH - length..] } else { &chars[..length] })
        });
        words.max().unwrap_or(0)
    }

    fn listed(&self, chars: &[char]) -> Option<u8> {
        if !chars.iter().all(|&c| is_han(c)) {
            return None;
        }
        let mut bytes = [0; 16];
        let mut length = 0;
        for &c in chars {
            length += c.encode_utf8(&mut bytes[length..]).len();
        }
        self.lexicon.frequency(std::str::from_utf8(&bytes[..length]).ok()?)
    }
}

impl Places {
    /// The place so many characters before or after the place at `index`.
    pub fn at_distance(&self, index: usize, distance: isize) -> Option<usize> {
        let seq = self.list[index].seq.checked_add_signed(distance)?;
        let near = index.saturating_sub(2)..(index + 3).min(self.list.len());
        near.into_iter().find(|&other| self.list[other].seq == seq)
    }

    /// Doubtful places within twenty characters.
    pub fn around(&self, index: usize) -> i32 {
        let seq = self.list[index].seq;
        let near = |place: &&Place| place.seq.abs_diff(seq) <= 20;
        let before = self.list[..index].iter().rev().take_while(near).count();
        (before + self.list[index + 1..].iter().take_while(near).count()) as i32
    }
}

/// Counts how often what stands at the places, and what may have, stands elsewhere in the document.
fn count(page: &Page<'_>, places: &mut [Place]) {
    if places.is_empty() {
        return;
    }
    let mut counts: HashMap<[char; 3], i32> = HashMap::new();
    // Most pairs are not asked for: a small table of bits tells.
    let mut firsts = vec![0u64; 1024];
    let bit = |a: char, b: char| {
        let hash = (u32::from(a).wrapping_mul(0x9E37_79B1) ^ u32::from(b)).wrapping_mul(0x85EB_CA6B) >> 16;
        ((hash >> 6) as usize, 1u64 << (hash & 63))
    };
    for key in places.iter().flat_map(Place::asked).flatten() {
        counts.insert(key, 0);
        let (word, mask) = bit(key[0], key[1]);
        firsts[word] |= mask;
    }
    let asked = |a: char, b: char| {
        let (word, mask) = bit(a, b);
        firsts[word] & mask != 0
    };
    each_run(page, |run| {
        let mut add = |key: [char; 3]| {
            if let Some(count) = counts.get_mut(&key) {
                *count += 1;
            }
        };
        for (index, &(_, a)) in run.iter().enumerate() {
            if asked(a, '\0') {
                add([a, '\0', '\0']);
            }
            let Some(&(_, b)) = run.get(index + 1) else { break };
            if asked(a, b) {
                add([a, b, '\0']);
                if let Some(&(_, c)) = run.get(index + 2) {
                    add([a, b, c]);
                }
            }
        }
    });
    for place in places {
        let own = [1, 1, 1, 0, 0, 0, 1, 0];
        for ((slot, key), own) in place.counts.into_iter().enumerate().zip(place.asked()).zip(own).map(|((s, k), o)| ((s.0, k), o)) {
            place.counts[slot] = key.map_or(0, |key| (counts.get(&key).copied().unwrap_or(0) - own).clamp(0, 40));
        }
    }
}
