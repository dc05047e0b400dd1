//! The promises, on text that nobody thought of: whatever comes in, every edit is on record and can be taken back, a second run
//! changes nothing, and the outcome depends on nothing but the document and the rules.

mod texts;

use jiaokan::edit::{Applicability, Revision, State};
use jiaokan::index::CorpusIndex;
use jiaokan::pass::Pipeline;
use jiaokan::rule::{Pack, Rule};
use jiaokan::text::{Encoding, SECTION, Source, Span};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::{Arc, LazyLock};

use texts::{SPECIMENS, text};

const LEVELS: [Applicability; 2] = [Applicability::Auto, Applicability::Review];
const ENCODINGS: [Encoding; 5] = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030, Encoding::Big5];

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::new(&Pack::built_in().unwrap()).unwrap());

fn revise(text: &str, level: Applicability) -> Revision {
    PIPELINE.revise(Source::from_text("any", text), level)
}

/// The cleaned text, made once more from the source and the record of edits alone.
fn replayed(revision: &Revision) -> String {
    let source = revision.source().text();
    let mut text = String::new();
    let mut at = 0;
    for edit in &revision.edits {
        text.push_str(&source[at..edit.source.start]);
        text.push_str(edit.cleaned.of(revision.cleaned()));
        at = edit.source.end;
    }
    text + &source[at..]
}

fn forth_and_back(source: Source, level: Applicability) -> Result<(), TestCaseError> {
    let original = source.bytes().to_vec();
    let encoding = source.encoding();
    let revision = PIPELINE.revise(source, level);
    prop_assert_eq!(revision.source().bytes(), &original[..]);
    // A rule may write a character that the encoding lacks; that is told, and nothing is written.
    let (Ok(patch), Ok(cleaned)) = (revision.patch(), revision.cleaned_bytes()) else {
        prop_assert!(encoding == Encoding::Big5, "{} has every character", encoding);
        return Ok(());
    };
    prop_assert_eq!(&patch.apply(&original).unwrap(), &cleaned);
    prop_assert_eq!(&patch.revert(&cleaned).unwrap(), &original);
    Ok(())
}

fn in_range(span: Span, text: &str) -> bool {
    span.start <= span.end && text.is_char_boundary(span.start) && text.is_char_boundary(span.end)
}

fn overlap(a: Span, b: Span) -> bool {
    a.start.max(b.start) < a.end.min(b.end)
        || (a.is_empty() && b.start < a.start && a.start < b.end)
        || (b.is_empty() && a.start < b.start && b.start < a.end)
}

/// The edits as a record: in order, apart, with their makers, and enough to make the cleaned text.
fn check_record(revision: &Revision) -> Result<(), TestCaseError> {
    let (source, cleaned) = (revision.source().text(), revision.cleaned());
    let mut previous: Option<(Span, Span)> = None;
    for edit in &revision.edits {
        prop_assert!(in_range(edit.source, source) && in_range(edit.cleaned, cleaned), "{:?}", edit);
        prop_assert!(edit.source.of(source) != edit.cleaned.of(cleaned), "an edit that changes nothing: {:?}", edit);
        let (kept, kept_cleaned) = match previous {
            None => (&source[..edit.source.start], &cleaned[..edit.cleaned.start]),
            Some((before, before_cleaned)) => {
                prop_assert!(before.end <= edit.source.start, "edits out of order: {:?}", edit);
                (&source[before.end..edit.source.start], &cleaned[before_cleaned.end..edit.cleaned.start])
            }
        };
        prop_assert_eq!(kept, kept_cleaned, "text outside edits is the source's");
        previous = Some((edit.source, edit.cleaned));
        prop_assert!(!edit.rules.is_empty() && !edit.findings.is_empty(), "{:?}", edit);
        for &index in &edit.findings {
            let finding = revision.findings.get(index);
            prop_assert!(finding.is_some_and(|f| edit.rules.contains(&f.rule)), "{:?} names no finding of its rules", edit);
            let finding = finding.unwrap();
            prop_assert!(matches!(finding.state, State::Applied | State::Shadowed), "{:?}\n{:?}", edit, finding);
            let inside = |span: Span| edit.source.start <= span.start && span.end <= edit.source.end;
            prop_assert!(finding.changes.iter().any(|c| inside(c.span)), "{:?} is not made by {:?}", edit, finding);
        }
        for rule in &edit.rules {
            prop_assert!(edit.findings.iter().any(|&f| revision.findings[f].rule == *rule), "{:?}", edit);
        }
    }
    let (tail, tail_cleaned) = previous.map_or((0, 0), |(a, b)| (a.end, b.end));
    prop_assert_eq!(&source[tail..], &cleaned[tail_cleaned..], "text outside edits is the source's");
    prop_assert_eq!(replayed(revision), cleaned);
    prop_assert_eq!(revision.is_changed(), source != cleaned);
    Ok(())
}

