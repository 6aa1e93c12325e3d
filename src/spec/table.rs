//! The one table that declares every node kind. Decoder, suggestions, merge, formatter order,
//! JSON Schema and the reference manual all read it; nothing about a node is said twice.

/// What a value must be.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Ty {
    /// A text that says something.
    Text,
    /// Any text, also an empty one.
    AnyText,
    /// One word of a closed list.
    Word(&'static [&'static str]),
    /// A whole number in an inclusive range.
    Int {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// `#true` or `#false`.
    Bool,
    /// An amount of memory or storage above zero, `"4Gi"`.
    Bytes,
    /// An amount of processor above zero, `"500m"` or `"2"`.
    Cpu,
    /// Bytes a second above zero, `"200Mi/s"`.
    Rate,
    /// Requests a second above zero, `"200/s"`.
    PerSecond,
    /// Money an hour, `"32.77/h"`.
    Price,
    /// A length of time, `"500ms"`; bounds in milliseconds.
    Duration(Bounds),
    /// A share, `"70%"`; bounds in hundredths of a percent.
    Percent(Bounds),
    /// A MIG profile, `"1g.5gb"`.
    MigProfile,
    /// An RFC 1123 label of at most 63 characters.
    DnsLabel,
    /// An RFC 1123 subdomain of at most 253 characters.
    DnsSubdomain,
    /// A Kubernetes label or annotation key.
    LabelKey,
    /// A Kubernetes label value.
    LabelValue,
    /// A model's version: a label value that is not empty.
    Release,
    /// A version, `"1.36"`.
    Version,
    /// A container image.
    Image,
    /// 64 hexadecimal digits.
    Sha256,
    /// A TCP port.
    Port,
    /// `host:port`.
    HostPort,
    /// `host:port`, several joined by commas.
    HostPorts,
    /// An absolute path of a folder or file in a container.
    MountPath,
    /// A Secret and one of its keys, `"name/key"`.
    SecretKey,
    /// Where a Git repository is.
    GitUrl,
    /// An `http://` or `https://` address.
    Url,
    /// Where a model's files are.
    ArtifactUri,
    /// Five cron fields.
    Cron,
    /// An IANA time zone.
    Timezone,
    /// An address range.
    Cidr,
    /// A path that begins with `/`.
    Path,
    /// A host name, or `*.` and a domain.
    HostPattern,
    /// The name of an HTTP header.
    HeaderName,
    /// The name of an environment variable.
    EnvName,
    /// A day, `"2027-03-01"`.
    Date,
}

/// What a number of some unit must be: nothing downstream rounds or clamps it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Smallest.
    pub least: u64,
    /// Largest.
    pub most: u64,
    /// What it must be a multiple of; 1 for anything.
    pub step: u64,
}

impl Bounds {
    /// Whether `value` is allowed.
    #[must_use]
    pub const fn hold(self, value: u64) -> bool {
        self.least <= value && value <= self.most && value.is_multiple_of(self.step)
    }
}

/// A positional argument.
#[derive(Debug)]
pub struct Arg {
    /// Name in messages and in the manual.
    pub name: &'static str,
    /// Its type.
    pub ty: Ty,
    /// Whether it must be there once all layers are merged.
    pub required: bool,
    /// Whether it may be repeated; only the last one of a node.
    pub many: bool,
    /// One sentence.
    pub doc: &'static str,
}

/// A property.
#[derive(Debug)]
pub struct Prop {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Ty,
    /// Whether it must be there once all layers are merged.
    pub required: bool,
    /// What holds where it is not written: a value, or where the value comes from.
    pub default: Option<&'static str>,
    /// One sentence.
    pub doc: &'static str,
}

/// How two nodes of one name are told apart in one scope.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// There is at most one.
    Single,
    /// By the first argument, which may be absent.
    Arg,
    /// By the first argument and a property, which may be absent.
    ArgAnd(&'static str),
    /// By whichever of two properties is given.
    Either(&'static str, &'static str),
}

/// Members of which only one may hold: a later layer that names one drops the others.
///
/// A member is a set of names: of properties, of children, or `@0` for an argument.
pub type Group = &'static [&'static [&'static str]];

/// A node kind.
#[derive(Debug)]
pub struct NodeKind {
    /// Its name.
    pub name: &'static str,
    /// How instances are told apart.
    pub key: Key,
    /// Arguments in order.
    pub args: &'static [Arg],
    /// Properties in the formatter's order.
    pub props: &'static [Prop],
    /// Kinds of children in the formatter's order.
    pub children: &'static [&'static NodeKind],
    /// Where the first argument says which kind it is: argument and kind.
    pub by_arg: &'static [(&'static str, &'static NodeKind)],
    /// The exclusive group, if it has one.
    pub group: Option<Group>,
    /// Whether a later layer with another first argument replaces the whole node.
    pub replaced: bool,
    /// Whether a layer can take it away with `(remove)`: not the layers themselves, nor what says
    /// where a model runs and what it is like.
    pub removable: bool,
    /// Whether the children patch the whole model, and are laid over it once it is merged.
    pub patch: bool,
    /// Whether the children are free: fields of objects, read by [`raw`](super::raw).
    pub raw: bool,
    /// Meaning and effect, a few sentences.
    pub doc: &'static str,
    /// A few lines that show it in place.
    pub example: &'static str,
}

