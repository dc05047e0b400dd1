//! `review` and `apply`: deciding without a terminal, and what comes of it.

use crate::common::{Run, Scratch};
use crate::corpus;

/// The id of the finding of `rule` in `path`, the `nth` from 0.
pub fn id(scratch: &Scratch, path: &str, rule: &str, nth: usize) -> String {
    let run = scratch.run(&format!("review --list --all --format jsonl {path}"));
    let lines = run.out.lines().filter(|line| line.contains(&format!("\"rule\":\"{rule}\"")));
    let ids: Vec<String> = lines.map(|line| line.split('"').nth(3).unwrap().to_owned()).collect();
    ids.get(nth).unwrap_or_else(|| panic!("no {rule} in {run:#?}")).clone()
}

/// A run as one person.
pub fn run(scratch: &Scratch, arguments: &str) -> Run {
    scratch.run(&format!("{arguments} --who 李木"))
}

#[test]
fn the_list_shows_what_waits() {
    let scratch = corpus();
    let list = scratch.run("review --list in").ends(1).quiet();
    let short = |rule: &str| id(&scratch, "in", rule, 0)[..12].to_owned();
    assert_eq!(
        list.out,
        format!(
            "{}  open  in/a.txt:2:10  garble/test-or  测试规则\n  一行⏎苹果and香蕉，甲⟦or → 或⟧乙。⏎囧⏎  or “”\n\
             {}  open  in/a.txt:3:1  flag/test-odd  测试规则\n  and香蕉，甲or乙。⏎⟦囧⟧⏎\n\
             2 documents: 2 to decide\n",
            short("garble/test-or"),
            short("flag/test-odd")
        )
    );
    let all = scratch.run("review --list --all in").ends(1).shows(&["edit  in/a.txt:2:3  garble/test-and"]);
    assert_eq!(all.out.lines().count(), 7);
    scratch.run("review --list in/sub").ends(0).shows(&["1 document: 0 to decide"]);
    assert_eq!(scratch.run("review --list in/sub --format jsonl").ends(0).out, "");
    assert_eq!(scratch.run("review --list in --format jsonl --rule flag/test-odd").ends(1).out.lines().count(), 1);
    scratch.run("review --list nowhere").ends(2).complains(&["nowhere"]);
    scratch.run("review in").ends(2).complains(&["--list"]);
    assert!(!scratch.path(".jiaokan").exists(), "a list writes nothing");
}

#[test]
fn decisions_are_kept_and_heeded() {
    let scratch = corpus();
    let [or, odd, and] = ["garble/test-or", "flag/test-odd", "garble/test-and"].map(|rule| id(&scratch, "in", rule, 0));
    run(&scratch, &format!("review accept {} in", &or[..8])).ends(0).quiet().shows(&[
        "accept",
        "⟦or → 或⟧",
        "1 decision kept in .jiaokan",
    ]);
    run(&scratch, &format!("review reject {odd} {} in --note 人名", &and[..6])).ends(0).shows(&["2 decisions kept"]);
    scratch.run("review --list in").ends(0).shows(&["0 to decide"]);
    // Rejected: silent, in every command. Accepted: told, and made when asked for.
    let json = scratch.run("check in --format jsonl").ends(1);
    assert_eq!(json.out.lines().count(), 1, "{json:#?}");
    json.shows(&["\"rule\":\"garble/test-or\"", "\"state\":\"proposed\"", "\"decision\":\"accept\""]);
    scratch.run("check in").ends(1).shows(&["garble/test-or  测试规则  accepted", "2 documents, 1 with findings: 1 proposed\n"]);
    assert_eq!(scratch.run("diff in").ends(0).out, "");
    scratch.run("diff in --apply accepted").ends(1).shows(&["+苹果and香蕉，甲或乙。"]);
    scratch.run("diff in --inline").shows(&["accepted"]);
    scratch.run("clean in -o out --apply accepted").ends(0);
    assert_eq!(scratch.text("out/a.txt"), "第一行\n苹果and香蕉，甲或乙。\n囧\n");
    // The copies have the decisions that they need: what was rejected is not found in them either.
    scratch.run("check out").ends(0).shows(&["2 documents: nothing found"]);
    // A decision is forgotten.
    scratch.run(&format!("review forget {odd} in")).ends(0).shows(&["1 decision forgotten"]);
    scratch.run("review --list in").ends(1).shows(&["1 to decide"]);
}

#[test]
fn an_accepted_edit_may_be_another_than_the_first() {
    let scratch = corpus();
    let or = id(&scratch, "in", "garble/test-or", 0);
    for (answer, becomes) in [("--choice 2", "甲乙"), ("--with 或是", "甲或是乙"), ("", "甲或是乙"), ("--with 或", "甲或乙")]
    {
        run(&scratch, &format!("review accept {or} in {answer}")).ends(0);
        scratch.run("diff in --apply accepted").ends(1).shows(&[&format!("，{becomes}。")]);
    }
    run(&scratch, &format!("review accept {or} in --choice 9")).ends(2).complains(&["none of the number 9", "nothing was kept"]);
    // What no rule can repair, a person can.
    let odd = id(&scratch, "in", "flag/test-odd", 0);
    run(&scratch, &format!("review accept {odd} in --with 尴尬")).ends(0);
    scratch.run("diff in --apply accepted").ends(1).shows(&["-囧\n+尴尬\n"]);
}

