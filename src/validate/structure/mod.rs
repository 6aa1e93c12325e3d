//! An object against the structural schema of its kind, with the schema's CEL rules.

mod limits;
mod unknown;

use std::collections::BTreeMap;

use super::formats;
use super::name::Name;
use super::path::Path;
use super::quantity::Quantity;
use super::schema::{File, Format, ListType, Node, NodeId, Product, Schemas, Snapshot, Type};
use super::tape::{Held, Shape, View};
use super::{Problem, Violation};

/// Items of a list that are compared each with each.
const FEW: usize = 32;

/// Checks an object whose schema is the node `root` of a snapshot.
pub(crate) fn check<'t>(
    object: View<'t>,
    snapshot: &'static Snapshot,
    root: NodeId,
    schemas: &Schemas,
    path: &mut Path<'t>,
) -> Vec<Violation> {
    let mut walk = Walk {
        snapshot,
        file: snapshot.file(),
        schemas,
        kind: object.text("kind").unwrap_or_default(),
        path,
        found: Vec::new(),
        faults: 0,
        quiet: false,
    };
    walk.value(root, object);
    walk.found
}

struct Walk<'w, 't> {
    snapshot: &'static Snapshot,
    file: &'static File,
    schemas: &'w Schemas,
    kind: &'t str,
    path: &'w mut Path<'t>,
    found: Vec<Violation>,
    /// Faults so far, also those that are not written down.
    faults: usize,
    /// Only count: a branch of `oneOf` and the like is tried.
    quiet: bool,
}

