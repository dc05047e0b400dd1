//! No text takes out of proportion long: what a byte costs does not grow with the text, and texts made to be hard cost little more
//! than ordinary ones.
//!
//! `JIAOKAN_LINEAR=10 cargo test --release --test linear -- --nocapture` takes texts of 10 MB, not the small ones, and tells of each.

#[path = "../benches/mixed/text.rs"]
mod mixed;

use jiaokan::edit::Applicability;
use jiaokan::pass::Pipeline;
use jiaokan::rule::Pack;
use jiaokan::text::Source;
use mixed::{Dice, Material};
use std::sync::LazyLock;
use std::time::Instant;

/// What a text is, and how it is made of a size.
type Text = (&'static str, fn(usize) -> String);

/// The texts that a byte of must not cost more than [`MOST`] times a byte of ordinary text.
const HARD: &[Text] = &[
    ("one line", |size| mixed_text(size).replace(['\n', ' '], "")),
    ("empty lines", |size| unit("\n", size)),
    ("lines of one character", |size| unit("水\n", size)),
    ("one paragraph again and again", |size| unit(&format!("{PARAGRAPH}\n\n"), size)),
    ("nested quotes", |size| [unit("“", size / 2), unit("”", size / 2)].concat()),
];

/// Worse texts, which must not cost more than [`MOST`] times what the pages of `corpus/*.txt` cost, where damage is dense.
const WORSE: &[Text] = &[
    ("lines of one character, all sorts", |size| drawn(size, |dice| format!("{}\n", han(dice)))),
    ("lines of one letter", |size| unit("a\n", size)),
    ("empty lines as in DOS", |size| unit("\r\n", size)),
    ("one paragraph in one line", |size| unit(PARAGRAPH, size)),
    ("near copies of a paragraph", |size| drawn(size, |dice| near(dice) + "\n\n")),
    ("numbered copies", |size| numbered(size, |n| format!("第{n}条　{PARAGRAPH}\n\n"))),
    ("paragraphs that grow", |size| numbered(size, |n| PARAGRAPH.chars().cycle().take(n).chain(['\n', '\n']).collect())),
    ("the same pages over and over", |size| unit(&mixed_text(25_000), size)),
    ("corner quotes", |size| [unit("「『", size / 2), unit("』」", size / 2)].concat()),
    ("brackets in brackets", |size| [unit("（", size / 2), unit("）", size / 2)].concat()),
    ("quotes that open", |size| unit("“他说：", size)),
    ("quotes that close", |size| unit("他说”", size)),
    ("quotes of Markdown", |size| numbered(size, |n| format!("{} 引文\n", ">".repeat(n % 400)))),
    ("round brackets", |size| unit("(", size)),
    ("links of Markdown", |size| unit("[a](", size)),
    ("square brackets", |size| [unit("[", size / 2), unit("]", size / 2)].concat()),
    ("backquotes", |size| numbered(size, |n| format!("{}a", "`".repeat(n % 300 + 1)))),
    ("stars", |size| unit("**水", size)),
    ("fences", |size| unit("```\n", size)),
    ("tags", |size| unit("<div>", size)),
    ("comments", |size| unit("<!--", size)),
    ("formulas", |size| unit("\\(x $", size)),
    ("lists in lists", |size| numbered(size, |n| format!("{}- 水\n", " ".repeat(2 * (n % 500))))),
    ("notes", |size| numbered(size, |n| format!("[^{n}]: 水\n"))),
    ("one character", |size| unit("水", size)),
    ("the commonest character", |size| unit("的", size)),
    ("one letter", |size| unit("a", size)),
    ("digits", |size| unit("7", size)),
    ("telephone numbers", |size| unit("13569112007 ", size)),
    ("addresses", |size| unit("https://example.com/a?b=c ", size)),
    ("one address", |size| format!("https://example.com/{}", unit("a", size))),
    ("words", |size| unit("the ", size)),
    ("blanks", |size| unit(" ", size)),
    ("wide blanks", |size| unit("\u{3000}", size)),
    ("wide blanks between characters", |size| unit("\u{3000}水", size)),
    ("spaced characters", |size| drawn(size, |dice| format!("{} ", han(dice)))),
    ("commas", |size| unit("，", size)),
    ("narrow commas", |size| unit("水,", size)),
    ("dots", |size| unit("……", size)),
    ("scripts by turns", |size| unit("水aы7あ", size)),
    ("words between characters", |size| unit("河道 and 河堤", size)),
    ("characters at random", |size| drawn(size, |dice| han(dice).to_string())),
    ("lines at random", |size| drawn(size, |dice| (0..20).map(|_| han(dice)).chain(['\n']).collect())),
    ("any characters at all", |size| {
        drawn(size, |dice| char::from_u32(dice.below(0x11_0000) as u32).unwrap_or('水').to_string())
    }),
    ("marks that combine", |size| unit("水\u{301}\u{301}", size)),
    ("characters without width", |size| unit("水\u{200B}", size)),
    ("NUL", |size| unit("水\0", size)),
    ("brackets in pairs", |size| unit("（“”）", size)),
    ("phrases and commas", |size| unit("班车、", size)),
    ("openers", |size| unit("本报讯（记者李木）", size)),
    ("copies far apart", |size| {
        let lines = numbered(size / 2, |n| format!("第{n}号河堤由第{}组巡查，每天走{}遍，一共{}人。\n\n", n * 7, n * 13, n * 31));
        lines.repeat(2)
    }),
    ("radicals", |size| unit("⼈⺠", size)),
    ("lost characters", |size| unit("水\u{FFFD}", size)),
    ("mojibake of GBK", |size| {
        let text = mixed_text(size * 2 / 3);
        encoding_rs::GBK.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }),
    ("mojibake", |size| mixed_text(size / 3).bytes().map(char::from).collect()),
    ("the same damage", |size| unit("锟斤拷", size)),
    ("advertisements", |size| unit("急售：南关小学旁二楼，98平方米，46万，可贷款。13569112007\n\n", size)),
    ("lines that end with a hyphen", |size| unit("inter-\nnational ", size)),
    ("lines cut", |size| drawn(size, |dice| PARAGRAPH.chars().skip(dice.below(20)).take(14).chain(['\n']).collect())),
    ("pages", |size| numbered(size, |n| format!("水位还在上涨，\n— {n} —\n\u{C}清溪县志\n"))),
    ("a table of many columns", |size| unit(&format!("{}\n", unit("|水", 40_000)), size)),
    ("a table of many rows", |size| format!("|a|b|\n|-|-|\n{}", unit("|水|7|\n", size))),
    ("tabs", |size| unit(&format!("{}\n", unit("水\t", 40_000)), size)),
    ("a word in two lengths", |size| fibonacci(size)),
    ("headings", |size| numbered(size, |n| format!("第{n}章 水\n\n"))),
];

/// Those that are known to cost more, with the most that they may cost instead.
const KNOWN: &[(&str, f64)] = &[
    ("mojibake of GBK", 20.0),
    ("lines of one character, all sorts", 9.0),
    ("characters at random", 9.0),
    ("lines at random", 9.0),
];

const MOST: f64 = 3.0;
/// A byte may cost this many times as much in a text of eight times the size; if the time grew with the square, it would cost eight
/// times as much. What costs less than what is usual may grow: a part of that are tables of what was seen.
const GROWTH: f64 = 2.0;
/// The same in a text of twice the size, where it would be twice as much.
const GROWTH_ON: f64 = 1.5;
const PARAGRAPH: &str = "清溪大桥建成于一九八七年，全长六百一十米，是连接老城与东关的主要通道，每天有四万多辆车从桥上经过。";

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::new(&Pack::built_in().unwrap()).unwrap());
static MATERIAL: LazyLock<Material> = LazyLock::new(|| Material::read().unwrap());
static HAN: LazyLock<Vec<char>> =
    LazyLock::new(|| mixed_text(200_000).chars().filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).collect());

