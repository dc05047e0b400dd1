//! The terminal of `review`: the screen is drawn, keys are read, and documents are read behind it.

use super::error::Failure;
use super::listed::Inputs;
use super::options::ReadOptions;
use jiaokan::corpus::{Document, InputError, revise_each};
use jiaokan::edit::Revision;
use jiaokan::review::{Desk, Item, items};
use jiaokan::screen::{Flow, Screen};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyEventKind};
use ratatui::crossterm::execute;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long to wait for a key before looking whether the process is to end, and whether findings have come.
const PATIENCE: Duration = Duration::from_millis(100);
const IMPATIENCE: Duration = Duration::from_millis(15);
/// How long findings are taken in before keys are looked at again.
const INTAKE: Duration = Duration::from_millis(10);
/// How often groups are put in order while findings come.
const SORTING: Duration = Duration::from_millis(250);

/// How a process ends that is ended by the signal SIGHUP, as shells tell it.
const HUNG_UP: i32 = 129;

/// What comes of reading the documents.
enum News {
    Read(Box<Document>, Vec<Item>),
    Clean,
    Failed(InputError),
}

/// How a session ended: what was decided, and what could not be read.
pub(super) struct Session {
    pub desk: Desk,
    pub failures: Vec<InputError>,
}

/// Lets a person decide about the findings of `inputs` that `wanted` takes, until they leave.
pub(super) fn decide(
    read: &ReadOptions,
    inputs: Inputs,
    desk: Desk,
    colored: bool,
    wanted: impl Fn(&Item) -> bool + Send + Sync + 'static,
) -> Result<Session, Failure> {
    let reading = read.reading();
    let screen = Screen::new(desk, inputs.entries.len(), colored);
    let (sender, news) = sync_channel(1_000);
    let Inputs { entries, listed, ledger } = inputs;
    let (listed, ledger) = (Arc::new(listed), ledger.unwrap_or_default());
    let noted = listed.clone();
    let reader = thread::spawn(move || {
        let work = |document: &Document, revision: Revision| {
            noted.note(revision.source());
            let mut all = items(&revision, &ledger.document(&document.path), &document.setup.pack, &ledger);
            all.retain(&wanted);
            Ok((!all.is_empty()).then(|| (Box::new(document.clone()), all)))
        };
        // Nobody listens any more when the person has left.
        let _ = revise_each(entries, reading, work, |done| send(&sender, done));
    });
    let stop = signals()?;
    let mut terminal = ratatui::try_init()?;
    let _ = execute!(io::stdout(), EnableBracketedPaste);
    let source = Some((news, reader));
    let mut session = Running { screen, source, documents: Vec::new(), failures: Vec::new(), sorted: None, unsorted: false };
    let done = session.run(&mut terminal, read, &stop);
    let _ = execute!(io::stdout(), DisableBracketedPaste);
    ratatui::try_restore()?;
    done?;
    if session.source.is_none() {
        listed.tell(read.rule.color);
    }
    Ok(Session { desk: session.screen.into_desk(), failures: session.failures })
}

type Found = Option<(Box<Document>, Vec<Item>)>;

fn send(sender: &SyncSender<News>, done: Result<Found, InputError>) -> Result<(), ()> {
    let news = match done {
        Ok(Some((document, items))) => News::Read(document, items),
        Ok(None) => News::Clean,
        Err(error) => News::Failed(error),
    };
    sender.send(news).map_err(|_| ())
}

/// Set when the process is asked to end. When its terminal is closed it ends at once: every decision is on disk.
fn signals() -> io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGINT] {
        signal_hook::flag::register(signal, stop.clone())?;
    }
    Ok(stop)
}

/// Waits for a key or another event, for `patience` at most, and says whether the terminal has gone away: what reads keys would
/// wait for them for ever, at full speed.
#[cfg(unix)]
fn hung_up(patience: Duration) -> io::Result<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    let mut terminal = [PollFd::new(&stdin, PollFlags::IN)];
    let patience = Timespec { tv_sec: 0, tv_nsec: patience.subsec_nanos().into() };
    match poll(&mut terminal, Some(&patience)) {
        Ok(_) => Ok(terminal[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL)),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
fn hung_up(patience: Duration) -> io::Result<bool> {
    event::poll(patience).map(|_| false)
}

struct Running {
    screen: Screen,
    /// Where findings come from, until all have come.
    source: Option<(Receiver<News>, JoinHandle<()>)>,
    /// Documents with findings, as the queue numbers them.
    documents: Vec<Document>,
    failures: Vec<InputError>,
    /// When the groups were last put in order, and whether any has come since.
    sorted: Option<Instant>,
    unsorted: bool,
}

impl Running {
    fn run(&mut self, terminal: &mut DefaultTerminal, read: &ReadOptions, stop: &AtomicBool) -> Result<(), Failure> {
        let (mut stale, mut patience) = (true, Duration::ZERO);
        while !stop.load(Ordering::Relaxed) {
            if let Some(document) = self.screen.needs() {
                let source = self.documents.get(document).and_then(|document| document.read(read.encoding, read.lossy).ok());
                self.screen.open(document, source);
                stale = true;
            }
            if std::mem::take(&mut stale) {
                terminal.draw(|frame| self.screen.draw(frame))?;
            }
            if hung_up(patience)? {
                // As the signal would end it: nothing can be drawn or told any more, and every decision is on disk.
                std::process::exit(HUNG_UP);
            }
            let mut keys = false;
            if event::poll(Duration::ZERO)? {
                (stale, keys) = (true, true);
                match event::read()? {
                    Event::Key(key) if key.kind != KeyEventKind::Release && self.screen.press(key) == Flow::Quit => return Ok(()),
                    Event::Paste(text) => self.screen.paste(&text),
                    _ => {}
                }
            }
            let came = self.take_in();
            stale |= came;
            // Several keys may have come at once, and only the first has been looked at.
            patience = match (came || keys, self.source.is_some()) {
                (true, _) => Duration::ZERO,
                (false, true) => IMPATIENCE,
                (false, false) => PATIENCE,
            };
            if self.source.is_none() && self.screen.desk().queue().is_empty() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes in what findings have come, for a moment; says whether there is anything new to show.
    fn take_in(&mut self) -> bool {
        let Some((news, _)) = &self.source else { return false };
        let (from, mut any, mut over) = (Instant::now(), false, false);
        while from.elapsed() < INTAKE {
            match news.try_recv() {
                Ok(News::Read(document, items)) => {
                    self.screen.add(&document.name, items, &document.setup.pack);
                    self.documents.push(*document);
                    self.unsorted = true;
                }
                Ok(News::Clean) => self.screen.pass(),
                Ok(News::Failed(error)) => {
                    self.screen.fail();
                    self.failures.push(error);
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    over = true;
                    break;
                }
            }
            any = true;
        }
        if self.unsorted && (over || self.sorted.is_none_or(|last| last.elapsed() > SORTING)) {
            self.screen.sort();
            (self.sorted, self.unsorted, any) = (Some(Instant::now()), false, true);
        }
        if let Some((_, reader)) = self.source.take_if(|_| over)
            && let Err(panic) = reader.join()
        {
            std::panic::resume_unwind(panic);
        }
        any || over
    }
}
