//! The page behind a code: what `mlspec explain CODE` prints.

/// A code and its page.
#[derive(Debug)]
pub struct Page {
    /// The code, `LNG-01`.
    pub code: &'static str,
    /// Its name in words joined by `-`, as it is also called in file names.
    pub name: &'static str,
    /// Markdown: what it means, an example that raises it, what to write instead.
    pub text: &'static str,
}
