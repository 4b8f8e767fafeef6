//! A section of `provider.toml` and its source: every fact is documented or assumed.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use indexmap::IndexMap;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, IntoDeserializer as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Where a section is known from: the source's name, or the reason for assuming it. Single facts of a
/// documented section can be assumed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Provenance {
    pub documented: Option<String>,
    pub assumed: Option<String>,
    /// Fact of the section → the reason for assuming it.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub assumed_facts: IndexMap<String, String>,
}

/// A section and where it is known from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts<T> {
    pub facts: T,
    pub provenance: Provenance,
}

impl<T> Deref for Facts<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.facts
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Facts<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SectionVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for SectionVisitor<T> {
            type Value = Facts<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table with `documented` (its source) or `assumed` (the reason)")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Facts<T>, A::Error> {
                let mut provenance = Provenance::default();
                let without = WithoutProvenance {
                    map,
                    provenance: &mut provenance,
                };
                let facts = T::deserialize(MapAccessDeserializer::new(without))?;
                if provenance.documented.is_some() == provenance.assumed.is_some() {
                    return Err(serde::de::Error::custom(
                        "a section needs either `documented` (its source) or `assumed` (the reason)",
                    ));
                }
                Ok(Facts { facts, provenance })
            }
        }
        deserializer.deserialize_map(SectionVisitor(PhantomData))
    }
}

/// The entries of a section without its provenance keys, which are returned separately.
struct WithoutProvenance<'p, A> {
    map: A,
    provenance: &'p mut Provenance,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for WithoutProvenance<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Assumed {
            All(String),
            Some(IndexMap<String, String>),
        }
        while let Some(key) = self.map.next_key::<String>()? {
            match key.as_str() {
                "documented" => self.provenance.documented = Some(self.map.next_value()?),
                "assumed" => match self.map.next_value()? {
                    Assumed::All(reason) => self.provenance.assumed = Some(reason),
                    Assumed::Some(facts) => self.provenance.assumed_facts = facts,
                },
                _ => return seed.deserialize(key.into_deserializer()).map(Some),
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
