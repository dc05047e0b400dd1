//! Mixed Chinese text of any size, made of the project's own `corpus/`: the same seed makes the same documents anywhere.
//!
//! A document is put together at random from runs of paragraphs of one family of clean documents, none of them twice, every other
//! paragraph anew from sentences of several; numbers, days and surnames are changed. Most of them stay clean, as in a crawl: the
//! shares are in [`KINDS`] and [`DAMAGES`].

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Documents of each kind in a hundred. Those set in lines are prose of all families, broken at 14 to 64 columns.
pub const KINDS: [(Kind, usize); 7] = [
    (Kind::News, 26),
    (Kind::Fiction, 16),
    (Kind::Manuals, 16),
    (Kind::Traditional, 4),
    (Kind::Verse, 6),
    (Kind::Lists, 14),
    (Kind::Lines, 18),
];

/// Documents with each damage in a thousand; all others have none.
pub const DAMAGES: [(Damage, usize); 8] = [
    (Damage::Copies, 30),
    (Damage::Advertisements, 25),
    (Damage::Misread, 20),
    (Damage::Garbled, 15),
    (Damage::Cut, 15),
    (Damage::Furniture, 8),
    (Damage::Specimen, 5),
    (Damage::Mojibake, 2),
];

/// Where the clean documents of a kind stand; lists are made of all folders that are named nowhere.
const FOLDERS: [(Kind, &[&str]); 5] = [
    (
        Kind::News,
        &["news", "editorials", "finance", "sports", "speeches", "prose", "minutes", "court", "transcripts", "chronicles"],
    ),
    (Kind::Fiction, &["fiction-long", "folk-tales", "essays", "letters", "dialogue-long", "dialogue", "drama"]),
    (
        Kind::Manuals,
        &[
            "technical",
            "manuals",
            "encyclopedia",
            "statutes",
            "medical",
            "science",
            "contracts",
            "recipes-long",
            "reviews-long",
            "faq",
            "qa",
        ],
    ),
    (Kind::Traditional, &["traditional-docs", "traditional-prose", "traditional-fiction", "traditional"]),
    (Kind::Verse, &["verse-modern", "verse-classical", "couplets-lyrics", "classical-prose", "classical-long"]),
];

/// Columns of the lines that prose is broken into; a Chinese character takes two.
const MEASURES: [usize; 11] = [14, 18, 22, 26, 30, 34, 38, 44, 50, 56, 64];
/// Bytes that a document aims at: the middle of what is drawn.
const DOCUMENT: usize = 5500;
/// Characters that are taken for one another, in both directions.
const ALIKE: &str = "未末己已日曰土士人入大太今令干千体休析折侯候遣遗博搏拔拨治冶免兔鸟乌刀力戊戌灸炙晴睛坏环";
/// What a model writes that loses its place.
const STRAY: [&str; 8] = [" and ", "的的的", "\u{FFFD}\u{FFFD}", "锟斤拷", " the ", "，，", "\u{200B}", "□□"];
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";
const TITLES: [&str; 12] = ["先生", "女士", "师傅", "老师", "主任", "局长", "站长", "书记", "医生", "教授", "经理", "校长"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    News,
    Fiction,
    Manuals,
    Traditional,
    Verse,
    Lists,
    Lines,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    Copies,
    Advertisements,
    Misread,
    Garbled,
    Cut,
    Furniture,
    Specimen,
    Mojibake,
}

#[derive(Debug, Clone)]
pub struct Document {
    pub kind: Kind,
    pub damage: Option<Damage>,
    pub text: String,
}

/// Numbers that look drawn by lot: SplitMix64.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// One of those named, by their shares of `whole`.
    fn draw<T: Copy>(&mut self, shares: &[(T, usize)], whole: usize) -> Option<T> {
        let mut lot = self.below(whole);
        shares.iter().find_map(|&(what, share)| match lot.checked_sub(share) {
            Some(rest) => {
                lot = rest;
                None
            }
            None => Some(what),
        })
    }
}

/// What documents are made of.
pub struct Material {
    /// The clean documents of each kind: prose in paragraphs, verse and lists in one piece.
    pieces: BTreeMap<Kind, Vec<Vec<String>>>,
    /// Sentences of each kind of prose.
    sentences: BTreeMap<Kind, Vec<String>>,
    specimens: Vec<String>,
    advertisements: Vec<String>,
}

