//! `score`: signals, filters, and keeping documents by them.

use crate::common::Scratch;

const GOOD: &str = "柳河镇的村民们克服困难，修好了河堤。两岸的农田今年都能浇上水，收成比去年好。\n";

fn records() -> String {
    let record = |text: &str| serde_json::json!({ "id": 1, "text": text }).to_string() + "\n";
    record(&GOOD.repeat(2)) + &record("短") + "{\"id\":3}\n" + "no json\n" + &record(&format!("甲 and 乙。{GOOD}"))
}

#[test]
fn documents_are_told_of_with_their_signals() {
    let scratch = Scratch::new();
    scratch.write("a.txt", format!("甲 and 乙。\n{GOOD}"));
    let run = scratch.run("score a.txt --format jsonl").ends(0);
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(told["changed"], true);
    assert!(told["before"]["size.han"].as_u64() > Some(30), "{told}");
    assert_eq!(told["after"]["gopher.passes"], false);
    assert_eq!(told["failed"]["before"]["gopher"][0]["threshold"], "gopher_short_doc");
    scratch.run("score a.txt --explain").ends(0).shows(&["a.txt", "gopher fails: gopher_short_doc", "would keep", "fineweb2"]);
}

#[test]
fn records_are_kept_as_they_were_and_others_written_aside() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", records());
    let run = scratch.run("score in.jsonl --keep size.han>10 -o out.jsonl --summary s.json --scores s.parquet").ends(1);
    run.complains(&["kept 2 of 3 documents", "1 failed size.han>10", "1 records could not be read", "no text in the field"]);
    let lines: Vec<String> = records().lines().map(|line| line.to_owned() + "\n").collect();
    assert_eq!(scratch.text("out.jsonl"), [&*lines[0], &lines[4]].concat());
    assert_eq!(scratch.text("out.dropped.jsonl"), [&*lines[1], &lines[2]].concat());
    assert_eq!(
        scratch.text("out.reasons.jsonl"),
        "{\"path\":\"in.jsonl:2\",\"failed\":[{\"part\":\"size.han>10\",\"values\":{\"size.han\":1}}]}\n"
    );
    assert!(scratch.text("out.put-aside.jsonl").contains("\"line\":4"));
    assert!(scratch.read("s.parquet").starts_with(b"PAR1"));
    assert!(scratch.text("s.json").contains("\"documents\": 3"));
    scratch.run("score in.jsonl --keep size.han>10 -o out.jsonl").ends(2).complains(&["out.jsonl", "--overwrite"]);
    scratch.run("score in.jsonl --keep size.han>10 -o out.jsonl --overwrite --cleaned").ends(1);
    assert!(scratch.text("out.jsonl").contains("甲和乙"));
    let left: Vec<_> = std::fs::read_dir(scratch.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with('.')), "{left:?}");
}

#[test]
fn files_are_kept_in_a_folder() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", GOOD);
    scratch.write("in/b/c.txt", "短\n");
    scratch.run("score in --keep size.han>10 -o out").ends(0).complains(&["kept 1 of 2"]);
    assert_eq!(scratch.text("out/a.txt"), GOOD);
    assert_eq!(scratch.text("out.dropped/b/c.txt"), "短\n");
}

#[test]
fn mistakes_in_expressions_are_pointed_at() {
    let scratch = Scratch::new();
    scratch.write("a.txt", GOOD);
    let run = scratch.run("score a.txt --keep scroe>=70").ends(2);
    run.complains(&["no signal is called `scroe`", "did you mean `score`", "  ^^^^^"]);
    scratch.run("score a.txt -o out").ends(2).complains(&["--keep"]);
}

#[test]
fn the_same_comes_out_whatever_the_number_of_threads() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", records().repeat(40));
    let one = scratch.run("score in.jsonl --format jsonl --threads 1");
    let four = scratch.run("score in.jsonl --format jsonl --threads 4");
    assert_eq!(one.out, four.out);
    assert_eq!(one.out.lines().count(), 120);
}
