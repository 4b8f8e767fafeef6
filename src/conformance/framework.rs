//! Which framework a receiver uses, if its responses show it, and how to read the raw body there.

use crate::model::Headers;

/// How to verify the bytes received, for the framework that the headers of a response show.
pub fn raw_body_advice(headers: &Headers) -> Option<&'static str> {
    // (header, what its value holds in lower case, the advice)
    const KNOWN: [(&str, &str, &str); 12] = [
        (
            "x-powered-by",
            "express",
            "Express: mount express.raw({ type: '*/*' }) for this route, before express.json(), and sign req.body, a Buffer",
        ),
        (
            "x-powered-by",
            "next.js",
            "Next.js: read `await request.text()` in the route handler and parse it afterwards",
        ),
        (
            "x-powered-by",
            "php",
            "PHP: sign file_get_contents('php://input'), not json_encode of what was decoded",
        ),
        (
            "x-powered-by",
            "asp.net",
            "ASP.NET: call Request.EnableBuffering() and read Request.Body before model binding",
        ),
        (
            "server",
            "werkzeug",
            "Flask: sign request.get_data(), called before request.get_json()",
        ),
        (
            "server",
            "uvicorn",
            "FastAPI or Starlette: sign `await request.body()`, not a model or `await request.json()`",
        ),
        (
            "server",
            "hypercorn",
            "FastAPI or Starlette: sign `await request.body()`, not a model or `await request.json()`",
        ),
        (
            "server",
            "wsgiserver",
            "Django: sign request.body, read before request.POST",
        ),
        (
            "server",
            "gunicorn",
            "Django: sign request.body; Flask: sign request.get_data()",
        ),
        (
            "server",
            "basehttp",
            "http.server: sign what self.rfile.read(length) returned",
        ),
        ("server", "puma", "Rails: sign request.raw_post, not params"),
        (
            "server",
            "kestrel",
            "ASP.NET: call Request.EnableBuffering() and read Request.Body before model binding",
        ),
    ];
    KNOWN.into_iter().find_map(|(name, holds, advice)| {
        let value = String::from_utf8_lossy(headers.get(name)?).to_ascii_lowercase();
        value.contains(holds).then_some(advice)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_framework_is_known_by_what_it_says_of_itself() {
        let headers = |name: &str, value: &str| {
            [(name.to_owned(), value.as_bytes().to_vec())]
                .into_iter()
                .collect::<Headers>()
        };
        let advice = raw_body_advice(&headers("x-powered-by", "Express"));
        assert!(advice.is_some_and(|advice| advice.contains("express.raw")));
        let advice = raw_body_advice(&headers("server", "Werkzeug/3.1 Python/3.13"));
        assert!(advice.is_some_and(|advice| advice.contains("get_data")));
        assert_eq!(raw_body_advice(&headers("server", "nginx")), None);
    }
}