impl Material {
    /// Reads the `corpus/` of this repository.
    pub fn read() -> Result<Material, Box<dyn Error>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let mut pieces: BTreeMap<Kind, Vec<Vec<String>>> = BTreeMap::new();
        for folder in sorted(&root.join("clean"))? {
            let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let kind = FOLDERS.iter().find(|(_, names)| names.contains(&name)).map_or(Kind::Lists, |(kind, _)| *kind);
            for file in sorted(&folder)? {
                let text = fs::read_to_string(&file)?.replace("\r\n", "\n");
                let whole = matches!(kind, Kind::Verse | Kind::Lists);
                let parts = if whole { vec![text.as_str()] } else { text.lines().collect() };
                let parts = parts.into_iter().map(|part| part.trim_end().to_owned()).filter(|part| !part.is_empty());
                pieces.entry(kind).or_default().push(parts.collect());
            }
        }
        let prose = pieces.iter().filter(|(kind, _)| !matches!(kind, Kind::Verse | Kind::Lists));
        let sentences = prose.map(|(&kind, documents)| {
            let found: BTreeSet<String> = documents.iter().flatten().flat_map(|paragraph| sentences(paragraph)).collect();
            (kind, found.into_iter().collect())
        });
        let sentences = sentences.collect();
        let mut specimens = Vec::new();
        for file in sorted(&root)?.iter().filter(|file| file.extension().is_some_and(|extension| extension == "txt")) {
            specimens.push(String::from_utf8_lossy(&fs::read(file)?).into_owned());
        }
        let labelled: toml::Table = fs::read_to_string(root.join("ads/training.toml"))?.parse()?;
        let texts = labelled["text"].as_array().into_iter().flatten();
        let ads = texts.filter(|text| text.get("class").and_then(|class| class.as_str()) == Some("ad"));
        let advertisements = ads.filter_map(|text| text.get("text")?.as_str()).map(|text| text.trim().to_owned()).collect();
        Ok(Material { pieces, sentences, specimens, advertisements })
    }

    /// Documents without end.
    pub fn documents(&self, seed: u64) -> impl Iterator<Item = Document> + '_ {
        let mut dice = Dice::new(seed);
        std::iter::repeat_with(move || {
            // What one document draws does not move the next ones.
            let mut own = Dice::new(dice.below(usize::MAX) as u64);
            self.document(&mut own)
        })
    }

    /// Documents of at least `bytes` in all.
    pub fn of_size(&self, bytes: usize, seed: u64) -> impl Iterator<Item = Document> + '_ {
        let mut made = 0;
        self.documents(seed).take_while(move |document| {
            let wanted = made < bytes;
            made += document.text.len();
            wanted
        })
    }

    fn document(&self, dice: &mut Dice) -> Document {
        let kind = dice.draw(&KINDS, 100).unwrap_or(Kind::News);
        let damage = dice.draw(&DAMAGES, 1000);
        let size = DOCUMENT / 2 + dice.below(DOCUMENT);
        let mut paragraphs = match kind {
            Kind::Verse | Kind::Lists => self.whole(kind, size, dice),
            Kind::Lines => {
                let family = dice.pick(&[&Kind::News, &Kind::Fiction, &Kind::Manuals, &Kind::News]);
                self.prose(*family, size, dice)
            }
            _ => self.prose(kind, size, dice),
        };
        let turn = dice.below(SURNAMES.chars().count());
        paragraphs.iter_mut().for_each(|paragraph| *paragraph = varied(paragraph, turn, dice));
        if let Some(damage) = damage {
            self.damage(damage, &mut paragraphs, dice);
        }
        let blank_between = matches!(kind, Kind::Verse | Kind::Lists) || dice.below(2) == 0;
        if kind == Kind::Lines {
            let (measure, indent) = (MEASURES[dice.below(MEASURES.len())], dice.below(2) == 0);
            paragraphs.iter_mut().for_each(|paragraph| *paragraph = broken(paragraph, measure, indent));
        }
        let mut text = paragraphs.join(if blank_between { "\n\n" } else { "\n" });
        text.push('\n');
        if damage == Some(Damage::Furniture) {
            text = with_furniture(&text, dice);
        }
        Document { kind, damage, text }
    }

    /// Runs of paragraphs of a family; a sentence comes once, whether in its own paragraph or in one that is put together anew.
    fn prose(&self, kind: Kind, size: usize, dice: &mut Dice) -> Vec<String> {
        let (documents, mut sentences) =
            (&self.pieces[&kind], self.sentences[&kind].iter().map(String::as_str).collect::<Vec<_>>());
        dice.shuffle(&mut sentences);
        let mut sentences = sentences.into_iter();
        let (mut paragraphs, mut made, mut seen) = (Vec::new(), 0, HashSet::new());
        for _ in 0..40 {
            if made >= size {
                break;
            }
            let document = &documents[dice.below(documents.len())];
            let run = &document[dice.below(document.len())..];
            for own in &run[..run.len().min(3 + dice.below(10))] {
                let anew = own.chars().count() > 60 && dice.below(2) == 0;
                let count = if anew { 2 + dice.below(4) } else { 0 };
                let mut paragraph =
                    sentences.by_ref().filter(|sentence| !seen.contains(*sentence)).take(count).collect::<String>();
                if paragraph.is_empty() {
                    paragraph.clone_from(own);
                }
                if made < size && sentences_of(&paragraph).all(|sentence| !seen.contains(sentence)) {
                    seen.extend(sentences_of(&paragraph).map(str::to_owned));
                    made += paragraph.len();
                    paragraphs.push(paragraph);
                }
            }
        }
        // It does not end with a heading.
        while paragraphs.len() > 1 && paragraphs.last().is_some_and(|last| !last.ends_with(['。', '！', '？', '”', '」'])) {
            paragraphs.pop();
        }
        paragraphs
    }

    /// Whole documents, none twice.
    fn whole(&self, kind: Kind, size: usize, dice: &mut Dice) -> Vec<String> {
        let mut pieces: Vec<&String> = self.pieces[&kind].iter().flatten().collect();
        dice.shuffle(&mut pieces);
        let mut made = 0;
        pieces.retain(|piece| {
            let wanted = made < size;
            made += piece.len();
            wanted
        });
        pieces.into_iter().cloned().collect()
    }

    fn damage(&self, damage: Damage, paragraphs: &mut Vec<String>, dice: &mut Dice) {
        let at = dice.below(paragraphs.len().max(1));
        let Some(paragraph) = paragraphs.get(at).cloned() else { return };
        let chars: Vec<char> = paragraph.chars().collect();
        match damage {
            Damage::Copies => {
                let many = 1 + dice.below(3.min(paragraphs.len() - at));
                let block = paragraphs[at..at + many].to_vec();
                let to = at + many + dice.below(paragraphs.len() - at - many + 1);
                paragraphs.splice(to..to, block);
            }
            Damage::Advertisements => {
                for _ in 0..=dice.below(2) {
                    let advertisement = self.advertisements[dice.below(self.advertisements.len())].clone();
                    paragraphs.insert(at + dice.below(paragraphs.len() - at) + 1, advertisement);
                }
            }
            Damage::Misread => paragraphs.iter_mut().for_each(|paragraph| *paragraph = misread(paragraph, dice)),
            Damage::Garbled => {
                for _ in 0..=dice.below(4) {
                    let at = dice.below(paragraphs.len());
                    let mut chars: Vec<char> = paragraphs[at].chars().collect();
                    let place = dice.below(chars.len().max(1));
                    chars.splice(place..place, dice.pick(&STRAY).chars());
                    paragraphs[at] = chars.into_iter().collect();
                }
            }
            Damage::Cut => {
                let place = chars.len() / 3 + dice.below(chars.len() / 3 + 1);
                let (head, tail) = chars.split_at(place);
                paragraphs[at] = format!("{}\n\n{}", head.iter().collect::<String>(), tail.iter().collect::<String>());
            }
            Damage::Specimen => paragraphs.insert(at, self.specimens[dice.below(self.specimens.len())].trim_end().to_owned()),
            // The bytes of UTF-8, taken for those of Latin-1.
            Damage::Mojibake => paragraphs[at] = paragraph.bytes().map(char::from).collect(),
            Damage::Furniture => {}
        }
    }
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let read = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = read.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The sentences of a paragraph that can stand elsewhere: those without quotations and brackets, which may go on in the next one.
fn sentences(paragraph: &str) -> Vec<String> {
    if paragraph.contains(['“', '”', '「', '」', '（', '）', '《', '》', '：']) || !paragraph.ends_with('。') {
        return Vec::new();
    }
    let numbered =
        |sentence: &str| sentence.starts_with(|c: char| !('\u{4E00}'..='\u{9FFF}').contains(&c) || "第一二三四五".contains(c));
    let movable = |sentence: &&str| sentence.chars().count() >= 10 && !numbered(sentence);
    sentences_of(paragraph).filter(movable).map(str::to_owned).collect()
}

