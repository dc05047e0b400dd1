//! `test`, `explain` and `rules`.

use crate::common::{Run, Scratch, rule};
use std::fs;

#[test]
fn test_counts_and_shows_what_fails() {
    let scratch = Scratch::new();
    let mine = "test garble/test-and garble/test-or flag/test-odd wrap/test-join strip/test-ad";
    let last = |run: &Run| run.out.lines().last().unwrap().to_owned();
    assert_eq!(last(&scratch.run("test flag/test-odd").ends(0)), "2 passed, 0 failed");
    scratch.run(mine).ends(0);
    let text = fs::read_to_string(scratch.path("rules/flag/test-odd.toml")).unwrap();
    let more = "\n[[case]]\nname = \"错的\"\ntext = '⟦甲⟧囧'\n\n[[case]]\nname = \"漏的\"\ntext = '⟦冏⟧'\ngap = \"异体\"\n";
    scratch.write("rules/flag/test-odd.toml", text.clone() + more);
    let run = scratch.run("test flag/test-odd").ends(1);
    assert!(run.out.contains("  expected  ⟦甲⟧囧\n  found     甲⟦囧⟧\n"), "{}", run.out);
    assert!(run.out.ends_with("1 gap\n2 passed, 1 failed\n"), "{}", run.out);
    scratch.write("rules/flag/test-odd.toml", text + "\n[[case]]\nname = \"补上的\"\ntext = '⟦囧⟧'\ngap = \"旧账\"\n");
    scratch.run("test flag/test-odd").ends(0).shows(&["passes now"]);
}

#[test]
fn unknown_ids_get_a_suggestion() {
    let scratch = Scratch::new();
    scratch.run("test garble/test-adn").ends(2).complains(&["`garble/test-adn`", "did you mean", "`garble/test-and`"]);
    scratch.run("explain garble/test-adn").ends(2).complains(&["did you mean", "`garble/test-and`"]);
    scratch.run("explain 什么").ends(2).complains(&["rules list"]);
}

#[test]
fn explain_tells_all() {
    let scratch = Scratch::new();
    let shown = [
        "garble/test-and  测试规则",
        "warning, apply = auto, confidence 0.90",
        "为测试而写。",
        "text = '\\s*and\\s*'",
        "甲⟦and⟧乙",
    ];
    scratch.run("explain garble/test-and").ends(0).quiet().shows(&shown);
    scratch.run("explain profile/document").ends(0).shows(&["detector = \"document-profile\"", "least_lines", "column_cells"]);
}

#[test]
fn a_rule_states_its_false_alarms() {
    let scratch = Scratch::new();
    let stated = |rate: &str| {
        let text = rule("flag", "text = '囧'", "", "甲⟦囧⟧乙", "甲乙");
        scratch.write("rules/flag/test-odd.toml", text.replace("since", &format!("false_alarms = {rate}\nsince")));
    };
    stated("0.25");
    scratch.run("explain flag/test-odd").ends(0).shows(&["at most 0.25 findings in 100 000 characters of clean text"]);
    let listed = |rule: &str| {
        let run = scratch.run("rules list").ends(0);
        run.out.lines().find(|line| line.starts_with(rule)).unwrap().split_whitespace().nth(5).unwrap().to_owned()
    };
    assert_eq!([listed("flag/test-odd "), listed("garble/test-and ")], ["0.25", "-"]);
    scratch.run("rules list --format json").ends(0).shows(&["\"false_alarms\": 0.25", "\"false_alarms\": null"]);
    stated("0");
    assert_eq!(listed("flag/test-odd "), "0");
    for wrong in ["-0.5", "inf", "nan"] {
        stated(wrong);
        scratch.run("rules list").ends(2).complains(&["false alarms are a rate", &format!("false_alarms = {wrong}")]);
    }
}

