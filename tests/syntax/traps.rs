//! Every mistake people are known to make, with the report it gets and the text after its fix.

use mlspec::diag::Severity;
use mlspec::syntax::codes::{self, CODES};
use mlspec::syntax::tree::Scalar;

use super::{codes_of, fixed, parsed};

/// A text, the codes it raises, and the text once the fixes that need no person are applied.
#[rustfmt::skip]
const MENDED: &[(&str, &[&str], &str)] = &[
    // URLs: KDL reads a word and a comment, which may also take in a brace.
    ("source s3://bucket/llama", &["KDL-34"], "source \"s3://bucket/llama\""),
    ("x { y repo=https://h/r }", &["KDL-34"], "x { y repo=\"https://h/r\" }"),
    ("x { repo=https://h/r }", &["KDL-43", "KDL-34"], "x { repo \"https://h/r\" }"),
    ("x { y repo=https://h/r?a=b&c={d} }", &["KDL-34"], "x { y repo=\"https://h/r?a=b&c={d}\" }"),
    ("a {\n    u http://h }\nb 1", &["KDL-34"], "a {\n    u \"http://h\" }\nb 1"),
    ("u s3://a; v 1", &["KDL-34"], "u \"s3://a\"; v 1"),
    ("u x=http://a y=http://b", &["KDL-34", "KDL-34"], "u x=\"http://a\" y=\"http://b\""),
    // File patterns: KDL reads a comment.
    ("use models/**/*.kdl", &["KDL-36"], "use \"models/**/*.kdl\""),
    ("use clusters/*.kdl \"b\"", &["KDL-36"], "use \"clusters/*.kdl\" \"b\""),
    // Quantities, profiles, versions.
    ("memory 80Gi", &["KDL-31"], "memory \"80Gi\""),
    ("timeout 30s", &["KDL-31"], "timeout \"30s\""),
    ("slo p95=500ms errors=1%", &["KDL-31", "KDL-31"], "slo p95=\"500ms\" errors=\"1%\""),
    ("load expected=200/s", &["KDL-31"], "load expected=\"200/s\""),
    ("store bandwidth=200Mi/s { a }", &["KDL-31"], "store bandwidth=\"200Mi/s\" { a }"),
    ("price 32.77/h", &["KDL-31"], "price \"32.77/h\""),
    ("gpu 3g.40gb", &["KDL-32"], "gpu \"3g.40gb\""),
    ("gpu mig=1g.10gb+me", &["KDL-32"], "gpu mig=\"1g.10gb+me\""),
    ("version 0.4.0", &["KDL-33"], "version \"0.4.0\""),
    ("version 1.30.2-rc.1", &["KDL-33"], "version \"1.30.2-rc.1\""),
    ("until 2027-03-01", &["KDL-30"], "until \"2027-03-01\""),
    ("weight .5 -.5", &["KDL-30", "KDL-30"], "weight 0.5 -0.5"),
    // Texts with characters that need quotes.
    ("image ghcr.io/org/app:v1", &["KDL-35"], "image \"ghcr.io/org/app:v1\""),
    ("image name=ghcr.io/a@sha256:0 b", &["KDL-35"], "image name=\"ghcr.io/a@sha256:0\" b"),
    ("artifact /models/bert", &["KDL-35"], "artifact \"/models/bert\""),
    ("allow cidr=10.0.0.0/8", &["KDL-35"], "allow cidr=\"10.0.0.0/8\""),
    ("query sum(rate(x[5m]))", &["KDL-35"], "query \"sum(rate(x[5m]))\""),
    ("args a=b=c d", &["KDL-35"], "args a=\"b=c\" d"),
    ("label app/name=\"x\"", &["KDL-35"], "label \"app/name\"=\"x\""),
    ("path C:\\temp\\x", &["KDL-35"], "path #\"C:\\temp\\x\"#"),
    ("in(prod) { a }", &["KDL-35"], "\"in(prod)\" { a }"),
    ("token ab/cd==", &["KDL-35"], "token \"ab/cd==\""),
    ("(a/b)x 1", &["KDL-35"], "(\"a/b\")x 1"),
    // Keywords.
    ("enabled true", &["KDL-40"], "enabled #true"),
    ("a spot=false b=null", &["KDL-40", "KDL-40"], "a spot=#false b=#null"),
    ("a #True #NULL", &["KDL-38", "KDL-38"], "a #true #null"),
    // YAML, JSON, TOML, shell.
    ("scale: min=1", &["KDL-44"], "scale min=1"),
    ("a { scale: 1; b 2 }", &["KDL-44"], "a { scale 1; b 2 }"),
    ("gpu mig: \"1g.5gb\" pool:  \"a\"", &["KDL-44", "KDL-44"], "gpu mig=\"1g.5gb\" pool=\"a\""),
    ("image=\"a:b\"", &["KDL-43"], "image \"a:b\""),
    ("replicas = 3", &["KDL-43"], "replicas 3"),
    ("a { replicas= 3 }", &["KDL-43"], "a { replicas 3 }"),
    ("m = \"x\" {\n    gpu 1\n}", &["KDL-43"], "m \"x\" {\n    gpu 1\n}"),
    ("zone \"a\", \"b\",\"c\"", &["KDL-45", "KDL-45"], "zone \"a\" \"b\" \"c\""),
    ("zone a, b", &["KDL-45"], "zone a b"),
    ("zone 1, 2", &["KDL-45"], "zone 1 2"),
    ("zone a , b", &["KDL-45"], "zone a  b"),
    ("scale min=1, max=2", &["KDL-45"], "scale min=1 max=2"),
    ("zone [\"a\", \"b,c\"] x", &["KDL-46"], "zone \"a\" \"b,c\" x"),
    ("zone [a,b]", &["KDL-46"], "zone a b"),
    ("timeout '2s'", &["KDL-27"], "timeout \"2s\""),
    ("a 'b c' d", &["KDL-27"], "a \"b c\" d"),
    ("a “b c”", &["KDL-27"], "a \"b c\""),
    ("gpu 1 # note\nb", &["KDL-39"], "gpu 1 // note\nb"),
    ("# note, with 'this'\nb", &["KDL-39"], "// note, with 'this'\nb"),
    ("#note\nb", &["KDL-39"], "//note\nb"),
    // KDL 1.
    ("q r\"\\d+\"", &["KDL-41"], "q #\"\\d+\"#"),
    ("q a=r#\"a\"b\"# c", &["KDL-41"], "q a=#\"a\"b\"# c"),
    ("/- kdl-version 1", &["KDL-42"], "/- kdl-version 2"),
    ("/- kdl-version 1\na true", &["KDL-42", "KDL-40"], "/- kdl-version 2\na #true"),
    // Braces.
    ("model \"a\"\n{\n    gpu 1\n}\nb", &["KDL-07"], "model \"a\" {\n    gpu 1\n}\nb"),
    ("model \"a\" // why\n\n  { gpu 1 }", &["KDL-07"], "model \"a\" { // why\n\n   gpu 1 }"),
    ("a {\n    b x=1\n    {\n        c\n    }\n    d\n}", &["KDL-07"], "a {\n    b x=1 {\n        c\n    }\n    d\n}"),
    ("/-a\n{\n    b\n}\nc", &["KDL-07"], "/-a {\n    b\n}\nc"),
    ("a{ b }", &["KDL-04"], "a { b }"),
    ("a \"b\"{ c }", &["KDL-04"], "a \"b\" { c }"),
    ("a \"b\"\"c\"", &["KDL-04"], "a \"b\" \"c\""),
    ("a b=\"c\"d=1", &["KDL-04"], "a b=\"c\" d=1"),
    ("a \"b\"/-1", &["KDL-04"], "a \"b\" /-1"),
    ("a;; b", &["KDL-10"], "a; b"),
    // Strings.
    ("q \"\\d+\"", &["KDL-21"], "q #\"\\d+\"#"),
    ("q \"a=~\\\"\\d\\.\\w\\\"\" x", &["KDL-21"], "q #\"a=~\"\\d\\.\\w\"\"# x"),
    ("q \"a\\/b\"", &["KDL-21"], "q \"a/b\""),
    ("q \"\"\"\n  \\d\\n\n  \"\"\"", &["KDL-21"], "q \"\"\"\n  \\\\d\\n\n  \"\"\""),
    ("q \"\\u00e9\"", &["KDL-22"], "q \"\\u{00e9}\""),
    ("q \"\"\"up == 0\"\"\"", &["KDL-23"], "q \"up == 0\""),
    ("q ##\"\"\"a\"b\"\"\"##", &["KDL-23"], "q ##\"\"\"a\"b\"\"\"##"),
    // Types.
    ("scale (u8)min=1", &["KDL-12"], "scale min=(u8)1"),
    ("scale ( u8 ) min = 1", &["KDL-12"], "scale min = ( u8 )1"),
];

