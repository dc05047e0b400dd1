//! The ledger: where it is, what becomes of it as documents change and people disagree, and what checks make of it.

use crate::common::Scratch;
use crate::corpus;
use crate::review::{id, run};
use std::fs;

#[test]
fn the_ledger_is_beside_the_corpus() {
    let scratch = Scratch::new();
    fs::remove_file(scratch.path("jiaokan.toml")).unwrap();
    scratch.configure("books/jiaokan.toml", &[], "");
    scratch.write("books/one/a.txt", "甲or乙。\n");
    run(&scratch, "review reject --rule garble/test-or books/one").ends(0).shows(&["books/.jiaokan/decisions"]);
    scratch.run("check books/one/a.txt").ends(0);
    scratch.run("check books").ends(0);
    // A ledger may be named; one that is not there is an error unless it is to be written.
    scratch.run("check books --ledger nowhere").ends(2).complains(&["nowhere", "--ledger"]);
    run(&scratch, "review later --rule garble/test-or books --ledger mine").ends(0);
    scratch.run("check books --ledger mine").ends(0).shows(&["1 known"]);
    // Inputs of several ledgers do not go together.
    scratch.write("other/.jiaokan/decisions/.gitignore", "");
    scratch.write("other/b.txt", "甲\n");
    scratch.run("check books other").ends(2).complains(&["different ledgers", "--ledger"]);
    scratch.run_words(&["decisions", "list"], b"").ends(2).complains(&["no ledger"]);
}

#[test]
fn a_ledger_outlives_what_happens_to_documents() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "会上县水利局汇报了河道整治，甲or乙，与会人员看了河堤，当日返回。\n另外一行说的是丙or丁。\n");
    scratch.write("in/b.txt", "街上囧了，戊and己。\n");
    scratch.run("clean in -o first").ends(0);
    let and = id(&scratch, "in", "garble/test-and", 0);
    run(&scratch, &format!("review reject {and} in")).ends(0);
    run(&scratch, "review accept --rule garble/test-or in").ends(0);
    let before = scratch.tree(".jiaokan");
    let check = |paths: &str| {
        let counts = "2 edits, 1 flagged";
        scratch.run(&format!("check {paths} --apply accepted")).ends(1).shows(&[counts]);
    };
    check("in");
    // In another order, under another name, further down, wrapped anew, and after an edit near by.
    check("in/b.txt in/a.txt");
    fs::rename(scratch.path("in/a.txt"), scratch.path("in/z.txt")).unwrap();
    check("in");
    let text =
        "新的一行\n\n会上市水利局汇报了河道\r\n整治，甲or乙，与会人员看\r\n了河堤，次日返回。\n又是另外一行说的是丙or丁。\n";
    scratch.write("in/z.txt", text);
    check("in");
    assert_eq!(scratch.tree(".jiaokan"), before, "reading changes nothing");
}

#[test]
fn people_disagree_until_one_decides_anew() {
    let scratch = corpus();
    let or = id(&scratch, "in", "garble/test-or", 0);
    run(&scratch, &format!("review accept {or} in")).ends(0);
    scratch.run(&format!("review reject {or} in --who 王河 --ledger theirs")).ends(0);
    scratch.run(&format!("review later {or} in --who 沈岸 --ledger third")).ends(0);
    // `later` gives way, and agreement is none of two opinions.
    scratch.run_words(&["decisions", "merge", "third"], b"").ends(0).shows(&["1 new decision, 0 known"]);
    scratch.run_words(&["decisions", "contradictions"], b"").ends(0).shows(&["no contradictions"]);
    let merged = scratch.run_words(&["decisions", "merge", "theirs"], b"").ends(1);
    merged.shows(&["1 new decision", "李木", "王河", "1 finding decided differently"]);
    scratch.run_words(&["decisions", "merge", "theirs"], b"").ends(1).shows(&["0 new decisions, 1 known"]);
    scratch.run("check in").ends(1).complains(&["decided differently about 1 finding"]).shows(&["1 edit, 1 proposed, 1 flagged"]);
    scratch.run("review --list in").ends(1).shows(&["contradiction"]);
    scratch.run("diff in --apply accepted").shows(&["甲or乙"]);
    // Whoever decides now has seen both.
    run(&scratch, &format!("review reject {or} in")).ends(0);
    scratch.run_words(&["decisions", "contradictions"], b"").ends(0);
    // What was overruled does not come back.
    scratch.run_words(&["decisions", "merge", "theirs", "third"], b"").ends(0).shows(&["0 new decisions, 2 known"]);
    scratch.run("check in").ends(1).quiet().shows(&["1 edit, 1 flagged"]);
}

