//! Character classes. Written out as ranges: they are asked for every character of a corpus.

/// Whether `c` is a Han character (unified ideographs with all extensions, compatibility ideographs, `〇` and `々`).
#[inline]
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}' | '\u{3005}' | '\u{3007}' | '\u{2E80}'..='\u{2FD5}')
}

/// Whether `c` is punctuation set at full width in Chinese text.
pub fn is_cjk_punctuation(c: char) -> bool {
    matches!(c,
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301F}' | '\u{2014}' | '\u{2018}' | '\u{2019}'
        | '\u{201C}' | '\u{201D}' | '\u{2026}' | '\u{00B7}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}'
        | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}')
}

/// Whether no blank is ever set beside `c` in Chinese: Han, kana or full-width punctuation.
pub fn is_unspaced(c: char) -> bool {
    is_han(c) || is_cjk_punctuation(c) || matches!(c, '\u{3040}'..='\u{30FF}')
}

/// Whether `c` may end a sentence.
pub fn is_sentence_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '…' | '!' | '?' | '．' | '｡')
}

/// Closing quotes and brackets, which follow a sentence mark without changing what it means.
pub fn is_closer(c: char) -> bool {
    matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '》' | '〉' | '】' | '〕' | ']' | '］' | '"' | '〗')
}

/// Opening quotes and brackets.
pub fn is_opener(c: char) -> bool {
    matches!(c, '“' | '‘' | '「' | '『' | '（' | '(' | '《' | '〈' | '【' | '〔' | '[' | '［' | '〖')
}

/// Marks that a typesetter never puts at the start of a line.
pub fn is_line_start_forbidden(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '？' | '！' | '…' | ',' | ';' | '%' | '％' | '．' | '·') || is_closer(c)
}

/// Whether `c` is a blank inside a line: space, tab, no-break or ideographic space.
pub fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{A0}' | '\u{3000}' | '\u{2002}'..='\u{200A}')
}

/// A digit in either width or a Chinese numeral.
pub fn is_number_char(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(
            c,
            '０'
                ..='９'
                    | '一'
                    | '二'
                    | '三'
                    | '四'
                    | '五'
                    | '六'
                    | '七'
                    | '八'
                    | '九'
                    | '十'
                    | '百'
                    | '千'
                    | '万'
                    | '亿'
                    | '零'
                    | '〇'
                    | '两'
                    | '壹'
                    | '贰'
                    | '叁'
                    | '肆'
                    | '伍'
                    | '陆'
                    | '柒'
                    | '捌'
                    | '玖'
                    | '拾'
                    | '甲'
                    | '乙'
                    | '丙'
                    | '丁'
        )
}
