//! What is written, and how safely.

mod yaml;
