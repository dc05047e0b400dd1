//! `score`: signals, filters, and keeping documents by them.

use crate::common::{Run, Scratch};
use jiaokan::score::SIGNALS;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;
use std::fs::{self, File};
use std::path::Path;

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
    run.complains(&[
        "kept 2 of 3 documents",
        "1 failed size.han>10",
        "1 record could not be read and was",
        "no text in the field",
    ]);
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
    for (expression, told) in [
        (
            "score > 5 and size.hna > 2",
            "no signal is called `size.hna`: did you mean `size.han` or `size.characters` or `size.paragraphs`?\n  score > 5 and size.hna > 2\n                ^^^^^^^^",
        ),
        ("size > 5", "no signal is called `size`"),
        ("score", "\n  score\n  ^^^^^"),
        ("score = 5", "write == for equal, >= for at least\n  score = 5\n        ^"),
        ("score >= 70 and", "ends where"),
        ("(score > 5", "never closed\n  (score > 5\n  ^"),
    ] {
        let run = scratch.run_words(&["score", "a.txt", "--keep", expression, "-o", "out"], b"").ends(2);
        assert!(run.out.is_empty(), "{run:?}");
        run.complains(&[told]);
    }
    assert!(fs::read_dir(scratch.path("")).unwrap().all(|entry| !entry.unwrap().path().ends_with("out")));
}

#[test]
fn every_signal_is_listed_with_its_meaning() {
    let scratch = Scratch::new();
    let run = scratch.run_words(&["score", "--list-signals"], b"").ends(0).quiet();
    let names: Vec<&str> = run.out.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, SIGNALS.iter().map(|signal| signal.name).collect::<Vec<_>>());
    for (line, signal) in run.out.lines().skip(1).zip(SIGNALS) {
        assert!(line.ends_with(signal.meaning), "{line}");
    }
    scratch.run_words(&["score", "--list-signals", "a.txt"], b"").ends(2).complains(&["--list-signals"]);
    scratch.run_words(&["score"], b"").ends(2).complains(&["PATHS"]);
}

#[test]
fn a_table_of_scores_holds_what_lines_hold() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", records());
    let lines = scratch.run("score in.jsonl --keep size.han>10 --format jsonl --scores s.parquet").ends(2).out;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let table = SerializedFileReader::new(File::open(scratch.path("s.parquet")).unwrap()).unwrap();
    let rows: Vec<_> = table.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!((rows.len(), lines.len()), (3, 3));
    for (row, line) in rows.iter().zip(&lines) {
        for (name, field) in row.get_column_iter() {
            let (side, signal) = name.split_once('.').unwrap_or(("", name));
            let told = match signal.strip_suffix(".failed") {
                Some(filter) => {
                    let failed = line["failed"][side][filter].as_array().map_or(0, Vec::len);
                    assert!(
                        matches!(field, Field::Str(all) if all.split("; ").filter(|one| !one.is_empty()).count() == failed),
                        "{name} {field}"
                    );
                    continue;
                }
                None if side.is_empty() => &line[name],
                None => &line[side][signal],
            };
            match field {
                Field::Str(text) => assert_eq!(told, text.as_str(), "{name}"),
                Field::Bool(flag) => assert_eq!(told, flag, "{name}"),
                Field::Double(number) => assert_eq!(told.as_f64(), Some(*number), "{name}"),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}

#[test]
fn collections_in_folders_are_scored_and_kept() {
    let scratch = Scratch::new();
    scratch.write("in/a.jsonl", records());
    scratch.write("in/b/a.jsonl", records().repeat(2));
    let run = scratch.run("score in --format jsonl").ends(2);
    assert_eq!(run.out.lines().count(), 9, "{run:?}");
    scratch.run("score in --keep size.han>10 -o out").ends(1).complains(&["kept 6 of 9"]);
    assert_eq!(scratch.text("out/a.jsonl").lines().count(), 2);
    assert_eq!(scratch.text("out/b/a.jsonl").lines().count(), 4);
    scratch.write("in/c.txt", GOOD);
    scratch.run("score in --keep size.han>10 -o other").ends(2).complains(&["give one or the other"]);
}

/// Three specimens, and what is told of them with the built-in rules.
fn specimens(scratch: &Scratch, words: &[&str]) -> Run {
    for name in ["clean-prose-news", "ocr-museum-notice", "vision-bridge-and-ads"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name).with_extension("txt");
        scratch.write(&format!("in/{name}.txt"), fs::read(path).unwrap());
    }
    scratch.write("built-in.toml", "");
    scratch.run_words(&[&["score", "--config", "built-in.toml"], words].concat(), b"").ends(0)
}

#[track_caller]
fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("score__{name}"), text);
    });
}

#[test]
fn reports_on_specimens_are_as_they_were() {
    let scratch = Scratch::new();
    snapshot("table", &specimens(&scratch, &["in"]).quiet().out);
    let explained = specimens(&scratch, &["in/vision-bridge-and-ads.txt", "--explain"]).quiet().out;
    snapshot("explain", explained.split("\n\n").next().unwrap_or_default());
    let line = specimens(&scratch, &["in/ocr-museum-notice.txt", "--format", "jsonl"]).quiet().out;
    snapshot("jsonl", &format!("{:#}", serde_json::from_str::<Value>(&line).unwrap()));
    let keep = ["in", "--format", "jsonl", "--keep", "score >= 80 and contamination.share < 5%", "-o", "out"];
    let told = specimens(&scratch, &keep).err;
    let names = |folder: &str| {
        scratch.tree(folder).into_iter().map(|(path, _)| format!("{folder}/{}\n", path.display())).collect::<String>()
    };
    snapshot("keep", &[told, scratch.text("out.reasons.jsonl"), names("out"), names("out.dropped")].concat());
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
