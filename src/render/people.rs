//! Reports for people. Lists are tables; one thing is a page; what a listener receives is a block.

use std::fmt::Write as _;
use std::sync::LazyLock;

use comfy_table::presets;
use comfy_table::{ContentArrangement, Table};
use jiff::{Timestamp, tz::TimeZone};

use super::check;
use super::columns::{Column, Cut, paragraph, row, wrapped};
use super::json_colors::colored_json;
use super::style::Style;
use crate::catalog::Violation;
use crate::expect::ExpectationsReport;
use crate::model::{
    Headers, Outcome, RemoteText, ResponseFault, Verdict, VerdictReason, counted, escape,
    escape_lines, suggest,
};
use crate::payload::pretty;
use crate::report::{
    CopiedReport, DemoTotals, KeysReport, Pruned, PublishedReport, Report, Scaffold,
    SignatureReport, Stopped, StoreReport, TokenReport,
};
use crate::roundtrip::RoundTrip;
use crate::view::{
    AttemptReport, CaptureDetail, CaptureDiff, CaptureItem, DeliveryExpectation, DeliveryItem,
    DeliveryReport, DeliveryStats, EventDetail, EventItem, FindingReport, HistogramBar, LoadReport,
    NotReceivedReport, ProviderDetail, ProviderItem, RateLimitReport, ReceivedReport,
    RequestReport, ResponseTimes, SchemaReport, VerificationReport,
};

/// The zone of the machine, or of `TZ`.
static LOCAL: LazyLock<TimeZone> = LazyLock::new(TimeZone::system);
/// How many of an id's characters lines show.
const SHORT_ID: usize = 6;
/// What belongs to a line stands under it, behind the time and the mark.
const UNDER: &str = "           ";
/// How much of a body a page shows without `-v`.
const SHOWN_BODY_BYTES: usize = 4096;

pub(super) fn page(report: &Report, style: Style, verbose: u8, quiet: bool) -> String {
    match report {
        Report::Provider(item) => provider_item(item, style),
        Report::ProviderDetail(detail) => provider_detail(detail, style),
        Report::Event(item) => event_item(item, style),
        Report::EventDetail(detail) => event_detail(detail, style),
        Report::Delivery(delivery) => delivered(delivery, style, verbose),
        Report::Expectations(report) => expectations_page(report, style),
        // The page comes with the whole.
        Report::CheckCase(_) => String::new(),
        Report::CheckListed(case) => check::listed(case, style),
        Report::Check(report) => check::page(report, style, verbose),
        Report::Forwarded(delivery) => forwarded(delivery, style, verbose, quiet),
        Report::DryRun(request) => request_page(request, style),
        Report::Curl(curl) => format!("{}\n", escape_lines(&curl.command)),
        Report::Signature(signature) => signature_page(signature),
        Report::Keys(keys) => keys_page(keys),
        Report::Published(published) => published_line(published, style),
        Report::Written(written) => written.files.iter().fold(String::new(), |out, file| {
            out + "wrote " + &escape(file) + "\n"
        }),
        Report::Scaffold(scaffold) => scaffold_page(scaffold),
        Report::Verification(verification) => verification_page(verification, style),
        Report::Ready(ready) => {
            let public = ready.public_url.as_ref();
            let public = public.map_or(String::new(), |url| format!(", public as {}", escape(url)));
            let mut out = String::new();
            for (provider, url) in &ready.urls {
                let at = style.strong(&format!("{} at", escape(provider)));
                let _ = writeln!(out, "{at} {}", escape(url));
            }
            if let Some(url) = ready.url.as_ref().filter(|_| ready.urls.is_empty()) {
                let on = style.strong("listening on");
                let _ = writeln!(out, "{on} {}{public}", escape(url));
            }
            if let Some(url) = &ready.ui_url {
                let _ = writeln!(out, "{} {}", style.strong("inspector at"), escape(url));
            }
            for endpoint in &ready.endpoints {
                let checked = match endpoint.verifies {
                    true => "",
                    false => ", signatures are not checked",
                };
                let _ = writeln!(
                    out,
                    "  {}: {} ({}{checked})",
                    style.strong(&escape(&endpoint.name)),
                    escape(&endpoint.url),
                    escape(&endpoint.provider)
                );
            }
            out
        }
        Report::Request(received) => received_block(received, style, verbose),
        Report::NotReceived(response) => not_received_line(response, style),
        Report::Stopped(stopped) => stopped_line(stopped),
        Report::Capture(item) => capture_line(item, style),
        Report::CaptureDiff(diff) => diff_page(diff, style),
        Report::CaptureDetail(detail) => capture_page(detail, style),
        Report::DeliveryRow(item) => delivery_line(item, style),
        Report::DeliveryDetail(detail) => delivery_page(detail, style),
        Report::Load(load) => load_page(load, style),
        Report::DeliveryStats(stats) => stats_page(stats, style),
        Report::Pruned(pruned) => pruned_line(pruned),
        Report::Store(store) => store_page(store),
        Report::Copied(copied) => copied_line(copied),
        Report::Token(token) => token_line(token),
        Report::Discarded(discarded) => {
            let captures = usize::try_from(discarded.captures).unwrap_or(usize::MAX);
            let (url, what) = (escape(&discarded.url), counted(captures as u64, "request"));
            if discarded.removed {
                format!("removed {what} from the queue for {url}\n")
            } else {
                format!("would remove {what} from the queue for {url}\n")
            }
        }
        Report::Removed(removed) => {
            format!("removed {}\n", counted(removed.removed as u64, "capture"))
        }
        Report::Imported(imported) => imported
            .ids
            .iter()
            .fold(String::new(), |out, id| out + &escape(id) + "\n"),
        // The table comes with the totals: its columns are as wide as the widest event.
        Report::DemoRow(_) => String::new(),
        Report::DemoTotals(totals) => demo_table(totals, style),
        // Written as they are, without a page around them.
        Report::Bytes(_) => String::new(),
    }
}

fn table() -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_delimiter('\u{0}');
    table
}

/// One line of someone else's text.
fn line(text: &RemoteText) -> String {
    escape(text.unescaped())
}

