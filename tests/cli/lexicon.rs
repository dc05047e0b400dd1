//! `lexicon build`, `lexicon show`, and language data of one's own.

use crate::common::Scratch;
use std::fs;

/// Words and text of a place that no list knows.
fn own() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("words.txt", "垚淼镇 4000 ns\n垚淼 900\n柳河\n顾长河 3\n");
    scratch.write("text/a.txt", "垚淼镇的清淤工程在柳河段正式动工，镇长到场查看。\n垚淼镇\n");
    scratch
}

const BUILD: &str = "lexicon build --words words.txt --text text -o own.lexicon";

fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().collect()
}

#[test]
fn build_writes_the_same_file_every_time() {
    let scratch = own();
    let run = scratch.run_words(&words(BUILD), b"").ends(0);
    assert_eq!(run.out, "");
    assert!(run.err.starts_with("own.lexicon: 3 words, 27 characters of text, "), "{}", run.err);
    assert!(run.err.contains("1 words of two to four characters are too rare"), "{}", run.err);
    let first = fs::read(scratch.path("own.lexicon")).unwrap();
    assert!(first.starts_with(b"jiaokan-lexicon version=1 bytes="));
    scratch.run_words(&words(BUILD), b"").ends(0);
    assert_eq!(fs::read(scratch.path("own.lexicon")).unwrap(), first);
}

#[test]
fn build_tells_what_it_cannot_read_or_write() {
    let scratch = own();
    let build = |command: &str| scratch.run_words(&words(command), b"").ends(2);
    build("lexicon build -o own.lexicon").complains(&["--words"]);
    build("lexicon build --words none.txt -o own.lexicon").complains(&["none.txt", "no such file"]);
    build("lexicon build --text none -o own.lexicon").complains(&["none", "no such file"]);
    build("lexicon build --words words.txt -o words.txt/own.lexicon").complains(&["cannot be written"]);
    scratch.write("wrong.txt", "柳河 10\n青川 viele\n");
    build("lexicon build --words wrong.txt -o own.lexicon").complains(&["wrong.txt", "line 2", "not a whole number", "help"]);
    assert!(!scratch.path("own.lexicon").exists());
}

#[test]
fn show_tells_what_is_known() {
    let scratch = own();
    let show = |word: &str| scratch.run_words(&["lexicon", "show", word], b"");
    show("经济").ends(0).quiet().shows(&["经济  frequency 7 of 9", "side by side   经济  +"]);
    show("經濟").ends(0).shows(&["frequency 7 of 9"]);
    show("垚淼").ends(1).quiet().shows(&["not listed"]);
    show(" ").ends(2).complains(&["nothing to look up"]);
    scratch.run_words(&words(BUILD), b"").ends(0);
    scratch.run_words(&words("lexicon show 垚淼 --lexicon own.lexicon"), b"").ends(0).shows(&["frequency 4 of 9"]);
}

#[test]
fn data_of_one_s_own_comes_from_the_configuration_and_the_command_line() {
    let scratch = own();
    scratch.run_words(&words(BUILD), b"").ends(0);
    scratch.write("in/a.txt", "本报讯（垚 淼 李木）昨日下午，大家都到河边去看船。\n");
    // The built-in rules, which the folder's own configuration switches off.
    scratch.write("conf/plain.toml", "");
    scratch.write("conf/own.toml", "lexicon = [\"../own.lexicon\"]\n");
    let diff = |more: &str| scratch.run_words(&words(&format!("diff --inline in --config conf/{more}")), b"").out;
    assert_eq!(diff("plain.toml"), "");
    let found = diff("plain.toml --lexicon own.lexicon");
    assert!(found.contains("`垚淼` is a word"), "{found}");
    assert_eq!(diff("own.toml"), found);
}

#[test]
fn data_that_is_wrong_stops_the_run() {
    let scratch = own();
    scratch.run_words(&words(BUILD), b"").ends(0);
    scratch.write("in/a.txt", "干净的文字。\n");
    let built = fs::read(scratch.path("own.lexicon")).unwrap();
    let refused = |contents: &[u8], parts: &[&str]| {
        fs::write(scratch.path("bad.lexicon"), contents).unwrap();
        for command in ["check in", "diff in", "clean in -o out", "lexicon show 经济"] {
            let mut command = words(command);
            command.extend(["--lexicon", "bad.lexicon"]);
            let run = scratch.run_words(&command, b"").ends(2).complains(&["bad.lexicon"]).complains(parts);
            assert_eq!(run.out, "");
        }
    };
    refused(b"", &["is no lexicon", "jiaokan lexicon build"]);
    refused("柳河 10\n".as_bytes(), &["is no lexicon"]);
    refused(&[0xFF; 300], &["is no lexicon"]);
    refused(&built[..built.len() - 5], &["which says", "copy the file again"]);
    let text = String::from_utf8(built).unwrap();
    refused(text.replace("垚淼镇5", "垚淼镇6").as_bytes(), &["checksum"]);
    refused(text.replace("version=1", "version=9").as_bytes(), &["version 9", "build it again"]);
    assert!(!scratch.path("out").exists());
    scratch.run_words(&words("check in --lexicon none.lexicon"), b"").ends(2).complains(&["none.lexicon", "cannot be read"]);
    scratch.write("jiaokan.toml", "lexicon = [\"none.lexicon\"]\n");
    scratch.run_words(&words("check in"), b"").ends(2).complains(&["none.lexicon", "cannot be read"]);
}
