use super::*;
use crate::edit::Applicability;
use crate::pass::Pipeline;
use crate::rule::Pack;
use crate::text::Source;

fn card() -> Card {
    let pack = Pack::built_in().unwrap();
    let pipeline = Pipeline::new(&pack).unwrap();
    let text = "⼈民⼤会在柳河镇召开，会期两天。\n";
    Card::of(&pipeline, &pipeline.revise(Source::from_text("a", text), Applicability::Auto))
}

fn wrong(expression: &str) -> String {
    Keep::parse(expression, Side::Before).unwrap_err().to_string()
}

#[test]
fn expressions_hold_or_not() {
    let card = card();
    let holds = |expression: &str| {
        let keep = Keep::parse(expression, Side::Before).unwrap_or_else(|error| panic!("{error}"));
        keep.reasons(&card).is_empty()
    };
    for good in [
        "size.han == 14",
        "size.han > 13 and size.han < 15",
        "not size.han > 14",
        "after.score > before.score",
        "after.score - before.score > 1",
        "(size.han == 1 or size.han == 14) and garble.error > 100",
        "after.garble.error == 0",
        "!gopher.passes && structure.ended >= 100%",
        "contamination.share <= 0.5% || score == 3",
        "-size.han < -13",
        "not (gopher.passes or c4.passes)",
    ] {
        assert!(holds(good), "{good}");
    }
    for bad in ["size.han != 14", "score > 5 and gopher.passes", "garble.error < 1", "size.han + 1 < 15"] {
        assert!(!holds(bad), "{bad}");
    }
}

#[test]
fn what_failed_is_told_with_its_values() {
    let keep =
        Keep::parse("size.han > 3 and (after.size.han > 99 or gopher.passes) and after.score >= 101", Side::Before).unwrap();
    let reasons = keep.reasons(&card());
    assert_eq!(reasons.iter().map(|reason| reason.part).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(keep.parts().nth(1), Some("(after.size.han > 99 or gopher.passes)"));
    assert_eq!(reasons[0].values, [("after.size.han".into(), Fixed::whole(14)), ("gopher.passes".into(), Fixed::ZERO)]);
}

#[test]
fn mistakes_are_pointed_at() {
    assert_eq!(
        wrong("after.scroe >= 60"),
        "no signal is called `scroe`: did you mean `after.score`?\n  after.scroe >= 60\n  ^^^^^^^^^^^"
    );
    assert!(wrong("gopher").contains("did you mean `gopher.passes`?"), "{}", wrong("gopher"));
    assert!(wrong("misread > 1").contains("`errors.misread`"));
    for (expression, problem, caret) in [
        ("", "ends where", 0),
        ("score >=", "ends where", 8),
        ("score", "is a number", 0),
        ("score > 1 and 5", "is a number", 14),
        ("score = 5", "write ==", 6),
        ("1 < score < 5", "write `and`", 10),
        ("(score > 1", "never closed", 0),
        ("score > 1)", "not expected", 9),
        ("score > 1e9", "no number", 8),
        ("score > 1 size.han > 2", "write `and` or `or`", 10),
        ("score > or", "before `or`", 8),
        ("分数 > 5", "no signal", 0),
        ("score ≥ 5", "write >=", 6),
        ("score > 0.00001", "no number", 8),
    ] {
        let told = wrong(expression);
        assert!(told.contains(problem), "{told}");
        assert_eq!(told.lines().last().unwrap().find('^'), Some(caret + 2), "{told}");
    }
    assert!(wrong(&"(".repeat(100_000)).contains("brackets inside"));
    assert!(wrong(&"not ".repeat(100_000)).contains("brackets inside"));
    assert!(wrong(&"-".repeat(100_000)).contains("brackets inside"));
}
