//! The likeliest reading of a stretch of text of which parts were decoded wrongly: a beam search over what each character stands
//! for. Every reading says where wrong decodings begin and end and what was lost bytes' worth; the language decides.

use super::channel::{CHANNELS, Channel};
use super::codes::{Bytes, Code};
use super::gate::Gate;
use super::language::{Context, Language, START, after};
use std::collections::HashMap;
use std::rc::Rc;

/// A byte that was lost.
const LOST: u16 = 0x200;

/// Wrong readings of wrong readings are undone so often.
pub(super) const DEEPEST: usize = 3;

/// Readings that are followed at a time.
const BEAM: usize = 32;

/// Readings that cost more than the best by so much are given up.
const BEHIND: i32 = 256;

/// Characters tried for one with lost bytes.
const TRIED: usize = 96;

/// Characters that cost more are odd, and a wrong decoding begins at most so many characters before one.
const ODD: i32 = 104;
const BEFORE_ODD: usize = 2;

/// Where a wrong decoding begins and ends.
const ENTER: i32 = 104;
const LEAVE: i32 = 24;
/// Where the wrong encoding was Latin, which Chinese text is not full of.
const ENTER_LATIN: i32 = 48;
/// More for a channel that loses bytes without a trace.
const STRIPPED: i32 = 48;
/// A byte that it lost.
const MISSING: i32 = 28;
/// A byte that belongs to no character, and bytes that make none.
const BROKEN: i32 = 144;
/// A byte taken for lost, the same when it is a question mark, when two bytes are, and when its decoder would not have lost it.
const LOSING: i32 = 8;
const QUESTION: i32 = 40;
const BOTH: i32 = 40;
const UNLIKELY: i32 = 72;

/// The bytes of a character that are known so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
struct Pending {
    bytes: [u16; 4],
    count: u8,
}

impl Pending {
    fn with(mut self, byte: u16) -> Pending {
        self.bytes[usize::from(self.count)] = byte;
        self.count += 1;
        self
    }

    fn bytes(&self) -> &[u16] {
        &self.bytes[..usize::from(self.count)]
    }
}

/// One reading of the text so far.
#[derive(Debug, Clone, Copy)]
struct Reading {
    cost: i32,
    /// 0 for text that is right, otherwise the channel's place in [`CHANNELS`] and one.
    mode: u8,
    pending: Pending,
    /// The reading holds only if the wrong decoding ends here.
    leaves: bool,
    context: Context,
    node: u32,
    step: Step,
}

/// What one character of the text turned into.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    out: [char; 4],
    count: u8,
    /// How many of these belong to the wrong decoding that ends before the character.
    before: u8,
    /// Whether bytes were lost.
    lost: bool,
    mode: u8,
}

#[derive(Clone, Copy)]
struct Node {
    parent: u32,
    step: Step,
}

/// A part of the text that was decoded wrongly, in characters of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub start: usize,
    pub end: usize,
    pub channel: Channel,
    pub text: String,
    /// Whether no byte of it was lost.
    pub whole: bool,
    /// How much likelier the repaired text is.
    pub gain: i32,
    /// What the repaired text costs.
    pub cost: i32,
    /// The channel that what came out had come through, from the last to the first.
    pub earlier: Vec<Channel>,
}

/// A character with its bytes in the right encoding.
type Candidate = (char, [u8; 3]);

/// A text with what its characters may have been.
struct Written<'t> {
    chars: &'t [char],
    /// Their bytes in Latin-1, GBK and Big5.
    bytes: Vec<[[Option<Bytes>; 2]; 3]>,
    /// Where a wrong reading may begin: at odd characters and just before them.
    may_enter: Vec<bool>,
}

