//! The verdict on a signature and its reason: the stable words for the store, documents and filters.

use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr, VariantNames};

/// What a request's signature is worth.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Display,
    EnumString,
    IntoStaticStr,
    VariantNames,
    Serialize,
)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Verdict {
    Valid,
    Invalid,
    /// The request has no signature.
    Missing,
    /// There was nothing to verify with: no scheme or no secret.
    Unchecked,
}

impl Verdict {
    /// The word for it.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether the request is taken for what it says: it was verified, or no one could.
    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Valid | Self::Unchecked)
    }
}

/// Why a request has its verdict.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, Serialize,
)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum VerdictReason {
    NoSignature,
    /// The value in its place is not a signature of the scheme.
    Malformed,
    /// It is a signature of something else, or by another key.
    Mismatch,
    TimestampTooOld,
    TimestampTooNew,
    /// It did not come over the network: it was read from a file.
    Imported,
    /// It is valid, by the public test secret, which anyone can sign with.
    TestSecret,
}

impl VerdictReason {
    /// What it means, for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::NoSignature => "the request has no signature",
            Self::Malformed => "the signature is not in the format of the scheme",
            Self::Mismatch => "the signature does not match",
            Self::TimestampTooOld => "the timestamp is older than the tolerance allows",
            Self::TimestampTooNew => "the timestamp is too far in the future",
            Self::Imported => "the request was imported",
            Self::TestSecret => "signed with the public test secret",
        }
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        self.into()
    }
}
