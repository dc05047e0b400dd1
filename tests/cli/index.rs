//! `index`, and what `check` and `clean` do with one.

use crate::common::{Run, Scratch};
use serde_json::Value;

const WIRE: [&str; 3] = [
    "柳河书场今年第一场说书在镇上开讲，镇上的老人搬来板凳，把院子坐得满满当当，后来的人只好站在墙根下听。",
    "说书人姓沈，今年七十二岁，从十六岁起跟着师父走村串乡，会讲的书有三十多部，最拿手的是水浒和三国。",
    "他说，从前讲一部书要讲上两个月，如今的年轻人等不得，他就把每一部都缩成七天讲完，听的人反倒多了。",
];

/// A folder with documents in `pages`, all built-in rules on.
fn pages(documents: &[(&str, String)]) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("jiaokan.toml", "");
    documents.iter().for_each(|(path, text)| scratch.write(&format!("pages/{path}"), text));
    scratch
}

fn run(scratch: &Scratch, line: &str) -> Run {
    scratch.run_words(&line.split_whitespace().collect::<Vec<_>>(), b"")
}

/// Forty documents of which some share paragraphs, in folders whose names sort otherwise with and without their separator.
fn many() -> Scratch {
    let document = |n: usize| {
        let folder = ["a", "a-b", "a/b", "丙"][n % 4];
        let own = format!("第{n}号船今天靠岸，卸下{}袋面粉和{}捆布，船工们歇了一个钟头又往上游去了。", n * 7 % 23, n * 5 % 17);
        let shared = WIRE[n % 3].replace("今年", if n.is_multiple_of(5) { "今春" } else { "今年" });
        (format!("{folder}/{n:02}.txt"), format!("{own}\n\n{shared}\n\n请勿转载本站文字\n"))
    };
    let documents: Vec<(String, String)> = (0..40).map(document).collect();
    pages(&documents.iter().map(|(path, text)| (path.as_str(), text.clone())).collect::<Vec<_>>())
}

#[test]
fn the_same_documents_make_the_same_index() {
    let scratch = many();
    for (name, threads) in [("one", 1), ("two", 2), ("eight", 8)] {
        run(&scratch, &format!("index pages -o {name}.idx --threads {threads}")).ends(0);
    }
    let one = scratch.read("one.idx");
    assert!(one == scratch.read("two.idx") && one == scratch.read("eight.idx"));
    let files = scratch.tree("pages");
    let mut words: Vec<String> = files.iter().rev().map(|(path, _)| format!("pages/{}", path.display())).collect();
    words.rotate_left(7);
    run(&scratch, &format!("index {} -o order.idx", words.join(" "))).ends(0);
    assert!(one == scratch.read("order.idx"));
    let here = scratch.path("pages");
    run(&scratch, &format!("index {} -o absolute.idx", here.display())).ends(0);
    assert!(one == scratch.read("absolute.idx"));
}

#[test]
fn merged_parts_make_the_index_of_the_whole() {
    let scratch = many();
    run(&scratch, "index pages -o whole.idx").ends(0);
    for part in ["a", "a-b", "丙"] {
        run(&scratch, &format!("index pages/{part} -o {part}.idx")).ends(0);
    }
    run(&scratch, "index merge 丙.idx a.idx a-b.idx -o merged.idx").ends(0);
    assert!(scratch.read("whole.idx") == scratch.read("merged.idx"));
    run(&scratch, "index merge a.idx a-b.idx -o two.idx").ends(0);
    run(&scratch, "index merge two.idx 丙.idx -o again.idx").ends(0);
    assert!(scratch.read("whole.idx") == scratch.read("again.idx"));
    run(&scratch, "index merge whole.idx a.idx -o twice.idx").ends(2).complains(&["which another part has too", "pages/a/"]);
    assert!(!scratch.path("twice.idx").exists());
}