fn provider_item(item: &ProviderItem, style: Style) -> String {
    let events = counted(item.events as u64, "event");
    let signature = item.signature.as_deref().unwrap_or("no signature");
    let head = format!(
        "{:<23} {:>9}  {}\n",
        escape(&item.id),
        events,
        style.strong(&escape(&item.title))
    );
    head + &style.faint(&paragraph(&escape(signature), 35, 37, style))
}

fn provider_detail(detail: &ProviderDetail, style: Style) -> String {
    let item = &detail.item;
    let mut out = format!(
        "{} {}\n{}\n",
        style.strong(&escape(&item.title)),
        style.faint(&format!("({})", escape(&item.id))),
        paragraph(&escape(&item.summary), 0, 0, style)
    );
    if let Some(home) = &detail.home {
        let _ = writeln!(out, "home     {}", escape(home));
    }
    for source in &detail.sources {
        let url = source
            .url
            .as_deref()
            .map(|url| format!(", {url}"))
            .unwrap_or_default();
        let text = format!("source   {}{url}, read on {}", source.title, source.date);
        out += &paragraph(&escape(&text), 0, 9, style);
    }
    out.push('\n');
    let width = detail
        .facts
        .iter()
        .map(|fact| fact.name.len())
        .max()
        .unwrap_or(0);
    // A reason that several facts share stands once, under them.
    let mut reasons: Vec<&str> = Vec::new();
    for fact in &detail.facts {
        let mark = fact.provenance.assumed.as_deref().map(|reason| {
            let known = reasons.iter().position(|known| *known == reason);
            known.unwrap_or_else(|| {
                reasons.push(reason);
                reasons.len() - 1
            })
        });
        let mark = mark.map_or(String::new(), |index| format!(" [{}]", index + 1));
        let text = format!("{:<width$}  {}{mark}", fact.name, escape(&fact.value));
        let text = paragraph(&text, 0, width + 2, style);
        out += &match mark.is_empty() {
            true => text,
            false => text.replacen(&mark, &style.faint(&mark), 1),
        };
    }
    for (index, reason) in reasons.iter().enumerate() {
        let reason = format!("[{}] assumed: {}", index + 1, escape(reason));
        out += &style.faint(&paragraph(&reason, 0, 4, style));
    }
    let text = format!(
        "{}: {}",
        counted(detail.event_types.len() as u64, "event type"),
        escape(&detail.event_types.join(", "))
    );
    out.push('\n');
    out += &paragraph(&text, 0, 2, style);
    out
}

fn event_item(item: &EventItem, style: Style) -> String {
    let mark = match item.provenance.assumed {
        Some(_) => " (assumed)",
        None => "",
    };
    let id = format!("{:<44}", escape(&item.id));
    let text = format!("{id} {}{mark}", escape(&item.description));
    let text = paragraph(&text, 0, 45, style);
    let (id, description) = text.split_at(id.len());
    id.to_owned() + &style.faint(description)
}

fn event_detail(detail: &EventDetail, style: Style) -> String {
    let item = &detail.item;
    let variant = detail
        .variant
        .as_ref()
        .map(|variant| format!(":{variant}"))
        .unwrap_or_default();
    let mut out = format!(
        "{}\n{}\n\n",
        style.strong(&escape(&format!("{}{variant}", item.id))),
        escape(&item.description)
    );
    let _ = writeln!(out, "category         {}", escape(&item.category));
    if !item.platforms.is_empty() {
        let _ = writeln!(
            out,
            "platforms        {}",
            escape(&item.platforms.join(", "))
        );
    }
    let source = match (&item.provenance.documented, &item.provenance.assumed) {
        (Some(source), _) => format!("documented: {source}"),
        (None, reason) => format!("assumed: {}", reason.as_deref().unwrap_or("no source")),
    };
    let _ = writeln!(out, "source           {}", escape(&source));
    let idempotency_key = match detail.idempotency_key.as_str() {
        "" => "none",
        key => key,
    };
    let _ = writeln!(out, "idempotency key  {}", escape(idempotency_key));
    if !detail.variant_descriptions.is_empty() {
        out.push_str("\nvariants\n");
        let width = detail
            .variant_descriptions
            .iter()
            .map(|(name, _)| name.len())
            .max()
            .unwrap_or(0);
        for (name, description) in &detail.variant_descriptions {
            let _ = writeln!(
                out,
                "  :{:<width$}  {}",
                escape(name),
                style.faint(&escape(description))
            );
        }
    }
    if !detail.fields.is_empty() {
        out.push_str("\nfields\n");
    }
    let mut fields = table();
    if let Some(width) = style.width() {
        fields
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_delimiter(' ')
            .set_width(u16::try_from(width).unwrap_or(u16::MAX));
    }
    for field in &detail.fields {
        let mut kind = field.kind.clone();
        if let Some(format) = &field.format {
            let _ = write!(kind, " ({format})");
        }
        let mut about = field.description.clone();
        if !field.values.is_empty() && field.values.len() > 1 {
            let _ = write!(about, " One of {}.", field.values.join(", "));
        } else if let [only] = field.values.as_slice() {
            let _ = write!(about, " Always {only}.");
        }
        if let Some(reason) = &field.assumed {
            let _ = write!(about, " (assumed: {reason})");
        }
        let required = if field.required {
            "required"
        } else {
            "optional"
        };
        fields.add_row(vec![
            format!("  {}", escape(&field.path)),
            escape(&kind),
            required.to_owned(),
            escape(&about),
        ]);
    }
    let _ = writeln!(out, "{}", trimmed(&fields));
    let _ = writeln!(
        out,
        "\nsample\n{}",
        indent(&readable(detail.sample.as_bytes(), style))
    );
    out
}

