//! What stands around one gap: pieces between blanks, words, names and offices.

use super::Row;
use super::View;
use crate::pass::page::{Line, Page};
use crate::text::chars::{is_blank, is_han, is_number_char};

/// Characters looked at on either side.
const REACH: usize = 12;
/// Longer runs are all the same.
const MOST: usize = 30;

/// What the lexicon and the nearest blanks say of a gap.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sides {
    /// Characters to the next blank or the line's end, on either side.
    pub run: (i16, i16),
    /// Han to the next other character, blanks among these.
    pub han: (i16, i16),
    /// The frequency of the commonest word that ends before it, begins after it, runs across it.
    pub ends: i16,
    pub starts: i16,
    pub across: i16,
    /// How many of the characters of the word across stand before, and after.
    pub parts: (i16, i16),
    /// The frequency of the pieces on both sides as words; 0 when they are none.
    pub pieces: (i16, i16),
    pub association: i16,
    pub known: bool,
}

impl Sides {
    /// Whether a single character stands on a side.
    pub fn single(&self) -> bool {
        self.han.0 == 1 && self.run.0 == 1 || self.han.1 == 1 && self.run.1 == 1
    }
}

/// Reads both sides of the blank `at` of a row.
pub(super) fn sides(page: &Page<'_>, line: &Line, row: &Row, at: usize) -> Sides {
    let blank = &row.blanks[at];
    let last = row.chars;
    let from = if at == 0 { 0 } else { row.blanks[at - 1].position };
    let to = row.blanks.get(at + 1).map_or(last, |next| next.position);
    let mut found =
        Sides { run: ((blank.position - from).min(MOST) as i16, (to - blank.position).min(MOST) as i16), ..Sides::default() };
    let (left, right) = (&page.text[line.span.start..blank.span.start], &page.text[blank.span.end..line.span.end]);
    found.han.0 = left.chars().rev().take(found.run.0 as usize).take_while(|&c| is_han(c)).count() as i16;
    found.han.1 = right.chars().take(found.run.1 as usize).take_while(|&c| is_han(c)).count() as i16;
    if !is_han(blank.before) || !is_han(blank.after) {
        return found;
    }
    let lexicon = page.lexicon;
    // Other blanks may be spurious too: words are looked for without them.
    let solid = |c: &char| !is_blank(*c);
    if let Some(crossing) = lexicon.crossing_of(left.chars().rev().filter(solid), right.chars().filter(solid)) {
        found.across = i16::from(crossing.frequency);
        found.parts = (crossing.before as i16, crossing.after as i16);
    }
    let (left_piece, right_piece) = (tail(left, found.han.0), head(right, found.han.1));
    found.ends = i16::from(lexicon.word_at_end(left_piece).unwrap_or(0));
    found.starts = i16::from(lexicon.word_at_start(right_piece).unwrap_or(0));
    found.pieces =
        (i16::from(lexicon.frequency(left_piece).unwrap_or(0)), i16::from(lexicon.frequency(right_piece).unwrap_or(0)));
    found.association = lexicon.association(blank.before, blank.after);
    found.known = lexicon.has_pair(blank.before, blank.after);
    found
}

fn tail(text: &str, count: i16) -> &str {
    if count == 0 {
        return "";
    }
    text.char_indices().rev().nth(count as usize - 1).map_or(text, |(at, _)| &text[at..])
}

fn head(text: &str, count: i16) -> &str {
    text.char_indices().nth(count as usize).map_or(text, |(at, _)| &text[..at])
}

/// All that stands around one gap.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    pub sides: Sides,
    /// Kinds of the characters next to those beside the gap: see [`kind`].
    pub beyond: (i16, i16),
    /// Gaps with one character between them, this one among them.
    pub chain: i16,
    /// Gaps of the line within five characters, and within ten.
    pub dense: (i16, i16),
    /// Gaps of the line before it, and after.
    pub index: (i16, i16),
    /// An office or a label stands before, or a word that follows a name after.
    pub label: (bool, bool),
    /// A name could stand before, and after.
    pub name: (bool, bool),
    /// The number of an article, a chapter, a part ends here: 1; is open here: 2.
    pub ordinal: i16,
    /// A numeral stands on either side.
    pub numeral: (bool, bool),
}

/// Common surnames, in simplified and traditional characters.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝路游辛靳管柴蒙鲍华祁屠费滕卞骆甄岑張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蔣葉蘇魏呂盧鍾譚陸範賈韋鄒龍陶賀顧龔萬錢嚴湯溫龐顏莊聶魯殷歐關蘭寧紀畢單華費駱";

