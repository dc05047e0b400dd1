use super::*;
use crate::edit::Applicability;
use crate::rule::Pack;
use crate::text::Source;
use proptest::prelude::*;
use std::sync::LazyLock;

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::new(&Pack::built_in().unwrap()).unwrap());

fn card(text: &str, level: Applicability) -> Card {
    Card::of(&PIPELINE, &PIPELINE.revise(Source::from_text("a", text), level))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_has_a_score(text in "(?s)([一-龥，。\n “”…#{}\\[\\]-]|.|\r\n|甲乙丙丁){0,300}") {
        let card = card(&text, Applicability::Auto);
        for sheet in [&card.before, card.after()] {
            prop_assert!(sheet.score >= Fixed::ZERO && sheet.score <= Fixed::whole(100));
            for signal in SIGNALS {
                let value = signal.of(sheet);
                prop_assert!(value >= Fixed::ZERO, "{} {value}", signal.name);
                let most = if matches!(signal.unit, Unit::YesNo) { Fixed::ONE } else { Fixed::whole(u64::MAX) };
                prop_assert!(value <= most, "{} {value}", signal.name);
            }
        }
        prop_assert!(card.is_changed() || card.after() == &card.before);
    }
}

#[test]
fn damage_costs_and_repair_gains() {
    let good = "柳河镇的村民们克服困难，修好了河堤。\n\n两岸的农田今年都能浇上水，收成比去年好得多。\n";
    let clean = card(good, Applicability::Auto).before.score;
    assert!(clean >= Fixed::whole(95), "{clean}");
    let damaged =
        card(&good.replace('人', "\u{2F08}").replace("村民", "村⺠").replace("河堤", "河\u{FFFD}堤"), Applicability::Auto);
    assert!(damaged.before.score < damaged.after().score && damaged.after().score < clean);
    let nothing = card("", Applicability::Auto);
    assert_eq!(nothing.before.failed[0][0].threshold, "gopher_short_doc");
}