impl NodeKind {
    /// A kind without arguments, properties or children, to be completed with `..`.
    pub const EMPTY: Self = Self {
        name: "",
        key: Key::Single,
        args: &[],
        props: &[],
        children: &[],
        by_arg: &[],
        group: None,
        replaced: false,
        removable: true,
        patch: false,
        raw: false,
        doc: "",
        example: "",
    };

    /// The property of a name and its place in [`NodeKind::props`].
    #[must_use]
    pub fn prop(&self, name: &str) -> Option<(usize, &'static Prop)> {
        self.props.iter().enumerate().find(|(_, p)| p.name == name)
    }

    /// The child kind of a name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&'static NodeKind> {
        self.children.iter().copied().find(|k| k.name == name)
    }

    /// The kind that the first argument chooses, or this one.
    #[must_use]
    pub fn chosen(&'static self, first: Option<&str>) -> &'static NodeKind {
        first
            .and_then(|word| self.by_arg.iter().find(|(name, _)| *name == word))
            .map_or(self, |(_, kind)| kind)
    }
}

/// A required argument.
pub const fn arg(name: &'static str, ty: Ty, doc: &'static str) -> Arg {
    Arg {
        name,
        ty,
        required: true,
        many: false,
        doc,
    }
}

/// An argument that may be left out.
pub const fn opt_arg(name: &'static str, ty: Ty, doc: &'static str) -> Arg {
    Arg {
        name,
        ty,
        required: false,
        many: false,
        doc,
    }
}

/// One or more arguments of one type.
pub const fn args(name: &'static str, ty: Ty, doc: &'static str) -> Arg {
    Arg {
        name,
        ty,
        required: true,
        many: true,
        doc,
    }
}

/// Any number of arguments of one type, none among them.
pub const fn opt_args(name: &'static str, ty: Ty, doc: &'static str) -> Arg {
    Arg {
        name,
        ty,
        required: false,
        many: true,
        doc,
    }
}

/// A property that may be left out and then has no effect.
pub const fn prop(name: &'static str, ty: Ty, doc: &'static str) -> Prop {
    Prop {
        name,
        ty,
        required: false,
        default: None,
        doc,
    }
}

/// A property with a default.
pub const fn prop_or(name: &'static str, ty: Ty, default: &'static str, doc: &'static str) -> Prop {
    Prop {
        name,
        ty,
        required: false,
        default: Some(default),
        doc,
    }
}

/// A property that must be given.
pub const fn req_prop(name: &'static str, ty: Ty, doc: &'static str) -> Prop {
    Prop {
        name,
        ty,
        required: true,
        default: None,
        doc,
    }
}

/// The longest time, 99999 hours, in milliseconds.
const FOREVER: u64 = crate::units::Duration::MOST.millis();
/// A second in milliseconds.
const SECOND: u64 = 1000;

/// A time that is not nothing.
pub const TIME: Ty = Ty::Duration(Bounds {
    least: 1,
    most: FOREVER,
    step: 1,
});

/// A time of at most so many milliseconds, which may be nothing.
pub const fn time_up_to(most: u64) -> Ty {
    Ty::Duration(Bounds {
        least: 0,
        most,
        step: 1,
    })
}

/// A time in whole seconds, at least one: what Kubernetes counts in.
pub const SECONDS: Ty = seconds(1, FOREVER / SECOND);

/// A time in whole seconds within bounds.
pub const fn seconds(least: u64, most: u64) -> Ty {
    Ty::Duration(Bounds {
        least: least * SECOND,
        most: most * SECOND,
        step: SECOND,
    })
}

/// A share of a whole that is neither none nor all of it.
pub const PART: Ty = Ty::Percent(Bounds {
    least: 1,
    most: 9_999,
    step: 1,
});

/// A target of use, in whole percents; may lie above what is requested.
pub const UTILIZATION: Ty = Ty::Percent(Bounds {
    least: 100,
    most: 100_000,
    step: 100,
});

/// Counts that start at one.
pub const COUNT: Ty = Ty::Int {
    min: 1,
    max: 1_000_000,
};

/// Counts that may be zero.
pub const COUNT0: Ty = Ty::Int {
    min: 0,
    max: 1_000_000,
};

/// Access modes of a volume.
pub const ACCESS: Ty = Ty::Word(&["RWO", "RWX", "ROX", "RWOP"]);