/// The findings: each where it says, each with the edit or the rival that its state speaks of.
fn check_findings(revision: &Revision, level: Applicability) -> Result<(), TestCaseError> {
    let source = revision.source().text();
    for (index, finding) in revision.findings.iter().enumerate() {
        prop_assert!(in_range(finding.span, source), "{:?}", finding);
        prop_assert!((0.0..=1.0).contains(&finding.confidence), "{:?}", finding);
        let mut at = 0;
        for change in &finding.changes {
            prop_assert!(in_range(change.span, source) && at <= change.span.start, "{:?}", finding);
            at = change.span.end;
        }
        prop_assert_eq!(finding.shadowed_by.is_some(), finding.state == State::Shadowed, "{:?}", finding);
        match finding.state {
            State::Applied => prop_assert!(finding.applicability <= level && !finding.changes.is_empty(), "{:?}", finding),
            State::Flagged => prop_assert!(finding.changes.is_empty(), "{:?}", finding),
            State::Proposed => {
                // A document that does not settle keeps its text, and the edits that were not made wait for a person.
                let not_made = finding.evidence.reasons().iter().any(|e| e.starts_with("not made"));
                prop_assert!((finding.applicability > level || not_made) && !finding.changes.is_empty(), "{:?}", finding);
                // Made on the final text, a proposal takes in the edits before it whole, or none of them.
                let applied = revision.findings.iter().filter(|other| other.state == State::Applied).flat_map(|f| &f.changes);
                for theirs in applied {
                    for mine in finding.changes.iter().filter(|mine| overlap(mine.span, theirs.span)) {
                        let whole = mine.span.start <= theirs.span.start && theirs.span.end <= mine.span.end;
                        prop_assert!(whole, "{:?} is open inside {:?}", finding, theirs);
                    }
                }
            }
            State::Shadowed => {
                let by = finding.shadowed_by.unwrap();
                prop_assert!(by < revision.findings.len() && by != index, "{:?}", finding);
            }
        }
    }
    Ok(())
}

/// `PROPTEST_CASES` asks for more.
fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(cases);
    ProptestConfig { cases, max_shrink_iters: 4000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn edits_apply_and_revert_byte_for_byte(text in text(), marked in any::<bool>()) {
        for level in LEVELS {
            for encoding in ENCODINGS {
                let has = |c: &char| encoding.encode(c.encode_utf8(&mut [0; 4])).is_ok();
                let kept: String = if encoding == Encoding::Utf8 { text.clone() } else { text.chars().filter(has).collect() };
                let mut bytes = if marked { encoding.bom().to_vec() } else { Vec::new() };
                bytes.extend(encoding.encode(&kept).unwrap());
                let source = Source::decode("any", bytes, Some(encoding), false).unwrap();
                forth_and_back(source, level)?;
            }
        }
    }

    #[test]
    fn edits_are_a_complete_record(text in text()) {
        for level in LEVELS {
            check_record(&revise(&text, level))?;
        }
    }

    #[test]
    fn findings_say_where_and_what_became_of_them(text in text()) {
        for level in LEVELS {
            check_findings(&revise(&text, level), level)?;
        }
    }

    #[test]
    fn cleaning_cleaned_text_changes_nothing(text in text()) {
        for level in LEVELS {
            let once = revise(&text, level);
            let twice = revise(once.cleaned(), level);
            prop_assert_eq!(once.cleaned(), twice.cleaned(), "{:?}", twice.findings.iter().filter(|f| f.state == State::Applied).collect::<Vec<_>>());
        }
    }

    #[test]
    fn undecodable_bytes_stay_as_they_are(bytes in harmed_bytes(), encoding in select(&ENCODINGS[..])) {
        for level in LEVELS {
            forth_and_back(Source::decode("any", bytes.clone(), Some(encoding), true).unwrap(), level)?;
            for lossy in [false, true] {
                if let Ok(source) = Source::decode("any", bytes.clone(), None, lossy) {
                    forth_and_back(source, level)?;
                }
            }
        }
    }

    #[test]
    fn offsets_lead_back_to_the_bytes(bytes in harmed_bytes(), encoding in select(&ENCODINGS[..])) {
        for (encoding, lossy) in [(Some(encoding), false), (Some(encoding), true), (None, false), (None, true)] {
            let Ok(source) = Source::decode("any", bytes.clone(), encoding, lossy) else {
                prop_assert!(!(lossy && encoding.is_some()), "lossy decoding always gives a text");
                continue;
            };
            prop_assert_eq!(source.bytes(), &bytes[..]);
            let mut at = source.bom_len();
            for offset in source.text().char_indices().map(|(offset, _)| offset).chain([source.text().len()]) {
                let next = source.byte_offset(offset);
                prop_assert!(at <= next && next <= bytes.len(), "{} leads to {} after {}", offset, next, at);
                at = next;
            }
            prop_assert_eq!(at, bytes.len());
        }
    }
}

