//! Where in an object a check stands. Text is made only for violations.

use std::fmt::Write as _;

/// One step down.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Step<'t> {
    Name(&'t str),
    Item(usize),
}

/// Steps from the root.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path<'t> {
    steps: Vec<Step<'t>>,
}

impl<'t> Path<'t> {
    pub(crate) fn steps(&self) -> &[Step<'t>] {
        &self.steps
    }

    /// Whether the last step is a position in a list.
    pub(crate) fn in_list(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Item(_)))
    }

    pub(crate) fn push_name(&mut self, name: &'t str) {
        self.steps.push(Step::Name(name));
    }

    pub(crate) fn push_item(&mut self, item: usize) {
        self.steps.push(Step::Item(item));
    }

    pub(crate) fn pop(&mut self) {
        self.steps.pop();
    }

    /// RFC 6901: `/spec/containers/0/image`; `~` and `/` in names are escaped.
    pub(crate) fn pointer(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            text.push('/');
            match step {
                Step::Name(name) => text.push_str(&name.replace('~', "~0").replace('/', "~1")),
                // Writing to a string cannot fail.
                Step::Item(item) => drop(write!(text, "{item}")),
            }
        }
        text
    }

    /// For people: `spec.containers[0].image`.
    pub(crate) fn dotted(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            match step {
                Step::Name(name) if name.contains(['.', '/']) => drop(write!(text, "[\"{name}\"]")),
                Step::Name(name) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(name);
                }
                Step::Item(item) => drop(write!(text, "[{item}]")),
            }
        }
        text
    }
}
