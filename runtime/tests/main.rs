//! Everything that is tested from outside of `mlserve`, as one binary.

mod fetch;
