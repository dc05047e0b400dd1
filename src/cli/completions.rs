//! `completions`: a script that teaches a shell the commands and options.

use super::error::Failure;
use super::output::for_programs;
use super::{Cli, Outcome};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io::Write;

/// Print a script by which a shell completes commands and options
///
/// For bash: `jiaokan completions bash > ~/.local/share/bash-completion/completions/jiaokan`
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl Completions {
    pub fn run(self) -> Result<Outcome, Failure> {
        let (mut command, mut out) = (Cli::command(), for_programs());
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "jiaokan", &mut script);
        out.write_all(&script)?;
        out.flush()?;
        Ok(Outcome::Good)
    }
}
