//! Where in an object a check stands. Text is made only for violations.

use std::fmt::Write as _;

use super::tape::View;

/// One step down.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Step<'t> {
    /// To a field that may not be there.
    Name(&'static str),
    /// To a field that is there.
    Field(View<'t>),
    Item(usize),
}

impl<'t> Step<'t> {
    /// The name of a field; `None` for an item of a list.
    pub(crate) fn name(self) -> Option<&'t str> {
        match self {
            Step::Name(name) => Some(name),
            Step::Field(view) => Some(view.key()),
            Step::Item(_) => None,
        }
    }
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
    #[inline]
    pub(crate) fn in_list(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Item(_)))
    }

    /// A field, there or not.
    #[inline]
    pub(crate) fn push_name(&mut self, name: &'static str) {
        self.steps.push(Step::Name(name));
    }

    /// A field that is there; its name is only looked up for a violation.
    #[inline]
    pub(crate) fn push_field(&mut self, field: View<'t>) {
        self.steps.push(Step::Field(field));
    }

    #[inline]
    pub(crate) fn push_item(&mut self, item: usize) {
        self.steps.push(Step::Item(item));
    }

    #[inline]
    pub(crate) fn pop(&mut self) {
        self.steps.pop();
    }

    /// RFC 6901: `/spec/containers/0/image`; `~` and `/` in names are escaped.
    pub(crate) fn pointer(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            text.push('/');
            match step {
                // Writing to a string cannot fail.
                Step::Item(item) => {
                    let _ = write!(text, "{item}");
                }
                Step::Name(_) | Step::Field(_) => {
                    let name = step.name().unwrap_or_default();
                    text.push_str(&name.replace('~', "~0").replace('/', "~1"));
                }
            }
        }
        text
    }

    /// For people: `spec.containers[0].image`.
    pub(crate) fn dotted(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            if let Step::Item(item) = step {
                let _ = write!(text, "[{item}]");
                continue;
            }
            let name = step.name().unwrap_or_default();
            if name.contains(['.', '/']) {
                let _ = write!(text, "[\"{name}\"]");
            } else {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
        }
        text
    }
}
