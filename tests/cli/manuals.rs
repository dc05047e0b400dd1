//! `completions` and `man`: what shells and `man` make of them.

use crate::common::Scratch;
use std::fs;

#[test]
fn bash_understands_its_script() {
    let scratch = Scratch::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = scratch.run_words(&["completions", shell], b"").ends(0).quiet();
        assert!(script.out.contains("jiaokan") && script.out.contains("since"), "{shell}");
        if shell == "bash"
            && let Some(run) = scratch.tool("", &["bash", "-n"], script.out.as_bytes())
        {
            run.ends(0).quiet();
        }
    }
    scratch.run_words(&["completions", "tcsh"], b"").ends(2).complains(&["zsh"]);
}

#[test]
fn every_command_has_a_page() {
    let scratch = Scratch::new();
    scratch.run_words(&["man", "--into", "man1"], b"").ends(0).quiet();
    let names: Vec<String> = scratch.tree("man1").iter().map(|(path, _)| path.display().to_string()).collect();
    for name in ["jiaokan.1", "jiaokan-check.1", "jiaokan-rules-list.1", "jiaokan-man.1"] {
        assert!(names.iter().any(|known| known == name), "{names:?}");
    }
    let page = scratch.run_words(&["man", "check"], b"").ends(0).quiet().out;
    assert_eq!(page, scratch.text("man1/jiaokan-check.1"));
    assert!(page.contains(".SH NAME") && page.contains("sarif"));
    assert_eq!(scratch.run_words(&["man"], b"").ends(0).out, scratch.text("man1/jiaokan.1"));
    assert_eq!(scratch.run_words(&["man", "rules", "list"], b"").ends(0).out, scratch.text("man1/jiaokan-rules-list.1"));
    scratch.run_words(&["man", "nothing"], b"").ends(2).complains(&["no command is called `nothing`"]);
    scratch.write("file", "");
    scratch.run_words(&["man", "--into", "file/x"], b"").ends(2).complains(&["cannot be written"]);
    for name in names {
        let page = fs::read(scratch.path("man1").join(&name)).unwrap();
        if let Some(run) = scratch.tool("", &["groff", "-Kutf8", "-man", "-Tutf8", "-ww", "-z"], &page) {
            assert_eq!(run.ends(0).err, "", "{name}");
        }
    }
}