#[test]
fn files_that_are_no_index_are_told() {
    let scratch = many();
    run(&scratch, "index pages -o good.idx").ends(0);
    let good = scratch.read("good.idx");
    let mut newer = good.clone();
    newer[12] = 9;
    let mut changed = good.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let mut head = good.clone();
    head[20] ^= 1;
    scratch.write("foreign.idx", "不是索引");
    scratch.write("empty.idx", "");
    scratch.write("newer.idx", newer);
    scratch.write("changed.idx", changed);
    scratch.write("head.idx", head);
    scratch.write("short.idx", &good[..good.len() - 1]);
    scratch.write("long.idx", [good.as_slice(), b"x"].concat());
    for (name, complaint) in [
        ("foreign", "is no index"),
        ("empty", "is no index"),
        ("newer", "version 9"),
        ("changed", "checksum"),
        ("head", "checksum of its head"),
        ("short", "bytes, and should have"),
        ("long", "bytes, and should have"),
        ("missing", "cannot be read"),
    ] {
        for line in [
            "index stats {}",
            "index show {}",
            "index merge {} -o out.idx",
            "index propose {} -o rules-out",
            "check pages --index {}",
        ] {
            run(&scratch, &line.replace("{}", &format!("{name}.idx"))).ends(2).complains(&[&format!("{name}.idx"), complaint]);
        }
    }
    assert!(!scratch.path("out.idx").exists() && !scratch.path("rules-out").exists());
}

#[test]
fn a_failed_run_leaves_nothing() {
    let scratch = pages(&[("a.txt", WIRE[0].into())]);
    scratch.write("pages/b.txt", b"\xFF\xFEbad\xFF\xFF\n\xD8");
    run(&scratch, "index pages -o out/new.idx").ends(2).complains(&["b.txt"]);
    assert!(scratch.tree("out").is_empty(), "{:?}", scratch.tree("out"));
    run(&scratch, "index pages --root pages/inner -o new.idx").ends(2).complains(&["--root"]);
    run(&scratch, "index nowhere -o new.idx").ends(2).complains(&["nowhere"]);
    assert!(!scratch.path("new.idx").exists());
    run(&scratch, "index pages").ends(2).complains(&["--output"]);
}

#[test]
fn what_is_repeated_is_shown() {
    let scratch = many();
    run(&scratch, "index pages -o pages.idx").ends(0);
    run(&scratch, "index stats pages.idx").ends(0).shows(&["40  documents", "120  paragraphs"]);
    let stats: Value = serde_json::from_str(&run(&scratch, "index stats pages.idx --format json").ends(0).out).unwrap();
    assert_eq!((&stats["documents"], &stats["paragraphs"]), (&40.into(), &120.into()));
    run(&scratch, "index show pages.idx --top 1 --places 2").ends(0).shows(&[
        "40 times in 40 documents: 请勿转载本站文字",
        "pages/a-b/01.txt:5",
        "and 38 more",
    ]);
    let shown: Value = serde_json::from_str(&run(&scratch, "index show pages.idx --top 0 --format json").ends(0).out).unwrap();
    assert_eq!(shown[0]["count"], 40);
    assert_eq!(shown[0]["places"].as_array().unwrap().len(), 5);
    let near: Value =
        serde_json::from_str(&run(&scratch, "index show pages.idx --near --top 0 --format json").ends(0).out).unwrap();
    let pairs = near.as_array().unwrap();
    assert!(pairs.iter().any(|pair| pair["texts"].to_string().contains("今春") && pair["differing"] == 1), "{near:#}");
    std::fs::remove_dir_all(scratch.path("pages")).unwrap();
    run(&scratch, "index show pages.idx --top 1").ends(0).shows(&["not at hand", "--root"]);
}

/// What `clean` makes of pages with the index `pages.idx`, as path and text.
fn cleaned(scratch: &Scratch, more: &str) -> Vec<(String, String)> {
    run(scratch, "index pages -o pages.idx").ends(0);
    run(scratch, &format!("clean pages -o out --overwrite --index pages.idx {more}")).ends(0);
    let files = scratch.tree("out").into_iter().filter(|(path, _)| !path.starts_with(".jiaokan"));
    files.map(|(path, text)| (path.display().to_string(), String::from_utf8(text).unwrap())).collect()
}

