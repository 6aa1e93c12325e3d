//! What the process may use.

/// CPUs that the process may use, at least 1: the smaller of its affinity and its cgroup's quota, rounded down, of cgroup
/// version 1 and 2 alike.
pub fn cpu_limit() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    #[test]
    fn the_limit_follows_the_affinity() {
        // On a thread of its own: only that one is bound.
        let bound = std::thread::spawn(|| {
            let all = sched_getaffinity(None).unwrap();
            let mut one = CpuSet::new();
            let first = (0..CpuSet::MAX_CPU).find(|&cpu| all.is_set(cpu)).unwrap();
            one.set(first);
            sched_setaffinity(None, &one).unwrap();
            cpu_limit()
        });
        assert_eq!(bound.join().unwrap(), 1);
    }
}
