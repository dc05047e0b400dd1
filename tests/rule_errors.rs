//! Rule files that are wrong, and what is said of each: what is wrong, where, and what to write instead.

use jiaokan::pass::Pipeline;
use jiaokan::rule::{Pack, Rule};
use std::fs;
use std::path::Path;

/// A rule that is right, to be made wrong.
const RIGHT: &str = r#"schema     = 1
title      = "逗号重复"
severity   = "warning"
apply      = "review"
confidence = 0.9
since      = "0.1.0"
docs       = "模型把逗号写了两遍。"

[find]
scope = "line"
text  = '，，+'
left  = '\p{Han}'

[fix]
choices = ["，"]

[[case]]
name    = "两个逗号"
text    = "河道通了⟦，，⟧水就来了"
becomes = "河道通了，水就来了"

[[case]]
name = "一个逗号"
text = "河道通了，水就来了"
"#;

/// Name, id, what is replaced, by what.
const WRONG: [(&str, &str, &str, &str); 28] = [
    ("misspelt-key", "garble/a", "confidence = 0.9", "confidense = 0.9"),
    ("misspelt-key-of-find", "garble/a", "left  =", "befor ="),
    ("missing-key", "garble/a", "severity   = \"warning\"\n", ""),
    ("unknown-severity", "garble/a", "\"warning\"", "\"serious\""),
    ("unknown-schema", "garble/a", "schema     = 1", "schema     = 2"),
    ("unknown-scope", "garble/a", "\"line\"", "\"page\""),
    ("unknown-pass", "grable/a", "", ""),
    ("id-too-deep", "garble/commas/a", "", ""),
    ("number-out-of-range", "garble/a", "0.9", "90"),
    ("rate-below-nothing", "garble/a", "since ", "false_alarms = -1\nsince "),
    ("bare-word-boundary", "garble/a", "'，，+'", r"'\band\b'"),
    ("backspace-for-word-boundary", "garble/a", "'，，+'", r#""\band\b""#),
    ("look-around", "garble/a", "'，，+'", "'，，(?=水)'"),
    ("unbalanced-group", "garble/a", "'，，+'", "'（(，，'"),
    ("empty-match", "garble/a", "'，，+'", "'，*'"),
    ("anchor-of-the-text", "garble/a", "'，，+'", r"'\A，，'"),
    ("context-swallowed", "garble/a", "text  = '，，+'\nleft  = '\\p{Han}'", "text  = '\\p{Han}，，\\p{Han}'"),
    ("several-choices-with-auto", "garble/a", "\"review\"", "\"auto\"\n# 中文在前"),
    ("fix-of-a-flag", "garble/a", "\"review\"", "\"flag\""),
    ("no-fix", "garble/a", "[fix]\nchoices = [\"，\"]\n", ""),
    ("unclosed-mark", "garble/a", "，，⟧", "，，"),
    ("unopened-mark", "garble/a", "⟦，，", "，，"),
    (
        "mark-left-open-in-lines",
        "garble/a",
        "text    = \"河道通了⟦，，⟧水就来了\"",
        "lines   = [\"一⟦二⟧三\", \"河道通了⟦，，水就来了\"]",
    ),
    ("two-cases-of-one-name", "garble/a", "\"一个逗号\"", "\"两个逗号\""),
    ("key-given-twice", "garble/a", "since ", "title = \"逗号\"\nsince "),
    ("nested-marks", "garble/a", "⟦，，⟧", "⟦，⟦，⟧⟧"),
    (
        "no-case-that-fires",
        "garble/a",
        "text    = \"河道通了⟦，，⟧水就来了\"\nbecomes = \"河道通了，水就来了\"",
        "text    = \"河道通了，，水就来了\"",
    ),
    ("broken-toml-behind-chinese", "garble/a", "\"河道通了，水就来了\"\n\n", "\"河道通了，水就来了\n\n"),
];

fn message(id: &str, text: &str) -> String {
    match Rule::parse(id, &format!("rules/{id}.toml"), text) {
        Err(error) => error.to_string(),
        Ok(_) => "nothing is said".into(),
    }
}

#[test]
fn the_rule_is_right_as_it_stands() {
    assert!(Rule::parse("garble/a", "rules/garble/a.toml", RIGHT).is_ok());
}

#[test]
fn every_mistake_is_told_with_its_place_and_a_way_out() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots"));
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, id, from, to) in WRONG {
            assert!(RIGHT.contains(from), "{name}");
            let mut text = RIGHT.replacen(from, to, usize::from(!from.is_empty()));
            if name == "several-choices-with-auto" {
                text = text.replace("[\"，\"]", "[\"，\", \"。\"]");
            }
            let message = message(id, &text);
            assert!(message.starts_with("error"), "{name}: {message}");
            insta::assert_snapshot!(name, message);
        }
    });
}

#[test]
fn what_only_the_detector_knows_is_told_too() {
    let folder = tempfile::tempdir().unwrap();
    let detector = |name: &str| {
        let start = RIGHT.find("[find]").unwrap();
        let end = RIGHT.find("[[case]]").unwrap();
        format!("{}{name}\n{}", &RIGHT[..start], &RIGHT[end..])
    };
    let wrong = [
        ("unknown-detector", "detector = \"repeated-phrases\"\n\n[params]\nleast = 2\n"),
        ("unknown-parameter", "detector = \"lost-characters\"\n\n[params]\nmarks = ['囗']\nmost_betwen = 2\n"),
        ("parameter-of-the-wrong-type", "detector = \"lost-characters\"\n\n[params]\nmarks = ['囗']\nmost_between = \"two\"\n"),
    ];
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots"));
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, table) in wrong {
            let file = folder.path().join("garble/a.toml");
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, detector(table)).unwrap();
            let pack = Pack::built_in().unwrap().with(Pack::from_dir(folder.path()).unwrap());
            let error = Pipeline::with(&pack, |rule| &*rule.id == "garble/a").err().unwrap().to_string();
            insta::assert_snapshot!(name, error.replace(&folder.path().display().to_string(), "rules"));
        }
    });
}
