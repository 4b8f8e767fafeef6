//! What the operating system says, without its error numbers.

/// Removes the ` (os error N)` that [`std::io::Error`] puts behind its text: the words before it say the same.
pub fn without_os_codes(text: &str) -> String {
    const BEFORE: &str = " (os error ";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(BEFORE) {
        let (before, after) = rest.split_at(at);
        let digits = &after[BEFORE.len()..];
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        let is_code = count > 0 && digits[count..].starts_with(')');
        let end = if is_code {
            BEFORE.len() + count + 1
        } else {
            BEFORE.len()
        };
        out.push_str(before);
        if !is_code {
            out.push_str(BEFORE);
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_os_codes;

    #[test]
    fn the_number_goes_and_everything_else_stays() {
        for (text, expected) in [
            ("Connection refused (os error 111)", "Connection refused"),
            ("a (os error 2), b (os error 13)!", "a, b!"),
            ("an (os error of mine)", "an (os error of mine)"),
            ("(os error 2)", "(os error 2)"),
            ("", ""),
        ] {
            assert_eq!(without_os_codes(text), expected);
        }
    }
}
