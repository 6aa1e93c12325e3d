//! Where rules report, and where waivers hold.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Severity};
use crate::plan::{ModelPlan, Plan, Summary};
use crate::resolve::model::Waiver;
use crate::source::Span;
use crate::system::Date;

use super::rule::{Level, Rule, Run};
use super::rules;

/// Findings of rules.
#[derive(Debug)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
    today: Date,
    /// The rule that runs now.
    current: Option<&'static Rule>,
    /// Whether the model at hand is in a production environment.
    production: bool,
    /// Waivers (their rule's place) that silenced something.
    used: BTreeSet<Span>,
    /// Whether object rules have run.
    objects: bool,
}

impl Report {
    /// A report without findings; waivers are held against `today`.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            diagnostics: Vec::new(),
            today,
            current: None,
            production: false,
            used: BTreeSet::new(),
            objects: false,
        }
    }

    /// Whether a finding so far stops the compile.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error)
    }

    /// Everything found. Waivers that have expired, name no rule or silence nothing are
    /// reported too; those of object rules are judged only where object rules have run.
    #[must_use]
    pub fn finish(mut self, plan: &Plan<'_>) -> Vec<Diagnostic> {
        self.waivers(plan);
        self.diagnostics
    }

    /// Adds what was found about one model.
    pub fn absorb(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
        self.used.extend(other.used);
    }

    /// Says that object rules have run on every model, so that waivers of them can be judged.
    pub fn objects_seen(&mut self) {
        self.objects = true;
    }

    /// Runs a rule; findings about `model` are subject to its waivers.
    pub(super) fn rule(
        &mut self,
        rule: &'static Rule,
        model: Option<&ModelPlan<'_>>,
        run: impl FnOnce(&mut Self),
    ) {
        self.current = Some(rule);
        self.production = model.is_some_and(|m| *m.target.env.production);
        let before = self.diagnostics.len();
        run(self);
        if let Some(model) = model {
            self.waive(rule, &model.model.waivers, before);
        }
    }

    /// Reports at `span`; the rule gives code and severity, `decorate` adds notes and helps:
    /// `report.add(span, "…", |d| d.note("…").help("…"))`.
    pub fn add(
        &mut self,
        span: Span,
        message: impl Into<String>,
        decorate: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let code = self.current.map_or("", |r| r.code);
        let severity = match self.current.map(|r| r.level) {
            Some(Level::Warning) => Severity::Warning,
            Some(Level::Production) if !self.production => Severity::Warning,
            _ => Severity::Error,
        };
        self.diagnostics
            .push(decorate(Diagnostic::new(code, severity, message).at(span)));
    }

    /// Reports about one model where the rule looks at several: the model's environment decides the
    /// severity, and its waivers hold.
    pub fn about(
        &mut self,
        model: &Summary<'_>,
        span: Span,
        message: impl Into<String>,
        decorate: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        self.production = *model.target.env.production;
        let before = self.diagnostics.len();
        self.add(span, message, decorate);
        if let Some(rule) = self.current {
            self.waive(rule, &model.waivers, before);
        }
    }

    fn waive(&mut self, rule: &Rule, waivers: &[Waiver], from: usize) {
        if rule.level == Level::Final {
            return;
        }
        let waiver = waivers
            .iter()
            .find(|w| w.rule.as_str() == rule.code && w.until.value >= self.today);
        if let Some(waiver) = waiver
            && self.diagnostics.len() > from
        {
            self.diagnostics.truncate(from);
            self.used.extend(waiver.rule.span());
        }
    }

    fn waivers(&mut self, plan: &Plan<'_>) {
        let mut seen = BTreeSet::new();
        for model in plan.targets.iter().flat_map(|t| &t.models) {
            for waiver in &model.waivers {
                let Some(span) = waiver.rule.span() else {
                    continue;
                };
                if !seen.insert(span) {
                    continue;
                }
                let Some(rule) = rules::find(&waiver.rule) else {
                    self.diagnostics.push(no_rule(&waiver.rule, span));
                    continue;
                };
                if rule.level == Level::Final {
                    self.diagnostics.push(
                        Diagnostic::error(
                            "LNG-20",
                            span,
                            format!("{} cannot be waived", waiver.rule.value),
                        )
                        .note("what it finds leaves nothing right to emit")
                        .help("delete the waiver, and mend what the rule finds"),
                    );
                    continue;
                }
                let judged = self.objects || !matches!(rule.run, Run::Object(_));
                if waiver.until.value < self.today {
                    let until = waiver.until.span().unwrap_or(span);
                    self.diagnostics.push(
                        Diagnostic::error(
                            "LNG-19",
                            until,
                            format!(
                                "the waiver of {} expired on {}",
                                waiver.rule.value, waiver.until.value
                            ),
                        )
                        .note(format!("its reason was: {}", waiver.reason.value))
                        .help("mend what it waives, or set a later day after looking again"),
                    );
                } else if judged && !self.used.contains(&span) {
                    self.diagnostics.push(
                        Diagnostic::warning(
                            "LNG-20",
                            span,
                            format!("the waiver of {} silences nothing", waiver.rule.value),
                        )
                        .help("delete it"),
                    );
                }
            }
        }
    }
}

/// A waiver names no rule.
fn no_rule(name: &str, span: Span) -> Diagnostic {
    let found = Diagnostic::error("LNG-14", span, format!("there is no rule \"{name}\""));
    let upper = name.to_ascii_uppercase();
    if rules::find(&upper).is_some() {
        return found.suggest(format!("write \"{upper}\""), span, format!("\"{upper}\""));
    }
    found
        .note(
            "findings about the language, the output or the API server are no rules: they cannot \
             be waived",
        )
        .help("`mlspec explain` lists the rules")
}
