//! `eval`: labelled text in, figures out.

use crate::common::Scratch;

const MARKED: &str = "全县的企业⟦word| and ⟧单位都参加了植树。\n\n共有⟦lost|\u{FFFD}⟧人到会，会后又去了河边⟦word|的⟧堤上。\n";

#[test]
fn marks_are_measured_by_kind_and_rule() {
    let scratch = Scratch::new();
    scratch.write("gold/a.txt", MARKED);
    scratch.write("clean/b.txt", "全县的干部都参加了植树，晚上才回到县城里。\n");
    let run = scratch.run("eval gold --clean clean --errors 3").ends(0);
    run.shows(&[
        "word    1/2  0.5000",
        "lost    0/1  0.0000",
        "garble/test-and",
        "missed word",
        "⟦的⟧",
        "1 labelled document",
        "1 document, ",
    ]);
    let run = scratch.run("eval gold --format json --only garble/* --ignore-kinds lost").ends(0);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["spans"]["precision"]["share"], 1.0);
    assert_eq!(report["kinds"]["word"]["of"], 2);
    assert_eq!(report["spans"]["recall"]["hits"], 1);
    assert!(report["kinds"]["lost"].is_null() && report["false_alarms"].is_null());
}

#[test]
fn what_cannot_be_measured_is_told() {
    let scratch = Scratch::new();
    scratch.write("gold/a.txt", "甲⟦乙\n丙\n");
    scratch.run("eval gold").ends(2).complains(&["a.txt", "line 1", "is not closed", "put ⟧"]);
    scratch.write("gold/a.txt", "甲⟦字|乙⟧\n");
    scratch.run("eval gold").ends(2).complains(&["line 1", "written in ASCII", "⟦defect|甲|乙⟧"]);
    scratch.write("gold/a.txt", MARKED);
    scratch.write("gold/b.json", "{\"input\": \"甲\", \"gold\": [{\"start\": 0, \"end\": 9, \"kind\": \"x\"}]}");
    scratch.run("eval gold").ends(2).complains(&["b.json", "9 lies behind the end", "code points"]);
    scratch.run("eval gold/a.txt --only garble/test-adn").ends(2).complains(&["did you mean `garble/test-and`"]);
    scratch.write("none/a.md", "甲\n");
    scratch.run("eval none").ends(2).complains(&["no labelled text", "*.json"]);
    scratch.run("eval missing").ends(2).complains(&["missing", "check the spelling"]);
    scratch.write("gold/a.txt", MARKED);
    scratch.run("eval gold/a.txt --kinds wrod").ends(2).complains(&["no mark is of the kind `wrod`", "lost"]);
}