impl<'t> Written<'t> {
    fn new(chars: &'t [char], language: &Language) -> Written<'t> {
        let bytes = chars.iter().map(|&c| [Code::Latin, Code::Gbk, Code::Big5].map(|code| code.bytes(c))).collect();
        let is_odd = |c: char| matches!(c, '\u{80}'..='\u{17F}') || c != '\u{FFFD}' && language.alone(c) > ODD;
        let mut may_enter = vec![false; chars.len()];
        for (at, _) in chars.iter().enumerate().filter(|(_, c)| is_odd(**c)) {
            may_enter[at.saturating_sub(BEFORE_ODD)..=at].fill(true);
        }
        Written { chars, bytes, may_enter }
    }

    fn bytes(&self, at: usize, wrong: Code) -> [Option<Bytes>; 2] {
        let Some(bytes) = self.bytes.get(at) else { return [None; 2] };
        match wrong {
            Code::Latin => bytes[0],
            Code::Gbk => bytes[1],
            Code::Big5 => bytes[2],
            Code::Utf8 => [None; 2],
        }
    }
}

/// Reads texts.
pub(super) struct Decoder<'a> {
    language: &'a Language,
    /// Characters by pattern of known and lost bytes.
    tried: HashMap<(Code, Pending, bool), Rc<[Candidate]>>,
}

