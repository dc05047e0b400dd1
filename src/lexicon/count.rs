//! Counting words and text for a new lexicon.

use super::traditional::plain;
use super::weigh::weigh;
use super::{LexiconError, LexiconProblem};
use crate::text::chars::is_han;
use crate::text::lines::lines;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Words of two characters are listed when they were counted so often, and longer ones when so often.
const LEAST_COUNT: [u64; 2] = [10, 20];

/// How often a word without a count is taken to have been counted.
const ASSUMED_COUNT: u64 = 256;

/// A line of fewer characters says nothing of how paragraphs begin and end: it may be a heading, or a cell of a table.
const LEAST_PARAGRAPH: usize = 20;

/// Counts of words and of characters in text, of which a lexicon can be made.
///
/// ```
/// use jiaokan::lexicon::Counts;
///
/// let mut counts = Counts::default();
/// counts.words("words.txt", "青川 1200\n柳河镇 310\n")?;
/// counts.text("青川市水利局局长到柳河镇查看施工。\n");
/// assert!(counts.lexicon().contains("\n青川5\n"));
/// # Ok::<(), jiaokan::lexicon::LexiconError>(())
/// ```
#[derive(Debug, Default)]
pub struct Counts {
    words: HashMap<String, u64>,
    too_rare: usize,
    pub(super) in_words: InWords,
    pub(super) in_text: InText,
    seen: HashSet<u64>,
}

/// What words tell of characters. All keys are plain characters.
#[derive(Debug, Default)]
pub(super) struct InWords {
    pub words: u64,
    pub total: u64,
    /// How often each character was counted, how often as a word's first and how often as its last.
    pub characters: HashMap<char, [u64; 3]>,
    pub pairs: HashMap<(char, char), u64>,
}

/// What text tells of characters. All keys are plain characters.
#[derive(Debug, Default)]
pub(super) struct InText {
    pub total: u64,
    pub characters: HashMap<char, Seen>,
    pub pairs: HashMap<(char, char), Seen>,
    /// How many paragraphs there are that are long enough, and how many characters in them.
    pub paragraphs: u64,
    pub in_paragraphs: u64,
}

/// How often something was seen in text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub anywhere: u32,
    /// In paragraphs that are long enough; how often at their beginning, and at their end.
    pub in_paragraphs: u32,
    pub first: u32,
    pub last: u32,
}

impl Counts {
    /// Adds a list of words: one a line, and after a blank how often it was counted. Anything after that is passed over. A
    /// word without a count is taken for a common one. `path` is named in errors.
    ///
    /// # Errors
    /// When a line has no word, or what stands for its count is no number.
    pub fn words(&mut self, path: &str, text: &str) -> Result<(), LexiconError> {
        for (at, line) in lines(text).enumerate() {
            let wrong = |what| LexiconError::new(path, LexiconProblem::Word { line: at + 1, what });
            let mut fields = line.content.of(text).trim_start_matches('\u{FEFF}').split_whitespace();
            let Some(word) = fields.next() else { continue };
            let count = match fields.next() {
                None => ASSUMED_COUNT,
                Some(count) => count.parse().map_err(|_| wrong("the count is not a whole number"))?,
            };
            if word.parse::<u64>().is_ok() {
                return Err(wrong("a number stands where the word should"));
            }
            self.word(word, count);
        }
        Ok(())
    }

    fn word(&mut self, word: &str, count: u64) {
        if count == 0 || !word.chars().all(is_han) {
            return;
        }
        let length = word.chars().count();
        if (2..=super::LONGEST).contains(&length) {
            if count >= LEAST_COUNT[usize::from(length > 2)] {
                *self.words.entry(word.into()).or_default() += count;
            } else {
                self.too_rare += 1;
            }
        }
        let tally = &mut self.in_words;
        tally.words += count;
        tally.total += count * length as u64;
        let mut before = None;
        for (at, c) in word.chars().map(plain).enumerate() {
            let [all, first, last] = tally.characters.entry(c).or_default();
            *all += count;
            *first += if at == 0 { count } else { 0 };
            *last += if at + 1 == length { count } else { 0 };
            if let Some(before) = before {
                *tally.pairs.entry((before, c)).or_default() += count;
            }
            before = Some(c);
        }
    }