fn mixed_text(size: usize) -> String {
    MATERIAL.of_size(size, 7).map(|document| document.text).collect()
}

fn unit(unit: &str, size: usize) -> String {
    unit.repeat(size.div_ceil(unit.len()))
}

fn numbered(size: usize, piece: impl Fn(usize) -> String) -> String {
    let (mut text, mut number) = (String::new(), 0);
    while text.len() < size {
        text += &piece(number);
        number += 1;
    }
    text
}

fn drawn(size: usize, piece: impl Fn(&mut Dice) -> String) -> String {
    let (mut text, mut dice) = (String::new(), Dice::new(1));
    while text.len() < size {
        text += &piece(&mut dice);
    }
    text
}

/// A common character, as often as text has it.
fn han(dice: &mut Dice) -> char {
    HAN[dice.below(HAN.len())]
}

/// The paragraph with three characters changed.
fn near(dice: &mut Dice) -> String {
    let mut chars: Vec<char> = PARAGRAPH.chars().collect();
    for _ in 0..3 {
        let place = dice.below(chars.len());
        chars[place] = han(dice);
    }
    chars.into_iter().collect()
}

fn fibonacci(size: usize) -> String {
    let (mut before, mut word) = ("水".to_owned(), "水火".to_owned());
    while word.len() < size {
        (before, word) = (word.clone(), word + &before);
    }
    word
}

