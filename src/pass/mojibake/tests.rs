//! Sentences sent through every wrong reading come back.

use crate::edit::Applicability;
use crate::pass::Pipeline;
use crate::rule::Pack;
use crate::text::Source;
use encoding_rs::{BIG5, Encoding, GB18030};
use std::sync::LazyLock;

const SENTENCES: [&str; 5] = [
    "第十二条 镇人民政府应当每年公布一次河道清淤的预算。",
    "这条街从前卖过米、油、布和针线，现在只剩一家修鞋的铺子。",
    "据介绍，今年全县粮食产量比去年增长百分之六点三。",
    "王师傅今年五十八岁，在船厂干了三十多年。",
    "会议强调，要把防汛工作抓细抓实，确保人民群众生命财产安全。",
];

/// A name, and what becomes of text on the way.
type Channel<'a> = (&'a str, &'a dyn Fn(&str) -> String);

/// The rules of wrong readings and of written-out characters alone.
static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let pack = Pack::built_in().unwrap_or_else(|error| panic!("{error}"));
    let wanted = ["decode/mojibake", "repair/mojibake", "repair/entity", "repair/escape"];
    Pipeline::with(&pack, |rule| wanted.contains(&&*rule.id)).unwrap_or_else(|error| panic!("{error}"))
});

fn cleaned(text: &str, level: Applicability) -> String {
    PIPELINE.revise(Source::from_text("page", text), level).cleaned().to_owned()
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn windows(bytes: &[u8]) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}

fn gbk(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

fn lossy(wrong: &'static Encoding, bytes: &[u8]) -> String {
    wrong.decode_without_bom_handling(bytes).0.into_owned()
}

#[test]
fn what_lost_no_byte_comes_back_whole() {
    let entities = |text: &str| text.chars().map(|c| format!("&#{};", c as u32)).collect::<String>();
    let escapes =
        |text: &str| text.chars().map(|c| if c.is_ascii() { c.into() } else { format!("\\u{:04x}", c as u32) }).collect();
    let channels: [Channel; 8] = [
        ("UTF-8 as Latin-1", &|text| latin(text.as_bytes())),
        ("UTF-8 as Windows", &|text| windows(text.as_bytes())),
        ("twice", &|text| windows(windows(text.as_bytes()).as_bytes())),
        ("twice Latin-1", &|text| latin(latin(text.as_bytes()).as_bytes())),
        ("GBK as Latin-1", &|text| latin(&gbk(text))),
        ("GBK as Windows", &|text| windows(&gbk(text))),
        ("entities", &entities),
        ("escapes", &escapes),
    ];
    for (name, channel) in channels {
        for (sentence, other) in SENTENCES.iter().zip(SENTENCES.iter().cycle().skip(1)) {
            let page = format!("{other}\n{}\n{other}\n", channel(sentence));
            assert_eq!(cleaned(&page, Applicability::Auto), format!("{other}\n{sentence}\n{other}\n"), "{name}");
            let (start, end) = (sentence.len() / 9 * 3, sentence.len() / 9 * 6);
            if sentence.is_char_boundary(start) && sentence.is_char_boundary(end) {
                let page = format!("{}{}{}", &sentence[..start], channel(&sentence[start..end]), &sentence[end..]);
                assert_eq!(cleaned(&page, Applicability::Auto), *sentence, "{name}, inside a line");
            }
            let page = format!("{}\n2024\n{}\n", channel(sentence), channel(other));
            assert_eq!(cleaned(&page, Applicability::Auto), format!("{sentence}\n2024\n{other}\n"), "{name}, all of it");
        }
    }
}

#[test]
fn most_of_what_lost_bytes_is_guessed_and_only_proposed() {
    let channels: [Channel; 2] =
        [("UTF-8 as GBK", &|text| lossy(GB18030, text.as_bytes())), ("GBK as Big5", &|text| lossy(BIG5, &gbk(text)))];
    for (name, channel) in channels {
        let right = SENTENCES.iter().filter(|sentence| {
            let page = format!("{}\n{}\n", SENTENCES[0], channel(sentence));
            let wanted = format!("{}\n{sentence}\n", SENTENCES[0]);
            let made = cleaned(&page, Applicability::Auto);
            assert!(made == wanted || made == page, "{name}: {made}");
            cleaned(&page, Applicability::Review) == wanted
        });
        let right = right.count();
        assert!(right >= 2, "{name}: {right}");
    }
}

#[test]
fn other_languages_names_and_rare_characters_stay() {
    let texts = [
        "朱镕基、龚古尔和翟理斯的书都在二楼。她叫王翯，他叫李犇，还有刘骉、张鱻。",
        "魑魅魍魉、饕餮、耄耋、龃龉、囹圄、觊觎、踟蹰、氤氲，听写考了这些词。",
        "皎皎白驹，食我场苗。仄仄平平仄仄平，平平仄仄仄平平。",
        "日本の友人から「ありがとうございます」と葉書が届いた。値が続く処理。",
        "Où êtes-vous né ? À Besançon, déjà fêté. São Paulo, ação. Ærø, Ängström, öß.",
        "Привет, мир! и в 32 и в 64 битах; к и к.",
        "대한민국, שלום, مرحبا, 👨\u{200D}👩\u{200D}👧, ❤️, ⿰木木, ①℃㎡",
        "應該謹慎處理遺留問題，颱風過後，螞蟻搬到了屋頂。",
    ];
    for text in texts {
        let revision = PIPELINE.revise(Source::from_text("page", text), Applicability::Review);
        assert_eq!(revision.cleaned(), text);
        assert!(revision.findings.is_empty(), "{text}: {:?}", revision.findings);
    }
}

#[test]
fn much_of_one_character_is_read_in_no_time() {
    for unit in ["涓", "鐨勶", "\u{FFFD}", "鐨\u{FFFD}", "å", "Ã¤", "&#24212;", "\\u5e94", "\u{E001}", "銆?"] {
        let page = unit.repeat(20_000 / unit.len());
        let started = std::time::Instant::now();
        let _ = cleaned(&page, Applicability::Review);
        assert!(started.elapsed().as_secs() < 20, "{unit}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_fail(text in "[涓鐨銆锛鈥ÃÂåäæ¸-¿\u{80}-\u{9F}�?&#;xu0-9\\\\a-f\u{E000}-\u{E010}ア-ンА-я一-丟\u{1F600}\n]{0,60}") {
        let _ = cleaned(&text, Applicability::Review);
    }

    #[test]
    fn text_without_odd_characters_is_untouched(text in "[的一是不了在人有我他这中大来上国个到说们，。a-z0-9 \n]{0,200}") {
        proptest::prop_assert_eq!(cleaned(&text, Applicability::Review), text);
    }
}
