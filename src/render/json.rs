//! One document per line. Controls that serde_json leaves alone (DEL, C1, bidirectional) are escaped too: a
//! document is often looked at in a terminal.

use std::io;

use crate::model::to_json;
use crate::report::Report;

pub(super) fn document(report: &Report) -> io::Result<Vec<u8>> {
    let mut out = to_json(report).map_err(io::Error::other)?;
    out.push(b'\n');
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Imported, Removed};

    #[test]
    fn controls_are_escaped_and_read_back_as_they_were() {
        let ids = vec!["a\u{7f}\u{9b}\u{202e}\u{e0001}é".to_owned()];
        let text =
            String::from_utf8(document(&Report::Imported(Imported { ids: ids.clone() })).unwrap())
                .unwrap();
        assert_eq!(
            text,
            "{\"type\":\"imported\",\"ids\":[\"a\\u007f\\u009b\\u202e\\udb40\\udc01é\"]}\n"
        );
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["ids"][0], ids[0].as_str());
    }

    #[test]
    fn a_document_is_one_line() {
        let text = document(&Report::Removed(Removed { removed: 2 })).unwrap();
        assert_eq!(text, b"{\"type\":\"removed\",\"removed\":2}\n");
    }
}
