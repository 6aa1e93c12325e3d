//! Every code the syntax stage reports, with the text `mlspec explain` prints. Long because it is
//! one table: a code is added here, in the function that raises it and in `tests/syntax/traps.rs`.

use crate::diag::Diagnostic;
use crate::source::Span;

/// One kind of mistake in the text of a spec.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `KDL-nn`; never reused for something else.
    pub id: &'static str,
    /// What it is called, in kebab case.
    pub name: &'static str,
    /// Whether KDL 2 itself accepts such a text, so that only mlspec refuses it.
    pub beyond_kdl: bool,
    /// What is wrong and why it is refused: one paragraph.
    pub doc: &'static str,
    /// A text that raises this code and no other; empty where only a long one does.
    pub fails: &'static str,
    /// The same text as it should be.
    pub mended: &'static str,
}

impl Code {
    /// An error of this code at `span`.
    pub(crate) fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(self.id, span, message)
    }
}

/// The code with the id `id`, such as `KDL-07`.
#[must_use]
pub fn find(id: &str) -> Option<&'static Code> {
    CODES.iter().copied().find(|code| code.id == id)
}

macro_rules! codes {
    ($($constant:ident $id:literal $name:literal $beyond:ident {
        $doc:literal fails $fails:literal mended $mended:literal
    })*) => {
        $(pub(crate) static $constant: Code = Code {
            id: $id,
            name: $name,
            beyond_kdl: $beyond!(),
            doc: $doc,
            fails: $fails,
            mended: $mended,
        };)*
        /// All codes of the syntax stage, by number.
        pub static CODES: &[&Code] = &[$(&$constant),*];
    };
}

/// The text is no KDL 2.
macro_rules! kdl {
    () => {
        false
    };
}

/// The text is KDL 2, and yet almost certainly says something else than was meant.
macro_rules! trap {
    () => {
        true
    };
}

