//! Advertisements of `corpus/ads/`: how much of them is found, and of what is left when no person looks, how much is rightly removed.
//!
//! `cargo test --test ads -- --nocapture` prints the figures.

use jiaokan::edit::{Applicability, Finding, State};
use jiaokan::pass::Pipeline;
use jiaokan::rule::Pack;
use jiaokan::text::Source;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What stands around each text: two paragraphs of news.
const BEFORE: &str =
    "全县夏粮收购工作进展顺利，各收购点延长服务时间，农户卖粮不再排长队。截至昨天傍晚，已有六千多户农民拿到了售粮款。\n\n";
const AFTER: &str =
    "\n\n县图书馆的老馆员退休那天，把一串钥匙交给了新来的年轻人。他说，每一把都开过一个孩子的下午，也锁过许多个黄昏。\n";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Material {
    text: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    class: String,
    trade: String,
    text: String,
}

/// Characters that are no blanks: of advertisements found and missed, and of other text taken for them.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    found: usize,
    missed: usize,
    wrong: usize,
}

impl Counts {
    fn add(&mut self, ad: bool, inside: usize, whole: usize, hit_inside: usize) {
        if ad {
            self.found += hit_inside;
            self.missed += inside - hit_inside;
            self.wrong += whole - hit_inside;
        } else {
            self.wrong += whole;
        }
    }

    /// Thousandths of what was taken that are advertisements, and of the advertisements that were taken.
    fn shares(self) -> (usize, usize) {
        let share = |of: usize| self.found * 1000 / (self.found + of).max(1);
        (share(self.wrong), share(self.missed))
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/ads")
}

fn material(name: &str) -> Vec<Text> {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str::<Material>(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())).text
}

/// Characters of `text[from..to]` that are no blanks and lie in one of `findings`.
fn covered(text: &str, from: usize, to: usize, findings: &[&Finding]) -> usize {
    let hit = |at: usize| findings.iter().any(|finding| finding.span.start <= at && at < finding.span.end);
    text[from..to].char_indices().filter(|&(at, c)| !c.is_whitespace() && hit(from + at)).count()
}

/// What is applied, and what is applied or proposed. `told` prints every text that comes out wrong.
fn measure(texts: &[Text], told: bool) -> (Counts, Counts) {
    let pack = Pack::built_in().unwrap_or_else(|error| panic!("{error}"));
    let pipeline = Pipeline::with(&pack, |rule| rule.enabled).unwrap_or_else(|error| panic!("{error}"));
    let (mut applied, mut together) = (Counts::default(), Counts::default());
    let mut classes: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for text in texts {
        let page = format!("{BEFORE}{}{AFTER}", text.text.trim_end());
        let (from, to) = (BEFORE.len(), page.len() - AFTER.len());
        let revision = pipeline.revise(Source::from_text("page", page.as_str()), Applicability::Auto);
        let of_class =
            |finding: &&Finding| finding.rule.starts_with("strip/") && matches!(finding.state, State::Applied | State::Proposed);
        let all: Vec<&Finding> = revision.findings.iter().filter(of_class).collect();
        let sure: Vec<&Finding> = all.iter().copied().filter(|finding| finding.state == State::Applied).collect();
        let inside = page[from..to].chars().filter(|c| !c.is_whitespace()).count();
        let count = |findings: &[&Finding]| (covered(&page, 0, page.len(), findings), covered(&page, from, to, findings));
        let (sure, all) = (count(&sure), count(&all));
        let class = classes.entry(&text.class).or_default();
        *class = [class[0] + inside, class[1] + sure.1, class[2] + all.1];
        // A notice may be proposed and a prompt is no text: neither is right or wrong as an advertisement.
        if matches!(text.class.as_str(), "notice" | "prompt") {
            assert_eq!(sure.0, 0, "{}: removed without asking", text.text);
            continue;
        }
        let ad = text.class == "ad";
        applied.add(ad, inside, sure.0, sure.1);
        together.add(ad, inside, all.0, all.1);
        let wrong = if ad { all.0 != inside } else { all.0 > 0 };
        if told && wrong {
            println!(
                "{} {}: {} of {inside} characters\n    {}",
                text.class,
                text.trade,
                all.1,
                text.text.trim_end().replace('\n', " ⏎ ")
            );
        }
    }
    for (class, [characters, sure, all]) in classes {
        println!("{class}: {characters} characters, {sure} removed, {all} removed or proposed");
    }
    (applied, together)
}

/// Fails when `counts` fall below thousandths of precision and recall.
fn at_least(what: &str, counts: Counts, precision: usize, recall: usize) {
    let shares = counts.shares();
    println!("{what}: precision {}, recall {} thousandths", shares.0, shares.1);
    assert!(shares.0 >= precision && shares.1 >= recall, "{what}: {counts:?} is below {precision} and {recall} thousandths");
}

#[test]
fn advertisements_are_found() {
    let (applied, together) = measure(&material("training.toml"), true);
    at_least("removed", applied, 995, 470);
    at_least("removed or proposed", together, 975, 880);
}

/// Nothing is told of single texts: whoever knows them can no longer measure with them.
#[test]
fn advertisements_of_other_trades_are_found() {
    let (applied, together) = measure(&material("held-out.toml"), false);
    at_least("held out, removed", applied, 990, 420);
    at_least("held out, removed or proposed", together, 900, 720);
}

#[test]
fn the_material_is_varied() {
    let training = material("training.toml");
    let count = |class: &str| training.iter().filter(|text| text.class == class).count();
    let trades: BTreeSet<&str> = training.iter().filter(|text| text.class == "ad").map(|text| &*text.trade).collect();
    assert!(count("ad") >= 800 && count("text") >= 600 && trades.len() >= 300);
}
