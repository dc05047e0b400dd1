//! Runs the passes over a document, in order, until they leave it alone.

use super::account::Account;
use super::across::ACROSS;
use super::gaps::{Gap, gaps};
use super::line::Reader;
use super::misread::{Confusions, Doubter, Misread, Quality};
use super::mojibake::AllKnown;
use super::page::{Known, Page, Profile, Vocabulary};
use super::reread::Before;
use super::seam::{Seam, count_weighed, seams};
use super::settled::Settled;
use super::wrap::Weighers;
use super::{Detector, Shared, detector};
use crate::edit::{
    Applicability, Consent, Decisions, Draft, DraftEdit, Finding, Held, Revision, RuleId, State, Verdict, heed, settle,
};
use crate::index::{CorpusIndex, Here};
use crate::lexicon::Lexicon;
use crate::rule::{PASSES, Pack, PatternSet, Rule, RuleError, RuleKind};
use crate::text::{Encoding, Inventory, Newline, Source, Span, protected, sections, touches};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

/// Rounds after which a document that still changes is called unsettled, and left as it was.
const MOST_ROUNDS: usize = 12;

/// The passes that restore characters wherever they stand. All others read the text as prose, and leave alone what is none.
const RESTORING: [&str; 2] = ["decode", "repair"];

/// The rule by whose parameters doubtful characters are found, for all that ask.
const MISREAD: &str = "garble/misread";

/// The passes of a pack, ready to run. Holds no state of a document: share it between threads.
pub struct Pipeline {
    reader: Arc<Reader>,
    lexicon: Arc<Lexicon>,
    doubter: Option<Arc<Doubter>>,
    index: Option<Arc<CorpusIndex>>,
    decisions: Option<Arc<dyn Decisions>>,
    stages: Vec<Stage>,
}

/// What stays the same for a document while the passes run over it.
#[derive(Clone, Copy)]
struct Terms<'a> {
    here: Option<&'a Here>,
    newline: Newline,
    encoding: Encoding,
    consent: Consent,
}

/// What people said of the findings of a document.
#[derive(Default)]
struct Said {
    rejected: Vec<Finding>,
    /// Everything decided about findings of the round at hand.
    decided: Vec<Held>,
    /// The same of the first round.
    first: Vec<Held>,
}

impl Said {
    /// Each rejected finding once: every round finds it again.
    fn rejected(&mut self) -> Vec<Finding> {
        let mut seen = HashSet::new();
        let mut rejected = std::mem::take(&mut self.rejected);
        rejected.retain(|finding| seen.insert((finding.rule.clone(), finding.span)));
        rejected.sort_by_key(|finding| (finding.span.start, finding.span.end));
        rejected
    }
}

/// The rules of one pass.
struct Stage {
    pass: &'static str,
    patterns: PatternSet,
    pattern_rules: Vec<Arc<Rule>>,
    detectors: Vec<(Arc<Rule>, Box<dyn Detector>)>,
}

/// The pass with which a rule sees the text. Whether a line is stretched shows only while it is a line: the blanks in it are
/// weighed before lines are joined. What an index knows of a document, it knows of its lines as they were before any edit.
fn sees_with(rule: &Rule) -> &str {
    match &rule.kind {
        RuleKind::Detector(name) if name == "gaps" => "wrap",
        RuleKind::Detector(name) if ACROSS.contains(&name.as_str()) => PASSES[0],
        _ => rule.pass(),
    }
}

impl Pipeline {
    /// Prepares the enabled rules of `pack`.
    ///
    /// # Errors
    /// When a rule names a detector that its pass lacks, or its parameters are wrong.
    pub fn new(pack: &Pack) -> Result<Pipeline, RuleError> {
        Pipeline::with(pack, |rule| rule.enabled)
    }