/// Without the white space that the table puts behind the last column.
fn trimmed(table: &Table) -> String {
    table
        .to_string()
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

fn indent(text: &str) -> String {
    text.lines()
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// JSON laid out for reading; anything else as text, or a note that it is binary.
fn readable(body: &[u8], style: Style) -> String {
    match (pretty(body), std::str::from_utf8(body)) {
        (Some(json), _) if style.is_colored() => colored_json(&escape_lines(&json), style),
        (Some(json), _) => escape_lines(&json),
        (None, Ok(text)) => escape_lines(text),
        (None, Err(_)) => format!("({}, not text)", counted(body.len() as u64, "byte")),
    }
}

fn header_lines(out: &mut String, headers: &Headers) {
    for (name, value) in headers.iter() {
        let _ = writeln!(out, "{}: {}", escape(name), line(&RemoteText::from(value)));
    }
}

fn request_page(request: &RequestReport, style: Style) -> String {
    let mut out = format!(
        "{}\n",
        style.strong(&escape(&format!(
            "{} {} HTTP/1.1",
            request.method, request.target
        )))
    );
    header_lines(&mut out, &request.headers);
    out.push('\n');
    match (&request.body.body, &request.body.body_base64) {
        (Some(text), _) => out.push_str(&escape_lines(text.unescaped())),
        (None, Some(base64)) => {
            let _ = write!(out, "(not text, in base64) {base64}");
        }
        (None, None) => {}
    }
    out.push('\n');
    out
}

fn event_name(provider: Option<&str>, event: Option<&RemoteText>) -> String {
    match (provider, event) {
        (Some(provider), Some(event)) => format!("{}/{}", escape(provider), line(event)),
        (Some(provider), None) => format!("{}/-", escape(provider)),
        (None, Some(event)) => line(event),
        (None, None) => "-".to_owned(),
    }
}

/// The event by its endpoint, which says whose it is, where it came to one.
fn event_at(provider: Option<&str>, event: Option<&RemoteText>, endpoint: Option<&str>) -> String {
    match endpoint {
        Some(endpoint) => format!(
            "{}: {}",
            escape(endpoint),
            event.map_or_else(|| "-".to_owned(), line)
        ),
        None => event_name(provider, event),
    }
}

fn delivered(delivery: &DeliveryReport, style: Style, verbose: u8) -> String {
    let mut name = event_name(delivery.provider.as_deref(), delivery.event.as_ref());
    if let Some(variant) = &delivery.variant {
        let _ = write!(name, ":{}", escape(variant));
    }
    let Some(attempt) = delivery.attempts.last() else {
        return String::new();
    };
    let shown = shown_outcome(delivery.outcome, delivery.expectation.as_ref());
    let status = attempt.status.unwrap_or_default();
    let answer = match (attempt.status, &attempt.error) {
        (Some(_), _) => status_text(status),
        (None, Some(error)) => error.code.clone(),
        (None, None) => "-".to_owned(),
    };
    let columns = [
        Column::fixed(outcome_sign(shown), 1),
        Column::between(name, 20, 40, Cut::Start),
        Column::between(answer, 3, 18, Cut::End).right(),
        Column::fixed(milliseconds(attempt.duration_ms), 7).right(),
        Column::fixed(short_id(&delivery.id), SHORT_ID),
    ];
    let mut out = row(&columns, style.width(), |index, text| match index {
        0 => outcome_mark(shown, style, text),
        2 => outcome_mark(shown, style, text),
        3.. => style.faint(text),
        _ => text.to_owned(),
    });
    if let Some(subscription) = &delivery.subscription {
        let to = format!("{} {}", escape(subscription), escape(&delivery.url));
        let _ = writeln!(out, "  {}", style.faint(&to));
    }
    match &delivery.expectation {
        Some(expectation) if expectation.met => {
            let _ = writeln!(out, "  as wanted: {}", escape(&expectation.wanted));
        }
        Some(expectation) => {
            let wanted = format!("wanted {}", escape(&expectation.wanted));
            let _ = writeln!(out, "  {}", style.bad(&wanted));
        }
        None => {}
    }
    let failure = delivery.failure.as_ref();
    if let Some(failure) = failure.filter(|_| shown != Outcome::Delivered) {
        let _ = writeln!(out, "  {}", style.bad(&line(failure)));
    }
    if let Some(next) = &delivery.next_attempt_at {
        let number = attempt.number;
        let next = format!("attempt {number}, the next one at {}", local_time(next));
        let _ = writeln!(out, "  {}", style.faint(&escape(&next)));
    }
    if let Some(request) = &delivery.request {
        request_lines(&mut out, request, style, verbose);
    }
    answer_lines(&mut out, attempt, style, verbose);
    out
}

/// Where another response was wanted, that decides the mark.
fn shown_outcome(outcome: Outcome, expectation: Option<&DeliveryExpectation>) -> Outcome {
    match expectation {
        Some(expectation) if expectation.met => Outcome::Delivered,
        Some(_) => Outcome::Failed,
        None => outcome,
    }
}

/// The request as it was sent, each line behind a mark; its body with `-vv`.
fn request_lines(out: &mut String, request: &RequestReport, style: Style, verbose: u8) {
    let mut lines = vec![format!(
        "{} {}",
        escape(&request.method),
        escape(&request.target)
    )];
    lines.extend(
        request
            .headers
            .iter()
            .map(|(name, value)| format!("{}: {}", escape(name), line(&RemoteText::from(value)))),
    );
    for one in lines {
        let _ = writeln!(out, "  {}", style.faint(&format!("> {one}")));
    }
    let body = request.body.body.as_ref().filter(|_| verbose > 1);
    if let Some(body) = body {
        let text = readable(body.unescaped().as_bytes(), style);
        let _ = writeln!(out, "{}", indent(&fold(&text, verbose)));
    }
}

fn expectations_page(report: &ExpectationsReport, style: Style) -> String {
    let mut out = String::new();
    for item in &report.expectations {
        let mark = if item.met {
            style.good("✓")
        } else {
            style.bad("✗")
        };
        let _ = writeln!(
            out,
            "{mark} {:<32} expected {}, received {}",
            escape(&item.event),
            item.expected,
            item.received
        );
    }
    out
}

/// What became of a capture at a destination, under its line: it names the capture, as others may come between.
fn forwarded(delivery: &DeliveryReport, style: Style, verbose: u8, quiet: bool) -> String {
    let Some(attempt) = delivery.attempts.last() else {
        return String::new();
    };
    let ok = delivery.outcome == Outcome::Delivered;
    let status = attempt.status.unwrap_or_default();
    let (answer, why) = match &attempt.error {
        Some(error) if attempt.status.is_none() => ("-".to_owned(), escape(&error.code)),
        _ => (status_text(status), String::new()),
    };
    let columns = [
        Column::fixed("", 8),
        Column::fixed("→", 1),
        // As wide as the request and its event in the line above.
        Column::between(escape(&delivery.url), 29, 109, Cut::Start),
        Column::fixed(answer, 3).right(),
        Column::fixed(milliseconds(attempt.duration_ms), 7).right(),
        Column::fixed(
            match delivery.attempts.len() {
                1 => String::new(),
                attempts => format!("{attempts}x"),
            },
            7,
        )
        .right()
        .hidden_below(72),
        Column::fixed(
            delivery
                .replay_of
                .as_deref()
                .map_or(String::new(), short_id),
            SHORT_ID,
        ),
    ];
    let mut out = row(&columns, style.width(), |index, text| match index {
        1 => outcome_mark(delivery.outcome, style, text),
        3 => style.status(status, text),
        4.. => style.faint(text),
        _ => text.to_owned(),
    });
    if !why.is_empty() {
        under(&mut out, style, "", &style.bad(&why));
    }
    if let Some(failure) = delivery
        .failure
        .as_ref()
        .filter(|_| attempt.status.is_some())
    {
        under(&mut out, style, "not accepted:", &line(failure));
    }
    if !quiet && (!ok || verbose > 0) {
        answer_lines(&mut out, attempt, style, verbose);
    }
    out
}

fn rate_limit_text(limit: &RateLimitReport) -> String {
    let mut text = match (limit.remaining, limit.limit) {
        (Some(remaining), Some(limit)) => format!("{remaining} of {limit} left"),
        (Some(remaining), None) => format!("{remaining} left"),
        (None, Some(limit)) => format!("limit {limit}"),
        (None, None) => "used up".to_owned(),
    };
    if let Some(reset_ms) = limit.reset_ms {
        let reset = std::time::Duration::from_millis(reset_ms);
        let _ = write!(text, ", resets in {}", crate::model::duration::short(reset));
    }
    text
}

fn answer_lines(out: &mut String, attempt: &AttemptReport, style: Style, verbose: u8) {
    if let Some(limit) = &attempt.rate_limit {
        let _ = writeln!(out, "  rate limit: {}", rate_limit_text(limit));
    }
    if verbose > 0 {
        let phases: Vec<String> = attempt
            .phases_ms
            .each()
            .map(|(name, time)| format!("{name} {}", milliseconds(time.as_secs_f64() * 1000.0)))
            .collect();
        if !phases.is_empty() {
            let _ = writeln!(out, "  {}", style.faint(&phases.join(", ")));
        }
        for (name, value) in attempt.response_headers.iter() {
            let _ = writeln!(
                out,
                "  {}",
                style.faint(&format!(
                    "{}: {}",
                    escape(name),
                    line(&RemoteText::from(value))
                ))
            );
        }
    }
    if let Some(body) = attempt
        .response_body
        .as_ref()
        .filter(|body| !body.unescaped().is_empty())
    {
        let text = if verbose > 0 {
            readable(body.unescaped().as_bytes(), style)
        } else {
            escape_lines(body.unescaped().trim_end())
        };
        let _ = writeln!(out, "{}", indent(&fold(&text, verbose)));
    } else if attempt.response_body_base64.is_some() {
        let _ = writeln!(out, "  (the response is not text)");
    }
    if attempt.response_truncated {
        let _ = writeln!(
            out,
            "  {}",
            style.warn("(the response was longer than 1 MiB; the rest was not read)")
        );
    }
}

fn fold(text: &str, verbose: u8) -> String {
    if verbose > 0 || text.len() <= SHOWN_BODY_BYTES {
        return text.to_owned();
    }
    let mut end = SHOWN_BODY_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!(
        "{}…\n({} more; -v shows all)",
        &text[..end],
        counted((text.len() - end) as u64, "byte")
    )
}

fn milliseconds(duration_ms: f64) -> String {
    if duration_ms < 10.0 {
        format!("{duration_ms:.1} ms")
    } else {
        format!("{duration_ms:.0} ms")
    }
}

/// The last six characters of an id: they name it among many.
fn short_id(id: &str) -> String {
    let begin = id.len().saturating_sub(SHORT_ID);
    escape(id.get(begin..).unwrap_or(id))
}

fn signature_page(signature: &SignatureReport) -> String {
    let mut out = String::new();
    for (name, value) in &signature.headers {
        let _ = writeln!(out, "{}: {}", escape(name), escape(value));
    }
    if let Some(url) = &signature.url {
        let _ = writeln!(out, "{}", escape(url));
    }
    if let Some(body) = &signature.body {
        let _ = writeln!(out, "{}", escape_lines(body));
    }
    out
}

fn histogram_lines(out: &mut String, bars: &[HistogramBar]) {
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    for bar in bars.iter().filter(|bar| bar.count > 0) {
        let bound = bar.up_to_ms.map_or_else(
            || "longer".to_owned(),
            |bound| {
                let bound = std::time::Duration::from_secs_f64(bound / 1000.0);
                format!("up to {}", crate::model::duration::short(bound))
            },
        );
        let length = usize::try_from(bar.count * 40 / most).unwrap_or(40).max(1);
        let _ = writeln!(
            out,
            "  {bound:>14}  {:>9}  {}",
            bar.count,
            "█".repeat(length)
        );
    }
}

fn response_line(out: &mut String, times: &ResponseTimes, style: Style) {
    let text = format!(
        "response ms   average {:.2}, p50 {:.2}, p95 {:.2}, p99 {:.2}, max {:.2}",
        times.average, times.p50, times.p95, times.p99, times.max
    );
    out.push_str(&paragraph(&text, 0, 14, style));
}

fn load_page(load: &LoadReport, style: Style) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} in {:.1} s over {} ({:.0} per second); {} delivered",
        counted(load.responses, "response"),
        load.duration_ms / 1000.0,
        counted(load.connections.into(), "connection"),
        load.per_second,
        load.delivered
    );
    if load.in_progress > 0 {
        let _ = writeln!(
            out,
            "{} more were in progress when the time was over",
            load.in_progress
        );
    }
    if let Some(times) = &load.response_ms {
        response_line(&mut out, times, style);
    }
    for (status, count) in &load.statuses {
        let _ = writeln!(out, "  {count:>9}  status {status}");
    }
    for (code, count) in &load.errors {
        let _ = writeln!(out, "  {count:>9}  {}", escape(code));
    }
    histogram_lines(&mut out, &load.histogram);
    out
}

