//! Models, made one at a time: a model of every target at once would not fit into memory.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::spec::Written;
use crate::spec::value::FromVal;
use crate::units::DnsLabel;

use super::decode::{self, Cx};
use super::merge;
use super::model::Model;
use super::origin::Traced;
use super::references;
use super::workspace::{Target, Workspace};

/// The models of a workspace as written, and the layers below them.
#[derive(Debug)]
pub struct Models<'w> {
    /// Model nodes, sorted by name.
    pub(super) written: Vec<&'w Written>,
    /// Presets by name.
    pub(super) presets: BTreeMap<&'w str, &'w Written>,
    defaults: Option<&'w Written>,
    /// Layers, by the places of their names, that name what is not there or share their name with
    /// another one: what follows from them is not known.
    pub(super) doubtful: BTreeSet<Span>,
}

impl<'w> Models<'w> {
    pub(super) fn new(
        mut written: Vec<&'w Written>,
        presets: BTreeMap<&'w str, &'w Written>,
        defaults: Option<&'w Written>,
    ) -> Self {
        written.sort_by_key(|node| node.first());
        Self {
            written,
            presets,
            defaults,
            doubtful: BTreeSet::new(),
        }
    }

    /// How many there are. Each is asked for by its place in the order of names, from 0.
    #[must_use]
    pub fn len(&self) -> usize {
        self.written.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// The place of the model of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        let found = self.written.binary_search_by_key(&name, |n| n.first());
        found.ok()
    }

    /// Whether a node of this name stands anywhere in the layers of a model, so that it may have
    /// an effect in some target.
    #[must_use]
    pub fn mentions(&self, model: usize, name: &str) -> bool {
        self.layers(self.written[model])
            .any(|layer| layer.mentions(name))
    }

    /// The layers of a model, lowest first.
    pub(super) fn layers(&self, model: &'w Written) -> impl Iterator<Item = &'w Written> {
        let presets = model
            .all("like")
            .flat_map(|n| &n.args)
            .filter_map(|name| self.presets.get(name.val.text()?).copied());
        self.defaults.into_iter().chain(presets).chain([model])
    }

    /// Makes a model for a target; `None` where it does not run there or has errors.
    ///
    /// Diagnostics may repeat where targets share the cause.
    #[must_use]
    pub fn resolve(
        &self,
        model: usize,
        workspace: &Workspace,
        target: &Target,
    ) -> (Option<Model>, Vec<Diagnostic>) {
        let model = self.written[model];
        let (env, cluster) = (&*target.env, &*target.cluster);
        if !references::runs_in(model, env.name.as_str()) {
            return (None, Vec::new());
        }
        let mut cx = Cx {
            diagnostics: Vec::new(),
            auths: &workspace.auths,
            mlserve: workspace.mlserve.as_ref(),
            workspace: workspace.name.span(),
            own: model.span,
            env,
            cluster,
            faulty: target.faulty,
        };
        let mut nodes = Vec::new();
        let mut faulty = false;
        for layer in self.layers(model) {
            faulty |= layer.faulty || self.doubtful.contains(&layer.name);
            let own = layer
                .children
                .iter()
                .filter(|c| !matches!(c.kind.name, "in" | "like" | "only"));
            merge::overlay(&mut nodes, own, &mut cx.diagnostics);
            for cluster_only in [false, true] {
                for patch in layer.all("in").filter(|n| n.first() == env.name.as_str()) {
                    let place = patch.prop("cluster").and_then(|g| g.val.text());
                    let here = match place {
                        None => !cluster_only,
                        Some(name) => cluster_only && name == cluster.name.as_str(),
                    };
                    if here {
                        merge::overlay(&mut nodes, &patch.children, &mut cx.diagnostics);
                    }
                }
            }
        }
        let name = model.args.first().and_then(|given| {
            let label = <DnsLabel as FromVal>::from_val(&given.val)?;
            Some(Traced::written(label.clone(), given.span))
        });
        let mut model =
            name.and_then(|name| decode::model::model(name, model.name, &nodes, &mut cx));
        if faulty {
            // What seems to be missing may only be misspelled, and that is reported already.
            cx.diagnostics
                .retain(|d| !matches!(d.code, "LNG-05" | "SCL-03"));
        }
        if target.faulty {
            // Nor is what the cluster or the workspace seems to lack. Names are not looked up at all.
            let lacks = |d: &Diagnostic| d.code == "LNG-22" || d.span == workspace.name.span();
            cx.diagnostics.retain(|d| !lacks(d));
        }
        if faulty || target.faulty {
            model = None;
        }
        (model, cx.diagnostics)
    }
}
