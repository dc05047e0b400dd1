//! What bytes a character of a wrong reading stands for, and what character bytes of a right one make.

use encoding_rs::{BIG5, GB18030};
use std::collections::HashMap;
use std::sync::LazyLock;

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

    /// The bytes that were read as `c`: the first, and the second where there are two. ASCII is the same everywhere.
    pub fn bytes(self, c: char) -> Option<(u8, Option<u8>)> {
        if c.is_ascii() {
            return Some((c as u8, None));
        }
        match self {
            Code::Utf8 => None,
            Code::Latin => latin(c).map(|byte| (byte, None)),
            // Windows reads the lone byte 80 as the euro sign.
            Code::Gbk if c == '€' => Some((0x80, None)),
            Code::Gbk => GBK.pair(c),
            Code::Big5 => BIG5_PAIRS.pair(c),
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

    /// Whether two bytes can begin and end a character.
    pub fn is_pair(self, lead: u8, trail: u8) -> bool {
        (0x81..0xFF).contains(&lead) && trail >= 0x40 && trail != 0x7F && trail != 0xFF
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
    bytes: HashMap<char, (u8, u8)>,
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
                            place.insert((lead, trail));
                        }
                        std::collections::hash_map::Entry::Occupied(mut place) if !higher && place.get().0 < 0xA1 => {
                            place.insert((lead, trail));
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

    fn pair(&self, c: char) -> Option<(u8, Option<u8>)> {
        self.bytes.get(&c).map(|&(lead, trail)| (lead, Some(trail)))
    }
}