fn stats_page(stats: &DeliveryStats, style: Style) -> String {
    let mut out = String::new();
    let rate = stats
        .success_rate
        .map_or_else(|| "-".to_owned(), |rate| format!("{:.2} %", rate * 100.0));
    let _ = writeln!(
        out,
        "deliveries    {} ({} delivered, {} failed{}, {} pending{})",
        stats.deliveries,
        stats.delivered,
        stats.failed,
        match stats.as_wanted {
            0 => String::new(),
            as_wanted => format!(" ({as_wanted} as wanted)"),
        },
        stats.pending,
        match stats.unknown {
            0 => String::new(),
            unknown => format!(", {unknown} unknown"),
        }
    );
    let _ = writeln!(out, "success rate  {rate}");
    let _ = writeln!(
        out,
        "attempts      {} ({} retries)",
        stats.attempts, stats.retries
    );
    let _ = writeln!(
        out,
        "longest run   {} failed in a row",
        stats.failures_in_a_row
    );
    if let Some(times) = &stats.response_ms {
        response_line(&mut out, times, style);
    }
    for (code, count) in &stats.errors {
        let _ = writeln!(out, "  {count:>7}  {}", escape(code));
    }
    histogram_lines(&mut out, &stats.histogram);
    for alarm in &stats.alarms {
        let _ = writeln!(out, "{}", style.bad(&format!("✗ {}", escape(alarm))));
    }
    out
}

