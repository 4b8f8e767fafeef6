//! A JSON number by its digits and its exponent, to be written in the forms that serialisers have for one value.

/// How numbers are written that are very large, very small, or written with an exponent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExponentForm {
    /// `1e3`, `1.5e-7`: as short as it can be.
    Short,
    /// `1e+21`, `1e-7`: JavaScript, and Go.
    Signed,
    /// `1e+21`, `1e-07`: Python.
    SignedPadded,
    /// `1.0e+21`, `1.0e-7`: PHP.
    WithPoint,
    /// `1.0E21`, `1.0E-7`: Java.
    Capital,
    /// `1000.0`: Python and Java, of what they read as `1e3`.
    PlainWithPoint,
    /// `1000`, `0.0000001`
    Plain,
}

impl ExponentForm {
    pub(super) const ALL: [Self; 7] = [
        Self::Short,
        Self::Signed,
        Self::SignedPadded,
        Self::WithPoint,
        Self::Capital,
        Self::PlainWithPoint,
        Self::Plain,
    ];
}

/// A whole number with fewer zeros at its end was hardly written with an exponent.
const LEAST_ZEROS: usize = 3;
/// A plain text with more zeros than that is written by no one.
const MOST_ZEROS: i32 = 40;

/// A number other than zero: 0.DIGITS × 10^`point`.
struct Decimal {
    is_negative: bool,
    /// Without zeros at either end.
    digits: String,
    point: i32,
}

impl Decimal {
    fn read(raw: &str) -> Option<Self> {
        let (is_negative, rest) = match raw.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, raw),
        };
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let exponent: i32 = exponent.parse().ok()?;
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{part}");
        let behind = all.trim_start_matches('0');
        let leading = i32::try_from(all.len() - behind.len()).ok()?;
        let digits = behind.trim_end_matches('0');
        if digits.is_empty() {
            return None;
        }
        let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)? - leading;
        Some(Self {
            is_negative,
            digits: digits.to_owned(),
            point,
        })
    }

    fn write(&self, form: ExponentForm) -> Option<String> {
        let sign = if self.is_negative { "-" } else { "" };
        let (first, rest) = self.digits.split_at(1);
        let exponent = self.point - 1;
        let short = match rest {
            "" => first.to_owned(),
            rest => format!("{first}.{rest}"),
        };
        let pointed = match rest {
            "" => format!("{first}.0"),
            rest => format!("{first}.{rest}"),
        };
        let plus = if exponent < 0 { "-" } else { "+" };
        let size = exponent.unsigned_abs();
        Some(match form {
            ExponentForm::Short => format!("{sign}{short}e{exponent}"),
            ExponentForm::Signed => format!("{sign}{short}e{plus}{size}"),
            ExponentForm::SignedPadded => format!("{sign}{short}e{plus}{size:02}"),
            ExponentForm::WithPoint => format!("{sign}{pointed}e{plus}{size}"),
            ExponentForm::Capital => format!("{sign}{pointed}E{exponent}"),
            ExponentForm::Plain => format!("{sign}{}", self.plain()?),
            ExponentForm::PlainWithPoint => {
                let plain = self.plain()?;
                let point = if plain.contains('.') { "" } else { ".0" };
                format!("{sign}{plain}{point}")
            }
        })
    }

    fn plain(&self) -> Option<String> {
        let length = i32::try_from(self.digits.len()).ok()?;
        if !(-MOST_ZEROS..=length + MOST_ZEROS).contains(&self.point) {
            return None;
        }
        let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
        Some(if self.point <= 0 {
            format!("0.{}{}", zeros(-self.point), self.digits)
        } else if self.point >= length {
            format!("{}{}", self.digits, zeros(self.point - length))
        } else {
            let (whole, part) = self.digits.split_at(usize::try_from(self.point).ok()?);
            format!("{whole}.{part}")
        })
    }
}

/// Whether someone may have written that number with an exponent.
pub(super) fn has_exponent_forms(raw: &str) -> bool {
    let bare = raw.strip_suffix(".0").unwrap_or(raw);
    let zeros = bare.len() - bare.trim_end_matches('0').len();
    let is_whole = !bare.contains(['.', 'e', 'E']);
    let is_tiny = raw.trim_start_matches('-').starts_with("0.000");
    (raw.contains(['e', 'E']) || (is_whole && zeros >= LEAST_ZEROS) || is_tiny)
        && Decimal::read(raw).is_some()
}

/// The same number in that form; as it is where it has none.
pub(super) fn in_form(raw: &str, form: ExponentForm) -> String {
    Decimal::read(raw)
        .and_then(|decimal| decimal.write(form))
        .unwrap_or_else(|| raw.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_has_the_forms_of_each_language() {
        let forms = |raw: &str| ExponentForm::ALL.map(|form| in_form(raw, form));
        assert_eq!(
            forms("1000"),
            ["1e3", "1e+3", "1e+03", "1.0e+3", "1.0E3", "1000.0", "1000"]
        );
        assert_eq!(
            forms("-1.5E-7"),
            [
                "-1.5e-7",
                "-1.5e-7",
                "-1.5e-07",
                "-1.5e-7",
                "-1.5E-7",
                "-0.00000015",
                "-0.00000015"
            ]
        );
        for raw in ["1e3", "1000", "1000.0", "0.0001", "12000"] {
            assert!(has_exponent_forms(raw), "{raw}");
        }
        for raw in ["0", "0e5", "100", "1.5", "7", "0.01"] {
            assert!(!has_exponent_forms(raw), "{raw}");
        }
    }

    proptest! {
        /// Whatever the form, it is the same number, and valid JSON.
        #[test]
        fn a_form_changes_no_value(number in any::<f64>(), scale in -20_i32..25) {
            let value = number * 10_f64.powi(scale);
            prop_assume!(value.is_finite() && value != 0.0);
            let raw = serde_json::to_string(&value).unwrap();
            for form in ExponentForm::ALL {
                let read: f64 = serde_json::from_str(&in_form(&raw, form)).unwrap();
                prop_assert!((read - value).abs() <= value.abs() * 1e-12, "{raw} {form:?}");
            }
        }
    }
}
