//! The commands: one file each. Only here is anything printed.

mod alarms;
mod apply;
mod baseline;
mod check;
mod clean;
mod clean_job;
mod clean_records;
mod completions;
mod decisions;
mod diff;
mod each;
mod error;
mod eval;
mod explain;
mod fail;
mod fit;
mod fit_gaps;
mod fit_misreads;
mod forms;
mod impact;
mod index;
mod index_propose;
mod index_show;
mod lexicon;
mod listed;
mod man;
mod options;
mod output;
mod progress;
mod quality;
mod report;
mod review;
mod rules;
mod score;
mod score_keep;
mod snapshots;
mod terminal;
mod test;
mod watch;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Repairs what OCR and PDF text layers do to Chinese documents, with every change on record.
#[derive(Debug, Parser)]
#[command(name = "jiaokan", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Clean(clean::Clean),
    Check(check::Check),
    Diff(diff::Diff),
    Review(Box<review::Review>),
    Apply(apply::Apply),
    Decisions(decisions::Decisions),
    Report(report::Report),
    Quality(quality::Quality),
    Score(Box<score::Score>),
    Test(test::Test),
    Eval(eval::Eval),
    Impact(impact::Impact),
    Explain(explain::Explain),
    Fit(fit::Fit),
    Rules(rules::Rules),
    Lexicon(lexicon::Lexicon),
    Index(index::Index),
    Completions(completions::Completions),
    Man(man::Manual),
}

/// How a command ended, as every command and format tells it to the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Nothing found, everything done.
    Good = 0,
    /// Something was found, or part of it could not be done.
    Found = 1,
    /// It could not run.
    Failed = 2,
}

/// Runs a command. What went wrong is told on the standard error.
pub fn run(cli: Cli) -> ExitCode {
    let (color, result) = match cli.command {
        Command::Clean(command) => (command.color(), command.run()),
        Command::Check(command) => (command.color(), command.run()),
        Command::Diff(command) => (command.color(), command.run()),
        Command::Review(command) => (command.color(), command.run()),
        Command::Apply(command) => (command.color(), command.run()),
        Command::Decisions(command) => (command.color(), command.run()),
        Command::Report(command) => (command.color(), command.run()),
        Command::Quality(command) => (command.color(), command.run()),
        Command::Score(command) => (command.color(), command.run()),
        Command::Test(command) => (command.color(), command.run()),
        Command::Eval(command) => (command.color(), command.run()),
        Command::Impact(command) => (command.color(), command.run()),
        Command::Explain(command) => (command.color(), command.run()),
        Command::Fit(command) => (command.color(), command.run()),
        Command::Rules(command) => (command.color(), command.run()),
        Command::Lexicon(command) => (command.color(), command.run()),
        Command::Index(command) => (command.color(), command.run()),
        Command::Completions(command) => (options::Color::Auto, command.run()),
        Command::Man(command) => (options::Color::Auto, command.run()),
    };
    match result {
        Ok(outcome) => ExitCode::from(outcome as u8),
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure, color);
            ExitCode::from(Outcome::Failed as u8)
        }
    }
}
