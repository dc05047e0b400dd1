//! Parquet tables: the texts of a column, row group by row group.

use super::field::FieldPath;
use super::{ContainerError, Content};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::column::reader::{ColumnReaderImpl, get_column_reader, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::{ReadOptionsBuilder, SerializedFileReader};
use parquet::record::reader::TreeBuilder;
use parquet::record::{Field, Row};
use parquet::schema::types::ColumnDescriptor;
use serde_json::Value;
use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows that are decoded at a time.
const ROWS: usize = 32;

/// A table that is read.
pub struct Table {
    pub(super) path: PathBuf,
    pub(super) reader: SerializedFileReader<File>,
}

/// The column that holds the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextColumn {
    pub(super) index: usize,
    /// How many of the fields it lies in may be null, itself included.
    pub(super) levels: i16,
}

/// What a Parquet error says of the file at `path`.
pub(super) fn wrong(path: &Path, error: ParquetError) -> ContainerError {
    let source = match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::new(io::ErrorKind::InvalidData, other),
    };
    ContainerError::read(path, source)
}

impl Table {
    /// Opens the table at `path`.
    ///
    /// # Errors
    /// When it cannot be read, or is no table.
    pub fn open(path: &Path) -> Result<Table, ContainerError> {
        let file = File::open(path).map_err(|error| ContainerError::read(path, error))?;
        let options = ReadOptionsBuilder::new().with_page_index().build();
        let reader = SerializedFileReader::new_with_options(file, options).map_err(|error| wrong(path, error))?;
        Ok(Table { path: path.to_owned(), reader })
    }

    pub(super) fn about(&self) -> &ParquetMetaData {
        self.reader.metadata()
    }

    /// How many row groups there are.
    pub fn groups(&self) -> usize {
        self.about().num_row_groups()
    }

    pub(super) fn group(&self, group: usize) -> &RowGroupMetaData {
        self.about().row_group(group)
    }

    /// How many rows a row group has, and bytes.
    pub fn size(&self, group: usize) -> (u64, u64) {
        let about = self.group(group);
        (about.num_rows().unsigned_abs(), about.compressed_size().unsigned_abs())
    }

    /// The column that is called `field`.
    ///
    /// # Errors
    /// When there is none, or it does not hold one text a row.
    pub fn column(&self, field: &FieldPath) -> Result<TextColumn, ContainerError> {
        let schema = self.about().file_metadata().schema_descr();
        let name = field.to_string();
        let unfit = |problem: String| ContainerError::Column { path: self.path.display().to_string(), problem };
        let found = schema.columns().iter().position(|column| column.path().string() == name);
        let Some(index) = found else {
            let texts: Vec<String> =
                schema.columns().iter().filter(|column| is_text(column)).map(|column| column.path().string()).collect();
            return Err(unfit(format!("no column is called `{name}`; those that hold text: {}", texts.join(", "))));
        };
        let column = &schema.columns()[index];
        if !is_text(column) {
            return Err(unfit(format!("the column `{name}` does not hold one text a row")));
        }
        Ok(TextColumn { index, levels: column.max_def_level() })
    }

    /// The texts of a row group. `consumed` grows with what is read.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn texts(&self, column: TextColumn, group: usize, consumed: Arc<AtomicU64>) -> Result<Texts, ContainerError> {
        let failed = |error| wrong(&self.path, error);
        let about = self.group(group);
        let rows = u64::try_from(about.num_rows()).unwrap_or(0);
        let bytes = about.column(column.index).compressed_size().unsigned_abs();
        let pages = self.reader.get_row_group(group).and_then(|group| group.get_column_page_reader(column.index));
        let descriptor = about.column(column.index).column_descr_ptr();
        let reader = get_typed_column_reader(get_column_reader(descriptor, pages.map_err(failed)?));
        let (path, levels) = (self.path.clone(), column.levels);
        Ok(Texts { path, levels, reader, rows, left: rows, bytes, consumed, ready: VecDeque::new() })
    }

    /// The texts of all row groups.
    pub(super) fn all_texts(self, column: TextColumn, consumed: Arc<AtomicU64>) -> impl Iterator<Item = Piece> + Send {
        (0..self.groups()).flat_map(move |group| {
            let (texts, failed) = match self.texts(column, group, consumed.clone()) {
                Ok(texts) => (Some(texts), None),
                Err(error) => (None, Some(Err(error))),
            };
            texts.into_iter().flatten().chain(failed)
        })
    }
}

impl Table {
    /// All rows after the first `first`, as lines of JSON.
    pub(super) fn all_rows(self, first: u64, consumed: Arc<AtomicU64>) -> impl Iterator<Item = Piece> + Send {
        let mut before = 0;
        (0..self.groups()).flat_map(move |number| {
            let about = self.group(number);
            let rows = about.num_rows().unsigned_abs();
            let over = first.saturating_sub(before).min(rows);
            before += rows;
            let bytes = about.compressed_size().unsigned_abs();
            consumed.fetch_add(if over == rows { bytes } else { 0 }, Ordering::Relaxed);
            let (path, consumed) = (self.path.clone(), consumed.clone());
            let schema = self.about().file_metadata().schema_descr_ptr();
            let tree = TreeBuilder::new().with_batch_size(ROWS);
            let lines = (over < rows).then(|| self.reader.get_row_group(number).and_then(|group| tree.as_iter(schema, &*group)));
            let (lines, failed) = match lines.transpose() {
                Ok(lines) => (lines, None),
                Err(error) => (None, Some(Err(wrong(&path, error)))),
            };
            let lines = lines.into_iter().flatten().skip(usize::try_from(over).unwrap_or(usize::MAX)).map(move |row| {
                consumed.fetch_add(bytes / rows.max(1), Ordering::Relaxed);
                row.map(|row| Content::Line(line(&row))).map_err(|error| wrong(&path, error))
            });
            lines.chain(failed)
        })
    }
}

