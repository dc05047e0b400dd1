//! The two streams of the process.

use super::error::Failure;
use super::options::Color;
use anstream::{AutoStream, ColorChoice};
use jiaokan::report::{Paint, harmless};
use std::io::{self, BufWriter, Write};

/// Cells of a line of text at most.
const WIDEST: usize = 100;

/// The standard output for people: colours when it is a terminal or `color` says so, and nothing that steers a terminal or a log.
pub(super) fn for_people(color: Color) -> (Paint, Box<dyn Write>) {
    let stream = AutoStream::new(io::stdout(), color.choice());
    let paint = paint(stream.current_choice());
    (paint, guarded(BufWriter::new(stream), paint))
}

/// What writes to `inner` for people.
pub(super) fn guarded<'a>(inner: impl Write + 'a, paint: Paint) -> Box<dyn Write + 'a> {
    Box::new(Guarded { inner, paint, line: Vec::new() })
}

/// Makes lines harmless before they are written.
struct Guarded<W: Write> {
    inner: W,
    paint: Paint,
    /// What has been written of a line that has not ended.
    line: Vec<u8>,
}

impl<W: Write> Write for Guarded<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(text);
        if text.contains(&b'\n') {
            let end = self.line.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            let rest = self.line.split_off(end);
            let lines = std::mem::replace(&mut self.line, rest);
            self.inner.write_all(harmless(&String::from_utf8_lossy(&lines), self.paint.is_styled()).as_bytes())?;
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        self.inner.write_all(harmless(&String::from_utf8_lossy(&rest), self.paint.is_styled()).as_bytes())?;
        self.inner.flush()
    }
}

/// The cells in a line of the terminal, or of a page where there is none; long lines are hard to read.
pub(super) fn width() -> usize {
    terminal_size::terminal_size().map_or(WIDEST, |(width, _)| usize::from(width.0).min(WIDEST))
}

/// The standard output for programs: bytes as they are.
pub(super) fn for_programs() -> Box<dyn Write> {
    Box::new(BufWriter::new(io::stdout()))
}

/// Writes to the standard error. That nobody reads it is no reason to stop.
pub(super) fn tell(color: Color, write: impl FnOnce(Paint, &mut dyn Write) -> io::Result<()>) {
    let stream = AutoStream::new(io::stderr(), color.choice());
    let paint = paint(stream.current_choice());
    let mut text = Vec::new();
    let _ = write(paint, &mut text);
    let text = harmless(&String::from_utf8_lossy(&text), paint.is_styled());
    let mut stream = stream.lock();
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

/// Tells of what went wrong.
pub(super) fn complain(failure: &Failure, color: Color) {
    tell(color, |paint, out| match failure {
        Failure::Setup(error) => writeln!(out, "{}", error.render(paint.is_styled())),
        failure => writeln!(out, "{} {failure}", paint.removed("error:")),
    });
}

fn paint(choice: ColorChoice) -> Paint {
    if choice == ColorChoice::Never { Paint::Plain } else { Paint::Styled }
}