#[test]
fn a_very_long_text_keeps_the_promises_in_sections() {
    let pack = Pack::built_in().unwrap();
    let few = |rule: &Rule| matches!(&*rule.id, "repair/radicals" | "garble/stray-and" | "flag/unbalanced-bracket");
    let pipeline = Pipeline::with(&pack, few).unwrap();
    let text: String = (0..2 * SECTION / 40).map(|n| format!("第{n}段，⼈们说（河道 and 河堤。\n\n")).collect();
    for encoding in [Encoding::Utf8, Encoding::Gb18030] {
        let bytes = encoding.encode(&text).unwrap();
        let source = Source::decode("any", bytes.clone(), Some(encoding), false).unwrap();
        let revision = pipeline.revise(source, Applicability::Auto);
        assert_eq!(revision.sections, 2);
        assert_eq!(revision.cleaned(), text.replace('⼈', "人"));
        check_record(&revision).unwrap();
        let (patch, cleaned) = (revision.patch().unwrap(), revision.cleaned_bytes().unwrap());
        assert_eq!(patch.apply(&bytes).unwrap(), cleaned);
        assert_eq!(patch.revert(&cleaned).unwrap(), bytes);
        let paragraphs = text.lines().count() / 2;
        let count = |what: &str| revision.findings.iter().filter(|finding| finding.span.of(&text) == what).count();
        assert_eq!([count("⼈"), count(" and "), count("（")], [paragraphs; 3]);
        assert_eq!(revision.findings.len(), 3 * paragraphs);
    }
}