#[test]
fn groups_are_decided_at_once() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "甲or乙，丙or丁。囧\n");
    scratch.write("in/b.txt", "戊or己。囧\n");
    run(&scratch, "review accept --rule garble/test-or in").ends(0).shows(&["3 decisions kept"]);
    run(&scratch, "review later --text 囧 in").ends(0).shows(&["2 decisions kept"]);
    // Nothing waits any more.
    run(&scratch, "review accept --rule garble/test-or in").ends(2).complains(&["nothing was kept"]);
    scratch.run("check in --apply accepted").ends(1).shows(&["2 documents, 2 with findings: 3 edits, 2 known"]);
    scratch.run("check in --apply accepted --all").shows(&["later"]);
}

#[test]
fn ids_that_say_nothing_certain_are_errors_and_nothing_is_kept() {
    let scratch = Scratch::new();
    let text = "今年春天新添了八台制茶机，甲or乙，茶农不用再连夜排队等候加工。\n";
    scratch.write("in/a.txt", format!("{text}{text}"));
    let first = id(&scratch, "in", "garble/test-or", 0);
    assert_eq!(id(&scratch, "in", "garble/test-or", 1), format!("{first}.2"));
    run(&scratch, &format!("review reject {} 0123456789 in", &first[..8])).ends(2).complains(&["nothing was kept"]);
    run(&scratch, &format!("review reject {} in", &first[..8])).ends(2).complains(&["2 findings", "add .1"]);
    run(&scratch, "review reject in").ends(2).complains(&["which findings?"]);
    run(&scratch, &format!("review reject {first}")).ends(2).complains(&["which documents?"]);
    run(&scratch, &format!("review reject {first} in nowhere")).ends(2).complains(&["nowhere", "nothing was kept"]);
    run(&scratch, "review reject --rule garble/test-and in").ends(2).complains(&["nothing was kept"]);
    assert!(!scratch.path(".jiaokan").exists());
    run(&scratch, &format!("review reject {}.2 in", &first[..8])).ends(0);
    scratch.run("review --list in").ends(1).shows(&["in/a.txt:1:15", "1 to decide"]);
    run(&scratch, &format!("review reject {first} in")).ends(0);
    scratch.run("review --list in").ends(0);
}

#[test]
fn apply_makes_what_was_accepted_and_nothing_else() {
    let scratch = corpus();
    scratch.run("apply in -o out").ends(2).complains(&["jiaokan review"]);
    run(&scratch, "review accept --rule garble/test-or in").ends(0);
    scratch.run("apply in -o out").ends(0);
    assert_eq!(scratch.text("out/a.txt"), "第一行\n苹果and香蕉，甲或乙。\n囧\n");
    scratch.run("apply in -o other --apply review").ends(2).complains(&["drop --apply"]);
    scratch.run("apply in").ends(2).complains(&["-o DIR"]);
    // In place: what is done is done, and a second time there is nothing left to do.
    scratch.run("apply in --in-place").ends(0);
    assert_eq!(scratch.text("in/a.txt"), "第一行\n苹果and香蕉，甲或乙。\n囧\n");
    scratch.run("apply in --in-place").ends(0);
    scratch.run_words(&["decisions", "list"], b"").ends(0).shows(&["done"]);
}

#[test]
fn apply_refuses_a_document_that_changed_since() {
    let scratch = corpus();
    scratch.write("in/c.txt", "甲or乙。\n");
    run(&scratch, "review accept --rule garble/test-or in").ends(0);
    // What is further off does not matter.
    scratch.write("in/a.txt", "新的第一行\n\n苹果and香蕉，甲or乙。\n囧\n");
    scratch.run("apply in -o far").ends(0).complains(&["2 changed: 2 edits"]);
    scratch.write("in/a.txt", "第一行\n苹果and香蕉，某or乙。\n囧\n");
    scratch.run("apply in -o out").ends(1).complains(&["in/a.txt: 1 edit accepted in it cannot be made"]);
    assert!(!scratch.path("out/a.txt").exists());
    assert_eq!(scratch.text("out/c.txt"), "甲或乙。\n");
    scratch.run("apply in/a.txt --in-place").ends(1);
    assert_eq!(scratch.text("in/a.txt"), "第一行\n苹果and香蕉，某or乙。\n囧\n");
}

#[test]
fn cleaning_in_place_keeps_what_was_rejected_known() {
    let scratch = Scratch::new();
    // The edit beside it changes what the rejected one is known by.
    scratch.write("in/a.txt", "甲and乙and丙or丁。\n");
    let first = id(&scratch, "in", "garble/test-and", 0);
    run(&scratch, &format!("review reject {first} in")).ends(0);
    run(&scratch, "review later --rule garble/test-or in").ends(0);
    scratch.run("clean in --in-place").ends(0);
    assert_eq!(scratch.text("in/a.txt"), "甲and乙和丙or丁。\n");
    scratch.run("check in").ends(0).shows(&["1 document: 1 known"]);
    assert_eq!(scratch.run("diff in").ends(0).out, "");
}

#[test]
fn the_standard_input_heeds_the_ledger_of_the_folder() {
    let scratch = corpus();
    run(&scratch, "review accept --rule garble/test-or in").ends(0);
    let piped = scratch.pipe("clean - --apply accepted", "第一行\n苹果and香蕉，甲or乙。\n囧\n").ends(0);
    assert_eq!(piped.out, "第一行\n苹果和香蕉，甲或乙。\n囧\n");
}
