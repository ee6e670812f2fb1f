//! What a check found, for people and for programs.

use std::fmt;
use std::process::ExitCode;

use serde::Serialize;

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// It works.
    Good,
    /// A citizen notices.
    Notice,
    /// It does not work.
    Wrong,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub weight: Weight,
    /// What was looked at: `profile`, `reach`, `catalogue`, `form`, `submit`, `track`, `privacy`, `citizen`.
    pub about: &'static str,
    /// What was found.
    pub what: String,
}

/// Everything that was found of one backend or file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Which one.
    pub subject: String,
    /// What was found, in the order in which it was looked at.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Of this one nothing yet.
    #[must_use]
    pub fn of(subject: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            findings: Vec::new(),
        }
    }

    /// Adds a finding.
    pub fn add(&mut self, weight: Weight, about: &'static str, what: impl Into<String>) {
        let what = what.into();
        let finding = Finding { weight, about, what };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}

/// A report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// One a backend or file.
    pub checked: Vec<Checked>,
}

impl Report {
    /// As JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// A failure where anything does not work.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        let mut findings = self.checked.iter().flat_map(|checked| &checked.findings);
        match findings.any(|finding| finding.weight == Weight::Wrong) {
            true => ExitCode::FAILURE,
            false => ExitCode::SUCCESS,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for checked in &self.checked {
            writeln!(formatter, "{}", checked.subject)?;
            for finding in &checked.findings {
                let mark = match finding.weight {
                    Weight::Good => "ok   ",
                    Weight::Notice => "note ",
                    Weight::Wrong => "WRONG",
                };
                writeln!(formatter, "  {mark}  {:9}  {}", finding.about, finding.what)?;
            }
        }
        Ok(())
    }
}
