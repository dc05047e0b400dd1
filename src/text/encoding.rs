//! Which encoding a file is in: by byte order mark, by validity, then by which reading gives common Chinese characters.

use encoding_rs::{BIG5, GB18030, UTF_16BE, UTF_16LE};
use thiserror::Error;

/// An encoding that `jiaokan` reads and writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// GB18030, which holds GBK and GB2312.
    Gb18030,
    /// Big5 with the Hong Kong supplement, as the WHATWG Encoding Standard defines it.
    Big5,
}

/// Why bytes could not be read as text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A sequence of bytes has no meaning in the encoding.
    #[error(
        "byte {offset} (0x{byte:02X}) cannot be read as {encoding}: name the right encoding with --encoding, or keep going with --lossy"
    )]
    Undecodable {
        /// Offset of the first bad byte in the file.
        offset: usize,
        /// The byte itself.
        byte: u8,
        /// The encoding that was tried.
        encoding: Encoding,
    },
    /// No encoding was named, and none fits.
    #[error(
        "byte {offset} (0x{byte:02X}) is not UTF-8, and as GB18030 or Big5 the file has bad bytes or makes no Chinese: name the right one with --encoding, or keep going with --lossy"
    )]
    Unknown {
        /// Offset of the first byte that is not UTF-8.
        offset: usize,
        /// The byte itself.
        byte: u8,
    },
    /// The bytes are no text in any encoding we know.
    #[error(
        "this is a binary file, not text (byte {offset} is 0x{byte:02X}): leave it out, or name its encoding with --encoding"
    )]
    Binary {
        /// Offset of the telling byte.
        offset: usize,
        /// The byte itself.
        byte: u8,
    },
}

/// Why text could not be written in an encoding.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{character}` (U+{:04X}) does not exist in {encoding}: write UTF-8 instead with --to-encoding utf-8", *character as u32)]
pub struct EncodeError {
    /// The character that has no bytes.
    pub character: char,
    /// The encoding that lacks it.
    pub encoding: Encoding,
}

impl std::fmt::Display for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Gb18030 => "GB18030",
            Encoding::Big5 => "Big5",
        })
    }
}

impl std::str::FromStr for Encoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Ok(match name.to_ascii_lowercase().replace(['-', '_'], "").as_str() {
            "utf8" => Encoding::Utf8,
            "utf16" | "utf16le" => Encoding::Utf16Le,
            "utf16be" => Encoding::Utf16Be,
            "gb18030" | "gbk" | "gb2312" | "cp936" => Encoding::Gb18030,
            "big5" | "big5hkscs" | "cp950" => Encoding::Big5,
            _ => {
                return Err(format!(
                    "`{name}` is no encoding known here: use utf-8, utf-16le, utf-16be, gb18030 (also gbk) or big5"
                ));
            }
        })
    }
}

