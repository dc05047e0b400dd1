//! `fit`: what it learns from, what it writes, and what it says when there is nothing to learn.

use crate::common::Scratch;
use std::fs;

fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().collect()
}

/// Clean texts, one paragraph a line.
fn texts() -> Scratch {
    let scratch = Scratch::new();
    // The built-in rules, as they come.
    scratch.write("jiaokan.toml", "");
    for (name, place) in [("a", "柳河镇"), ("b", "青川市"), ("c", "石桥区"), ("d", "云溪县"), ("e", "河阴村")] {
        let paragraph = |i: usize| {
            format!(
                "{place}第{i}次疏浚河道，两岸的农田都能浇上水了，工人们还把河堤加高了半米，修了{i}座小桥。村民说，这是办得最实在的一件事。\n"
            )
        };
        scratch.write(&format!("text/{name}.txt"), (1..30).map(paragraph).collect::<String>());
    }
    scratch
}

const FIT: &str = "fit --text text --pages 80 --trees 20 --folds 3 -o fitted";

#[test]
fn fit_writes_rules_that_clean_uses() {
    let scratch = texts();
    let run = scratch.run_words(&words(FIT), b"").ends(0);
    assert!(run.out.contains("made columns") && run.out.contains("wrote "), "{}", run.out);
    let first = fs::read_to_string(scratch.path("fitted/wrap/joins.trees")).unwrap();
    assert!(first.starts_with("jiaokan trees 1\n# jiaokan "));
    assert!(scratch.path("fitted/wrap/lines.toml").exists() && scratch.path("fitted/column/join.toml").exists());
    scratch.run_words(&words(FIT), b"").ends(0);
    assert_eq!(fs::read_to_string(scratch.path("fitted/wrap/joins.trees")).unwrap(), first);

    let wrapped = "柳河镇今年疏浚河道十二公里，两\n岸的农田都能浇上水。镇里还把河\n堤加高了半米，修了三座小桥，方\n便村民下地干活，孩子上学也不用\n再绕远路。\n村民说，这是多年来办得最实在的\n一件事。\n";
    let run = scratch.run_words(&words("clean --rules fitted -"), wrapped.as_bytes()).ends(0);
    assert!(run.out.contains("里还把河堤加高了半米，修了三座小桥"), "{}", run.out);
}

#[test]
fn pairs_and_labelled_pages_are_learnt_from() {
    let scratch = Scratch::new();
    let (mut wrapped, mut clean) = (String::new(), String::new());
    for i in 0..40 {
        wrapped.push_str(&format!("第{i}段讲的是疏浚河道，\n两岸的农田都能浇上水。\n"));
        clean.push_str(&format!("第{i}段讲的是疏浚河道，两岸的农田都能浇上水。\n"));
    }
    scratch.write("pairs/a.txt", &wrapped);
    scratch.write("pairs/a.clean.txt", &clean);
    scratch.write("pages/a.json", r#"{"input": "甲乙丙\n丁。\n戊己庚", "breaks": [[3, "join", ""], [6, "keep", null]]}"#);
    let run = scratch.run_words(&words("fit --pairs pairs --labelled pages --folds 0 --trees 5 -o fitted"), b"").ends(0);
    assert!(run.out.starts_with("wrote "), "{}", run.out);
}

#[test]
fn fit_tells_what_is_wrong() {
    let scratch = texts();
    let fit = |command: &str| scratch.run_words(&words(command), b"").ends(2);
    fit("fit -o fitted").complains(&["there is nothing to learn", "--text"]);
    fit("fit --text none -o fitted").complains(&["none"]);
    scratch.write("pairs/a.txt", "甲\n乙\n");
    fit("fit --pairs pairs -o fitted").complains(&["a.txt", "NAME.clean.txt"]);
    scratch.write("pages/a.json", r#"{"input": "甲", "breaks": [[9, "join", ""]]}"#);
    fit("fit --labelled pages -o fitted").complains(&["a.json", "behind the end"]);
    scratch.write("pages/a.json", r#"{"input": "甲\n乙", "breaks": [[1, "glue", ""]]}"#);
    fit("fit --labelled pages -o fitted").complains(&["a.json", "`glue` is no label"]);
    assert!(!scratch.path("fitted").exists());
}

#[test]
fn trees_that_are_not_are_named() {
    let scratch = texts();
    scratch.run_words(&words("fit --text text --pages 40 --trees 5 --folds 0 -o fitted"), b"").ends(0);
    let check = || scratch.run_words(&words("check --rules fitted -"), "甲\n".as_bytes()).ends(2);
    scratch.write("fitted/wrap/joins.trees", "pickle");
    check().complains(&["wrap/joins.trees", "jiaokan trees 1", "jiaokan fit"]);
    scratch.write("fitted/wrap/joins.trees", "jiaokan trees 1\nfeatures a b\nbias 3\n");
    check().complains(&["wrap/joins.trees", "other features"]);
}
