//! All integration tests, in one binary: linking once is cheaper.

mod hygiene;
mod syntax;
mod ui;
