//! Bytes in hexadecimal.

/// Two lowercase digits for every byte.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bytes = bytes.as_ref();
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.extend([byte >> 4, byte & 15].map(|nibble| char::from(DIGITS[usize::from(nibble)])));
    }
    text
}

/// The bytes that `text` is, with digits of either case; none if it is not.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2).map(|pair| match *pair {
        [high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_byte_is_two_digits() {
        assert_eq!(super::hex([0x00, 0x0a, 0xff, 0x10]), "000aff10");
        assert_eq!(super::unhex("000aFf10"), Some(vec![0x00, 0x0a, 0xff, 0x10]));
        for other in ["0", "0g", "é"] {
            assert_eq!(super::unhex(other), None, "{other}");
        }
    }
}
