//! `patch`: raw fields of an emitted object, the way out of the vocabulary.

use crate::spec::table::{Key, NodeKind, Ty, arg, prop};

/// `patch "Deployment" name="bert" { spec { … } }`.
pub static PATCH: NodeKind = NodeKind {
    name: "patch",
    key: Key::ArgAnd("name"),
    args: &[arg(
        "kind",
        Ty::Text,
        "Kind of the objects that are changed: `Deployment`.",
    )],
    props: &[prop(
        "name",
        Ty::DnsSubdomain,
        "Only the object of this name; without it, every object of the kind that the model has.",
    )],
    raw: true,
    doc: "Raw fields, for what no other node can say: merged into the model's objects after they \
          are made, then judged like everything else, by the schema of the cluster's version and \
          by the rules. The fields are those of the object's YAML, written as nodes:\n\n\
          | YAML | here |\n|---|---|\n\
          | `minReadySeconds: 10` | `minReadySeconds 10` |\n\
          | `type: Recreate` | `type \"Recreate\"`: texts are quoted, always |\n\
          | `paused: true` | `paused #true` |\n\
          | `limits: {cpu: \"2\", memory: 4Gi}` | `limits cpu=\"2\" memory=\"4Gi\"` or `limits { cpu \"2\"; memory \"4Gi\" }` |\n\
          | `emptyDir: {}` | `emptyDir {}` |\n\
          | `args: [a, b]` | `args \"a\" \"b\"` |\n\
          | `args: [a]` | `args { - \"a\" }`: a single value would be no list |\n\
          | `containers: [{name: m, tty: true}]` | `containers { - name=\"m\" { tty #true } }` |\n\
          | the field goes | `minReadySeconds #null` |\n\
          | the item goes | `containers { (remove)- name=\"log\" }` |\n\n\
          **How it is merged.** Maps field by field. Lists that the kind's schema gives keys \
          (containers by `name`, Service ports by `port` and `protocol`) item by item: the item \
          with the same keys is merged, another one is put at the end. Lists that are sets get the \
          missing values. Every other list is replaced whole. Of two patches of one kind the one \
          with `name=` is laid over the one without; layers are laid in the order of all nodes.\n\n\
          **What is refused.** `apiVersion`, `kind`, `metadata.name`, `metadata.namespace`, \
          `status` and what else mlspec or the server must own; what changes nothing; what matches \
          no object in any environment of any model that has the patch.",
    example: r#"model "m" {
    patch "Deployment" {
        spec {
            minReadySeconds 10
            template {
                spec {
                    containers { - name="server" { securityContext { procMount "Default" } } }
                }
            }
        }
    }
}"#,
    ..NodeKind::EMPTY
};