impl<'t> Walk<'_, 't> {
    /// Built-in types are decoded into Go structs, where `null` and `""` mean "absent".
    fn lenient(&self) -> bool {
        self.snapshot.product == Product::Kubernetes
            || self.path.steps().first().and_then(|step| step.name()) == Some("metadata")
    }

    fn fault(&mut self, problem: Problem, message: impl FnOnce(&str) -> String) {
        self.faults += 1;
        if !self.quiet {
            let message = message(&self.path.dotted());
            let pointer = self.path.pointer();
            self.found.push(Violation {
                pointer,
                problem,
                message,
                help: None,
            });
        }
    }

    fn value(&mut self, id: NodeId, view: View<'t>) {
        let file = self.file;
        let node = file.node(id);
        let before = self.faults;
        if view.is_null() && (node.nullable || self.lenient()) {
            let chosen = node
                .limits
                .as_ref()
                .is_some_and(|limits| !limits.one_of.is_empty());
            if !node.nullable && (chosen || !node.required.is_empty()) && self.path.in_list() {
                self.fault(Problem::Required, |at| format!("`{at}` may not be null"));
            }
            return;
        }
        let held = view.held();
        if !fits(node.ty, held) {
            let (wanted, is) = (wanted(node.ty), view.value().name());
            return self.fault(Problem::WrongType, |at| {
                format!("`{at}` must be {wanted}, not {is}")
            });
        }
        match held {
            Held::Map { count, .. } => self.object(node, view, count as usize),
            Held::List { count } => self.list(node, view, count as usize),
            _ => self.scalar(node, view),
        }
        if let Some(limits) = &node.limits {
            self.limits(limits, view);
        }
        self.logic(node, view);
        if self.faults == before && !self.quiet {
            for rule in &node.rules {
                if let Some(message) = rule.broken_by(view, file, id) {
                    self.fault(Problem::Rule, |at| format!("`{at}`: {message}"));
                }
            }
        }
    }

    fn object(&mut self, node: &'static Node, view: View<'t>, count: usize) {
        let mut after = 0;
        for child in view.children() {
            let property = node.property_after(&mut after, child);
            let expected = property.or(node.values);
            // Most fields: there is no more to say of them.
            if let Some(id) = expected
                && self.file.node(id).takes_all()
                && fits(self.file.node(id).ty, child.held())
            {
                continue;
            }
            self.path.push_field(child);
            match expected {
                // The server puts the default in the place of such a null.
                Some(id) if child.is_null() && self.file.node(id).default.is_some() => {}
                Some(id) => self.value(id, child),
                None if node.open || node.ty != Type::Object => {}
                None => self.unknown(node, child.key()),
            }
            self.path.pop();
        }
        for name in &node.required {
            if !self.present(node, view, name) {
                self.fault(Problem::Required, |at| match at {
                    "" => format!("`{name}` is missing"),
                    _ => format!("`{at}.{name}` is missing"),
                });
            }
        }
        self.size(node, count, "names");
    }

    /// Whether a name is there, will be filled in by the server, or is a `null` that may be one.
    fn present(&self, node: &'static Node, view: View<'t>, name: &Name) -> bool {
        let property = || node.property(name.text()).map(|id| self.file.node(id));
        view.find(name.text(), name.digest()).is_some()
            || property().is_some_and(|property| {
                property.default.is_some()
                    || (property.nullable
                        && view.children().any(|child| child.key() == name.text()))
            })
    }

    fn list(&mut self, node: &'static Node, view: View<'t>, count: usize) {
        if let Some(id) = node.items {
            for (at, item) in view.children().enumerate() {
                self.path.push_item(at);
                if item.is_null() && node.list.is_some() {
                    self.fault(Problem::Required, |at| format!("`{at}` may not be null"));
                } else {
                    self.value(id, item);
                }
                self.path.pop();
            }
        }
        self.size(node, count, "items");
        let Some(list) = &node.list else { return };
        if count < 2 {
            return;
        }
        for at in self.twins(node, list, view) {
            self.path.push_item(at);
            self.fault(Problem::Duplicate, |at| match list {
                ListType::Set => format!("`{at}` is there already"),
                ListType::Map(keys) => format!(
                    "`{at}` has the same `{}` as another item",
                    keys.join("`, `")
                ),
            });
            self.path.pop();
        }
    }

    /// Places of items that equal an earlier one in what tells items apart.
    fn twins(&self, node: &'static Node, list: &'static ListType, view: View<'t>) -> Vec<usize> {
        // What tells items apart, item by item, so many values for each.
        let (own, each): (Vec<Option<View<'_>>>, usize) = match list {
            ListType::Set => (view.children().map(Some).collect(), 1),
            ListType::Map(keys) => {
                let of_item = |item| keys.iter().map(move |key| self.key_of(node, item, key));
                (view.children().flat_map(of_item).collect(), keys.len())
            }
        };
        let items: Vec<_> = own.chunks(each.max(1)).collect();
        let same = |a: usize, b: usize| items[a] == items[b];
        let all = 0..items.len();
        if items.len() <= FEW {
            return all.filter(|at| (0..*at).any(|b| same(*at, b))).collect();
        }
        // Of many, only those with the same text are compared: equal ones have it.
        let text = |at: usize| {
            let values = items[at].iter().map(|value| value.map(View::value));
            format!("{:?}", values.collect::<Vec<_>>())
        };
        let mut seen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut twins = Vec::new();
        for at in all {
            let earlier = seen.entry(text(at)).or_default();
            if earlier.iter().any(|b| same(at, *b)) {
                twins.push(at);
            } else {
                earlier.push(at);
            }
        }
        twins
    }

    /// The value by which items of a list are told apart, or its default.
    fn key_of<'a>(&self, list: &'static Node, item: View<'a>, key: &str) -> Option<View<'a>>
    where
        't: 'a,
    {
        item.get(key).or_else(|| {
            let item = self.file.node(list.items?);
            Some(self.file.node(item.property(key)?).default.as_ref()?.root())
        })
    }

    fn scalar(&mut self, node: &'static Node, view: View<'t>) {
        if node.format.is_none() && matches!(node.ty, Type::String | Type::Boolean) {
            return;
        }
        let fault = match (node.ty, node.format, view.value()) {
            (Type::Quantity, ..) if Quantity::of(view).is_none() => {
                Some("is no quantity such as `500m` or `4Gi`".to_owned())
            }
            (Type::IntOrString, _, Shape::Int(n))
                if self.lenient() && i32::try_from(n).is_err() =>
            {
                Some("does not fit into 32 bits".to_owned())
            }
            (_, Some(Format::Int32), Shape::Int(n)) if i32::try_from(n).is_err() => {
                Some("does not fit into 32 bits".to_owned())
            }
            (_, Some(Format::DateTime), Shape::Str(text)) => {
                formats::date_time(text).map(|fault| format!("is wrong: {fault}"))
            }
            (_, Some(Format::Byte), Shape::Str(text)) => {
                formats::base64(text).map(|fault| format!("is wrong: {fault}"))
            }
            (Type::Integer, _, Shape::Uint(_)) => Some("does not fit into 64 bits".to_owned()),
            _ => None,
        };
        if let Some(fault) = fault {
            self.fault(Problem::BadValue, |at| format!("`{at}` {fault}"));
        }
    }

    fn logic(&mut self, node: &'static Node, view: View<'t>) {
        let Some(logic) = &node.logic else { return };
        for id in &logic.all {
            self.value(*id, view);
        }
        if !logic.any.is_empty() && !logic.any.iter().any(|id| self.holds(*id, view)) {
            self.fault(Problem::Combination, |at| {
                format!("`{at}` fits none of the allowed combinations of fields")
            });
        }
        if !logic.one.is_empty()
            && logic.one.iter().filter(|id| self.holds(**id, view)).count() != 1
        {
            self.fault(Problem::Combination, |at| {
                format!("`{at}` mixes fields that exclude each other")
            });
        }
        if logic.not.is_some_and(|id| self.holds(id, view)) {
            self.fault(Problem::Combination, |at| {
                format!("`{at}` has fields that may not be there together")
            });
        }
    }

    /// Whether a value fits a node, without writing faults down.
    fn holds(&mut self, id: NodeId, view: View<'t>) -> bool {
        let (quiet, before) = (self.quiet, self.faults);
        self.quiet = true;
        self.value(id, view);
        let holds = self.faults == before;
        self.quiet = quiet;
        self.faults = before;
        holds
    }
}

fn fits(ty: Type, held: Held) -> bool {
    match ty {
        Type::Any => true,
        Type::Object => matches!(held, Held::Map { .. }),
        Type::Array => matches!(held, Held::List { .. }),
        Type::String => matches!(held, Held::Str { .. }),
        Type::Integer => matches!(held, Held::Int(_) | Held::Uint(_)),
        Type::Number => matches!(held, Held::Int(_) | Held::Uint(_) | Held::Float(_)),
        Type::Boolean => matches!(held, Held::Bool(_)),
        Type::IntOrString => matches!(held, Held::Int(_) | Held::Uint(_) | Held::Str { .. }),
        Type::Quantity => matches!(
            held,
            Held::Int(_) | Held::Uint(_) | Held::Float(_) | Held::Str { .. }
        ),
    }
}

fn wanted(ty: Type) -> &'static str {
    match ty {
        Type::Any => "anything",
        Type::Object => "an object",
        Type::Array => "a list",
        Type::String => "a string",
        Type::Integer => "an integer",
        Type::Number => "a number",
        Type::Boolean => "a boolean",
        Type::IntOrString => "an integer or a string",
        Type::Quantity => "a quantity",
    }
}
