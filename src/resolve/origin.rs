//! Where a value comes from: what `mlspec why` tells.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use smol_str::{SmolStr, ToSmolStr};

use crate::source::Span;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// The spec says it, here.
    Written(Span),
    /// Nothing is written: the node table's default of this node or property.
    Default(&'static str),
    /// It cannot be otherwise: a rule of Kubernetes, of the server's contract, or of mlspec.
    Fixed(&'static str),
    /// Computed from other values.
    Derived(Arc<Derivation>),
}

/// How a value was computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Derivation {
    /// What it is: "startup window".
    pub what: &'static str,
    /// The formula in words, with units.
    pub formula: &'static str,
    /// What went in.
    pub inputs: Vec<Input>,
}

/// One input of a derivation.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name in the formula.
    pub name: &'static str,
    /// Its value, as shown.
    pub value: SmolStr,
    /// Where it comes from.
    pub from: Origin,
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub from: Origin,
}

impl<T> Traced<T> {
    /// A value that is written at `span`.
    pub fn written(value: T, span: Span) -> Self {
        Self {
            value,
            from: Origin::Written(span),
        }
    }

    /// A default of the node table; `node` names the node or property.
    pub fn default(value: T, node: &'static str) -> Self {
        Self {
            value,
            from: Origin::Default(node),
        }
    }

    /// A value that cannot be otherwise, and why.
    pub fn fixed(value: T, why: &'static str) -> Self {
        Self {
            value,
            from: Origin::Fixed(why),
        }
    }

    /// A computed value.
    pub fn derived(
        value: T,
        what: &'static str,
        formula: &'static str,
        inputs: Vec<Input>,
    ) -> Self {
        Self {
            value,
            from: Origin::Derived(Arc::new(Derivation {
                what,
                formula,
                inputs,
            })),
        }
    }

    /// Another value with the same origin.
    pub fn map<U>(&self, f: impl FnOnce(&T) -> U) -> Traced<U> {
        Traced {
            value: f(&self.value),
            from: self.from.clone(),
        }
    }

    /// The place in the spec, where there is one.
    pub fn span(&self) -> Option<Span> {
        self.from.span()
    }
}

impl<T: std::fmt::Display> Traced<T> {
    /// This value as the input of a derivation.
    pub fn input(&self, name: &'static str) -> Input {
        Input {
            name,
            value: self.value.to_smolstr(),
            from: self.from.clone(),
        }
    }
}

impl<T> Deref for Traced<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl Origin {
    /// The place in the spec: the value's own, or that of the first input that has one.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Written(span) => Some(*span),
            Self::Derived(d) => d.inputs.iter().find_map(|i| i.from.span()),
            Self::Default(_) | Self::Fixed(_) => None,
        }
    }
}

impl Input {
    /// An input that is not a value of the plan.
    pub fn new(name: &'static str, value: impl fmt::Display, from: Origin) -> Self {
        Self {
            name,
            value: value.to_smolstr(),
            from,
        }
    }
}
