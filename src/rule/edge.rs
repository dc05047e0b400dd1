//! Which characters a text must begin or end with to match a pattern: a glance at them spares most searches.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

/// An end of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Its first character.
    First,
    /// Its last.
    Last,
}

/// The characters that every text has at `side` in which `hir` matches; `None` when the pattern is not tied to that end, or may
/// be empty, or says nothing in characters.
pub(super) fn edge(hir: &Hir, side: Side) -> Option<ClassUnicode> {
    let tied = match side {
        Side::First => hir.properties().look_set_prefix().contains(Look::Start),
        Side::Last => hir.properties().look_set_suffix().contains(Look::End),
    };
    if !tied {
        return None;
    }
    let mut class = ClassUnicode::empty();
    let empty = collect(hir, side, &mut class)?;
    (!empty).then_some(class)
}

/// The characters that every match of `parts`, one after another, has at `side`; `None` when it may be empty, or says nothing in
/// characters.
pub(super) fn end(parts: &[Hir], side: Side) -> Option<ClassUnicode> {
    let mut class = ClassUnicode::empty();
    let empty = match side {
        Side::First => collect_each(parts.iter(), side, &mut class)?,
        Side::Last => collect_each(parts.iter().rev(), side, &mut class)?,
    };
    (!empty).then_some(class)
}

/// Adds what a match of parts may have at `side`, of which that side is the first of them.
fn collect_each<'h>(mut parts: impl Iterator<Item = &'h Hir>, side: Side, class: &mut ClassUnicode) -> Option<bool> {
    parts.try_fold(true, |empty, part| if empty { collect(part, side, class) } else { Some(false) })
}

/// Adds to `class` what a match may have at `side`. Returns whether it may be empty; nothing when that cannot be said.
fn collect(hir: &Hir, side: Side, class: &mut ClassUnicode) -> Option<bool> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(true),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let c = if side == Side::First { text.chars().next()? } else { text.chars().next_back()? };
            class.push(ClassUnicodeRange::new(c, c));
            Some(false)
        }
        HirKind::Class(Class::Unicode(chars)) => {
            class.union(chars);
            Some(false)
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(repetition) => Some(collect(&repetition.sub, side, class)? || repetition.min == 0),
        HirKind::Capture(capture) => collect(&capture.sub, side, class),
        HirKind::Concat(parts) => match side {
            Side::First => collect_each(parts.iter(), side, class),
            Side::Last => collect_each(parts.iter().rev(), side, class),
        },
        HirKind::Alternation(parts) => {
            let mut empty = false;
            for part in parts {
                empty |= collect(part, side, class)?;
            }
            Some(empty)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(pattern: &str, side: Side) -> Option<String> {
        let class = edge(&regex_syntax::parse(pattern).unwrap(), side)?;
        Some(class.iter().flat_map(|range| range.start()..=range.end()).collect())
    }

    #[test]
    fn only_ends_that_a_pattern_is_tied_to_are_told() {
        assert_eq!(chars("(?:^[乙甲]x)|(?:^丙?丁+)", Side::First).as_deref(), Some("丁丙乙甲"));
        assert_eq!(chars("甲[)）]?$", Side::Last).as_deref(), Some(")甲）"));
        assert_eq!(chars("(?:^甲)|乙", Side::First), None);
        assert_eq!(chars("甲", Side::Last), None);
        assert_eq!(chars("^甲*", Side::First), None);
        assert_eq!(chars("(?m)^甲", Side::First), None);
        assert_eq!(chars("(?i)^a", Side::First).as_deref(), Some("Aa"));
    }
}