    /// Adds text that has every paragraph on a line of its own. A paragraph that was added before is passed over.
    pub fn text(&mut self, text: &str) {
        for line in lines(text) {
            let paragraph = line.content.of(text).trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
            let mut hasher = DefaultHasher::new();
            paragraph.hash(&mut hasher);
            if !paragraph.is_empty() && self.seen.insert(hasher.finish()) {
                self.paragraph(paragraph);
            }
        }
    }

    fn paragraph(&mut self, paragraph: &str) {
        let tally = &mut self.in_text;
        let length = paragraph.chars().filter(|c| !c.is_whitespace()).count();
        let long = u32::from(length >= LEAST_PARAGRAPH);
        tally.total += length as u64;
        tally.paragraphs += u64::from(long);
        tally.in_paragraphs += u64::from(long) * length as u64;
        let mut see = |left: Option<char>, c: char, at: usize| {
            let first = u32::from(at == usize::from(left.is_some())) * long;
            let last = u32::from(at + 1 == length) * long;
            let seen = match left {
                Some(left) => tally.pairs.entry((left, c)).or_default(),
                None => tally.characters.entry(c).or_default(),
            };
            seen.anywhere += 1;
            seen.in_paragraphs += long;
            seen.first += first;
            seen.last += last;
        };
        let (mut at, mut before) = (0, None);
        for c in paragraph.chars() {
            // A blank parts characters that do not read on.
            if c.is_whitespace() {
                before = None;
                continue;
            }
            let c = plain(c);
            see(None, c, at);
            if before.is_some() {
                see(before, c, at);
            }
            before = Some(c);
            at += 1;
        }
    }

    /// How many words are listed, and how many are left out because they are too rare. The latter tell of their characters all
    /// the same.
    pub fn listed(&self) -> (usize, usize) {
        (self.words.len(), self.too_rare)
    }

    /// How many characters of text were counted.
    pub fn characters(&self) -> u64 {
        self.in_text.total
    }

    /// The lexicon file. The same counts make the same bytes.
    pub fn lexicon(&self) -> String {
        let mut contents = weigh(self);
        // In steps of a factor of four.
        let frequency = |count: u64| (count.ilog2() / 2).clamp(1, 9) as u8;
        contents.words = self.words.iter().map(|(word, &count)| (word.clone(), frequency(count))).collect();
        contents.write()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_listed_by_how_often_they_were_counted() {
        let mut counts = Counts::default();
        counts
            .words("list", "柳河 9\n青川 10 ns\n清淤 16\n柳河镇 19\n青川市 20\n水利局 1024\r\n闸口\n\n的 5000\nT恤 90\n")
            .unwrap();
        assert_eq!(counts.listed(), (5, 2));
        let file = counts.lexicon();
        assert!(file.contains("[words]\n水利局5\n清淤2\n闸口4\n青川1\n青川市2\n[characters]"), "{file}");
        let problem = |text| Counts::default().words("list", text).unwrap_err().to_string();
        assert!(problem("青川\n柳河 many\n").starts_with("list: line 2: the count is not a whole number"));
        assert!(problem("12\n").starts_with("list: line 1: a number stands"));
    }

    #[test]
    fn the_same_counts_make_the_same_file() {
        let build = || {
            let mut counts = Counts::default();
            counts.words("list", "柳河 90\n清淤 160\n清河 50\n").unwrap();
            counts.text("柳河清淤工程正式動工，第1艘绞吸式挖泥船驶入河心，沉睡的淤泥被送走。\n柳河 清淤\n");
            counts.lexicon()
        };
        assert_eq!(build(), build());
    }

    #[test]
    fn paragraphs_count_once_and_plain() {
        let mut counts = Counts::default();
        let paragraph = "  柳河清淤工程在青川市柳河鎮闸口段正式動工，2艘船。\n";
        counts.text(&paragraph.repeat(3));
        counts.text("柳 河\n");
        assert_eq!(counts.in_text.paragraphs, 1);
        let seen = counts.in_text.pairs[&('柳', '河')];
        assert_eq!((seen.anywhere, seen.first, seen.last), (2, 1, 0));
        assert_eq!(counts.in_text.pairs[&('河', '镇')].anywhere, 1);
        assert_eq!(counts.in_text.pairs[&('船', '。')].last, 1);
        assert_eq!(counts.in_text.characters[&'０'].anywhere, 1);
        assert_eq!(counts.in_text.characters[&'柳'].anywhere, 3);
    }
}
