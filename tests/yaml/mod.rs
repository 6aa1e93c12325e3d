//! The YAML writer: its exact bytes, and that every reader gets back what was meant.

mod exact;
mod go_reader;
mod lines;
mod meant;
mod read_back;
mod yaml11;
