//! `#null` as an argument: what to write in its place.

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::spec::table::{Arg, Key, Ty};
use crate::spec::written::Written;

use super::title;

/// Refuses a `null` argument of a node, of which what stands in front of it is read. `raw` is how
/// it was written.
pub(super) fn argument(node: &Written, arg: &Arg, span: Span, raw: &str) -> Diagnostic {
    let name = node.kind.name;
    let message = format!("the {} of `{name}` cannot be {raw}", arg.name);
    let found =
        Diagnostic::error("LNG-06", span, message).note("only a property can be unset, by `#null`");
    let found = if matches!(arg.ty, Ty::Text | Ty::AnyText | Ty::LabelValue) {
        found.note("for the text, quote it: `\"null\"`")
    } else {
        found
    };
    let is_keyed = matches!(node.kind.key, Key::Arg | Key::ArgAnd(_));
    found.help(if arg.many && !node.args.is_empty() {
        "leave it out".to_owned()
    } else if !node.kind.removable || (is_keyed && node.args.is_empty()) {
        format!("leave `{name}` out")
    } else {
        format!(
            "leave `{name}` out; to take away what a layer below says, write `(remove){}`",
            title(node).trim_matches('`')
        )
    })
}