    /// Prepares those rules of `pack` that `wanted` picks. The vocabulary of lines is read whether its rule is picked or not.
    ///
    /// # Errors
    /// As [`Pipeline::new`].
    pub fn with(pack: &Pack, wanted: impl Fn(&Rule) -> bool) -> Result<Pipeline, RuleError> {
        let vocabulary: Vocabulary = match pack.get("profile/document") {
            Some(rule) => rule.params()?,
            None => {
                return Err(RuleError::about("rules", "the rule `profile/document` is missing", "start from the built-in pack"));
            }
        };
        let mut stages = Vec::new();
        let doubter = match pack.get(MISREAD) {
            Some(rule) => Some(Arc::new(Doubter::new(rule, wanted(rule))?)),
            None => None,
        };
        let mut shared = Shared { weighers: Weighers::new(), doubter, known: AllKnown::default(), keep: None };
        for pass in PASSES {
            let rules: Vec<Arc<Rule>> =
                pack.rules().iter().filter(|r| sees_with(r) == pass && wanted(r)).cloned().map(Arc::new).collect();
            let (mut patterns, mut pattern_rules, mut detectors) = (Vec::new(), Vec::new(), Vec::new());
            for rule in rules {
                match &rule.kind {
                    RuleKind::Pattern(pattern) => {
                        patterns.push(pattern.clone());
                        pattern_rules.push(rule);
                    }
                    RuleKind::Detector(name) => {
                        let made = detector(name, &rule, &mut shared)?;
                        detectors.push((rule, made));
                    }
                }
            }
            if !pattern_rules.is_empty() || !detectors.is_empty() {
                stages.push(Stage { pass, patterns: PatternSet::new(patterns), pattern_rules, detectors });
            }
        }
        let (reader, lexicon) = (Arc::new(Reader::new(vocabulary)), Lexicon::builtin());
        Ok(Pipeline { reader, lexicon, doubter: shared.doubter, index: None, decisions: None, stages })
    }

    /// The same with an index of the corpus that the documents are part of: rules about copies across documents are silent without one.
    #[must_use]
    pub fn with_index(self, index: Option<Arc<CorpusIndex>>) -> Pipeline {
        Pipeline { index, ..self }
    }

    /// The same with what people decided about findings: what was rejected is as if no rule had found it.
    #[must_use]
    pub fn with_decisions(self, decisions: Option<Arc<dyn Decisions>>) -> Pipeline {
        Pipeline { decisions, ..self }
    }

    /// The same with other language data than the built-in.
    #[must_use]
    pub fn with_lexicon(self, lexicon: Arc<Lexicon>) -> Pipeline {
        Pipeline { lexicon, ..self }
    }

    /// Repairs one document: applies every edit that `consent` covers, such as all that go no further than a level, and reports
    /// the rest.
    ///
    /// The passes run in rounds until one changes nothing, so what comes out is what comes out again. A document that does not
    /// settle is left as it was. A text of more than 8 MB is cleaned in [`sections`], unless an index knows it or people decided about
    /// findings: then it is looked at as a whole, which takes many times its own length.
    pub fn revise(&self, source: Source, consent: impl Into<Consent>) -> Revision {
        let text = source.text();
        let here = self.index.as_ref().and_then(|index| index.locate(source.name(), text).ok());
        let terms =
            Terms { here: here.as_ref(), newline: Newline::of(text), encoding: source.encoding(), consent: consent.into() };
        let whole = here.is_some() || self.decisions.is_some();
        let sections = if whole { vec![Span::new(0, text.len())] } else { sections(text, false) };
        let mut settled = Settled::default();
        match sections.as_slice() {
            [all] => settled = self.settle(all.of(text), terms),
            sections => sections.iter().for_each(|&span| settled.join(text, span, self.settle(span.of(text), terms))),
        }
        let Settled { cleaned, changes, findings, rejected, held } = settled;
        let mut revision = Revision::new(source, changes, cleaned, findings);
        (revision.rejected, revision.held, revision.sections) = (rejected, held, sections.len());
        revision
    }

