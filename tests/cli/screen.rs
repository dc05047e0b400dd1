//! `review` on a terminal.

use crate::common::{Run, Scratch};
use pty_process::blocking::{Command, Pty};
use std::io::{Read, Write};
use std::num::NonZero;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const COLUMNS: u16 = 100;
const ROWS: u16 = 24;

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

/// The program on a terminal of its own.
struct Session {
    child: Child,
    pty: Arc<Pty>,
    shown: Arc<Mutex<vt100::Parser>>,
}

impl Session {
    fn start(scratch: &Scratch, arguments: &str) -> Session {
        let (pty, pts) = pty_process::blocking::open().unwrap();
        pty.resize(pty_process::Size::new(ROWS, COLUMNS)).unwrap();
        let words = arguments.split_whitespace().chain(["--rules", "rules", "--who", "李木"]);
        let command = Command::new(env!("CARGO_BIN_EXE_jiaokan")).args(words).current_dir(scratch.path(""));
        let child = command.env("TERM", "xterm-256color").env_remove("NO_COLOR").spawn(pts).unwrap();
        let (pty, shown) = (Arc::new(pty), Arc::new(Mutex::new(vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0))));
        let (from, into) = (pty.clone(), shown.clone());
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = (&*from).read(&mut bytes) {
                into.lock().unwrap().process(&bytes[..count]);
                if count == 0 {
                    return;
                }
            }
        });
        Session { child, pty, shown }
    }

    fn screen(&self) -> String {
        self.shown.lock().unwrap().screen().contents()
    }

    /// Waits until the screen shows something.
    fn shows(&self, text: &str) -> &Session {
        let from = Instant::now();
        while !self.screen().contains(text) {
            assert!(from.elapsed() < Duration::from_secs(60), "no {text:?} in\n{}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
        self
    }

    fn press(&self, keys: &str) -> &Session {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Waits for the end; returns the exit code and what the terminal shows then.
    fn ends(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        let from = Instant::now();
        while self.shown.lock().unwrap().screen().alternate_screen() && from.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis(100));
        let shown = self.shown.lock().unwrap();
        assert!(!shown.screen().alternate_screen() && !shown.screen().hide_cursor(), "the terminal is as it was");
        assert!(!shown.screen().bracketed_paste());
        (code, shown.screen().contents())
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &id]).status().unwrap().success());
    }
}

const A: &str = "这里是文档开头没有别的。\n苹果and香蕉。\n春天or秋天。\n囧\n上午or下午。\n这里是文档结尾没有别的。\n";
const B: &str = "另外一篇也有开头的话。\n河道or河堤。\n茶园or果园。\n另外一篇也有结尾的话。\n";

/// Two documents with one edit that needs nobody, and five findings to decide, four of which are alike.
fn corpus() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", A);
    scratch.write("in/b.txt", B);
    scratch
}

fn listed(scratch: &Scratch) -> Run {
    scratch.run("review --list in")
}

#[test]
fn the_whole_way() {
    let scratch = corpus();
    // Without a terminal it says what to do.
    scratch.run("review in").ends(2).complains(&["--list", "accept|reject|later"]);

    let session = Session::start(&scratch, "review in");
    session.shows("0 decided · 5 waiting · group 1 of 2 · 1 of 4 in it").shows("春天[-or-]{+或+}秋天");
    session.press("r").shows("1 decided · 4 waiting");
    session.shows("上午[-or-]{+或+}下午").press("e\u{7f}与其").shows("上午[-or-]{+与其+}下午").press("\r").shows("2 decided");
    session.press("A").shows("4 decided · 1 waiting · group 2 of 2").shows("⟦囧⟧");
    session.press("a").shows("5 decided · 0 waiting");
    session.press("u").shows("4 decided · 1 waiting");
    session.press("?").shows("为测试而写").press("\u{1b}").shows("⟦囧⟧");
    session.press("q");
    let (code, shown) = session.ends();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("4 decisions kept in .jiaokan/decisions, 1 to decide"), "{shown}");

    listed(&scratch).ends(1).shows(&["囧", "1 to decide"]);
    scratch.run("clean in -o out --apply accepted").ends(0);
    assert_eq!(scratch.text("out/a.txt"), A.replace("苹果and", "苹果和").replace("上午or", "上午与其"));
    assert_eq!(scratch.text("out/b.txt"), B.replace("or", "或"));

    // Other names, other lines, other text near by: decisions hold, and the ledger stays as it is.
    let ledger = scratch.tree(".jiaokan");
    scratch.write("in/a.txt", format!("新的一行。\n\n{B}"));
    scratch.write("in/b.txt", A.replace("这里是文档开头", "那里就是文档的开头").replace("囧", "\n囧"));
    listed(&scratch).ends(1).shows(&["1 to decide"]);
    let session = Session::start(&scratch, "review in");
    session.shows("0 decided · 1 waiting").press("\u{3}");
    assert_eq!(session.ends().0, Some(0));
    assert_eq!(scratch.tree(".jiaokan"), ledger);
}

#[test]
fn what_was_decided_survives_being_killed() {
    let scratch = corpus();
    let mut session = Session::start(&scratch, "review in");
    session.shows("5 waiting").press("r").shows("1 decided").press("2").shows("2 decided");
    session.child.kill().unwrap();
    session.child.wait().unwrap();
    listed(&scratch).ends(1).shows(&["3 to decide"]);

    // Asked to end, it leaves the terminal as it was.
    let session = Session::start(&scratch, "review in");
    session.shows("3 waiting").press("a").shows("1 decided");
    session.signal("-TERM");
    assert!(session.ends().1.contains("1 decision kept"));
    listed(&scratch).ends(1).shows(&["2 to decide"]);
    scratch.run("review in --list --all").ends(1).shows(&["reject", "accept"]);
}

#[test]
fn nothing_to_decide_and_what_cannot_be_read() {
    let scratch = corpus();
    scratch.write("in/a.txt", "苹果。\n");
    scratch.write("in/b.txt", "香蕉。\n");
    let session = Session::start(&scratch, "review in");
    let (code, shown) = session.ends();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("0 to decide") && !scratch.path(".jiaokan").exists(), "{shown}");
    let (code, shown) = Session::start(&scratch, "review in nowhere").ends();
    assert_eq!(code, Some(2), "{shown}");
    assert!(shown.contains("error: nowhere"), "{shown}");
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let scratch = corpus();
    scratch.write("in/a.txt", "\u{1b}]0;x\u{7}春天or秋天\u{202e}。\n囧囧\n");
    let session = Session::start(&scratch, "review in");
    session.shows("5 waiting").shows("⟨U+202E⟩").shows("│");
    session.shown.lock().unwrap().screen_mut().set_size(cells(12), cells(40));
    session.pty.resize(pty_process::Size::new(12, 40)).unwrap();
    session.shows("group 1/").press("q");
    assert_eq!(session.ends().0, Some(0));
}
