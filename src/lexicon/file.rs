//! The format of lexicon files, which docs/lexicon.md describes: reading and writing.

use super::tables::{PairTable, WordTable};
use super::{LexiconError, LexiconProblem};
use crate::text::CharMap;
use std::fmt::Write;

/// The version that is written and read.
pub(super) const VERSION: u32 = 1;

const MAGIC: &str = "jiaokan-lexicon version=";
const SECTIONS: [&str; 5] = ["[words]", "[characters]", "[pairs]", "[openings]", "[closings]"];

/// What is known of one character, in eighths of a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Nature {
    /// How many pairs a common partner would make: two characters are expected together as often as the sum of theirs says.
    pub common: i8,
    /// Whether words end in it, and others can follow.
    pub leads: i8,
    /// Whether words begin with it, and it can follow others.
    pub follows: i8,
    /// Whether it begins paragraphs.
    pub opens: i8,
    /// Whether it ends paragraphs.
    pub closes: i8,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Contents {
    pub words: Vec<(String, u8)>,
    pub characters: Vec<(char, Nature)>,
    /// Weights of pairs: of their standing together, of their beginning a paragraph, of their ending one.
    pub pairs: [Vec<(char, char, i8)>; 3],
}

impl Contents {
    /// The file. The same contents make the same bytes.
    pub fn write(mut self) -> String {
        let mut body = format!("{}\n", SECTIONS[0]);
        self.words.sort_unstable();
        for (word, frequency) in &self.words {
            let _ = writeln!(body, "{word}{frequency}");
        }
        let _ = writeln!(body, "{}", SECTIONS[1]);
        self.characters.sort_unstable_by_key(|character| character.0);
        for (c, Nature { common, leads, follows, opens, closes }) in &self.characters {
            let _ = writeln!(body, "{c} {common} {leads} {follows} {opens} {closes}");
        }
        for (pairs, section) in self.pairs.iter_mut().zip(&SECTIONS[2..]) {
            let _ = write!(body, "{section}");
            pairs.sort_unstable_by_key(|&(left, right, weight)| (left, -i16::from(weight), right));
            let mut before = (None, 0);
            for &(left, right, weight) in pairs.iter() {
                if before.0 != Some(left) {
                    let _ = write!(body, "\n{left}{weight}");
                } else if before.1 != weight {
                    let _ = write!(body, "{weight}");
                }
                body.push(right);
                before = (Some(left), weight);
            }
            body.push('\n');
        }
        format!("{MAGIC}{VERSION} bytes={} crc32={:08x}\n{body}", body.len(), crc32(body.as_bytes()))
    }
}

/// Checks the first line of a file against the rest, which is returned.
pub(super) fn body<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, LexiconError> {
    let wrong = |problem| LexiconError::new(path, problem);
    let foreign = || wrong(LexiconProblem::Foreign);
    let end = bytes.iter().take(200).position(|&byte| byte == b'\n').ok_or_else(foreign)?;
    let line = std::str::from_utf8(&bytes[..end]).ok().and_then(|line| line.strip_prefix(MAGIC)).ok_or_else(foreign)?;
    let (version, rest) = line.split_once(' ').unwrap_or((line, ""));
    let version: u32 = version.parse().map_err(|_| foreign())?;
    if version != VERSION {
        return Err(wrong(LexiconProblem::Version { found: version, known: VERSION }));
    }
    let (stated, sum) = rest.strip_prefix("bytes=").and_then(|rest| rest.split_once(" crc32=")).ok_or_else(foreign)?;
    let (stated, sum): (u64, u32) = stated.parse().ok().zip(u32::from_str_radix(sum.trim_end(), 16).ok()).ok_or_else(foreign)?;
    let rest = &bytes[end + 1..];
    if stated != rest.len() as u64 {
        return Err(wrong(LexiconProblem::Length { stated, found: rest.len() as u64 }));
    }
    if sum != crc32(rest) {
        return Err(wrong(LexiconProblem::Checksum));
    }
    std::str::from_utf8(rest).map_err(|_| foreign())
}

