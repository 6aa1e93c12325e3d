//! The one merge rule: a node of the same name and key is merged property by property, its
//! children by their keys. Two exceptions, both stated in the node table: a kind marked
//! [`replaced`](crate::spec::table::NodeKind::replaced) is replaced whole where its first
//! argument differs, and members of an exclusive [`group`](crate::spec::table::Group) replace
//! each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::spec::table::{Group, NodeKind};
use crate::spec::value::{FromVal, Val};
use crate::spec::{Given, NodeKey, Written, grouped_names, key, title};

use super::origin::Traced;

/// A node after merging: values borrowed from the layers that gave them.
#[derive(Clone, Debug)]
pub(crate) struct Merged<'a> {
    /// Its kind.
    pub(crate) kind: &'static NodeKind,
    /// Arguments.
    pub(crate) args: Vec<&'a Given>,
    /// Properties by their place in the kind's list; never `#null`.
    pub(crate) props: Vec<(usize, &'a Given)>,
    /// Children in the order they first appeared.
    pub(crate) children: Vec<Merged<'a>>,
    /// For a kind whose children patch the model, or are free: the layers of those children,
    /// lowest first.
    pub(crate) patches: Vec<&'a Written>,
    /// The name's place in the topmost layer that has the node.
    pub(crate) name: Span,
    /// The node in the topmost layer, to compute its key.
    written: &'a Written,
}

impl<'a> Merged<'a> {
    /// An argument by position.
    pub(crate) fn arg<T: FromVal>(&self, position: usize) -> Option<Traced<T>> {
        traced(self.args.get(position)?)
    }

    /// All arguments from a position on.
    pub(crate) fn args_from<T: FromVal>(&self, position: usize) -> Vec<Traced<T>> {
        self.args
            .iter()
            .skip(position)
            .filter_map(|g| traced(g))
            .collect()
    }

    /// A property by name.
    pub(crate) fn get<T: FromVal>(&self, name: &str) -> Option<Traced<T>> {
        let (index, _) = self.kind.prop(name)?;
        traced(self.props.iter().find(|(i, _)| *i == index)?.1)
    }

    /// Whether a property is given, be it right or wrong.
    pub(crate) fn gives(&self, name: &str) -> bool {
        let index = self.kind.prop(name).map(|(index, _)| index);
        self.props.iter().any(|(i, _)| Some(*i) == index)
    }

    /// The child of a name that can be there once.
    pub(crate) fn child(&self, name: &str) -> Option<&Merged<'a>> {
        self.children.iter().find(|c| c.kind.name == name)
    }

    /// Children of a name.
    pub(crate) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Merged<'a>> {
        self.children.iter().filter(move |c| c.kind.name == name)
    }

    /// Whether something in the topmost layer's node is wrong, so that what seems to be missing
    /// may only be misspelled.
    pub(crate) fn faulty(&self) -> bool {
        self.written.faulty
    }

    /// How the node is called in messages.
    pub(crate) fn title(&self) -> String {
        title(self.written)
    }

    fn lay_children(&mut self, node: &'a Written, diagnostics: &mut Vec<Diagnostic>) {
        if self.kind.patch || self.kind.raw {
            self.patches.push(node);
        } else {
            overlay(&mut self.children, &node.children, diagnostics);
        }
    }

    /// A layer on its own, without anything below it.
    pub(crate) fn alone(node: &'a Written, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut merged = Self {
            kind: node.kind,
            args: node.args.iter().collect(),
            props: Vec::with_capacity(node.props.len()),
            children: Vec::with_capacity(node.children.len()),
            patches: Vec::new(),
            name: node.name,
            written: node,
        };
        for (index, given) in &node.props {
            if given.val.is_null() {
                diagnostics.push(unsets_nothing(node, *index, given.span));
            } else {
                merged.props.push((*index, given));
            }
        }
        merged.lay_children(node, diagnostics);
        merged
    }
}

fn traced<T: FromVal>(given: &Given) -> Option<Traced<T>> {
    T::from_val(&given.val).map(|v| Traced::written(v.clone(), given.span))
}

/// Lays the nodes of a layer over what is below it. Removals and unset properties that match
/// nothing are reported.
pub(crate) fn overlay<'a>(
    base: &mut Vec<Merged<'a>>,
    layer: impl IntoIterator<Item = &'a Written>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    // By name and key: a model may have thousands of labels.
    let mut places: BTreeMap<(&str, NodeKey), usize> = BTreeMap::new();
    for (position, below) in base.iter().enumerate() {
        places.insert(identity(below.written), position);
    }
    let mut removed = BTreeSet::new();
    for node in layer {
        let identity = identity(node);
        let below = places.get(&identity).copied();
        match (node.remove, below) {
            (true, Some(position)) => {
                removed.insert(position);
                places.remove(&identity);
            }
            // What it should have named is not known.
            (true, None) if node.faulty => {}
            (true, None) => diagnostics.push(
                Diagnostic::error(
                    "LNG-11",
                    node.span,
                    format!("there is no {} to remove", title(node)),
                )
                .help("a removal takes away what a lower layer says; drop it"),
            ),
            (false, Some(position)) => merge(&mut base[position], node, diagnostics),
            (false, None) => {
                places.insert(identity, base.len());
                base.push(Merged::alone(node, diagnostics));
            }
        }
    }
    if !removed.is_empty() {
        let mut position = 0..;
        base.retain(|_| position.next().is_none_or(|at| !removed.contains(&at)));
    }
}