/// A text with a mistake whose fix is a guess, the code, and the text once it is taken.
#[rustfmt::skip]
const GUESSED: &[(&str, &str, &str)] = &[
    // The indentation tells which block was not closed.
    ("a {\n    b {\n        c\n    d\n}\ne", "KDL-05", "a {\n    b {\n        c\n    }\n    d\n}\ne"),
    ("a {\n    b {\n        c\n}\ne {\n    f\n}", "KDL-05", "a {\n    b {\n        c\n    }\n}\ne {\n    f\n}"),
    ("a {\n    b 1\n\nc {\n    d\n}\n", "KDL-05", "a {\n    b 1\n\n}\nc {\n    d\n}\n"),
    ("a {\n    b 1\n", "KDL-05", "a {\n    b 1\n}\n"),
    ("a { b { c", "KDL-05", "a { b { c\n}\n}\n"),
    ("a {\nb {\nc\n}\n", "KDL-05", "a {\n}\nb {\nc\n}\n"),
    ("env-var \"\"q", "KDL-04", "env-var \"\" q"),
    ("a }\nb", "KDL-06", "a \nb"),
    ("scale min=1 { a } gpu 1", "KDL-09", "scale min=1 { a }; gpu 1"),
    ("gpu 1 /-", "KDL-11", "gpu 1 "),
    ("scale 1 \\ 2", "KDL-13", "scale 1  2"),
    ("gpu \u{200e}1", "KDL-16", "gpu 1"),
    ("env-var 1=\"a\"", "KDL-17", "env-var \"1\"=\"a\""),
    ("#true 1", "KDL-17", "\"true\" 1"),
    ("timeout \"2s\nb", "KDL-20", "timeout \"2s\"\nb"),
    ("model \"bert {\n    gpu 1\n}", "KDL-20", "model \"bert\" {\n    gpu 1\n}"),
    ("a { b \"c }\nd", "KDL-20", "a { b \"c\" }\nd"),
    ("model bert\" {\n    gpu 1\n}", "KDL-20", "model \"bert\" {\n    gpu 1\n}"),
    ("q \"\n  a\n  b\n  \"\nc", "KDL-20", "q \"\"\"\n  a\n  b\n  \"\"\"\nc"),
    ("q \"\"\"\n    up\"\"\"", "KDL-24", "q \"\"\"\n    up\n    \"\"\""),
    ("q \"\"\"up\n    \"\"\"", "KDL-23", "q \"\"\"\n    up\n    \"\"\""),
    ("query ##\"up\"# b", "KDL-26", "query ##\"up\"## b"),
    ("query #\"up\nb", "KDL-26", "query #\"up\"#\nb"),
    ("version ${TAG}", "KDL-37", "version \"${TAG}\""),
    ("image x:${TAG}-b {\n    a\n}", "KDL-37", "image \"x:${TAG}-b\" {\n    a\n}"),
    ("scale min=1\n      max=2\nb", "KDL-43", "scale min=1 \\\n      max=2\nb"),
    ("a = 1 b=2", "KDL-43", "a 1 b=2"),
    ("n 1.", "KDL-30", "n \"1.\""),
    ("n 0xfg", "KDL-30", "n \"0xfg\""),
    ("gpu 1 )", "KDL-01", "gpu 1 "),
];

