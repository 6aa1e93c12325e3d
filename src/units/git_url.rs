//! Addresses of Git repositories.

use smol_str::SmolStr;

use super::{HttpUrl, UnitError, host_port, text_newtype};

/// `https://host/path`, `ssh://[user@]host[:port]/path` or `user@host:path`; kept as written,
/// since GitOps tools compare it with what they were registered with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GitUrl(SmolStr);

text_newtype!(GitUrl);

impl GitUrl {
    /// Reads an address.
    ///
    /// # Errors
    /// Another form, or a password in it.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || {
            let expected = "expected one such as `https://git.acme.io/ml/deploy.git`";
            UnitError::new(text, "a Git repository", expected)
        };
        if text.starts_with("https://") || text.starts_with("http://") {
            let url = HttpUrl::parse(text)?;
            return if url.path().len() > 1 {
                Ok(Self(text.into()))
            } else {
                Err(error())
            };
        }
        let (authority, path) = match text.strip_prefix("ssh://") {
            Some(rest) => rest.split_once('/').ok_or_else(error)?,
            None => {
                let (authority, path) = text.split_once(':').ok_or_else(error)?;
                if !authority.contains('@') {
                    return Err(error());
                }
                (authority, path)
            }
        };
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        let user = authority.strip_suffix(host).unwrap_or_default();
        let host_ok = host_port::is_host(host) || super::HostPort::parse(host).is_ok();
        let path_ok = !path.is_empty() && path.bytes().all(|b| b.is_ascii_graphic());
        if user.contains(':') || !host_ok || !path_ok {
            return Err(error());
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three forms.
    #[test]
    fn reads_and_refuses() {
        for good in [
            "https://git.acme.io/ml/deploy.git",
            "ssh://git@git.acme.io:22/ml/deploy.git",
            "ssh://git.acme.io/ml/deploy",
            "git@git.acme.io:ml/deploy.git",
        ] {
            assert_eq!(GitUrl::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "deploy.git",
            "https://git.acme.io",
            "https://git.acme.io/",
            "git.acme.io:ml/x",
            "https://u:p@git.acme.io/x",
            "ssh://u:p@git.acme.io/x",
            "file:///x",
            "git@:x",
            "git@a:",
        ] {
            assert!(GitUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
