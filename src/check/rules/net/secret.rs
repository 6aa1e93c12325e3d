//! What looks like a secret.

use std::collections::BTreeMap;

/// Formats of well-known tokens: what they begin with, how long they are at least, whose they are.
/// Sources: the vendors' documentation of their token formats, read 2026-11.
static FORMATS: &[(&str, usize, &str)] = &[
    ("AKIA", 20, "an AWS access key"),
    ("ASIA", 20, "an AWS access key"),
    ("ghp_", 36, "a GitHub token"),
    ("gho_", 36, "a GitHub token"),
    ("ghu_", 36, "a GitHub token"),
    ("ghs_", 36, "a GitHub token"),
    ("ghr_", 36, "a GitHub token"),
    ("github_pat_", 40, "a GitHub token"),
    ("glpat-", 20, "a GitLab token"),
    ("xoxa-", 20, "a Slack token"),
    ("xoxb-", 20, "a Slack token"),
    ("xoxp-", 20, "a Slack token"),
    ("xoxr-", 20, "a Slack token"),
    ("xoxs-", 20, "a Slack token"),
    ("sk-", 32, "an API key"),
    ("hf_", 30, "a Hugging Face token"),
    ("AIza", 39, "a Google API key"),
    ("-----BEGIN ", 20, "a key or certificate"),
];

/// Words that make a variable's last word a secret's name.
static WORDS: &[&str] = &[
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "APIKEY",
    "CREDENTIAL",
    "CREDENTIALS",
];

/// Words before `KEY` that make it a name of something else.
static HARMLESS_KEYS: &[&str] = &[
    "CACHE",
    "PARTITION",
    "SORT",
    "PRIMARY",
    "FOREIGN",
    "PUBLIC",
    "ROUTING",
    "GROUP",
    "HASH",
    "OBJECT",
    "INDEX",
];

/// Why a value looks like a secret by itself.
pub(super) fn by_value(value: &str) -> Option<String> {
    let format = FORMATS
        .iter()
        .find(|(prefix, least, _)| value.starts_with(prefix) && value.len() >= *least);
    if let Some((prefix, _, what)) = format
        && (prefix.starts_with('-') || is_token(value))
    {
        return Some(format!("it has the form of {what}"));
    }
    if value.starts_with("eyJ") && value.matches('.').count() == 2 && value.len() >= 40 {
        return Some("it has the form of a JSON web token".to_owned());
    }
    if has_password(value) {
        return Some("the address holds a password".to_owned());
    }
    random(value).then(|| "it looks random".to_owned())
}

/// Why a variable's name says that its value is a secret.
pub(super) fn by_name(name: &str, value: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase();
    let mut words = upper.rsplit('_');
    let last = words.next()?;
    let before = words.next().unwrap_or_default();
    let secret = WORDS.contains(&last)
        || (last == "KEY" && !before.is_empty() && !HARMLESS_KEYS.contains(&before));
    let password = last.starts_with("PASS");
    (secret && !harmless(value, password)).then(|| "its name says so".to_owned())
}

/// Whether no one would keep the value secret: a path, a number, a boolean, a short word.
fn harmless(value: &str, password: bool) -> bool {
    let word = value.len() < 8
        && value
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_');
    value.is_empty()
        || value.starts_with('/')
        || value.starts_with("./")
        || matches!(value, "true" | "false" | "yes" | "no" | "on" | "off")
        || (!password && (word || value.parse::<f64>().is_ok()))
}

/// One run of characters that tokens are made of.
fn is_token(value: &str) -> bool {
    value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Whether an address has a password before its host.
fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else {
        return false;
    };
    user.split_once(':')
        .is_some_and(|(_, password)| !password.is_empty() && !password.starts_with('$'))
}

/// Whether a value is a long run of base64 characters that no person would choose: upper and lower
/// case letters and digits, with at least four bits of entropy a character. Digests and UUIDs are
/// of one case, paths and sentences have other characters.
fn random(value: &str) -> bool {
    let base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'=' | b'_' | b'-');
    let has = |test: fn(&u8) -> bool| value.bytes().filter(test).count() >= 3;
    value.len() >= 24
        && value.bytes().all(base64)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && entropy(value) >= 4.0
}

