//! What a source URI says, before anything is asked of the network.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use url::Url;

use super::error::FetchError;
use super::path::RelPath;

/// A source URI taken apart.
#[derive(Clone, Debug)]
pub(super) struct SourceUri {
    /// The URI as it may be logged: without query, which holds the secret of a presigned URL.
    pub(super) shown: String,
    pub(super) place: Place,
    /// All objects below it, rather than one object.
    pub(super) folder: bool,
}

/// Where a source lies.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    S3(Bucket),
    Gcs(Bucket),
    Web(Url),
    Hub(HubPlace),
    Local(PathBuf),
}

/// A bucket and a key in it; the key is as the store names it, without percent escapes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bucket {
    pub(super) name: String,
    pub(super) key: String,
}

/// A place in a Hugging Face model repository.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HubPlace {
    /// `org/repo`.
    pub(super) repo: String,
    /// Branch, tag or commit; `main` where the URI names none.
    pub(super) revision: String,
    /// Empty for the whole repository; without `/` at its end.
    pub(super) path: String,
}

impl SourceUri {
    /// Reads a URI.
    ///
    /// # Errors
    /// `FetchError::Uri` for an unknown scheme, a missing part, credentials in the URI, or a folder where none can be listed.
    pub(super) fn parse(text: &str) -> Result<Self, FetchError> {
        let wrong = |why: &str| FetchError::Uri {
            uri: without_query(text),
            why: why.to_owned(),
        };
        let folder = text.ends_with('/');
        let (place, folder) = match text.split_once(':') {
            Some(("s3", rest)) => (Place::S3(bucket(rest).map_err(wrong)?), folder),
            Some(("gs", rest)) => (Place::Gcs(bucket(rest).map_err(wrong)?), folder),
            Some(("https", _)) => (Place::Web(web(text).map_err(|why| wrong(&why))?), false),
            Some(("http", _)) => {
                return Err(wrong("plain `http://` is not fetched, use `https://`"));
            }
            Some(("hf", rest)) => {
                let place = hub(rest).map_err(wrong)?;
                let whole = place.path.is_empty();
                (Place::Hub(place), folder || whole)
            }
            Some(("file", rest)) => (Place::Local(file(rest).map_err(wrong)?), folder),
            Some((scheme, rest)) if rest.starts_with("//") => {
                let why =
                    format!("unknown scheme `{scheme}`, use `s3`, `gs`, `https`, `hf` or `file`");
                return Err(wrong(&why));
            }
            _ if text.is_empty() => return Err(wrong("it is empty")),
            _ => (Place::Local(PathBuf::from(text)), folder),
        };
        if let (Place::S3(bucket) | Place::Gcs(bucket), false) = (&place, folder)
            && bucket.key.is_empty()
        {
            return Err(wrong(
                "it names no object; to fetch the whole bucket end it in `/`",
            ));
        }
        Ok(Self {
            shown: without_query(text),
            place,
            folder,
        })
    }

