use super::*;
use crate::source::FileId;
use crate::syntax;

fn codes(text: &str) -> Vec<(&'static str, String)> {
    let parsed = syntax::parse(FileId(0), text);
    assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    let (_, found) = read(&parsed.document, &Source::new("a.kdl", text));
    found
        .into_iter()
        .map(|d| (d.code, format!("{}|{}", d.message, d.helps.join("|"))))
        .collect()
}

/// Each mistake gives the one finding of the row, whose words hold the text.
#[test]
fn one_mistake_one_finding() {
    let rows = [
        // What no layer can hold is not removed.
        (
            "(remove)model \"m\"",
            "LNG-11",
            "`model \"m\"` cannot be removed",
        ),
        (
            "(remove)preset \"p\" { timeout \"2s\" }",
            "LNG-11",
            "cannot be removed",
        ),
        ("(remove)cluster \"c\"", "LNG-11", "cannot be removed"),
        (
            "model \"m\" { (remove)in \"prod\" { scale 7 } }",
            "LNG-11",
            "`in \"prod\"` cannot",
        ),
        (
            "model \"m\" { (remove)like \"p\" }",
            "LNG-11",
            "`like` cannot",
        ),
        (
            "model \"m\" { (remove)only \"p\" }",
            "LNG-11",
            "`only` cannot",
        ),
        (
            "workspace \"w\" edition=1 { (remove)defaults }",
            "LNG-11",
            "`defaults` cannot",
        ),
        // A removal says the key and no more.
        (
            "model \"m\" { (remove)timeout \"2s\" }",
            "LNG-16",
            "`timeout` is removed",
        ),
        (
            "model \"m\" { (remove)resources cpu=\"2\" }",
            "LNG-16",
            "`resources` is removed",
        ),
        (
            "model \"m\" { (remove)env-var \"A\" \"b\" }",
            "LNG-16",
            "`env-var \"A\"` is removed",
        ),
        (
            "model \"m\" { (remove)scale { on \"cpu\" utilization=\"70%\" } }",
            "LNG-16",
            "`scale` is",
        ),
        // What is given but wrong is not missing too.
        ("model \"a.b\"", "LNG-07", "the name of `model`"),
        (
            "model \"m\" { env-var \"-x\" \"1\" }",
            "LNG-07",
            "the name of `env-var`",
        ),
        (
            "model \"m\" { egress \"redis\" }",
            "LNG-07",
            "the address of `egress`",
        ),
        (
            "model \"m\" { scale min=1 max=2 { on \"cp\" utilization=\"70%\" } }",
            "LNG-07",
            "cpu",
        ),
        (
            "model \"m\" { scale min=1 max=2 { on \"zzz\" lag=3 { a } } }",
            "LNG-07",
            "zzz",
        ),
        (
            "model \"m\" { scale min=1 max=2 { on \"cpu\" utilisation=\"70%\" } }",
            "LNG-02",
            "utilization",
        ),
        // The exact name of something near wins over a name that looks alike.
        ("model \"m\" { on \"cpu\" }", "LNG-01", "belongs in `scale`"),
        ("model \"m\" { min 2 }", "LNG-01", "write `scale min=…`"),
        (
            "model \"m\" { cpu \"2\" }",
            "LNG-01",
            "write `resources cpu=…`",
        ),
        (
            "model \"m\" { memory \"4Gi\" }",
            "LNG-01",
            "`gpu memory=…` or `resources memory=…`",
        ),
        (
            "model \"m\" { host \"a.acme.io\" }",
            "LNG-01",
            "write `expose host=…`",
        ),
        (
            "model \"m\" { sca\u{200b}le 2 }",
            "LNG-01",
            "did you mean `scale`?",
        ),
        (
            "model \"m\" { scal min=2 }",
            "LNG-01",
            "did you mean `scale`?",
        ),
    ];
    for (text, code, words) in rows {
        let found = codes(text);
        assert!(
            found.len() == 1 && found[0].0 == code && found[0].1.contains(words),
            "{text}: {found:#?}"
        );
    }
}

/// A name that looks right tells what in it is not seen.
#[test]
fn invisible() {
    let text = "model \"m\" { sca\u{200b}le 2 }";
    let parsed = syntax::parse(FileId(0), text);
    let (_, found) = read(&parsed.document, &Source::new("a.kdl", text));
    assert!(found[0].notes[0].contains("U+200B"), "{found:#?}");
}

/// Two nodes whose keys are wrong are not one node twice.
#[test]
fn wrong_keys_are_not_alike() {
    let found = codes("model \"m\" { allow cidr=\"a\"; allow cidr=\"b\" }");
    assert_eq!(
        found.iter().map(|(c, _)| *c).collect::<Vec<_>>(),
        ["LNG-07", "LNG-07"]
    );
}

/// What may be removed, by its key alone.
#[test]
fn removals() {
    for node in [
        "timeout",
        "runtime",
        "rollout",
        "env-var \"A\"",
        "allow from=\"a\"",
        "scale",
    ] {
        assert_eq!(
            codes(&format!(
                "model \"m\" {{ in \"prod\" {{ (remove){node} }} }}"
            )),
            [],
            "{node}"
        );
    }
    let text = "model \"m\" { in \"prod\" { scale { (remove)on \"cron\" name=\"day\" } } }";
    assert_eq!(codes(text), []);
}
