//! Copies planted in clean text: which of them are found, which one of the two goes, and what is left alone.

mod corpus;

use jiaokan::edit::{Applicability, Finding, State};
use jiaokan::pass::Pipeline;
use jiaokan::rule::Pack;
use jiaokan::text::Source;
use std::sync::LazyLock;

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::new(&Pack::built_in().unwrap()).unwrap());

/// Characters as they are, and as they are misread.
const MISREADS: &[(char, char)] = &[
    ('已', '己'),
    ('未', '末'),
    ('天', '夭'),
    ('人', '入'),
    ('大', '犬'),
    ('日', '曰'),
    ('土', '士'),
    ('年', '牛'),
    ('好', '妤'),
    ('岸', '岺'),
    ('道', '迺'),
    ('来', '釆'),
    ('的', '旳'),
    ('在', '茌'),
    ('是', '昰'),
    ('有', '冇'),
    ('了', '亍'),
    ('这', '迲'),
    ('们', '仉'),
    ('时', '吋'),
    ('上', '卜'),
    ('地', '坨'),
];

/// What becomes of a copy.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Harm {
    Exact,
    Noisy,
    Respaced,
    Wrapped,
    Cut,
    Block,
}

const HARMS: [Harm; 6] = [Harm::Exact, Harm::Noisy, Harm::Respaced, Harm::Wrapped, Harm::Cut, Harm::Block];

/// Paragraphs of prose, from all documents of `corpus/clean/`.
fn paragraphs() -> Vec<String> {
    let prose = |line: &&str| {
        let (chars, marks) = (line.chars().count(), line.matches(['，', '。']).count());
        (45..=200).contains(&chars)
            && line.ends_with('。')
            && !line.starts_with(char::is_whitespace)
            && chars > marks * 6
            && marks > 2
    };
    let documents = corpus::documents("clean");
    let mut found: Vec<String> = documents.values().flat_map(|text| text.lines().filter(prose).map(str::to_owned)).collect();
    found.dedup();
    found
}

/// The copy of a paragraph, harmed. `turn` says which of its characters suffer.
fn harmed(text: &str, harm: Harm, turn: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    match harm {
        Harm::Exact | Harm::Block => text.to_owned(),
        Harm::Noisy => {
            let mut left = 4;
            let misread = |(at, c): (usize, char)| match MISREADS.iter().find(|m| m.0 == c) {
                Some(&(_, wrong)) if left > 0 && at > 3 && at + 3 < chars.len() => {
                    left -= 1;
                    wrong
                }
                _ => c,
            };
            chars.iter().copied().enumerate().map(misread).collect()
        }
        Harm::Respaced => {
            chars.iter().enumerate().flat_map(|(at, &c)| [Some(c), ((at + turn) % 7 == 0).then_some(' ')]).flatten().collect()
        }
        Harm::Wrapped => {
            let middle = chars.len() / 2 + turn % 5;
            let (head, tail) = chars.split_at(middle);
            format!("{}\n{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
        }
        Harm::Cut => {
            let end = chars.len() - 6 - turn % 8;
            let end = (end - 6..end).rev().find(|&at| chars[at - 1].is_alphabetic() && chars[at].is_alphabetic()).unwrap_or(end);
            chars[..end].iter().collect()
        }
    }
}

/// Findings of copies, the applied ones or all with an edit.
fn copies(text: &str) -> Vec<Finding> {
    let revision = PIPELINE.revise(Source::from_text("planted", text), Applicability::Auto);
    revision.findings.into_iter().filter(|f| *f.rule == *"dedupe/copy" && f.state <= State::Proposed).collect()
}

/// How many copies of a kind were planted and found.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    planted: usize,
    applied: usize,
    proposed: usize,
    /// The document comes out as it was.
    right: usize,
    /// Something is lost.
    lost: usize,
}

/// The characters of a text without its blanks, in order.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    letters.sort_unstable();
    letters
}

