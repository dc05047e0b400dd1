//! What bytes a character of a wrong reading stands for, and what character bytes of a right one make.

use encoding_rs::{BIG5, GB18030};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A byte, and the one that follows it where there are two.
pub(super) type Bytes = (u8, Option<u8>);

/// An encoding that text is wrongly read as, or should have been read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Code {
    Utf8,
    /// With the tables of GB18030, which hold more than GBK: what was read with them comes back whole.
    Gbk,
    Big5,
    /// Latin-1, or its extension by Windows (code page 1252): they differ in what the controls 80 to 9F are.
    Latin,
}

impl Code {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Code::Utf8 => "UTF-8",
            Code::Gbk => "GBK",
            Code::Big5 => "Big5",
            Code::Latin => "Latin-1",
        }
    }

    /// The bytes that were read as `c`: the first, and the second where there are two. ASCII is the same everywhere. Of Big5
    /// there are tables that differ in where kana, Cyrillic letters and circled numbers stand, hence the second answer.
    pub fn bytes(self, c: char) -> [Option<Bytes>; 2] {
        if c.is_ascii() {
            return [Some((c as u8, None)), None];
        }
        match self {
            Code::Utf8 => [None; 2],
            Code::Latin => [latin(c).map(|byte| (byte, None)), None],
            // Windows reads the lone byte 80 as the euro sign.
            Code::Gbk if c == '€' => [Some((0x80, None)), None],
            Code::Gbk => [GBK.pair(c), None],
            Code::Big5 => [BIG5_PAIRS.pair(c), BIG5_OTHERS.get(&c).copied().or_else(|| windows_private(c))],
        }
    }

    /// Whether every decoder of it makes a character of two bytes.
    pub fn keeps(self, lead: u8, trail: u8) -> bool {
        match (self, lead, trail) {
            (Code::Gbk, ..) => self.char(lead, trail).is_some_and(|c| !matches!(c, '\u{E000}'..='\u{F8FF}')),
            (Code::Big5, 0xA1..=0xA2 | 0xA4..=0xC5 | 0xC9..=0xF8, 0x40..=0x7E | 0xA1..=0xFE)
            | (Code::Big5, 0xA3, 0x40..=0xBF)
            | (Code::Big5, 0xC6, 0x40..=0x7E)
            | (Code::Big5, 0xF9, 0x40..=0xD5) => self.char(lead, trail).is_some(),
            _ => false,
        }
    }

    /// The character of two bytes.
    pub fn char(self, lead: u8, trail: u8) -> Option<char> {
        match self {
            Code::Gbk => GBK.char(lead, trail),
            Code::Big5 => BIG5_PAIRS.char(lead, trail),
            Code::Utf8 | Code::Latin => None,
        }
    }
}

fn latin(c: char) -> Option<u8> {
    /// What Windows puts in the place of the controls 80 to 9F.
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’', '“',
        '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match c {
        '\u{80}'..='\u{FF}' => Some(c as u8),
        '\u{100}'..='\u{2122}' => WINDOWS.iter().position(|&w| w == c).map(|at| 0x80 + at as u8),
        _ => None,
    }
}

/// All characters of two bytes.
struct Pairs {
    chars: Vec<char>,
    bytes: HashMap<char, Bytes>,
}

/// Where the tables that come with other programs have characters of rows C6 and C7.
static BIG5_OTHERS: LazyLock<HashMap<char, Bytes>> = LazyLock::new(|| {
    let letters = "ДЕЁЖЗИЙКЛМУФХЦЧШЩЪЫЬЭЮЯ".chars().chain('а'..='е').chain(['ё']).chain('ж'..='я');
    let kana = "ヾゝゞ々".chars().chain('ぁ'..='ん').chain('ァ'..='ヶ');
    let chars = kana.chain(letters).chain('①'..='⑩').chain('⑴'..='⑽');
    let trails = |first| (0x40..=0x7E).chain(0xA1..=0xFE).skip_while(move |&trail| trail < first);
    let places = trails(0xA1).map(|trail| (0xC6, Some(trail))).chain(trails(0x40).map(|trail| (0xC7, Some(trail))));
    chars.zip(places).collect()
});

/// The bytes of Big5 that Windows reads as a character for private use.
fn windows_private(c: char) -> Option<Bytes> {
    const TRAILS: u32 = 157;
    let (first, from) = match c {
        '\u{E000}'..='\u{E310}' => (0xE000, 0xFA),
        '\u{E311}'..='\u{EEB7}' => (0xE311, 0x8E),
        '\u{EEB8}'..='\u{F6B0}' => (0xEEB8, 0x81),
        // The row C6 begins at A1.
        '\u{F6B1}'..='\u{F848}' => (0xF6B1 - 63, 0xC6),
        _ => return None,
    };
    let place = c as u32 - first;
    let trail = place % TRAILS;
    Some(((from + place / TRAILS) as u8, Some((trail + if trail < 63 { 0x40 } else { 0x62 }) as u8)))
}

static GBK: LazyLock<Pairs> = LazyLock::new(|| Pairs::of(GB18030));
static BIG5_PAIRS: LazyLock<Pairs> = LazyLock::new(|| Pairs::of(BIG5));

impl Pairs {
    fn of(encoding: &'static encoding_rs::Encoding) -> Pairs {
        let mut pairs = Pairs { chars: vec!['\0'; 0x1_0000], bytes: HashMap::new() };
        for lead in 0x81..0xFF {
            for trail in (0x40..0x7F).chain(0x80..0xFF) {
                let pair = [lead, trail];
                let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(&pair) else { continue };
                let mut chars = text.chars();
                // Four pairs of Big5 stand for a letter and an accent.
                if let (Some(c), None) = (chars.next(), chars.next()) {
                    pairs.chars[usize::from(lead) << 8 | usize::from(trail)] = c;
                    // Big5 has a few characters twice; programs write those that came first.
                    let higher = encoding == BIG5 && lead < 0xA1;
                    match pairs.bytes.entry(c) {
                        std::collections::hash_map::Entry::Vacant(place) => {
                            place.insert((lead, Some(trail)));
                        }
                        std::collections::hash_map::Entry::Occupied(mut place) if !higher && place.get().0 < 0xA1 => {
                            place.insert((lead, Some(trail)));
                        }
                        std::collections::hash_map::Entry::Occupied(_) => {}
                    }
                }
            }
        }
        pairs
    }

    fn char(&self, lead: u8, trail: u8) -> Option<char> {
        Some(self.chars[usize::from(lead) << 8 | usize::from(trail)]).filter(|&c| c != '\0')
    }

    fn pair(&self, c: char) -> Option<Bytes> {
        self.bytes.get(&c).copied()
    }
}
