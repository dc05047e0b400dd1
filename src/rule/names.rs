//! Rules picked by name.

use super::Pack;

/// Names of rules: ids, or `pass/*` for all of a pass. None means all rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleNames(Vec<String>);

impl RuleNames {
    /// The rules called `names`.
    pub fn new(names: &[String]) -> RuleNames {
        RuleNames(names.to_vec())
    }

    /// Whether the rule `id` is among them.
    pub fn hold(&self, id: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|name| means(name, id))
    }

    /// The first name that no rule of `pack` has.
    pub fn unknown(&self, pack: &Pack) -> Option<&str> {
        let known = |name: &&String| pack.rules().iter().any(|rule| means(name, &rule.id));
        self.0.iter().find(|name| !known(name)).map(String::as_str)
    }
}

fn means(name: &str, id: &str) -> bool {
    match name.strip_suffix("/*") {
        Some(pass) => id.split('/').next() == Some(pass),
        None => name == id,
    }
}
