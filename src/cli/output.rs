//! The two streams of the process.

use super::error::Failure;
use super::options::Color;
use anstream::{AutoStream, ColorChoice};
use jiaokan::report::Paint;
use std::io::{self, BufWriter, Write};

/// Cells of a line of text at most.
const WIDEST: usize = 100;

/// The standard output for people: colours when it is a terminal or `color` says so.
pub(super) fn for_people(color: Color) -> (Paint, Box<dyn Write>) {
    let stream = AutoStream::new(io::stdout(), color.choice());
    (paint(stream.current_choice()), Box::new(BufWriter::new(stream)))
}

/// Whether the standard output is coloured.
pub(super) fn is_colored(color: Color) -> bool {
    AutoStream::new(io::stdout(), color.choice()).current_choice() != ColorChoice::Never
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
    let mut text = Vec::new();
    let _ = write(paint(stream.current_choice()), &mut text);
    let mut stream = stream.lock();
    let _ = stream.write_all(&text).and_then(|()| stream.flush());
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
