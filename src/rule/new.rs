//! The beginning of a new rule.

use super::PASSES;

static TEMPLATE: &str = include_str!("template.toml");

/// Why no rule can have an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// It names no pass.
    #[error("`{0}` names no pass: write pass/name, with one of the passes {list}", list = PASSES.join(", "))]
    Pass(String),
    /// The name is none that files, configurations and comments can share.
    #[error("`{0}` is no name of a rule: write small letters of ASCII and digits, with hyphens between the words")]
    Name(String),
}

/// The text of a new rule file for the rule `id`: complete, commented, and with two cases that pass.
///
/// # Errors
/// When no rule can be called so.
pub fn template(id: &str) -> Result<String, IdError> {
    let Some((_, name)) = id.split_once('/').filter(|(pass, _)| PASSES.contains(pass)) else {
        return Err(IdError::Pass(id.into()));
    };
    let fit = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !name.split('-').all(fit) {
        return Err(IdError::Name(name.into()));
    }
    Ok(TEMPLATE.replace("VERSION", env!("CARGO_PKG_VERSION")).replace("ID", id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rule;

    #[test]
    fn a_new_rule_can_be_loaded() {
        let text = template("garble/place-holder").unwrap();
        let rule = Rule::parse("garble/place-holder", "rules/garble/place-holder.toml", &text).unwrap();
        assert_eq!(rule.cases.len(), 2);
        assert!(text.contains("`jiaokan test garble/place-holder --rules DIR`"));
    }

    #[test]
    fn names_that_will_not_do_are_told() {
        for wrong in ["garble", "", "grable/a", "/a", "a/b/c"] {
            assert_eq!(template(wrong), Err(IdError::Pass(wrong.into())));
        }
        for wrong in ["", "A", "a--b", "-a", "占位", "a_b", "a/b", "../a"] {
            assert_eq!(template(&format!("garble/{wrong}")), Err(IdError::Name(wrong.into())));
        }
    }
}
