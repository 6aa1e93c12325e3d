//! Paths such as `models[0].batch.maxSize` -> lines of the YAML text.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser};

/// Where the parser is inside of one mapping or sequence.
enum Place {
    /// In a mapping; the key whose value comes next.
    Mapping(Option<String>),
    /// In a sequence; the index of what comes next.
    Sequence(usize),
}

/// The line of every key and element, by its path.
pub(super) fn lines(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut places: Vec<(String, Place)> = Vec::new();
    for event in Parser::new_from_str(text) {
        // The text has been read once already; what breaks here has no lines, which is no reason to fail.
        let Ok((event, span)) = event else { break };
        let line = span.start.line();
        match event {
            Event::Scalar(value, ..) => match places.last_mut() {
                Some((path, Place::Mapping(key @ None))) => {
                    found.insert(join(path, &value), line);
                    *key = Some(value.into_owned());
                }
                Some(_) => drop(enter(&mut places, &mut found, line)),
                None => {}
            },
            Event::MappingStart(..) => {
                let path = enter(&mut places, &mut found, line);
                places.push((path, Place::Mapping(None)));
            }
            Event::SequenceStart(..) => {
                let path = enter(&mut places, &mut found, line);
                places.push((path, Place::Sequence(0)));
            }
            Event::MappingEnd | Event::SequenceEnd => drop(places.pop()),
            _ => {}
        }
    }
    found
}

/// The path of the value that starts here; moves the surrounding place on.
fn enter(
    places: &mut [(String, Place)],
    found: &mut BTreeMap<String, usize>,
    line: usize,
) -> String {
    match places.last_mut() {
        None => String::new(),
        Some((path, Place::Mapping(key))) => join(path, &key.take().unwrap_or_default()),
        Some((path, Place::Sequence(next))) => {
            let own = format!("{path}[{next}]");
            *next += 1;
            found.insert(own.clone(), line);
            own
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// The line of `path`, or of the nearest thing around it; 0 for none.
pub(super) fn find(lines: &BTreeMap<String, usize>, path: &str) -> usize {
    let mut path = path;
    loop {
        if let Some(line) = lines.get(path) {
            return *line;
        }
        match path.rfind(['.', '[']) {
            Some(at) => path = &path[..at],
            None => return 0,
        }
    }
}
