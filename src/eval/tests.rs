use super::*;
use crate::edit::Applicability;
use crate::pass::Pipeline;
use crate::rule::Pack;
use crate::rule::RuleNames;
use crate::text::Source;
use std::ops::Range;

fn judged(labelled: &Labelled, selection: &Selection) -> Tally {
    let pipeline = Pipeline::new(&Pack::built_in().unwrap()).unwrap();
    judge(labelled, &pipeline.revise(Source::from_text("a", &labelled.text), Applicability::Auto), selection)
}

fn only(rules: &[&str]) -> Selection {
    let names: Vec<String> = rules.iter().map(|rule| (*rule).to_owned()).collect();
    Selection { rules: RuleNames::new(&names), ..Selection::default() }
}

#[test]
fn marks_are_read_with_their_kinds() {
    let labelled = Labelled::from_marks("a", "甲⟦lost|乙丙⟧丁⟦戊⟧\n⟦gap|⟧己|庚").unwrap();
    assert_eq!(labelled.text, "甲乙丙丁戊\n己|庚");
    let gold: Vec<_> = labelled.gold.iter().map(|gold| (gold.place.clone(), gold.kind.as_str())).collect();
    assert_eq!(gold, [(1..3, "lost"), (4..5, "defect"), (6..6, "gap")]);
    let problem = |text: &str| Labelled::from_marks("a", text).unwrap_err().to_string();
    assert!(problem("甲\n乙⟧").starts_with("line 2: a mark ⟧ was never opened"));
    assert!(problem("甲⟦乙⟦").starts_with("line 1: a mark ⟦ stands inside another"));
    assert!(problem("甲⟦乙\n").starts_with("line 1: a mark ⟦ is not closed"));
}

#[test]
fn json_says_what_is_wrong_with_it() {
    let problem = |json: &str| Labelled::from_json("a", json).unwrap_err().to_string();
    assert!(problem("{").contains("docs/eval.md"));
    assert!(problem(r#"{"input": "甲乙", "gold": [{"start": 1, "end": 3, "kind": "x"}]}"#).contains("3 lies behind the end"));
    assert!(problem(r#"{"input": "甲乙", "gold": [{"start": 1, "end": 2}]}"#).contains("docs/eval.md"));
    assert!(problem(r#"{"input": "甲\n乙", "breaks": [[1, "glue", null]]}"#).contains("`glue` is no label"));
    let labelled = Labelled::from_json("a", r#"{"id": "b", "input": "甲\n乙", "breaks": [[1, "join", ""]], "gold": ["甲乙"]}"#);
    let labelled = labelled.unwrap();
    assert_eq!((labelled.name.as_str(), labelled.gold.len(), labelled.breaks[0].blank), ("b", 0, Some(false)));
}

#[test]
fn findings_are_compared_with_marks() {
    let text = "全县的企业⟦word| and ⟧单位都参加了植树，共种下树苗三千棵。\n\n他说：（⟦word|of⟧）没有标点。共有⟦lost|\u{FFFD}⟧人到了会，会后大家又去看了河堤。\u{FFFD}\n";
    let labelled = Labelled::from_marks("a", text).unwrap();
    let tally = judged(&labelled, &only(&["garble/stray-and", "garble/replacement-character"]));
    assert_eq!((tally.spans.precision, tally.spans.recall), (Share { hits: 2, of: 3 }, Share { hits: 2, of: 3 }));
    assert_eq!(tally.spans.kinds["word"], Share { hits: 1, of: 2 });
    let kinds: Vec<String> = tally.spans.telling(5).iter().map(|miss| format!("{:?}", miss.kind)).collect();
    assert_eq!(kinds.len(), 2);
    assert!(kinds[0].starts_with("False(\"garble/replacement-character\"") && kinds[1] == "Missed(\"word\")", "{kinds:?}");
    let ignoring = Selection { ignored: ["word".to_owned()].into(), ..only(&["garble/*"]) };
    let tally = judged(&labelled, &ignoring);
    assert_eq!(tally.spans.recall, Share { hits: 1, of: 1 });
}

#[test]
fn either_copy_may_be_removed() {
    let copy = "全县的采茶合作社已经有二十三家，今年春天新添了八台制茶机，茶农不用再连夜排队等候加工。";
    let input = format!("{copy}\n\n收茶的商贩也来了。\n\n{copy}\n");
    let second = copy.chars().count() + 13;
    let length = copy.chars().count();
    let of = |place: Range<usize>, twin: Range<usize>| Labelled {
        text: input.clone(),
        gold: vec![Gold { place, kind: "copy".into(), remove: true, twin: Some(twin) }],
        keep: std::iter::once(length + 2..length + 11).collect(),
        ..Labelled::default()
    };
    for (place, twin) in [(0..length, second..second + length), (second..second + length, 0..length)] {
        let tally = judged(&of(place, twin), &Selection::default());
        assert_eq!(tally.removed.marks, Share { hits: 1, of: 1 });
        assert_eq!((tally.removed.f1(), tally.removed.damaged), (1.0, Share { hits: 0, of: 1 }));
    }
}

#[test]
fn breaks_are_judged_by_what_stands_between() {
    let input = "柳河镇今年疏浚河道十二公里，两岸的农\n田都能浇上水，村民都说好。沿河的十几\n个村庄还修了水闸和机耕路，来年还要加\n宽河堤，再种上两排柳树。\n完";
    let points: Vec<usize> = input.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(at, _)| at).collect();
    let at = |index: usize, label| Break { at: points[index], label, blank: Some(false) };
    let labels = [BreakLabel::Join, BreakLabel::Keep, BreakLabel::Jump, BreakLabel::Keep];
    let breaks = labels.iter().enumerate().map(|(index, &label)| at(index, label)).collect();
    let tally = judged(&Labelled { text: input.into(), breaks, ..Labelled::default() }, &Selection::default()).breaks;
    assert_eq!((tally.joins, tally.joined), (Share { hits: 1, of: 2 }, Share { hits: 1, of: 1 }));
    assert_eq!((tally.boundaries, tally.kept), (Share { hits: 1, of: 1 }, Share { hits: 1, of: 2 }));
    assert_eq!((tally.glue, tally.jumps), (Share { hits: 1, of: 1 }, Share { hits: 1, of: 1 }));
}
