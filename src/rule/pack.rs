//! Packs: sets of rules used together.

use super::config::Config;
use super::error::RuleError;
use super::{PASSES, Rule, RuleKind, RuleNames};
use crate::edit::{Applicability, RuleId};
use std::collections::HashSet;
use std::path::Path;
use toml::Spanned;
use walkdir::WalkDir;

include!(concat!(env!("OUT_DIR"), "/built_in_rules.rs"));

/// The text of the built-in data file at `path`, such as `wrap/joins.trees`.
pub(super) fn built_in_data(path: &str) -> Option<&'static str> {
    DATA.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// Rules by id, ascending.
#[derive(Debug, Clone, Default)]
pub struct Pack {
    rules: Vec<Rule>,
}

impl Pack {
    /// The rules that come with jiaokan.
    ///
    /// # Errors
    /// Never in a released version: the built-in rules are loaded by its tests.
    pub fn built_in() -> Result<Pack, RuleError> {
        let rules = BUILT_IN.iter().map(|(id, text)| Rule::parse(id, &format!("rules/{id}.toml"), text));
        Ok(Pack { rules: rules.collect::<Result<_, _>>()? })
    }

    /// The rules of a folder: `DIR/pass/name.toml`.
    ///
    /// # Errors
    /// Every rule that is wrong, or the folder when it cannot be read or holds no rule.
    pub fn from_dir(dir: &Path) -> Result<Pack, Vec<RuleError>> {
        let (mut rules, mut errors) = (Vec::new(), Vec::new());
        let shown = dir.display().to_string();
        let above = dir.parent().unwrap_or(Path::new("")).display();
        if dir.is_file() {
            return Err(vec![RuleError::about(&shown, "this is a file", "name the folder that holds pass/name.toml")]);
        }
        if dir.file_name().is_some_and(|name| PASSES.iter().any(|pass| name == *pass)) && dir.is_dir() {
            let help = if above.to_string().is_empty() {
                "name the folder above it: .".into()
            } else {
                format!("name the folder above it: {above}")
            };
            return Err(vec![RuleError::about(&shown, "this is the folder of one pass", help)]);
        }
        for entry in WalkDir::new(dir).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    errors.push(RuleError::about(
                        &shown,
                        format!(
                            "the rules cannot be read: {}",
                            error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
                        ),
                        "name a folder that holds pass/name.toml",
                    ));
                    continue;
                }
            };
            let path = entry.path();
            if !entry.file_type().is_file() || path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            let name = path.display().to_string();
            let relative = path.strip_prefix(dir).unwrap_or(path).with_extension("");
            let id = relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            match std::fs::read_to_string(path) {
                Ok(text) => match Rule::parse(&id, &name, &text) {
                    Ok(rule) => rules.push(Rule { root: Some(dir.to_owned()), ..rule }),
                    Err(error) => errors.push(error),
                },
                Err(error) => {
                    errors.push(RuleError::about(&name, format!("the rule cannot be read: {error}"), "rule files are UTF-8 text"))
                }
            }
        }
        if rules.is_empty() && errors.is_empty() {
            errors.push(RuleError::about(&shown, "this folder holds no rules", "a rule is a file pass/name.toml in it"));
        }
        if errors.is_empty() { Ok(Pack { rules }) } else { Err(errors) }
    }

    /// Adds the rules of `other`; those with an id that is here already take its place.
    #[must_use]
    pub fn with(mut self, other: Pack) -> Pack {
        for rule in other.rules {
            match self.rules.binary_search_by(|r| r.id.cmp(&rule.id)) {
                Ok(at) => self.rules[at] = rule,
                Err(at) => self.rules.insert(at, rule),
            }
        }
        self
    }

    /// Switches rules on and off and sets how far they go, as the configuration says.
    ///
    /// # Errors
    /// When the configuration names a rule that is not here, or wants applied what only a person can choose.
    pub fn configure(&mut self, config: &Config) -> Result<(), RuleError> {
        for (ids, enabled) in [(&config.enable, true), (&config.disable, false)] {
            for id in ids {
                for at in self.matching(id, config)? {
                    self.rules[at].enabled = enabled;
                }
            }
        }
        for (id, level) in &config.apply {
            for at in self.matching(id, config)? {
                let rule = &mut self.rules[at];
                let many = matches!(&rule.kind, RuleKind::Pattern(pattern) if pattern.choices.len() > 1);
                if *level == Applicability::Auto && many {
                    return Err(config.error(
                        id.span(),
                        format!("`{}` offers several choices, so it cannot be applied without a person", rule.id),
                        "leave it at `review`, or make a rule of your own with one choice",
                    ));
                }
                rule.applicability = *level;
            }
        }
        Ok(())
    }

    /// Lets those of `rules` that edit on their own only propose.
    pub fn limit(&mut self, rules: &HashSet<RuleId>) {
        for rule in self.rules.iter_mut().filter(|rule| rules.contains(&rule.id)) {
            rule.applicability = rule.applicability.max(Applicability::Review);
        }
    }

    /// Switches off the rules that make no edit at `level`, but for those to `keep`.
    pub fn disable_beyond(&mut self, level: Applicability, keep: impl Fn(&str) -> bool) {
        for rule in self.rules.iter_mut().filter(|rule| rule.applicability > level && !keep(&rule.id)) {
            rule.enabled = false;
        }
    }

    /// The rules named `id`, or all of a pass for `pass/*`.
    fn matching(&self, id: &Spanned<String>, config: &Config) -> Result<Vec<usize>, RuleError> {
        let names = RuleNames::new(&[id.get_ref().to_owned()]);
        let found: Vec<usize> = (0..self.rules.len()).filter(|&at| names.hold(&self.rules[at].id)).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let help = match self.nearest(id.get_ref()).first() {
            Some(nearest) => format!("did you mean `{nearest}`? `jiaokan rules list` prints the ids"),
            None => "`jiaokan rules list` prints the ids".into(),
        };
        Err(config.error(id.span(), format!("no rule is called `{}`", id.get_ref()), help))
    }

    /// All rules, by id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule called `id`.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| &*rule.id == id)
    }

    /// The ids most like `id`, for a message about a name that is unknown.
    pub fn nearest(&self, id: &str) -> Vec<&str> {
        let mut ranked: Vec<_> = self.rules.iter().map(|rule| (strsim::jaro_winkler(id, &rule.id), &*rule.id)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranked.into_iter().take(3).filter(|(score, _)| *score > 0.7).map(|(_, id)| id).collect()
    }
}

impl From<Vec<Rule>> for Pack {
    fn from(mut rules: Vec<Rule>) -> Pack {
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        Pack { rules }
    }
}
