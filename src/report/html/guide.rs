//! What a rule's file tells people, as a tree that a script can build without reading markup.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

/// Text, or an element: written as a string, or as an array of its name and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Text.
    Text(String),
    /// An element.
    Element(&'static str, Vec<Node>),
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Text(text) => serializer.serialize_str(text),
            Node::Element(name, inside) => {
                let mut array = serializer.serialize_seq(Some(inside.len() + 1))?;
                array.serialize_element(name)?;
                inside.iter().try_for_each(|node| array.serialize_element(node))?;
                array.end()
            }
        }
    }
}

/// The tree of `markdown`. Markup in it is text, and links tell where they lead without leading there.
pub fn guide(markdown: &str) -> Vec<Node> {
    let mut open: Vec<(&'static str, Vec<Node>)> = vec![("", Vec::new())];
    let mut targets = Vec::new();
    for event in Parser::new(markdown) {
        let node = match event {
            Event::Start(tag) => {
                if let Tag::Link { dest_url, .. } = &tag {
                    targets.push(dest_url.to_string());
                }
                open.push((element(&tag), Vec::new()));
                continue;
            }
            Event::End(end) => {
                let Some((name, mut inside)) = open.pop() else { break };
                if end == TagEnd::Link {
                    let target = targets.pop().unwrap_or_default();
                    inside.push(Node::Text(format!(" ({target})")));
                }
                Node::Element(name, inside)
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => Node::Text(text.into_string()),
            Event::Code(text) => Node::Element("code", vec![Node::Text(text.into_string())]),
            Event::SoftBreak => Node::Text("\n".into()),
            Event::HardBreak => Node::Element("br", Vec::new()),
            _ => continue,
        };
        if let Some((_, inside)) = open.last_mut() {
            inside.push(node);
        }
    }
    open.pop().map_or_else(Vec::new, |(_, nodes)| nodes)
}

/// The element for a kind of text.
fn element(tag: &Tag<'_>) -> &'static str {
    match tag {
        Tag::Paragraph => "p",
        Tag::Heading { .. } => "h4",
        Tag::List(Some(_)) => "ol",
        Tag::List(None) => "ul",
        Tag::Item => "li",
        Tag::CodeBlock(_) => "pre",
        Tag::BlockQuote(_) => "blockquote",
        Tag::Emphasis => "em",
        Tag::Strong => "strong",
        _ => "span",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_a_tree_and_markup_stays_text() {
        let tree = |markdown: &str| serde_json::to_string(&guide(markdown)).unwrap();
        assert_eq!(tree("甲`乙`\n丙\n\n- **丁**"), r#"[["p","甲",["code","乙"],"\n","丙"],["ul",["li",["strong","丁"]]]]"#);
        assert_eq!(tree("a<b>c"), r#"[["p","a","<b>","c"]]"#);
        assert_eq!(tree("[x](javascript:y)"), r#"[["p",["span","x"," (javascript:y)"]]]"#);
        assert_eq!(tree("```\n<i>\n```"), r#"[["pre","<i>\n"]]"#);
    }
}
