//! Small typed structs for the custom resources that are emitted: just the fields we set, in the
//! alphabetical order in which k8s-openapi writes core kinds.