    /// Runs the passes over `text` until they leave it alone.
    fn settle(&self, text: &str, terms: Terms<'_>) -> Settled {
        let mut draft = Draft::new(text);
        let mut findings: Vec<Finding> = Vec::new();
        let mut said = Said::default();
        let (mut settled, mut first_round) = (false, 0);
        let mut before = None;
        for round in 0..MOST_ROUNDS {
            settled = !self.round(&mut draft, terms, round == 0, &mut findings, &mut said, &mut before);
            if round == 0 {
                first_round = findings.len();
                said.first.clone_from(&said.decided);
            }
            if settled {
                break;
            }
        }
        if !settled {
            draft = Draft::new(text);
            // As long as everything that was decided holds, it does not settle the next time either.
            said.decided = std::mem::take(&mut said.first);
            said.decided.iter_mut().for_each(|one| one.in_cleaned = one.in_source.clone());
            findings.truncate(first_round);
            let undone = |f: &&mut Finding| f.state == State::Applied || f.shadowed_by.is_some_and(|by| by >= first_round);
            for finding in findings.iter_mut().filter(undone) {
                finding.state = State::Proposed;
                finding.shadowed_by = None;
                finding.evidence.push(format!("not made: after {MOST_ROUNDS} rounds the rules still changed the text"));
            }
        }
        let overtaken = shadow_overtaken(&mut findings);
        if !overtaken.is_empty() {
            self.propose_again(&mut draft, terms, &overtaken, &mut findings, &mut said);
        }
        let (text, mut changes) = draft.into_parts();
        sort_by_place(&mut findings, &mut changes);
        let cleaned = match text {
            Cow::Owned(text) if !changes.is_empty() => Some(text),
            _ => None,
        };
        let rejected = said.rejected();
        // The last round changed nothing: what it still finds, though it was made, stands as a person typed it.
        Settled { cleaned, changes, findings, rejected, held: said.decided }
    }

    /// Reads the lines of `text` and nothing more; returns how many there are. For measuring.
    #[doc(hidden)]
    pub fn read(&self, text: &str) -> usize {
        Page::read(text, &self.reader, None, Newline::of(text), &self.lexicon).lines.len()
    }

    /// What the detectors find in `text`, none of it applied. For measuring.
    #[doc(hidden)]
    pub fn detect(&self, text: &str) -> Vec<Finding> {
        let page = Page::read(text, &self.reader, None, Newline::of(text), &self.lexicon);
        self.stages.iter().flat_map(|stage| &stage.detectors).flat_map(|(_, detector)| detector.find(&page)).collect()
    }

    /// How the detectors that weigh by terms weigh `text` as it stands.
    pub fn accounts(&self, text: &str) -> Vec<Account> {
        let page = Page::read(text, &self.reader, None, Newline::of(text), &self.lexicon);
        self.stages.iter().flat_map(|stage| &stage.detectors).flat_map(|(_, detector)| detector.accounts(&page)).collect()
    }

    /// Reads `text` and works out the features of every break; returns how many there are. For measuring.
    #[doc(hidden)]
    pub fn weigh(&self, text: &str) -> usize {
        count_weighed(&Page::read(text, &self.reader, None, Newline::of(text), &self.lexicon))
    }

    /// Every line break of a text with the features that the wrap and column rules weigh: what their weights are fitted on.
    pub fn seams(&self, text: &str) -> Vec<Seam> {
        seams(&Page::read(text, &self.reader, None, Newline::of(text), &self.lexicon))
    }

    /// Every blank between Chinese characters inside the lines of a text with the features that the despace rules weigh.
    pub fn gaps(&self, text: &str) -> Vec<Gap> {
        gaps(&Page::read(text, &self.reader, None, Newline::of(text), &self.lexicon))
    }

    /// Every doubtful character of a text with the features by which misreads are told.
    pub fn misreads(&self, text: &str) -> Vec<Misread> {
        let page = Page::read(text, &self.reader, None, Newline::of(text), &self.lexicon);
        self.doubter.as_ref().map_or_else(Vec::new, |doubter| doubter.misreads(&page))
    }