/// Mistakes that only a person can mend.
#[rustfmt::skip]
const REPORTED: &[(&str, &str)] = &[
    ("a }", "KDL-06"),
    ("{\n    a\n}", "KDL-08"),
    ("a { b } { c }", "KDL-09"),
    ("a /-{ b } c", "KDL-09"),
    ("a { b } /-c", "KDL-11"),
    ("/-", "KDL-11"),
    ("/- /- a", "KDL-11"),
    ("(a)/-b", "KDL-11"),
    ("a b=/-1", "KDL-03"),
    ("a (b)/-1", "KDL-03"),
    ("a b=", "KDL-03"),
    ("a (b)", "KDL-03"),
    ("(a)", "KDL-02"),
    ("()a", "KDL-12"),
    ("(a b)c", "KDL-12"),
    ("a (b c", "KDL-12"),
    ("a (b", "KDL-12"),
    ("a /* b", "KDL-14"),
    ("a min=1 min=2", "KDL-47"),
    ("a #yes", "KDL-38"),
    ("a inf", "KDL-40"),
    ("a =1", "KDL-43"),
    ("a b =c =d", "KDL-01"),
    ("a ]", "KDL-01"),
    ("[a]", "KDL-01"),
    ("a \"\\u{d800}\"", "KDL-22"),
    ("a \"\"\"\n  b\n   \"\"\"", "KDL-25"),
    ("a \"\"\"\n\tb\n  \"\"\"", "KDL-25"),
    ("a \"\"\"\n  b\\\n  \"\"\"", "KDL-24"),
    ("a \"\"\"\n  b", "KDL-20"),
    ("a b=[\"c\", \"d\"]", "KDL-46"),
    ("a \u{7}\"b\"", "KDL-16"),
    ("a b/*\u{7}*/=1", "KDL-16"),
    ("a // \u{202e}b", "KDL-16"),
    ("a \"\u{0}\"", "KDL-16"),
    ("a #\"\u{0}\"#", "KDL-16"),
    ("'a", "KDL-27"),
];

