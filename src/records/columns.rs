//! Records of JSON as rows of a table.

use super::container::Record;
use super::parts::{Parts, compression};
use super::{ContainerError, RecordError};
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::Type;
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of rows that make a row group.
const GROUP: usize = 32 << 20;

/// Whole numbers beyond this are not all floating point numbers.
const EXACT: u64 = 1 << 53;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Nothing but null so far.
    Nothing,
    /// Texts.
    Text,
    /// Whole numbers that a floating point number holds, too.
    Integer,
    /// Whole numbers.
    Long,
    /// Numbers.
    Number,
    /// True or false.
    Flag,
    /// Anything, written as JSON.
    Json,
}

impl ColumnKind {
    /// That of a value, as it is written.
    fn of(value: &str) -> ColumnKind {
        match value.as_bytes().first() {
            // Half a character is no text, but JSON.
            Some(b'"') if serde_json::from_str::<String>(value).is_ok() => ColumnKind::Text,
            Some(b'n') => ColumnKind::Nothing,
            Some(b't' | b'f') => ColumnKind::Flag,
            Some(b'"' | b'{' | b'[') | None => ColumnKind::Json,
            _ if value.contains(['.', 'e', 'E']) => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => ColumnKind::Number,
                _ => ColumnKind::Json,
            },
            _ => match value.parse::<i64>() {
                Ok(number) if number.unsigned_abs() <= EXACT => ColumnKind::Integer,
                Ok(_) => ColumnKind::Long,
                Err(_) => ColumnKind::Json,
            },
        }
    }

    /// What holds both.
    fn with(self, other: ColumnKind) -> ColumnKind {
        use ColumnKind::{Integer, Json, Long, Nothing, Number};
        match (self, other) {
            (one, two) if one == two => one,
            (Nothing, kind) | (kind, Nothing) => kind,
            (Integer, Long) | (Long, Integer) => Long,
            (Integer, Number) | (Number, Integer) => Number,
            _ => Json,
        }
    }
}

/// The columns of a table, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    columns: Vec<(String, ColumnKind)>,
    places: HashMap<String, usize>,
}

impl Columns {
    /// Those of `columns`.
    pub fn of(columns: &[(&str, ColumnKind)]) -> Columns {
        let mut all = Columns::default();
        for (name, kind) in columns {
            all.add(name, *kind);
        }
        all
    }

    /// Those of the record in `line`.
    ///
    /// # Errors
    /// When there is none.
    pub fn of_line(line: &[u8]) -> Result<Columns, RecordError> {
        let mut all = Columns::default();
        for (name, value) in members(line)? {
            all.add(&name, ColumnKind::of(value.get()));
        }
        Ok(all)
    }

    /// Adds what others need.
    pub fn join(&mut self, other: &Columns) {
        for (name, kind) in &other.columns {
            self.add(name, *kind);
        }
    }

    fn add(&mut self, name: &str, kind: ColumnKind) {
        match self.places.get(name) {
            Some(&place) => self.columns[place].1 = self.columns[place].1.with(kind),
            None => {
                self.places.insert(name.to_owned(), self.columns.len());
                self.columns.push((name.to_owned(), kind));
            }
        }
    }

    fn schema(&self) -> Result<Type, ParquetError> {
        let field = |(name, kind): &(String, ColumnKind)| {
            let (physical, logical) = match kind {
                ColumnKind::Nothing | ColumnKind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
                ColumnKind::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
                ColumnKind::Integer | ColumnKind::Long => (Physical::INT64, None),
                ColumnKind::Number => (Physical::DOUBLE, None),
                ColumnKind::Flag => (Physical::BOOLEAN, None),
            };
            let column = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
            column.with_logical_type(logical).build().map(Arc::new)
        };
        Type::group_type_builder("schema").with_fields(self.columns.iter().map(field).collect::<Result<_, _>>()?).build()
    }
}

/// The members of the object in `line`: of those that come twice, the last.
fn members(line: &[u8]) -> Result<Vec<(String, &RawValue)>, RecordError> {
    let record = Record::read(line)?;
    let mut reader = serde_json::Deserializer::from_str(record.body);
    let wrong = |error: serde_json::Error| RecordError::Json(error.to_string());
    let all = reader.deserialize_map(Members).map_err(wrong)?;
    reader.end().map_err(wrong)?;
    Ok(all)
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(member) = map.next_entry::<String, &RawValue>()? {
            all.push(member);
        }
        Ok(all)
    }
}

/// Rows that become a table.
pub(super) struct Rows {
    pub parts: Parts,
    path: PathBuf,
    columns: Columns,
    waiting: Vec<Waiting>,
    rows: usize,
    bytes: usize,
}

