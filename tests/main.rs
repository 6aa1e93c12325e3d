//! All integration tests, in one binary: linking once is cheaper.

mod syntax;