/// Each mistake gives one report, and its fix leaves a text without any.
#[test]
fn machine_fixes() {
    for (text, expected, mended) in MENDED {
        let result = parsed(text);
        assert_eq!(
            codes_of(&result.diagnostics),
            *expected,
            "{text}: {:#?}",
            result.diagnostics
        );
        let after = fixed(text, &result.diagnostics, true);
        assert_eq!(after, *mended, "{text}");
        let again = parsed(&after);
        if after != *text {
            assert_eq!(
                codes_of(&again.diagnostics),
                [""; 0],
                "{text} became {after}"
            );
            assert_eq!(
                meaning(&result.document),
                meaning(&again.document),
                "{text}"
            );
        }
    }
}

/// A guess is only offered, and leaves a text without mistakes when taken.
#[test]
fn guessed_fixes() {
    for (text, code, mended) in GUESSED {
        let result = parsed(text);
        assert_eq!(
            codes_of(&result.diagnostics),
            [*code],
            "{text}: {:#?}",
            result.diagnostics
        );
        assert_eq!(
            fixed(text, &result.diagnostics, true),
            *text,
            "applied without being asked"
        );
        let after = fixed(text, &result.diagnostics, false);
        assert_eq!(after, *mended, "{text}");
        assert_eq!(
            codes_of(&parsed(&after).diagnostics),
            [""; 0],
            "{text} became {after}"
        );
    }
}

#[test]
fn reported_once() {
    for (text, code) in REPORTED {
        let result = parsed(text);
        assert_eq!(
            codes_of(&result.diagnostics),
            [*code],
            "{text}: {:#?}",
            result.diagnostics
        );
    }
}

/// The example of every code fails with it alone, and is mended as the documentation says.
#[test]
fn documented_examples() {
    // Raised by a later stage, or by no text short enough to show.
    let elsewhere = ["KDL-15", "KDL-18", "KDL-19"];
    for code in CODES.iter().filter(|code| !elsewhere.contains(&code.id)) {
        let result = parsed(code.fails);
        assert_eq!(
            codes_of(&result.diagnostics),
            [code.id],
            "{}: {:#?}",
            code.name,
            result.diagnostics
        );
        assert_eq!(
            codes_of(&parsed(code.mended).diagnostics),
            [""; 0],
            "{}",
            code.name
        );
        let after = fixed(code.fails, &result.diagnostics, true);
        if after != code.fails {
            assert_eq!(after, code.mended, "{}", code.name);
        }
    }
}

