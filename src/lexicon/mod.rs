//! What the passes know of the language: which character sequences are words.

/// Words of two to four characters, one a line, sorted by their bytes, each followed by a digit: half the binary logarithm of
/// how often it was counted. Derived from the word list of the jieba segmenter (MIT licence, see NOTICE).
static WORDS: &str = include_str!("words.txt");

/// Characters of the longest word listed.
pub const LONGEST: usize = 4;

/// How common `word` is, from 1 to 9 in steps of a factor of four; `None` when it is not listed.
pub fn frequency(word: &str) -> Option<u8> {
    let bytes = WORDS.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    // Invariant: `low` is the start of a line, and the line of `word`, if there is one, starts in low..high.
    while low < high {
        let middle = low + (high - low) / 2;
        let start = bytes[low..middle].iter().rposition(|&b| b == b'\n').map_or(low, |at| low + at + 1);
        let end = start + bytes[start..].iter().position(|&b| b == b'\n')?;
        match bytes[start..end - 1].cmp(word.as_bytes()) {
            std::cmp::Ordering::Equal => return Some(bytes[end - 1] - b'0'),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

/// The commonest word that has its beginning at the end of `left` and its rest at the start of `right`, with its frequency.
pub fn word_across(left: &str, right: &str) -> Option<(String, u8)> {
    let tail: Vec<char> = left.chars().rev().take(LONGEST - 1).collect();
    let head: Vec<char> = right.chars().take(LONGEST - 1).collect();
    let mut best: Option<(String, u8)> = None;
    for before in 1..=tail.len() {
        for after in 1..=head.len().min(LONGEST - before) {
            let word: String = tail[..before].iter().rev().chain(&head[..after]).collect();
            if let Some(found) = frequency(&word).filter(|&f| best.as_ref().is_none_or(|b| f > b.1)) {
                best = Some((word, found));
            }
        }
    }
    best
}

/// The frequency of the commonest word that `text` begins with.
pub fn word_at_start(text: &str) -> Option<u8> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST).skip(1);
    ends.filter_map(|end| frequency(&text[..end])).max()
}

/// The frequency of the commonest word that `text` ends with.
pub fn word_at_end(text: &str) -> Option<u8> {
    let starts = text.char_indices().rev().map(|(at, _)| at).take(LONGEST).skip(1);
    starts.filter_map(|start| frequency(&text[start..])).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_found_whole() {
        let mut last = "";
        for line in WORDS.lines() {
            let word = &line[..line.len() - 1];
            assert!(last < word, "{last} {word}");
            assert!(frequency(word).is_some(), "{word}");
            last = word;
        }
        assert_eq!(frequency("鑫鑫鑫"), None);
        assert_eq!(frequency(""), None);
    }

    #[test]
    fn words_are_seen_across_a_break() {
        assert_eq!(word_across("一同督", "导。").map(|w| w.0).as_deref(), Some("督导"));
        assert_eq!(word_across("。", "导"), None);
        assert!(word_at_start("疫情防控").is_some());
        assert!(word_at_end("各级党委").is_some());
    }
}
