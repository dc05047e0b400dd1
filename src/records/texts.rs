//! The texts of records as files of their own.

use super::RecordError;
use super::container::Record;
use super::field::FieldPath;
use super::string::JsonString;
use crate::text::Span;

/// Bytes of a field's value in the name of a file, at most.
const LONGEST: usize = 200;

/// The file for the text of a record that stands in `line`: its name, made of `number` and of what stands at `called`, and its content.
/// None when the record has no text.
///
/// No two records have one name, since numbers differ. Of the field only letters, digits, `-`, `_` and `.` are taken, so that it
/// leads to no other folder.
///
/// # Errors
/// When it is no record, or its text cannot be read.
pub fn text_file(
    line: &[u8],
    number: u64,
    text: &FieldPath,
    called: Option<&FieldPath>,
) -> Result<Option<(String, String)>, RecordError> {
    let record = Record::read(line)?.body;
    if record.trim().is_empty() {
        return Ok(None);
    }
    let Some(place) = text.find(record)? else { return Ok(None) };
    let string = |value: &str| Ok(JsonString::read(&value[1..value.len() - 1])?.text.into_owned());
    let text = string(place.of(record))?;
    let value = match called.map(|field| field.value(record)).transpose()?.flatten() {
        Some(value) if value.starts_with('"') => string(value)?,
        // Numbers and yes or no as they are written.
        Some(value) if !value.starts_with(['{', '[']) => value.to_owned(),
        _ => String::new(),
    };
    let mut name = harmless(&value);
    if !name.is_empty() {
        name.insert(0, '-');
    }
    Ok(Some((format!("{number:09}{name}.txt"), text)))
}

/// What of `value` may stand in the name of a file.
fn harmless(value: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    let most = (0..=LONGEST.min(value.len())).rev().find(|&at| value.is_char_boundary(at)).unwrap_or(0);
    Span::new(0, most).of(value).chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_no_other_folder_and_are_never_double() {
        let name = |value: &str, number| {
            let line = format!("{{\"id\":{value},\"text\":\"一\\n二\"}}\r\n");
            let (name, text) =
                text_file(line.as_bytes(), number, &FieldPath::new("text"), Some(&FieldPath::new("id"))).unwrap().unwrap();
            assert_eq!(text, "一\n二");
            name
        };
        for (value, expected) in [
            ("\"河堤-7.a\"", "000000001-河堤-7.a.txt"),
            ("7", "000000001-7.txt"),
            ("true", "000000001-true.txt"),
            ("null", "000000001.txt"),
            ("\"\"", "000000001.txt"),
            ("[1]", "000000001.txt"),
            ("\"../../etc/passwd\"", "000000001-.._.._etc_passwd.txt"),
            ("\"/a\\\\b:c\\u0000\\u202E*\"", "000000001-_a_b_c___.txt"),
        ] {
            assert_eq!(name(value, 1), expected);
        }
        assert_ne!(name("\"a\"", 1), name("\"a\"", 2));
        assert!(name(&format!("\"{}\"", "字".repeat(1000)), u64::MAX).len() < 255);
        let none = |line: &str| text_file(line.as_bytes(), 1, &FieldPath::new("text"), None);
        assert_eq!((none("{\"text\":null}"), none("\n")), (Ok(None), Ok(None)));
        assert!(none("{\"text\":7}").is_err() && none("no json").is_err());
    }
}