/// Ids are sorted and unique, names unique, and each is found by its id.
#[test]
fn table_of_codes() {
    assert!(CODES.windows(2).all(|pair| pair[0].id < pair[1].id));
    for code in CODES {
        assert!(std::ptr::eq(codes::find(code.id).unwrap(), *code));
        assert_eq!(
            CODES.iter().filter(|other| other.name == code.name).count(),
            1
        );
        assert!(
            code.doc.ends_with('.') && !code.doc.contains("illegal"),
            "{}",
            code.name
        );
    }
    assert_eq!(codes::find("KDL-99"), None);
}

/// Messages follow the law for messages.
#[test]
fn messages() {
    let texts = MENDED.iter().map(|case| case.0);
    let texts = texts
        .chain(GUESSED.iter().map(|case| case.0))
        .chain(REPORTED.iter().map(|case| case.0));
    for text in texts {
        for finding in parsed(text).diagnostics {
            assert_eq!(finding.severity, Severity::Error);
            let span = finding.span.expect("a place").range();
            assert!(
                text.is_char_boundary(span.start) && text.is_char_boundary(span.end),
                "{text}"
            );
            let titles = finding.fixes.iter().map(|fix| &fix.title);
            let words = finding.notes.iter().chain(&finding.helps).chain(titles);
            for message in words.chain([&finding.message]) {
                let first = message.chars().next().expect("not empty");
                assert!(!first.is_uppercase(), "{message}");
                assert!(
                    !message.ends_with('.') && !message.contains('\n'),
                    "{message}"
                );
                assert!(
                    !message.contains("illegal") && message.len() < 120,
                    "{message}"
                );
            }
        }
    }
}

/// What is nested too deep is skipped, and what follows is read.
#[test]
fn nesting_limit() {
    let deep = |depth| format!("{}x{}\nlast 1", "a { ".repeat(depth), " }".repeat(depth));
    assert_eq!(codes_of(&parsed(&deep(128)).diagnostics), [""; 0]);
    let result = parsed(&deep(129));
    assert_eq!(codes_of(&result.diagnostics), ["KDL-15"]);
    assert_eq!(result.document.nodes[1].name.text, "last");
    assert_eq!(codes_of(&parsed(&deep(100_000)).diagnostics), ["KDL-15"]);
}

/// After 200 reports there is one note, and the rest is not read.
#[test]
fn too_many() {
    let text = "a true\n".repeat(1000);
    let result = parsed(&text);
    assert_eq!(result.diagnostics.len(), 201);
    assert_eq!(result.diagnostics[200].code, "KDL-18");
    assert_eq!(result.diagnostics[200].severity, Severity::Note);
    assert_eq!(result.document.nodes.len(), 201);
    assert_eq!(
        result.document.nodes[200].entries[0].value.scalar,
        Scalar::Bool(true)
    );
}

/// Mistakes leave the nodes around them as they are.
#[test]
fn the_rest_is_read() {
    let text = "a {\n    b \"unclosed\n    c =\n    d [\n    e ?? )\n    f 1\n}\ng 2\n";
    let document = parsed(&text.replace("unclosed\n", "unclosed \n")).document;
    let names: Vec<_> = document
        .nodes
        .iter()
        .map(|n| n.name.text.as_str())
        .collect();
    assert_eq!(names, ["a", "g"]);
    let block = &document.nodes[0].children.as_ref().unwrap().block;
    let names: Vec<_> = block.nodes.iter().map(|n| n.name.text.as_str()).collect();
    assert_eq!(names, ["b", "c", "d", "e", "f"]);
}

/// The document as the suite prints it.
fn meaning(document: &mlspec::syntax::tree::Document) -> String {
    super::canonical::print(document)
}
