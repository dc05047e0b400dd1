//! The rules of C4 (Raffel and others, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", JMLR 21,
//! 2020, section 2.2), as datatrove has them in `C4QualityFilter`, version 0.10.1; and the one of mC4 (Xue and others, "mT5",
//! NAACL 2021), `C4ParagraphFilter`.
//!
//! C4 keeps the lines that end with an end mark of English and have three words with blanks between, and pages with five sentences
//! in such lines. No page of Chinese has any. Here, end marks and closing quotes of Chinese count too, words are those of the
//! lexicon, and sentences end where the sentence splitter of spaCy, which datatrove uses for Chinese, ends them. The list of bad
//! words is left out, as datatrove leaves it out of this filter.

use super::{Failed, Fixed, Measures, Trial, whole};
use crate::lexicon::Lexicon;
use crate::score::lines::splitlines;
use crate::text::Span;

pub const SOURCE: &str = "C4 (JMLR 21, 2020) as in datatrove 0.10.1; end marks and words of Chinese";
pub const SOURCE_PARAGRAPHS: &str = "mC4 (NAACL 2021), the filter of long lines as in datatrove 0.10.1";

/// Phrases that speak of a site, not of a subject.
const POLICIES: [&str; 6] = ["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"];

/// A word may have so many characters.
const LONGEST_WORD: u64 = 1000;
/// A line must have so many words.
const LEAST_WORDS: usize = 3;

/// What C4 counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct C4Measures {
    /// Sentences in the lines that are kept.
    pub sentences: u64,
    /// Lines with text that is no prose: `lorem ipsum`, curly brackets.
    pub fillers: u64,
    /// The same of brackets.
    pub brackets: u64,
}

impl C4Measures {
    /// Counts them in `text`, whose words are `words`.
    pub fn of(text: &str, words: &[Span], _lexicon: &Lexicon) -> C4Measures {
        let mut found = C4Measures::default();
        let mut words = words;
        for line in splitlines(text) {
            let start = line.as_ptr() as usize - text.as_ptr() as usize;
            let end = start + line.len();
            let before = words.partition_point(|word| word.start < start);
            words = &words[before..];
            let (inside, after) = words.split_at(words.partition_point(|word| word.end <= end));
            words = after;
            found.add(text, line.trim(), inside);
        }
        found
    }

    fn add(&mut self, text: &str, line: &str, words: &[Span]) {
        let long = |word: &&Span| word.len() as u64 > LONGEST_WORD && super::super::lines::count(word.of(text)) > LONGEST_WORD;
        let line = without_citations(line);
        let ends = |c: char| matches!(c, '.' | '?' | '!' | '"' | '\'' | '。' | '？' | '！' | '”' | '’' | '」' | '』');
        if words.len() < LEAST_WORDS || !line.ends_with(ends) || line.ends_with("...") || words.iter().any(|word| long(&word)) {
            return;
        }
        let has = |phrase: &str| contains_ignoring_case(&line, phrase);
        if has("lorem ipsum") {
            self.fillers += 1;
        } else if has("javascript") {
        } else if line.contains('{') {
            self.brackets += 1;
        } else if !POLICIES.iter().any(|policy| has(policy)) {
            self.sentences += sentences(text, words);
        }
    }
}

/// Whether `line` holds `phrase`, which is lower-case ASCII.
fn contains_ignoring_case(line: &str, phrase: &str) -> bool {
    let (line, phrase) = (line.as_bytes(), phrase.as_bytes());
    memchr::memchr2_iter(phrase[0], phrase[0].to_ascii_uppercase(), line)
        .any(|at| line.get(at..at + phrase.len()).is_some_and(|part| part.eq_ignore_ascii_case(phrase)))
}

/// The line without marks of citation such as `[12]`.
fn without_citations(line: &str) -> std::borrow::Cow<'_, str> {
    if !line.contains('[') {
        return line.into();
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('[') {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        let digits = mark[1..].bytes().take_while(u8::is_ascii_digit).count();
        let known = ["[edit]", "[citation needed]"].into_iter().find(|known| mark.starts_with(known)).map(str::len);
        let length = known.or_else(|| mark[1 + digits..].starts_with(']').then_some(digits + 2));
        match length {
            Some(length) => rest = &mark[length..],
            None => {
                out.push('[');
                rest = &mark[1..];
            }
        }
    }
    out.push_str(rest);
    out.into()
}

/// The sentences of a line, as spaCy's `sentencizer` parts them: one begins with the first word after an end mark that is no mark.
fn sentences(text: &str, words: &[Span]) -> u64 {
    let (mut count, mut ended) = (1, false);
    for word in words {
        let c = word.of(text).chars().next().unwrap_or_default();
        if super::super::lines::is_terminal(c) && word.len() == c.len_utf8() {
            ended = true;
        } else if ended && !is_mark(c) {
            count += 1;
            ended = false;
        }
    }
    count
}

/// Whether `c` is punctuation, as the Unicode Standard has it, of what Chinese texts hold.
fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation() && !matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~')
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}')
        || matches!(c, '\u{3014}'..='\u{301F}' | '·' | '«' | '»' | '¡' | '¿' | '§' | '¶' | '・')
        || matches!(c, '！'..='＃' | '％'..='＊' | '，'..='／' | '：' | '；' | '？' | '＠' | '［'..='］' | '＿' | '｛' | '｝' | '｟'..='･')
}

pub(super) fn judge(measures: &Measures) -> Vec<Failed> {
    let mut trial = Trial::default();
    trial.most("lorem_ipsum", whole(measures.c4.fillers), Fixed::ZERO);
    trial.most("curly_bracket", whole(measures.c4.brackets), Fixed::ZERO);
    trial.least("too_few_sentences", whole(measures.c4.sentences), Fixed::raw(50_000));
    trial.0
}

pub(super) fn judge_paragraphs(measures: &Measures) -> Vec<Failed> {
    let mut trial = Trial::default();
    trial.least("paragraphs", whole(measures.lines.long_lines), Fixed::raw(30_000));
    trial.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::words::words;

    fn counted(text: &str) -> C4Measures {
        let lexicon = Lexicon::builtin();
        C4Measures::of(text, &words(text, &lexicon), &lexicon)
    }

    #[test]
    fn sentences_of_whole_lines_count() {
        assert_eq!(counted("河道通了。水来了！”他说。\n没有句号的一行\n好。\n").sentences, 3);
        assert_eq!(counted("请打开 JavaScript 再试一次。\n我们遵守 Privacy Policy 的规定。\n").sentences, 0);
        assert_eq!(counted("这里有 { 括号。\nLorem Ipsum 是一段文字。\n"), C4Measures { sentences: 0, fillers: 1, brackets: 1 });
    }

    #[test]
    fn marks_of_citation_do_not_end_a_line() {
        assert_eq!(without_citations("河堤[12]修好[]了。[edit]"), "河堤修好了。");
        assert_eq!(without_citations("[a][1"), "[a][1");
    }
}