/// Nanoseconds that this thread has run, where the system tells; else on the clock.
fn now(start: Instant) -> u128 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let own = told.and_then(|line| line.split_whitespace().next()?.parse().ok());
    own.unwrap_or_else(|| start.elapsed().as_nanos())
}

/// What a byte of texts costs, in nanoseconds. What takes no time is done over and over: the system counts in steps.
fn cost<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> f64 {
    const LEAST: u128 = 100_000_000;
    let sources: Vec<Source> = texts.map(|text| Source::from_text("text", text)).collect();
    let bytes: usize = sources.iter().map(|source| source.text().len()).sum();
    let (start, mut runs) = (Instant::now(), 0);
    let before = now(start);
    loop {
        for source in &sources {
            std::hint::black_box(PIPELINE.revise(source.clone(), Applicability::Auto));
        }
        runs += 1;
        let spent = now(start) - before;
        if spent >= LEAST {
            return spent as f64 / (bytes * runs) as f64;
        }
    }
}

#[test]
fn no_text_takes_out_of_proportion_long() {
    let size: usize = match std::env::var("JIAOKAN_LINEAR").ok().and_then(|size| size.parse::<usize>().ok()) {
        Some(size) => size * 1_000_000,
        None => 400_000,
    };
    LazyLock::force(&PIPELINE);
    let ordinary: Vec<String> = MATERIAL.of_size(size, 7).map(|document| document.text).collect();
    let dense: String = MATERIAL.specimens().iter().map(|text| format!("{text}\n\n")).collect();
    let usual = cost(ordinary.iter().map(String::as_str));
    let damaged = cost([dense.as_str()].into_iter());
    println!("{usual:9.0} ns a byte of ordinary text, {damaged:.0} of damaged pages");
    let mut slow = Vec::new();
    let groups = [(HARD, usual), (WORSE, damaged)];
    for (&(name, make), yardstick) in groups.iter().flat_map(|(group, cost)| group.iter().map(|text| (text, *cost))) {
        let most = KNOWN.iter().find(|known| known.0 == name).map_or(MOST, |known| known.1);
        let (small, large) = (make(size / 8), make(size));
        // A machine may be busy: what is out of bounds is measured again.
        for last in [false, false, true] {
            let (before, after) = (cost([small.as_str()].into_iter()), cost([large.as_str()].into_iter()));
            let (times, growth) = (after / yardstick, after / before);
            println!("{after:9.0} ns a byte, {times:6.2} times, grown {growth:5.2}: {name}");
            // What grows only until a window is full does not grow on.
            let grows = || growth > GROWTH && times > 1.0 && cost([make(size * 2).as_str()].into_iter()) / after > GROWTH_ON;
            let problem = match () {
                () if times > most => format!("{times:.2} times what is usual"),
                () if grows() => format!("{growth:.2} times that of an eighth of the size"),
                () => break,
            };
            if last {
                slow.push(format!("{name}: {after:.0} ns a byte, {problem}"));
            }
        }
    }
    assert!(slow.is_empty(), "these take too long:\n{}", slow.join("\n"));
}