#[test]
fn git_merges_ledgers_without_conflicts() {
    let scratch = Scratch::new();
    let git = |words: &[&str]| {
        let mut all = vec!["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"];
        all.extend(words);
        scratch.tool(".", &all, b"").map(|run| run.ends(0))
    };
    let lines: String = (0..40).map(|n| format!("第{n}行甲or乙{n}。\n")).collect();
    scratch.write("in/a.txt", lines + "囧\n");
    if git(&["init", "-q", "."]).is_none() {
        return;
    }
    let commit = |message: &str| {
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", message]);
    };
    let ids: Vec<String> = (0..40).map(|nth| id(&scratch, "in", "garble/test-or", nth)).collect();
    run(&scratch, "review later --rule flag/test-odd in").ends(0);
    commit("first");
    git(&["checkout", "-q", "-b", "theirs"]);
    scratch.run(&format!("review reject {} in --who 王河", ids[..25].join(" "))).ends(0);
    commit("theirs");
    git(&["checkout", "-q", "main"]);
    run(&scratch, &format!("review accept {} in", ids[20..].join(" "))).ends(0);
    commit("ours");
    git(&["merge", "-q", "--no-edit", "theirs"]);
    assert!(scratch.tree(".jiaokan").iter().all(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("<<<<")));
    scratch.run_words(&["decisions", "contradictions"], b"").ends(1).shows(&["5 findings decided differently"]);
    let stats = scratch.run_words(&["decisions", "stats", "--format", "jsonl"], b"").ends(0);
    stats.shows(&["\"rule\":\"garble/test-or\",\"accepted\":15,\"decided\":35", "\"contradicted\":5"]);
    scratch.run("check in --apply accepted").ends(1).shows(&["15 edits, 5 proposed, 1 known"]);
}

#[test]
fn two_processes_do_not_lose_each_other_s_decisions() {
    let scratch = Scratch::new();
    let lines: String = (0..12).map(|n| format!("第{n}行甲or乙{n}。\n")).collect();
    scratch.write("in/a.txt", lines);
    let ids: Vec<String> = (0..12).map(|nth| id(&scratch, "in", "garble/test-or", nth)).collect();
    std::thread::scope(|scope| {
        for id in &ids {
            let scratch = &scratch;
            scope.spawn(move || run(scratch, &format!("review accept {id} in")).ends(0));
        }
    });
    scratch.run_words(&["decisions", "list", "--verdict", "accept"], b"").ends(0).shows(&["12 decisions"]);
}

#[test]
fn stale_decisions_are_named_and_pruned_on_request() {
    let scratch = corpus();
    scratch.write("in/c.txt", "丙or丁。\n");
    run(&scratch, "review accept --rule garble/test-or in").ends(0);
    scratch.run("decisions prune in").ends(0).shows(&["0 stale decisions"]);
    scratch.write("in/a.txt", "第一行\n");
    // Of a document that is not looked at, nothing is known; of one that is gone, everything.
    scratch.run("decisions prune in/c.txt").ends(0).shows(&["0 stale decisions"]);
    scratch.run("decisions prune in").ends(1).shows(&["in/a.txt", "1 stale decision: forget them with --yes"]);
    fs::remove_file(scratch.path("in/c.txt")).unwrap();
    scratch.run("decisions prune in").ends(1).shows(&["2 stale decisions"]);
    scratch.run("decisions prune in --yes").ends(0).shows(&["2 stale decisions forgotten"]);
    scratch.run_words(&["decisions", "list"], b"").ends(0).shows(&["0 decisions"]);
}

#[test]
fn decisions_are_listed_and_counted() {
    let scratch = corpus();
    run(&scratch, "review accept --rule garble/test-or in --note 好").ends(0);
    run(&scratch, "review reject --rule flag/test-odd in").ends(0);
    let list = |more: &str| scratch.run(&format!("decisions list {more}")).ends(0);
    list("").shows(&["⟦or → 或⟧", "李木", "好", "2 decisions"]);
    list("--verdict reject").shows(&["⟦囧⟧", "1 decision\n"]);
    list("--rule garble/test-or").shows(&["1 decision\n"]);
    list("--outdated").shows(&["0 decisions"]);
    let line = list("--format jsonl --verdict accept").out;
    assert!(
        line.starts_with("{\"key\":\"") && line.contains("\"old\":\"or\",\"new\":\"或\",\"verdict\":\"accept\",\"note\":\"好\"")
    );
    // The rule changes: its decisions hold, and are listed.
    let rule = scratch.text("rules/garble/test-or.toml").replace("为测试而写", "为另一个测试而写");
    scratch.write("rules/garble/test-or.toml", rule);
    list("--outdated").shows(&["garble/test-or", "1 decision\n"]);
    scratch.run("diff in --apply accepted").ends(1).shows(&["甲或乙"]);
    let stats = scratch.run_words(&["decisions", "stats"], b"").ends(0);
    stats.shows(&["garble/test-or         1        1  100.0%  20.7% … 100.0%", "flag/test-odd          0        1    0.0%"]);
}