/// What two nodes of one scope must share to be merged.
fn identity(node: &Written) -> (&'static str, NodeKey) {
    (node.kind.name, key(node))
}

fn merge<'a>(below: &mut Merged<'a>, node: &'a Written, diagnostics: &mut Vec<Diagnostic>) {
    let first = |args: &[&Given]| args.first().map(|g| g.val.clone());
    if node.kind.replaced
        && !node.args.is_empty()
        && first(&below.args) != node.args.first().map(|g| g.val.clone())
    {
        *below = Merged::alone(node, diagnostics);
        return;
    }
    if let Some(group) = node.kind.group {
        drop_other_members(below, node, group);
    }
    below.kind = node.kind;
    below.name = node.name;
    below.written = node;
    for (position, arg) in node.args.iter().enumerate() {
        match below.args.get_mut(position) {
            Some(slot) => *slot = arg,
            None => below.args.push(arg),
        }
    }
    if node.kind.args.last().is_some_and(|a| a.many) && !node.args.is_empty() {
        below.args.truncate(node.args.len());
    }
    for (index, given) in &node.props {
        let slot = below.props.iter().position(|(i, _)| i == index);
        match (slot, &given.val) {
            (Some(slot), Val::Null) => {
                below.props.remove(slot);
            }
            (None, Val::Null) => diagnostics.push(unsets_nothing(node, *index, given.span)),
            (Some(slot), _) => below.props[slot].1 = given,
            (None, _) => below.props.push((*index, given)),
        }
    }
    below.lay_children(node, diagnostics);
}

fn unsets_nothing(node: &Written, index: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        "LNG-12",
        span,
        format!(
            "`{}` of {} is not set below, so there is nothing to unset",
            node.kind.props[index].name,
            title(node)
        ),
    )
    .help("drop the property")
}

/// Drops what the layer's member of the group excludes.
fn drop_other_members(below: &mut Merged<'_>, node: &Written, group: Group) {
    let given = grouped_names(node, group);
    if given.is_empty() {
        return;
    }
    let fits = |member: &&&[&str]| given.iter().all(|(name, _)| member.contains(name));
    let has = |name: &str| below_has(below, name);
    // The member that holds below stays where it also takes what is given now.
    let current = group.iter().find(|m| has(m[0]));
    let chosen = match current.filter(|m| fits(m)) {
        Some(member) => Some(member),
        None => group.iter().filter(fits).min_by_key(|m| m.len()),
    };
    let Some(chosen) = chosen else { return };
    let drops = |name: &str| group.iter().any(|m| m.contains(&name)) && !chosen.contains(&name);
    let kind = below.kind;
    below
        .props
        .retain(|(index, _)| !drops(kind.props[*index].name));
    below.children.retain(|c| !drops(c.kind.name));
    for (position, name) in ["@0", "@1"].into_iter().enumerate() {
        if drops(name) {
            below.args.truncate(position.min(below.args.len()));
        }
    }
}

fn below_has(below: &Merged<'_>, name: &str) -> bool {
    match name {
        "@0" => !below.args.is_empty(),
        "@1" => below.args.len() > 1,
        name => {
            below
                .props
                .iter()
                .any(|(i, _)| below.kind.props[*i].name == name)
                || below.children.iter().any(|c| c.kind.name == name)
        }
    }
}

/// Reports required arguments and properties that no layer gave.
pub(crate) fn require(node: &Merged<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (position, arg) in node.kind.args.iter().enumerate() {
        if arg.required && node.args.len() <= position {
            diagnostics.push(missing(node, &format!("its {}", arg.name)));
        }
    }
    for (index, prop) in node.kind.props.iter().enumerate() {
        if prop.required && !node.props.iter().any(|(i, _)| *i == index) {
            diagnostics.push(missing(node, &format!("`{}`", prop.name)).help(format!(
                "add `{}=`: {}",
                prop.name,
                prop.ty.example()
            )));
        }
    }
    for child in &node.children {
        require(child, diagnostics);
    }
}

fn missing(node: &Merged<'_>, what: &str) -> Diagnostic {
    Diagnostic::error(
        "LNG-05",
        node.name,
        format!("{} needs {what}", node.title()),
    )
}