impl Encoding {
    /// The byte order mark of this encoding; empty for those that have none.
    pub fn bom(self) -> &'static [u8] {
        match self {
            Encoding::Utf8 => b"\xEF\xBB\xBF",
            Encoding::Utf16Le => b"\xFF\xFE",
            Encoding::Utf16Be => b"\xFE\xFF",
            Encoding::Gb18030 => b"\x84\x31\x95\x33",
            Encoding::Big5 => b"",
        }
    }

    /// Whether every character can be written in it.
    pub fn is_unicode(self) -> bool {
        self != Encoding::Big5
    }

    /// Bytes of `text` in this encoding, without a byte order mark.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, EncodeError> {
        let legacy = match self {
            Encoding::Utf8 => return Ok(text.as_bytes().to_vec()),
            Encoding::Utf16Le => return Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Encoding::Utf16Be => return Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Encoding::Gb18030 => GB18030,
            Encoding::Big5 => BIG5,
        };
        let (bytes, _, lost) = legacy.encode(text);
        if lost {
            let character = text.chars().find(|c| legacy.encode(c.encode_utf8(&mut [0; 4])).2).unwrap_or('\u{FFFD}');
            return Err(EncodeError { character, encoding: self });
        }
        Ok(bytes.into_owned())
    }

    /// The reader of this encoding, for those that are not UTF-8.
    pub(super) fn decoder(self) -> &'static encoding_rs::Encoding {
        match self {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            Encoding::Gb18030 => GB18030,
            Encoding::Big5 => BIG5,
        }
    }

    /// Finds the encoding of `bytes`. Without a byte order mark, valid UTF-8 is UTF-8; otherwise the whole file is read as
    /// GB18030 and as Big5, and the reading wins that is valid and holds more of the commonest Chinese characters.
    pub(crate) fn detect(bytes: &[u8]) -> Result<Encoding, DecodeError> {
        if let Some(offset) = bytes.starts_with(b"\xFF\xFE\0\0").then_some(2) {
            // UTF-32, which nothing here reads.
            return Err(DecodeError::Binary { offset, byte: 0 });
        }
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030] {
            if bytes.starts_with(encoding.bom()) {
                return Ok(encoding);
            }
        }
        let invalid = match std::str::from_utf8(bytes) {
            Ok(_) => return binary_if_controls(bytes).map_or(Ok(Encoding::Utf8), Err),
            Err(error) => error.valid_up_to(),
        };
        if let Some(encoding) = utf16_without_mark(bytes) {
            return Ok(encoding);
        }
        if let Some(offset) = bytes.iter().position(|&b| b == 0) {
            return Err(DecodeError::Binary { offset, byte: 0 });
        }
        let score = |encoding: Encoding| {
            let text = encoding.decoder().decode_without_bom_handling_and_without_replacement(bytes)?;
            let (mut common, mut wide) = (0usize, 0usize);
            for c in text.chars().filter(|c| !c.is_ascii()) {
                wide += 1;
                common += usize::from(COMMON.contains(c));
            }
            (common * 5 >= wide).then_some(common)
        };
        let undecodable = DecodeError::Unknown { offset: invalid, byte: bytes[invalid] };
        match (score(Encoding::Gb18030), score(Encoding::Big5)) {
            (None, None) => Err(undecodable),
            (Some(_), None) => Ok(Encoding::Gb18030),
            (None, Some(_)) => Ok(Encoding::Big5),
            (Some(gb), Some(big5)) => Ok(if big5 > gb { Encoding::Big5 } else { Encoding::Gb18030 }),
        }
    }
}

/// Valid UTF-8 that is mostly control characters is a binary file of small numbers.
fn binary_if_controls(bytes: &[u8]) -> Option<DecodeError> {
    let is_control = |b: &u8| *b < 9 || (14..32).contains(b);
    let count = bytes.iter().filter(|b| is_control(b)).count();
    let offset = bytes.iter().position(is_control)?;
    (count * 10 > bytes.len() && bytes.len() >= 32).then(|| DecodeError::Binary { offset, byte: bytes[offset] })
}

/// UTF-16 without a mark shows itself by the zero bytes of its ASCII characters, all at even or all at odd places.
fn utf16_without_mark(bytes: &[u8]) -> Option<Encoding> {
    if !bytes.len().is_multiple_of(2) || !bytes.contains(&0) {
        return None;
    }
    let zeros = |parity: usize| bytes.iter().skip(parity).step_by(2).filter(|&&b| b == 0).count();
    let (encoding, mine, other) = match (zeros(1), zeros(0)) {
        (low, high) if low > high => (Encoding::Utf16Le, low, high),
        (low, high) => (Encoding::Utf16Be, high, low),
    };
    let text = encoding.decoder().decode_without_bom_handling_and_without_replacement(bytes)?;
    let chars = text.chars().count();
    let readable =
        text.chars().filter(|&c| c.is_ascii_graphic() || c.is_ascii_whitespace() || super::chars::is_unspaced(c)).count();
    (mine > other && readable * 10 >= chars * 9).then_some(encoding)
}

/// The commonest characters of modern Chinese in both scripts, with the marks of prose: about half of any running text.
const COMMON: &str = "的一是不了在人有我他这这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加月话合回特代内信表化老给世位次度门任常先海通教东提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像難難這個們來為國說時會對過發後裡種經麼學現當沒動面還進樣開從實軍無與長機業將兩間問應戰向頭體見產內話門東員論處義條系氣題爾別變總電數報結務場計資許統區隊馬書聽達，。、；：？！“”《》（）「」…　";
