//! `report`: the page as a file. What it does in a browser is tested in tests/browser.rs.

use crate::common::Scratch;
use crate::corpus;
use serde_json::Value;

/// The data in a page, as it stands there.
fn embedded(page: &str) -> &str {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    rest.split_once("</script>").unwrap().0
}

fn data(scratch: &Scratch, path: &str) -> Value {
    serde_json::from_str(embedded(&scratch.text(path))).unwrap()
}

/// A part of a text by offsets of UTF-16, as scripts take it.
fn part(text: &Value, start: &Value, end: &Value) -> String {
    let units: Vec<u16> = text.as_str().unwrap().encode_utf16().collect();
    let at = |offset: &Value| offset.as_u64().unwrap() as usize;
    String::from_utf16(&units[at(start)..at(end)]).unwrap()
}

#[test]
fn a_page_is_written_whole_or_not_at_all() {
    let scratch = corpus();
    scratch.run("report in -o pages/report.html").ends(0).quiet().shows(&["report.html: 2 documents, 3 findings: 2 to decide\n"]);
    let page = scratch.text("pages/report.html");
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    assert!(!scratch.path(".jiaokan").exists(), "a report decides nothing");
    scratch.run("report in").ends(2).complains(&["--output"]);
    scratch.run("report nowhere -o other.html").ends(2).complains(&["nowhere"]);
    scratch.run("report in -o in/sub/../a.txt").ends(2).complains(&["is one of the documents"]);
    assert!(scratch.text("in/a.txt").starts_with("第一行"));
    scratch.run("report in -o in").ends(2).complains(&["the report cannot be written"]);
    scratch.write("bad/a.txt", b"\xFF\xFF\x81\xFF");
    scratch.run("report bad -o other.html").ends(2).complains(&["no report was written"]);
    assert!(!scratch.path("other.html").exists());
    scratch.run("report bad in -o other.html").ends(1).complains(&["bad/a.txt"]).shows(&["2 documents, 3 findings"]);
    assert_eq!(scratch.text("pages/report.html"), page);
    scratch.write("empty/a.txt", "");
    scratch.run("report empty -o empty.html").ends(0).shows(&["1 document, 0 findings: 0 to decide"]);
    assert_eq!(data(&scratch, "empty.html")["findings"], Value::Array(Vec::new()));
    assert_eq!(scratch.pipe("report - -o stdin.html", "甲and乙").ends(0).code, 0);
}

#[test]
fn the_same_input_gives_the_same_page() {
    let scratch = corpus();
    for number in 0..20 {
        scratch.write(&format!("in/more/{number}.txt"), format!("春天{number}and夏天。\n甲or乙。\n"));
    }
    scratch.run("report in -o a.html --threads 1").ends(0);
    scratch.run("report in -o b.html --threads 4").ends(0);
    assert!(scratch.read("a.html") == scratch.read("b.html"));
}

#[test]
fn the_page_says_what_check_says() {
    let scratch = corpus();
    scratch.write("in/c.txt", "😀甲or乙。\r\n\r\n河道and河堤，\r续上。囧囧\r\n广告\r\n末行");
    scratch.run("report in -o report.html").ends(0);
    let page = data(&scratch, "report.html");
    let checked: Value = serde_json::from_str(&scratch.run("check in --format json").ends(1).out).unwrap();
    let checked: Vec<&Value> = checked.as_array().unwrap().iter().filter(|one| one["state"] != "shadowed").collect();
    let shown = page["findings"].as_array().unwrap();
    assert_eq!(shown.len(), checked.len());
    assert!(shown.len() >= 7, "{shown:?}");
    for (shown, checked) in shown.iter().zip(checked) {
        let at = |list: &str, index: &Value| page[list][index.as_u64().unwrap() as usize].clone();
        let passage = at("passages", &shown["passage"]);
        assert_eq!(at("documents", &passage["document"])["name"], checked["path"]);
        assert_eq!(at("rules", &shown["rule"])["id"], checked["rule"]);
        assert_eq!(at("words", &shown["message"]), checked["message"]);
        assert_eq!(part(&passage["text"], &shown["start"], &shown["end"]), checked["text"]);
        for key in ["line", "column", "severity", "apply", "state", "confidence"] {
            assert_eq!(shown[key], checked[key], "{key}");
        }
        assert_eq!(shown["readings"][0], checked["replacement"]);
    }
    let signals = &page["documents"][0]["signals"];
    assert_eq!(signals["characters"], serde_json::json!([20, 18]));
}

