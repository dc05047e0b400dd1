//! The page of `report` in a real browser. Needs node and Chromium: set `JIAOKAN_BROWSER` to the browser's command, such as `chromium`.
//! Without it the test is passed over with a word, for not every machine can start a browser.

#[allow(dead_code, reason = "a folder of its own is all that is needed of it")]
mod common;

use common::Scratch;
use std::path::Path;
use std::process::Command;

#[test]
fn what_is_decided_in_the_page_is_what_is_done() {
    let Ok(browser) = std::env::var("JIAOKAN_BROWSER") else {
        eprintln!("skipped: set JIAOKAN_BROWSER to the command of a browser, such as chromium");
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
