//! A Parquet table in the making: parts that are whole tables, joined at the end.

use super::output::{beside, settle};
use super::table::{Table, TextColumn, wrong};
use super::{ContainerError, Content};
use parquet::basic::{Compression, ZstdLevel};
use parquet::bloom_filter::Sbbf;
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::TypePtr;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A table that grows row group by row group. What lies between two points from which a run can go on is a part: a table of its own
/// beside the place, `.NAME.part-N`. Row groups are copied into the whole as they are.
pub struct Parts {
    path: PathBuf,
    schema: TypePtr,
    properties: WriterPropertiesPtr,
    done: u64,
    writer: Option<SerializedFileWriter<File>>,
}

impl Parts {
    /// Begins the table that will be at `path`, or goes on with it after `done` parts.
    pub(super) fn new(path: &Path, schema: TypePtr, properties: WriterProperties, done: u64) -> Parts {
        Parts { path: path.to_owned(), schema, properties: properties.into(), done, writer: None }
    }

    /// The same for a table like `table`, of which the texts in `column` are written anew. They are compressed and counted as there.
    pub fn like(path: &Path, table: &Table, column: TextColumn, done: u64) -> Parts {
        let about = table.about();
        let file = about.file_metadata();
        let mut properties = WriterProperties::builder().set_key_value_metadata(file.key_value_metadata().cloned());
        if let Some(made_by) = file.created_by() {
            // Readers know by it which statistics to trust.
            properties = properties.set_created_by(made_by.to_owned());
        }
        if let Some(group) = about.row_groups().first() {
            let chunk = group.column(column.index);
            let (paged, counted) = (chunk.offset_index_offset().is_some(), chunk.statistics().is_some());
            let statistics = match (chunk.column_index_offset().is_some(), counted) {
                (true, _) => EnabledStatistics::Page,
                (false, true) => EnabledStatistics::Chunk,
                (false, false) => EnabledStatistics::None,
            };
            properties = properties
                .set_compression(chunk.compression())
                .set_dictionary_enabled(chunk.dictionary_page_offset().is_some())
                .set_statistics_enabled(statistics)
                .set_offset_index_disabled(!paged)
                .set_sorting_columns(group.sorting_columns().cloned());
        }
        Parts::new(path, file.schema_descr().root_schema_ptr(), properties.build(), done)
    }

    fn part(&self, number: u64) -> PathBuf {
        beside(&self.path, &format!("part-{number:05}"))
    }

    fn failed(&self, error: ParquetError) -> ContainerError {
        ContainerError::write(&self.path, io::Error::other(error))
    }

