//! A file that is to be a request, in any of the forms: it is refused, or what is read is written again as
//! the same.
#![no_main]

use hookcli::exchange::{read_any, write_http_file, write_raw};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(requests) = read_any(bytes) else { return };
    for recorded in requests {
        // A method that no request line starts with is one of another form.
        if let Ok(again) = read_any(&write_raw(&recorded.request)) {
            assert_eq!(again[0].request.body, recorded.request.body);
            assert_eq!(again[0].request.method, recorded.request.method);
            assert_eq!(again[0].request.target, recorded.request.target);
        }
        if let Some(text) = write_http_file(&recorded) {
            let again = read_any(text.as_bytes()).expect("what was written can be read");
            assert_eq!(again[0].request.body, recorded.request.body);
        }
    }
});
