//! Keys and frames, without a terminal.

use super::*;
use crate::edit::{Applicability, Verdict};
use crate::pass::Pipeline;
use crate::review::{Ledger, items, now};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::{Color, Modifier};
use std::fs;
use std::path::Path;

const RULE: &str = r#"schema = 1
title = "汉字之间的 or"
severity = "warning"
apply = "review"
confidence = 0.9
since = "0.1.0"
docs = '''
A model that reads for meaning writes `or` where the page has **或**. Look at the page before you accept it: 店名里可能真有英文。

- a list item that is longer than a narrow screen, so that it must be wrapped
- 另一项
'''

[find]
text = '(?: ?or ?|广告[^。]*。)'
left = '\p{Han}'
right = '\p{Han}|$'

[fix]
choices = ["或", "或者", ""]

[[case]]
name = "命中"
text = "甲⟦ or ⟧乙"

[[case]]
name = "不动"
text = "甲乙"
"#;

const PAGES: [(&str, &str); 3] = [
    (
        "in/河渠.txt",
        "河渠志\n\n春天 or 秋天都要清淤，沟渠两岸的人家各出一名劳力，带上铁锹和竹筐，从上游往下游一段一段地清过去，\
         清出来的泥运到田里作肥料。\n\n各村 or 各户轮流看守。\n",
    ),
    ("in/茶园.txt", "茶园or果园都行。\n甲\u{1b}[31m红\u{202E}反 or 正\u{200B}的字\tabc。\n"),
    ("in/长.txt", "前一段。\n告示广告一二三四五六七八九十，一二三四五六七八九十，一二三四五六七八九十。\n后一段。\n"),
];

/// A screen with findings of [`PAGES`], decided about by 李木.
fn screen(colored: bool) -> Screen {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("garble")).unwrap();
    fs::write(folder.path().join("garble/test-or.toml"), RULE).unwrap();
    let pack = Pack::built_in().unwrap().with(Pack::from_dir(folder.path()).unwrap());
    let pipeline = Pipeline::with(&pack, |rule| *rule.id == *"garble/test-or").unwrap();
    let mut screen = Screen::new(Desk::new(Ledger::default(), "李木".into()), PAGES.len() + 1, colored);
    for (name, text) in PAGES {
        let revision = pipeline.revise(Source::from_text(name, text), Applicability::Auto);
        screen.add(name, items(&revision, name, &pack, screen.desk().ledger()), &pack);
    }
    screen.sort();
    screen
}

fn draw(screen: &mut Screen, width: u16, height: u16) -> Terminal<TestBackend> {
    if let Some(document) = screen.needs() {
        let (name, text) = PAGES[document];
        screen.open(document, Some(Source::from_text(name, text)));
    }
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| screen.draw(frame)).unwrap();
    terminal
}

/// The rows of a frame as a terminal shows them.
fn rows(buffer: &Buffer) -> String {
    let mut shown = String::new();
    for row in buffer.content.chunks(buffer.area.width.into()) {
        let mut hidden = 0;
        for cell in row {
            if hidden == 0 {
                shown += cell.symbol();
                hidden = crate::text::width::terminal_width(cell.symbol()).max(1);
            }
            hidden -= 1;
        }
        shown.truncate(shown.trim_end_matches(' ').len());
        shown.push('\n');
    }
    shown.replace(&now()[..10], "2026-01-01")
}

fn frame(screen: &mut Screen, width: u16, height: u16) -> String {
    rows(draw(screen, width, height).backend().buffer())
}

fn press(screen: &mut Screen, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\x1b' => KeyCode::Esc,
            key => KeyCode::Char(key),
        };
        assert_eq!(screen.press(code.into()), Flow::Stay);
    }
}

fn snapshot(name: &str, frame: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("screen__{name}"), frame));
}

/// What was decided about a place: the verdict, and what was to be written.
fn said(screen: &Screen, before: &str) -> Option<(Verdict, String)> {
    let decided: Vec<_> = screen.desk().ledger().decided().collect();
    let queue = screen.queue();
    let entry = (0..queue.len()).map(|number| queue.entry(number)).find(|entry| entry.item.before.ends_with(before)).unwrap();
    let decision = decided.into_iter().find(|decision| decision.key == entry.item.key)?;
    Some((decision.verdict, decision.new.clone().unwrap_or_default()))
}

#[test]
fn frames() {
    let mut screen = screen(true);
    snapshot("wide", &frame(&mut screen, 110, 26));
    snapshot("narrow", &frame(&mut screen, 60, 20));
    press(&mut screen, "e");
    screen.press(KeyCode::Backspace.into());
    press(&mut screen, "与其");
    snapshot("editing", &frame(&mut screen, 60, 20));
    press(&mut screen, "\nr/反\n");
    snapshot("hostile", &frame(&mut screen, 60, 20));
    press(&mut screen, "?");
    snapshot("help", &frame(&mut screen, 70, 30));
    press(&mut screen, "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj");
    snapshot("help_narrow", &frame(&mut screen, 40, 14));
    press(&mut screen, "\x1b\x1bpppp");
    snapshot("decided", &frame(&mut screen, 60, 20));
}