fn scaffold_page(scaffold: &Scaffold) -> String {
    let signature = scaffold.signature.as_deref().map_or_else(
        || "no known signature scheme verifies it; describe the scheme in provider.toml".to_owned(),
        |name| match name.contains(' ') {
            true => format!("its signature is {}", escape(name)),
            false => format!("its signature scheme is that of {}", escape(name)),
        },
    );
    let events = match scaffold.events.as_slice() {
        [] | [_] => format!("the event {}", escape(&scaffold.event)),
        several => format!("the events {}", escape(&several.join(", "))),
    };
    let from = match scaffold.requests {
        1 => String::new(),
        count => format!(" from {count} requests"),
    };
    format!(
        "created {} with {events}{from}; {signature}\n",
        escape(&scaffold.folder)
    )
}

/// A secret alone, so that a shell can take it; a pair with its names.
fn published_line(published: &PublishedReport, style: Style) -> String {
    let count = published.deliveries.len();
    let (mark, to) = match count {
        0 => (
            style.warn("?"),
            "no active subscription wants it".to_owned(),
        ),
        1 => (style.good("✓"), "to 1 subscription".to_owned()),
        count => (style.good("✓"), format!("to {count} subscriptions")),
    };
    let name = format!(
        "{}/{}",
        escape(&published.provider),
        escape(published.event.unescaped())
    );
    format!("{mark} {name} {}  {to}\n", escape(published.id.unescaped()))
}

fn keys_page(keys: &KeysReport) -> String {
    if keys.signing == keys.verifying {
        return format!("{}\n", escape(&keys.signing));
    }
    format!(
        "private  {}\npublic   {}\n",
        escape(&keys.signing),
        escape(&keys.verifying)
    )
}

fn finding_lines(out: &mut String, findings: &[FindingReport], style: Style) {
    for finding in findings {
        let code = format!("{}:", escape(finding.code));
        let text = format!("{code} {}", line(&finding.message));
        let text = paragraph(&text, 2, 4, style);
        out.push_str(&text.replacen(&code, &style.warn(&code), 1));
    }
}

fn verification_page(verification: &VerificationReport, style: Style) -> String {
    let name = event_name(
        verification.provider.as_deref(),
        verification.event.as_ref(),
    );
    let verdict = match verification.verdict {
        Verdict::Valid => style.good("✓ valid"),
        Verdict::Unchecked => style.warn("- unchecked"),
        other => style.bad(&format!("✗ {other}")),
    };
    let mut out = format!("{verdict}  {name}\n");
    if let Some(message) = &verification.message {
        out += &paragraph(&escape(message), 2, 2, style);
    }
    finding_lines(&mut out, &verification.findings, style);
    if let Some(expected) = &verification.expected {
        let _ = writeln!(out, "  expected: {}", escape(expected));
    }
    for hint in &verification.hints {
        out += &style.faint(&paragraph(&escape(hint), 2, 2, style));
    }
    out
}

fn schema_lines(out: &mut String, schema: Option<&SchemaReport>, style: Style) {
    let Some(schema) = schema.filter(|schema| !schema.valid) else {
        return;
    };
    for error in &schema.errors {
        let _ = writeln!(out, "  {} {}", style.warn("schema:"), schema_error(error));
    }
}

fn schema_error(error: &Violation) -> String {
    let path = match error.path.unescaped() {
        "" => "the payload".to_owned(),
        _ => line(&error.path),
    };
    format!("{path}: {}", line(&error.message))
}

fn verdict_text(verdict: Verdict, reason: Option<VerdictReason>, style: Style) -> String {
    let text = match reason {
        Some(reason) => format!("{verdict} ({reason})"),
        None => verdict.to_string(),
    };
    match verdict {
        Verdict::Valid => style.good(&text),
        Verdict::Unchecked => style.warn(&text),
        _ => style.bad(&text),
    }
}

/// The mark of a verdict.
fn verdict_mark(verdict: Verdict, style: Style, text: &str) -> String {
    match verdict {
        Verdict::Valid => style.good(text),
        Verdict::Unchecked => style.warn(text),
        Verdict::Invalid | Verdict::Missing => style.bad(text),
    }
}

fn verdict_sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Valid => "✓",
        Verdict::Unchecked => "?",
        Verdict::Invalid | Verdict::Missing => "✗",
    }
}

