//! All models by name and version.

use std::cmp::Reverse;
use std::sync::Arc;

use super::Served;
use crate::failure::{Failure, Kind};

/// All models, in the order of the configuration.
#[derive(Debug)]
pub struct Repository {
    models: Vec<Arc<Served>>,
}

impl Repository {
    /// A repository of these models.
    pub fn new(models: Vec<Arc<Served>>) -> Self {
        Self { models }
    }

    /// Every version of every model.
    pub fn all(&self) -> &[Arc<Served>] {
        &self.models
    }

    /// The versions of one model, in the order of the configuration.
    pub fn versions<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Arc<Served>> {
        self.models.iter().filter(move |served| served.name == name)
    }

    /// Whether every version of a model answers requests.
    pub fn is_ready(&self, name: &str) -> bool {
        self.versions(name).all(|served| served.is_ready())
    }

    /// One version, or the highest where none is named: numbers before other names, larger numbers first.
    ///
    /// # Errors
    /// `NotFound`, saying whether the name or the version is unknown.
    pub fn find(&self, name: &str, version: Option<&str>) -> Result<&Arc<Served>, Failure> {
        let version = version.filter(|version| !version.is_empty());
        let mut found = self.models.iter().filter(|served| served.name == name);
        let found = match version {
            Some(version) => found.find(|served| served.version == version),
            None => found.max_by_key(|served| rank(&served.version)),
        };
        found.ok_or_else(|| {
            let known = self.models.iter().any(|served| served.name == name);
            let message = match version {
                Some(version) if known => format!("model `{name}` has no version `{version}`"),
                _ => format!("there is no model `{name}`"),
            };
            Failure::new(Kind::NotFound, message)
        })
    }
}

fn rank(version: &str) -> (bool, u64, Reverse<&str>) {
    let number = version.parse::<u64>().ok();
    (number.is_some(), number.unwrap_or(0), Reverse(version))
}
