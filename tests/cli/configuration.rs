//! `jiaokan.toml` and `--rules`.

use crate::common::Scratch;
use crate::common::rule;
use crate::corpus;

#[test]
fn the_nearest_file_above_governs() {
    let scratch = corpus();
    scratch.configure("jiaokan.toml", &["flag/*"], "packs = [\"rules\"]\nexclude = [\"in/drafts/**\"]");
    scratch.write("in/drafts/c.txt", "囧\n");
    let run = scratch.run_words(&["check", "in"], b"").ends(1).shows(&["2 documents, 1 with findings: 1 edit, 1 proposed\n"]);
    assert!(!run.out.contains('囧'));
    // A folder below with its own configuration goes by that alone.
    let apply = "packs = [\"../../rules\"]\n[apply]\n\"garble/test-and\" = \"flag\"";
    scratch.configure("in/sub/jiaokan.toml", &[], apply);
    scratch.write("in/sub/b.txt", "苹果and香蕉囧\n");
    let run = scratch.run_words(&["check", "in"], b"").ends(1).shows(&["in/sub/b.txt  2 flagged"]);
    assert!(run.out.contains("⟦囧⟧"));
    // One file for everything, when it is named.
    scratch.configure("other.toml", &[], "packs = [\"rules\"]");
    scratch.run_words(&["check", "in", "--config", "other.toml"], b"").ends(1).shows(&["3 documents"]);
}

#[test]
fn globs_speak_from_the_configuration_s_folder() {
    let scratch = corpus();
    scratch.configure("jiaokan.toml", &[], "exclude = [\"in/sub/**\"]");
    scratch.run("check in").shows(&["1 document,"]);
    scratch.run("check in/sub").ends(2).complains(&["in/sub: no text files"]);
    scratch.run("check in/sub/b.txt").ends(0);
}

#[test]
fn rules_of_the_command_line_take_the_place_of_others() {
    let scratch = corpus();
    let find = "text = 'and'\nleft = '\\p{Han}'\nright = '\\p{Han}'";
    scratch.write("more/garble/test-and.toml", rule("auto", find, "[fix]\nchoices = [\"与\"]", "甲⟦and⟧乙", "甲"));
    scratch.run("diff in --rules more").ends(1).shows(&["+苹果和香蕉"]);
    scratch.run_words(&["diff", "in", "--rules", "rules", "--rules", "more"], b"").ends(1).shows(&["+苹果与香蕉"]);
}

#[track_caller]
fn nothing_runs(scratch: &Scratch, parts: &[&str]) {
    for command in ["check in", "diff in", "clean in -o out"] {
        let run = scratch.run(command).ends(2).complains(parts);
        assert_eq!(run.out, "");
    }
    assert!(!scratch.path("out").exists());
}

#[test]
fn an_unknown_key_is_an_error() {
    let scratch = corpus();
    scratch.write("jiaokan.toml", "disabled = [\"flag/test-odd\"]\n");
    nothing_runs(&scratch, &["jiaokan.toml", "disabled", "unknown field"]);
}

#[test]
fn an_unknown_rule_is_an_error() {
    let scratch = corpus();
    scratch.write("jiaokan.toml", "disable = [\"flag/test-od\"]\n");
    nothing_runs(&scratch, &["jiaokan.toml", "no rule is called `flag/test-od`"]);
}

#[test]
fn every_broken_rule_is_shown() {
    let scratch = corpus();
    scratch.write("rules/garble/broken.toml", rule("auto", "text = '\\band\\b'", "[fix]\nchoices = [\"和\"]", "甲⟦and⟧", "甲"));
    scratch.write("rules/garble/worse.toml", "schema = 2");
    nothing_runs(&scratch, &["rules/garble/broken.toml", "rules/garble/worse.toml"]);
    scratch.run("test").ends(2).complains(&["rules/garble/broken.toml"]);
    scratch.run("rules list").ends(2);
}

#[test]
fn a_configuration_that_is_missing() {
    corpus().run("check in --config nowhere.toml").ends(2).complains(&["nowhere.toml", "cannot be read"]);
    corpus().run_words(&["check", "in", "--rules", "nowhere"], b"").ends(2).complains(&["nowhere"]);
}
