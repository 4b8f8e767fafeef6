//! Facts about providers: folders of data that are found, parsed and queried. A folder that is wrong gives an
//! error of its own and leaves the others alone.

mod build;
mod draft;
mod entries;
mod error;
mod facts;
mod folder;
mod guess;
mod lookup;
mod management;
mod provider;
mod recognise;
mod scenario;
mod schema;
mod schema_cost;

pub use build::{BuildError, Content, Prepared, fill, prepare, refresh, refresh_headers};
pub use draft::{Draft, DraftError, DraftEvent, DraftScheme, check_name};
pub use entries::{Catalog, GENERIC};
pub use error::{CatalogError, LookupError};
pub use facts::{Facts, Provenance};
pub use folder::{Folder, Origin};
pub use lookup::EventName;
pub use management::{
    Action, Answer, Authentication, Container, Credentials, DisableRules, ErrorKind, EventValue,
    FieldKind, FieldRule, Filter, IdFormats, MEANT, Management, NewEvent, PageStyle, Pages,
    RoutePattern, SecretRules, SecretShown, Segment, Template,
};
pub use provider::{
    BodyFacts, EventFacts, IdAt, IdempotencyKey, KeyPart, Platform, Platforms, Provider,
    RequestFacts, Source, TimestampAt,
};
pub use recognise::{Recogniser, Recognition};
pub use scenario::{Link, Scenario, ScenarioStep};
pub use schema::{Field, Violation};