#[test]
fn without_colours_everything_is_said_in_characters() {
    let mut plain = screen(false);
    let terminal = draw(&mut plain, 110, 26);
    let colored = |cell: &&Cell| cell.fg != Color::Reset || cell.bg != Color::Reset;
    assert_eq!(terminal.backend().buffer().content.iter().filter(colored).count(), 0);
    snapshot("no_colour", &rows(terminal.backend().buffer()));
    let mut screen = screen(true);
    let terminal = draw(&mut screen, 110, 26);
    assert_eq!(rows(terminal.backend().buffer()), frame(&mut plain, 110, 26), "the characters are the same with colours");
    let struck = |cell: &&Cell| cell.fg == Color::Red && cell.modifier.contains(Modifier::CROSSED_OUT);
    let removed: String = terminal.backend().buffer().content.iter().filter(struck).map(Cell::symbol).collect();
    assert_eq!(removed, "␣or␣");
}

#[test]
fn frames_of_any_size() {
    let mut screen = screen(true);
    for keys in ["", "a", "u", "e", "\x1b?", "\x1b/or", "\n", "\t"] {
        press(&mut screen, keys);
        for (width, height) in [(1, 1), (10, 3), (24, 8), (30, 9), (60, 20), (99, 8), (100, 9), (300, 90)] {
            draw(&mut screen, width, height);
        }
    }
    let mut empty = Screen::new(Desk::new(Ledger::default(), String::new()), 1, true);
    assert!(frame(&mut empty, 60, 20).contains("Reading"));
    press(&mut empty, "arlARL19eunpj\tk/or\n?");
    empty.pass();
    press(&mut empty, "\x1b");
    assert!(frame(&mut empty, 60, 20).contains("Nothing waits"));
}

#[test]
fn keys_decide() {
    let mut screen = screen(true);
    let accepted = |new: &str| Some((Verdict::Accept, new.to_owned()));
    assert_eq!(screen.queue().groups(), 3);
    press(&mut screen, "a2");
    assert_eq!((said(&screen, "春天"), said(&screen, "各村")), (accepted("或"), accepted("或者")));
    assert_eq!(said(&screen, "反"), None);
    press(&mut screen, "9");
    assert_eq!((screen.message.as_str(), said(&screen, "反")), ("there is no choice 9", None));
    press(&mut screen, "l");
    assert_eq!(said(&screen, "反").map(|(verdict, _)| verdict), Some(Verdict::Later));
    press(&mut screen, "uuu");
    assert_eq!(screen.desk().ledger().len(), 0);
    assert_eq!(screen.queue().place(), (0, 0));
    press(&mut screen, "uR");
    assert_eq!((screen.desk().ledger().len(), screen.queue().open()), (3, 2));
    assert_eq!(screen.queue().place().0, 1, "the group is done with");
    press(&mut screen, "kA");
    assert!(screen.message.starts_with("all of this group is decided"), "{}", screen.message);
    press(&mut screen, "\tu");
    assert_eq!(screen.desk().ledger().len(), 0);
    press(&mut screen, "x");
    assert_eq!(screen.message, "? shows the keys");
}

#[test]
fn a_replacement_is_typed() {
    let mut screen = screen(true);
    press(&mut screen, "e");
    assert!(frame(&mut screen, 80, 24).contains("write: 或"), "it begins with what the rule would write");
    press(&mut screen, "q\x1b");
    assert_eq!(screen.desk().ledger().len(), 0);
    press(&mut screen, "e");
    screen.press(KeyCode::Backspace.into());
    screen.paste("及其");
    assert!(frame(&mut screen, 80, 24).contains("{+及其+}"), "it is shown in its place at once");
    press(&mut screen, "\n");
    assert_eq!(said(&screen, "春天"), Some((Verdict::Accept, "及其".into())));
}

#[test]
fn a_search_is_gone_through() {
    let mut screen = screen(true);
    press(&mut screen, "/茶园\n");
    let first = screen.queue().at();
    assert!(screen.queue().current().unwrap().item.before.ends_with("反"), "the name of the document counts");
    press(&mut screen, "n");
    assert!(screen.queue().current().unwrap().item.before.ends_with("茶园"));
    press(&mut screen, "n");
    assert_eq!(screen.queue().at(), first);
    press(&mut screen, "p");
    assert_ne!(screen.queue().at(), first);
    press(&mut screen, "r");
    assert_eq!(screen.queue().at(), first, "decisions go on among what is looked for");
    press(&mut screen, "/nowhere\n");
    assert!(screen.message.contains("nothing has"));
    assert!(screen.wanted.is_empty());
    press(&mut screen, "/x\x1b");
    assert!(screen.wanted.is_empty());
}

#[test]
fn keys_to_leave() {
    let mut screen = screen(true);
    assert_eq!(screen.press(KeyCode::Char('q').into()), Flow::Quit);
    press(&mut screen, "e");
    let control_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(screen.press(control_c), Flow::Quit);
    press(&mut screen, "\x1b?q");
    assert_eq!(screen.mode, Mode::Decide, "q leaves the help first");
}

#[test]
fn a_document_that_changed_is_shown_as_it_was_found() {
    let mut screen = screen(true);
    let document = screen.needs().unwrap();
    for changed in [Some(Source::from_text("in", "春")), None] {
        screen.open(document, changed);
        let shown = frame(&mut screen, 60, 20);
        assert!(shown.contains("春天[-␣or␣-]{+或+}秋天") && shown.contains("not what it was"), "{shown}");
    }
}
