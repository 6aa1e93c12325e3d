//! Protocol extensions that are not offered. Who sends their parameters counts on them, so they are refused; parameters
//! that belong to no extension are let be, as the protocol has it.

use crate::failure::{Failure, Kind};

/// The extension that a parameter belongs to, if it is one that is not offered.
pub(crate) fn extension(parameter: &str) -> Option<&'static str> {
    match parameter {
        "shared_memory_region" => Some("shared memory"),
        "classification" => Some("the classification extension"),
        // Each request stands alone here: state from one to the next would be lost in silence.
        "sequence_id" => Some("the sequence extension"),
        _ => None,
    }
}

/// What a client is told that counts on one.
pub(crate) fn refused(extension: &str) -> Failure {
    Failure::new(Kind::Unsupported, format!("{extension} is not offered"))
}
