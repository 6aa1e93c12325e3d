//! What the process may use.

/// CPUs that the process may use, at least 1: the smaller of its affinity and its cgroup's quota.
pub fn cpu_limit() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
