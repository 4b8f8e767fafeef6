//! A certificate authority for this machine alone: what it signs is good for loopback and nothing else
//! (RFC 5280, sections 4.2.1.9 and 4.2.1.10). It is never installed anywhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, date_time_ymd,
};

use super::CertificateError;

/// How long the authority's own certificate holds; one made by it holds for [`DAYS`].
const YEARS: i16 = 10;
/// A certificate is made again each time a listener starts.
const DAYS: i64 = 30;
const NAME: &str = "hookcli local CA";

/// A certificate, or a chain of them, and its key, as PEM.
pub struct Pem {
    pub certificates: String,
    pub key: String,
}

/// A new authority.
///
/// # Errors
/// Those of the random source.
pub fn new_authority(now: Timestamp) -> Result<Pem, CertificateError> {
    let key = KeyPair::generate()?;
    let certificate = params(now).self_signed(&key)?;
    Ok(Pem {
        certificates: certificate.pem(),
        key: key.serialize_pem(),
    })
}

/// A certificate for this machine's loopback names and addresses, signed by an authority of
/// [`new_authority`].
///
/// # Errors
/// A key that cannot be read.
pub fn loopback_certificate(authority: &Pem, now: Timestamp) -> Result<Pem, CertificateError> {
    let signing = KeyPair::from_pem(&authority.key)?;
    let issuer = Issuer::new(params(now), signing);
    let key = KeyPair::generate()?;
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut own = CertificateParams::new(names.to_vec())?;
    own.distinguished_name = name("localhost");
    own.use_authority_key_identifier_extension = true;
    own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    own.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    own.not_before = day(now, -1);
    own.not_after = day(now, DAYS);
    let certificate = own.signed_by(&key, &issuer)?;
    Ok(Pem {
        certificates: certificate.pem() + &authority.certificates,
        key: key.serialize_pem(),
    })
}

fn params(now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".to_owned()),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(
                IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)),
                8,
            )),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(
                IpAddr::V6(Ipv6Addr::LOCALHOST),
                128,
            )),
        ],
        excluded_subtrees: Vec::new(),
    });
    let date = date_of(now);
    params.not_before = day(now, -1);
    params.not_after = date_time_ymd(i32::from(date.year() + YEARS), month(date), 1);
    params
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

fn date_of(time: Timestamp) -> jiff::civil::Date {
    time.to_zoned(TimeZone::UTC).date()
}

fn month(date: jiff::civil::Date) -> u8 {
    date.month().unsigned_abs()
}

/// The beginning of the day so many days from now.
fn day(now: Timestamp, days: i64) -> time::OffsetDateTime {
    let at = now
        .checked_add(jiff::SignedDuration::from_hours(24 * days))
        .unwrap_or(now);
    let date = date_of(at);
    date_time_ymd(
        i32::from(date.year()),
        month(date),
        date.day().unsigned_abs(),
    )
}