/// The checksum of zip, gzip and PNG.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let mut sum = byte as u32;
            let mut bit = 0;
            while bit < 8 {
                sum = if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
                bit += 1;
            }
            table[byte] = sum;
            byte += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |sum, &byte| TABLE[usize::from(sum as u8 ^ byte)] ^ (sum >> 8))
}

/// The data of several files, brought together before the tables are made.
pub(super) struct Loader {
    /// The number of each character as it is written.
    pub numbers: CharMap,
    /// By number; the first stands for the characters that have none.
    pub natures: Vec<Nature>,
    pub words: WordTable,
    pub pairs: [PairTable; 3],
    /// The row that is being read.
    row: Vec<(u16, i8)>,
}

impl Loader {
    pub fn new() -> Loader {
        // Room for the built-in data.
        Loader {
            numbers: CharMap::new(),
            natures: vec![Nature::default()],
            words: WordTable::with_room(80_000),
            pairs: [(400_000, i8::max as fn(i8, i8) -> i8), (20_000, decided), (20_000, decided)]
                .map(|(room, better)| PairTable::with_room(room, better)),
            row: Vec::new(),
        }
    }

    /// The number of `c`; 0 when there are no more.
    fn number(&mut self, c: char) -> u16 {
        let known = self.numbers.get(c);
        if known != 0 {
            return known;
        }
        let Ok(number) = u16::try_from(self.natures.len()) else { return 0 };
        self.natures.push(Nature::default());
        self.numbers.set(c, number);
        number
    }

    /// Adds what a file says after its first line.
    pub fn add(&mut self, path: &str, body: &str) -> Result<(), LexiconError> {
        let mut sections = SECTIONS.iter().enumerate();
        let mut section = None;
        for (at, line) in body.lines().enumerate() {
            let malformed = |what| LexiconError::new(path, LexiconProblem::Malformed { line: at + 2, what });
            if line.starts_with('[') {
                let (index, _) = sections
                    .next()
                    .filter(|(_, name)| **name == line)
                    .ok_or_else(|| malformed("another section was expected"))?;
                section = Some(index);
                continue;
            }
            let taken = match section {
                Some(0) => self.word(line),
                Some(1) => self.character(line),
                Some(index) => self.row(index - 2, line),
                None => None,
            };
            taken.ok_or_else(|| malformed("this is not what the section holds"))?;
            if self.natures.len() > usize::from(u16::MAX) {
                return Err(LexiconError::new(path, LexiconProblem::Characters));
            }
        }
        Ok(())
    }

    fn word(&mut self, line: &str) -> Option<()> {
        let (word, digit) = line.split_at_checked(line.len().checked_sub(1)?)?;
        let frequency = digit.as_bytes()[0].wrapping_sub(b'0');
        let (mut key, mut length) = (0, 0);
        for c in word.chars() {
            key = WordTable::longer(key, self.number(c));
            length += 1;
        }
        if !(1..=9).contains(&frequency) || !(2..=super::LONGEST).contains(&length) {
            return None;
        }
        self.words.add(key, frequency);
        Some(())
    }

    fn character(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split(' ');
        let mut name = fields.next()?.chars();
        let c = name.next().filter(|_| name.next().is_none())?;
        let mut next = || fields.next()?.parse::<i8>().ok();
        let nature = Nature { common: next()?, leads: next()?, follows: next()?, opens: next()?, closes: next()? };
        let number = self.number(c);
        let known = &mut self.natures[usize::from(number)];
        *known = match *known == Nature::default() {
            true => nature,
            false => Nature { opens: decided(known.opens, nature.opens), closes: decided(known.closes, nature.closes), ..*known },
        };
        fields.next().is_none().then_some(())
    }

