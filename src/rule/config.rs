//! `jiaokan.toml`: which rules run and how far they go, for a corpus.

use super::error::RuleError;
use crate::edit::Applicability;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The name of the configuration file, looked for from an input's folder upward.
pub const CONFIG_NAME: &str = "jiaokan.toml";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    packs: Vec<PathBuf>,
    lexicon: Vec<PathBuf>,
    lm: Option<PathBuf>,
    enable: Vec<Spanned<String>>,
    disable: Vec<Spanned<String>>,
    apply: BTreeMap<Spanned<String>, Applicability>,
    include: Option<Vec<Spanned<String>>>,
    exclude: Vec<Spanned<String>>,
}

/// A configuration, read and checked.
#[derive(Debug, Clone)]
pub struct Config {
    path: String,
    source: String,
    /// Folders of rules that add to the built-in ones or take their place.
    pub packs: Vec<PathBuf>,
    /// Files of language data that add to the built-in one.
    pub lexicon: Vec<PathBuf>,
    /// A model of characters beside the built-in one.
    pub lm: Option<PathBuf>,
    /// Rules to switch on: ids, or `pass/*`.
    pub enable: Vec<Spanned<String>>,
    /// Rules to switch off: ids, or `pass/*`.
    pub disable: Vec<Spanned<String>>,
    /// How far rules go, by id or `pass/*`.
    pub apply: Vec<(Spanned<String>, Applicability)>,
    /// The globs of the files to read, as written, for messages about folders that hold none.
    pub globs: Vec<String>,
    include: GlobSet,
    exclude: GlobSet,
}

/// Files read from a folder unless a configuration says otherwise.
const INCLUDE: [&str; 4] = ["**/*.txt", "**/*.text", "**/*.md", "**/*.markdown"];

impl Default for Config {
    fn default() -> Self {
        let mut include = GlobSetBuilder::new();
        for glob in INCLUDE {
            include.add(GlobBuilder::new(glob).case_insensitive(true).build().expect("the default globs are valid"));
        }
        Config {
            path: CONFIG_NAME.into(),
            source: String::new(),
            packs: Vec::new(),
            lexicon: Vec::new(),
            lm: None,
            enable: Vec::new(),
            disable: Vec::new(),
            apply: Vec::new(),
            globs: INCLUDE.map(String::from).to_vec(),
            include: include.build().expect("the default globs are valid"),
            exclude: GlobSet::empty(),
        }
    }
}

impl Config {
    /// Reads the configuration at `path`.
    ///
    /// # Errors
    /// When it cannot be read or is wrong.
    pub fn read(path: &Path) -> Result<Config, RuleError> {
        let name = path.display().to_string();
        let help = format!("{CONFIG_NAME} is UTF-8 text");
        let source =
            std::fs::read_to_string(path).map_err(|error| RuleError::about(&name, format!("cannot be read: {error}"), help))?;
        Config::parse(&name, &source, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads a configuration from its text. Relative packs, lexicons and models are looked for in `folder`.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(name: &str, source: &str, folder: &Path) -> Result<Config, RuleError> {
        let file: File = toml::from_str(source).map_err(|error| RuleError::from_toml(name, source, &error))?;
        let globs = |patterns: &[Spanned<String>]| {
            let mut set = GlobSetBuilder::new();
            for pattern in patterns {
                let glob = Glob::new(pattern.get_ref());
                set.add(glob.map_err(|e| {
                    RuleError::at(name, source, pattern.span(), format!("not a glob: {e}"), "", "write like `**/*.txt`")
                })?);
            }
            set.build().map_err(|e| RuleError::about(name, e.to_string(), "use fewer globs"))
        };
        let default = Config::default();
        Ok(Config {
            path: name.into(),
            source: source.into(),
            packs: file.packs.into_iter().map(|pack| folder.join(pack)).collect(),
            lexicon: file.lexicon.into_iter().map(|file| folder.join(file)).collect(),
            lm: file.lm.map(|file| folder.join(file)),
            enable: file.enable,
            disable: file.disable,
            apply: file.apply.into_iter().collect(),
            globs: file.include.as_ref().map_or(default.globs, |globs| globs.iter().map(|glob| glob.get_ref().clone()).collect()),
            include: file.include.map_or(Ok(default.include), |patterns| globs(&patterns))?,
            exclude: globs(&file.exclude)?,
        })
    }

    /// Whether a file in a folder is to be read; `relative` is its path from that folder.
    pub fn wants(&self, relative: &Path) -> bool {
        self.include.is_match(relative) && !self.exclude.is_match(relative)
    }

    /// Whether the file is one that is not to be read.
    pub fn shuts_out(&self, relative: &Path) -> bool {
        self.exclude.is_match(relative)
    }

    /// An error at a place of this configuration.
    pub(crate) fn error(&self, span: Range<usize>, title: impl Into<String>, help: impl Into<String>) -> RuleError {
        RuleError::at(&self.path, &self.source, span, title, "", help)
    }
}
