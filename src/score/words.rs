//! The words of a text, about as jieba parts them: filters that were made for languages with blanks count words.

use crate::lexicon::model::{BIT, Model, token};
use crate::lexicon::{LONGEST, Lexicon};
use crate::text::Span;
use crate::text::chars::is_han;
use std::sync::LazyLock;

/// What a word of the commonest kind costs, in bits; each class of frequency below it is rarer by a factor of four.
const COMMONEST: i32 = 8 * BIT;
const CLASS: i32 = 2 * BIT;
const CLASSES: i32 = 9;

/// What a character costs beside its own, to stand as a word: most are parts of words.
const ALONE: i32 = 3 * BIT;

/// Two characters in a row that stand alone, and cost as much, make a name or another word that the lexicon lacks: those that often
/// stand alone are commoner. Set by the number of words that jieba finds.
const NAMELIKE: i32 = 17 * BIT / 2;

/// The words of `text`, in order; blanks are none. Han characters are parted into the likeliest words of the lexicon, letters and
/// digits of ASCII stand together, with a decimal fraction and a percent sign, and so do signs such as `&#`; anything else stands
/// alone.
pub fn words(text: &str, lexicon: &Lexicon) -> Vec<Span> {
    let mut parser = Parser { lexicon, alone: &ALONE_COSTS, run: Vec::new(), best: Vec::new(), cost: Vec::new() };
    let mut found = Vec::with_capacity(text.len() / 5);
    let bytes = text.as_bytes();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if is_han(c) {
            parser.run.clear();
            parser.run.push((at, c));
            while let Some(next) = chars.next_if(|&(_, c)| is_han(c)) {
                parser.run.push(next);
            }
            parser.part(&mut found);
        } else if c.is_ascii_alphanumeric() {
            let mut end = at + 1;
            let is = |at: usize, wanted: fn(&u8) -> bool| bytes.get(at).is_some_and(wanted);
            while is(end, u8::is_ascii_alphanumeric) {
                end += 1;
            }
            if is(end, |&byte| byte == b'.') && is(end + 1, u8::is_ascii_digit) {
                end += 1;
                while is(end, u8::is_ascii_digit) {
                    end += 1;
                }
            }
            end += usize::from(is(end, |&byte| byte == b'%'));
            found.push(Span::new(at, end));
            while chars.next_if(|&(next, _)| next < end).is_some() {}
        } else if is_sign(c) {
            let mut end = at + 1;
            while let Some((next, _)) = chars.next_if(|&(_, c)| is_sign(c)) {
                end = next + 1;
            }
            found.push(Span::new(at, end));
        } else if !c.is_whitespace() {
            found.push(Span::new(at, at + c.len_utf8()));
        }
    }
    found
}

/// The first and the last of the Han characters that words are made of.
const FIRST: char = '\u{3400}';
const LAST: char = '\u{9FFF}';

/// What others cost.
const RARE: i32 = 20 * BIT;

/// What each character costs alone, by the model of characters.
static ALONE_COSTS: LazyLock<Vec<i32>> = LazyLock::new(|| {
    let model = Model::builtin();
    (FIRST..=LAST).map(|c| model.cost(&[], token(c))).collect()
});

/// Signs that jieba takes for parts of words.
fn is_sign(c: char) -> bool {
    matches!(c, '+' | '#' | '&' | '.' | '_' | '%' | '-')
}

/// Parts runs of Han characters.
struct Parser<'l> {
    lexicon: &'l Lexicon,
    alone: &'static [i32],
    run: Vec<(usize, char)>,
    /// What the cheapest way to each character costs, and where its last word begins.
    best: Vec<(i64, usize)>,
    /// What each character costs alone.
    cost: Vec<i32>,
}

impl Parser<'_> {
    fn part(&mut self, found: &mut Vec<Span>) {
        let count = self.run.len();
        self.best.clear();
        self.best.resize(count + 1, (i64::MAX, 0));
        self.best[0] = (0, 0);
        self.cost.clear();
        for start in 0..count {
            let so_far = self.best[start].0;
            let mut reach = |end: usize, cost: i32| {
                let cost = so_far + i64::from(cost);
                if cost < self.best[end].0 {
                    self.best[end] = (cost, start);
                }
            };
            let number = (self.run[start].1 as usize).wrapping_sub(FIRST as usize);
            let alone = self.alone.get(number).copied().unwrap_or(RARE);
            self.cost.push(alone);
            reach(start + 1, alone + ALONE);
            let ahead = self.run[start..(start + LONGEST).min(count)].iter().map(|&(_, c)| c);
            self.lexicon.words_from(ahead, |length, frequency| {
                reach(start + length, COMMONEST + (CLASSES - i32::from(frequency)) * CLASS);
            });
        }
        let first = found.len();
        let mut end = count;
        let namelike = |start: usize, end: usize| end == start + 1 && self.cost[start] > NAMELIKE;
        while end > 0 {
            let mut start = self.best[end].1;
            if namelike(start, end) && start > 0 && namelike(self.best[start].1, start) {
                start = self.best[start].1;
            }
            let (last, c) = self.run[end - 1];
            found.push(Span::new(self.run[start].0, last + c.len_utf8()));
            end = start;
        }
        found[first..].reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(text: &str) -> String {
        let found = words(text, &Lexicon::builtin());
        found.iter().map(|span| span.of(text)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn text_is_parted_into_words() {
        assert_eq!(parted("柳河镇的村民们克服困难，修好了河堤。"), "柳河|镇|的|村民|们|克服|困难|，|修好|了|河堤|。");
        assert_eq!(parted("用时 3.5% 的 HTTP2 请求……"), "用|时|3.5%|的|HTTP2|请求|…|…");
        assert_eq!(parted("經濟發展"), "經濟|發展");
        assert_eq!(parted(" \n\t　"), "");
        assert_eq!(parted("1.é. 9."), "1|.|é|.|9|.");
    }
}
