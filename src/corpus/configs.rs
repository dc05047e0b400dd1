//! Which configuration governs a document, and the pipeline it leads to.

use super::error::SetupError;
use super::paths::absolute;
use crate::edit::Applicability;
use crate::edit::{Decisions, RuleId};
use crate::index::CorpusIndex;
use crate::lexicon::Lexicon;
use crate::lexicon::model::Model;
use crate::pass::Pipeline;
use crate::rule::{CONFIG_NAME, Config, Pack};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walkdir::WalkDir;
use xxhash_rust::xxh3::Xxh3Default;

/// A configuration with the pack and the pipeline it makes.
pub struct Setup {
    /// Which files to read and what to change about the rules.
    pub config: Config,
    /// The rules, configured.
    pub pack: Pack,
    /// Their passes.
    pub pipeline: Pipeline,
    /// What they know of the language.
    pub lexicon: Arc<Lexicon>,
    /// The files from which they know it, beside the built-in data.
    language: Vec<PathBuf>,
    /// The folder of the configuration file; none for the default.
    folder: Option<PathBuf>,
}

impl Setup {
    /// What decides what becomes of a text, as a hash: the program, the rules as they are configured, the language data.
    pub fn fingerprint(&self) -> String {
        let mut hash = Xxh3Default::new();
        hash.update(env!("CARGO_PKG_VERSION").as_bytes());
        for rule in self.pack.rules() {
            let state = format!("\0{} {} {:?}\0", rule.id, rule.enabled, rule.applicability);
            hash.update(state.as_bytes());
            hash.update(rule.source.as_bytes());
        }
        for file in self.language.iter().cloned().chain(self.data()) {
            hash.update(format!("\0{}\0", file.display()).as_bytes());
            // A file that has gone since is another state, too.
            hash.update(&fs::read(&file).unwrap_or_default());
        }
        format!("{:032x}", hash.digest128())
    }

    /// What lies beside rules in folders of rules: trees, tables and lists that they name.
    fn data(&self) -> impl Iterator<Item = PathBuf> {
        let roots: BTreeSet<&PathBuf> = self.pack.rules().iter().filter_map(|rule| rule.root.as_ref()).collect();
        let files = roots.into_iter().flat_map(|root| WalkDir::new(root).min_depth(2).max_depth(2).sort_by_file_name());
        let files = files.flatten().filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path());
        files.filter(|path| path.extension().is_none_or(|extension| extension != "toml"))
    }

    /// Whether the file at `path`, found in the folder `input`, is to be read. The globs of a configuration file speak of paths
    /// from its own folder, so that the answer is the same whichever folder the run starts from.
    pub(super) fn wants(&self, path: &Path, input: &Path) -> bool {
        self.says(path, input, |relative| self.config.wants(relative))
    }

    /// Whether its configuration names that file as one not to be read.
    pub(super) fn shuts_out(&self, path: &Path, input: &Path) -> bool {
        self.says(path, input, |relative| self.config.shuts_out(relative))
    }

    fn says(&self, path: &Path, input: &Path, says: impl Fn(&Path) -> bool) -> bool {
        let full = absolute(path);
        let from_config = self.folder.as_ref().and_then(|folder| full.strip_prefix(folder).ok());
        says(from_config.or(path.strip_prefix(input).ok()).unwrap_or(path))
    }
}

/// Finds the configuration of a folder: the nearest [`CONFIG_NAME`] in it or above. Every folder is looked into once and every
/// configuration made into a pipeline once.
pub struct Configs {
    built_in: Pack,
    extra: Vec<Pack>,
    lexicons: Vec<PathBuf>,
    model: Option<PathBuf>,
    index: Option<Arc<CorpusIndex>>,
    decisions: Option<Arc<dyn Decisions>>,
    unproven: HashSet<RuleId>,
    edits_only: Option<Applicability>,
    fixed: Option<PathBuf>,
    governing: HashMap<PathBuf, Option<PathBuf>>,
    setups: HashMap<Option<PathBuf>, Arc<Setup>>,
}

impl Configs {
    /// Loads the built-in rules and those of the folders `rules`. With `config`, that file governs everything.
    ///
    /// # Errors
    /// Every rule that is wrong.
    pub fn new(rules: &[PathBuf], config: Option<&Path>) -> Result<Configs, SetupError> {
        let built_in = Pack::built_in()?;
        let extra = load(rules)?;
        Ok(Configs {
            built_in,
            extra,
            lexicons: Vec::new(),
            model: None,
            index: None,
            decisions: None,
            unproven: HashSet::new(),
            edits_only: None,
            fixed: config.map(absolute),
            governing: HashMap::new(),
            setups: HashMap::new(),
        })
    }

