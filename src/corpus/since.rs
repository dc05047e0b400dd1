//! Which lines of which documents were changed since a revision, as git knows it.

use crate::edit::Revision;
use crate::text::lines::LineIndex;
use crate::text::{Encoding, Span};
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use thiserror::Error;

/// Why it cannot be told what has changed.
#[derive(Debug, Error)]
pub enum SinceError {
    /// The standard input has no history.
    #[error("`-` (the standard input) has no history: name files or folders, or leave --since out")]
    Stdin,
    /// There is no git.
    #[error("git cannot be run, which --since needs: {0}")]
    NoGit(io::Error),
    /// A path is in no repository, or in one that git will not touch.
    #[error("{path}: --since needs a git repository: {says}")]
    NoRepository {
        /// The path as given.
        path: String,
        /// What git says.
        says: String,
    },
    /// The repository does not know the revision.
    #[error(
        "`{revision}` is no revision in {repository}: name a branch, a tag or a commit; a shallow clone has only the latest, \
         so fetch the others first (`git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout)"
    )]
    Unknown {
        /// The revision as given.
        revision: String,
        /// The repository.
        repository: String,
    },
    /// Git failed.
    #[error("{repository}: git {command} failed: {says}")]
    Failed {
        /// The repository.
        repository: String,
        /// The command of git.
        command: &'static str,
        /// What git says.
        says: String,
    },
}

/// What has changed of a file.
#[derive(Debug, PartialEq, Eq)]
enum Changed {
    /// All of it, or it cannot be told what.
    All,
    /// These lines, counted from 1, ascending.
    Lines(Vec<RangeInclusive<usize>>),
}

/// The documents that have changed since a revision.
#[derive(Debug, Default)]
pub struct Since {
    files: HashMap<PathBuf, Changed>,
    /// Folders in which everything is new.
    folders: Vec<PathBuf>,
}

impl Since {
    /// What has changed in the repositories of `paths`, in the working tree, since `revision` and HEAD parted.
    ///
    /// # Errors
    /// When a path is in no repository, the revision is unknown, or git fails.
    pub fn new(revision: &str, paths: &[PathBuf]) -> Result<Since, SinceError> {
        let mut repositories: Vec<(PathBuf, Vec<PathBuf>)> = Vec::new();
        for path in paths {
            if path.as_os_str() == super::STDIN {
                return Err(SinceError::Stdin);
            }
            // What is not there is told of when it is looked for.
            let Ok(real) = path.canonicalize() else { continue };
            let folder = if real.is_dir() { &real } else { real.parent().unwrap_or(&real) };
            let top = git(folder, "rev-parse", &["--show-toplevel"])?
                .map_err(|says| SinceError::NoRepository { path: super::shown(path), says })?;
            let top = PathBuf::from(name(top.strip_suffix(b"\n").unwrap_or(&top)));
            match repositories.iter_mut().find(|(known, _)| *known == top) {
                Some((_, paths)) => paths.push(real),
                None => repositories.push((top, vec![real])),
            }
        }
        let mut since = Since::default();
        for (top, paths) in repositories {
            since.add(&top, revision, &paths)?;
        }
        Ok(since)
    }

    fn add(&mut self, top: &Path, revision: &str, paths: &[PathBuf]) -> Result<(), SinceError> {
        let failed = |command| {
            let repository = super::shown(top);
            move |says| SinceError::Failed { repository, command, says }
        };
        let unknown = || SinceError::Unknown { revision: revision.to_owned(), repository: super::shown(top) };
        if revision.is_empty() || revision.starts_with('-') {
            return Err(unknown());
        }
        let commit = format!("{revision}^{{commit}}");
        let commit = git(top, "rev-parse", &["--verify", "--quiet", &commit])?.map_err(|_| unknown())?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        // Without a common ancestor the revision itself has to do.
        let base =
            git(top, "merge-base", &[&commit, "HEAD"])?.map_or(commit, |base| String::from_utf8_lossy(&base).trim().to_owned());
        let options = [
            "--unified=0",
            "--inter-hunk-context=0",
            "--find-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--ignore-submodules",
            "--src-prefix=a/",
            "--dst-prefix=b/",
            &base,
        ];
        let mut child = command(top, "diff", &options).stdout(Stdio::piped()).spawn().map_err(SinceError::NoGit)?;
        if let Some(stdout) = child.stdout.take() {
            let read = read_diff(BufReader::new(stdout), |name, changed| {
                self.files.insert(top.join(name), changed);
            });
            read.map_err(|error| failed("diff")(error.to_string()))?;
        }
        let output = child.wait_with_output().map_err(SinceError::NoGit)?;
        if !output.status.success() {
            return Err(failed("diff")(words(&output.stderr)));
        }
        let mut arguments: Vec<&OsStr> = ["--others", "-z", "--"].iter().map(OsStr::new).collect();
        arguments.extend(paths.iter().map(|path| path.as_os_str()));
        let others = git(top, "ls-files", &arguments)?.map_err(failed("ls-files"))?;
        for other in others.split(|&byte| byte == 0).filter(|other| !other.is_empty()) {
            let path = top.join(name(other));
            if other.ends_with(b"/") {
                self.folders.push(path);
            } else {
                self.files.insert(path, Changed::All);
            }
        }
        Ok(())
    }

