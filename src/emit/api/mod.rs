//! Small typed structs for the custom resources that are emitted: just the fields we set, in the
//! alphabetical order in which k8s-openapi writes core kinds.

pub mod argocd;
pub mod flux;
pub mod gateway;
pub mod istio;
pub mod keda;
pub mod monitoring;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Deserialize;
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// The `spec` of a custom resource, which names the resource.
pub trait Spec: Serialize {
    /// Its `apiVersion`.
    const API_VERSION: &'static str;
    /// Its kind.
    const KIND: &'static str;
}

/// A custom resource.
#[derive(Clone, Debug, Deserialize)]
pub struct Custom<S> {
    /// Its metadata.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: S,
}

impl<S> Custom<S> {
    /// An object of this name.
    pub fn new(name: impl Into<String>, spec: S) -> Self {
        let metadata = ObjectMeta {
            name: Some(name.into()),
            ..ObjectMeta::default()
        };
        Self { metadata, spec }
    }
}

impl<S: Spec> Serialize for Custom<S> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        let mut object = serializer.serialize_struct(S::KIND, 4)?;
        object.serialize_field("apiVersion", S::API_VERSION)?;
        object.serialize_field("kind", S::KIND)?;
        object.serialize_field("metadata", &self.metadata)?;
        object.serialize_field("spec", &self.spec)?;
        object.end()
    }
}
