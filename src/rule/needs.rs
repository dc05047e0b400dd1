//! Which characters a text must hold to match a pattern: what it cannot match need not be looked for.

use crate::text::Inventory;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

/// Sets of characters; a text that has none of any of them does not match.
pub(super) fn needs(hir: &Hir) -> Vec<Inventory> {
    let mut classes = Vec::new();
    collect(hir, &mut classes);
    let mut needs: Vec<Inventory> =
        classes.iter().map(|class| Inventory::of_ranges(class.iter().map(|range| (range.start(), range.end())))).collect();
    needs.retain(|need| !need.is_common());
    needs.dedup();
    needs
}

/// Adds the classes of characters that every match has one of.
fn collect(hir: &Hir, classes: &mut Vec<ClassUnicode>) {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let chars = std::str::from_utf8(&literal.0).into_iter().flat_map(str::chars);
            classes.extend(chars.map(|c| ClassUnicode::new([ClassUnicodeRange::new(c, c)])));
        }
        HirKind::Class(Class::Unicode(class)) => classes.push(class.clone()),
        HirKind::Repetition(repetition) if repetition.min > 0 => collect(&repetition.sub, classes),
        HirKind::Capture(capture) => collect(&capture.sub, classes),
        HirKind::Concat(parts) => parts.iter().for_each(|part| collect(part, classes)),
        HirKind::Alternation(parts) => {
            // Of each branch, that which is rarest.
            let mut any = ClassUnicode::empty();
            for part in parts {
                let mut own = Vec::new();
                collect(part, &mut own);
                let Some(rarest) = own.iter().min_by_key(|class| commonness(class)) else { return };
                any.union(rarest);
            }
            classes.push(any);
        }
        _ => {}
    }
}

/// How likely a Chinese text is to have a character of a class, in steps.
fn commonness(class: &ClassUnicode) -> u8 {
    let meets = |text: &str| text.chars().any(|c| class.iter().any(|range| (range.start()..=range.end()).contains(&c)));
    match () {
        () if class.iter().any(|range| range.start() <= '\u{9FFF}' && range.end() >= '\u{4E00}') => 3,
        () if meets("\n，。、“”：0123456789") => 2,
        () if meets("()（）《》！？；-—… abcdefghijklmnopqrstuvwxyz") => 1,
        () => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_match(pattern: &str, text: &str) -> bool {
        let held = Inventory::of(text);
        needs(&regex_syntax::parse(pattern).unwrap()).iter().all(|need| need.meets(&held))
    }

    #[test]
    fn what_a_match_cannot_lack_is_needed() {
        assert!(!may_match("(甲|乙)①", "甲乙") && may_match("(甲|乙)①", "③"));
        assert!(!may_match("<a>|甲b|c{2,}", "ax甲") && may_match("<a>|甲b|c{2,}", "cc"));
        assert!(may_match("<?|>", "甲") && may_match("(?:a|)", "甲") && may_match("a*", "甲") && may_match("甲", ""));
        assert!(!may_match("(?i)and", "the") && may_match("(?i)and", "DNA"));
        assert!(!may_match("[\\x00-\\x08]+", "\n甲a") && may_match("[^a]", "a甲"));
    }
}