/// Plants a copy after, or before, paragraphs of a document and looks at what becomes of both.
fn plant(paragraphs: &[String], harm: Harm, copy_first: bool) -> Tally {
    let mut tally = Tally::default();
    for (turn, document) in paragraphs.chunks_exact(8).enumerate() {
        let count = if harm == Harm::Block { 2 } else { 1 };
        let copy: Vec<String> = document[3..3 + count].iter().map(|text| harmed(text, harm, turn)).collect();
        let copy = copy.join("\n\n");
        let kept = document[3..3 + count].join("\n\n");
        if harm == Harm::Noisy && copy.chars().zip(kept.chars()).filter(|(a, b)| a != b).count() < 3 {
            continue;
        }
        let mut lines = document.to_vec();
        let between = turn % 3;
        let at = if copy_first { 3 - between } else { 3 + count + between };
        lines.insert(at, copy.clone());
        let text = lines.join("\n\n") + "\n";
        tally.planted += 1;
        let mut left = text.clone();
        for finding in copies(&text).iter().rev() {
            match finding.state {
                State::Applied => tally.applied += 1,
                _ => tally.proposed += 1,
            }
            left.replace_range(finding.span.start..finding.span.end, "");
        }
        let whole = document.join("\n\n") + "\n";
        // Where both copies say the same, either may stay, and the paragraphs may stand in another order.
        let same = match harm {
            Harm::Noisy | Harm::Cut => left == whole,
            Harm::Exact | Harm::Respaced | Harm::Wrapped | Harm::Block => letters(&left) == letters(&whole),
        };
        tally.right += usize::from(same);
        let halves = |paragraph: &String| harm == Harm::Wrapped && left.replace('\n', "").contains(paragraph);
        tally.lost +=
            usize::from(harm != Harm::Noisy && harm != Harm::Respaced && !document.iter().all(|p| left.contains(p) || halves(p)));
    }
    tally
}

#[test]
fn planted_copies_are_found_and_the_better_one_stays() {
    let paragraphs = paragraphs();
    assert!(paragraphs.len() > 150, "{} paragraphs", paragraphs.len());
    let mut complaints = Vec::new();
    for harm in HARMS {
        for copy_first in [false, true] {
            let tally = plant(&paragraphs, harm, copy_first);
            println!("{harm:?}, copy first {copy_first}: {tally:?}");
            let found = tally.applied + tally.proposed;
            let floors = [
                (tally.lost == 0, "text is lost"),
                (found * 100 >= tally.planted * 80, "fewer than 80 % are found"),
                (tally.applied * 100 >= tally.planted * 65, "fewer than 65 % are removed"),
                (tally.right * 100 >= tally.planted * 80, "the document comes out as it was in fewer than 80 %"),
            ];
            complaints.extend(floors.iter().filter(|floor| !floor.0).map(|floor| format!("{harm:?} {copy_first}: {}", floor.1)));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Pairs of paragraphs that differ in a digit, a number word or one character that reads well: nothing goes on its own.
#[test]
fn variants_stay() {
    const CHANGES: &[(&str, &str)] = &[
        ("一", "二"),
        ("两", "三"),
        ("三", "五"),
        ("十", "百"),
        ("东", "西"),
        ("南", "北"),
        ("男", "女"),
        ("早", "晚"),
        ("春", "秋"),
        ("左", "右"),
        ("多", "少"),
        ("前", "后"),
        ("老", "小"),
        ("他", "她"),
    ];
    let paragraphs = paragraphs();
    let (mut planted, mut gone) = (0, Vec::new());
    for document in paragraphs.chunks_exact(8) {
        let variant = CHANGES.iter().find_map(|(a, b)| document[2].contains(a).then(|| document[2].replacen(a, b, 1)));
        let Some(variant) = variant else { continue };
        let mut lines = document.to_vec();
        lines.insert(4, variant.clone());
        planted += 1;
        let applied = copies(&(lines.join("\n\n") + "\n")).into_iter().filter(|finding| finding.state == State::Applied);
        gone.extend(applied.map(|finding| format!("{}: {variant}", finding.message)));
    }
    println!("{planted} planted, {} gone", gone.len());
    assert!(planted > 10 && gone.len() * 50 <= planted, "{} of {planted} gone:\n{}", gone.len(), gone.join("\n"));
}
