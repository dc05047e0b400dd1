//! Text inside XML.

/// `text` fit to stand in an element or between double quotes in an attribute: what XML 1.0 cannot hold (section 2.2) becomes
/// U+FFFD, and line ends and tabs stay in attributes too.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push_str(&format!("&#{};", c as u32)),
            '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        assert_eq!(escaped("a<b & \"c\"]]>\u{1b}\u{0}𠮷\n"), "a&lt;b &amp; &quot;c&quot;]]&gt;\u{FFFD}\u{FFFD}𠮷&#10;");
    }
}