    /// A first character, then weights, each with the second characters that have it.
    fn row(&mut self, kind: usize, line: &str) -> Option<()> {
        let mut chars = line.chars();
        let left = chars.next().map(|c| self.number(c))?;
        self.row.clear();
        let (mut weight, mut sign, mut in_number) = (0_i16, 1, false);
        for c in chars {
            match c {
                '-' | '0'..='9' if !in_number => {
                    (sign, weight) = if c == '-' { (-1, 0) } else { (1, c as i16 - '0' as i16) };
                    in_number = true;
                }
                '0'..='9' => weight = weight.checked_mul(10)?.checked_add(c as i16 - '0' as i16)?,
                _ => {
                    in_number = false;
                    let right = self.number(c);
                    self.row.push((right, i8::try_from(weight * sign).ok()?));
                }
            }
        }
        self.pairs[kind].add(left, &self.row);
        (!in_number).then_some(())
    }
}

/// Of two weights, the one farther from doubt.
fn decided(one: i8, other: i8) -> i8 {
    if other.unsigned_abs() > one.unsigned_abs() { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents() -> Contents {
        Contents {
            words: vec![("柳河".into(), 4), ("青川市".into(), 3)],
            characters: vec![
                ('柳', Nature { common: -12, leads: -3, follows: 4, opens: 5, closes: -6 }),
                ('河', Nature::default()),
            ],
            pairs: [vec![('柳', '河', 60), ('柳', '市', -7), ('柳', '川', 60), ('河', '市', 3)], vec![], vec![('市', '。', 127)]],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let written = contents().write();
        assert!(written.contains("[pairs]\n柳60川河-7市\n河3市\n[openings]\n[closings]\n市127。\n"), "{written}");
        let mut loader = Loader::new();
        loader.add("here", body("here", written.as_bytes()).unwrap()).unwrap();
        assert_eq!(loader.words.len(), 2);
        let number = |c| loader.numbers.get(c);
        assert_eq!(loader.pairs[0].get(number('柳'), number('市')), Some(-7));
        assert_eq!(loader.pairs[2].get(number('市'), number('。')), Some(127));
        assert_eq!(loader.natures[usize::from(number('柳'))].closes, -6);
    }

    #[test]
    fn damage_is_noticed() {
        let written = contents().write();
        let problem = |bytes: &[u8]| body("here", bytes).unwrap_err().to_string();
        assert!(problem(b"").contains("is no lexicon"));
        assert!(problem("经济 12\n".as_bytes()).contains("is no lexicon"));
        assert!(problem(&written.as_bytes()[..40]).contains("is no lexicon"));
        assert!(problem(&written.as_bytes()[..90]).contains("bytes after its first line"));
        let newer = written.replacen("version=1", "version=7", 1);
        assert!(problem(newer.as_bytes()).contains("of version 7"));
        let changed = written.replace("柳河4", "柳河5");
        assert!(problem(changed.as_bytes()).contains("checksum"));
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn no_body_makes_a_panic() {
        let lines = ["", "[words]\n柳4", "[words]\n柳河x", "[words]\n[pairs]", "柳河4", "[words]\n4", "[words]\n\n"];
        let rows = ["柳", "柳-", "柳99999河", "柳1", "柳--1河", "", "柳1-河", "柳200河", "柳-128河"];
        let rows = rows.iter().map(|row| format!("[words]\n[characters]\n[pairs]\n{row}\n"));
        let characters = ["柳", "柳 1 2 3 4", "柳 1 2 3 4 5 6", "柳河 1 2 3 4 5", "柳 1 2 3 4 200", " 1 2 3 4 5"];
        let characters = characters.iter().map(|character| format!("[words]\n[characters]\n{character}\n"));
        for body in lines.into_iter().map(String::from).chain(rows).chain(characters) {
            let _ = Loader::new().add("here", &body);
        }
        assert!(Loader::new().add("here", "[words]\n[pairs]").is_err());
        assert!(Loader::new().add("here", "柳河4").is_err());
        assert!(Loader::new().add("here", "[words]\n柳4").is_err());
    }
}
