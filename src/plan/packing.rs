//! How many pods find all their devices on one node.

use std::collections::BTreeMap;

/// Free devices of the nodes of a pool: how many nodes have how many. A pod takes all of its
/// devices from one node, so that 2 nodes of 8 hold 2 pods of 5, not 3.
#[derive(Clone, Debug, Default)]
pub struct Nodes {
    nodes: BTreeMap<u64, u64>,
}

impl Nodes {
    /// Nodes with `total` free devices, `per_node` on each; what does not fill a node is on one
    /// more.
    #[must_use]
    pub fn new(total: u64, per_node: u64) -> Self {
        let mut all = Self::default();
        if per_node > 0 {
            all.add(per_node, total / per_node);
            all.add(total % per_node, 1);
        }
        all
    }

    fn add(&mut self, free: u64, nodes: u64) {
        if free > 0 && nodes > 0 {
            *self.nodes.entry(free).or_default() += nodes;
        }
    }

    /// How many pods of `each` devices find room.
    #[must_use]
    pub fn room(&self, each: u64) -> u64 {
        let each = each.max(1);
        self.nodes.iter().fold(0, |sum: u64, (free, nodes)| {
            sum.saturating_add(nodes.saturating_mul(free / each))
        })
    }

    /// Puts pods of `each` devices onto nodes, the fullest that hold them first; gives how many
    /// found room. The result over several sizes is best where the largest come first.
    pub fn place(&mut self, each: u64, pods: u64) -> u64 {
        let each = each.max(1);
        let mut left = pods;
        while left > 0 {
            let Some((&free, &nodes)) = self.nodes.range(each..).next() else {
                break;
            };
            self.nodes.remove(&free);
            let on_each = free / each;
            let filled = nodes.min(left / on_each);
            self.add(free - on_each * each, filled);
            left -= filled * on_each;
            let mut untouched = nodes - filled;
            if untouched > 0 && left > 0 {
                // Less than one node's worth is left.
                self.add(free - left * each, 1);
                untouched -= 1;
                left = 0;
            }
            self.add(free, untouched);
        }
        pods - left
    }
}

#[cfg(test)]
mod tests {
    use super::Nodes;

    /// Devices of two nodes do not add up for one pod.
    #[test]
    fn whole_nodes() {
        for (total, per_node, each, room) in [
            (16, 8, 5, 2),
            (16, 8, 4, 4),
            (16, 8, 8, 2),
            (16, 8, 9, 0),
            (16, 8, 1, 16),
            (12, 8, 5, 1),
            (12, 8, 4, 3),
            (0, 8, 1, 0),
            (5, 0, 1, 0),
        ] {
            let mut nodes = Nodes::new(total, per_node);
            let case = format!("{total} of {per_node}, {each} each");
            assert_eq!(nodes.room(each), room, "{case}");
            assert_eq!(nodes.place(each, room + 3), room, "{case}");
            assert_eq!(nodes.room(each), 0, "{case}");
        }
    }

    /// What one workload leaves is another's.
    #[test]
    fn sizes_share_nodes() {
        let mut nodes = Nodes::new(16, 8);
        assert_eq!(nodes.place(5, 2), 2);
        assert_eq!((nodes.room(3), nodes.room(4), nodes.room(1)), (2, 0, 6));
        assert_eq!(nodes.place(3, 1), 1);
        assert_eq!(nodes.place(2, 5), 1);
        assert_eq!(nodes.room(1), 1);
    }

    /// Pods go where little is left, and fill a node before they take the next: whole nodes stay
    /// for those that need one.
    #[test]
    fn fullest_first() {
        for (total, each, pods, whole) in
            [(12, 4, 1, 1), (12, 4, 2, 0), (16, 4, 2, 1), (16, 4, 3, 0)]
        {
            let mut nodes = Nodes::new(total, 8);
            assert_eq!(nodes.place(each, pods), pods);
            assert_eq!(nodes.room(8), whole, "{pods} of {each} on {total}");
        }
    }

    /// Every device is either free or taken, whatever was asked for.
    #[test]
    fn nothing_is_lost() {
        for total in 0..40 {
            for per_node in 1..9 {
                let mut nodes = Nodes::new(total, per_node);
                let mut taken = 0;
                for (each, pods) in [(7, 1), (5, 2), (3, 3), (2, 2), (1, 50)] {
                    taken += each * nodes.place(each, pods);
                    assert_eq!(nodes.room(1) + taken, total);
                }
            }
        }
    }
}
