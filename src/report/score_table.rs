//! Scores as a Parquet table: a row for a document, a column for each signal on each side.

use crate::score::{Card, FILTERS, Fixed, SIGNALS, Sheet, Unit};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use std::io::Write;
use std::sync::Arc;

/// Rows of a row group.
const ROWS: usize = 8192;

/// The values of a column that are still to be written.
enum Column {
    Text(Vec<ByteArray>),
    Yes(Vec<bool>),
    Number(Vec<f64>),
}

/// What a column takes.
enum Value {
    Text(String),
    Number(Fixed),
}

/// A table in the making.
pub struct Table<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    rows: usize,
}

/// The sides of a document.
const SIDES: [&str; 2] = ["before", "after"];

/// The columns with their names: `path`, `changed`, `kept`, then for each side its signals and the thresholds that filters find failed.
fn columns() -> Vec<(String, Column)> {
    let mut found = vec![
        ("path".to_owned(), Column::Text(Vec::new())),
        ("changed".to_owned(), Column::Yes(Vec::new())),
        ("kept".to_owned(), Column::Yes(Vec::new())),
    ];
    for side in SIDES {
        for signal in SIGNALS {
            let column = if signal.unit == Unit::YesNo { Column::Yes(Vec::new()) } else { Column::Number(Vec::new()) };
            found.push((format!("{side}.{}", signal.name), column));
        }
        for filter in FILTERS {
            found.push((format!("{side}.{}.failed", filter.name), Column::Text(Vec::new())));
        }
    }
    found
}

fn schema(columns: &[(String, Column)]) -> Result<TypePtr> {
    let field = |(name, column): &(String, Column)| {
        let (physical, logical) = match column {
            Column::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Column::Yes(_) => (Physical::BOOLEAN, None),
            Column::Number(_) => (Physical::DOUBLE, None),
        };
        let field = Type::primitive_type_builder(name, physical).with_repetition(Repetition::REQUIRED);
        Ok(Arc::new(field.with_logical_type(logical).build()?))
    };
    let fields = columns.iter().map(field).collect::<Result<_>>()?;
    Ok(Arc::new(Type::group_type_builder("scores").with_fields(fields).build()?))
}

impl<W: Write + Send> Table<W> {
    /// Begins a table in `out`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W) -> Result<Table<W>> {
        let columns = columns();
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        let writer = SerializedFileWriter::new(out, schema(&columns)?, Arc::new(properties))?;
        Ok(Table { writer, columns: columns.into_iter().map(|(_, column)| column).collect(), rows: 0 })
    }

    /// Adds a document.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, path: &str, card: &Card, kept: bool) -> Result<()> {
        let mut columns = self.columns.iter_mut();
        let mut put = |value: Value| match (columns.next(), value) {
            (Some(Column::Text(values)), Value::Text(value)) => values.push(ByteArray::from(value.into_bytes())),
            (Some(Column::Yes(values)), Value::Number(value)) => values.push(value != Fixed::ZERO),
            (Some(Column::Number(values)), Value::Number(value)) => values.push(value.as_f64()),
            _ => debug_assert!(false, "columns and values are in one order"),
        };
        let yes = |yes| Value::Number(if yes { Fixed::ONE } else { Fixed::ZERO });
        put(Value::Text(path.to_owned()));
        put(yes(card.is_changed()));
        put(yes(kept));
        for sheet in [&card.before, card.after()] {
            SIGNALS.iter().for_each(|signal| put(Value::Number(signal.of(sheet))));
            (0..FILTERS.len()).for_each(|filter| put(Value::Text(failed(sheet, filter))));
        }
        self.rows += 1;
        if self.rows == ROWS { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            match column {
                Column::Text(values) => fill::<ByteArrayType, _>(&mut group, values)?,
                Column::Yes(values) => fill::<BoolType, _>(&mut group, values)?,
                Column::Number(values) => fill::<DoubleType, _>(&mut group, values)?,
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    /// Ends the table. Returns what it was written to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<W> {
        self.write()?;
        self.writer.into_inner()
    }
}

/// The thresholds that a filter finds failed, with their values: `top_2_gram 0.31 > 0.2`, with semicolons between.
fn failed(sheet: &Sheet, filter: usize) -> String {
    let told = sheet.failed[filter].iter().map(|failed| {
        let sign = if failed.above { ">" } else { "<" };
        format!("{} {} {sign} {}", failed.threshold, failed.value, failed.limit)
    });
    told.collect::<Vec<_>>().join("; ")
}

fn fill<T: DataType, W: Write + Send>(group: &mut SerializedRowGroupWriter<'_, W>, values: &mut Vec<T::T>) -> Result<()> {
    let mut column = group.next_column()?.ok_or_else(|| ParquetError::General("a column is missing".into()))?;
    column.typed::<T>().write_batch(values, None, None)?;
    values.clear();
    column.close()
}
