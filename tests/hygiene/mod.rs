//! Laws of the source tree that no compiler checks.

mod files;
mod folders;
mod law;
mod machine;
mod rust;
mod sizes;
mod tables;
mod text;
mod walkthrough;