#[test]
fn alarms_are_counted_against_what_is_stated() {
    let scratch = Scratch::new();
    let text = rule("flag", "text = '囧'", "", "甲⟦囧⟧乙", "甲乙");
    let state =
        |rate: &str| scratch.write("rules/flag/test-odd.toml", text.replace("since", &format!("false_alarms = {rate}\nsince")));
    state("0.4");
    scratch.write("clean/a.txt", "河道通了，水就来了。\n".repeat(1000));
    scratch.write("clean/b.txt", "河道囧了，苹果and香蕉。\n");
    let line = |run: &Run, name: &str| {
        let line = run.out.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{}", run.out));
        line.split_whitespace().map(String::from).collect::<Vec<_>>().join(" ")
    };
    // One finding in 11 014 characters: 0.04 were to be expected.
    let run = scratch.run("rules alarms clean").ends(1);
    assert_eq!(line(&run, "flag/test-odd"), "flag/test-odd flag 0 0 1 9.08 43.07 0.40 exceeds it");
    assert_eq!(line(&run, "garble/test-and"), "garble/test-and auto 1 0 0 9.08 43.07 - -");
    assert_eq!(line(&run, "garble/test-or"), "garble/test-or review 0 0 0 0.00 27.20 - -");
    assert_eq!(line(&run, "rules that edit"), "rules that edit 1 0 0 9.08 43.07 - -");
    assert!(run.out.ends_with("2 documents, 11014 characters; rates are findings in 100 000 characters\n"), "{}", run.out);
    assert!(!run.out.contains("河道"));
    scratch.run("rules alarms clean --list").ends(1).shows(&["河道囧了"]);
    state("9.0");
    scratch.run("rules alarms clean").ends(0).shows(&["open"]);
    state("50");
    scratch.run("rules alarms clean").ends(0).shows(&["keeps to it"]);
    let shown = ["\"characters\": 11014", "\"verdict\": \"keeps to it\"", "\"at_most\": 43.0"];
    let run = scratch.run("rules alarms clean --format json").ends(0).shows(&shown);
    assert!(!run.out.contains("\"findings\""), "{}", run.out);
    scratch.run("rules alarms clean --format json --list").ends(0).shows(&["\"findings\": [", "\"text\": \"囧\""]);
    scratch.write("clean/c.txt", [0xC4, 0x81, 0xFF, 0x80]);
    scratch.run("rules alarms clean").ends(2);
}

#[test]
fn the_list_is_aligned_and_also_data() {
    let scratch = Scratch::new();
    let run = scratch.run("rules list").ends(0);
    let columns: Vec<_> =
        run.out.lines().filter(|line| line.contains("测试规则")).map(|line| line.find("测试规则").unwrap()).collect();
    assert!(columns.len() == 5 && columns.iter().all(|&column| column == columns[0]), "{}", run.out);
    scratch.run("rules list --format json").ends(0).shows(&["\"rule\": \"garble/test-and\"", "\"enabled\": true"]);
    let state = |run: Run| {
        run.out.lines().find(|line| line.starts_with("garble/test-and ")).unwrap().split_whitespace().nth(4).unwrap().to_owned()
    };
    assert_eq!(state(scratch.run("rules list")), "on");
    scratch.configure("jiaokan.toml", &["garble/test-and"], "");
    assert_eq!(state(scratch.run("rules list")), "off");
}

#[test]
fn a_new_rule_passes_its_cases_at_once() {
    let scratch = Scratch::new();
    let new = |words: &[&str]| scratch.run_words(&[&["rules", "new"], words].concat(), b"");
    new(&["garble/double-comma", "--into", "rules"]).ends(0).shows(&["rules/garble/double-comma.toml", "jiaokan test"]);
    scratch.run("test garble/double-comma").ends(0).shows(&["2 passed, 0 failed"]);
    let before = scratch.tree("rules");
    new(&["garble/double-comma"]).ends(2).complains(&["is there already"]);
    new(&["grable/double-comma"]).ends(2).complains(&["names no pass", "garble"]);
    new(&["garble/Double"]).ends(2).complains(&["`Double` is no name", "small letters"]);
    assert_eq!(scratch.tree("rules"), before);
}
