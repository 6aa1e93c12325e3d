//! Objects in, files out: canonical YAML, where each object lies, and a tree on disk that can be
//! killed at any moment and still says whose every file is. Start reading at [`yaml`].

pub mod yaml;
