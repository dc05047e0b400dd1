//! `test`, `explain` and `rules`.

use crate::common::{Run, Scratch, rule};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

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
    assert!(run.out.contains("  text      甲囧\n  expected  ^^\n  found       ^^\n"), "{}", run.out);
    assert!(run.out.ends_with("1 gap\n1 hit, 1 missed, 1 noise, 1 quiet\n2 passed, 1 failed\n"), "{}", run.out);
    scratch.write("rules/flag/test-odd.toml", text + "\n[[case]]\nname = \"补上的\"\ntext = '⟦囧⟧'\ngap = \"旧账\"\n");
    scratch.run("test flag/test-odd").ends(0).shows(&["passes now"]);
}

/// A rule with a case that fails twice over, in the second of two lines.
fn with_a_failure(scratch: &Scratch) {
    let text = rule("auto", "text = 'or'", "[fix]\nchoices = [\"或\"]\n", "甲⟦or⟧乙", "甲乙");
    let case = "\n[[case]]\nname = \"<错>\"\ntext = \"一行\\n𠮷⟦和⟧甲or乙\"\nbecomes = \"一行\\n𠮷和甲与乙\"\n";
    scratch.write("rules/garble/test-or.toml", text + case);
}

#[test]
fn failures_are_aligned_under_the_text() {
    let scratch = Scratch::new();
    with_a_failure(&scratch);
    let shown = "  line 2    𠮷和甲or乙\n  expected    ^^\n  found           ^^\n  should become 𠮷和甲与乙\n  becomes       𠮷和甲或乙\n                      ^\n";
    let run = scratch.run("test garble/test-or").ends(1);
    assert!(run.out.contains(shown), "{}", run.out);
}

#[test]
fn test_tells_programs_too() {
    let scratch = Scratch::new();
    with_a_failure(&scratch);
    let run = scratch.run("test garble/test-or --format json").ends(1).quiet();
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(told["summary"]["failed"], 1);
    assert_eq!(told["summary"]["hits"], 1);
    let case = &told["cases"][2];
    assert_eq!(case["verdict"], "fail");
    assert_eq!(case["spans"][0]["is"], "miss");
    assert_eq!(
        (&case["spans"][1]["start"], &case["spans"][1]["line"], &case["spans"][1]["column"]),
        (&6.into(), &2.into(), &4.into())
    );
    let run = scratch.run("test garble/test-or --format junit").ends(1).quiet();
    let shown = [
        r#"<testsuites name="jiaokan test" tests="3" failures="1" errors="0" skipped="0">"#,
        r#"<testcase classname="garble/test-or" name="命中"/>"#,
        r#"name="&lt;错&gt;"><failure message="the spans found are not those marked">"#,
    ];
    run.shows(&shown);
}

#[test]
fn pairs_of_rules_whose_order_matters_are_told() {
    let scratch = Scratch::new();
    scratch.run("test --pairs garble/test-and").ends(0).shows(&["0 cases found where it matters"]);
    let rule = |from: &str, to: &str, fires: &str| {
        rule("auto", &format!("text = '{from}'"), &format!("[fix]\nchoices = ['{to}']\n"), fires, "丁")
    };
    scratch.write("rules/garble/b-for-a.toml", rule("甲", "乙", "⟦甲⟧"));
    scratch.write("rules/garble/c-for-ab.toml", rule("甲乙", "丙", "⟦甲乙⟧"));
    let run = scratch.run("test --pairs garble/b-for-a").ends(1);
    run.shows(&[
        "ORDER MATTERS garble/b-for-a and garble/c-for-ab",
        "乙乙  with garble/b-for-a first",
        "丙  with garble/c-for-ab first",
    ]);
}

#[test]
fn watch_runs_again_after_a_change() {
    let scratch = Scratch::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_jiaokan"))
        .args(["test", "flag/test-odd", "--rules", "rules", "--watch"])
        .current_dir(scratch.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line == "2 passed, 0 failed"));
    let text = scratch.text("rules/flag/test-odd.toml");
    scratch.write("rules/flag/test-odd.toml", text + "\n[[case]]\nname = '又一个'\ntext = '冏'\n");
    assert!(lines.any(|line| line == "3 passed, 0 failed"));
    child.kill().unwrap();
    child.wait().unwrap();
    scratch.run_words(&["test", "--watch"], b"").ends(2).complains(&["--rules DIR"]);
}

#[test]
fn unknown_ids_get_a_suggestion() {
    let scratch = Scratch::new();
    scratch.run("test garble/test-adn").ends(2).complains(&["`garble/test-adn`", "did you mean", "`garble/test-and`"]);
    scratch.run("explain garble/test-adn").ends(2).complains(&["did you mean", "`garble/test-and`"]);
    scratch
        .run_words(&["test", "garble/test-and"], b"")
        .ends(2)
        .complains(&["rules/garble/test-and.toml is there", "--rules rules"]);
    scratch
        .run_words(&["test", "--rules", "rules/garble"], b"")
        .ends(2)
        .complains(&["the folder of one pass", "above it: rules"]);
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
fn explain_tells_how_a_rule_judges_a_line() {
    let scratch = Scratch::new();
    scratch.write("page.txt", "今年雨水多。\n首付八万元起，咨询电话 6601177，先到先得！\n");
    let shown = ["page.txt:2", "bias", "contact  咨询电话", "hurry  先到先得", "kinds for it; proposed from"];
    scratch.run("explain strip/ad-block --on page.txt:2").ends(0).quiet().shows(&shown);
    scratch.run("explain strip/ad-block --on page.txt:9").ends(2).complains(&["no line 9", "from 1 to 2"]);
    scratch.run("explain strip/ad-block --on page.txt:0").ends(2).complains(&["no line 0"]);
    scratch.run("explain garble/test-and --on page.txt").ends(0).shows(&["nothing found"]);
    scratch.write("dry.txt", "县里还研究了其他事项。\n");
    scratch.run("explain strip/ad-block --on dry.txt:1").ends(0).shows(&["in no block"]);
    scratch.run("explain strip/ad-block --on none.txt").ends(2).complains(&["none.txt"]);
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
fn the_list_counts_what_rules_find() {
    let scratch = Scratch::new();
    scratch.write("corpus/a.txt", "甲 and 乙 and 丙囧\n");
    let run = scratch.run("rules list corpus").ends(0).quiet();
    let hits = |rule: &str| {
        let line = run.out.lines().find(|line| line.starts_with(rule)).unwrap();
        line.split_whitespace().nth(6).unwrap().to_owned()
    };
    assert_eq!((hits("garble/test-and"), hits("flag/test-odd"), hits("garble/test-or")), ("2".into(), "1".into(), "0".into()));
    let json = scratch.run("rules list corpus --format json").ends(0);
    let told: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let found = told.as_array().unwrap().iter().find(|rule| rule["rule"] == "garble/test-and").unwrap();
    assert_eq!(found["hits"], 2);
    scratch.run("rules list nowhere").ends(2).complains(&["nowhere"]);
}

#[test]
fn the_schema_is_printed() {
    let scratch = Scratch::new();
    let printed = scratch.run_words(&["rules", "schema"], b"").ends(0).quiet();
    let schema: serde_json::Value = serde_json::from_str(&printed.out).unwrap();
    assert_eq!(schema["properties"]["severity"]["enum"], serde_json::json!(["error", "warning", "info"]));
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