/// The line of a request: time, mark of the verdict, request, event, status, and what is less important.
fn request_row(columns: &[Column], verdict: Verdict, status: u16, style: Style) -> String {
    row(columns, style.width(), |index, text| match index {
        1 => verdict_mark(verdict, style, text),
        3 => style.strong(text),
        4 => style.status(status, text),
        0 | 5.. => style.faint(text),
        _ => text.to_owned(),
    })
}

/// What is remarkable of a request, each with its label.
fn remarks(received: &ReceivedReport) -> Vec<(&'static str, String)> {
    let mut all: Vec<(&'static str, String)> = Vec::new();
    let signature = &received.signature;
    if let Some(why) = &received.unchecked_because {
        all.push(("unchecked:", escape(why)));
    }
    if matches!(signature.verdict, Verdict::Invalid | Verdict::Missing) {
        let reason = signature.reason.map_or("", VerdictReason::in_words);
        let label = match signature.verdict {
            Verdict::Missing => "missing:",
            _ => "invalid:",
        };
        all.push((label, reason.to_owned()));
    }
    for finding in &signature.findings {
        match signature.verdict {
            Verdict::Unchecked => all.push(("unchecked:", line(&finding.message))),
            _ => {
                let message = format!("{}: {}", escape(finding.code), line(&finding.message));
                all.push(("", message));
            }
        }
    }
    if let Some(first) = &received.duplicate_of {
        let text = duplicate_text(first, received.same_id_changed);
        all.push(("duplicate", text));
    }
    if let Some(sent_by) = received.sent_by.filter(|_| received.is_held_back) {
        let text = format!(
            "{}; add --allow-browser to forward such requests",
            sent_by.name()
        );
        all.push(("not forwarded:", text));
    }
    if received.is_answered_here {
        let text =
            "this handshake was answered here; add --handshake app to leave it to your application";
        all.push(("not forwarded:", text.to_owned()));
    }
    if let Some(schema) = received.schema.as_ref().filter(|schema| !schema.valid) {
        all.extend(
            schema
                .errors
                .iter()
                .map(|error| ("schema:", schema_error(error))),
        );
    }
    if let Some(by_ms) = received.out_of_order_by_ms {
        let by = std::time::Duration::from_secs_f64(by_ms / 1000.0);
        let by = crate::model::duration::short(by);
        let text = format!("this event is {by} older than an event received before it");
        all.push(("out of order:", text));
    }
    all
}

/// Adds a remark under a line, wrapped where the width is known.
fn under(out: &mut String, style: Style, label: &str, text: &str) {
    let whole = match label {
        "" => text.to_owned(),
        label => format!("{label} {text}"),
    };
    let lines = match style.width() {
        Some(width) => wrapped(&whole, width.saturating_sub(UNDER.len())),
        None => vec![whole],
    };
    for (index, shown) in lines.iter().enumerate() {
        let shown = match shown.strip_prefix(label) {
            Some(rest) if index == 0 => style.warn(label) + rest,
            _ => shown.clone(),
        };
        let _ = writeln!(out, "{UNDER}{shown}");
    }
}

/// A request as a line of a table; what is remarkable stands under it.
fn received_block(received: &ReceivedReport, style: Style, verbose: u8) -> String {
    let time = local_time(&received.received_at);
    let time = time.get(11..).unwrap_or(&time);
    let (verdict, response) = (received.signature.verdict, &received.response);
    let request = format!("{} {}", line(&received.method), line(&received.path));
    let took = response.duration_ms.map_or(String::new(), milliseconds);
    let columns = [
        Column::fixed(escape(time), 8),
        Column::fixed(verdict_sign(verdict), 1),
        Column::between(request, 12, 60, Cut::End),
        Column::between(
            event_at(
                received.provider.as_deref(),
                received.event.as_ref(),
                received.endpoint.as_deref(),
            ),
            16,
            48,
            Cut::Start,
        ),
        Column::fixed(answer_text(response.status, response.fault), 3).right(),
        Column::fixed(took, 7).right(),
        Column::fixed(bytes_text(received.body_bytes as u64), 7)
            .right()
            .hidden_below(72),
        Column::fixed(short_id(&received.id), SHORT_ID),
    ];
    let mut out = request_row(&columns, verdict, response.status, style);
    for (label, text) in remarks(received) {
        under(&mut out, style, label, &text);
    }
    if received.shows_headers {
        for (name, value) in received.headers.iter() {
            let _ = writeln!(
                out,
                "  {}",
                style.faint(&format!(
                    "{}: {}",
                    escape(name),
                    line(&RemoteText::from(value))
                ))
            );
        }
    }
    if let Some(text) = &received.pretty {
        let text = readable(text.unescaped().as_bytes(), style);
        let _ = writeln!(out, "{}", indent(&fold(&text, verbose)));
    }
    if let Some(diff) = &received.diff {
        diff_lines(&mut out, diff, style);
    }
    out
}

/// The lines of a unified diff, without those that say where they are.
fn diff_lines(out: &mut String, diff: &RemoteText, style: Style) {
    for (index, line) in diff.unescaped().lines().enumerate() {
        // Where lines are left out, it is seen; not above the first.
        let line = match line.starts_with("@@") {
            true if index == 0 => continue,
            true => "…".to_owned(),
            false => escape(line),
        };
        let shown = match line.as_bytes().first() {
            Some(b'+') => style.good(&line),
            Some(b'-') => style.bad(&line),
            _ => style.faint(&line),
        };
        let _ = writeln!(out, "  {shown}");
    }
}

fn diff_page(diff: &CaptureDiff, style: Style) -> String {
    let mut out = format!(
        "{}\n{}\n",
        style.bad(&format!("- {}", escape(&diff.one))),
        style.good(&format!("+ {}", escape(&diff.other)))
    );
    for fact in &diff.facts {
        let _ = writeln!(
            out,
            "{}: {} → {}",
            fact.name,
            line(&fact.one),
            line(&fact.other)
        );
    }
    match diff.same {
        true => out.push_str("the requests are the same\n"),
        false => diff_lines(&mut out, &diff.diff, style),
    }
    out
}

fn bytes_text(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=9_999_999 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

fn store_page(store: &StoreReport) -> String {
    format!(
        "store      {}\nworkspace  {}\nversion    {}\ncaptures   {}\ndeliveries {}\npending    {}\nsize       {}\nlimit      {}\n",
        escape(&store.place),
        escape(&store.workspace),
        store.version,
        store.captures,
        store.deliveries,
        store.pending,
        bytes_text(store.bytes),
        escape(&store.keep),
    )
}

/// A new one stands alone, so that a script can take it.
fn token_line(token: &TokenReport) -> String {
    match &token.token {
        Some(text) => format!("{}\n", escape(text)),
        None => format!("{}  {}\n", escape(&token.id), escape(&token.created_at)),
    }
}

fn copied_line(copied: &CopiedReport) -> String {
    let mut out = format!(
        "copied {} and {}",
        counted(copied.captures, "capture"),
        counted(copied.deliveries, "delivery"),
    );
    if copied.records > 0 {
        let records = counted(copied.records, "record");
        let _ = write!(out, ", and {records} of emulated providers");
    }
    out.push('\n');
    out
}

fn pruned_line(pruned: &Pruned) -> String {
    let (captures, deliveries) = (pruned.captures, pruned.deliveries);
    if captures + deliveries == 0 {
        return format!(
            "nothing to remove: the store is within {}\n",
            escape(&pruned.keep)
        );
    }
    let verb = if pruned.removed {
        "removed"
    } else {
        "would remove"
    };
    let mut out = format!(
        "{verb} {} and {}",
        counted(captures, "capture"),
        counted(deliveries, "delivery"),
    );
    if pruned.pending > 0 {
        let _ = write!(out, ", {} of them not yet delivered", pruned.pending);
    }
    out.push('\n');
    out
}

fn stopped_line(stopped: &Stopped) -> String {
    let mut out = format!("stopped after {}", counted(stopped.received, "request"));
    match (stopped.received, stopped.has_store) {
        (0, _) => {}
        (_, true) => {
            let _ = write!(out, " ({} stored)", stopped.stored);
        }
        (_, false) => out.push_str(" (not stored: --no-store)"),
    }
    if stopped.refused > 0 {
        let _ = write!(out, "; {} refused by a limit", stopped.refused);
    }
    out.push('\n');
    if stopped.received > 1 {
        for kind in &stopped.groups {
            let _ = writeln!(
                out,
                "{:>7}  {}  {}  {}",
                kind.count,
                event_name(kind.provider.as_deref(), kind.event.as_ref()),
                kind.verdict,
                status_text(kind.status)
            );
        }
    }
    if stopped.skipped > 0 {
        let skipped = counted(stopped.skipped, "request");
        let _ = writeln!(
            out,
            "{skipped} not shown{}",
            if stopped.has_store {
                "; run `hookcli captures list` to see them"
            } else {
                ""
            }
        );
    }
    out
}

/// A date and a time as lists show them; without the year where there is little room.
fn list_time(text: &str, style: Style) -> Column {
    let begin = match style.width() {
        Some(width) if width < 72 => "2026-".len(),
        _ => 0,
    };
    let shown = local_time(text);
    Column::fixed(escape(shown.get(begin..).unwrap_or(&shown)), 19 - begin)
}

/// A time of a document as the clock on the wall has it: lines are for people.
fn local_time(text: &str) -> String {
    match text.parse::<Timestamp>() {
        Ok(at) => at.to_zoned(LOCAL.clone()).strftime("%F %T").to_string(),
        Err(_) => text.to_owned(),
    }
}

fn capture_line(item: &CaptureItem, style: Style) -> String {
    let request = format!("{} {}", line(&item.method), line(&item.path));
    let columns = [
        list_time(&item.received_at, style),
        Column::fixed(verdict_sign(item.verdict), 1),
        Column::between(request, 12, 60, Cut::End),
        Column::between(
            event_at(
                item.provider.as_deref(),
                item.event.as_ref(),
                item.endpoint.as_deref(),
            ),
            16,
            48,
            Cut::Start,
        ),
        Column::fixed(status_text(item.status), 3).right(),
        Column::fixed(bytes_text(item.body_bytes), 7)
            .right()
            .hidden_below(76),
        Column::fixed(short_id(&item.id), SHORT_ID),
    ];
    let mut out = request_row(&columns, item.verdict, item.status, style);
    if let Some(first) = &item.duplicate_of {
        under(
            &mut out,
            style,
            "duplicate",
            &duplicate_text(first, item.same_id_changed),
        );
    }
    if let Some(end) = item.response_end {
        under(&mut out, style, "", &style.bad(end.in_words()));
    }
    out
}

/// Under the line of its request, or later than that.
fn not_received_line(response: &NotReceivedReport, style: Style) -> String {
    let mut out = String::new();
    let text = format!(
        "{} ({})",
        response.response_end.in_words(),
        short_id(&response.id)
    );
    under(&mut out, style, "", &style.bad(&text));
    out
}

/// Which capture has the same idempotency key.
fn duplicate_text(first: &str, same_id_changed: bool) -> String {
    let other_body = if same_id_changed {
        ", with another body"
    } else {
        ""
    };
    format!("of {}{other_body}", short_id(first))
}

fn capture_page(detail: &CaptureDetail, style: Style) -> String {
    let item = &detail.item;
    let name = event_name(item.provider.as_deref(), item.event.as_ref());
    let mut out = format!("{}\n", style.strong(&escape(&item.id)));
    let _ = writeln!(out, "received   {}", escape(&item.received_at));
    let _ = writeln!(out, "event      {name}");
    if !detail.candidates.is_empty() {
        let _ = writeln!(
            out,
            "may be     {}",
            escape(&detail.candidates.join(" or "))
        );
    }
    let _ = writeln!(
        out,
        "signature  {}",
        verdict_text(item.verdict, item.reason, style)
    );
    if let Some(endpoint) = &item.endpoint {
        let _ = writeln!(out, "endpoint   {}", escape(endpoint));
    }
    let answer = answer_text(item.status, detail.response.fault);
    let end = item.response_end.map_or_else(String::new, |end| {
        format!("; {}", style.bad(end.in_words()))
    });
    let _ = writeln!(out, "answered   {answer}{end}");
    if let Some(first) = &item.duplicate_of {
        let text = duplicate_text(first, item.same_id_changed);
        let _ = writeln!(out, "duplicate  {text}");
    }
    if let Some(sent_by) = detail.sent_by {
        let _ = writeln!(out, "sent by    {}", sent_by.name());
    }
    for url in &detail.pending_destinations {
        let command = suggest(["replay", "--unforwarded", "--url", url]);
        let _ = writeln!(out, "forwarded  not yet (run `{command}`)");
    }
    if detail.pending_forward && detail.pending_destinations.is_empty() {
        let _ = writeln!(
            out,
            "forwarded  not yet (run `hookcli replay --unforwarded`)"
        );
    }
    if !detail.redacted.is_empty() {
        let _ = writeln!(
            out,
            "redacted   {} (add --reveal to show it)",
            escape(&detail.redacted.join(", "))
        );
    }
    schema_lines(&mut out, detail.schema.as_ref(), style);
    let _ = writeln!(out, "\n{} {}", line(&item.method), line(&item.path));
    header_lines(&mut out, &detail.headers);
    let _ = writeln!(
        out,
        "\n{}",
        readable(detail.pretty.unescaped().as_bytes(), style)
    );
    out
}

fn answer_text(status: u16, fault: Option<ResponseFault>) -> String {
    match (status, fault) {
        (0, Some(fault)) => fault.to_string(),
        (status, Some(fault)) => format!("{status} ({fault})"),
        (status, None) => status_text(status),
    }
}

/// An imported request may not know what it was answered.
fn status_text(status: u16) -> String {
    if status == 0 {
        "-".to_owned()
    } else {
        status.to_string()
    }
}

/// The mark of an outcome.
fn outcome_sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "✓",
        Outcome::Failed => "✗",
        Outcome::Pending => "…",
        Outcome::Unknown => "?",
    }
}