fn reprints() -> Scratch {
    let wire = WIRE.join("\n\n");
    pages(&[
        ("b.txt", format!("本县消息\n\n{}\n", wire.replace("七十二岁", "七 十 二 岁"))),
        ("c.txt", format!("外省消息\n\n{wire}\n\n编辑按：书场在东街。\n")),
        ("d.txt", "这一篇与别的都不相干。\n".into()),
    ])
}

#[test]
fn one_of_several_reprints_stays() {
    let scratch = reprints();
    run(&scratch, "index pages -o pages.idx").ends(0);
    run(&scratch, "check pages --index pages.idx").ends(1).shows(&["dedupe/reprint", "kept in pages/b.txt line 3"]).quiet();
    let unasked = cleaned(&scratch, "");
    assert!(unasked[1].1.contains(WIRE[1]), "only proposed: {unasked:?}");
    let asked = cleaned(&scratch, "--apply review");
    assert!(asked[0].1.contains(WIRE[0]));
    assert_eq!(asked[1].1, "外省消息\n\n编辑按：书场在东街。\n");
    assert_eq!(asked[2].1, "这一篇与别的都不相干。\n");
}

#[test]
fn the_policy_stands_in_the_rule() {
    let scratch = reprints();
    let rule = include_str!("../../rules/dedupe/reprint.toml");
    scratch.write("ours/dedupe/reprint.toml", rule.replace("keep       = \"first\"", "keep       = \"best\""));
    // The other rules keep the first.
    run(&scratch, "check pages --rules ours").ends(2).complains(&["keeps another copy"]);
    scratch.write("jiaokan.toml", "disable = [\"dedupe/boilerplate\", \"dedupe/repost\", \"despace/*\"]\n");
    let best = cleaned(&scratch, "--apply review --rules ours");
    // The second paragraph is damaged in the first document; the others are as good there.
    assert_eq!(best[0].1, format!("本县消息\n\n{}\n\n{}\n", WIRE[0], WIRE[2]));
    assert_eq!(best[1].1, format!("外省消息\n\n{}\n\n编辑按：书场在东街。\n", WIRE[1]));
    scratch.write("ours/dedupe/reprint.toml", rule.replace("keep       = \"first\"", "keep       = \"all\""));
    let all = cleaned(&scratch, "--apply review --rules ours");
    assert!(all.iter().take(2).all(|(_, text)| text.contains(WIRE[0])));
    run(&scratch, "check pages --rules ours --index pages.idx").ends(1).shows(&["first in pages/b.txt line 3"]);
    scratch.write("jiaokan.toml", "[apply]\n\"dedupe/reprint\" = \"auto\"\n");
    assert_eq!(cleaned(&scratch, "")[1].1, "外省消息\n\n编辑按：书场在东街。\n");
}

#[test]
fn near_copies_are_compared_with_the_originals_even_when_these_are_being_replaced() {
    let (right, misread) = (WIRE[1..].concat(), WIRE[1..].concat().replace("从前", "从箭"));
    let text = |n: usize| if n.is_multiple_of(2) { &right } else { &misread };
    let documents: Vec<(String, String)> =
        (0..30).map(|n| (format!("{n:02}.txt"), format!("第{n}号\n\n{}\n\n⼈民⼤会\n", text(n)))).collect();
    let scratch = pages(&documents.iter().map(|(path, text)| (path.as_str(), text.clone())).collect::<Vec<_>>());
    let copies = cleaned(&scratch, "--apply review --threads 1");
    assert_eq!(copies.iter().filter(|(_, text)| text.contains("年轻人")).count(), 1, "{copies:?}");
    assert!(copies[0].1.contains(&right));
    run(&scratch, "clean pages --in-place --index pages.idx --apply review --threads 2").ends(0);
    for (path, text) in &copies {
        assert_eq!(scratch.text(&format!("pages/{path}")), *text);
    }
}

