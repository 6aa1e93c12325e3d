//! Byte buffers that any element type can be read from in place.

/// Bytes that start at an address divisible by 8 and keep their memory between uses.
#[derive(Debug, Default)]
pub struct AlignedBuffer {
    words: Vec<u64>,
    length: usize,
}

impl AlignedBuffer {
    /// Makes the buffer `length` bytes long and returns them; their content is whatever was there.
    pub fn reset(&mut self, length: usize) -> &mut [u8] {
        let words = length.div_ceil(8);
        if self.words.len() < words {
            self.words.resize(words, 0);
        }
        self.length = length;
        self.bytes_mut()
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.length]
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.words)[..self.length]
    }

    /// Frees memory beyond `keep` bytes, so that one huge batch does not stay for good.
    pub fn shrink(&mut self, keep: usize) {
        if self.words.len() * 8 > keep {
            self.words = Vec::new();
            self.length = 0;
        }
    }
}
