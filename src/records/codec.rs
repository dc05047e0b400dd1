//! Compressed streams.

use super::ContainerError;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 17;

/// How a stream is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// Not at all.
    Plain,
    /// gzip, of any number of members (RFC 1952, section 2.2).
    Gzip,
    /// Zstandard, of any number of frames (RFC 8878, section 3).
    Zstd,
    /// xz, of any number of streams.
    Xz,
}

impl Codec {
    /// The codec that the ending of `name` speaks of, and the name without it.
    pub fn of_name(name: &str) -> (Codec, &str) {
        let endings = [(".gz", Codec::Gzip), (".zst", Codec::Zstd), (".zstd", Codec::Zstd), (".xz", Codec::Xz)];
        let named = endings.iter().find_map(|&(ending, codec)| Some((codec, name.strip_suffix(ending)?)));
        named.unwrap_or((Codec::Plain, name))
    }

    /// The codec of a stream that begins with `bytes`, by the marks that every file of it begins with.
    fn of_bytes(bytes: &[u8]) -> Codec {
        match bytes {
            [0x1F, 0x8B, ..] => Codec::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Codec::Zstd,
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Codec::Xz,
            _ => Codec::Plain,
        }
    }

    /// Compresses what is written to `out` as one member, frame or stream. Such parts may follow each other in a file.
    ///
    /// # Errors
    /// When the encoder cannot be made.
    pub fn encoder<W: Write>(self, out: W) -> io::Result<Encoder<W>> {
        Ok(match self {
            Codec::Plain => Encoder::Plain(out),
            Codec::Gzip => Encoder::Gzip(GzEncoder::new(out, flate2::Compression::default())),
            Codec::Zstd => Encoder::Zstd(zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?),
            Codec::Xz => Encoder::Xz(liblzma::write::XzEncoder::new(out, 6)),
        })
    }
}

/// Compresses one part of a file.
pub enum Encoder<W: Write> {
    /// As it is.
    Plain(W),
    /// A gzip member.
    Gzip(GzEncoder<W>),
    /// A Zstandard frame.
    Zstd(zstd::Encoder<'static, W>),
    /// An xz stream.
    Xz(liblzma::write::XzEncoder<W>),
}

impl<W: Write> Encoder<W> {
    /// Ends the part.
    ///
    /// # Errors
    /// Those of what is written to.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Encoder::Plain(out) => Ok(out),
            Encoder::Gzip(encoder) => encoder.finish(),
            Encoder::Zstd(encoder) => encoder.finish(),
            Encoder::Xz(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Encoder::Plain(out) => out.write(bytes),
            Encoder::Gzip(encoder) => encoder.write(bytes),
            Encoder::Zstd(encoder) => encoder.write(bytes),
            Encoder::Xz(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Encoder::Plain(out) => out.flush(),
            Encoder::Gzip(encoder) => encoder.flush(),
            Encoder::Zstd(encoder) => encoder.flush(),
            Encoder::Xz(encoder) => encoder.flush(),
        }
    }
}

/// The bytes of the file at `path`, decompressed by what it begins with, whatever its name; and how many bytes of the file have been
/// read, which grows as the stream is read.
///
/// # Errors
/// When it cannot be opened.
pub fn open(path: &Path) -> Result<(Box<dyn BufRead + Send>, Arc<AtomicU64>), ContainerError> {
    let file = File::open(path).map_err(|source| ContainerError::read(path, source))?;
    let count = Arc::new(AtomicU64::new(0));
    let stream = decoded(Counted { file, count: count.clone() }).map_err(|source| ContainerError::read(path, source))?;
    Ok((stream, count))
}

/// Counts what is read of a file.
struct Counted {
    file: File,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// The bytes of `stream`, decompressed by what it begins with.
///
/// # Errors
/// When it cannot be read.
pub fn decoded(stream: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let mut raw = BufReader::with_capacity(CHUNK, stream);
    let codec = Codec::of_bytes(raw.fill_buf()?);
    Ok(match codec {
        Codec::Plain => Box::new(raw),
        Codec::Gzip => Box::new(BufReader::with_capacity(CHUNK, MultiGzDecoder::new(raw))),
        Codec::Zstd => Box::new(BufReader::with_capacity(CHUNK, zstd::Decoder::with_buffer(raw)?)),
        Codec::Xz => Box::new(BufReader::with_capacity(CHUNK, liblzma::bufread::XzDecoder::new_multi_decoder(raw))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_one_after_the_other_are_one_stream() {
        for codec in [Codec::Plain, Codec::Gzip, Codec::Zstd, Codec::Xz] {
            let mut file = Vec::new();
            for part in ["一\n", "二\n"] {
                let mut encoder = codec.encoder(&mut file).unwrap();
                encoder.write_all(part.as_bytes()).unwrap();
                encoder.finish().unwrap();
            }
            assert_eq!(Codec::of_bytes(&file), codec);
            let mut text = String::new();
            decoded(io::Cursor::new(file)).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "一\n二\n", "{codec:?}");
        }
        assert_eq!(Codec::of_name("a.jsonl.zst"), (Codec::Zstd, "a.jsonl"));
        assert_eq!(Codec::of_name("a.jsonl"), (Codec::Plain, "a.jsonl"));
    }
}