#[test]
fn a_line_that_is_no_decision_is_shown_with_its_place() {
    let scratch = corpus();
    run(&scratch, "review reject --rule flag/test-odd in").ends(0);
    let shard =
        scratch.tree(".jiaokan/decisions").into_iter().map(|(path, _)| path).find(|path| path.extension().is_some()).unwrap();
    let shard = format!(".jiaokan/decisions/{}", shard.display());
    let good = scratch.text(&shard);
    // Twice the same is once.
    scratch.write(&shard, format!("{good}\n{good}"));
    scratch.run_words(&["decisions", "list"], b"").ends(0).shows(&["1 decision\n"]);
    for (bad, help) in [("<<<<<<< HEAD", "delete the mark"), ("{\"key\":\"12\"}", "is no key"), ("{}", "missing field")] {
        scratch.write(&shard, format!("{good}{bad}\n"));
        scratch.run("check in").ends(2).complains(&[&format!("{shard}:2: not a decision"), help]);
        run(&scratch, "review reject --rule garble/test-or in").ends(2);
        assert_eq!(scratch.text(&shard), format!("{good}{bad}\n"));
    }
}

#[test]
fn a_baseline_can_only_shrink() {
    let scratch = corpus();
    scratch.write("in/a.txt", "第一行\n苹果and香蕉，甲or乙，茶农不用再连夜排队。\n囧\n");
    scratch.run("check in --baseline").ends(0).complains(&["baseline: 2 open findings known from now on"]);
    scratch.run("check in --fail-on pending").ends(0).shows(&["1 edit, 2 known"]);
    scratch.run("check in --format jsonl").shows(&["\"decision\":\"later\""]);
    scratch.run("clean in -o out").ends(0);
    // What is new fails, and no baseline takes it in.
    scratch.write("in/c.txt", "丙or丁。\n");
    scratch.run("check in --fail-on pending").ends(1);
    scratch.run("check in --fail-on pending --baseline").ends(1).complains(&["baseline: 0 findings gone, 2 left"]);
    // What is gone is taken out, and is new when it comes back.
    let old = scratch.text("in/a.txt");
    scratch.write("in/a.txt", old.replace('囧', ""));
    scratch.run("check in --fail-on pending --baseline").ends(1).complains(&["baseline: 1 finding gone, 1 left"]);
    scratch.write("in/a.txt", old);
    scratch.run("check in --fail-on pending").ends(1).shows(&["⟦囧⟧"]);
    scratch.run("check in --baseline=renew").ends(0).complains(&["baseline: 3 open findings"]);
    scratch.run("check in --fail-on pending").ends(0);
    // A person's decision counts for more.
    run(&scratch, &format!("review accept {} in", id(&scratch, "in/c.txt", "garble/test-or", 0))).ends(0);
    scratch.run("diff in/c.txt --apply accepted").ends(1).shows(&["+丙或丁"]);
    scratch.run("check in nowhere --baseline=renew").ends(2);
    scratch.run("check in --fail-on pending").ends(0);
}

#[test]
fn what_makes_a_check_fail_is_a_choice() {
    let scratch = Scratch::new();
    for (text, fails) in [("甲and乙\n", "any warning"), ("甲or乙\n", "any warning pending"), ("甲\n", "")] {
        scratch.write("x.txt", text);
        for what in ["any", "pending", "warning", "error"] {
            for format in ["human", "json", "jsonl"] {
                let code = i32::from(fails.split(' ').any(|fail| fail == what));
                scratch.run(&format!("check x.txt --fail-on {what} --format {format}")).ends(code);
            }
        }
    }
    scratch.run("check nowhere --fail-on error").ends(2);
}

#[test]
fn a_rule_that_people_reject_only_proposes() {
    let scratch = Scratch::new();
    let lines: String = (0..12).map(|n| format!("第{n}行甲and乙{n}。\n")).collect();
    scratch.write("in/a.txt", lines);
    let id = |nth| id(&scratch, "in", "garble/test-and", nth);
    let ids: Vec<String> = (0..10).map(id).collect();
    run(&scratch, &format!("review reject {} in", ids[..9].join(" "))).ends(0);
    scratch.run("check in --min-precision 0.9").ends(1).quiet().shows(&["3 edits"]);
    run(&scratch, &format!("review accept {} in", ids[9])).ends(0);
    scratch
        .run("check in --min-precision 0.9")
        .ends(1)
        .complains(&["garble/test-and only proposes: 1 of 10 accepted"])
        .shows(&["3 proposed"]);
    scratch.run("check in --min-precision 0.9 --apply accepted").ends(1).shows(&["1 edit, 2 proposed"]);
    scratch.run("check in --min-precision 0.1").ends(1).quiet().shows(&["3 edits"]);
    scratch.run("check in --min-precision 2").ends(2).complains(&["from 0 to 1"]);
}
