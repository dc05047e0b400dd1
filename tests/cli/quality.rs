//! `quality`, and models of one's own.

use crate::common::Scratch;

const ARPA: &str = "\\data\\\nngram 1=2\nngram 2=1\n\n\\1-grams:\n-1 河 -0.5\n-1.5 道\n\n\\2-grams:\n-0.1 河 道\n\n\\end\\\n";

#[test]
fn pages_are_told_apart() {
    let scratch = Scratch::new();
    let run = scratch.pipe("quality --format jsonl -", "河道通了，水就来了。\n\u{C}河堤加高了半米。\n").ends(0);
    assert_eq!(run.out.lines().count(), 3, "{}", run.out);
    assert!(run.out.lines().nth(1).unwrap().contains("\"page\":1,\"characters\":8"), "{}", run.out);
    assert!(run.out.contains("\"wrong_share\":") && run.out.contains("\"interval\":["));
    scratch.pipe("quality -", "河道通了。\n").ends(0).shows(&["misread", "characters"]);
}

#[test]
fn a_model_of_ones_own_is_read_or_complained_of() {
    let scratch = Scratch::new();
    scratch.write("own.arpa", ARPA);
    scratch.write("page.txt", "河道通了，水就来了。\n");
    scratch.run("check page.txt --lm own.arpa").ends(0);
    scratch.write("words.arpa", ARPA.replace("河 道", "河 河道"));
    scratch.run("check page.txt --lm words.arpa").ends(2).complains(&["words.arpa", "line 10", "`河道` is a word"]);
    scratch.run("check page.txt --lm page.txt").ends(2).complains(&["no ARPA file"]);
    scratch.write("jiaokan.toml", "lm = \"none.arpa\"\n");
    scratch.run("check page.txt").ends(2).complains(&["none.arpa", "cannot be read"]);
}