impl<'a> Decoder<'a> {
    pub fn new(language: &'a Language) -> Decoder<'a> {
        Decoder { language, tried: HashMap::new() }
    }

    /// The wrongly decoded parts of `text` in its likeliest reading, with `context` before it.
    pub fn read(&mut self, text: &[char]) -> Vec<Stretch> {
        let written = Written::new(text, self.language);
        let mut nodes: Vec<Node> = Vec::new();
        let start = Reading {
            cost: 0,
            mode: 0,
            pending: Pending::default(),
            leaves: false,
            context: START,
            node: u32::MAX,
            step: Step::default(),
        };
        let mut beam = vec![start];
        let mut next: Vec<Reading> = Vec::new();
        for at in 0..text.len() {
            next.clear();
            for reading in &beam {
                let fresh = Reading { step: Step { mode: reading.mode, ..Step::default() }, ..*reading };
                self.advance(&written, at, fresh, &mut next);
            }
            prune(&mut next);
            for reading in &mut next {
                nodes.push(Node { parent: reading.node, step: reading.step });
                reading.node = nodes.len() as u32 - 1;
            }
            std::mem::swap(&mut beam, &mut next);
        }
        let ended = beam.iter().map(|reading| {
            let mut reading = Reading { step: Step::default(), ..*reading };
            if reading.mode != 0 {
                self.leave(&mut reading);
            }
            reading
        });
        let best = ended.min_by_key(|reading| (reading.cost, reading.mode, reading.node));
        let Some(best) = best else { return Vec::new() };
        let mut steps = vec![best.step];
        let mut node = best.node;
        while let Some(&Node { parent, step }) = nodes.get(node as usize) {
            steps.push(step);
            node = parent;
        }
        steps.reverse();
        self.stretches(text, &steps)
    }

    /// Undoes what was read wrongly before it was read wrongly once more.
    pub fn deepen(&mut self, stretch: &mut Stretch, gate: &Gate) {
        for _ in 1..DEEPEST {
            if gate.places(&stretch.text).is_empty() {
                return;
            }
            let text: Vec<char> = stretch.text.chars().collect();
            let inner = self.read(&text);
            // All of it came the same way.
            let [inner] = inner.as_slice() else { return };
            let outside = text[..inner.start].iter().chain(&text[inner.end..]);
            if inner.gain <= 0 || !outside.copied().all(|c| c.is_ascii()) {
                return;
            }
            let before: String = text[..inner.start].iter().collect();
            stretch.text = before + &inner.text;
            stretch.text.extend(&text[inner.end..]);
            stretch.whole &= inner.whole;
            stretch.gain += inner.gain;
            stretch.cost -= inner.gain;
            stretch.earlier.push(inner.channel);
        }
    }

    /// All ways in which a reading can go on with the character at `at`.
    fn advance(&mut self, text: &Written<'_>, at: usize, reading: Reading, next: &mut Vec<Reading>) {
        let c = text.chars[at];
        let mut right = reading;
        if reading.mode != 0 {
            self.leave(&mut right);
        }
        right.step.mode = 0;
        self.emit(&mut right, c, false);
        next.push(right);
        if reading.mode == 0 {
            if c.is_ascii() || !text.may_enter[at] {
                return;
            }
            for (index, channel) in CHANNELS.iter().enumerate() {
                let mode = index as u8 + 1;
                let enter = if channel.wrong == Code::Latin { ENTER_LATIN } else { ENTER };
                let cost = reading.cost + enter + if channel.stripped { STRIPPED } else { 0 };
                let entered = Reading { cost, mode, step: Step { mode, ..Step::default() }, ..reading };
                let known = next.len();
                self.feed(text, at, *channel, entered, next);
                // Half a character stands only where a line broke it.
                let whole = |reading: &Reading| at == 0 || reading.step.out[0] != '\u{FFFD}' || reading.step.count == 0;
                let mut kept = known;
                for index in known..next.len() {
                    if whole(&next[index]) {
                        next[kept] = next[index];
                        kept += 1;
                    }
                }
                next.truncate(kept);
            }
        } else if !reading.leaves {
            self.feed(text, at, CHANNELS[usize::from(reading.mode) - 1], reading, next);
        }
    }

    /// Ends a wrong decoding.
    fn leave(&mut self, reading: &mut Reading) {
        reading.cost += LEAVE;
        if reading.pending.count > 0 {
            let channel = CHANNELS[usize::from(reading.mode) - 1];
            let filled = if channel.stripped { self.best_filling(reading) } else { None };
            match filled {
                Some(c) => self.emit(reading, c, true),
                None => self.give_up(reading),
            }
        }
        reading.mode = 0;
        reading.pending = Pending::default();
        reading.leaves = false;
        reading.step.before = reading.step.count;
    }

    /// The likeliest character that has the pending bytes and others that were taken out.
    fn best_filling(&mut self, reading: &Reading) -> Option<char> {
        let tried = self.tried(Code::Utf8, reading.pending, true);
        tried.iter().map(|&(c, _)| (self.language.cost(reading.context, c), c)).min().map(|(_, c)| c)
    }

    /// The pending bytes make no character.
    fn give_up(&self, reading: &mut Reading) {
        reading.pending = Pending::default();
        reading.step.lost = true;
        reading.cost += BROKEN;
        reading.context = after(reading.context, '\u{FFFD}');
        push(&mut reading.step, '\u{FFFD}');
    }

    /// Adds a character to the reading.
    fn emit(&self, reading: &mut Reading, c: char, lost: bool) {
        reading.cost += self.language.cost(reading.context, c);
        reading.context = after(reading.context, c);
        reading.pending = Pending::default();
        reading.step.lost |= lost;
        push(&mut reading.step, c);
    }

    /// Takes the character at `at` for bytes of the channel.
    fn feed(&mut self, text: &Written<'_>, at: usize, channel: Channel, reading: Reading, next: &mut Vec<Reading>) {
        let c = text.chars[at];
        let is_lost = c == '\u{FFFD}' || c == '?' && reading.mode != 0 && reading.pending.count > 0;
        if is_lost && !channel.stripped {
            let follows = text.bytes(at + 1, channel.wrong)[0].map(|(first, _)| u16::from(first));
            let mut lost = Reading { cost: reading.cost + LOSING, ..reading };
            lost.step.lost = true;
            if c == '?' {
                lost.cost += QUESTION;
            }
            self.byte(channel, lost, LOST, follows, next);
            if channel.wrong != Code::Latin && c != '?' {
                let mut once = Vec::new();
                lost.cost += BOTH;
                self.byte(channel, lost, LOST, None, &mut once);
                prune(&mut once);
                for reading in once {
                    self.byte(channel, reading, LOST, follows, next);
                }
            }
        }
        for (first, second) in text.bytes(at, channel.wrong).into_iter().flatten() {
            let Some(second) = second else {
                self.byte(channel, reading, first.into(), None, next);
                continue;
            };
            let mut once = Vec::new();
            self.byte(channel, reading, first.into(), None, &mut once);
            for reading in once {
                self.byte(channel, reading, second.into(), None, next);
            }
        }
    }

    /// Adds one byte to a reading. `follows` is the byte after a lost one, if that is known.
    fn byte(&mut self, channel: Channel, mut reading: Reading, byte: u16, follows: Option<u16>, next: &mut Vec<Reading>) {
        if usize::from(reading.step.count) + 2 > reading.step.out.len() {
            return;
        }
        let pending = reading.pending;
        if pending.count == 0 {
            match (byte, channel.right) {
                (0..=0x7F, _) => {
                    self.emit(&mut reading, char::from(byte as u8), false);
                    next.push(reading);
                }
                (0xC2..=0xF4 | LOST, Code::Utf8) | (0x81..=0xFE | LOST, Code::Gbk | Code::Big5) => {
                    reading.pending = pending.with(byte);
                    next.push(reading);
                }
                _ => {
                    self.give_up(&mut reading);
                    next.push(reading);
                }
            }
            return;
        }
        let goes_on = match channel.right {
            Code::Utf8 => matches!(byte, 0x80..=0xBF | LOST),
            _ => matches!(byte, 0x40..=0x7E | 0x80..=0xFE | LOST),
        };
        if channel.stripped && !goes_on {
            // The character is over, and what it lacks was taken out.
            let tried = self.tried(Code::Utf8, pending, true);
            let missing = 3 - i32::from(pending.count);
            let mut once = Vec::new();
            for &(c, _) in tried.iter() {
                let mut filled = Reading { cost: reading.cost + missing * MISSING, ..reading };
                self.emit(&mut filled, c, true);
                once.push(filled);
            }
            prune(&mut once);
            for filled in once {
                self.byte(channel, filled, byte, follows, next);
            }
            return;
        }
        if !goes_on {
            self.give_up(&mut reading);
            self.byte(channel, reading, byte, follows, next);
            return;
        }
        let needed = match (channel.right, pending.bytes[0]) {
            (Code::Utf8, 0xC2..0xE0) => 2,
            (Code::Utf8, 0xF0..0xF5) => 4,
            (Code::Utf8, _) => 3,
            _ => 2,
        };
        if usize::from(pending.count) + 1 < needed {
            reading.pending = pending.with(byte);
            next.push(reading);
            return;
        }
        let pattern = pending.with(byte);
        if !pattern.bytes().contains(&LOST) {
            match complete(channel.right, pattern.bytes()) {
                // What was lost before is lost still.
                Some('\u{FFFD}' | '\u{E000}'..='\u{F8FF}') | None => self.give_up(&mut reading),
                Some(c) => self.emit(&mut reading, c, false),
            }
            next.push(reading);
            return;
        }
        for &(c, bytes) in self.tried(channel.right, pattern, false).iter() {
            let mut guess = reading;
            for (at, _) in pattern.bytes().iter().enumerate().filter(|(_, byte)| **byte == LOST) {
                let inside = pattern.bytes().get(at + 1).copied();
                let regular = is_kept(channel.wrong, bytes[at], inside.or(follows));
                guess.cost += if regular { UNLIKELY } else { 0 };
                if regular && inside.is_none() && channel.wrong != Code::Latin {
                    // Only what comes after the wrong decoding could have followed this byte.
                    guess.cost -= UNLIKELY - LOSING;
                    guess.leaves = true;
                }
            }
            self.emit(&mut guess, c, true);
            next.push(guess);
        }
    }

    /// The commonest characters that fit a pattern of bytes; with `stripped`, bytes from 80 to 9F may be missing from it.
    fn tried(&mut self, code: Code, pattern: Pending, stripped: bool) -> Rc<[Candidate]> {
        let language = self.language;
        let found = self.tried.entry((code, pattern, stripped)).or_insert_with(|| {
            let fitting = language.known().iter().filter_map(|&c| {
                let bytes = bytes_of(code, c).filter(|_| stripped || pattern.count == if code == Code::Utf8 { 3 } else { 2 })?;
                let fits = if stripped { fits_stripped(&pattern, bytes) } else { fits(&pattern, bytes) };
                fits.then_some((c, bytes))
            });
            fitting.take(if pattern.count == 1 { TRIED / 4 } else { TRIED }).collect()
        });
        found.clone()
    }

    fn stretches(&self, text: &[char], steps: &[Step]) -> Vec<Stretch> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let mode = steps[at].mode;
            if mode == 0 {
                at += 1;
                continue;
            }
            let end = (at..text.len()).find(|&i| steps[i].mode != mode || i > at && steps[i].before > 0).unwrap_or(text.len());
            let channel = CHANNELS[usize::from(mode) - 1];
            let same = |i: usize| text[i].is_ascii() && out(&steps[i]) == [text[i]];
            let mut parts = (at, end);
            // A flush at the end belongs to the last character.
            let flushed = &steps[end].out[..usize::from(steps[end].before)];
            while parts.0 < parts.1 && same(parts.0) {
                parts.0 += 1;
            }
            while flushed.is_empty() && parts.1 > parts.0 && same(parts.1 - 1) {
                parts.1 -= 1;
            }
            let mut repaired: String = steps[parts.0..parts.1].iter().flat_map(|step| out(step).iter()).collect();
            repaired.extend(flushed);
            let lost = steps[parts.0..parts.1].iter().any(|step| step.lost) || steps[end].lost && !flushed.is_empty();
            let stretch = &text[parts.0..parts.1];
            if !stretch.is_empty() {
                let before = (0..3).map(|i| parts.0.checked_sub(3 - i).map_or('\n', |i| text[i]));
                let mut context = START;
                context.iter_mut().zip(before).for_each(|(place, c)| *place = c);
                let cost = |chars: &mut dyn Iterator<Item = char>, broken: i32| {
                    let mut context = context;
                    chars.fold(0, |cost, c| {
                        let cost = cost + if c == '\u{FFFD}' { broken } else { self.language.cost(context, c) };
                        context = after(context, c);
                        cost
                    })
                };
                let whole = !lost && channel.is_whole(stretch, &repaired);
                let (wrong, right) = (cost(&mut stretch.iter().copied(), 0), cost(&mut repaired.chars(), BROKEN));
                let gain = wrong - right;
                found.push(Stretch {
                    start: parts.0,
                    end: parts.1,
                    channel,
                    text: repaired,
                    whole,
                    gain,
                    cost: right,
                    earlier: Vec::new(),
                });
            }
            at = end;
        }
        found
    }
}

