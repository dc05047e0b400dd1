//! `man`: the manual, a page a command.

use super::error::Failure;
use super::output::for_programs;
use super::{Cli, Outcome};
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use jiaokan::corpus::{InputError, shown, write_atomically};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Print the manual as pages for `man`: that of the program, or of one command
///
/// To read one: `jiaokan man check | man -l -`
#[derive(Debug, Args)]
pub(super) struct Manual {
    /// The command, such as `check` or `rules list`
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,

    /// Write all pages into this folder: jiaokan.1, and jiaokan-COMMAND.1 for every command
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    into: Option<PathBuf>,
}

impl Manual {
    pub fn run(self) -> Result<Outcome, Failure> {
        let mut program = Cli::command().disable_help_subcommand(true);
        program.build();
        if let Some(folder) = &self.into {
            write_all(&program, folder)?;
            return Ok(Outcome::Good);
        }
        let mut command = &program;
        for name in &self.command {
            command = command.find_subcommand(name).ok_or_else(|| {
                Failure::Usage(format!("no command is called `{}`: `jiaokan help` lists them", self.command.join(" ")))
            })?;
        }
        let mut out = for_programs();
        out.write_all(&page(command)?)?;
        out.flush()?;
        Ok(Outcome::Good)
    }
}

/// Writes the page of `command` and those of its own commands.
fn write_all(command: &Command, folder: &Path) -> Result<(), Failure> {
    let path = folder.join(format!("{}.1", command.get_display_name().unwrap_or_else(|| command.get_name())));
    write_atomically(&path, &page(command)?, None).map_err(|source| InputError::Unwritable { path: shown(&path), source })?;
    command.get_subcommands().try_for_each(|command| write_all(command, folder))
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}