fn outcome_mark(outcome: Outcome, style: Style, text: &str) -> String {
    match outcome {
        Outcome::Delivered => style.good(text),
        Outcome::Failed => style.bad(text),
        Outcome::Pending | Outcome::Unknown => style.warn(text),
    }
}

fn delivery_line(item: &DeliveryItem, style: Style) -> String {
    let status = item.status.unwrap_or_default();
    let shown = shown_outcome(item.outcome, item.expectation.as_ref());
    let columns = [
        list_time(&item.started_at, style),
        Column::fixed(outcome_sign(shown), 1),
        Column::between(
            event_name(item.provider.as_deref(), item.event.as_ref()),
            15,
            36,
            Cut::Start,
        ),
        Column::between(escape(&item.url), 16, 60, Cut::Start),
        Column::fixed(status_text(status), 3).right(),
        Column::fixed(format!("{}x", item.attempts), 4)
            .right()
            .hidden_below(66),
        Column::fixed(short_id(&item.id), SHORT_ID),
        Column::between(item.faults.join(" "), 17, 40, Cut::End).hidden_below(110),
    ];
    row(&columns, style.width(), |index, text| match index {
        1 => outcome_mark(shown, style, text),
        2 => style.strong(text),
        4 => style.status(status, text),
        0 | 5.. => style.faint(text),
        _ => text.to_owned(),
    })
}

