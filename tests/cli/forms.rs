//! `check` for continuous integration: every form against its definition, on documents with characters of every length.

use crate::common::{Scratch, schema};
use crate::corpus;
use jiaokan::text::Encoding;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

const FORMATS: [&str; 9] = ["human", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson", "markdown"];

/// A rule, what it found, and what that becomes.
type Found = (String, String, Option<String>);

/// Lines with characters of one to four bytes, a tab, edits inside lines and across them.
const TEXT: &str = "今年的第一行𠮷\t😀，甲and乙，甲or丙。\r\n广告\r\n断开的一行𠮷\r\n续上的and一行\r\n他说囧的时候𠮷囧\r\n";

/// The same text in UTF-8, with a byte order mark, in GB18030 and UTF-16, under names that URIs and Markdown must escape.
fn awkward() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("页 面/甲#1|%[x].txt", TEXT);
    scratch.write("in/bom.txt", format!("\u{FEFF}{TEXT}"));
    scratch.write("in/gb.txt", Encoding::Gb18030.encode(TEXT).unwrap());
    scratch.write("in/lf.txt", TEXT.replace("\r\n", "\n"));
    let mut utf16 = b"\xFF\xFE".to_vec();
    utf16.extend(Encoding::Utf16Le.encode(TEXT).unwrap());
    scratch.write("in/utf16.txt", utf16);
    scratch.write("in/zh/干净.txt", "干净的文字。\n");
    scratch
}

fn all(format: &str) -> (Scratch, String) {
    let scratch = awkward();
    let words = ["check", "in", "页 面", "--format", format, "--rules", "rules"];
    let out = scratch.run_words(&words, b"").ends(1).quiet().out;
    (scratch, out)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[track_caller]
fn valid(name: &str, value: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas").join(name);
    let schema = json(&fs::read_to_string(path).unwrap());
    assert_eq!(schema::violations(&schema, value), Vec::<String>::new());
}

#[track_caller]
fn snapshot(name: &str, text: &str) {
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("check__{name}"), text);
    });
}

#[test]
fn exit_codes_are_those_of_every_format() {
    let scratch = corpus();
    for format in FORMATS {
        scratch.run(&format!("check in/sub --format {format}")).ends(0).quiet();
        scratch.run(&format!("check in --format {format}")).ends(1).quiet();
        scratch.run(&format!("check nowhere --format {format}")).ends(2).complains(&["nowhere"]);
        scratch.run(&format!("check nowhere in --format {format}")).ends(2).shows(&["a.txt"]);
        scratch.run(&format!("check in --format {format} -o no/such.txt/..")).ends(2);
    }
}

#[test]
fn a_file_gets_what_the_standard_output_would() {
    let scratch = corpus();
    for format in FORMATS {
        let out = scratch.run(&format!("check in --format {format}")).stdout;
        let run = scratch.run(&format!("check in --format {format} -o reports/{format}")).ends(1).quiet();
        assert!(run.out.is_empty(), "{run:?}");
        assert!(scratch.read(&format!("reports/{format}")) == out, "{format}");
    }
    assert_eq!(scratch.tree("reports").len(), FORMATS.len());
    scratch.write("old.sarif", "as it was");
    scratch.run("check in --format sarif -o old.sarif --since nothing").ends(2);
    assert_eq!(scratch.text("old.sarif"), "as it was");
    scratch.run("check in --format sarif -o in/a.txt/x").ends(2).complains(&["in/a.txt/x: cannot be written"]);
}

#[test]
fn the_forms_are_as_they_were() {
    for format in ["sarif", "github", "gitlab", "junit", "rdjson", "markdown"] {
        snapshot(format, &all(format).1);
    }
}

