//! What a namespace's quota leaves.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::resolve::cluster::Quota;
use crate::resolve::origin::{Origin, Traced};
use crate::units::{Bytes, Cpu};

use super::types::Device;

/// A quota, and what all workloads of its namespace ask for at their most replicas.
#[derive(Debug)]
pub struct QuotaUse<'w> {
    /// The quota.
    pub quota: &'w Quota,
    devices: BTreeMap<SmolStr, u64>,
    /// In thousandths.
    cpu: u64,
    /// In bytes.
    memory: u64,
}

/// One of a quota's limits, and what one replica takes of it. Amounts are in the limit's unit.
#[derive(Debug)]
pub struct Limit {
    /// What is limited, for inputs of a derivation.
    pub name: &'static str,
    /// What all workloads ask for at most, for the same.
    pub asked_name: &'static str,
    /// What it is called in messages: "GPU", "MIG 1g.5gb", "CPU", "memory".
    pub what: String,
    /// The limit.
    pub limit: u64,
    /// What all workloads ask for at most.
    pub asked: u64,
    /// What each replica asks for.
    pub each: u64,
    /// Where the limit is given.
    pub from: Origin,
    show: fn(u64) -> String,
}

impl Limit {
    /// What is left when every workload has its most replicas.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.limit.saturating_sub(self.asked)
    }

    /// An amount with its unit.
    #[must_use]
    pub fn show(&self, amount: u64) -> String {
        (self.show)(amount)
    }
}

impl<'w> QuotaUse<'w> {
    pub(super) fn new(quota: &'w Quota) -> Self {
        Self {
            quota,
            devices: BTreeMap::new(),
            cpu: 0,
            memory: 0,
        }
    }

    /// Counts a workload.
    pub(super) fn count(
        &mut self,
        replicas: u64,
        cpu: Cpu,
        memory: Bytes,
        device: Option<(&SmolStr, u64)>,
    ) {
        let add = |sum: &mut u64, each: u64| {
            *sum = sum.saturating_add(replicas.saturating_mul(each));
        };
        add(&mut self.cpu, cpu.millis());
        add(&mut self.memory, memory.get());
        if let Some((resource, each)) = device {
            add(self.devices.entry(resource.clone()).or_default(), each);
        }
    }

    /// The limits that hold for a workload: of its device, of processors, of memory.
    #[must_use]
    pub fn limits(&self, device: Option<&Device>, cpu: Cpu, memory: Bytes) -> Vec<Limit> {
        let mut found = Vec::new();
        if let Some(device) = device
            && let Some((limit, what)) = self.quota.device(&device.resource)
        {
            let asked = self.devices.get(device.resource.as_str());
            found.push(Limit {
                name: "quota of devices",
                asked_name: "devices asked in the namespace",
                what,
                limit: limit.value,
                asked: asked.copied().unwrap_or_default(),
                each: *device.count,
                from: limit.from.clone(),
                show: |n| n.to_string(),
            });
        }
        if let Some(limit) = &self.quota.cpu {
            found.push(Limit {
                name: "quota of CPU",
                asked_name: "CPU asked in the namespace",
                what: "CPU".to_owned(),
                limit: limit.millis(),
                asked: self.cpu,
                each: cpu.millis(),
                from: limit.from.clone(),
                show: |n| Cpu::from_millis(n).to_string(),
            });
        }
        if let Some(limit) = &self.quota.memory {
            found.push(Limit {
                name: "quota of memory",
                asked_name: "memory asked in the namespace",
                what: "memory".to_owned(),
                limit: limit.get(),
                asked: self.memory,
                each: memory.get(),
                from: limit.from.clone(),
                show: |n| Bytes::new(n).to_string(),
            });
        }
        found
    }
}

impl Quota {
    /// The limit of an extended resource and what one is called; `None` where the quota says
    /// nothing of it.
    #[must_use]
    pub fn device(&self, resource: &str) -> Option<(&Traced<u64>, String)> {
        if resource == "nvidia.com/gpu" {
            return self.gpu.as_ref().map(|n| (n, "GPU".to_owned()));
        }
        let mut profiles = self.mig.iter();
        profiles
            .find(|(profile, _)| profile.resource() == resource)
            .map(|(profile, n)| (n, format!("MIG {}", profile.value)))
    }
}
