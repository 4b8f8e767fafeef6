//! A file that is to be a request, in any of the forms: it is refused, or what is read is written again as
//! the same.
#![no_main]

use hookcli::exchange::{read_any, read_raw, write_raw};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_any(bytes);
    let Ok(requests) = read_raw(bytes) else { return };
    for recorded in requests {
        let written = write_raw(&recorded.request);
        let again = read_raw(&written).expect("what was written can be read");
        assert_eq!(again[0].request.body, recorded.request.body);
        assert_eq!(again[0].request.method, recorded.request.method);
        assert_eq!(again[0].request.target, recorded.request.target);
    }
});
