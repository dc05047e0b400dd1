//! What of the findings makes the exit code 1.

use clap::ValueEnum;
use jiaokan::edit::{Finding, Severity, State, Verdict};

/// What makes a check fail. What was left for later never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum FailOn {
    /// Every finding.
    #[default]
    Any,
    /// What waits for a person: proposed or flagged, and not decided.
    Pending,
    /// Findings of the severity warning or error.
    Warning,
    /// Findings of the severity error.
    Error,
}

impl FailOn {
    /// Whether `findings` make the check fail.
    pub fn fails(self, findings: &[Finding]) -> bool {
        let told = |finding: &&Finding| finding.state != State::Shadowed && finding.decision != Some(Verdict::Later);
        findings.iter().filter(told).any(|finding| match self {
            FailOn::Any => true,
            FailOn::Pending => finding.state != State::Applied && finding.decision.is_none(),
            FailOn::Warning => finding.severity <= Severity::Warning,
            FailOn::Error => finding.severity == Severity::Error,
        })
    }
}
