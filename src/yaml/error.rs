//! Why a value could not be written.

use std::fmt;

/// A value that has no place in a Kubernetes manifest. A defect of the value's type, never of a
/// spec: users cannot cause it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unrepresentable {
    /// A map key is neither string, integer, bool nor unit variant; holds what it is.
    Key(&'static str),
    /// The value's own `Serialize` gave up, with this message.
    Custom(String),
}

impl fmt::Display for Unrepresentable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(what) => write!(f, "a map key cannot be {what}"),
            Self::Custom(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Unrepresentable {}

impl serde::ser::Error for Unrepresentable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}
