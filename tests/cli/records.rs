//! `clean` on collections of records.

use crate::common::Scratch;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Records as they come: odd spacing, numbers and escapes, a field twice, and texts that a rule edits.
const RECORDS: &str = concat!(
    "{\"id\": 1.10, \"text\":\"甲 and 乙\", \"big\": 123456789012345678901234567890, \"e\":1E5}\n",
    "{\"id\":2,\"text\":\"\\u7532 and \\u4e59\\ud842\\udfb7\"}\r\n",
    "\n",
    "{\"text\":\"旧 and 文\",\"id\":3,\"id\":4,\"text\":\"丙\\/丁 and 戊\"}\n",
    "{\"body\":\"没有 and 正文\"}\n",
    "{\"text\":null}\n",
    "  { \"text\" : \"不改\" }  ",
);

const CLEANED: &str = concat!(
    "{\"id\": 1.10, \"text\":\"甲和乙\", \"big\": 123456789012345678901234567890, \"e\":1E5}\n",
    "{\"id\":2,\"text\":\"\\u7532\\u548c\\u4e59\\ud842\\udfb7\"}\r\n",
    "\n",
    "{\"text\":\"旧 and 文\",\"id\":3,\"id\":4,\"text\":\"丙\\/丁和戊\"}\n",
    "{\"body\":\"没有 and 正文\"}\n",
    "{\"text\":null}\n",
    "  { \"text\" : \"不改\" }  ",
);

#[test]
fn the_text_alone_is_changed_whatever_the_record_looks_like() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", RECORDS);
    let run = scratch
        .run("clean in.jsonl -o out.jsonl")
        .ends(0)
        .complains(&["6 records, 3 changed, 2 without text", "garble/test-and  3 edits"]);
    assert!(run.out.is_empty());
    assert_eq!(scratch.text("out.jsonl"), CLEANED);
    assert_eq!(scratch.text("in.jsonl"), RECORDS);
    let left: Vec<_> = std::fs::read_dir(scratch.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with('.')), "{left:?}");
    scratch.run("clean out.jsonl -o again.jsonl").ends(0).complains(&["0 changed"]);
    assert_eq!(scratch.text("again.jsonl"), CLEANED);
}

#[test]
fn compression_is_read_by_content_and_written_by_name() {
    let scratch = Scratch::new();
    let mut members = Vec::new();
    for part in RECORDS.split_inclusive('\n') {
        let mut member = GzEncoder::new(Vec::new(), Compression::fast());
        member.write_all(part.as_bytes()).unwrap();
        members.extend(member.finish().unwrap());
    }
    scratch.write("in.jsonl", members);
    for ending in ["jsonl.gz", "jsonl.zst", "ndjson.xz"] {
        scratch.run(&format!("clean in.jsonl -o out.{ending}")).ends(0);
        scratch.run(&format!("clean out.{ending} -o back-{ending}.jsonl")).ends(0);
        assert_eq!(scratch.text(&format!("back-{ending}.jsonl")), CLEANED, "{ending}");
        assert_ne!(scratch.read(&format!("out.{ending}")), CLEANED.as_bytes());
    }
}

#[test]
fn nested_fields_annotations_and_findings() {
    let scratch = Scratch::new();
    scratch.write(
        "in.jsonl",
        "{\"a\":{\"b\":\"𠮷甲 and 乙\"}}\n{\"a\":{\"b\":\"丙\"},\"done\":1}\n{\"a\":{\"b\":\"丙 and 丁\"},\"done\":1}\n",
    );
    scratch.run("clean in.jsonl -o out/o.jsonl --field a.b --annotate done --findings --summary figures.json").ends(1);
    assert_eq!(scratch.text("out/o.jsonl"), "{\"a\":{\"b\":\"𠮷甲和乙\"},\"done\":[[2,7,\"garble/test-and\",\"和\"]]}\n");
    assert!(scratch.text("out/o.findings.jsonl").starts_with("{\"path\":\"in.jsonl:1\",\"rule\":\"garble/test-and\""));
    let aside = scratch.text("out/o.put-aside.jsonl");
    assert_eq!(aside.lines().count(), 2, "{aside}");
    assert!(aside.contains("\"line\":2,\"problem\":\"there is a field `done` already\""), "{aside}");
    let figures: serde_json::Value = serde_json::from_str(&scratch.text("figures.json")).unwrap();
    assert_eq!((&figures["figures"]["records"], &figures["figures"]["put_aside"]), (&3.into(), &2.into()));
    assert!(figures["found_nothing"].as_array().unwrap().iter().any(|rule| rule == "flag/test-odd"));
}