/// The values of a column that wait for their row group.
struct Waiting {
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    Texts(Vec<ByteArray>),
    /// As they are written.
    Json(Vec<ByteArray>),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
    Flags(Vec<bool>),
}

impl Values {
    fn new(kind: ColumnKind) -> Values {
        match kind {
            ColumnKind::Nothing | ColumnKind::Text => Values::Texts(Vec::new()),
            ColumnKind::Json => Values::Json(Vec::new()),
            ColumnKind::Integer | ColumnKind::Long => Values::Integers(Vec::new()),
            ColumnKind::Number => Values::Numbers(Vec::new()),
            ColumnKind::Flag => Values::Flags(Vec::new()),
        }
    }

    /// Adds a value, as it is written.
    fn push(&mut self, value: &str) -> Result<(), serde_json::Error> {
        match self {
            Values::Texts(values) => values.push(serde_json::from_str::<String>(value)?.into_bytes().into()),
            Values::Json(values) => values.push(value.as_bytes().to_vec().into()),
            Values::Integers(values) => values.push(serde_json::from_str(value)?),
            // What is written as a number is one; the nearest is taken, where serde_json may be off by a bit.
            Values::Numbers(values) => values.push(value.parse().unwrap_or(f64::NAN)),
            Values::Flags(values) => values.push(serde_json::from_str(value)?),
        }
        Ok(())
    }
}

impl Rows {
    pub fn new(path: &Path, columns: &Columns, parts: u64) -> Rows {
        let schema = columns.schema().unwrap_or_else(|error| unreachable!("the columns have names of their own: {error}"));
        let properties = WriterProperties::builder()
            .set_compression(compression())
            .set_created_by(concat!("jiaokan ", env!("CARGO_PKG_VERSION")).into());
        Rows {
            parts: Parts::new(path, Arc::new(schema), properties.build(), parts),
            path: path.to_owned(),
            columns: columns.clone(),
            waiting: Vec::new(),
            rows: 0,
            bytes: 0,
        }
    }

    /// Adds the records in `lines`.
    pub fn write(&mut self, lines: &[u8]) -> Result<(), ContainerError> {
        for line in lines.split_inclusive(|&byte| byte == b'\n').filter(|line| !line.iter().all(u8::is_ascii_whitespace)) {
            self.add(line)?;
            if self.bytes >= GROUP {
                self.end_group()?;
            }
        }
        Ok(())
    }

    fn add(&mut self, line: &[u8]) -> Result<(), ContainerError> {
        let unfit = |error: String| ContainerError::write(&self.path, io::Error::other(error));
        if self.waiting.is_empty() {
            let empty = |&(_, kind): &(String, ColumnKind)| Waiting { levels: Vec::new(), values: Values::new(kind) };
            self.waiting = self.columns.columns.iter().map(empty).collect();
        }
        let mut last: Vec<Option<&str>> = vec![None; self.waiting.len()];
        for (name, value) in members(line).map_err(|error| unfit(error.to_string()))? {
            let place = self.columns.places.get(&name).ok_or_else(|| unfit(format!("no column is called `{name}`")))?;
            last[*place] = Some(value.get()).filter(|&value| value != "null");
        }
        for (column, value) in self.waiting.iter_mut().zip(last) {
            column.levels.push(value.is_some().into());
            if let Some(value) = value {
                column.values.push(value).map_err(|error| unfit(error.to_string()))?;
            }
        }
        self.rows += 1;
        self.bytes += line.len();
        Ok(())
    }

    fn end_group(&mut self) -> Result<(), ContainerError> {
        let unwritable = |error: ParquetError| ContainerError::write(&self.path, io::Error::other(error));
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.parts.group()?;
        for column in self.waiting.drain(..) {
            let Some(mut writer) = group.next_column().map_err(unwritable)? else { break };
            column.write(&mut writer).and_then(|()| writer.close()).map_err(unwritable)?;
        }
        group.close().map_err(unwritable)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    pub fn end_part(&mut self) -> Result<u64, ContainerError> {
        self.end_group()?;
        self.parts.end_part()
    }
}

impl Waiting {
    fn write(self, writer: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        fn all<T: DataType>(
            writer: &mut SerializedColumnWriter<'_>,
            values: &[T::T],
            levels: &[i16],
        ) -> Result<(), ParquetError> {
            writer.typed::<T>().write_batch(values, Some(levels), None).map(drop)
        }
        match &self.values {
            Values::Texts(values) | Values::Json(values) => all::<ByteArrayType>(writer, values, &self.levels),
            Values::Integers(values) => all::<Int64Type>(writer, values, &self.levels),
            Values::Numbers(values) => all::<DoubleType>(writer, values, &self.levels),
            Values::Flags(values) => all::<BoolType>(writer, values, &self.levels),
        }
    }
}