/// Bytes that may be text in some encoding, with some of them changed.
fn harmed_bytes() -> impl Strategy<Value = Vec<u8>> {
    let encoded = (text(), select(&ENCODINGS[..]), vec((any::<Index>(), any::<u8>()), 0..6), any::<bool>()).prop_map(
        |(text, encoding, harms, marked)| {
            let has = |c: &char| encoding.encode(c.encode_utf8(&mut [0; 4])).is_ok();
            let mut bytes = if marked { encoding.bom().to_vec() } else { Vec::new() };
            bytes.extend(encoding.encode(&text.chars().filter(has).collect::<String>()).unwrap());
            for (place, byte) in harms {
                if !bytes.is_empty() {
                    let at = place.index(bytes.len());
                    bytes[at] = byte;
                }
            }
            bytes
        },
    );
    prop_oneof![3 => encoded, 1 => vec(any::<u8>(), 0..300)]
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn neither_threads_nor_company_matter(texts in vec(text(), 2..10)) {
        let alone: Vec<Revision> = texts.iter().map(|text| {
            let pipeline = Pipeline::new(&Pack::built_in().unwrap()).unwrap();
            pipeline.revise(Source::from_text("any", text.as_str()), Applicability::Review)
        }).collect();
        let shared = Pipeline::new(&Pack::built_in().unwrap()).unwrap();
        let after_others: Vec<Revision> =
            texts.iter().map(|text| shared.revise(Source::from_text("any", text.as_str()), Applicability::Review)).collect();
        let from_threads: Vec<Revision> = std::thread::scope(|scope| {
            let revise = |text| shared.revise(Source::from_text("any", text), Applicability::Review);
            let threads: Vec<_> = texts.iter().map(|text| scope.spawn(move || revise(text.as_str()))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for others in [&after_others, &from_threads] {
            for (a, b) in alone.iter().zip(others) {
                prop_assert_eq!(a.cleaned(), b.cleaned());
                prop_assert_eq!(&a.edits, &b.edits);
                prop_assert_eq!(&a.findings, &b.findings);
            }
        }
    }
}

/// Paragraphs of a corpus: long ones that are far from each other, short ones, and what is no paragraph.
const PARAGRAPHS: &[&str] = &[
    "柳河书场今年第一场说书在镇上开讲，镇上的老人搬来板凳，把院子坐得满满当当，后来的人只好站在墙根下听，散场时天已经黑透了。",
    "说书人姓沈，今年七十二岁，从十六岁起跟着师父走村串乡，会讲的书有三十多部，最拿手的是水浒和三国，一部能讲上两个月。",
    "渡口的船工换了新船，过河只要一刻钟，两岸的学生再也不用摸黑出门，卖菜的人也能赶上早市，回来的时候天还没有大亮。",
    "农技站办了三天的班，讲怎么给果树剪枝，怎么在开春以前把病枝烧掉，来听的人把教室外面的走廊也站满了，笔记抄了厚厚一本。",
    "请勿转载本站刊登的文字",
    "编辑部地址柳河镇东街十二号",
    "编辑同志：",
    "——",
    "",
];

/// A corpus of some documents, each of some of these paragraphs.
fn documents() -> impl Strategy<Value = Vec<Vec<usize>>> {
    vec(vec(0..PARAGRAPHS.len(), 0..7), 1..16)
}

proptest! {
    #![proptest_config(config(48))]

    /// With an index of the corpus, a paragraph goes only where it stands in another document too, and stays in one of them.
    #[test]
    fn of_every_paragraph_one_copy_stays(documents in documents()) {
        let texts: Vec<(String, String)> = documents
            .iter()
            .enumerate()
            .map(|(at, of)| (format!("{at:02}"), of.iter().map(|&paragraph| format!("{}\n", PARAGRAPHS[paragraph])).collect()))
            .collect();
        let index = Arc::new(CorpusIndex::of_texts(texts.clone()).unwrap());
        let across = |rule: &Rule| ["dedupe/reprint", "dedupe/boilerplate"].contains(&&*rule.id);
        let pipeline = Pipeline::with(&Pack::built_in().unwrap(), across).unwrap().with_index(Some(index));
        let clean = |(name, text): &(String, String)| {
            pipeline.revise(Source::from_text(name, text), Applicability::Review).cleaned().to_owned()
        };
        let cleaned: Vec<(String, String)> = texts.iter().map(|text| (text.0.clone(), clean(text))).collect();
        for paragraph in PARAGRAPHS {
            let stands = |texts: &[(String, String)]| texts.iter().any(|text| text.1.lines().any(|line| line == *paragraph));
            prop_assert!(paragraph.is_empty() || stands(&texts) == stands(&cleaned), "{paragraph}\n{cleaned:#?}");
        }
        // What was cleaned is no part of the index: nothing goes twice.
        for (before, after) in texts.iter().zip(&cleaned).filter(|(before, after)| before != after) {
            prop_assert_eq!(&clean(after), &after.1, "{:?}", before);
        }
    }
}

#[test]
fn specimens_keep_every_promise() {
    for (name, text) in SPECIMENS.iter() {
        for level in LEVELS {
            let revision = revise(text, level);
            let kept = check_record(&revision)
                .and_then(|()| check_findings(&revision, level))
                .and_then(|()| forth_and_back(Source::from_text(name.as_str(), text.as_str()), level));
            if let Err(broken) = kept {
                panic!("{name}, {level:?}: {broken}");
            }
            let again = revise(revision.cleaned(), level);
            assert!(!again.is_changed(), "{name}, {level:?}: {:?}", again.edits);
        }
    }
}

#[test]
fn empty_text_stays_empty() {
    for level in LEVELS {
        let revision = revise("", level);
        assert_eq!((revision.cleaned(), revision.edits.len(), revision.findings.len()), ("", 0, 0));
    }
}
