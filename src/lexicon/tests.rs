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

/// Prints how long reading and looking up take: `cargo test --release --lib lexicon::tests::speed -- --ignored --nocapture`.
#[test]
#[ignore = "prints times"]
fn speed() {
    use std::hint::black_box;
    use std::time::Instant;
    let start = Instant::now();
    let lexicon = Lexicon::builtin();
    println!("read in {:?}", start.elapsed());
    let again = (0..20).map(|_| {
        let start = Instant::now();
        let mut loader = Loader::new();
        loader.add("builtin.txt", BUILT_IN.split_once('\n').unwrap().1).unwrap();
        let parsed = start.elapsed();
        black_box(Lexicon::of(loader));
        (start.elapsed(), parsed)
    });
    println!("read again in {:?} at best, of which parsing takes the second", again.min().unwrap());
    let text: Vec<char> = BUILT_IN.chars().filter(|c| crate::text::chars::is_han(*c)).collect();
    // Words in an order that no cache expects.
    let words: Vec<String> =
        (0..100_000).map(|at| at * 7919 % (text.len() - 3)).map(|at| text[at..at + 2].iter().collect()).collect();
    let longer: Vec<String> =
        (0..100_000).map(|at| at * 7919 % (text.len() - 3)).map(|at| text[at..at + 4].iter().collect()).collect();
    let time = |name: &str, work: &dyn Fn(usize)| {
        let start = Instant::now();
        (0..1_000_000).for_each(|at| work(at % 100_000));
        println!("{name}: {:.1} ns", start.elapsed().as_secs_f64() * 1000.0);
    };
    time("frequency, 2 characters", &|at| _ = black_box(lexicon.frequency(&words[at])));
    time("frequency, 4 characters", &|at| _ = black_box(lexicon.frequency(&longer[at])));
    time("association", &|at| {
        _ = black_box(lexicon.association(text[at * 7 % (text.len() - 1)], text[at * 7 % (text.len() - 1) + 1]))
    });
    time("association, near", &|at| _ = black_box(lexicon.association(text[at], text[at + 1])));
    time("opens", &|at| _ = black_box(lexicon.opens(&longer[at])));
    time("closes", &|at| _ = black_box(lexicon.closes(&longer[at])));
    time("crossing", &|at| _ = black_box(lexicon.crossing(&longer[at], &longer[at])));
    time("word_at_start", &|at| _ = black_box(lexicon.word_at_start(&longer[at])));
    time("word_at_end", &|at| _ = black_box(lexicon.word_at_end(&longer[at])));
}