    /// The estimated share of misread characters of a text, as a whole and page by page where form feeds part pages; none when
    /// no rule knows what is misread.
    pub fn quality(&self, text: &str) -> Option<(Quality, Vec<Quality>)> {
        let page = Page::read(text, &self.reader, None, Newline::of(text), &self.lexicon);
        self.doubter.as_ref().map(|doubter| doubter.quality(&page))
    }

    /// The lines of `text` as detectors see them.
    pub fn page<'a>(&'a self, text: &'a str) -> Page<'a> {
        Page::read(text, &self.reader, None, Newline::of(text), &self.lexicon)
    }

    /// The estimated share of misread characters of a page, which is less sure than [`Pipeline::quality`] and found faster; none when
    /// no rule knows what is misread.
    pub fn misread_share(&self, page: &Page<'_>) -> Option<f64> {
        self.doubter.as_ref().map(|doubter| doubter.share(page))
    }

    /// What is known of the language.
    pub fn lexicon(&self) -> &Arc<Lexicon> {
        &self.lexicon
    }

    /// Which characters are mistaken for which, when a rule knows.
    pub fn confusions(&self) -> Option<&Confusions> {
        self.doubter.as_ref().map(|doubter| doubter.confusions())
    }

    /// One run of all passes. Returns whether any edit was made.
    fn round(
        &self,
        draft: &mut Draft<'_>,
        terms: Terms<'_>,
        first: bool,
        findings: &mut Vec<Finding>,
        said: &mut Said,
        before: &mut Option<Before>,
    ) -> bool {
        let Terms { here, newline, encoding, consent } = terms;
        // What holds in the last round holds in the cleaned text.
        said.decided.clear();
        let mut edited = false;
        let mut profile: Option<Profile> = None;
        // The lines stay those of the draft until an edit is made.
        let mut known: Option<Known> = None;
        let (mut inventory, mut shields): (_, Option<Vec<Span>>) = (None, None);
        for stage in &self.stages {
            // A later round only confirms: what it would flag and propose, the first has reported.
            let wanted = |rule: &Rule| first || rule.applicability <= consent.level || self.decided(&rule.id);
            let held = *inventory.get_or_insert_with(|| Inventory::of(draft.text()));
            let mut found = self.patterns(stage, draft.text(), &held, newline, wanted);
            let mut detectors = stage.detectors.iter().filter(|(rule, _)| wanted(rule)).peekable();
            if detectors.peek().is_some() {
                let mut page = match known.take() {
                    Some(known) => Page::of(draft.text(), known, &self.reader, newline, &self.lexicon),
                    None => Page::read_after(before.as_ref(), draft.text(), &self.reader, profile, newline, &self.lexicon),
                };
                page.here = here;
                let page = page.with_inventory(held);
                for (_, detector) in detectors {
                    found.extend(detector.find(&page));
                }
                profile = Some(page.profile);
                known = Some(page.into_known());
            }
            if !RESTORING.contains(&stage.pass) && found.iter().any(|finding| !finding.changes.is_empty()) {
                drop_what_touches(shields.get_or_insert_with(|| protected(draft.text())), &mut found);
            }
            if !encoding.is_unicode() {
                found.iter_mut().for_each(|finding| withhold_unwritable(finding, encoding));
            }
            self.heed(draft, &mut found, terms, said);
            if !first {
                found.retain(|f| !f.changes.is_empty() && consent.covers(f));
            }
            let changes = found.iter().any(|finding| !finding.changes.is_empty());
            let text = changes.then(|| Before::keeps(draft.text())).flatten();
            if settle(draft, found, consent, findings) {
                edited = true;
                // What an edit leaves as it was need not be read again.
                if let (Some(text), Some(known)) = (text, known.take()) {
                    *before = Some(Before { text, lines: known.into_lines() });
                }
                (known, inventory, shields) = (None, None, None);
                if stage.pass == "decode" {
                    // What was read wrongly tells nothing of how the document was set.
                    profile = None;
                }
            }
        }
        if edited && let (Some(text), Some(known)) = (Before::keeps(draft.text()), known) {
            *before = Some(Before { text, lines: known.into_lines() });
        }
        edited
    }