    /// Begins a row group.
    pub(super) fn group(&mut self) -> Result<SerializedRowGroupWriter<'_, File>, ContainerError> {
        let failed = |error| ContainerError::write(&self.path, io::Error::other(error));
        if self.writer.is_none() {
            let part = self.part(self.done);
            if let Some(folder) = part.parent() {
                fs::create_dir_all(folder).map_err(|error| ContainerError::write(&part, error))?;
            }
            let file = File::create(&part).map_err(|error| ContainerError::write(&part, error))?;
            let writer = SerializedFileWriter::new(file, self.schema.clone(), self.properties.clone()).map_err(failed)?;
            self.writer = Some(writer);
        }
        let writer = self.writer.as_mut().ok_or_else(|| failed(ParquetError::General("no part is open".into())))?;
        writer.next_row_group().map_err(failed)
    }

    /// Adds a row group of `table`: the texts in `column` anew, all other columns as they are. `fill` gives the texts one after the
    /// other to what it is called with.
    ///
    /// # Errors
    /// When the disk or the table does, or those of `fill`.
    pub fn rewrite<E: From<ContainerError>>(
        &mut self,
        table: &Table,
        number: usize,
        column: TextColumn,
        fill: impl FnOnce(&mut dyn FnMut(&Content) -> Result<(), E>) -> Result<(), E>,
    ) -> Result<(), E> {
        let path = self.path.clone();
        let failed = |error: ParquetError| E::from(ContainerError::write(&path, io::Error::other(error)));
        // The texts are read through a file of their own.
        let file = File::open(&table.path).map_err(|error| ContainerError::read(&table.path, error))?;
        let mut group = self.group()?;
        for index in 0..column.index {
            copy(&mut group, table, &file, number, index).map_err(failed)?;
        }
        {
            let writer = group.next_column().map_err(failed)?;
            let mut writer = writer.ok_or_else(|| failed(ParquetError::General("a column is missing".into())))?;
            let texts = writer.typed::<ByteArrayType>();
            fill(&mut |content| {
                let Content::Value { level, text } = content else { return Ok(()) };
                let value: Vec<ByteArray> = text.iter().map(|text| ByteArray::from(text.clone())).collect();
                texts.write_batch(&value, Some(&[*level]), None).map(drop).map_err(failed)
            })?;
            writer.close().map_err(failed)?;
        }
        for index in column.index + 1..table.group(number).num_columns() {
            copy(&mut group, table, &file, number, index).map_err(failed)?;
        }
        group.close().map_err(failed)?;
        Ok(())
    }

    /// Ends a part: it is on the disk then. Returns how many there are.
    ///
    /// # Errors
    /// When the disk does.
    pub fn end_part(&mut self) -> Result<u64, ContainerError> {
        if let Some(writer) = self.writer.take() {
            let file = writer.into_inner().map_err(|error| self.failed(error))?;
            file.sync_all().map_err(|error| ContainerError::write(&self.path, error))?;
            self.done += 1;
        }
        Ok(self.done)
    }

    /// Joins the first `parts` parts and puts the table in its place. Parts that are left are to be removed when nothing will be gone
    /// on with any more.
    ///
    /// # Errors
    /// When the disk does.
    pub fn finish(mut self, parts: u64) -> Result<Leftover, ContainerError> {
        drop(self.writer.take());
        self.done = parts;
        if parts == 1 {
            let part = self.part(0);
            if part.exists() {
                settle(&part, &self.path)?;
            }
            return Ok(self.leftover());
        }
        let whole = beside(&self.path, "partial");
        if let Some(folder) = whole.parent() {
            fs::create_dir_all(folder).map_err(|error| ContainerError::write(&whole, error))?;
        }
        let file = File::create(&whole).map_err(|error| ContainerError::write(&whole, error))?;
        let writer = SerializedFileWriter::new(file, self.schema.clone(), self.properties.clone());
        let mut writer = writer.map_err(|error| self.failed(error))?;
        for number in 0..parts {
            let part = self.part(number);
            let table = Table::open(&part)?;
            let file = File::open(&part).map_err(|error| ContainerError::read(&part, error))?;
            for group in 0..table.groups() {
                join(&mut writer, &table, &file, group).map_err(|error| wrong(&part, error))?;
            }
        }
        let file = writer.into_inner().map_err(|error| self.failed(error))?;
        file.sync_all().map_err(|error| ContainerError::write(&whole, error))?;
        settle(&whole, &self.path)?;
        Ok(self.leftover())
    }

    /// Gives the table up.
    ///
    /// # Errors
    /// When its parts cannot be removed.
    pub fn discard(mut self) -> Result<(), ContainerError> {
        drop(self.writer.take());
        self.leftover().remove()
    }

    /// The parts that are there.
    fn leftover(&self) -> Leftover {
        let there = (0..).map(|number| self.part(number)).take_while(|part| part.exists());
        let after = (self.done..).map(|number| self.part(number)).take_while(|part| part.exists());
        Leftover(there.chain(after).collect::<BTreeSet<_>>())
    }
}

/// Files that are of no use any more.
#[must_use]
#[derive(Default)]
pub struct Leftover(BTreeSet<PathBuf>);

impl Leftover {
    /// Removes them.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn remove(self) -> Result<(), ContainerError> {
        self.0.iter().try_for_each(|path| fs::remove_file(path).map_err(|error| ContainerError::write(path, error)))
    }
}

/// Adds a row group of a part to the whole.
fn join(writer: &mut SerializedFileWriter<File>, table: &Table, file: &File, number: usize) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for index in 0..table.group(number).num_columns() {
        copy(&mut group, table, file, number, index)?;
    }
    group.close().map(drop)
}

/// Adds a column of a row group as it is.
fn copy(
    group: &mut SerializedRowGroupWriter<'_, File>,
    table: &Table,
    file: &File,
    number: usize,
    index: usize,
) -> Result<(), ParquetError> {
    let chunk = table.group(number).column(index);
    let pages = table.about().page_index();
    let whole = ColumnCloseResult {
        bytes_written: chunk.compressed_size().unsigned_abs(),
        rows_written: table.group(number).num_rows().unsigned_abs(),
        metadata: chunk.clone(),
        bloom_filter: Sbbf::read_from_column_chunk(chunk, file)?,
        column_index: pages.and_then(|pages| pages.column_index(number, index)).cloned(),
        offset_index: pages.and_then(|pages| pages.offset_index(number, index)).cloned(),
    };
    group.append_column(file, whole)
}

/// How the columns of a new table are compressed.
pub(super) fn compression() -> Compression {
    Compression::ZSTD(ZstdLevel::default())
}
