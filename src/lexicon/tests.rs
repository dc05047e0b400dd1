use super::*;

#[test]
fn the_built_in_data_is_whole() {
    let body = file::body("builtin.txt", BUILT_IN.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    Loader::new().add("builtin.txt", body).unwrap_or_else(|error| panic!("{error}"));
    assert!(BUILT_IN.len() < 3_000_000, "{} bytes", BUILT_IN.len());
    let lexicon = Lexicon::builtin();
    let size = lexicon.size();
    assert!(size.words > 80_000 && size.characters > 5_000 && size.pairs > 100_000 && size.edges > 1_000, "{size:?}");
    let words = body.lines().skip(1).take_while(|line| !line.starts_with('['));
    let mut last = "";
    for line in words {
        let (word, frequency) = line.split_at(line.len() - 1);
        assert!(last < word, "{last} {word}");
        assert_eq!(lexicon.frequency(word), frequency.parse().ok(), "{word}");
        last = word;
    }
}

#[test]
fn words_have_the_frequencies_they_were_counted_with() {
    let lexicon = Lexicon::builtin();
    for (word, frequency) in [("我们", 8), ("经济", 7), ("经济学家", 4), ("一丁", 2)] {
        assert_eq!(lexicon.frequency(word), Some(frequency), "{word}");
    }
    for word in ["鑫鑫鑫", "", "我", "我们的经济学家", "\0", "ab", "我\u{10FFFF}", "，。"] {
        assert_eq!(lexicon.frequency(word), None, "{word}");
    }
}

#[test]
fn words_are_seen_across_a_break() {
    let lexicon = Lexicon::builtin();
    assert_eq!(lexicon.word_across("一同督", "导。").map(|w| w.0).as_deref(), Some("督导"));
    let crossing = lexicon.crossing("一同督", "导。").unwrap();
    assert_eq!((crossing.before, crossing.after), (1, 1));
    assert_eq!(lexicon.crossing("著名的经济学", "家").map(|c| (c.before, c.after)), Some((1, 1)));
    assert_eq!(lexicon.crossing("夸夸其", "谈").map(|c| (c.before, c.after)), Some((3, 1)));
    assert_eq!(lexicon.crossing("。", "导"), None);
    assert_eq!(lexicon.crossing("", "导"), None);
    assert!(lexicon.word_at_start("疫情防控").is_some());
    assert!(lexicon.word_at_end("各级党委").is_some());
    assert_eq!(lexicon.word_at_end("，"), None);
}

#[test]
fn characters_that_belong_together_attract_each_other() {
    let lexicon = Lexicon::builtin();
    assert!(lexicon.association('经', '济') > 20);
    assert!(lexicon.association('蝴', '蝶') > 40);
    assert!(lexicon.association('的', '的') < -8);
    assert!(lexicon.association('们', '们') < -8);
    assert_eq!(lexicon.association('经', '\u{10FFFF}'), 0);
    assert_eq!(lexicon.association('龘', '鱻'), 0);
}

#[test]
fn edges_of_paragraphs_are_known() {
    let lexicon = Lexicon::builtin();
    assert!(lexicon.closes("工程正式动工。") > 8);
    assert!(lexicon.closes("工程正式动工，") < -8);
    assert!(lexicon.opens("们一同到") < -8);
    assert!(lexicon.opens("，") < -8);
    assert!(lexicon.opens("  （一）") > 8);
    for nothing in ["", " ", "\u{10FFFF}"] {
        assert_eq!((lexicon.opens(nothing), lexicon.closes(nothing)), (0, 0));
    }
}

#[test]
fn traditional_text_is_read_like_simplified() {
    let lexicon = Lexicon::builtin();
    for (traditional, simplified) in [("經濟", "经济"), ("發展", "发展"), ("國務院", "国务院"), ("體系", "体系")]
    {
        assert_eq!(lexicon.frequency(traditional), lexicon.frequency(simplified), "{traditional}");
        let pair = |text: &str| {
            let mut chars = text.chars();
            lexicon.association(chars.next().unwrap(), chars.next().unwrap())
        };
        assert_eq!(pair(traditional), pair(simplified), "{traditional}");
    }
    assert_eq!(lexicon.word_across("經", "濟").map(|word| word.0).as_deref(), Some("經濟"));
    assert_eq!(lexicon.opens("國務院"), lexicon.opens("国务院"));
}

#[test]
fn own_data_adds_to_the_built_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.txt");
    let mut counts = Counts::default();
    counts.words("list", "垚淼镇 4000\n经济 16\n").unwrap();
    std::fs::write(&path, counts.lexicon()).unwrap();
    let lexicon = Lexicon::builtin_with(std::slice::from_ref(&path)).unwrap();
    assert_eq!(lexicon.frequency("垚淼镇"), Some(5));
    assert_eq!(lexicon.frequency("经济"), Some(7));
    assert!(lexicon.association('垚', '淼') > 20);
    assert_eq!(lexicon.association('经', '济'), Lexicon::builtin().association('经', '济'));
    assert_eq!(Lexicon::builtin().frequency("垚淼镇"), None);
    std::fs::write(&path, "垚淼镇 4000\n").unwrap();
    let error = Lexicon::builtin_with(&[path]).unwrap_err();
    assert!(matches!(error.problem(), LexiconProblem::Foreign), "{error}");
    let missing = Lexicon::builtin_with(&[folder.path().join("none")]).unwrap_err();
    assert!(matches!(missing.problem(), LexiconProblem::Unreadable(_)), "{missing}");
}