    /// Leaves the findings of the document at `path` that touch a line which was changed or added.
    pub fn limit(&self, path: &Path, revision: &mut Revision) {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let new = self.folders.iter().any(|folder| real.starts_with(folder));
        // Bytes that are half a character of UTF-16 end lines for git.
        let by_line = !matches!(revision.source().encoding(), Encoding::Utf16Le | Encoding::Utf16Be);
        match self.files.get(&real) {
            _ if new => {}
            None => revision.retain_findings(|_| false),
            Some(Changed::Lines(changed)) if by_line => {
                let index = LineIndex::at_line_feeds(revision.source().text());
                revision.retain_findings(|finding| touches(changed, lines(&index, finding.span)));
            }
            Some(_) => {}
        }
    }
}

/// The lines that `span` lies in, counted from 1. A line end that is found by itself lies in the line behind it too: it is there that
/// the text would go on.
fn lines(index: &LineIndex, span: Span) -> RangeInclusive<usize> {
    let first = index.line(span.start);
    let behind = index.line(span.end);
    let ends_line = index.start(behind) == span.end && behind > first;
    let last = if ends_line && index.start(first) == span.start { behind - 1 } else { behind };
    first + 1..=last + 1
}

fn touches(changed: &[RangeInclusive<usize>], lines: RangeInclusive<usize>) -> bool {
    let next = changed.partition_point(|range| range.end() < lines.start());
    changed.get(next).is_some_and(|range| range.start() <= lines.end())
}

/// A command of git in `folder`, with paths taken word for word.
fn command<A: AsRef<OsStr>>(folder: &Path, name: &str, arguments: &[A]) -> Command {
    let mut command = Command::new("git");
    command.args(["--literal-pathspecs", "-c", "core.quotePath=false", "-C"]).arg(folder).arg(name).args(arguments);
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null()).stderr(Stdio::piped());
    command
}

/// What it prints, or what it complains of.
fn git<A: AsRef<OsStr>>(folder: &Path, name: &str, arguments: &[A]) -> Result<Result<Vec<u8>, String>, SinceError> {
    let output = command(folder, name, arguments).output().map_err(SinceError::NoGit)?;
    Ok(if output.status.success() { Ok(output.stdout) } else { Err(words(&output.stderr)) })
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// A name as git has it, in bytes where names are bytes.
fn name(bytes: &[u8]) -> OsString {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec());
    #[cfg(not(unix))]
    return String::from_utf8_lossy(bytes).into_owned().into();
}

/// Reads a diff without context and tells of every file that is there after it, but for those that changed their names alone.
fn read_diff(mut diff: impl BufRead, mut tell: impl FnMut(OsString, Changed)) -> io::Result<()> {
    let mut file: Option<(OsString, Option<Changed>)> = None;
    let mut close = |file: Option<(OsString, Option<Changed>)>| {
        if let Some((name, Some(changed))) = file {
            tell(name, changed);
        }
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        if diff.read_until(b'\n', &mut line)? == 0 {
            close(file);
            return Ok(());
        }
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        if let Some(names) = text.strip_prefix(b"diff --git ") {
            // Both names are the same, unless a line below tells the new one.
            let second = names.get(names.len() / 2 + 1..).unwrap_or_default();
            let second = unquoted(second);
            close(file.replace((name(second.strip_prefix(b"b/").unwrap_or(&second)), None)));
        } else if let Some((known, changed)) = &mut file {
            if let Some(new) = text.strip_prefix(b"rename to ") {
                *known = name(&unquoted(new));
            } else if text.starts_with(b"Binary files ") {
                *changed = Some(Changed::All);
            } else if let Some((old, new)) = hunk(text) {
                let lines = changed.get_or_insert_with(|| Changed::Lines(Vec::new()));
                if let (Changed::Lines(lines), true) = (lines, new.1 > 0) {
                    lines.push(new.0..=new.0 + new.1 - 1);
                }
                for _ in 0..old.1 + new.1 {
                    skip_line(&mut diff)?;
                }
            }
        }
    }
}