fn delivery_page(detail: &DeliveryReport, style: Style) -> String {
    let mut out = format!("{}\n", style.strong(&escape(&detail.id)));
    let _ = writeln!(
        out,
        "event      {}",
        event_name(detail.provider.as_deref(), detail.event.as_ref())
    );
    let _ = writeln!(out, "url        {}", escape(&detail.url));
    let outcome = if detail.outcome == Outcome::Delivered {
        style.good(detail.outcome.name())
    } else {
        style.bad(detail.outcome.name())
    };
    let _ = writeln!(out, "outcome    {outcome}");
    if let Some(failure) = &detail.failure {
        let _ = writeln!(out, "why        {}", line(failure));
    }
    if let Some(expectation) = &detail.expectation {
        let met = match expectation.met {
            true => "as wanted: ",
            false => "not as wanted: ",
        };
        let _ = writeln!(out, "response   {met}{}", escape(&expectation.wanted));
    }
    if !detail.faults.is_empty() {
        let _ = writeln!(out, "faults     {}", escape(&detail.faults.join(" ")));
    }
    if let Some(capture) = &detail.replay_of {
        let _ = writeln!(out, "replay of  {}", escape(capture));
    }
    if let Some(speed) = detail.speed {
        let _ = writeln!(out, "speed      {speed}x");
    }
    for attempt in &detail.attempts {
        let answer = match (attempt.status, &attempt.error) {
            (Some(status), _) => status.to_string(),
            (None, Some(error)) => format!("{}: {}", escape(&error.code), line(&error.message)),
            (None, None) => "-".to_owned(),
        };
        let _ = writeln!(
            out,
            "\nattempt {}  {}  {answer}  {}",
            attempt.number,
            escape(&attempt.started_at),
            milliseconds(attempt.duration_ms)
        );
        answer_lines(&mut out, attempt, style, 1);
    }
    if let Some(request) = &detail.request {
        let _ = write!(out, "\n{}", request_page(request, style));
    }
    out
}

fn demo_table(totals: &DemoTotals, style: Style) -> String {
    let mut table = table();
    table.set_header(vec!["event", "status", "signature", "kept", "replayed", ""]);
    for row in &totals.rows {
        table.add_row(demo_row(row));
    }
    let all = totals.ok == totals.events;
    let mark = if all {
        style.good("✓")
    } else {
        style.bad("✗")
    };
    let seconds = totals.duration_ms as f64 / 1000.0;
    format!(
        "{}\n\n{mark} {} of {} events of {}: sent, accepted, verified, stored byte for byte, replayed ({seconds:.1} s)\n",
        trimmed(&table),
        totals.ok,
        totals.events,
        counted(totals.providers as u64, "provider")
    )
}

fn demo_row(row: &RoundTrip) -> Vec<String> {
    let yes = |done: bool| if done { "yes" } else { "NO" }.to_owned();
    vec![
        escape(&row.event),
        row.status
            .map_or("-".to_owned(), |status| status.to_string()),
        escape(&row.verdict),
        yes(row.stored),
        yes(row.replayed),
        if row.ok { "ok" } else { "FAILED" }.to_owned(),
    ]
}
