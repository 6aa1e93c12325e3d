//! What expressions come to on a small object, and what the grammar refuses.

use serde_json::json;

use super::{Rule, parse};
use crate::validate::record::record;
use crate::validate::schema::{File, Node, Property, Type};

/// `self` is this object; its schema gives `kind` a default.
fn broken(rule: &str) -> Option<String> {
    let object = json!({
        "name": "bert", "count": 3, "wait": "90s", "open": true,
        "list": [{ "type": "A" }, { "type": "B", "port": 80 }],
        "map": { "one": "1", "two": "2" },
    });
    let default = Node {
        ty: Type::String,
        default: record("Service").ok(),
        ..Node::default()
    };
    let root = Node {
        properties: vec![Property("kind".into(), 1)],
        fills: true,
        ..Node::default()
    };
    let file = File {
        nodes: vec![root, default],
        ..File::default()
    };
    let tape = record(&object).expect("it is JSON");
    Rule::new(rule, "broken").broken_by(tape.root(), &file, 0)
}

#[test]
fn rules_that_hold() {
    for rule in [
        "self.count + 1 == 4 && self.count * 2 > 5 && -self.count < 0",
        "self.name.startsWith('be') && self.name.endsWith(\"rt\") && self.name.contains('er')",
        "self.name.matches(r\"\"\"^[a-z]+$\"\"\") && size(self.name) == 4",
        "self.list.all(x, x.type in ['A', 'B']) && self.list.exists(x, has(x.port))",
        "self.list.exists_one(x, x.type == 'A') && self.list.filter(x, x.type == 'C').size() == 0",
        "self.list.map(x, x.type) == ['A', 'B'] && self.list[1].port == 80",
        "self.map.all(key, size(key) == 3) && 'one' in self.map && self.map['two'] == '2'",
        "duration(self.wait) > duration('1m') && duration(self.wait) == duration('1m30s')",
        "self.kind == 'Service' && has(self.kind)",
        "has(self.missing) ? self.missing == 1 : true",
        "self.missing == 1 || true",
        "!(false && self.missing == 1)",
        "self.list.all(p, self.list.exists_one(q, p.type == q.type))",
        "self.count != '3'",
    ] {
        assert_eq!(broken(rule), None, "{rule}");
    }
}

#[test]
fn rules_that_are_broken_and_rules_that_cannot_be_evaluated() {
    for rule in [
        "self.count > 3",
        "!self.open",
        "self.list.all(x, has(x.port))",
        "'three' in self.map",
    ] {
        assert_eq!(broken(rule).as_deref(), Some("broken"), "{rule}");
    }
    for rule in [
        "self.missing == 1",
        "self.name > 1",
        "self.list[7].port == 1",
        "duration(self.name) > duration('1s')",
    ] {
        let said = broken(rule).unwrap_or_default();
        assert!(said.contains("cannot be evaluated"), "{rule}: {said}");
    }
}

#[test]
fn what_the_grammar_does_not_know_is_refused() {
    for text in [
        "self.a.unheard(1)",
        "self.",
        "(self",
        "self = 1",
        "'open",
        "other.a == 1",
        "{'a': 1}",
        "self a",
        "",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn reserved_words_and_odd_letters_in_names_are_unescaped() {
    assert_eq!(
        broken("!has(self.__namespace__) && !has(self.a__dot__b) && !has(self.a__dash__b)"),
        None
    );
}
