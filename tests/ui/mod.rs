//! Specs that say which diagnostics they raise, and what a user then sees.
//!
//! A case is a `.kdl` file below this folder, or a folder with an `mlspec.kdl`:
//!
//! - `//~ GPU-02` at the end of a line says that a diagnostic of that code starts on this line;
//!   several codes, one for each; `//~^ GPU-02` means the line above, `//~^^` the one above that.
//!   `//~? OUT-01` on any line is one whose place is no line of the case: in the prelude, or nowhere.
//! - Every diagnostic must be announced, and every announced one must come. A case that announces
//!   none must lie in `pass/`.
//! - `case.stderr` beside it holds the human rendering and the exit code. `case.fixed.kdl` holds the
//!   case after its machine-applicable fixes; what they mend must be gone then, and nothing new come.
//! - `MLSPEC_BLESS=1 cargo test --test tests ui` rewrites both, and deletes stale ones.
//!
//! A line `//# clusters/a.kdl` starts another file of the same workspace. What stands before the
//! first such line is `models/<name of the case>.kdl`. A case without an `mlspec.kdl` of its own gets
//! the files of `_prelude/` that it does not replace by path.

mod annotations;
mod case;
mod fixes;
mod runner;
mod selftest;