/// A row as a line of JSON.
fn line(row: &Row) -> Vec<u8> {
    let mut line = String::new();
    object(row, &mut line);
    line.push('\n');
    line.into_bytes()
}

fn object(row: &Row, out: &mut String) {
    out.push('{');
    for (number, (name, value)) in row.get_column_iter().enumerate() {
        out.push_str(if number > 0 { "," } else { "" });
        out.push_str(&Value::from(name.as_str()).to_string());
        out.push(':');
        json(value, out);
    }
    out.push('}');
}

/// Adds a value as JSON. What JSON has no form for is a string: bytes in base64, times and decimal numbers as people write them.
fn json(value: &Field, out: &mut String) {
    let plain = match value {
        Field::Null => Value::Null,
        Field::Bool(value) => (*value).into(),
        Field::Byte(value) => (*value).into(),
        Field::Short(value) => (*value).into(),
        Field::Int(value) => (*value).into(),
        Field::Long(value) => (*value).into(),
        Field::UByte(value) => (*value).into(),
        Field::UShort(value) => (*value).into(),
        Field::UInt(value) => (*value).into(),
        Field::ULong(value) => (*value).into(),
        Field::Float16(value) => value.to_f64().into(),
        // As short as it can be told from others of its width.
        Field::Float(value) => value.to_string().parse::<f64>().unwrap_or(f64::NAN).into(),
        Field::Double(value) => (*value).into(),
        Field::Str(value) => value.as_str().into(),
        Field::Bytes(value) => BASE64_STANDARD.encode(value.data()).into(),
        Field::Group(row) => return object(row, out),
        Field::ListInternal(list) => {
            out.push('[');
            for (number, value) in list.elements().iter().enumerate() {
                out.push_str(if number > 0 { "," } else { "" });
                json(value, out);
            }
            return out.push(']');
        }
        Field::MapInternal(map) => {
            out.push('{');
            for (number, (key, value)) in map.entries().iter().enumerate() {
                out.push_str(if number > 0 { "," } else { "" });
                let key = if let Field::Str(key) = key { key.clone() } else { key.to_string() };
                out.push_str(&Value::from(key).to_string());
                out.push(':');
                json(value, out);
            }
            return out.push('}');
        }
        other => other.to_string().into(),
    };
    out.push_str(&plain.to_string());
}

type Piece = Result<Content, ContainerError>;

/// Whether a column holds one text a row.
fn is_text(column: &ColumnDescriptor) -> bool {
    let text = matches!(column.logical_type_ref(), Some(LogicalType::String))
        || column.converted_type() == ConvertedType::UTF8
        // What old writers say nothing about.
        || column.logical_type_ref().is_none() && column.converted_type() == ConvertedType::NONE;
    column.physical_type() == Physical::BYTE_ARRAY && text && column.max_rep_level() == 0
}

/// The texts of a row group.
pub struct Texts {
    path: PathBuf,
    levels: i16,
    reader: ColumnReaderImpl<ByteArrayType>,
    rows: u64,
    left: u64,
    /// Bytes of the column chunk, which count as read when its rows are.
    bytes: u64,
    consumed: Arc<AtomicU64>,
    ready: VecDeque<Content>,
}

impl Texts {
    fn read(&mut self) -> Result<(), ParquetError> {
        let (mut levels, mut values) = (Vec::new(), Vec::new());
        let most = ROWS.min(usize::try_from(self.left).unwrap_or(ROWS));
        let (rows, ..) = self.reader.read_records(most, Some(&mut levels), None, &mut values)?;
        if rows == 0 {
            return Err(ParquetError::EOF("the column has fewer rows than its group".into()));
        }
        if self.levels == 0 {
            levels = vec![0; rows];
        }
        let mut values = values.iter().map(|value: &ByteArray| value.data().to_vec());
        self.ready.extend(levels.into_iter().map(|level| {
            let text = if level == self.levels { values.next() } else { None };
            Content::Value { level, text }
        }));
        let share = |left| self.bytes * (self.rows - left) / self.rows.max(1);
        let before = share(self.left);
        self.left -= rows as u64;
        self.consumed.fetch_add(share(self.left) - before, Ordering::Relaxed);
        Ok(())
    }
}

impl Iterator for Texts {
    type Item = Result<Content, ContainerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty()
            && self.left > 0
            && let Err(error) = self.read()
        {
            self.left = 0;
            return Some(Err(wrong(&self.path, error)));
        }
        self.ready.pop_front().map(Ok)
    }
}
