//! Records of arbitrary shape come out as they went in, but for the text.

use jiaokan::corpus::Reading;
use jiaokan::edit::Applicability;
use jiaokan::pass::Pipeline;
use jiaokan::records::{Cleaned, Cleaner, Content, FieldPath, Item, RecordError};
use jiaokan::rule::Pack;
use jiaokan::text::Source;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::LazyLock;

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::new(&Pack::built_in().unwrap()).unwrap());

const READING: Reading =
    Reading { encoding: None, lossy: false, consent: jiaokan::edit::Consent { level: Applicability::Auto, accepted: false } };

fn clean(line: &[u8], field: &str) -> Result<Option<Vec<u8>>, RecordError> {
    let cleaner = Cleaner { field: FieldPath::new(field), annotate: None };
    let item = Item { number: 0, content: Content::Line(line.to_vec()) };
    let cleaned = cleaner.clean(&item, "r:1", READING, |source| PIPELINE.revise(source, READING.consent), |_, _| {});
    cleaned.map(|Cleaned { content, .. }| content.map(|new| item.content.bytes(Some(&new)).collect::<Vec<_>>().concat()))
}

/// A part of a string, and the spelling that stands for it: plain, or one of the escapes of JSON.
fn spelt() -> impl Strategy<Value = (String, String)> {
    let plain = prop::sample::select(vec!["⼈", "民", "。", "甲", "a", " ", "𠮷", "\u{FEFF}", "，"]);
    let escape = prop::sample::select(vec![
        (r"\n", "\n"),
        (r"\r", "\r"),
        (r"\t", "\t"),
        (r#"\""#, "\""),
        (r"\\", "\\"),
        (r"\/", "/"),
        (r"\u2f08", "⼈"),
        (r"\u2F24", "⼤"),
        (r"\ud842\uDFB7", "𠮷"),
        (r"\u0000", "\0"),
    ]);
    prop_oneof![
        4 => plain.prop_map(|text| (text.to_owned(), text.to_owned())),
        1 => escape.prop_map(|(raw, text)| (raw.to_owned(), text.to_owned())),
    ]
}

fn string() -> impl Strategy<Value = (String, String)> {
    vec(spelt(), 0..24).prop_map(|parts| {
        let (raw, text): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
        (format!("\"{}\"", raw.concat()), text.concat())
    })
}

/// Any value, oddly written.
fn value() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "null",
        "true",
        "1.10",
        "-0",
        "1E400",
        "1e-7",
        "123456789012345678901234567890",
        "0.1000000000000000055511151231257827",
        r#""\ud83d""#,
        r#""\ude00x""#,
        "[]",
        "{}",
        r#"{"text":"⼈","text":null}"#,
        "[ 1 ,\t2.0]",
        r#""⼈""#,
    ])
    .prop_map(String::from);
    prop_oneof![odd, string().prop_map(|(raw, _)| raw)]
}

fn member(name: &'static str) -> impl Strategy<Value = String> {
    (prop::sample::select(vec![name, "id", "⼈", "", r"t\u0065xt2", "a.b"]), blank(), blank(), value())
        .prop_map(|(name, before, after, value)| format!("\"{name}\"{before}:{after}{value}"))
}

fn blank() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", " ", "\t", "  ", " \r"]).prop_map(String::from)
}

fn members(name: &'static str) -> impl Strategy<Value = Vec<String>> {
    vec(member(name), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
    ))]

    #[test]
    fn only_the_text_is_touched(
        mark in prop::bool::ANY,
        before in members("text"),
        (raw, text) in string(),
        after in members("id"),
        end in prop::sample::select(vec!["", "\n", "\r\n"]),
        pad in blank(),
        nested in prop::bool::ANY,
    ) {
        let mark = if mark { "\u{FEFF}" } else { "" };
        let (mut head, mut tail) = (format!("{mark}{pad}{{"), String::new());
        for member in &before {
            head += &format!("{member} ,");
        }
        if nested {
            head += "\"meta\": {\"text\":";
            tail += "}";
        } else {
            head += "\"text\":";
        }
        for member in &after {
            tail += &format!(",{member}");
        }
        tail += &format!("{pad}}}{pad}{end}");
        let line = format!("{head}{raw}{tail}");
        let field = if nested { "meta.text" } else { "text" };
        let source = Source::from_text("r:1", text.clone());
        let ahead = &text[..text.len() - source.text().len()];
        let expected = format!("{ahead}{}", PIPELINE.revise(source, READING.consent).cleaned());
        match clean(line.as_bytes(), field).unwrap() {
            None => prop_assert_eq!(expected, text),
            Some(cleaned) => {
                let cleaned = String::from_utf8(cleaned).unwrap();
                let value = cleaned.strip_prefix(head.as_str()).and_then(|rest| rest.strip_suffix(tail.as_str()));
                let value = value.unwrap_or_else(|| panic!("{line}\n{cleaned}"));
                prop_assert_eq!(serde_json::from_str::<String>(value).unwrap(), expected);
            }
        }
    }

    #[test]
    fn nothing_makes_it_panic(line in vec(any::<u8>(), 0..64), text in "\\PC*") {
        let _ = clean(&line, "text");
        let _ = clean(text.as_bytes(), "text");
        let _ = clean(format!("{{\"text\":\"{text}").as_bytes(), "text");
    }
}
