//! What the writer tells about where it is. `()` hears nothing and costs nothing.

use super::Pointer;

/// Hears the writer enter and leave values and end lines.
pub(super) trait Track {
    /// How many lines had ended at some moment.
    type Mark: Copy;
    fn enter_key(&mut self, key: &str);
    fn enter_index(&mut self, index: usize);
    fn leave(&mut self);
    /// The line just ended belongs to the value entered last.
    fn line(&mut self);
    fn mark(&self) -> Self::Mark;
    /// Forgets the lines ended since `mark`: what stood on them was taken back.
    fn rewind(&mut self, mark: Self::Mark);
}

impl Track for () {
    type Mark = ();
    fn enter_key(&mut self, _: &str) {}
    fn enter_index(&mut self, _: usize) {}
    fn leave(&mut self) {}
    fn line(&mut self) {}
    fn mark(&self) -> Self::Mark {}
    fn rewind(&mut self, (): Self::Mark) {}
}

/// Keeps the pointer of every line.
#[derive(Default)]
pub(super) struct Lines {
    here: Pointer,
    parents: Vec<usize>,
    lines: Vec<Pointer>,
}

impl Lines {
    pub(super) fn into_pointers(self) -> Vec<Pointer> {
        self.lines
    }
}

impl Track for Lines {
    type Mark = usize;

    fn enter_key(&mut self, key: &str) {
        self.parents.push(self.here.as_str().len());
        self.here.push_key(key);
    }

    fn enter_index(&mut self, index: usize) {
        self.parents.push(self.here.as_str().len());
        self.here.push_index(index);
    }

    fn leave(&mut self) {
        if let Some(len) = self.parents.pop() {
            self.here.truncate(len);
        }
    }

    fn line(&mut self) {
        self.lines.push(self.here.clone());
    }

    fn mark(&self) -> usize {
        self.lines.len()
    }

    fn rewind(&mut self, mark: usize) {
        self.lines.truncate(mark);
    }
}
