//! The page of `report` in a real browser. Needs node and Chromium, and is passed over with a word where one is missing: set
//! `JIAOKAN_BROWSER` to the browser's command to make it fail instead.

#[allow(dead_code)]
mod common;

use common::Scratch;
use std::path::Path;
use std::process::{Command, Stdio};

/// Commands of browsers that understand the same protocol.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

fn runs(command: &str) -> bool {
    let version = Command::new(command).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

#[test]
fn what_is_decided_in_the_page_is_what_is_done() {
    let named = std::env::var("JIAOKAN_BROWSER").ok();
    let browser = named.clone().or_else(|| BROWSERS.iter().find(|command| runs(command)).map(|&command| command.to_owned()));
    let (Some(browser), true) = (browser, runs("node")) else {
        assert!(named.is_none(), "JIAOKAN_BROWSER is set, and node is not there");
        eprintln!("skipped: no browser (chromium) or no node; set JIAOKAN_BROWSER to the command of one");
        return;
    };
    let scratch = Scratch::new();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/review.mjs");
    let mut command = Command::new("node");
    command.arg(script).args([env!("CARGO_BIN_EXE_jiaokan"), &browser]).arg(scratch.path("."));
    let output = command.output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
}