codes! {
UNEXPECTED "KDL-01" "unexpected-character" kdl {
    "A character stands where neither a value, a property nor the end of the node can be. Brackets, \
     parentheses and `=` have fixed places in KDL; inside a text they need quotes."
    fails "gpu count=1 )\n"
    mended "gpu count=1\n"
}
MISSING_NAME "KDL-02" "missing-name" kdl {
    "Every node starts with its name. A type annotation such as `(remove)` stands in front of the \
     name, on the same line."
    fails "(remove)\n"
    mended "(remove)scale\n"
}
MISSING_VALUE "KDL-03" "missing-value" kdl {
    "A property was begun and has no value, or a type annotation has nothing behind it. The value \
     stands on the same line."
    fails "gpu count=\n"
    mended "gpu count=1\n"
}
MISSING_SPACE "KDL-04" "missing-space" kdl {
    "Name, values, properties and `{` are kept apart by spaces. Without one it cannot be seen \
     where the first ends and the next begins."
    fails "model \"bert\"{\n    gpu count=1\n}\n"
    mended "model \"bert\" {\n    gpu count=1\n}\n"
}
UNCLOSED_BLOCK "KDL-05" "unclosed-block" kdl {
    "A children block was opened with `{` and the file ends before its `}`. The indentation of the \
     lines after it tells which block was most likely meant to end, and where."
    fails "model \"a\" {\n    scale min=1 {\n        on \"cpu\" utilization=\"70%\"\n    timeout \"2s\"\n}\n"
    mended "model \"a\" {\n    scale min=1 {\n        on \"cpu\" utilization=\"70%\"\n    }\n    timeout \"2s\"\n}\n"
}
UNOPENED_BLOCK "KDL-06" "unopened-block" kdl {
    "A `}` closes a block that was never opened: there is one too many, or the `{` it belongs to \
     is missing further up."
    fails "model \"a\" {\n    gpu count=1\n}\n}\n"
    mended "model \"a\" {\n    gpu count=1\n}\n"
}
BRACE_ON_NEXT_LINE "KDL-07" "brace-on-next-line" kdl {
    "A line end also ends the node, so a `{` on the next line belongs to nothing. The brace stands \
     on the line of its node."
    fails "model \"bert\"\n{\n    gpu count=1\n}\n"
    mended "model \"bert\" {\n    gpu count=1\n}\n"
}
BLOCK_WITHOUT_NODE "KDL-08" "block-without-node" kdl {
    "A children block belongs to a node, whose name stands in front of the `{`."
    fails "{\n    gpu count=1\n}\n"
    mended "defaults {\n    gpu count=1\n}\n"
}
AFTER_BLOCK "KDL-09" "entry-after-block" kdl {
    "A children block ends its node's line: arguments and properties stand in front of the `{`, \
     and a further node needs a new line or `;`. A node has one block."
    fails "scale min=1 { on \"cpu\" } gpu count=1\n"
    mended "scale min=1 { on \"cpu\" }; gpu count=1\n"
}
EMPTY_STATEMENT "KDL-10" "empty-statement" kdl {
    "A `;` ends a node. Here there is no node in front of it."
    fails "gpu count=1;;\n"
    mended "gpu count=1;\n"
}
BAD_SLASHDASH "KDL-11" "nothing-disabled" kdl {
    "`/-` disables what follows it: a node, an argument, a property, or a children block. Here \
     none of these follows, or it stands in the middle of one. A disabled block may only be \
     followed by further blocks."
    fails "gpu count=1 /-\n"
    mended "gpu /-count=1\n"
}
BAD_TYPE "KDL-12" "bad-type-annotation" kdl {
    "A type annotation is one word in parentheses in front of a node's name or of a value, such \
     as `(remove)on`. For a property it stands behind the `=`."
    fails "scale (u8)min=1\n"
    mended "scale min=(u8)1\n"
}
BAD_CONTINUATION "KDL-13" "bad-line-continuation" kdl {
    "A `\\` continues the node on the next line, so it must be the last thing on its line but for \
     a comment."
    fails "scale min=1 \\ max=2\n"
    mended "scale min=1 max=2\n"
}
UNCLOSED_COMMENT "KDL-14" "unclosed-comment" kdl {
    "A comment was begun with `/*` and never ended with `*/`. Comments nest: each `/*` inside one \
     needs its own `*/`."
    fails "gpu count=1 /* for now\n"
    mended "gpu count=1 /* for now */\n"
}
TOO_DEEP "KDL-15" "nested-too-deep" trap {
    "Blocks may be nested 128 deep. No spec needs that; a generated or damaged file is the likely \
     cause."
    fails ""
    mended ""
}
BANNED "KDL-16" "disallowed-character" kdl {
    "Control characters and characters that change the direction of writing can hide what a text \
     says, so KDL bans them from documents. Within a quoted string they can be written as \
     `\\u{…}`."
    fails "gpu \u{200e}count=1\n"
    mended "gpu count=1\n"
}
NAME_NOT_TEXT "KDL-17" "name-is-not-text" kdl {
    "The name of a node or of a property is a text. One that looks like a number or a keyword \
     needs quotes."
    fails "env-var 1=\"a\"\n"
    mended "env-var \"1\"=\"a\"\n"
}
TOO_MANY "KDL-18" "too-many-errors" kdl {
    "After 200 mistakes in the text of one file the rest of it is not read, and of other findings in \
     one file at most 200 of each severity are shown: it is probably no spec at all, or one early \
     mistake is behind most of them."
    fails ""
    mended ""
}
NOT_FORMATTED "KDL-19" "not-formatted" kdl {
    "`mlspec fmt --check` found a file that `mlspec fmt` would change. The finding points at the first \
     such line."
    fails ""
    mended ""
}
UNCLOSED_STRING "KDL-20" "unclosed-string" kdl {
    "A quoted string ends on the line it begins on. For a text of several lines use `\"\"\"`, with \
     a line end directly behind it and the closing `\"\"\"` on a line of its own."
    fails "timeout \"2s\n"
    mended "timeout \"2s\"\n"
}
INVALID_ESCAPE "KDL-21" "invalid-escape" kdl {
    "In a quoted string `\\` starts an escape: `\\n`, `\\r`, `\\t`, `\\\\`, `\\\"`, `\\b`, `\\f`, \
     `\\s`, `\\u{…}`, or whitespace that is left out. Queries and patterns are better written as \
     raw strings, in which `\\` is only itself."
    fails "query \"a=~\\\"\\d+\\\"\"\n"
    mended "query #\"a=~\"\\d+\"\"#\n"
}
INVALID_CODE_POINT "KDL-22" "invalid-unicode-escape" kdl {
    "A character given by its number is written `\\u{…}` with one to six hexadecimal digits, and \
     must exist: `D800` to `DFFF` and numbers above `10FFFF` do not."
    fails "label \"\\u00e9\"\n"
    mended "label \"\\u{00e9}\"\n"
}
MULTI_LINE_OPEN "KDL-23" "multi-line-string-start" kdl {
    "`\"\"\"` begins a text of several lines; its text starts on the next line. For a text of one \
     line use `\"`."
    fails "query \"\"\"up == 0\"\"\"\n"
    mended "query \"up == 0\"\n"
}
MULTI_LINE_CLOSE "KDL-24" "multi-line-string-end" kdl {
    "The closing `\"\"\"` stands on a line of its own. The whitespace in front of it is taken off \
     every line of the text."
    fails "query \"\"\"\n    up == 0\"\"\"\n"
    mended "query \"\"\"\n    up == 0\n    \"\"\"\n"
}
MULTI_LINE_INDENT "KDL-25" "multi-line-string-indentation" kdl {
    "Every line of the text starts with the whitespace that stands in front of the closing \
     `\"\"\"`, character by character: tabs and spaces are not interchangeable. Empty lines are \
     free."
    fails "query \"\"\"\n  up == 0\n    \"\"\"\n"
    mended "query \"\"\"\n    up == 0\n    \"\"\"\n"
}
UNCLOSED_RAW "KDL-26" "unclosed-raw-string" kdl {
    "A raw string ends with a quote and as many `#` as it began with, on the same line."
    fails "query ##\"up\"#\n"
    mended "query ##\"up\"##\n"
}
SINGLE_QUOTES "KDL-27" "other-quotes" trap {
    "KDL's only quotes are `\"`. A `'` is an ordinary character of a bare word, so `'a b'` would \
     be the two words `'a` and `b'`."
    fails "timeout '2s'\n"
    mended "timeout \"2s\"\n"
}
BAD_NUMBER "KDL-30" "malformed-number" kdl {
    "A word that starts like a number must be one: digits, at most one `.` between digits, an \
     exponent, or `0x`, `0o`, `0b` and digits. Anything else is a text and needs quotes."
    fails "label \"day\" 2026-03-01\n"
    mended "label \"day\" \"2026-03-01\"\n"
}
UNQUOTED_QUANTITY "KDL-31" "unquoted-quantity" kdl {
    "A value with a unit is a text. A bare word may not start with a digit, so quantities, \
     durations and percentages need quotes."
    fails "resources memory=80Gi\n"
    mended "resources memory=\"80Gi\"\n"
}
UNQUOTED_MIG "KDL-32" "unquoted-mig-profile" kdl {
    "A MIG profile is a text. A bare word may not start with a digit, so profiles need quotes."
    fails "gpu mig=3g.40gb\n"
    mended "gpu mig=\"3g.40gb\"\n"
}
UNQUOTED_VERSION "KDL-33" "unquoted-version" kdl {
    "A version is a text. Unquoted, `0.4.0` is no number, and `1.30` is the number 1.3: the \
     trailing zero would be lost."
    fails "version 0.4.0\n"
    mended "version \"0.4.0\"\n"
}
UNQUOTED_URL "KDL-34" "unquoted-url" trap {
    "`//` starts a comment, also in the middle of a URL: KDL reads `s3://models/bert` as the word \
     `s3:` and a comment, and a `}` behind it is lost as well. URLs need quotes."
    fails "artifact s3://models/bert\n"
    mended "artifact \"s3://models/bert\"\n"
}
UNQUOTED_TEXT "KDL-35" "unquoted-text" kdl {
    "The characters `/ \\ ( ) [ ] # =` and quotes cannot be part of a bare word. Paths, image \
     names and the like need quotes."
    fails "image \"mlserve\" ghcr.io/acme/mlserve:v1\n"
    mended "image \"mlserve\" \"ghcr.io/acme/mlserve:v1\"\n"
}
UNQUOTED_GLOB "KDL-36" "unquoted-pattern" trap {
    "`/*` starts a comment, also in the middle of a file pattern: KDL reads `models/**/*.kdl` as \
     the two words `models` and `*.kdl` with a comment between them. File patterns need quotes."
    fails "use models/**/*.kdl\n"
    mended "use \"models/**/*.kdl\"\n"
}
UNQUOTED_VARIABLE "KDL-37" "unquoted-variable" kdl {
    "Specs have no variables. A text with `${…}` in it is taken as it stands and needs quotes; \
     values that differ by environment belong into `in \"prod\" { … }`."
    fails "version ${TAG}\n"
    mended "version \"${TAG}\"\n"
}
UNKNOWN_KEYWORD "KDL-38" "unknown-keyword" kdl {
    "A `#` starts a raw string or one of the keywords `#true`, `#false`, `#null`, `#inf`, `#-inf` \
     and `#nan`, in lower case."
    fails "pool \"a\" spot=#True\n"
    mended "pool \"a\" spot=#true\n"
}
HASH_COMMENT "KDL-39" "hash-comment" kdl {
    "A comment starts with `//`. A `#` starts a keyword or a raw string."
    fails "gpu count=1 # for now\n"
    mended "gpu count=1 // for now\n"
}
BARE_KEYWORD "KDL-40" "bare-keyword" kdl {
    "Booleans and null are written `#true`, `#false` and `#null`. The bare words, which YAML, JSON \
     and KDL 1 use, are refused, so that they are never taken for texts; so are `inf`, `-inf` and \
     `nan`."
    fails "pool \"a\" spot=true\n"
    mended "pool \"a\" spot=#true\n"
}
KDL1_RAW_STRING "KDL-41" "kdl-1-raw-string" kdl {
    "KDL 1 wrote raw strings as `r\"…\"` or `r#\"…\"#`. In KDL 2 they are `#\"…\"#`."
    fails "query r\"\\d+\"\n"
    mended "query #\"\\d+\"#\n"
}
KDL1_MARKER "KDL-42" "kdl-1-marker" trap {
    "The first line says that the file is written in KDL 1. Specs are KDL 2; `mlspec fix` turns \
     the old spellings into the new ones."
    fails "/- kdl-version 1\ngpu count=1\n"
    mended "/- kdl-version 2\ngpu count=1\n"
}
EQUALS_AFTER_NAME "KDL-43" "equals-after-node-name" kdl {
    "A node is a name and then its values, with nothing between them but spaces. `name=value` is a \
     property, and stands behind the name of the node it belongs to."
    fails "replicas = 3\n"
    mended "replicas 3\n"
}
COLON "KDL-44" "colon-after-name" trap {
    "KDL has no `name: value`. A node is its name and then its values; a property is \
     `name=value`. KDL itself would take the colon as part of the name."
    fails "scale: min=1\n"
    mended "scale min=1\n"
}
COMMA "KDL-45" "comma-between-values" trap {
    "Values are kept apart by spaces. KDL itself takes a comma behind a bare word as part of it."
    fails "zone \"a\", \"b\"\n"
    mended "zone \"a\" \"b\"\n"
}
BRACKETS "KDL-46" "list-in-brackets" kdl {
    "KDL has no lists in brackets. Several values are written one after the other."
    fails "zone [\"a\", \"b\"]\n"
    mended "zone \"a\" \"b\"\n"
}
DUPLICATE_PROPERTY "KDL-47" "duplicate-property" trap {
    "A property is given twice in one node. KDL takes the last one; nothing tells which was \
     meant."
    fails "scale min=1 min=3\n"
    mended "scale min=1\n"
}
}
