//! The contract between compiler and server. Depends on serde alone.