/// The first line and the number of lines of both sides, from the head of a hunk.
fn hunk(line: &[u8]) -> Option<((usize, usize), (usize, usize))> {
    let ranges = std::str::from_utf8(line.strip_prefix(b"@@ -")?.split(|&byte| byte == b'@').next()?).ok()?;
    let (old, new) = ranges.trim_end().split_once(" +")?;
    let range = |text: &str| -> Option<(usize, usize)> {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    Some((range(old)?, range(new)?))
}

/// Passes over a line, however long, and the remark that it has no end.
fn skip_line(diff: &mut impl BufRead) -> io::Result<()> {
    diff.skip_until(b'\n')?;
    if diff.fill_buf()?.first() == Some(&b'\\') {
        diff.skip_until(b'\n')?;
    }
    Ok(())
}

/// A name that git may have quoted as in C.
fn unquoted(name: &[u8]) -> Vec<u8> {
    let Some(inside) = name.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) else { return name.to_vec() };
    let (mut out, mut bytes) = (Vec::new(), inside.iter().copied().peekable());
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        out.push(match bytes.next() {
            Some(b'a') => 7,
            Some(b'b') => 8,
            Some(b't') => b'\t',
            Some(b'n') => b'\n',
            Some(b'v') => 11,
            Some(b'f') => 12,
            Some(b'r') => b'\r',
            Some(digit @ b'0'..=b'7') => {
                let mut value = digit - b'0';
                while let Some(digit) = bytes.next_if(|byte| (b'0'..=b'7').contains(byte)) {
                    value = value.wrapping_mul(8).wrapping_add(digit - b'0');
                }
                value
            }
            Some(other) => other,
            None => b'\\',
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diffs_are_read_by_their_counts() {
        let diff = "diff --git a/一 二.txt b/一 二.txt\nindex 1..2 100644\n--- a/一 二.txt\n+++ b/一 二.txt\n\
                    @@ -2 +2,2 @@ 标题 @@ -9 +9 @@\n-旧\n+diff --git a/x b/x\n+@@ -1 +1 @@\n@@ -5,2 +5,0 @@\n-甲\n-乙\n\
                    @@ -9 +8 @@\n-尾\n\\ No newline at end of file\n+尾巴\n\\ No newline at end of file\n\
                    diff --git \"a/q\\\"\\t\\001.txt\" \"b/q\\\"\\t\\001.txt\"\nnew file mode 100644\n@@ -0,0 +1 @@\n+x\n\
                    diff --git a/old.txt b/moved.txt\nsimilarity index 100%\nrename from old.txt\nrename to moved.txt\n\
                    diff --git a/u.txt b/u.txt\nBinary files a/u.txt and b/u.txt differ\n";
        let mut files = Vec::new();
        read_diff(diff.as_bytes(), |name, changed| files.push((name.into_string().unwrap(), changed))).unwrap();
        assert_eq!(
            files,
            [
                ("一 二.txt".to_owned(), Changed::Lines(vec![2..=3, 8..=8])),
                ("q\"\t\u{1}.txt".to_owned(), Changed::Lines(vec![1..=1])),
                ("u.txt".to_owned(), Changed::All),
            ]
        );
    }

    #[test]
    fn a_line_end_belongs_to_both_lines() {
        let index = LineIndex::at_line_feeds("甲\n乙\n丙\n");
        assert_eq!(lines(&index, Span::new(3, 4)), 1..=2);
        assert_eq!(lines(&index, Span::new(4, 8)), 2..=2);
        assert_eq!(lines(&index, Span::new(4, 7)), 2..=2);
        assert_eq!(lines(&index, Span::new(4, 4)), 2..=2);
        assert_eq!(lines(&index, Span::new(0, 11)), 1..=3);
        assert!(touches(&[1..=2, 5..=5], 2..=4) && touches(&[1..=2, 5..=5], 5..=9) && !touches(&[1..=2, 5..=5], 3..=4));
        assert!(!touches(&[], 1..=9));
    }
}