const BEFORE: [&str; 30] = [
    "记者",
    "記者",
    "通讯员",
    "通訊員",
    "责编",
    "責編",
    "编辑",
    "編輯",
    "版式",
    "美编",
    "美編",
    "摄影",
    "攝影",
    "作者",
    "本报",
    "本報",
    "本刊",
    "校对",
    "校對",
    "日电",
    "日電",
    "日讯",
    "日訊",
    "译者",
    "譯者",
    "主编",
    "主編",
    "见习",
    "实习生",
    "责任",
];

const AFTER: [&str; 24] = [
    "摄",
    "攝",
    "供图",
    "供圖",
    "文/",
    "图/",
    "圖/",
    "星期",
    "写道",
    "寫道",
    "发表于",
    "發表於",
    "通讯员",
    "通訊員",
    "记者",
    "記者",
    "版式",
    "美编",
    "美編",
    "报道",
    "報道",
    "编译",
    "責編",
    "责编",
];

/// What a character next to those beside a gap is: the line's end 0, a blank 1, Han 2, a Latin letter 3, a digit 4, other 5.
fn kind(c: Option<char>) -> i16 {
    match c {
        None => 0,
        Some(c) if is_blank(c) => 1,
        Some(c) if is_han(c) => 2,
        Some(c) if c.is_alphabetic() => 3,
        Some(c) if c.is_ascii_digit() => 4,
        Some(_) => 5,
    }
}

/// Fills the beginning of `places`, and returns how many are filled.
fn fill(places: &mut [char], chars: impl Iterator<Item = char>) -> usize {
    places.iter_mut().zip(chars).map(|(place, c)| *place = c).count()
}

fn begins(text: &[char], mut with: impl Iterator<Item = char>) -> bool {
    let mut text = text.iter();
    with.all(|c| text.next() == Some(&c))
}

fn is_name(piece: &str, chars: i16) -> bool {
    (2..=3).contains(&chars) && piece.starts_with(|c| SURNAMES.contains(c))
}

impl Around {
    pub fn of(view: &View<'_, '_>, line: usize, at: usize) -> Around {
        let row = &view.rows[line];
        let (page, blank, span) = (view.page, &row.blanks[at], view.page.lines[line].span);
        let left = &page.text[span.start..blank.span.start];
        let right = &page.text[blank.span.end..span.end];
        let sides = row.sides[at];
        let mut found =
            Around { sides, beyond: (kind(left.chars().rev().nth(1)), kind(right.chars().nth(1))), ..Around::default() };
        let gap = |index: usize| row.blanks.get(index).filter(|b| b.decided);
        let mut chain = 1;
        let mut first = at;
        while first > 0 && gap(first - 1).is_some_and(|b| row.blanks[first].position - b.position == 1) && chain < 60 {
            (first, chain) = (first - 1, chain + 1);
        }
        let mut last = at;
        while gap(last + 1).is_some_and(|b| b.position - row.blanks[last].position == 1) && chain < 60 {
            (last, chain) = (last + 1, chain + 1);
        }
        found.chain = chain;
        let near = &row.blanks[at.saturating_sub(10)..(at + 11).min(row.blanks.len())];
        let within =
            |reach: usize| near.iter().filter(|b| b.decided && b.position.abs_diff(blank.position) <= reach).count() as i16;
        found.dense = (within(5), within(10));
        found.index = (blank.index.min(60) as i16, (row.gaps - 1 - blank.index).min(60) as i16);
        let (mut behind, mut ahead) = (['\0'; REACH], ['\0'; REACH]);
        let known = fill(&mut behind, left.chars().rev().filter(|&c| !is_blank(c)));
        let behind = &behind[..known];
        let known = fill(&mut ahead, right.chars().filter(|&c| !is_blank(c)));
        let ahead = &ahead[..known];
        found.ordinal = ordinal(behind);
        found.label =
            (BEFORE.iter().any(|word| begins(behind, word.chars().rev())), AFTER.iter().any(|word| begins(ahead, word.chars())));
        found.name = (is_name(tail(left, sides.han.0), sides.han.0), is_name(head(right, sides.han.1), sides.han.1));
        found.numeral = (is_number_char(blank.before), is_number_char(blank.after));
        found
    }
}

/// Whether the characters before a gap, the nearest first, are the number of an article: `第二十九条`.
fn ordinal(behind: &[char]) -> i16 {
    const UNITS: &str = "条章节部分回课卷期页款编版篇集讲條節課頁編講";
    let units = behind.iter().take(2).take_while(|&&c| UNITS.contains(c)).count();
    let rest = &behind[units..];
    let numerals = rest.iter().take_while(|&&c| is_number_char(c)).count();
    let complete = rest.get(numerals) == Some(&'第');
    match (complete, units, numerals) {
        (true, 1.., 1..) => 1,
        (true, _, _) => 2,
        _ => 0,
    }
}