#[test]
fn documents_that_the_index_does_not_know_are_told() {
    let scratch = reprints();
    run(&scratch, "index pages -o pages.idx").ends(0);
    scratch.write("pages/c.txt", format!("改过了\n\n{}\n", WIRE.join("\n\n")));
    scratch.write("pages/new.txt", WIRE.join("\n\n"));
    run(&scratch, "check pages --index pages.idx").ends(0).complains(&[
        "pages/c.txt is changed since it was put into pages.idx",
        "pages/new.txt is not in pages.idx",
        "jiaokan index",
    ]);
    // What comes out of a run is no part of the index any more: nothing goes twice.
    let scratch = reprints();
    cleaned(&scratch, "--apply review");
    run(&scratch, "check out --index pages.idx").ends(0);
}

#[test]
fn rules_are_proposed_for_what_a_source_prints_everywhere() {
    let document = |n: usize| {
        let head = format!("青川日报　2019年{}月{}日　第{}版", n % 12 + 1, n % 28 + 1, n % 8 + 1);
        (
            format!("{n:02}.txt"),
            format!("{head}\n\n第{n}号船今天靠岸，卸下许多面粉和布，船工们歇了一个钟头。\n\n投稿请寄“东街”十二号\n"),
        )
    };
    let documents: Vec<(String, String)> = (0..30).map(document).collect();
    let scratch = pages(&documents.iter().map(|(path, text)| (path.as_str(), text.clone())).collect::<Vec<_>>());
    run(&scratch, "index pages -o pages.idx").ends(0);
    run(&scratch, "index propose pages.idx -o learnt").ends(0).complains(&[
        "青川日报",
        "投稿请寄",
        "30 documents",
        "rules in learnt",
    ]);
    let rules: Vec<String> = scratch.tree("learnt").into_iter().map(|(_, text)| String::from_utf8(text).unwrap()).collect();
    assert!(
        rules.iter().any(|rule| rule.contains("'青川日报　2019年[0-9０-９]+月[0-9０-９]+日　第[0-9０-９]+版'")),
        "{rules:#?}"
    );
    run(&scratch, "test strip/* --rules learnt").ends(0);
    run(&scratch, "check pages/03.txt --rules learnt").ends(1).shows(&["strip/boilerplate-001", "strip/boilerplate-002"]);
    run(&scratch, "index propose pages.idx -o learnt").ends(2).complains(&["not empty"]);
    run(&scratch, "index propose pages.idx -o none --documents 31").ends(1).complains(&["no rules"]);
    assert!(!scratch.path("none").exists());
    run(&scratch, "index propose pages.idx -o none --root learnt").ends(2).complains(&["--root"]);
}

#[test]
fn long_files_and_other_encodings() {
    let line = |n: usize| format!("第{n}号船今天靠岸，卸下{}袋面粉，船工们歇了一个钟头又往上游去了。", n * 7 % 23);
    let long: String = (0..60_000).map(|n| line(n) + "\n").collect();
    let scratch = pages(&[("a.txt", long.clone()), ("c.txt", format!("{}\n", line(59_999)))]);
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(long.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    scratch.write("pages/b.txt", utf16);
    run(&scratch, "index pages -o pages.idx").ends(0).complains(&["120001 paragraphs"]);
    let shown = run(&scratch, "index show pages.idx --top 1 --format json").ends(0).out;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((&shown[0]["count"], shown[0]["text"].as_str()), (&3.into(), Some(line(59_999).as_str())));
    assert_eq!(shown[0]["places"][1]["line"], 60_000);
    let stats: Value = serde_json::from_str(&run(&scratch, "index stats pages.idx --format json").ends(0).out).unwrap();
    assert_eq!(stats["same_documents"], 1);
}
