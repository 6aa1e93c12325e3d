//! Raw fields to be merged into emitted objects.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::resolve::origin::Traced;
use crate::source::Span;
use crate::units::DnsSubdomain;

pub use crate::spec::raw::{Field, Item, Raw};

/// A patch of the objects of one kind, or of one of them.
#[derive(Clone, Debug)]
pub struct Patch {
    /// The kind, as written.
    pub kind: Traced<SmolStr>,
    /// The one object; `None` for all of the kind.
    pub name: Option<Traced<DnsSubdomain>>,
    /// The fields of each layer that has the patch, lowest first.
    pub layers: Vec<Layer>,
}

/// What one layer says.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The fields.
    pub fields: Arc<[Field]>,
    /// The place of the kind in this layer.
    pub kind: Span,
    /// The place of the object's name in this layer.
    pub name: Option<Span>,
}
