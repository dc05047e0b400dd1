//! Text that nobody thought of.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::path::Path;
use std::sync::LazyLock;

/// The specimens, by name.
pub static SPECIMENS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|extension| extension == "txt"));
    let mut specimens: Vec<_> = texts.map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap())).collect();
    specimens.sort();
    assert!(!specimens.is_empty());
    specimens
});

/// Pieces of text that rules look at.
const PIECES: &[&str] = &[
    "，",
    "。",
    "、",
    "；",
    "：",
    "！",
    "？",
    "“",
    "”",
    "‘",
    "’",
    "（",
    "）",
    "《",
    "》",
    "【",
    "】",
    "「",
    "」",
    "…",
    "——",
    "·",
    ",",
    ".",
    ";",
    ":",
    "!",
    "?",
    "(",
    ")",
    "\"",
    "'",
    "-",
    "/",
    "%",
    "`",
    "|",
    "#",
    "*",
    ">",
    " ",
    "  ",
    "\u{3000}",
    "\u{A0}",
    "\t",
    "and",
    " and ",
    "the",
    " of ",
    "Rock",
    "e",
    "A4",
    "1",
    "25",
    "2026",
    "12公里",
    "2 月 25 日",
    "3月1日",
    "第12页",
    "- 12 -",
    "0391-8192467",
    "13800000000",
    "①3",
    "（12）",
    "(3)",
    "②",
    "（一）",
    "一、",
    "1. ",
    "• ",
    "# ",
    "| ",
    "```",
    "> ",
    "本报讯（记者李木）",
    "本报讯 （记者 李木）",
    "【本報訊】",
    "新华社柳河3月1日电",
    "（下转第二版）",
    "(上接第1版)",
    "图为培训现场。李木 摄",
    "本报记者 李木",
    "责任编辑 李木",
    "扫描二维码 看现场视频",
    "咨询电话 8823456 广告",
    "首付20万元起 精装现房",
    "柳岸新城 （房）预售证第2031号",
    "县里召开会议",
    "一同督",
    "导了防汛物资",
    "河道整治",
    "镇 里 的 具 体 安 排",
    "班车、班车、班车",
    "落地落地",
    "项目(工程)项目",
    "来，借书的孩子",
    "研究研究",
    "的各项措施",
    "今年春天新添了八台制茶机，茶农不用再连夜排队等候加工。",
    "\n",
    "\n",
    "\n\n",
    "\n\n\n\n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    "\u{C}",
    "\n\u{C}",
    "\0",
    "\u{8}",
    "\u{FFFD}",
    "锟斤拷",
    "烫烫烫",
    "\u{200B}",
    "\u{FEFF}",
    "\u{AD}",
    "\u{200D}",
    "\u{2028}",
    "\u{85}",
    "⼈",
    "⺠",
    "樂",
    "︁",
    "𠮷",
    "𪚥",
    "e\u{301}",
    "\u{CA}\u{304}",
    "👨\u{200D}👩\u{200D}👧",
    "🏳️‍🌈",
    "㎡",
    "囧",
    "臺灣",
    "學生",
];

/// Lines of running text, to be cut anywhere.
const PROSE: &str = "会上县水利局汇报了今年的河道整治情况与会人员到现场查看了新修的河堤并一同督导了防汛物资的储备工作大家认为今年的准备比往年更充分责任也更明确镇里的具体安排上来采取措施收茶的商贩也比往年来得早";

fn prose() -> impl Strategy<Value = String> {
    (any::<Index>(), 1..24usize).prop_map(|(from, count)| {
        let chars: Vec<char> = PROSE.chars().collect();
        let from = from.index(chars.len());
        chars.iter().cycle().skip(from).take(count).collect()
    })
}

/// Anything out of the pieces, with prose between.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => select(PIECES).prop_map(String::from),
        4 => prose(),
        1 => any::<char>().prop_map(String::from),
        1 => (select(PIECES), 2..40usize).prop_map(|(piece, count)| piece.repeat(count)),
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Prose in lines of one width, as a column has them, with pieces strewn in.
fn column() -> impl Strategy<Value = String> {
    let parts = vec(prop_oneof![5 => prose(), 2 => select(PIECES).prop_map(String::from)], 4..50);
    (parts, 6..28usize, select(&["\n", "\r\n", "\r", "\n\n"][..]))
        .prop_map(|(parts, width, end)| rewrap(&parts.concat(), width, end))
}

fn rewrap(text: &str, width: usize, end: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(width).map(|line| line.iter().collect::<String>() + end).collect()
}

/// What to do to the lines of a specimen.
#[derive(Debug, Clone)]
enum Harm {
    Move(Index, Index),
    Double(Index, Index),
    Drop(Index),
    Cut(Index, Index),
    Insert(Index, &'static str),
    Blank(Index),
    Rewrap(usize),
    End(&'static str),
}

fn harm() -> impl Strategy<Value = Harm> {
    let place = || any::<Index>();
    prop_oneof![
        3 => (place(), place()).prop_map(|(a, b)| Harm::Move(a, b)),
        3 => (place(), place()).prop_map(|(a, b)| Harm::Double(a, b)),
        2 => place().prop_map(Harm::Drop),
        3 => (place(), place()).prop_map(|(a, b)| Harm::Cut(a, b)),
        2 => (place(), select(PIECES)).prop_map(|(a, piece)| Harm::Insert(a, piece)),
        2 => place().prop_map(Harm::Blank),
        1 => (8..40usize).prop_map(Harm::Rewrap),
        1 => select(&["\n", "\r\n", "\r"][..]).prop_map(Harm::End),
    ]
}

/// Some lines of a specimen or two, shuffled, doubled, cut and wrapped anew.
fn harmed_specimen() -> impl Strategy<Value = String> {
    let part = || (any::<Index>(), any::<Index>(), 1..40usize);
    (vec(part(), 1..3), vec(harm(), 0..8)).prop_map(|(parts, harms)| {
        let mut lines: Vec<String> = Vec::new();
        for (which, from, count) in parts {
            let text = &SPECIMENS[which.index(SPECIMENS.len())].1;
            let all: Vec<&str> = text.lines().collect();
            let from = from.index(all.len());
            lines.extend(all[from..all.len().min(from + count)].iter().map(|&line| line.to_owned()));
        }
        let mut end = "\n";
        for harm in harms {
            if lines.is_empty() {
                break;
            }
            let count = lines.len();
            match harm {
                Harm::Move(a, b) => lines.swap(a.index(count), b.index(count)),
                Harm::Double(a, b) => lines.insert(b.index(count), lines[a.index(count)].clone()),
                Harm::Drop(a) => drop(lines.remove(a.index(count))),
                Harm::Blank(a) => lines.insert(a.index(count), String::new()),
                Harm::Insert(a, piece) => lines[a.index(count)].push_str(piece),
                Harm::Cut(a, b) => {
                    let line = a.index(count);
                    let at = lines[line].char_indices().nth(b.index(40)).map_or(lines[line].len(), |(at, _)| at);
                    let rest = lines[line].split_off(at);
                    lines.insert(line + 1, rest);
                }
                Harm::Rewrap(width) => lines = rewrap(&lines.join("\n"), width, "\n").lines().map(String::from).collect(),
                Harm::End(style) => end = style,
            }
        }
        lines.join(end)
    })
}

/// Any text.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => soup(),
        3 => column(),
        5 => harmed_specimen(),
        1 => any::<String>(),
        1 => vec(select(PIECES), 0..6).prop_map(|pieces| pieces.concat()),
    ]
}
