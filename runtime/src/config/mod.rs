//! The configuration file -> a checked [`ServerConfig`], with file and line for everything that is wrong.

mod locate;

use std::path::Path;

use mlspec_contract::config::ServerConfig;

/// What the standard library says of an address that it cannot read.
const NO_ADDRESS: &str = "invalid socket address syntax";

/// One thing that is wrong with a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads and checks a file.
///
/// # Errors
/// Everything that is wrong, in the order of the file.
pub fn read(path: &Path) -> Result<ServerConfig, Vec<Located>> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        vec![Located {
            line: 0,
            message: format!("cannot be read: {error}"),
        }]
    })?;
    parse(&text)
}

/// Checks a text.
///
/// # Errors
/// As for [`read`].
pub fn parse(text: &str) -> Result<ServerConfig, Vec<Located>> {
    let config: ServerConfig = serde_norway::from_str(text).map_err(|error| {
        let line = error.location().map_or(0, |location| location.line());
        let mut message = error.to_string();
        // The reader appends the place, which stands in front already.
        if let Some(at) = message.rfind(" at line ") {
            message.truncate(at);
        }
        if message.ends_with(NO_ADDRESS) {
            message.push_str(": write `ADDR:PORT`, such as `0.0.0.0:8080`");
        }
        vec![Located { line, message }]
    })?;
    let problems = config.validate();
    if problems.is_empty() {
        return Ok(config);
    }
    let lines = locate::lines(text);
    Err(problems
        .into_iter()
        .map(|problem| Located {
            line: locate::find(&lines, &problem.path),
            message: problem.to_string(),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<(usize, String)> {
        parse(text)
            .unwrap_err()
            .into_iter()
            .map(|p| (p.line, p.message))
            .collect()
    }

    #[test]
    fn wrong_types_and_keys_have_a_line() {
        let found = problems("models:\n  - name: a\n    path: b\n    oops: 1\n");
        assert_eq!(found[0].0, 4);
        assert!(found[0].1.contains("unknown field `oops`"), "{found:?}");
    }

    #[test]
    fn an_address_has_numbers() {
        for wrong in ["localhost:8080", "8080", "127.0.0.1:99999"] {
            let found = problems(&format!("http: {wrong}\nmodels: []\n"));
            let [(1, message)] = &found[..] else {
                panic!("{found:?}");
            };
            assert!(message.contains("such as `0.0.0.0:8080`"), "{message}");
        }
    }

    #[test]
    fn wrong_values_have_a_line() {
        let text = "models:\n  - name: a\n    path: b\n    batch:\n      maxSize: 0\n    timeoutMs: 60000\n";
        let lines: Vec<usize> = problems(text).iter().map(|p| p.0).collect();
        assert_eq!(lines, [5, 0]);
    }
}
