//! What clients of an emulated provider send: JSON, or a form with brackets, and the fields in it. The first byte chooses.
#![no_main]

use std::sync::{Arc, OnceLock};

use hookcli::catalog::{Catalog, Provider};
use hookcli::emulator::{fields_of, read_body};
use hookcli::http::AllowedHosts;
use libfuzzer_sys::fuzz_target;

fn providers() -> &'static [Arc<Provider>] {
    static PROVIDERS: OnceLock<Vec<Arc<Provider>>> = OnceLock::new();
    PROVIDERS.get_or_init(|| {
        let (all, _) = Catalog::embedded().all();
        all.into_iter()
            .filter(|provider| provider.management.is_some())
            .collect()
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, body)) = data.split_first() else {
        return;
    };
    let Ok(body) = read_body(choice & 1 == 0, body) else {
        return;
    };
    let all = providers();
    let provider = &all[usize::from(choice / 4) % all.len()];
    let management = provider.management.as_ref().unwrap();
    let is_change = choice & 2 == 0;
    let _ = fields_of(
        &management.fields,
        &body,
        is_change,
        &AllowedHosts::default(),
    );
});