    /// Adds the language data of `files` to the built-in one and that of the configurations.
    #[must_use]
    pub fn with_lexicons(self, files: &[PathBuf]) -> Configs {
        Configs { lexicons: files.to_vec(), ..self }
    }

    /// Judges characters by the model in `file` too, instead of the one that a configuration names.
    #[must_use]
    pub fn with_model(self, file: Option<&Path>) -> Configs {
        Configs { model: file.map(Path::to_path_buf), ..self }
    }

    /// Looks for copies across documents in `index`.
    #[must_use]
    pub fn with_index(self, index: Option<Arc<CorpusIndex>>) -> Configs {
        Configs { index, ..self }
    }

    /// Heeds what people decided.
    #[must_use]
    pub fn with_decisions(self, decisions: Option<Arc<dyn Decisions>>) -> Configs {
        Configs { decisions, ..self }
    }

    /// Lets these rules only propose what they would do on their own.
    #[must_use]
    pub fn with_unproven(self, unproven: HashSet<RuleId>) -> Configs {
        Configs { unproven, ..self }
    }

    /// Leaves out the rules that make no edit at this level, but for those that people decided about.
    #[must_use]
    pub fn with_edits_only(self, level: Option<Applicability>) -> Configs {
        Configs { edits_only: level, ..self }
    }

    /// What governs the documents that lie in `folder`.
    ///
    /// # Errors
    /// When the configuration is wrong, or a rule or language data that it brings in.
    pub fn setup(&mut self, folder: &Path) -> Result<Arc<Setup>, SetupError> {
        let file = self.file(folder);
        if let Some(setup) = self.setups.get(&file) {
            return Ok(setup.clone());
        }
        let config = read(file.as_deref())?;
        let mut pack = self.merge(&config)?;
        pack.configure(&config)?;
        pack.limit(&self.unproven);
        if let Some(level) = self.edits_only {
            let decided = |rule: &str| self.decisions.as_ref().is_some_and(|decisions| decisions.concern(rule));
            pack.disable_beyond(level, decided);
        }
        let files: Vec<PathBuf> = config.lexicon.iter().chain(&self.lexicons).cloned().collect();
        let mut lexicon = Lexicon::builtin_with(&files)?;
        let model = self.model.as_ref().or(config.lm.as_ref());
        if let Some(file) = model {
            lexicon = lexicon.with_model(Arc::new(Model::read(file)?));
        }
        let language = files.iter().chain(model).cloned().collect();
        let pipeline = Pipeline::new(&pack)?.with_lexicon(lexicon.clone()).with_index(self.index.clone());
        let pipeline = pipeline.with_decisions(self.decisions.clone());
        let folder = file.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        let setup = Arc::new(Setup { config, pack, pipeline, lexicon, language, folder });
        self.setups.insert(file, setup.clone());
        Ok(setup)
    }

    /// The rules for `folder` as their files have them, not yet switched or limited by the configuration.
    ///
    /// # Errors
    /// As [`Configs::setup`].
    pub fn pack(&mut self, folder: &Path) -> Result<Pack, SetupError> {
        let file = self.file(folder);
        self.merge(&read(file.as_deref())?)
    }

    /// The built-in rules, then those the configuration brings, then those of the command line: the later take the place of the
    /// earlier.
    fn merge(&self, config: &Config) -> Result<Pack, SetupError> {
        let packs = load(&config.packs)?;
        Ok(packs.into_iter().chain(self.extra.iter().cloned()).fold(self.built_in.clone(), Pack::with))
    }

    fn file(&mut self, folder: &Path) -> Option<PathBuf> {
        self.fixed.clone().or_else(|| self.nearest(&absolute(folder)))
    }

    fn nearest(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.governing.get(folder) {
            return known.clone();
        }
        let here = folder.join(CONFIG_NAME);
        let found = if here.is_file() { Some(here) } else { folder.parent().and_then(|parent| self.nearest(parent)) };
        self.governing.insert(folder.to_path_buf(), found.clone());
        found
    }
}

fn read(file: Option<&Path>) -> Result<Config, SetupError> {
    Ok(file.map_or_else(|| Ok(Config::default()), Config::read)?)
}

/// Loads packs, or tells everything that is wrong in any of them.
fn load(folders: &[PathBuf]) -> Result<Vec<Pack>, SetupError> {
    let (mut packs, mut errors) = (Vec::new(), Vec::new());
    for folder in folders {
        match Pack::from_dir(folder) {
            Ok(pack) => packs.push(pack),
            Err(more) => errors.extend(more),
        }
    }
    if errors.is_empty() { Ok(packs) } else { Err(SetupError(errors)) }
}