fn sentences_of(paragraph: &str) -> impl Iterator<Item = &str> {
    paragraph.split_inclusive(['。', '！', '？'])
}

/// The text with other numbers, days and surnames, so that no two documents tell the same.
fn varied(text: &str, turn: usize, dice: &mut Dice) -> String {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        if digits > 0 {
            let kept = at == 0 || chars[at - 1] == '\n' || digits == 1;
            if kept {
                out.extend(&chars[at..at + digits]);
            } else {
                out.push_str(&number(&chars[at..at + digits], chars.get(at + digits), dice));
            }
            at += digits;
            continue;
        }
        let c = chars[at];
        at += 1;
        let rest = &chars[at..];
        let among = |c: Option<&char>| c.is_some_and(|c| "十百千万亿".contains(*c));
        let titled = || TITLES.iter().any(|title| title.chars().eq(rest.iter().take(2).copied()));
        let of_a_day = || rest.iter().take(4).any(|c| "年月日号".contains(*c));
        match surnames.iter().position(|&surname| surname == c) {
            Some(index) if titled() => out.push(surnames[(index + turn) % surnames.len()]),
            _ if "二三四五六七八九".contains(c) && among(rest.first()) && !of_a_day() => {
                out.push("二三四五六七八九".chars().nth(dice.below(8)).unwrap_or(c));
            }
            _ => out.push(c),
        }
    }
    out
}

