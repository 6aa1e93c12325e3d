//! What the offline verdict takes, in time; for a person to read, no test looks at it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use mlspec::validate::schema::Schemas;
use mlspec::validate::validate;

use crate::Result;
use crate::objects::load;

/// The best batch counts, so that other programs on the machine matter little.
const BATCHES: u32 = 20;
const ROUNDS: u32 = 100;

fn batch(object: &serde_json::Value, schemas: &Schemas) -> f64 {
    let start = Instant::now();
    for _ in 0..ROUNDS {
        std::hint::black_box(validate(object, schemas));
    }
    start.elapsed().as_secs_f64() / f64::from(ROUNDS)
}

/// Prints microseconds for each kind, and for the first object of each, which reads its schema.
pub(crate) fn run(folders: &[&str]) -> Result<()> {
    let schemas = Schemas::newest();
    let mut kinds: BTreeMap<String, (f64, u32)> = BTreeMap::new();
    let (mut first, mut objects) = (0.0, 0_u32);
    for folder in folders {
        for object in load(Path::new(folder))? {
            let start = Instant::now();
            let found = validate(&object.value, &schemas);
            first += start.elapsed().as_secs_f64();
            if let Some(violation) = found.first() {
                return Err(format!("{}: {}", object.file.display(), violation.message).into());
            }
            let each = (0..BATCHES)
                .map(|_| batch(&object.value, &schemas))
                .fold(f64::MAX, f64::min);
            let kind = kinds.entry(object.text("/kind").to_owned()).or_default();
            kind.0 += each;
            kind.1 += 1;
            objects += 1;
        }
    }
    let mut total = 0.0;
    for (kind, (seconds, count)) in &kinds {
        println!("{kind:28} {:6.2} us", seconds / f64::from(*count) * 1e6);
        total += seconds;
    }
    println!(
        "{:28} {:6.2} us",
        "average",
        total / f64::from(objects) * 1e6
    );
    println!("all once, schemas read: {:.2} ms", first * 1e3);
    Ok(())
}