#[test]
fn nothing_found_is_a_whole_report_too() {
    let scratch = corpus();
    let clean = |format: &str| scratch.run(&format!("check in/sub --format {format}")).ends(0).out;
    let log = json(&clean("sarif"));
    valid("sarif-2.1.0.json", &log);
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
    assert_eq!(clean("gitlab"), "[]\n");
    valid("rdjson.json", &json(&clean("rdjson")));
    assert_eq!(clean("github"), "");
    assert!(clean("junit").contains("tests=\"1\" failures=\"0\""));
    assert!(clean("markdown").ends_with("1 document: nothing found\n"));
    let failed = scratch.run("check nowhere in/sub --format sarif").ends(2).out;
    assert_eq!(json(&failed)["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

/// The offset in `text` of a line and a column in `units`, as someone would find it who has the specification of a format.
fn offset(text: &str, line: &Value, column: &Value, units: fn(char) -> usize) -> usize {
    let (line, column) = (line.as_u64().unwrap() as usize, column.as_u64().unwrap() as usize);
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let (mut at, mut count) = (start, 1);
    while count < column {
        let c = text[at..].chars().next().unwrap();
        count += units(c);
        at += c.len_utf8();
    }
    assert_eq!(count, column, "the middle of a character");
    at
}

/// What every finding becomes, as `--format jsonl` tells it, by rule and place in code points.
fn expected(scratch: &Scratch, path: &str) -> Vec<Found> {
    let out = scratch.run_words(&["check", path, "--format", "jsonl", "--rules", "rules"], b"").out;
    let mut found: Vec<_> = out
        .lines()
        .map(json)
        .map(|one| {
            let rule = one["rule"].as_str().unwrap().to_owned();
            let text = one["text"].as_str().unwrap().to_owned();
            (one["start"].as_u64().unwrap(), rule, text, one["replacement"].as_str().map(String::from))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, rule, text, new)| (rule, text, new)).collect()
}

#[test]
fn sarif_is_right_in_every_column() {
    let (scratch, out) = all("sarif");
    let log = json(&out);
    valid("sarif-2.1.0.json", &log);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let rules: Vec<&str> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(rules, ["flag/test-odd", "garble/test-and", "garble/test-or", "strip/test-ad", "wrap/test-join"]);
    let artifacts: BTreeMap<&str, &str> = run["artifacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["location"]["uri"].as_str().unwrap(), one["encoding"].as_str().unwrap()))
        .collect();
    assert_eq!(artifacts["in/gb.txt"], "GB18030");
    assert_eq!(artifacts["%E9%A1%B5%20%E9%9D%A2/%E7%94%B2%231%7C%25%5Bx%5D.txt"], "UTF-8");
    let mut found: BTreeMap<&str, Vec<Found>> = BTreeMap::new();
    let mut fingerprints = HashSet::new();
    for result in run["results"].as_array().unwrap() {
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        let text = if uri == "in/lf.txt" { TEXT.replace("\r\n", "\n") } else { TEXT.into() };
        let span = |region: &Value| {
            let at = |line: &str, column: &str| offset(&text, &region[line], &region[column], char::len_utf16);
            at("startLine", "startColumn")..at("endLine", "endColumn")
        };
        let whole = span(&place["region"]);
        let rule = result["ruleId"].as_str().unwrap();
        assert!(rules.contains(&rule));
        let fixes = result["fixes"].as_array();
        assert_eq!(
            fixes.map_or(0, Vec::len),
            match rule {
                "flag/test-odd" => 0,
                "garble/test-or" => 2,
                _ => 1,
            }
        );
        let becomes = fixes.map(|fixes| {
            let change = &fixes[0]["artifactChanges"][0];
            assert_eq!(change["artifactLocation"]["uri"], uri);
            let replacement = &change["replacements"][0];
            assert_eq!(span(&replacement["deletedRegion"]), whole);
            replacement["insertedContent"]["text"].as_str().unwrap_or_default().to_owned()
        });
        assert!(fingerprints.insert((uri, result["partialFingerprints"]["contextHash/v1"].as_str().unwrap())));
        found.entry(uri).or_default().push((rule.into(), text[whole].into(), becomes));
    }
    for path in ["in/bom.txt", "in/gb.txt", "in/lf.txt", "in/utf16.txt"] {
        assert_eq!(found[path], expected(&scratch, path), "{path}");
    }
    assert_eq!(found.len(), 5);
}

#[test]
fn fingerprints_stay_when_lines_move() {
    let scratch = Scratch::new();
    let fingerprints = |text: String| -> Vec<String> {
        scratch.write("a.txt", text);
        let log = json(&scratch.run("check a.txt --format sarif").out);
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|one| one["partialFingerprints"]["contextHash/v1"].as_str().unwrap().to_owned()).collect()
    };
    let before = fingerprints(TEXT.into());
    assert_eq!(before.len(), 7);
    assert_eq!(fingerprints(format!("新的一行。\r\n\r\n{TEXT}又一行。\r\n")), before);
    assert_eq!(fingerprints(TEXT.replace("\r\n", "\n")), before);
}

#[test]
fn rdjson_counts_bytes() {
    let (scratch, out) = all("rdjson");
    let result = json(&out);
    valid("rdjson.json", &result);
    let mut found: BTreeMap<&str, Vec<Found>> = BTreeMap::new();
    for diagnostic in result["diagnostics"].as_array().unwrap() {
        let path = diagnostic["location"]["path"].as_str().unwrap();
        let text = match path {
            "in/lf.txt" => TEXT.replace("\r\n", "\n"),
            "in/bom.txt" => format!("\u{FEFF}{TEXT}"),
            _ => TEXT.into(),
        };
        let span = |range: &Value| {
            let at = |end: &str| offset(&text, &range[end]["line"], &range[end]["column"], char::len_utf8);
            at("start")..at("end")
        };
        let whole = span(&diagnostic["location"]["range"]);
        let becomes = diagnostic["suggestions"].as_array().map(|suggestions| {
            assert_eq!(span(&suggestions[0]["range"]), whole);
            suggestions[0]["text"].as_str().unwrap().to_owned()
        });
        found.entry(path).or_default().push((diagnostic["code"]["value"].as_str().unwrap().into(), text[whole].into(), becomes));
    }
    for path in ["in/bom.txt", "in/lf.txt", "页 面/甲#1|%[x].txt"] {
        assert_eq!(found[path], expected(&scratch, path), "{path}");
    }
    // A suggestion is cut into the bytes of the file; in another encoding it would cut them wrongly.
    for path in ["in/gb.txt", "in/utf16.txt"] {
        let without: Vec<_> = expected(&scratch, path).into_iter().map(|(rule, text, _)| (rule, text, None)).collect();
        assert_eq!(found[path], without, "{path}");
    }
}

#[test]
fn gitlab_knows_every_issue_apart() {
    let issues = json(&all("gitlab").1);
    valid("gitlab.json", &issues);
    let issues = issues.as_array().unwrap();
    let fingerprints: HashSet<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!((issues.len(), fingerprints.len()), (35, 35));
    assert_eq!(issues[1]["location"], json(r#"{"path":"in/bom.txt","lines":{"begin":1,"end":1}}"#));
}

#[test]
fn junit_is_xml_with_a_case_for_every_finding() {
    let (scratch, out) = all("junit");
    let document = roxmltree::Document::parse(&out).unwrap();
    let suites: Vec<_> = document.root_element().children().filter(|node| node.is_element()).collect();
    assert_eq!(suites.len(), 6);
    for suite in &suites {
        let count = |name: &str| suite.descendants().filter(|node| node.has_tag_name(name)).count().to_string();
        assert_eq!(suite.attribute("tests"), Some(&*count("testcase")));
        assert_eq!(suite.attribute("failures"), Some(&*count("failure")));
    }
    assert!(suites.iter().any(|suite| suite.attribute("name") == Some("页 面/甲#1|%[x].txt")));
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/junit-10.xsd");
    if let Some(run) = scratch.tool("", &["xmllint", "--noout", "--schema", schema.to_str().unwrap(), "-"], out.as_bytes()) {
        run.ends(0);
    }
}

#[test]
fn github_gets_what_it_shows_and_is_told_of_the_rest() {
    let scratch = Scratch::new();
    scratch.write("a.txt", "甲and乙\n囧\n".repeat(12));
    let run = scratch.run("check a.txt --format github").ends(1).quiet();
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 11);
    // What needs a person comes first.
    assert_eq!(lines[0], "::warning file=a.txt,line=2,col=1,endLine=2,endColumn=2,title=flag/test-odd::测试规则: ⟦囧⟧");
    assert!(lines[..10].iter().all(|line| line.starts_with("::warning file=a.txt,line=") && line.contains("flag/test-odd")));
    assert_eq!(
        lines[10],
        "jiaokan: 14 warnings more than GitHub shows as annotations; `--format sarif` and `--format jsonl` have all of them"
    );
}

#[test]
fn the_summary_of_a_step_is_added_to() {
    let scratch = corpus();
    scratch.write("summary.md", "what was there\n");
    let summary = scratch.path("summary.md");
    let run = |format: &str, summary: &Path| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jiaokan"));
        command.args(["check", "in", "--rules", "rules", "--format", format]).current_dir(scratch.path(""));
        command.env("GITHUB_STEP_SUMMARY", summary).output().unwrap()
    };
    assert_eq!(run("sarif", &summary).status.code(), Some(1));
    assert_eq!(scratch.text("summary.md"), "what was there\n");
    assert_eq!(run("github", &summary).status.code(), Some(1));
    let markdown = scratch.run("check in --format markdown").out;
    assert_eq!(scratch.text("summary.md"), format!("what was there\n{markdown}"));
    let failed = run("github", &scratch.path("no/such/folder"));
    assert_eq!(failed.status.code(), Some(1));
    let told = String::from_utf8(failed.stderr).unwrap();
    assert!(told.starts_with("warning: ") && told.contains("the summary of the step cannot be written"), "{told}");
}

#[test]
fn markdown_fits_into_a_comment() {
    let scratch = Scratch::new();
    for number in 0..40 {
        scratch.write(&format!("in/{}/{number}.txt", "长".repeat(60)), format!("{}囧|`@x`\n", "前".repeat(300)).repeat(40));
    }
    let out = scratch.run("check in --format markdown").ends(1).out;
    assert!(out.len() < 65_536, "{}", out.len());
    assert!(out.ends_with("\nand 1570 more\n"), "{out}");
    for row in out.lines().filter(|line| line.starts_with("| ")) {
        assert!(!row.contains('`') && !row.contains('@'), "{row}");
    }
}

#[test]
fn the_standard_input_has_a_name_in_every_format() {
    let scratch = Scratch::new();
    for format in FORMATS {
        scratch.pipe(&format!("check - --format {format}"), "囧\n").ends(1).quiet();
    }
    valid("sarif-2.1.0.json", &json(&scratch.pipe("check - --format sarif", "囧\n").out));
}
