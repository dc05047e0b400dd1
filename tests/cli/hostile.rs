//! Documents, names and rules that mean harm: to terminals, to the logs of continuous integration, to reports.

use crate::common::{Scratch, rule};
use serde_json::Value;

/// Everything that some reader of a report might obey.
const HARM: &str = "::error file=x::甲\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m<script>alert(1)</script>囧]]>&amp;%0A::set-env name=x::y\
    ##[error]z ##vso[task.setvariable]v |`@all` [链](javascript:x) ![图](http://x/y) https://example.org www.example.org\
    \u{202E}反\u{2066}隔\u{2028}行\u{200B}零\u{FEFF}\u{E0041}\u{FFFE}\u{0}\u{8}\u{c}\u{7f}";

const FORMATS: [&str; 9] = ["human", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson", "markdown"];

/// Harmful text in documents, in their names, and in a rule.
fn hostile() -> Scratch {
    let scratch = Scratch::new();
    let line = format!("{HARM}\n  ::warning::甲and乙，甲or乙\r\n##[add-mask]囧\n");
    scratch.write("in/plain.txt", &line);
    scratch.write("in/::error::name,a=b%0A.txt", &line);
    scratch.write("in/##[error]<b>&|`@x`](y)\u{202E}.txt", &line);
    #[cfg(unix)]
    scratch.write("in/\u{1b}]0;x\u{7}\n::error::y\".txt", &line);
    let find = rule("review", "text = '隔'", "[fix]\nchoices = [\"\\u001b[31m::error::<b>\"]\n", "⟦隔⟧", "甲");
    let title = r#""::error::\u001b[2J<script>\u202e]]>|`@all`\n::set-env [x](y) ##[error]""#;
    scratch.write("rules/flag/harm.toml", find.replace("\"测试规则\"", title).replace("为测试而写。", "<script>\u{202E}]]>"));
    scratch
}

/// What no line for people or logs may hold.
#[track_caller]
fn harmless(text: &str) {
    for line in text.split('\n') {
        assert!(!line.contains(|c: char| c.is_control() && c != '\t'), "{line:?}");
        assert!(
            !line.contains(['\u{202E}', '\u{2066}', '\u{2028}', '\u{200B}', '\u{FEFF}', '\u{E0041}', '\u{FFFE}']),
            "{line:?}"
        );
        assert!(!line.contains("##[") && !line.contains("##vso["), "{line:?}");
        assert!(!line.trim_start().starts_with("::"), "{line:?}");
    }
}

#[test]
fn no_report_harms_whoever_reads_it() {
    let scratch = hostile();
    for format in FORMATS {
        let run = scratch.run(&format!("check in --format {format} --all")).ends(1).quiet();
        assert!(run.out.contains('囧'), "{format}");
        let commands = run.out.replace("\n::warning file=", "\n").replacen("::warning file=", "", 1);
        harmless(if format == "github" { &commands } else { &run.out });
    }
}

#[test]
fn people_see_what_there_is() {
    let scratch = hostile();
    harmless(&scratch.run("diff in --inline").ends(1).out);
    let run = scratch.run("clean in -o out").ends(0);
    harmless(&run.err);
    harmless(&scratch.run("explain flag/harm").ends(0).out);
    harmless(&scratch.run("rules list").ends(0).out);
    harmless(&scratch.run("test").out);
    let run = scratch.run_words(&["check", "in/\u{1b}[2J\n::error::nowhere", "--rules", "rules"], b"").ends(2);
    harmless(&run.err);
    assert!(run.err.contains("␛[2J") && run.err.contains("⟨U+003A⟩:error::nowhere"), "{run:?}");
    scratch.run("check in/plain.txt").ends(1).shows(&["⟨U+202E⟩反", "␛", "⟨U+009B⟩"]);
}

#[test]
fn colours_are_ours_alone() {
    let scratch = hostile();
    let out = scratch.run("check in --color always --all").ends(1).out;
    let plain = out.split('\x1b').skip(1).map(|rest| rest.split_once('m').expect("a colour ends")).map(|(codes, _)| codes);
    for codes in plain {
        assert!(codes.starts_with('[') && codes[1..].bytes().all(|b| b.is_ascii_digit() || b == b';'), "{codes:?}");
    }
    assert!(!out.contains("\x1b[2J"));
}

#[test]
fn json_means_what_was_there() {
    let scratch = hostile();
    let out = scratch.run("check in/plain.txt --format jsonl").ends(1).out;
    let found: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let harm = found.iter().find(|one| one["rule"] == "flag/harm").unwrap();
    assert_eq!(harm["replacement"], "\u{1b}[31m::error::<b>");
    assert!(harm["message"].as_str().unwrap().starts_with("::error::\u{1b}[2J<script>\u{202e}]]>"));
    for format in ["json", "sarif", "gitlab", "rdjson"] {
        let out = scratch.run(&format!("check in --format {format}")).out;
        serde_json::from_str::<Value>(&out).unwrap();
    }
}

#[test]
fn sarif_has_no_links_of_a_document() {
    let scratch = hostile();
    let log: Value = serde_json::from_str(&scratch.run("check in/plain.txt --format sarif").out).unwrap();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let text = result["message"]["text"].as_str().unwrap();
        assert!(!text.contains("](") || text.contains("\\]("), "{text}");
    }
}

#[test]
fn annotations_keep_to_their_properties() {
    let scratch = hostile();
    let out = scratch.run("check in --format github").ends(1).out;
    for line in out.lines().filter(|line| line.starts_with("::")) {
        let (head, _) = line.strip_prefix("::warning ").unwrap().split_once("::").unwrap();
        let names: Vec<&str> = head.split(',').map(|property| property.split_once('=').unwrap().0).collect();
        assert!(
            names == ["file", "line", "col", "endLine", "endColumn", "title"] || names == ["file", "line", "endLine", "title"],
            "{line}"
        );
    }
    assert!(out.contains("file=in/%3A%3Aerror%3A%3Aname%2Ca=b%250A.txt,"), "{out}");
}

#[test]
fn xml_stays_xml() {
    let scratch = hostile();
    let out = scratch.run("check in --format junit").ends(1).out;
    let document = roxmltree::Document::parse(&out).unwrap();
    let known = ["testsuites", "testsuite", "testcase", "failure"];
    assert!(document.descendants().filter(|node| node.is_element()).all(|node| known.contains(&node.tag_name().name())));
    assert!(out.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn markdown_stays_a_table() {
    let scratch = hostile();
    let out = scratch.run("check in --format markdown").ends(1).out;
    let rows: Vec<&str> = out.lines().filter(|line| line.starts_with("| ")).collect();
    assert!(rows.len() > 10);
    for row in rows {
        assert_eq!(row.matches('|').count(), 5, "{row}");
        let text = row.replace("<code>", "").replace("</code>", "");
        assert!(
            !text.contains(['<', '>', '`', '@', '[', '*', '_', '\\']) && !text.contains("://") && !text.contains("www."),
            "{row}"
        );
    }
}

#[test]
fn a_patch_holds_the_bytes() {
    let scratch = hostile();
    let patch = scratch.run("diff in/plain.txt").ends(1).stdout;
    let first = HARM.as_bytes();
    assert!(patch.windows(first.len()).any(|bytes| bytes == first));
}
