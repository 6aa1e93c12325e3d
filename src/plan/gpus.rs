//! What is known of NVIDIA GPUs: memory of cards, MIG profiles of cards.
//!
//! Profiles and most instances: NVIDIA mig-parted `config-default.yaml` and the MIG user guide,
//! read 2026-08. Usable memory of a slice is a little below the number in its name.

use smol_str::{SmolStr, format_smolstr};

use crate::units::{Bytes, MigProfile};

/// Words of the product's name, nominal memory in GiB, MIG profiles with how many of each fit.
type Card = (&'static [&'static str], u64, &'static [(&'static str, u64)]);

/// Cards by a part of their product name, with nominal memory in GiB and their MIG profiles.
/// The first row whose words all occur in the product counts.
static CARDS: &[Card] = &[
    (
        &["A100", "40GB"],
        40,
        &[
            ("1g.5gb", 7),
            ("1g.5gb+me", 1),
            ("1g.10gb", 4),
            ("2g.10gb", 3),
            ("3g.20gb", 2),
            ("4g.20gb", 1),
            ("7g.40gb", 1),
        ],
    ),
    (
        &["A100", "80GB"],
        80,
        &[
            ("1g.10gb", 7),
            ("1g.10gb+me", 1),
            ("1g.20gb", 4),
            ("2g.20gb", 3),
            ("3g.40gb", 2),
            ("4g.40gb", 1),
            ("7g.80gb", 1),
        ],
    ),
    (
        &["H100", "NVL"],
        94,
        &[
            ("1g.12gb", 7),
            ("1g.12gb+me", 1),
            ("1g.24gb", 4),
            ("2g.24gb", 3),
            ("3g.47gb", 2),
            ("4g.47gb", 1),
            ("7g.94gb", 1),
        ],
    ),
    (
        &["H100", "96GB"],
        96,
        &[
            ("1g.12gb", 7),
            ("1g.12gb+me", 1),
            ("1g.24gb", 4),
            ("2g.24gb", 3),
            ("3g.48gb", 2),
            ("4g.48gb", 1),
            ("7g.96gb", 1),
        ],
    ),
    (
        &["H100"],
        80,
        &[
            ("1g.10gb", 7),
            ("1g.10gb+me", 1),
            ("1g.20gb", 4),
            ("2g.20gb", 3),
            ("3g.40gb", 2),
            ("4g.40gb", 1),
            ("7g.80gb", 1),
        ],
    ),
    (
        &["GH200", "144"],
        144,
        &[
            ("1g.18gb", 7),
            ("1g.18gb+me", 1),
            ("1g.36gb", 4),
            ("2g.36gb", 3),
            ("3g.72gb", 2),
            ("4g.72gb", 1),
            ("7g.144gb", 1),
        ],
    ),
    (
        &["GH200"],
        96,
        &[
            ("1g.12gb", 7),
            ("1g.12gb+me", 1),
            ("1g.24gb", 4),
            ("2g.24gb", 3),
            ("3g.48gb", 2),
            ("4g.48gb", 1),
            ("7g.96gb", 1),
        ],
    ),
    (
        &["H200"],
        141,
        &[
            ("1g.18gb", 7),
            ("1g.18gb+me", 1),
            ("1g.35gb", 4),
            ("2g.35gb", 3),
            ("3g.71gb", 2),
            ("4g.71gb", 1),
            ("7g.141gb", 1),
        ],
    ),
    (
        &["GB200"],
        186,
        &[
            ("1g.23gb", 7),
            ("1g.23gb+me", 1),
            ("1g.47gb", 4),
            ("2g.47gb", 3),
            ("3g.93gb", 2),
            ("4g.93gb", 1),
            ("7g.186gb", 1),
        ],
    ),
    (
        &["GB300"],
        278,
        &[
            ("1g.35gb", 7),
            ("1g.35gb+me", 1),
            ("1g.70gb", 4),
            ("2g.70gb", 3),
            ("3g.139gb", 2),
            ("4g.139gb", 1),
            ("7g.278gb", 1),
        ],
    ),
    (
        &["B200"],
        180,
        &[
            ("1g.23gb", 7),
            ("1g.23gb+me", 1),
            ("1g.45gb", 4),
            ("2g.45gb", 3),
            ("3g.90gb", 2),
            ("4g.90gb", 1),
            ("7g.180gb", 1),
        ],
    ),
    (
        &["B300"],
        269,
        &[
            ("1g.34gb", 7),
            ("1g.34gb+me", 1),
            ("1g.67gb", 4),
            ("2g.67gb", 3),
            ("3g.135gb", 2),
            ("4g.135gb", 1),
            ("7g.269gb", 1),
        ],
    ),
    (
        &["A30"],
        24,
        &[
            ("1g.6gb", 4),
            ("1g.6gb+me", 1),
            ("2g.12gb", 2),
            ("2g.12gb+me", 1),
            ("4g.24gb", 1),
        ],
    ),
    (&["V100", "32GB"], 32, &[]),
    (&["V100"], 16, &[]),
    (&["L40"], 48, &[]),
    (&["A40"], 48, &[]),
    (&["L4"], 24, &[]),
    (&["A10"], 24, &[]),
    (&["A16"], 16, &[]),
    (&["A2"], 16, &[]),
    (&["T4"], 16, &[]),
    (&["P4"], 8, &[]),
];

/// Cards whose name begins with "Tesla", where those of Ampere and later begin with "NVIDIA".
/// GPU feature discovery takes the label from NVML's name, spaces as `-`: `Tesla-T4`,
/// `Tesla-V100-SXM2-16GB`. Source: NVIDIA driver, list of supported products, read 2026-11.
const TESLA: [&str; 15] = [
    "K40", "K40m", "K80", "M4", "M6", "M10", "M40", "M60", "P4", "P6", "P40", "P100", "T4", "V100",
    "V100S",
];

