//! The helper that all rule files speak through: it knows where it stands in the object.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::validate::formats::Fault;
use crate::validate::path::Path;
use crate::validate::schema::Version;
use crate::validate::tape::{Shape, View};
use crate::validate::{Problem, Violation};

/// Collects violations at a place in an object.
pub(super) struct Check<'c, 't> {
    pub(super) path: &'c mut Path<'t>,
    pub(super) found: &'c mut Vec<Violation>,
    /// The cluster's Kubernetes.
    pub(super) kubernetes: Version,
}

impl<'t> Check<'_, 't> {
    /// Reports a fault here; the place is put before the message.
    pub(super) fn fault(&mut self, problem: Problem, message: impl std::fmt::Display) {
        let pointer = self.path.pointer();
        let message = format!("`{}` {message}", self.path.dotted());
        self.found.push(Violation {
            pointer,
            problem,
            message,
            help: None,
        });
    }

    /// Reports a fault of a field, there or not.
    pub(super) fn fault_at(
        &mut self,
        name: &'static str,
        problem: Problem,
        message: impl std::fmt::Display,
    ) {
        self.path.push_name(name);
        self.fault(problem, message);
        self.path.pop();
    }

    /// Reports a bad value here if there is a fault.
    pub(super) fn value(&mut self, fault: Fault) {
        if let Some(fault) = fault {
            self.fault(Problem::BadValue, format_args!("is wrong: {fault}"));
        }
    }

    /// Goes into a field if it is there.
    pub(super) fn field(
        &mut self,
        of: View<'t>,
        name: &'static str,
        then: impl FnOnce(&mut Self, View<'t>),
    ) {
        if let Some(view) = of.get(name) {
            self.path.push_field(view);
            then(self, view);
            self.path.pop();
        }
    }

    /// Goes into each item of a list.
    pub(super) fn each(
        &mut self,
        of: View<'t>,
        name: &'static str,
        mut then: impl FnMut(&mut Self, View<'t>),
    ) {
        self.field(of, name, |check, list| {
            for (at, item) in list.children().enumerate() {
                check.path.push_item(at);
                then(check, item);
                check.path.pop();
            }
        });
    }

    /// Goes into each value of a map.
    pub(super) fn entries(
        &mut self,
        of: View<'t>,
        name: &'static str,
        mut then: impl FnMut(&mut Self, &'t str, View<'t>),
    ) {
        self.field(of, name, |check, map| {
            for value in map.children() {
                check.path.push_field(value);
                then(check, value.key(), value);
                check.path.pop();
            }
        });
    }

    /// A string field, where it is there.
    pub(super) fn text(&mut self, of: View<'t>, name: &'static str, format: fn(&str) -> Fault) {
        self.field(of, name, |check, view| {
            check.value(view.str().and_then(format))
        });
    }

    /// Like [`Check::text`], but an empty string counts as absent.
    pub(super) fn text_or_empty(
        &mut self,
        of: View<'t>,
        name: &'static str,
        format: fn(&str) -> Fault,
    ) {
        if of.text(name) != Some("") {
            self.text(of, name, format);
        }
    }

    /// A field that must be there and not be empty; says whether it is.
    pub(super) fn need(&mut self, of: View<'t>, name: &'static str) -> bool {
        let there = match of.get(name).map(View::value) {
            None | Some(Shape::Str("")) => false,
            Some(Shape::List(count) | Shape::Map(count)) => count > 0,
            Some(_) => true,
        };
        if !there {
            self.fault_at(name, Problem::Required, "must be there");
        }
        there
    }

    /// A field that may be left out, but not be empty.
    pub(super) fn filled(&mut self, of: View<'t>, name: &'static str) {
        if of.text(name) == Some("") {
            self.fault_at(name, Problem::BadValue, "may not be empty");
        }
    }

    /// A whole number, where it is there.
    pub(super) fn range(&mut self, of: View<'t>, name: &'static str, range: RangeInclusive<i64>) {
        self.field(of, name, |check, view| {
            let Some(number) = view.int().filter(|n| !range.contains(n)) else {
                return;
            };
            match *range.end() {
                i64::MAX => check.fault(
                    Problem::BadValue,
                    format_args!("is {number}, it must be at least {}", range.start()),
                ),
                end => check.fault(
                    Problem::BadValue,
                    format_args!(
                        "is {number}, it must be between {} and {end}",
                        range.start()
                    ),
                ),
            }
        });
    }

    /// Each string of a list; what is no string counts as empty, as the server reads it.
    pub(super) fn strings(&mut self, of: View<'t>, name: &'static str, format: fn(&str) -> Fault) {
        self.each(of, name, |check, item| {
            check.value(format(item.str().unwrap_or_default()));
        });
    }

    /// A path below a folder, which must be there.
    pub(super) fn relative(&mut self, of: View<'t>, name: &'static str) {
        if self.need(of, name) {
            self.below(of, name);
        }
    }

    /// A path below a folder, or none.
    pub(super) fn below(&mut self, of: View<'t>, name: &'static str) {
        let path = of.text(name).unwrap_or_default();
        if path.starts_with('/') || path.split('/').any(|part| part == "..") {
            self.fault_at(
                name,
                Problem::BadValue,
                "must be a relative path without `..`",
            );
        }
    }

    /// Of some fields exactly one is there.
    pub(super) fn exactly_one(&mut self, of: View<'t>, names: &[&'static str]) {
        match names.iter().filter(|name| of.get(name).is_some()).count() {
            1 => {}
            0 => self.fault(
                Problem::Required,
                format_args!("needs one of `{}`", names.join("`, `")),
            ),
            _ => self.fault(
                Problem::Conflict,
                format_args!("may have only one of `{}`", names.join("`, `")),
            ),
        }
    }

    /// No two items of a list have one value of a field.
    pub(super) fn unique(&mut self, of: View<'t>, list: &'static str, name: &'static str) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        self.each(of, list, |check, item| {
            let Some(value) = item.text(name).filter(|value| !value.is_empty()) else {
                return;
            };
            if !seen.insert(value) {
                check.fault_at(
                    name,
                    Problem::Duplicate,
                    format_args!("`{value}` is there already"),
                );
            }
        });
    }
}

/// What a field of whole numbers from zero up may hold.
pub(super) const NOT_NEGATIVE: RangeInclusive<i64> = 0..=i64::MAX;

/// What a field of whole numbers from one up may hold.
pub(super) const POSITIVE: RangeInclusive<i64> = 1..=i64::MAX;

/// TCP and UDP ports.
pub(super) const PORT: RangeInclusive<i64> = 1..=65_535;
