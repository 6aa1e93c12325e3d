//! Which schema holds for a kind in a cluster of certain versions.

use std::sync::OnceLock;

use super::embedded::EMBEDDED;
use super::{File, NodeId, Product, Version};

/// The schemas of one API group and version as they were over a range of product versions.
#[derive(Debug)]
pub struct Snapshot {
    /// The product that brings the group.
    pub product: Product,
    /// `apiVersion` of the objects, such as `apps/v1`.
    pub api_version: &'static str,
    /// First product version it was taken from.
    pub from: Version,
    /// Last product version it was taken from.
    pub to: Version,
    /// JSON text of a [`File`].
    pub(super) text: &'static str,
    pub(super) file: OnceLock<File>,
}

impl Snapshot {
    pub(super) const fn new(
        product: Product,
        api_version: &'static str,
        from: Version,
        to: Version,
        text: &'static str,
    ) -> Self {
        Self {
            product,
            api_version,
            from,
            to,
            text,
            file: OnceLock::new(),
        }
    }

    /// The schemas, read when first asked for. A test reads every embedded one, so that the empty
    /// file, which knows no kind, is never what comes back.
    pub fn file(&self) -> &File {
        self.file
            .get_or_init(|| serde_json::from_str(self.text).unwrap_or_default())
    }

    /// Every embedded snapshot.
    #[must_use]
    pub fn all() -> &'static [Snapshot] {
        &EMBEDDED
    }

    fn root(&self, kind: &str) -> Option<NodeId> {
        self.file().kinds.get(kind).copied()
    }
}

/// What is known of a kind.
#[derive(Debug)]
pub enum Lookup {
    /// The schema that holds in this cluster.
    Found(&'static Snapshot, NodeId),
    /// The product has the kind, but in other versions than the cluster's.
    OtherVersion(&'static Snapshot),
    /// No embedded schema names it.
    Unknown,
}

/// The schemas that hold in a cluster, by the versions of its products.
#[derive(Clone, Debug)]
pub struct Schemas {
    versions: [Version; Product::ALL.len()],
    holding: Vec<&'static Snapshot>,
}

impl Schemas {
    /// The newest versions that schemas were taken from.
    #[must_use]
    pub fn newest() -> Self {
        Self::for_versions([])
    }

    /// The versions of a cluster; products that are not named count as the newest. A version
    /// outside of [`Schemas::range`] is judged by the nearest one.
    #[must_use]
    pub fn for_versions(versions: impl IntoIterator<Item = (Product, Version)>) -> Self {
        let newest = |product| Self::range(product).map_or(Version::new(0, 0), |range| range.1);
        let mut chosen = Product::ALL.map(newest);
        for (product, version) in versions {
            chosen[product as usize] = version;
        }
        let holding = EMBEDDED
            .iter()
            .filter(|s| covers(s, chosen[s.product as usize]))
            .collect();
        Self {
            versions: chosen,
            holding,
        }
    }

    /// The version of a product.
    #[must_use]
    pub fn version(&self, product: Product) -> Version {
        self.versions[product as usize]
    }

    /// Oldest and newest version of a product that schemas were taken from; `None` if there is
    /// none.
    #[must_use]
    pub fn range(product: Product) -> Option<(Version, Version)> {
        let of = || {
            EMBEDDED
                .iter()
                .filter(|snapshot| snapshot.product == product)
        };
        Some((of().map(|s| s.from).min()?, of().map(|s| s.to).max()?))
    }

    /// The schema of a kind in this cluster.
    #[must_use]
    pub fn find(&self, api_version: &str, kind: &str) -> Lookup {
        let named = |s: &&'static Snapshot| s.api_version == api_version;
        if let Some(snapshot) = self.holding.iter().copied().find(named)
            && let Some(root) = snapshot.root(kind)
        {
            return Lookup::Found(snapshot, root);
        }
        let elsewhere = EMBEDDED
            .iter()
            .filter(named)
            .find(|s| s.root(kind).is_some());
        elsewhere.map_or(Lookup::Unknown, Lookup::OtherVersion)
    }
}

/// Whether a snapshot holds for a version of its product. Between two versions that were taken,
/// the older one holds.
fn covers(snapshot: &Snapshot, version: Version) -> bool {
    let version = match Schemas::range(snapshot.product) {
        Some((oldest, newest)) => version.clamp(oldest, newest),
        None => version,
    };
    let next = EMBEDDED
        .iter()
        .filter(|s| s.product == snapshot.product && s.from > snapshot.to)
        .map(|s| s.from)
        .min();
    snapshot.from <= version && (version <= snapshot.to || next.is_some_and(|next| version < next))
}
