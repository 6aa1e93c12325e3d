//! The API server's verdict, offline: any `Serialize` object in, [`Violation`]s out.
//!
//! Three passes over one recording of the object ([`tape`]): the structural schema of its kind in
//! the cluster's version (`structure`), the schema's CEL rules ([`cel`]) and what the server
//! checks in Go for its own kinds (`rules`). It never reads files and never changes an object.
//! `tests/control-plane/` compares the verdicts with those of a real server.

pub mod cel;
mod formats;
pub mod name;
mod path;
mod quantity;
pub mod record;
mod rules;
pub mod schema;
mod structure;
pub mod tape;

use serde::Serialize;

use path::Path;
use schema::{Lookup, Product, Schemas};
use tape::Tape;

/// What kind of thing is wrong.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// No `apiVersion`, no `kind`, or a pair that this cluster's products do not have.
    UnknownKind,
    /// A field that the kind does not have in this version.
    UnknownField,
    /// A value of another type.
    WrongType,
    /// A field that must be there is not.
    Required,
    /// A value outside of a list, range, length, pattern or format.
    BadValue,
    /// Two items of a list with one key.
    Duplicate,
    /// Fields that exclude or require each other, by the schema's logic.
    Combination,
    /// A CEL rule of the schema.
    Rule,
    /// A condition between fields that the server checks in code.
    Conflict,
}

/// One reason for which the API server refuses an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Where, as an RFC 6901 JSON pointer; empty for the whole object.
    pub pointer: String,
    /// What kind of thing it is.
    pub problem: Problem,
    /// One line that can be read alone: lower case, no final period.
    pub message: String,
    /// What to do, where the schema shows it: a similar name, or the version that has the field.
    pub help: Option<String>,
}

/// Everything for which the API server of a cluster refuses an object, in document order for
/// each pass; empty if it accepts it.
pub fn validate<T: Serialize + ?Sized>(object: &T, schemas: &Schemas) -> Vec<Violation> {
    match record::record(object) {
        Ok(tape) => validate_tape(&tape, schemas),
        Err(error) => vec![whole(
            Problem::WrongType,
            format!("not a JSON object: {error}"),
        )],
    }
}

fn validate_tape(tape: &Tape, schemas: &Schemas) -> Vec<Violation> {
    let object = tape.root();
    let (Some(api_version), Some(kind)) = (object.text("apiVersion"), object.text("kind")) else {
        let message = "an object needs `apiVersion` and `kind`".to_owned();
        return vec![whole(Problem::UnknownKind, message)];
    };
    let (snapshot, root) = match schemas.find(api_version, kind) {
        Lookup::Found(snapshot, root) => (snapshot, root),
        Lookup::OtherVersion(other) => {
            let version = schemas.version(other.product);
            let message = format!(
                "`{kind}` `{api_version}` is not known to {} {version}",
                other.product.title()
            );
            let mut violation = whole(Problem::UnknownKind, message);
            violation.help = Some(format!("{} {} has it", other.product.title(), other.from));
            return vec![violation];
        }
        Lookup::Unknown => {
            let message = format!("no schema is known for `{kind}` `{api_version}`");
            return vec![whole(Problem::UnknownKind, message)];
        }
    };
    let mut path = Path::default();
    let mut found = structure::check(object, snapshot, root, schemas, &mut path);
    // The server stops at the first pass that fails, and the rules rely on the types.
    if found.is_empty() {
        let kubernetes = schemas.version(Product::Kubernetes);
        rules::check(kubernetes, object, &mut path, &mut found);
    }
    found
}

fn whole(problem: Problem, message: String) -> Violation {
    Violation {
        pointer: String::new(),
        problem,
        message,
        help: None,
    }
}
