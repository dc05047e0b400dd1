//! `check`: findings in every format.

use crate::common::Scratch;
use crate::corpus;

#[test]
fn people_see_open_findings_and_counts() {
    let run = corpus().run("check in").ends(1);
    assert_eq!(
        run.out,
        "in/a.txt  1 edit, 1 proposed, 1 flagged\n\
         \x20 2:10  warning  garble/test-or  测试规则\n        苹果and香蕉，甲⟦or → 或⟧乙。  or nothing\n\
         \x20  3:1  warning  flag/test-odd   测试规则\n        ⟦囧⟧\n\
         \x20 edits: garble/test-and ×1\n\n\
         2 documents, 1 with findings: 1 edit, 1 proposed, 1 flagged\n"
    );
}

#[test]
fn all_lists_edits_too() {
    corpus().run("check in --all").ends(1).shows(&["2:3  warning  garble/test-and", "苹果⟦and → 和⟧香蕉，甲or乙。"]);
}

#[test]
fn json_lines_give_places_in_every_measure() {
    let run = corpus().run("check in --format jsonl").ends(1);
    assert_eq!(
        run.out.lines().next().unwrap(),
        "{\"path\":\"in/a.txt\",\"rule\":\"garble/test-and\",\"pass\":\"garble\",\"severity\":\"warning\",\"apply\":\"auto\",\
         \"state\":\"applied\",\"start\":6,\"end\":9,\"byte_start\":16,\"byte_end\":19,\"line\":2,\"column\":3,\"text\":\"and\",\
         \"replacement\":\"和\",\"choices\":[\"和\"],\"confidence\":0.9,\"message\":\"测试规则\",\"evidence\":[]}"
    );
    assert_eq!(run.out.lines().count(), 3);
    assert!(run.out.lines().last().unwrap().contains("\"text\":\"囧\",\"replacement\":null"));
}

#[test]
fn bytes_are_those_of_the_file() {
    let scratch = Scratch::new();
    let mut utf16 = b"\xFF\xFE".to_vec();
    utf16.extend("甲and乙\n".encode_utf16().flat_map(u16::to_le_bytes));
    scratch.write("x.txt", utf16);
    scratch.run("check x.txt --format jsonl").ends(1).shows(&["\"start\":1,\"end\":4,\"byte_start\":4,\"byte_end\":10,"]);
}

#[test]
fn json_is_one_array() {
    let scratch = corpus();
    let run = scratch.run("check in --format json").ends(1);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!((lines[0], lines[lines.len() - 1], lines.len()), ("[", "]", 5));
    assert!(lines[1].ends_with("},") && lines[3].ends_with('}'));
    assert_eq!(scratch.run("check in/sub --format json").ends(0).out, "[]\n");
    assert_eq!(scratch.run("check in/sub --format jsonl").ends(0).out, "");
}

#[test]
fn colours_only_when_asked_for() {
    let scratch = corpus();
    assert!(!scratch.run("check in").out.contains('\x1b'));
    assert!(scratch.run("check in --color always").out.contains("\x1b["));
    assert!(!scratch.run("check in --color never").out.contains('\x1b'));
}

#[test]
fn a_document_cannot_steer_the_terminal() {
    let scratch = Scratch::new();
    scratch.write("x.txt", "\x1b[2J囧\u{9b}31m\n");
    let run = scratch.run("check x.txt").ends(1).shows(&["␛[2J⟦囧⟧"]);
    assert!(!run.out.contains('\x1b') && !run.out.contains('\u{9b}'));
}

#[test]
fn apply_review_makes_proposals_edits() {
    let scratch = corpus();
    scratch.run("check in --apply review").shows(&["2 edits, 1 flagged"]);
}

#[test]
fn the_same_file_is_read_once() {
    let scratch = corpus();
    scratch.run("check in in/a.txt ./in/../in/sub").shows(&["2 documents, 1 with findings: 1 edit,"]);
}

#[test]
fn hidden_files_are_passed_over_unless_named() {
    let scratch = corpus();
    scratch.write("in/.secret.txt", "囧\n");
    scratch.write("in/.git/c.txt", "囧\n");
    scratch.write("in/d.bin", "囧\n");
    scratch.run("check in").shows(&["2 documents"]);
    scratch.run("check in in/.secret.txt in/d.bin").shows(&["4 documents"]);
    assert_eq!(scratch.run_words(&["check", ".", "--rules", "../rules"], b"").code, 2);
}
