//! Exit codes of every `mlserve` command.

/// All went well; for `serve`: ended on request, every accepted request answered.
pub const OK: u8 = 0;

/// The command line or the configuration file is wrong. Starting again cannot help.
pub const CONFIG: u8 = 1;

/// The surroundings failed: a model that does not load, a device that is not there, a port in use, an engine that died.
pub const FAILED: u8 = 2;

/// The end was asked for and the drain budget ran out with requests still open, or a second signal cut it short.
pub const DRAIN: u8 = 3;