    /// Returns the name that a single object gets in the target folder.
    ///
    /// # Errors
    /// `FetchError::UnsafePath` where the last part of the URI is no file name.
    pub(super) fn file_name(&self) -> Result<RelPath, FetchError> {
        let name = match &self.place {
            Place::S3(bucket) | Place::Gcs(bucket) => last_part(&bucket.key).to_owned(),
            Place::Web(url) => percent_decode_str(last_part(url.path()))
                .decode_utf8_lossy()
                .into_owned(),
            Place::Hub(place) => last_part(&place.path).to_owned(),
            Place::Local(path) => path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
        };
        if name.contains('/') {
            return Err(FetchError::UnsafePath {
                path: name,
                why: "a file name has no `/`",
            });
        }
        RelPath::parse(&name).map_err(|why| FetchError::UnsafePath { path: name, why })
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn without_query(text: &str) -> String {
    let is_web = text.starts_with("https:") || text.starts_with("http:");
    match text.split_once('?') {
        Some((before, _)) if is_web => before.to_owned(),
        _ => text.to_owned(),
    }
}

fn bucket(rest: &str) -> Result<Bucket, &'static str> {
    let rest = rest
        .strip_prefix("//")
        .ok_or("`//` and a bucket must follow the scheme")?;
    let (name, key) = rest.split_once('/').unwrap_or((rest, ""));
    if name.is_empty() {
        return Err("the bucket is missing");
    }
    if name.contains(['@', ':']) {
        return Err(
            "a bucket name holds no `@` or `:`; credentials come from the environment, the endpoint from `--endpoint`",
        );
    }
    if key.starts_with('/') || key.contains("//") {
        return Err("the key has an empty part");
    }
    Ok(Bucket {
        name: name.to_owned(),
        key: key.to_owned(),
    })
}

fn web(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|e| e.to_string())?;
    if url.path().ends_with('/') {
        return Err("an `https://` folder cannot be listed; name one file".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a URI must not hold credentials".to_owned());
    }
    if url.fragment().is_some() {
        return Err("a fragment has no meaning here".to_owned());
    }
    Ok(url)
}

fn hub(rest: &str) -> Result<HubPlace, &'static str> {
    const FORM: &str = "the form is `hf://org/repo@revision[/path]`";
    let rest = rest.strip_prefix("//").ok_or(FORM)?;
    let (org, rest) = rest.split_once('/').ok_or(FORM)?;
    let (repo, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (repo, revision) = repo.split_once('@').unwrap_or((repo, "main"));
    let revision = percent_decode_str(revision)
        .decode_utf8()
        .map_err(|_| "the revision is not UTF-8")?;
    if [org, repo, &revision].iter().any(|part| part.is_empty()) || org.contains('@') {
        return Err(FORM);
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    for part in [org, repo] {
        RelPath::parse(part)?;
    }
    if !path.is_empty() {
        RelPath::parse(path)?;
    }
    Ok(HubPlace {
        repo: format!("{org}/{repo}"),
        revision: revision.into_owned(),
        path: path.to_owned(),
    })
}

fn file(rest: &str) -> Result<PathBuf, &'static str> {
    let path = match rest.strip_prefix("//") {
        Some(absolute) if absolute.starts_with('/') => absolute,
        Some(_) => return Err("a `file:` URI names no host, write `file:///path`"),
        None => rest,
    };
    if path.is_empty() {
        return Err("the path is missing");
    }
    Ok(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::{Place, SourceUri};

    fn parse(text: &str) -> SourceUri {
        SourceUri::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn a_slash_at_the_end_makes_a_folder() {
        assert!(parse("s3://models/bert/").folder);
        assert!(parse("s3://models/").folder);
        assert!(!parse("s3://models/bert").folder);
        assert!(parse("hf://org/repo@v1").folder);
        assert!(parse("hf://org/repo@v1/onnx/").folder);
        assert!(!parse("hf://org/repo@v1/onnx/model.onnx").folder);
        assert!(parse("/models/").folder);
    }

    #[test]
    fn hub_uris_name_repository_revision_and_path() {
        let Place::Hub(place) = parse("hf://org/repo@refs%2Fpr%2F1/onnx/").place else {
            panic!("not a hub place")
        };
        assert_eq!(
            (&*place.repo, &*place.revision, &*place.path),
            ("org/repo", "refs/pr/1", "onnx")
        );
        let Place::Hub(place) = parse("hf://org/repo").place else {
            panic!("not a hub place")
        };
        assert_eq!(place.revision, "main");
    }

    #[test]
    fn a_presigned_url_is_shown_without_its_signature() {
        let uri = parse("https://host/a/model.onnx?X-Amz-Signature=secret");
        assert_eq!(uri.shown, "https://host/a/model.onnx");
        assert_eq!(uri.file_name().unwrap().as_str(), "model.onnx");
        let error = SourceUri::parse("http://host/m?sig=secret")
            .unwrap_err()
            .to_string();
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn wrong_uris_say_what_is_wrong() {
        for (uri, why) in [
            ("", "empty"),
            ("s3:models/x", "`//`"),
            ("s3:///x", "bucket is missing"),
            ("s3://key:secret@bucket/x", "credentials"),
            ("s3://bucket", "names no object"),
            ("s3://bucket/a//b", "empty part"),
            ("http://host/x", "use `https://`"),
            ("https://host/dir/", "cannot be listed"),
            ("https://u:p@host/x", "credentials"),
            ("hf://repo", "org/repo"),
            ("hf://org/repo@/x", "org/repo"),
            ("hf://org/repo@v1/../x", "leave the target"),
            ("file://host/x", "names no host"),
            ("ftp://host/x", "unknown scheme `ftp`"),
            ("oci://host/x", "unknown scheme `oci`"),
        ] {
            let error = SourceUri::parse(uri).unwrap_err().to_string();
            assert!(error.contains(why), "{uri}: {error}");
        }
    }

    #[test]
    fn a_single_object_keeps_its_file_name() {
        for (uri, name) in [
            ("s3://b/m/model.onnx", "model.onnx"),
            ("https://host/m/my%20model.onnx", "my model.onnx"),
            ("file:///m/x.bin", "x.bin"),
            ("m/x.bin", "x.bin"),
        ] {
            assert_eq!(parse(uri).file_name().unwrap().as_str(), name);
        }
        for uri in [
            "https://host/a/..%2Fx",
            "https://host/%2e%2e%2fetc",
            "file:/..",
        ] {
            assert!(parse(uri).file_name().is_err(), "{uri}");
        }
    }
}
