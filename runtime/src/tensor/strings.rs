//! The binary form of BYTES tensors: each element is a 4-byte little-endian length and its bytes.

/// Appends one element.
///
/// # Errors
/// Returns the element's length when it does not fit 32 bits.
pub fn push(out: &mut Vec<u8>, element: &[u8]) -> Result<(), usize> {
    let length = u32::try_from(element.len()).map_err(|_| element.len())?;
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(element);
    Ok(())
}

/// Iterates over the elements; ends early at a length that points past the end.
pub fn iter(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = data;
    std::iter::from_fn(move || {
        let (element, after) = split(rest)?;
        rest = after;
        Some(element)
    })
}

/// Number of elements when the lengths add up exactly; else `None`.
pub fn count(data: &[u8]) -> Option<usize> {
    let mut rest = data;
    let mut count = 0;
    while !rest.is_empty() {
        rest = split(rest)?.1;
        count += 1;
    }
    Some(count)
}

/// Byte offset behind the first `elements` elements; the end when there are fewer.
pub fn offset(data: &[u8], elements: usize) -> usize {
    let mut rest = data;
    for _ in 0..elements {
        match split(rest) {
            Some((_, after)) => rest = after,
            None => break,
        }
    }
    data.len() - rest.len()
}

fn split(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = data.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_must_add_up() {
        let mut data = Vec::new();
        push(&mut data, b"ab").unwrap();
        push(&mut data, b"").unwrap();
        assert_eq!(count(&data), Some(2));
        assert_eq!(iter(&data).collect::<Vec<_>>(), [&b"ab"[..], b""]);
        assert_eq!(offset(&data, 1), 6);
        assert_eq!(count(&data[..5]), None);
        assert_eq!(count(&[9, 0, 0, 0]), None);
    }
}