/// Value of the label `nvidia.com/gpu.product` for a product, which may be written with its brand
/// or without: `NVIDIA-A100-SXM4-40GB`, `Tesla-T4`.
#[must_use]
pub fn product_label(product: &str) -> SmolStr {
    let branded = ["NVIDIA-", "Tesla-", "Quadro-"];
    if branded.iter().any(|brand| product.starts_with(brand)) {
        return product.into();
    }
    let chip = product.split('-').next().unwrap_or(product);
    let brand = if TESLA.contains(&chip) {
        "Tesla"
    } else {
        "NVIDIA"
    };
    format_smolstr!("{brand}-{product}")
}

fn card(product: &str) -> Option<&'static Card> {
    CARDS.iter().find(|(words, _, _)| {
        words
            .iter()
            .all(|w| product.split('-').any(|part| is(part, w)))
    })
}

/// Whether a part of a product's name says a word: alone, as a card's variant (`L40S`, `A10G`), or
/// as an amount (`144G` of `144`). An A100 is no A10, and an A4000 no A40.
fn is(part: &str, word: &str) -> bool {
    let is_amount = word.bytes().all(|b| b.is_ascii_digit());
    part.strip_prefix(word).is_some_and(|rest| {
        matches!(rest, "" | "S" | "G")
            || is_amount && !rest.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// Memory of a card that a program can use: the nominal size less what driver and ECC take,
/// about 4 %. `None` for a card this table does not know.
#[must_use]
pub fn card_memory(product: &str) -> Option<Bytes> {
    card(product).map(|(_, gib, _)| Bytes::mebibytes(gib * 1024 * 96 / 100))
}

/// MIG profiles of a card, each with how many of it fit; `None` for an unknown card, empty for
/// one without MIG.
#[must_use]
pub fn mig_profiles(product: &str) -> Option<&'static [(&'static str, u64)]> {
    card(product).map(|(_, _, profiles)| *profiles)
}

/// Equal parts of a GPU: what MIG gives out.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Of compute.
    pub compute: u64,
    /// Of memory.
    pub memory: u64,
}

/// The parts that a card has, and those that so many slices of these profiles take; `None` for a
/// card without MIG. Where they take no more, they nearly always fit together. Source: NVIDIA MIG
/// user guide, "Supported MIG profiles", read 2026-11: 7 parts of compute and 8 of memory, an A30
/// has 4 and 4.
#[must_use]
pub fn parts(
    known: &[(&str, u64)],
    slices: impl Iterator<Item = (MigProfile, u64)>,
) -> Option<(Parts, Parts)> {
    let profiles = known
        .iter()
        .filter_map(|(name, _)| MigProfile::parse(name).ok());
    let whole = profiles.max_by_key(|p| p.gpu_slices())?;
    let compute = u64::from(whole.gpu_slices());
    let has = Parts {
        compute,
        memory: compute + u64::from(compute == 7),
    };
    let gb = u64::from(whole.memory_gb());
    let mut taken = Parts {
        compute: 0,
        memory: 0,
    };
    for (profile, count) in slices {
        // To the nearest: names round the memory up or down.
        let memory = (u64::from(profile.memory_gb()) * has.memory + gb / 2) / gb;
        taken.compute += u64::from(profile.gpu_slices()) * count;
        taken.memory += memory * count;
    }
    Some((has, taken))
}

/// Memory of a slice that a program can use, about 95 % of the number in its name.
#[must_use]
pub fn slice_memory(profile: MigProfile) -> Bytes {
    Bytes::mebibytes(u64::from(profile.memory_gb()) * 1024 * 95 / 100)
}

#[cfg(test)]
mod tests {
    use super::{card_memory, product_label};

    /// A card is known by whole parts of its name.
    #[test]
    fn cards() {
        for (product, gib) in [
            ("NVIDIA-A100-SXM4-40GB", 40),
            ("A100-80GB-PCIe", 80),
            ("H100-80GB-HBM3", 80),
            ("NVIDIA-GH200-144G-HBM3e", 144),
            ("GH200-480GB", 96),
            ("L40S", 48),
            ("NVIDIA-A10G", 24),
            ("Tesla-V100-SXM2-32GB", 32),
            ("Tesla-T4", 16),
        ] {
            let memory = card_memory(product).unwrap().get() >> 20;
            assert_eq!(memory, gib * 1024 * 96 / 100, "{product}");
        }
        for product in [
            "A100",
            "a100",
            "A100-40",
            "RTX-A4000",
            "RTX-A2000",
            "P40",
            "H20",
        ] {
            assert_eq!(card_memory(product), None, "{product}");
        }
    }

    /// The label is the name that NVML gives the card; a brand that is written stays.
    #[test]
    fn labels() {
        for (product, label) in [
            ("T4", "Tesla-T4"),
            ("V100-SXM2-16GB", "Tesla-V100-SXM2-16GB"),
            ("V100S-PCIE-32GB", "Tesla-V100S-PCIE-32GB"),
            ("P100-PCIE-16GB", "Tesla-P100-PCIE-16GB"),
            ("Tesla-T4", "Tesla-T4"),
            ("T4G", "NVIDIA-T4G"),
            ("A100-SXM4-40GB", "NVIDIA-A100-SXM4-40GB"),
            ("NVIDIA-L4", "NVIDIA-L4"),
            ("Quadro-RTX-8000", "Quadro-RTX-8000"),
        ] {
            assert_eq!(product_label(product), label);
        }
    }
}