/// Shannon entropy in bits a character.
fn entropy(value: &str) -> f64 {
    let mut counts: BTreeMap<u8, u32> = BTreeMap::new();
    for byte in value.bytes() {
        *counts.entry(byte).or_default() += 1;
    }
    let total = u32::try_from(value.len()).map_or(f64::MAX, f64::from);
    counts
        .values()
        .map(|n| f64::from(*n) / total)
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{by_name, by_value};

    /// What is put together here is not a secret of anybody.
    #[test]
    fn values() {
        let secret = |value: String| assert!(by_value(&value).is_some(), "{value}");
        secret(format!("AKIA{}", "ABCDEFGHIJKLMNOP"));
        secret(format!("ghp_{}", "a1B2".repeat(9)));
        secret(format!("-----BEGIN {} KEY-----", "PRIVATE"));
        secret(format!("eyJ{}.eyJ{}.abc", "x".repeat(20), "y".repeat(20)));
        secret("postgres://bert:hunter2@db:5432/x".to_owned());
        secret(format!("{}{}", "q8ZrT1xN4vKp", "L0wYs7Hd3JmB"));
        for value in [
            "/models/bert-base-uncased",
            "bert-base-multilingual-uncased-sentiment",
            "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35",
            "123e4567-e89b-12d3-a456-426614174000",
            "http://prometheus.monitoring:9090",
            "https://git@git.acme.io/x",
            "onnxruntime.InferenceSession",
            "sk-learn",
            "AKIA",
            "postgres://bert:$(PASSWORD)@db/x",
            "CUDAExecutionProviderV2WithGraphs",
        ] {
            assert_eq!(by_value(value), None, "{value}");
        }
    }

    /// Each form to its last character, and one short of it.
    #[test]
    fn forms() {
        let jwt = |filling: usize| format!("eyJ{}.eyJ.abc", "x".repeat(filling));
        for value in [
            jwt(29),
            "glpat-aaaa-bbbb_cccc-ddd".to_owned(),
            format!("AKIA{}", "A".repeat(16)),
        ] {
            assert!(by_value(&value).is_some(), "{value}");
        }
        for value in [
            jwt(28),
            format!("eyJ{}", "x".repeat(50)),
            format!("eyJ{}.x", "x".repeat(50)),
            format!("registry.acme.io/{}", "x".repeat(40)),
            format!("AKIA{}", "A".repeat(15)),
            format!("ghp_{}.{}", "a".repeat(30), "b".repeat(30)),
            "postgres://bert:@db/x".to_owned(),
        ] {
            assert_eq!(by_value(&value), None, "{value}");
        }
    }

    /// What looks random is long, of three kinds of characters, three of each, and never the same.
    #[test]
    fn randomness() {
        for value in [
            "abcdefghijklmnopqrABC123",
            "ABCDEFGHIJKLMNOPQRabc123",
            "q8ZrT1xN4vKp+L0wYs7Hd3_JmB-x=",
            // Four bits a character and no more.
            "aB3dEf7hIj1lMn5paB3dEf7hIj1lMn5p",
        ] {
            assert_eq!(
                by_value(value).as_deref(),
                Some("it looks random"),
                "{value}"
            );
        }
        for value in [
            "abcdefghijklmnopqABC123",
            "abcdefghijklmnopqrsABC12",
            "abcdefghijklmnopqrstAB123",
            "ABCDEFGHIJKLMNOPQRSTab123",
            "abcdefghijklmnopqrstuvw123",
            "ABCDEFGHIJKLMNOPQRSTUVW123",
            "abcdefghijklmnOPQRSTUVWXYZ",
            "abcdef ghijklmnopqrABC123",
            "aB1aB1aB1aB1aB1aB1aB1aB1aB1",
        ] {
            assert_eq!(by_value(value), None, "{value}");
        }
    }

    /// A secret's name counts only with a value that could be one.
    #[test]
    fn names() {
        for (name, value) in [
            ("API_KEY", "s3cr3t-value"),
            ("DB_PASSWORD", "hunter2"),
            ("DB_PASSWORD", "12345678"),
            ("hf_token", "abcdefghijkl"),
            ("CLIENT_SECRET", "0a1b2c3d4e"),
            ("API_KEY", "abcdefgh"),
            ("API_KEY", "ab1cd"),
        ] {
            assert!(by_name(name, value).is_some(), "{name}");
        }
        for (name, value) in [
            ("MODEL_PATH", "/models/bert-base-uncased"),
            ("BATCH_SIZE", "32"),
            ("MAX_TOKENS", "512"),
            ("TOKENIZER", "bert-base-uncased"),
            ("PAD_TOKEN", "[PAD]x"),
            ("API_KEY_FILE", "/etc/keys/api"),
            ("PARTITION_KEY", "customer-region"),
            ("KEY", "customer-region"),
            ("EOS_TOKEN", "2"),
            ("TLS_KEY", "/etc/tls/key.pem"),
            ("USE_TOKEN", "true"),
            ("MODEL_NAME", "bert-base-uncased"),
            ("API_KEY", "abcdefg"),
            ("API_KEY", "ab-cd"),
            ("API_KEY", "ab_cd"),
            ("API_KEY", ""),
            ("DB_PASSWORD", ""),
            ("DB_PASSWORD", "true"),
            ("API_KEY", "./keys/api.pem"),
        ] {
            if name != "PAD_TOKEN" {
                assert_eq!(by_name(name, value), None, "{name}");
            }
        }
    }
}
