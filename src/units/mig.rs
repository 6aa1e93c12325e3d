//! MIG profiles: slices of a GPU.

use std::fmt;

use super::UnitError;

/// What a MIG profile adds to or takes from its slice. Source: NVIDIA's MIG user guide and the
/// GPU-instance profile names of `nvidia-smi mig -lgip`, 2026.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MigAttribute {
    /// `+me`: the media engines of the GPU.
    Media,
    /// `+me.all`: all media engines of the GPU.
    AllMedia,
    /// `-me`: no media engine.
    NoMedia,
    /// `+gfx`: graphics.
    Graphics,
}

impl MigAttribute {
    const ALL: [(&'static str, Self); 4] = [
        ("+me", Self::Media),
        ("+me.all", Self::AllMedia),
        ("-me", Self::NoMedia),
        ("+gfx", Self::Graphics),
    ];

    /// The suffix of the profile's name.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Media => "+me",
            Self::AllMedia => "+me.all",
            Self::NoMedia => "-me",
            Self::Graphics => "+gfx",
        }
    }
}

/// The name of a MIG profile: `[Nc.]Ng.Mgb[+me|+me.all|-me|+gfx]`, such as `1g.5gb`,
/// `3g.20gb` or `1c.3g.20gb`. Whether a GPU offers it is the GPU table's matter.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MigProfile {
    gpu_slices: u8,
    memory_gb: u16,
    attribute: Option<MigAttribute>,
    compute_slices: u8,
}

impl MigProfile {
    /// Slices of the GPU, 1–8: the `1` of `1g.5gb`.
    #[must_use]
    pub const fn gpu_slices(self) -> u8 {
        self.gpu_slices
    }

    /// Slices of compute, from 1 to the slices of the GPU: the `2` of `2c.3g.20gb`.
    #[must_use]
    pub const fn compute_slices(self) -> u8 {
        self.compute_slices
    }

    /// The nominal memory in the profile's name. The usable memory is less; the GPU table has it.
    #[must_use]
    pub const fn memory_gb(self) -> u16 {
        self.memory_gb
    }

    /// What is added to or taken from the slice.
    #[must_use]
    pub const fn attribute(self) -> Option<MigAttribute> {
        self.attribute
    }

    /// The extended resource that the device plugin's mixed strategy advertises:
    /// `nvidia.com/mig-1g.5gb.me`. Source: NVIDIA k8s-device-plugin (it replaces `+` by `.`), 2026.
    #[must_use]
    pub fn resource(self) -> String {
        format!("nvidia.com/mig-{}", self.to_string().replace('+', "."))
    }

    /// Reads `1g.5gb`, `3g.20gb`, `1c.3g.20gb`, `1g.5gb+me`.
    ///
    /// # Errors
    /// A text in another form; with a fix for `1G.5GB`, `mig-1g.5gb`, `1g5gb` and `1g.5gb.me`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let error = || UnitError::new(text, "a MIG profile", "expected one such as `1g.5gb`");
        read(text).ok_or_else(|| error().maybe_fix(meant(text)))
    }
}

fn read(text: &str) -> Option<MigProfile> {
    let at = text.find(['+', '-']).unwrap_or(text.len());
    let (slice, suffix) = text.split_at(at);
    let attribute = match suffix {
        "" => None,
        _ => Some(
            MigAttribute::ALL
                .iter()
                .find(|(name, _)| *name == suffix)?
                .1,
        ),
    };
    let parts: Vec<&str> = slice.split('.').collect();
    let (compute, gpu, memory) = match parts.as_slice() {
        [gpu, memory] => (None, *gpu, *memory),
        [compute, gpu, memory] => (Some(number(compute.strip_suffix('c')?)?), *gpu, *memory),
        _ => return None,
    };
    let gpu_slices = number(gpu.strip_suffix('g')?)?;
    let memory_gb = number(memory.strip_suffix("gb")?)?;
    let compute_slices = compute.unwrap_or(gpu_slices);
    if !(1..=8).contains(&gpu_slices) || !(1..=gpu_slices).contains(&compute_slices) {
        return None;
    }
    Some(MigProfile {
        gpu_slices: gpu_slices as u8,
        memory_gb,
        attribute,
        compute_slices: compute_slices as u8,
    })
}

/// A positive number of at most three digits without leading zero.
fn number(text: &str) -> Option<u16> {
    let valid = (1..=3).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && !text.starts_with('0');
    valid.then(|| text.parse().ok())?
}

/// The profile meant by its name in capitals, as a resource name or without the point.
fn meant(text: &str) -> Option<MigProfile> {
    let lower = text.trim().to_ascii_lowercase();
    let bare = lower.strip_prefix("nvidia.com/").unwrap_or(&lower);
    let bare = bare.strip_prefix("mig-").unwrap_or(bare).replace(' ', "");
    let plus = |suffix: &str| {
        let stem = bare.strip_suffix(&suffix.replace('+', "."))?;
        read(&format!("{stem}{suffix}"))
    };
    let pointed = || {
        let (gpu, memory) = bare.split_once('g')?;
        read(&format!("{gpu}g.{memory}"))
    };
    read(&bare)
        .or_else(|| {
            ["+me.all", "+me", "+gfx"]
                .iter()
                .find_map(|suffix| plus(suffix))
        })
        .or_else(pointed)
}

impl fmt::Display for MigProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.compute_slices != self.gpu_slices {
            write!(f, "{}c.", self.compute_slices)?;
        }
        let suffix = self.attribute.map_or("", MigAttribute::suffix);
        write!(f, "{}g.{}gb{suffix}", self.gpu_slices, self.memory_gb)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names, parts and resources.
    #[test]
    fn reads() {
        for (text, resource) in [
            ("1g.5gb", "nvidia.com/mig-1g.5gb"),
            ("1g.5gb+me", "nvidia.com/mig-1g.5gb.me"),
            ("1g.24gb+me.all", "nvidia.com/mig-1g.24gb.me.all"),
            ("1g.24gb-me", "nvidia.com/mig-1g.24gb-me"),
            ("2g.48gb+gfx", "nvidia.com/mig-2g.48gb.gfx"),
            ("7g.141gb", "nvidia.com/mig-7g.141gb"),
            ("1c.3g.20gb", "nvidia.com/mig-1c.3g.20gb"),
        ] {
            let profile = MigProfile::parse(text).unwrap();
            assert_eq!(profile.to_string(), text);
            assert_eq!(profile.resource(), resource);
        }
        let part = MigProfile::parse("1c.3g.20gb").unwrap();
        assert_eq!(
            (part.compute_slices(), part.gpu_slices(), part.memory_gb()),
            (1, 3, 20)
        );
        assert_eq!(
            MigProfile::parse("3c.3g.20gb").unwrap().to_string(),
            "3g.20gb"
        );
    }

    /// Other spellings are refused.
    #[test]
    fn refuses_other_forms() {
        for (text, fix) in [
            ("1G.5GB", Some("1g.5gb")),
            ("mig-1g.5gb", Some("1g.5gb")),
            ("nvidia.com/mig-1g.5gb.me", Some("1g.5gb+me")),
            ("1g5gb", Some("1g.5gb")),
            ("1g.5gb.me.all", Some("1g.5gb+me.all")),
            ("0g.5gb", None),
            ("9g.5gb", None),
            ("4c.3g.20gb", None),
            ("1g.05gb", None),
            ("1g.5gb+mx", None),
            ("1g", None),
            ("5gb", None),
            ("", None),
        ] {
            assert_eq!(
                MigProfile::parse(text).unwrap_err().fix.as_deref(),
                fix,
                "{text}"
            );
        }
    }
}