fn push(step: &mut Step, c: char) {
    if let Some(place) = step.out.get_mut(usize::from(step.count)) {
        *place = c;
        step.count += 1;
    }
}

/// What belongs to the character itself.
fn out(step: &Step) -> &[char] {
    &step.out[usize::from(step.before)..usize::from(step.count)]
}

/// The character of a complete sequence of bytes.
fn complete(code: Code, bytes: &[u16]) -> Option<char> {
    match (code, bytes) {
        (Code::Utf8, _) => {
            let bytes: Vec<u8> = bytes.iter().map(|&byte| byte as u8).collect();
            std::str::from_utf8(&bytes).ok()?.chars().next()
        }
        (_, &[lead, trail]) => code.char(lead as u8, trail as u8),
        _ => None,
    }
}

/// The bytes of a character that has two in `code`, or three in UTF-8.
fn bytes_of(code: Code, c: char) -> Option<[u8; 3]> {
    if code == Code::Utf8 {
        let mut bytes = [0; 4];
        let length = c.encode_utf8(&mut bytes).len();
        return (length == 3).then_some([bytes[0], bytes[1], bytes[2]]);
    }
    let (lead, trail) = code.bytes(c)[0]?;
    Some([lead, trail?, 0])
}

fn fits(pattern: &Pending, bytes: [u8; 3]) -> bool {
    pattern.bytes().iter().zip(bytes).all(|(&wanted, byte)| wanted == LOST || wanted == u16::from(byte))
}

