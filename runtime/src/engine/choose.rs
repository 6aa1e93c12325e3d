//! Which engine runs a model, and why.

use std::path::{Path, PathBuf};

use mlspec_contract::config::{Device, Engine as Wanted, ModelConfig};

use super::{Chosen, Loaded, cpu_limit, ort, tract};
use crate::fetch::unfinished;

/// Chooses an engine for a valid configuration; `library` tells whether ONNX Runtime's can be had.
///
/// # Errors
/// The reason when what was asked for cannot be had.
pub fn choose(config: &ModelConfig, library: &Result<String, String>) -> Result<Chosen, String> {
    let gpu = matches!(config.device, Device::Cuda { .. });
    match (config.engine, library) {
        (Wanted::Tract, _) if gpu => Err("engine `tract` has no GPU support".to_owned()),
        (Wanted::Tract, _) => Ok(Chosen::Tract("the configuration asks for it".to_owned())),
        (Wanted::Ort, Ok(found)) => Ok(Chosen::Ort(format!(
            "the configuration asks for it; {found}"
        ))),
        (Wanted::Auto, Ok(found)) => Ok(Chosen::Ort(found.clone())),
        (Wanted::Ort, Err(reason)) => Err(format!("engine `ort` was asked for, but {reason}")),
        (Wanted::Auto, Err(reason)) if gpu => {
            Err(format!("device `cuda` needs ONNX Runtime, but {reason}"))
        }
        (Wanted::Auto, Err(reason)) => Ok(Chosen::Tract(match config.threads {
            Some(threads) if threads > 1 => {
                format!("{reason}; it runs on one thread: `threads`, {threads}, has no effect")
            }
            _ => reason.clone(),
        })),
    }
}

/// Loads a model as configured. Returns it with the choice that was made.
///
/// # Errors
/// The reason, in one line, when the engine, the device or the file cannot be had.
pub fn load(config: &ModelConfig) -> Result<(Loaded, Chosen), String> {
    let path = find_file(Path::new(&config.path))?;
    refuse_unfinished(&path)?;
    let library = match config.engine {
        Wanted::Tract => Err(String::new()),
        Wanted::Auto | Wanted::Ort => ort::library(),
    };
    load_file(&path, config, choose(config, &library)?)
}

fn load_file(
    path: &Path,
    config: &ModelConfig,
    chosen: Chosen,
) -> Result<(Loaded, Chosen), String> {
    let instances = config.instances as usize;
    let loaded = match &chosen {
        Chosen::Ort(_) => {
            let threads = threads(config, cpu_limit());
            ort::load(path, &config.device, instances, threads)
        }
        Chosen::Tract(_) => tract::load(path, instances),
    }
    .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok((loaded, chosen))
}

/// Threads of one instance: as configured, or its share of `cpus`.
fn threads(config: &ModelConfig, cpus: usize) -> usize {
    let share = || (cpus / config.instances as usize).max(1);
    config
        .threads
        .map_or_else(share, |threads| threads as usize)
}

/// A folder whose fetch did not end may hold a part of a model, or a part of an older one.
fn refuse_unfinished(file: &Path) -> Result<(), String> {
    for folder in file.ancestors().skip(1) {
        // What cannot be read holds nothing that could be loaded either.
        if let Ok(Some(download)) = unfinished(folder) {
            return Err(format!(
                "{}: the fetch into this folder did not end: {} is still there; run `mlserve fetch` again",
                folder.display(),
                download.display()
            ));
        }
    }
    Ok(())
}

/// The file itself, or the only `.onnx` file of a folder.
fn find_file(path: &Path) -> Result<PathBuf, String> {
    if !path.is_dir() {
        return match path.is_file() {
            true => Ok(path.to_owned()),
            false => Err(format!("{}: no such file", path.display())),
        };
    }
    let entries =
        std::fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "onnx")
        })
        .collect();
    found.sort();
    match (found.pop(), found.len()) {
        (Some(file), 0) => Ok(file),
        (None, _) => Err(format!(
            "{}: the folder holds no `.onnx` file",
            path.display()
        )),
        (Some(_), more) => Err(format!(
            "{}: the folder holds {} `.onnx` files",
            path.display(),
            more + 1
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_share_the_processors() {
        let mut config = ModelConfig::new("m", "m.onnx");
        assert_eq!(threads(&config, 8), 8);
        config.instances = 3;
        assert_eq!(threads(&config, 8), 2);
        config.instances = 16;
        assert_eq!(threads(&config, 8), 1);
        config.threads = Some(5);
        assert_eq!(threads(&config, 8), 5);
    }

    #[test]
    fn without_the_library_the_embedded_engine_serves_and_says_what_has_no_effect() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../examples/minimal/tabular_mlp.onnx"
        );
        let mut config = ModelConfig::new("m", path);
        let missing = Err("no library".to_owned());
        for threads in [None, Some(1)] {
            config.threads = threads;
            let chosen = choose(&config, &missing).unwrap();
            assert_eq!(chosen, Chosen::Tract("no library".to_owned()));
        }
        config.threads = Some(2);
        let chosen = choose(&config, &missing).unwrap();
        let expected = "no library; it runs on one thread: `threads`, 2, has no effect";
        assert_eq!(chosen, Chosen::Tract(expected.to_owned()));
        let (loaded, _) = load_file(Path::new(path), &config, chosen).unwrap();
        assert_eq!(loaded.engines.len(), 1);
        let found = choose(&config, &Ok("v".to_owned())).unwrap();
        assert_eq!(found, Chosen::Ort("v".to_owned()), "which uses them");
    }

    #[test]
    fn a_folder_whose_fetch_did_not_end_is_not_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("version/model.onnx");
        std::fs::create_dir(model.parent().unwrap()).unwrap();
        std::fs::write(&model, "").unwrap();
        assert_eq!(refuse_unfinished(&model), Ok(()));
        std::fs::create_dir(folder.path().join(".partial-0123")).unwrap();
        let refused = refuse_unfinished(&model).unwrap_err();
        assert!(refused.contains("did not end"), "{refused}");
    }

    #[test]
    fn a_gpu_that_was_asked_for_is_never_replaced_by_the_cpu() {
        let missing = Err("no library".to_owned());
        let with = |engine, device: &Device| ModelConfig {
            engine,
            device: device.clone(),
            ..ModelConfig::new("m", "m.onnx")
        };
        let cuda = Device::Cuda {
            index: 0,
            memory_limit: None,
            tensorrt: None,
        };
        assert!(choose(&with(Wanted::Auto, &cuda), &missing).is_err());
        assert!(choose(&with(Wanted::Tract, &cuda), &missing).is_err());
        let cpu = Device::Cpu {};
        assert_eq!(
            choose(&with(Wanted::Auto, &cpu), &missing),
            Ok(Chosen::Tract("no library".to_owned()))
        );
        assert!(choose(&with(Wanted::Ort, &cpu), &missing).is_err());
        assert_eq!(
            choose(&with(Wanted::Auto, &cuda), &Ok("v".to_owned())),
            Ok(Chosen::Ort("v".to_owned()))
        );
    }
}
