//! Each control of the level, at its limit and beyond.

use serde_json::{Value, json};

use crate::check::rules::shared::deployments;
use crate::check::testing::template;
use crate::emit::{Object, Trace};
use crate::units::Version;

/// A pod as mlspec emits it, and the controls.
fn table() -> Value {
    serde_json::from_str(include_str!("controls.json")).unwrap()
}

/// What is refused by Kubernetes 1.`minor`, or the newest, of a template as mlspec emits it in
/// which fields are written; null takes one away.
fn refused(fields: &[(&str, Value)], minor: Option<u32>) -> Vec<String> {
    let mut content = table()["pod"].take();
    for (pointer, value) in fields {
        write(&mut content, pointer, value.clone());
    }
    let objects = [Object {
        folder: "prod/gpu/m".into(),
        wave: 0,
        body: template(&content.to_string()),
        patched: None,
        trace: Trace::default(),
    }];
    let deployment = deployments(&objects).next().unwrap();
    let version = minor.map(|minor| Version::new(1, minor));
    let found = super::refusals(deployment, version).into_iter();
    found.map(|r| format!("{} {}", r.who, r.must)).collect()
}

fn write(template: &mut Value, pointer: &str, value: Value) {
    let (above, name) = pointer.rsplit_once('/').unwrap();
    if template.pointer(above).is_none() {
        write(template, above, json!({}));
    }
    let above = template
        .pointer_mut(above)
        .unwrap()
        .as_object_mut()
        .unwrap();
    let name = name.replace("~1", "/");
    match value {
        Value::Null => above.remove(&name),
        value => above.insert(name, value),
    };
}

/// Each control of the level: the value at the limit beside the first beyond it. The control plane's
/// tests ask the real admission about the same table.
#[test]
fn controls() {
    let table = table();
    let controls = table["controls"].as_array().unwrap();
    assert!(controls.len() > 30);
    for control in controls {
        let field = control["field"].as_str().unwrap();
        let pointer = format!("/spec/{field}");
        let said = |side: &str| refused(&[(&pointer, control[side].clone())], None);
        assert_eq!(said("good"), [""; 0], "{field}");
        assert_eq!(said("bad"), [control["says"].as_str().unwrap()], "{field}");
    }
}

/// AppArmor's annotations say which container they are about in their names.
#[test]
fn annotations() {
    let key = "container.apparmor.security.beta.kubernetes.io";
    let pointer = format!("/metadata/annotations/{key}~1server");
    for good in ["", "runtime/default", "localhost/p"] {
        assert_eq!(refused(&[(&pointer, json!(good))], None), [""; 0]);
    }
    assert_eq!(
        refused(&[(&pointer, json!("unconfined"))], None),
        [format!(
            "the pod must not set the annotation `{key}/server` to `unconfined`"
        )]
    );
}

/// What the pod does not say, every container says, or the pod has to.
#[test]
fn inherited() {
    let root = "securityContext/runAsNonRoot";
    let seccomp = "securityContext/seccompProfile";
    let messages = [
        "the pod must set `securityContext.runAsNonRoot` to `true`",
        "the pod must set `securityContext.seccompProfile.type` to `RuntimeDefault` or `Localhost`",
    ];
    let profile = json!({"type": "RuntimeDefault"});
    for ((field, value), message) in [(root, json!(true)), (seccomp, profile)]
        .iter()
        .zip(messages)
    {
        let of = |place: &str| format!("/spec/{place}{field}");
        let (pod, server, fetch) = (of(""), of("containers/0/"), of("initContainers/0/"));
        let gone = (pod.as_str(), json!(null));
        let server = (server.as_str(), value.clone());
        let fetch = (fetch.as_str(), value.clone());
        let without = |said: &[&(&str, Value)]| {
            let fields = said.iter().copied().chain([&gone]).cloned();
            refused(&fields.collect::<Vec<_>>(), None)
        };
        assert_eq!(without(&[]), [message]);
        assert_eq!(without(&[&server]), [message]);
        assert_eq!(without(&[&fetch]), [message]);
        assert_eq!(without(&[&server, &fetch]), [""; 0]);
    }
}

/// The level is that of the server's version.
#[test]
fn versions() {
    let sysctl = |name: &str| json!([{"name": name, "value": "1"}]);
    let image = json!([{"name": "v", "image": {"reference": "r"}}]);
    let host = json!({"port": 80, "host": "h"});
    for (field, value, minor, before, after) in [
        ("volumes", image, 33, 1, 0),
        (
            "securityContext/sysctls",
            sysctl("net.ipv4.ip_local_reserved_ports"),
            27,
            1,
            0,
        ),
        (
            "securityContext/sysctls",
            sysctl("net.ipv4.tcp_fin_timeout"),
            29,
            1,
            0,
        ),
        (
            "securityContext/sysctls",
            sysctl("net.ipv4.tcp_rmem"),
            32,
            1,
            0,
        ),
        (
            "securityContext/sysctls",
            sysctl("net.ipv4.tcp_notsent_lowat"),
            37,
            1,
            0,
        ),
        (
            "securityContext/seLinuxOptions/type",
            json!("container_engine_t"),
            31,
            1,
            0,
        ),
        ("containers/0/livenessProbe/httpGet", host, 34, 0, 1),
    ] {
        let pointer = format!("/spec/{field}");
        let count = |minor| refused(&[(&pointer, value.clone())], minor).len();
        assert_eq!(
            [count(Some(minor - 1)), count(Some(minor)), count(None)],
            [before, after, after],
            "{field} {value}"
        );
    }
}

/// Root of a pod with users of its own is nobody on the node.
#[test]
fn users_of_its_own() {
    let root = [
        ("/spec/securityContext/runAsUser", json!(0)),
        ("/spec/securityContext/runAsNonRoot", json!(null)),
        (
            "/spec/containers/0/securityContext/runAsNonRoot",
            json!(false),
        ),
    ];
    let count = |apart: bool, minor| {
        let users = [("/spec/hostUsers", json!(!apart))];
        refused(&[&root[..], &users].concat(), minor).len()
    };
    assert_eq!([count(true, Some(34)), count(true, Some(35))], [3, 0]);
    assert_eq!([count(true, None), count(false, None)], [0, 3]);
}

/// Windows has a level of its own.
#[test]
fn windows() {
    let root = ("/spec/securityContext/runAsUser", json!(0));
    let of = |os: &str| refused(&[root.clone(), ("/spec/os/name", json!(os))], None).len();
    assert_eq!([of("linux"), of("windows")], [1, 0]);
}