#[test]
fn what_is_no_record_is_put_aside_and_told() {
    let scratch = Scratch::new();
    scratch.write(
        "in.jsonl",
        b"{\"text\":\"\xe7\x94\xb2 and \xe4\xb9\x99\"}\nno json\n{\"text\":7}\n{\"text\":\"a\\ud83d\"}\n\xff\xfe\n".as_slice(),
    );
    scratch.run("clean in.jsonl -o out.jsonl").ends(1).complains(&["4 records could not be read", "out.put-aside.jsonl"]);
    assert_eq!(scratch.text("out.jsonl"), "{\"text\":\"甲和乙\"}\n");
    let aside = scratch.text("out.put-aside.jsonl");
    for (line, problem) in
        [(2, "no JSON object"), (3, "`text` is no string"), (4, "half a character"), (5, "no UTF-8 from byte 0 on")]
    {
        let told = aside.lines().find(|text| text.contains(&format!("\"line\":{line},"))).unwrap_or_else(|| panic!("{aside}"));
        assert!(told.contains(problem), "{told}");
    }
    scratch.write("other.jsonl", "{\"content\":\"甲\"}\n");
    scratch.run("clean other.jsonl -o o.jsonl").ends(1).complains(&["no record has a text in the field `text`", "--field"]);
}

#[test]
fn what_cannot_be_done_is_told_and_nothing_is_lost() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", RECORDS);
    scratch.write("out.jsonl", "mine\n");
    scratch.run("clean in.jsonl -o out.jsonl").ends(2).complains(&["out.jsonl", "--overwrite"]);
    assert_eq!(scratch.text("out.jsonl"), "mine\n");
    scratch.run("clean in.jsonl -o in.jsonl --overwrite").ends(2).complains(&["in.jsonl"]);
    scratch.run("clean in.jsonl").ends(2).complains(&["-o"]);
    scratch.run("clean missing.jsonl -o x.jsonl").ends(2).complains(&["missing.jsonl", "no such file"]);
    scratch.run("clean in.jsonl -o x.jsonl --memory lots").ends(2).complains(&["512M"]);
    scratch.write("cut.jsonl.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B].as_slice());
    scratch.run("clean cut.jsonl.gz -o x.jsonl").ends(2).complains(&["cut.jsonl.gz", "whole"]);
    assert!(!scratch.path("x.jsonl").exists());
    assert_eq!(scratch.text("in.jsonl"), RECORDS);
}

/// Twelve thousand records.
fn many() -> String {
    (0..12_000)
        .map(|n| format!("{{\"id\":{n},\"text\":\"第{n}段，甲 and 乙在河边{}\"}}\n", "说了一句话。".repeat(n % 23)))
        .collect()
}