fn fits_stripped(pattern: &Pending, bytes: [u8; 3]) -> bool {
    let kept = bytes.into_iter().filter(|byte| !(0x80..0xA0).contains(byte)).map(u16::from);
    kept.eq(pattern.bytes().iter().copied())
}

/// Whether a decoder of `wrong` would have kept `byte` before `follows` rather than lost it.
fn is_kept(wrong: Code, byte: u8, follows: Option<u16>) -> bool {
    match (wrong, follows) {
        (Code::Latin, _) => !matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D),
        (_, Some(follows @ 0x40..=0xFF)) => wrong.keeps(byte, follows as u8),
        _ => false,
    }
}

/// Keeps the best readings, one of those that will go on alike.
fn prune(readings: &mut Vec<Reading>) {
    let key = |r: &Reading| (r.mode, r.pending, r.leaves, r.context);
    readings.sort_by(|a, b| a.cost.cmp(&b.cost).then_with(|| key(a).cmp(&key(b))));
    let Some(best) = readings.first().map(|r| r.cost) else { return };
    let mut kept: Vec<Reading> = Vec::with_capacity(BEAM);
    for reading in readings.iter() {
        if reading.cost > best + BEHIND || kept.len() == BEAM {
            break;
        }
        if !kept.iter().any(|other| key(other) == key(reading)) {
            kept.push(*reading);
        }
    }
    *readings = kept;
}