#[test]
fn a_passage_stands_in_the_page_once() {
    let scratch = Scratch::new();
    let line = "春天的河道and河堤都要有人看，甲or乙。囧\n";
    scratch.write("in/a.txt", line.repeat(50) + &"干净的一行，没有什么可说的。\n".repeat(500) + line);
    scratch.run("report in -o report.html").ends(0);
    let page = data(&scratch, "report.html");
    assert_eq!(page["passages"].as_array().unwrap().len(), 2);
    assert_eq!(page["findings"].as_array().unwrap().len(), 153);
    assert_eq!(page["passages"][1]["line"], 548);
}

#[test]
fn what_documents_and_rules_say_is_data() {
    let scratch = Scratch::new();
    let bad = "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>";
    let rule = scratch.text("rules/flag/test-odd.toml").replace("测试规则", bad).replace("为测试而写。", bad);
    scratch.write("rules/flag/test-odd.toml", rule);
    scratch.write("in/<b>&.txt", format!("{bad}\u{202E}\u{2028}\u{1B}[2J\0囧\u{2066}{bad}\n"));
    scratch.run("report in -o report.html").ends(0);
    let page = scratch.text("report.html");
    assert!(!embedded(&page).contains(['<', '>', '&', '\u{202E}', '\u{2066}', '\u{2028}', '\u{1B}', '\0']));
    assert_eq!(page.matches("<script").count(), 2);
    let data = data(&scratch, "report.html");
    assert!(data["passages"][0]["text"].as_str().unwrap().starts_with(&format!("{bad}\u{202E}\u{2028}")));
    assert_eq!(data["rules"][0]["title"], bad);
    assert!(data["documents"][0]["name"].as_str().unwrap().ends_with("<b>&.txt"));
    let policy = page.split_once("Content-Security-Policy\" content=\"").unwrap().1.split_once('"').unwrap().0;
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
}

#[test]
fn the_page_shows_what_was_decided() {
    let scratch = corpus();
    scratch.run("report in -o before.html").ends(0);
    scratch.run("review accept --rule garble/test-or in --who 李木 --note 两可").ends(0);
    scratch.run("review reject --rule flag/test-odd in --who 李木").ends(0);
    scratch.run("report in -o after.html").ends(0).shows(&["3 findings: 0 to decide"]);
    let (before, after) = (data(&scratch, "before.html"), data(&scratch, "after.html"));
    assert_eq!(before["id"], after["id"], "what the browser keeps is found again");
    let of = |rule: &str| {
        let wanted = |one: &&Value| after["rules"][one["rule"].as_u64().unwrap() as usize]["id"] == *rule;
        after["findings"].as_array().unwrap().iter().find(wanted).unwrap()
    };
    let accepted = &of("garble/test-or")["decisions"][0];
    assert_eq!((&accepted["verdict"], &accepted["new"], &accepted["note"]), (&"accept".into(), &"或".into(), &"两可".into()));
    let rejected = of("flag/test-odd");
    assert_eq!(
        (&rejected["decisions"][0]["verdict"], &rejected["over"]),
        (&"reject".into(), &serde_json::json!([rejected["decisions"][0]["id"]]))
    );
    assert_eq!(of("garble/test-and")["decisions"], Value::Null);
}