#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", many());
    let options = ["--checkpoint", "64K", "--memory", "1M", "--findings", "--rules", "rules"];
    let clean = |output: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jiaokan"));
        command.args(["clean", "in.jsonl", "-o", output]).args(options).current_dir(scratch.path("")).stderr(Stdio::null());
        command
    };
    assert!(clean("whole.jsonl.zst").status().unwrap().success());
    let mut killed = 0;
    for moment in 0..50 {
        let mut child = clean("out.jsonl.zst").spawn().unwrap();
        std::thread::sleep(Duration::from_millis(3 + moment * 7 % 190));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        let ended = child.wait().unwrap().success();
        if scratch.path("out.jsonl.zst").exists() {
            compare(&scratch);
            // Killed after all was in its place, and before the note of how far it came was gone.
            if !ended && scratch.path(".out.jsonl.zst.progress").exists() {
                assert!(clean("out.jsonl.zst").status().unwrap().success());
                compare(&scratch);
            }
            for name in ["out.jsonl.zst", "out.findings.jsonl.zst"] {
                std::fs::remove_file(scratch.path(name)).unwrap();
            }
        }
    }
    assert!(killed >= 10, "only {killed} of 50 runs were killed");
    assert!(clean("out.jsonl.zst").status().unwrap().success());
    compare(&scratch);
}

/// Asserts that the run that was stopped and gone on with wrote what the other one wrote.
fn compare(scratch: &Scratch) {
    for (one, other) in [("whole.jsonl.zst", "out.jsonl.zst"), ("whole.findings.jsonl.zst", "out.findings.jsonl.zst")] {
        assert!(scratch.read(one) == scratch.read(other), "{one} and {other} differ");
    }
    let mut text = String::new();
    let (mut stream, _) = jiaokan::records::open(&scratch.path("out.jsonl.zst")).unwrap();
    stream.read_to_string(&mut text).unwrap();
    assert_eq!(text, many().replace(" and ", "和"));
}

#[test]
fn a_run_goes_on_only_with_what_it_was_begun_with() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", many() + "{\"text\":\"\n");
    let begin = |more: &str| scratch.run(&format!("clean in.jsonl -o out.jsonl --checkpoint 64K --memory 1M {more}"));
    // Stopped by a limit on the size of files, as by a full disk.
    let mut shell = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_jiaokan");
    let command =
        format!("ulimit -f 300; {program} clean in.jsonl -o out.jsonl --checkpoint 64K --memory 1M --rules rules 2>/dev/null");
    shell.args(["-c", &command]).current_dir(scratch.path(""));
    assert!(!shell.status().unwrap().success());
    assert!(scratch.path(".out.jsonl.progress").exists() && !scratch.path("out.jsonl").exists());
    begin("--field body").ends(2).complains(&["begun with other options", "--restart"]);
    scratch.write("rules/flag/test-more.toml", scratch.text("rules/flag/test-odd.toml"));
    begin("").ends(2).complains(&["begun with other rules"]);
    std::fs::remove_file(scratch.path("rules/flag/test-more.toml")).unwrap();
    // What rules name, and what they know of the language, decides as well as they do.
    scratch.write("rules/flag/test-odd.trees", "jiaokan trees 1\n");
    begin("").ends(2).complains(&["begun with other rules"]);
    std::fs::remove_file(scratch.path("rules/flag/test-odd.trees")).unwrap();
    scratch.write("words.txt", "柳河 9\n");
    scratch.run_words(&["lexicon", "build", "--words", "words.txt", "-o", "own.txt"], b"").ends(0);
    begin("--lexicon own.txt").ends(2).complains(&["begun with other rules"]);
    begin("").ends(1).complains(&["goes on after", "12001 records, 12000 changed"]);
    begin("--overwrite --restart").ends(1).complains(&["12000 changed"]);
}

#[test]
fn threads_and_batches_make_no_difference() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", many());
    for (name, options) in
        [("a", "--threads 1"), ("b", "--threads 2 --memory 2M"), ("c", "--threads 8 --memory 1G --checkpoint 1M")]
    {
        scratch.run(&format!("clean in.jsonl -o {name}.jsonl --findings {options}")).ends(0);
    }
    for name in ["b", "c"] {
        assert!(scratch.read("a.jsonl") == scratch.read(&format!("{name}.jsonl")));
        assert!(scratch.read("a.findings.jsonl") == scratch.read(&format!("{name}.findings.jsonl")));
    }
}
