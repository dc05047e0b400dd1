//! Where the text of a JSON record is, as bytes of the record.

use super::RecordError;
use crate::text::Span;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The place of a value inside JSON objects: names from the outermost object inward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath(Vec<String>);

impl FieldPath {
    /// Reads `text`, or `meta.body.text` for a field of objects inside objects.
    pub fn new(path: &str) -> FieldPath {
        FieldPath(path.split('.').map(String::from).collect())
    }

    /// Reads the field `name` of the outermost object, whatever the name.
    pub(super) fn one(name: &str) -> FieldPath {
        FieldPath(vec![name.to_owned()])
    }

    /// The bytes of the value in `record`, its quotes included; none when a record lacks it or holds `null` there. Of fields that come
    /// more than once, the last counts, as for nearly every reader.
    ///
    /// # Errors
    /// When `record` is no JSON object, or something else than a string stands there.
    pub(super) fn find(&self, record: &str) -> Result<Option<Span>, RecordError> {
        match self.value(record)? {
            Some(value) if value.starts_with('"') => {
                let start = value.as_ptr() as usize - record.as_ptr() as usize;
                Ok(Some(Span::new(start, start + value.len())))
            }
            Some(_) => Err(RecordError::NoString(self.to_string())),
            None => Ok(None),
        }
    }

    /// The value in `record`, whatever it is, as it is written; none when a record lacks it or holds `null` there.
    ///
    /// # Errors
    /// When `record` is no JSON object.
    pub(super) fn value<'r>(&self, record: &'r str) -> Result<Option<&'r str>, RecordError> {
        let mut inside = record;
        for name in &self.0 {
            let mut reader = serde_json::Deserializer::from_str(inside);
            let found = Member(name).deserialize(&mut reader).and_then(|found| reader.end().map(|()| found));
            match found.map_err(|error| RecordError::Json(error.to_string()))? {
                Some(value) => inside = value.get(),
                None => return Ok(None),
            }
        }
        Ok(Some(inside).filter(|value| !value.starts_with('n')))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// The last value of a name in an object, as it is written. A value that is no object has no members, and passes for one that lacks
/// the name when it is `null`.
struct Member<'n>(&'n str);

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(Name(name)) = map.next_key()? {
            if name == self.0 {
                found = Some(map.next_value::<&RawValue>()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// A name, borrowed where it holds no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }
            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(Names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value<'a>(path: &str, record: &'a str) -> Result<Option<&'a str>, RecordError> {
        FieldPath::new(path).find(record).map(|span| span.map(|span| span.of(record)))
    }

    #[test]
    fn the_value_is_found_as_it_is_written() {
        assert_eq!(value("text", r#"{"id": 1.10, "text" : "a\u4e2d"}"#), Ok(Some(r#""a\u4e2d""#)));
        assert_eq!(value("text", r#"{"text":"甲","text":"乙"}"#), Ok(Some("\"乙\"")));
        assert_eq!(value("meta.body", r#" {"meta":{"body":"甲"},"body":"乙"} "#), Ok(Some("\"甲\"")));
        assert_eq!(value("te\"xt", r#"{"te\"xt":"甲"}"#), Ok(Some("\"甲\"")));
    }

    #[test]
    fn what_is_missing_or_null_is_told_from_what_is_wrong() {
        assert_eq!(value("text", r#"{"body":"甲"}"#), Ok(None));
        assert_eq!(value("text", r#"{"text":null}"#), Ok(None));
        assert_eq!(value("meta.text", r#"{"meta":null}"#), Ok(None));
        assert_eq!(value("text", r#"{"text":["甲"]}"#), Err(RecordError::NoString("text".into())));
        for wrong in ["", "[]", "{", r#"{"text":"甲"} {}"#, r#"{"text":"甲",}"#, "甲"] {
            assert!(matches!(value("text", wrong), Err(RecordError::Json(_))), "{wrong}");
        }
    }
}