/// Another number for `digits`, one that can stand before `next`.
fn number(digits: &[char], next: Option<&char>, dice: &mut Dice) -> String {
    let most = match next {
        Some('月') => 12,
        Some('日' | '号') => 28,
        Some('时' | '点' | ':' | '：') => 23,
        Some('分' | '秒') => 59,
        _ => 0,
    };
    if most > 0 && digits.len() == 2 {
        return (1 + dice.below(most)).to_string();
    }
    let century = digits.len() == 4 && matches!(digits, ['1', '9', ..] | ['2', '0', ..]);
    let draw = |(at, &digit): (usize, &char)| match (at, digit) {
        (0 | 1, _) if century => digit,
        (0, '0') => '0',
        (0, _) => char::from(b'1' + dice.below(9) as u8),
        _ => char::from(b'0' + dice.below(10) as u8),
    };
    digits.iter().enumerate().map(draw).collect()
}

/// About one in two hundred of the characters that have a look-alike, taken for it.
fn misread(text: &str, dice: &mut Dice) -> String {
    let alike: Vec<char> = ALIKE.chars().collect();
    let other = |c: char| match alike.iter().position(|&a| a == c) {
        Some(index) if dice.below(20) == 0 => alike[index ^ 1],
        _ => c,
    };
    text.chars().map(other).collect()
}

/// A paragraph in lines of `measure` columns: Latin words stay whole, and no line begins with a mark that closes.
fn broken(paragraph: &str, measure: usize, indent: bool) -> String {
    let mut out = String::with_capacity(paragraph.len() + paragraph.len() / 10);
    for line in paragraph.split('\n') {
        if !out.is_empty() {
            out.push('\n');
        }
        let mut column = 0;
        if indent && !line.is_empty() {
            out.push_str("\u{3000}\u{3000}");
            column = 4;
        }
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let word = rest.find(|c: char| !c.is_ascii_graphic()).unwrap_or(rest.len()).max(first.len_utf8());
            let (unit, after) = rest.split_at(word);
            let width: usize = unit.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            if column > 0 && column + width > measure && !"，。、；：！？”’」』）》】…— ".contains(first) {
                out.push('\n');
                column = 0;
            }
            out.push_str(unit);
            column += width;
            rest = after;
        }
    }
    out
}

/// A running head and a page number after every so many lines.
fn with_furniture(text: &str, dice: &mut Dice) -> String {
    let (every, mut page) = (8 + dice.below(20), 1 + dice.below(300));
    let mut out = String::with_capacity(text.len() + 200);
    for (index, line) in text.lines().enumerate() {
        out.push_str(line);
        out.push('\n');
        if index % every == every - 1 {
            out.push_str(&format!("— {page} —\n\u{c}清溪县志\n"));
            page += 1;
        }
    }
    out
}
