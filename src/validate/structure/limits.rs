//! Values against lists, ranges, lengths and patterns.

use std::cmp::Ordering;

use super::Walk;
use crate::validate::Problem;
use crate::validate::schema::{Limits, Node};
use crate::validate::tape::{Shape, View};

impl<'t> Walk<'_, 't> {
    pub(super) fn size(&mut self, node: &'static Node, count: usize, of: &str) {
        let Some(limits) = &node.limits else { return };
        if let Some(least) = limits.at_least.filter(|least| count < *least) {
            self.fault(Problem::BadValue, |at| {
                format!("`{at}` has {count} {of}, it must have at least {least}")
            });
        }
        if let Some(most) = limits.at_most.filter(|most| count > *most) {
            self.fault(Problem::BadValue, |at| {
                format!("`{at}` has {count} {of}, it must have at most {most}")
            });
        }
    }

    pub(super) fn limits(&mut self, limits: &'static Limits, view: View<'t>) {
        let absent = view.str() == Some("") && self.lenient() && !self.path.in_list();
        if !limits.one_of.is_empty() && !absent && !limits.one_of.iter().any(|one| same(one, view))
        {
            self.fault(Problem::BadValue, |at| {
                let all: Vec<_> = limits.one_of.iter().map(ToString::to_string).collect();
                format!("`{at}` must be one of {}", all.join(", "))
            });
        }
        match view.value() {
            Shape::Str(text) => self.text_limits(limits, text),
            #[expect(clippy::cast_precision_loss, reason = "bounds are small numbers")]
            Shape::Int(n) => self.range(limits, n as f64),
            #[expect(clippy::cast_precision_loss, reason = "bounds are small numbers")]
            Shape::Uint(n) => self.range(limits, n as f64),
            Shape::Float(f) => self.range(limits, f),
            _ => {}
        }
    }

    fn text_limits(&mut self, limits: &'static Limits, text: &str) {
        if limits.at_least.is_some() || limits.at_most.is_some() {
            let count = text.chars().count();
            if limits.at_least.is_some_and(|least| count < least) {
                self.fault(Problem::BadValue, |at| format!("`{at}` is too short"));
            }
            if let Some(most) = limits.at_most.filter(|most| count > *most) {
                self.fault(Problem::BadValue, |at| {
                    format!("`{at}` has {count} characters, it must have at most {most}")
                });
            }
        }
        if let Some(pattern) = limits
            .pattern
            .as_ref()
            .filter(|pattern| !pattern.matches(text))
        {
            self.fault(Problem::BadValue, |at| {
                format!(
                    "`{at}` is `{text}`, which does not match `{}`",
                    pattern.text()
                )
            });
        }
    }

    fn range(&mut self, limits: &'static Limits, number: f64) {
        let beyond = |bound: Option<f64>, side: Ordering, exclusive: bool| {
            bound.filter(|bound| match number.partial_cmp(bound) {
                Some(Ordering::Equal) => exclusive,
                order => order == Some(side),
            })
        };
        if let Some(least) = beyond(limits.minimum, Ordering::Less, limits.exclusive_minimum) {
            let word = if limits.exclusive_minimum {
                "more than"
            } else {
                "at least"
            };
            self.fault(Problem::BadValue, |at| {
                format!("`{at}` is {number}, it must be {word} {least}")
            });
        }
        if let Some(most) = beyond(limits.maximum, Ordering::Greater, limits.exclusive_maximum) {
            let word = if limits.exclusive_maximum {
                "less than"
            } else {
                "at most"
            };
            self.fault(Problem::BadValue, |at| {
                format!("`{at}` is {number}, it must be {word} {most}")
            });
        }
    }
}

fn same(one: &serde_json::Value, view: View<'_>) -> bool {
    match view.value() {
        Shape::Str(text) => one.as_str() == Some(text),
        Shape::Int(n) => one.as_i64() == Some(n),
        Shape::Bool(b) => one.as_bool() == Some(b),
        Shape::Null => one.is_null(),
        _ => false,
    }
}
