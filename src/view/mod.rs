//! What is shown of captures and deliveries, redacted: the one place where captures and deliveries become documents.

mod body;
mod capture;
mod delivery;
mod diff;
mod event;
mod figures;
mod provider;
mod received;
pub mod redact;
mod support_report;
mod verification;

pub use body::{BodyReport, SchemaReport, readable_body, schema_report};
pub use capture::{
    Answered, CaptureDetail, CaptureItem, CaptureResponse, FindingReport, NotReceivedReport,
    ReceivedReport, SignatureVerdict, capture_detail, capture_item, finding_reports,
};
pub use delivery::{
    AttemptReport, DeliveryExpectation, DeliveryItem, DeliveryReport, ErrorReport, RateLimitReport,
    RequestReport, delivery_detail, delivery_item, delivery_report, redacted_delivery,
};
pub use diff::{CaptureDiff, FactDiff, capture_diff};
pub use event::{EventDetail, EventItem, event_detail, event_item};
pub use figures::{
    DeliveryStats, HistogramBar, LoadFacts, LoadPoint, LoadReport, ResponseTimes, count_delivery,
};
pub use provider::{
    Fact, FactProvenance, ProviderDetail, ProviderItem, provider_detail, provider_item,
};
pub use received::{HandlingFacts, ReceivedDetail, ReceivedFilter, ReceivedView};
pub use support_report::{support_report, support_report_head};
pub use verification::{Explanation, VerificationReport};

use jiff::Timestamp;

/// A time as documents write it: RFC 3339 in UTC, with microseconds where there are any.
pub fn time_text(at: Timestamp) -> String {
    // The store keeps microseconds; what is said before it is kept must not be finer.
    Timestamp::from_microsecond(at.as_microsecond())
        .unwrap_or(at)
        .to_string()
}
