//! The page that `load --report` writes: one file, plots as SVG, nothing fetched from anywhere.

use std::fmt::Write as _;

use crate::model::escape_markup;
use crate::view::LoadReport;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;

pub fn load_page(report: &LoadReport) -> String {
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n<title>hookcli load</title>\n<style>\nbody{font:15px/1.5 system-ui,sans-serif;max-width:760px;margin:2rem auto;padding:0 1rem;color:#1c2530;background:#fff}\nh1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:2rem}\ntable{border-collapse:collapse}td,th{padding:.2rem .9rem .2rem 0;text-align:left}td+td{text-align:right;font-variant-numeric:tabular-nums}\nsvg{width:100%;height:auto;background:#f6f8fa;border-radius:6px}\n.a{stroke:#0969da;fill:none;stroke-width:2}.b{stroke:#bf3989;fill:none;stroke-width:2}.bar{fill:#0969da}text{font:11px system-ui,sans-serif;fill:#57606a}\n@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}svg{background:#161b22}text{fill:#8d96a0}}\n</style>\n",
    );
    let _ = writeln!(out, "<h1>{}</h1>", escape_markup(&report.events.join(", ")));
    let _ = writeln!(
        out,
        "<p>{} to {} over {} connections, {}; each event is built and signed again.</p>",
        report.responses,
        escape_markup(&report.url),
        report.connections,
        report
            .rate
            .map_or("as fast as responses arrived".to_owned(), |rate| format!(
                "{rate:.0} a second"
            ))
    );
    out.push_str("<table>\n");
    let mut row = |name: &str, value: String| {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td></tr>",
            escape_markup(name),
            escape_markup(&value)
        );
    };
    row("answers a second", format!("{:.0}", report.per_second));
    if report.rate_reached == Some(false) {
        row(
            "rate not reached: requests sent a second",
            format!("{:.1}", report.sent_per_second),
        );
    }
    if report.in_progress > 0 {
        row("in progress at the end", report.in_progress.to_string());
    }
    row(
        "delivered",
        format!("{} of {}", report.delivered, report.responses),
    );
    if let Some(times) = &report.response_ms {
        for (name, value) in [
            ("average", times.average),
            ("p50", times.p50),
            ("p95", times.p95),
            ("p99", times.p99),
            ("longest", times.max),
        ] {
            row(name, format!("{value:.2} ms"));
        }
    }
    for (status, count) in &report.statuses {
        row(&format!("status {status}"), count.to_string());
    }
    for (code, count) in &report.errors {
        row(code, count.to_string());
    }
    out.push_str("</table>\n");
    let answers: Vec<f64> = report
        .timeline
        .iter()
        .map(|point| point.responses as f64 * 1000.0 / report.timeline_step_ms)
        .collect();
    let p50: Vec<f64> = report.timeline.iter().map(|point| point.p50_ms).collect();
    let p99: Vec<f64> = report.timeline.iter().map(|point| point.p99_ms).collect();
    lines(&mut out, "Answers a second", &[("a", &answers)]);
    lines(
        &mut out,
        "Latency in ms: p50 (blue), p99 (red)",
        &[("a", &p50), ("b", &p99)],
    );
    bars(&mut out, report);
    out.push_str("</html>\n");
    out
}

fn lines(out: &mut String, title: &str, series: &[(&str, &[f64])]) {
    let most = series
        .iter()
        .flat_map(|(_, values)| values.iter())
        .copied()
        .fold(0.0, f64::max);
    let _ = writeln!(
        out,
        "<h2>{}</h2>\n<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">",
        escape_markup(title)
    );
    let _ = writeln!(out, "<text x=\"4\" y=\"14\">{most:.1}</text>");
    for (class, values) in series {
        let step = WIDTH / (values.len().max(2) - 1) as f64;
        let points: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let y = HEIGHT - 8.0 - (HEIGHT - 28.0) * value / most.max(f64::MIN_POSITIVE);
                format!("{:.1},{y:.1}", index as f64 * step)
            })
            .collect();
        let _ = writeln!(
            out,
            "<polyline class=\"{class}\" points=\"{}\"/>",
            points.join(" ")
        );
    }
    out.push_str("</svg>\n");
}

fn bars(out: &mut String, report: &LoadReport) {
    let most = report
        .histogram
        .iter()
        .map(|bar| bar.count)
        .max()
        .unwrap_or(0)
        .max(1);
    let width = WIDTH / report.histogram.len().max(1) as f64;
    let _ = writeln!(
        out,
        "<h2>Latencies</h2>\n<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">"
    );
    for (index, bar) in report.histogram.iter().enumerate() {
        let height = (HEIGHT - 40.0) * bar.count as f64 / most as f64;
        let x = index as f64 * width;
        let _ = writeln!(
            out,
            "<rect class=\"bar\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\">&lt;{}</text>",
            x + 1.0,
            HEIGHT - 20.0 - height,
            (width - 2.0).max(1.0),
            x + 2.0,
            HEIGHT - 6.0,
            bar.up_to_ms.map_or_else(
                || "…".to_owned(),
                |bound| if bound < 1.0 {
                    format!("{bound:.2}")
                } else {
                    format!("{bound:.0}")
                }
            )
        );
    }
    out.push_str("</svg>\n<p>Upper bounds in ms.</p>\n");
}
