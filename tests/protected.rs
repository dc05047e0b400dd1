//! What is no prose stays whole: no rule changes a part of an address, of code or of a formula.

use jiaokan::edit::Applicability;
use jiaokan::pass::Pipeline;
use jiaokan::rule::{Pack, Rule};
use jiaokan::text::Source;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::LazyLock;

/// The built-in rules with greedy ones beside them, which find something in every shielded piece.
static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let rule = |id: &str, find: &str, new: &str, fires: &str| {
        let text = format!(
            "schema = 1\ntitle = '贪心'\nseverity = 'info'\napply = 'auto'\nconfidence = 1.0\nsince = '0.1.0'\ndocs = '为测试而写'\n\
             [find]\ntext = '{find}'\n[fix]\nchoices = ['{new}']\n[[case]]\nname = '改'\ntext = '{fires}'\n[[case]]\nname = '不改'\ntext = '甲'\n"
        );
        Rule::parse(id, id, &text).unwrap_or_else(|error| panic!("{error}"))
    };
    let greedy = vec![rule("garble/all-and", "and", "和", "甲⟦and⟧"), rule("width/all-commas", "[,;]", "，", "甲⟦,⟧")];
    Pipeline::new(&Pack::built_in().unwrap().with(Pack::from(greedy))).unwrap()
});

const SHIELDED: [&str; 6] = [
    "https://a.example/qzx,and;b",
    "qzx.and@mail.example",
    "`qzx and , 乙 丙`",
    "$qzx \\and y, z$",
    "\\(qzx,and\\)",
    "\n```rust\nlet qzx and , = b;\n```\n",
];

const AROUND: [&str; 13] = [
    "企业",
    "单位，",
    "河道 and 河堤",
    "。\n",
    "\n\n",
    "详见",
    "广告 ",
    "  ",
    "2026年",
    "（",
    "）",
    "今年春天新添了八台制茶机，茶农不用",
    ",",
];

proptest! {
    #[test]
    fn shielded_text_stays_whole(pieces in vec(prop_oneof![select(&SHIELDED[..]), select(&AROUND[..])], 1..30)) {
        let page = pieces.join(" ");
        let revision = PIPELINE.revise(Source::from_text("page", page.as_str()), Applicability::Review);
        let rest = SHIELDED.iter().fold(revision.cleaned().to_owned(), |rest, piece| rest.replace(piece.trim(), ""));
        prop_assert!(!rest.contains("qzx"), "{page:?} became {:?}", revision.cleaned());
    }
}
