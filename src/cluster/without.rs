//! What a build without the feature `cluster` says.

use super::{Answer, Failure, Question};

/// Cannot ask.
///
/// # Errors
/// Always, with how to get a build that can.
pub fn ask(_: &[Question<'_>]) -> Result<Answer, Failure> {
    Err(Failure {
        message: "this mlspec was built without what speaks with clusters".to_owned(),
        note: Some("it doubles the dependencies, so it is the cargo feature `cluster`".to_owned()),
        help: "build it with: cargo install --path . --locked --features cluster".to_owned(),
    })
}
