//! EAN-13 (GTIN-13): thirteen digits, the last of which checks the others.

/// Whether the text is an EAN-13 with the right check digit.
pub fn is_ean13(text: &str) -> bool {
    if text.len() != 13 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let weighted = |(at, byte): (usize, u8)| u32::from(byte - b'0') * if at % 2 == 0 { 1 } else { 3 };
    text.bytes().enumerate().map(weighted).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_decides() {
        assert!(is_ean13("4006381333931"));
        for bad in ["4006381333932", "400638133393", "40063813339310", "400638133393x", "", "٤006381333931"] {
            assert!(!is_ean13(bad), "{bad}");
        }
        let valid = (0..10).filter(|digit| is_ean13(&format!("400638133393{digit}"))).count();
        assert_eq!(valid, 1);
    }
}