    /// Reports on the final text what `rules` still propose: their earlier proposals lost their place to a later edit.
    fn propose_again(
        &self,
        draft: &mut Draft<'_>,
        terms: Terms<'_>,
        rules: &HashSet<RuleId>,
        findings: &mut Vec<Finding>,
        said: &mut Said,
    ) {
        let Terms { here, newline, consent, .. } = terms;
        let wanted = |rule: &Rule| rules.contains(&rule.id);
        let mut found = Vec::new();
        let inventory = Inventory::of(draft.text());
        for stage in &self.stages {
            found.extend(self.patterns(stage, draft.text(), &inventory, newline, wanted));
        }
        let mut page = Page::read(draft.text(), &self.reader, None, newline, &self.lexicon);
        page.here = here;
        let detectors = self.stages.iter().flat_map(|stage| &stage.detectors).filter(|(rule, _)| wanted(rule));
        found.extend(detectors.flat_map(|(_, detector)| detector.find(&page)));
        let decided = std::mem::take(&mut said.decided);
        self.heed(draft, &mut found, terms, said);
        said.decided = decided;
        found.retain(|f| !f.changes.is_empty() && !consent.covers(f));
        drop_what_touches(&protected(draft.text()), &mut found);
        let mut again = Vec::new();
        settle(draft, found, consent, &mut again);
        let known: HashSet<(RuleId, Span)> =
            findings.iter().filter(|f| f.state == State::Proposed).map(|f| (f.rule.clone(), f.span)).collect();
        findings.extend(again.into_iter().filter(|f| f.state == State::Proposed && !known.contains(&(f.rule.clone(), f.span))));
    }

    /// Whether anything was decided about findings of a rule.
    fn decided(&self, rule: &str) -> bool {
        self.decisions.as_ref().is_some_and(|decisions| decisions.concern(rule))
    }

    /// Puts what people decided to the findings of a pass.
    fn heed(&self, draft: &Draft<'_>, found: &mut Vec<Finding>, terms: Terms<'_>, said: &mut Said) {
        let Some(decisions) = self.decisions.as_ref().filter(|_| !found.is_empty()) else { return };
        let rejected = heed(draft, &**decisions, found);
        if !terms.encoding.is_unicode() {
            // What was typed may be what the encoding cannot write.
            let accepted = found.iter_mut().filter(|finding| finding.decision == Some(Verdict::Accept));
            accepted.for_each(|finding| withhold_unwritable(finding, terms.encoding));
        }
        let decided = rejected.iter().chain(found.iter().filter(|finding| finding.decision.is_some()));
        said.decided.extend(
            decided.map(|finding| Held { in_source: draft.finding_to_source(finding.clone()), in_cleaned: finding.clone() }),
        );
        said.rejected.extend(rejected.into_iter().map(|finding| draft.finding_to_source(finding)));
    }

    fn patterns(
        &self,
        stage: &Stage,
        text: &str,
        inventory: &Inventory,
        newline: Newline,
        wanted: impl Fn(&Rule) -> bool,
    ) -> Vec<Finding> {
        let found = stage.patterns.find(text, inventory, |index| wanted(&stage.pattern_rules[index]));
        found
            .into_iter()
            .filter_map(|hit| {
                let rule = &stage.pattern_rules[hit.rule];
                let RuleKind::Pattern(pattern) = &rule.kind else { unreachable!("only pattern rules are in the set") };
                if pattern.choices.first().is_some_and(|choice| choice == hit.span.of(text)) {
                    return None;
                }
                let message = match &pattern.message {
                    Some(message) => message.replace("{text}", hit.span.of(text).trim()).into(),
                    None => rule.title.clone(),
                };
                Some(match pattern.choices.first() {
                    Some(choice) => {
                        let choices = pattern.choices.iter().map(|c| c.replace('\n', newline.as_str())).collect();
                        let text = choice.replace('\n', newline.as_str());
                        let mut finding = rule.replace(hit.span, text, Applicability::Auto, message);
                        finding.choices = choices;
                        finding
                    }
                    None => rule.flag(hit.span, message),
                })
            })
            .collect()
    }
}

