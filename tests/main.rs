//! The one test binary of mlspec: every integration test is a module here.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod yaml;
//! All integration tests, in one binary: linking once is cheaper.

mod syntax;