/// Drops the edits that would change a part of a span of `shields`, but for those that restore characters.
fn drop_what_touches(shields: &[Span], found: &mut Vec<Finding>) {
    let restores = |finding: &Finding| RESTORING.iter().any(|pass| finding.rule.split('/').next() == Some(pass));
    found.retain(|finding| restores(finding) || !finding.changes.iter().any(|change| touches(shields, change.span)));
}

/// Puts findings in the order of their places, and what refers to them in step.
fn sort_by_place(findings: &mut [Finding], changes: &mut [DraftEdit]) {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|&i| (findings[i].span.start, findings[i].span.end, i));
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(new, &old)| place[old] = new);
    findings.iter_mut().for_each(|finding| finding.shadowed_by = finding.shadowed_by.map(|by| place[by]));
    changes.iter_mut().flat_map(|change| &mut change.findings).for_each(|finding| *finding = place[*finding]);
    // There may be many: they change places, and no second list of them is made.
    for at in 0..place.len() {
        while place[at] != at {
            let to = place[at];
            findings.swap(at, to);
            place.swap(at, to);
        }
    }
}

/// An edit that the document's encoding cannot write becomes a flag.
fn withhold_unwritable(finding: &mut Finding, encoding: Encoding) {
    let problem = finding.changes.iter().find_map(|change| encoding.encode(&change.text).err());
    if let Some(problem) = problem {
        finding.changes.clear();
        finding.state = State::Flagged;
        finding.applicability = Applicability::Flag;
        finding.evidence.push(problem.to_string());
    }
}

/// A proposal whose place was taken by an applied edit of another pass has lost to it. Returns the rules that lost, and those that
/// lost to what removed only a part of the place within their own pass: the rest still stands.
fn shadow_overtaken(findings: &mut [Finding]) -> HashSet<RuleId> {
    let removed_beside = |finding: &&Finding| {
        let winner = finding.shadowed_by.and_then(|by| findings.get(by)).filter(|winner| winner.state == State::Applied);
        winner.is_some_and(|winner| {
            winner.replacement() == Some("") && (winner.span.start > finding.span.start || winner.span.end < finding.span.end)
        })
    };
    let lost = findings.iter().filter(|finding| finding.replacement() == Some("")).filter(removed_beside);
    let mut overtaken: HashSet<RuleId> = lost.map(|finding| finding.rule.clone()).collect();
    let mut applied: Vec<(usize, usize, usize)> = Vec::new();
    for (index, finding) in findings.iter().enumerate().filter(|(_, f)| f.state == State::Applied) {
        applied.extend(finding.changes.iter().map(|c| (c.span.start, c.span.end, index)));
    }
    applied.sort_unstable();
    let reach: Vec<usize> = applied
        .iter()
        .scan(0, |reach, &(_, end, _)| {
            *reach = end.max(*reach);
            Some(*reach)
        })
        .collect();
    for (index, finding) in findings.iter_mut().enumerate().filter(|(_, f)| f.state == State::Proposed) {
        let rival = finding.changes.iter().find_map(|change| {
            let first = reach.partition_point(|&r| r <= change.span.start);
            let candidates = applied[first..].iter().take_while(|a| a.0 < change.span.end.max(change.span.start + 1));
            candidates.filter(|a| a.1 > change.span.start && a.0 < change.span.end).map(|a| a.2).find(|&by| by > index)
        });
        if let Some(by) = rival {
            finding.state = State::Shadowed;
            finding.shadowed_by = Some(by);
            overtaken.insert(finding.rule.clone());
        }
    }
    overtaken
}
